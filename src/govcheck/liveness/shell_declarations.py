"""How `export`, `local`, `declare`, `unset` and assignments to what is read-only can end."""

import re

from tree_sitter import Node

from govcheck.liveness.effects import Effect
from govcheck.liveness.shell_commands import Commands
from govcheck.liveness.shell_state import FINE, Status, once
from govcheck.records import replace

_ASKS = re.compile(r"-[a-zA-Z]*[pfF][a-zA-Z]*")
"""Options of `declare` that ask whether something is there."""

_OPTION = re.compile(r"[-+][a-zA-Z]+")


def unset(node: Node, commands: Commands) -> Status:
    """`unset`: a function of that name may be gone."""
    names = {_text(child) for child in node.named_children}
    state = commands.progress.state
    if not names.isdisjoint(state.functions):
        changed = {name: (*bodies, None) if name in names else bodies for name, bodies in state.functions.items()}
        commands.progress.state = replace(state, functions=changed)
    if names.isdisjoint(commands.fixed):
        return FINE
    return Status(zero=True, red=(commands.red(node, Effect.ACCIDENT),))


def declared(node: Node, commands: Commands) -> Status:
    """`export X=$(...)` is a success whatever happens in there."""
    kind = node.children[0].type
    words = [child for child in node.named_children if child.type not in {"variable_assignment", "variable_name"}]
    options = [_text(word) for word in words]
    if kind == "local" and not commands.progress.in_function:
        return Status(zero=True, red=(commands.red(node, Effect.JUDGEMENT),))
    if kind != "export" and any(map(_ASKS.fullmatch, options)):
        return Status(zero=True, red=(commands.red(node, Effect.JUDGEMENT),))
    odd = any(not _OPTION.fullmatch(option) or "f" in option for option in options)
    if odd or not commands.fixed.isdisjoint(_names(node)):
        return Status(zero=True, red=(commands.red(node, Effect.ACCIDENT),))
    return FINE


def fixed(node: Node, status: Status, commands: Commands) -> Status:
    """An assignment, which ends the shell where the variable is read-only."""
    if commands.fixed.isdisjoint(_names(node)):
        return status
    red = commands.red(node, Effect.JUDGEMENT)
    commands.progress.fail((red,))
    return Status(zero=status.zero, red=once((*status.red, red)))


def _names(node: Node) -> set[str]:
    named = node.named_children if node.type in {"variable_assignments", "declaration_command"} else [node]
    return {_text(child).partition("=")[0].rstrip("+") for child in named}


def _text(node: Node) -> str:
    return (node.text or b"").decode("ascii", "replace")
