"""What a branch of a script says, and whether it keeps that for later."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tree_sitter import Node

from govcheck.actions.shell import Command
from govcheck.liveness.shell_state import Spoken

_FAILURE = re.compile(
    "::error|::warning|[\u274c\u2716\u2717\u2718\u26a0\u26d4\U0001f6a8]|"
    r"\b(?:fail(?:ed|ure)?|error|mismatch|unhealthy|violation|invalid)\b",
    re.IGNORECASE,
)
"""What a branch says where something is wrong."""

_SUCCESS = re.compile("\\b(?:success(?:ful|fully)?|as expected|no (?:error|failure)s?)\\b|\u2705", re.IGNORECASE)
_FORGETS = re.compile(rb"/dev/(?:null|stdout|stderr)|GITHUB_STEP_SUMMARY|[<>]&")
_KEEPS = re.compile(rb"(?:touch|tee|cp|mv|export)\b")
_ERROR = re.compile("::error|[\u274c\u2716\u2717\u2718\u26d4]")
"""What a branch says that ends the script as a success: to say that something is left out may be meant so."""


def says(nodes: Sequence[Node], commands: Mapping[int, Command], *, ended: bool) -> Spoken | None:
    """The first thing that statements say where something is wrong.

    Args:
        nodes: The statements of a branch.
        commands: By offset.
        ended: Whether the branch ends the script as a success.
    """
    failure = _ERROR if ended else _FAILURE
    for spoken in (one for node in nodes for one in _said(node, commands)):
        if failure.search(spoken.text) and not _SUCCESS.search(spoken.text):
            return spoken
    return None


def notes(node: Node) -> bool:
    """Whether something is kept for later: an assignment, or a line for another step."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        assigned = one.type == "variable_assignment" and one.parent is not None and one.parent.type != "command"
        if assigned or one.type == "postfix_expression":
            return True
        if one.type == "file_redirect" and not _FORGETS.search(one.text or b""):
            return True
        if one.type == "command" and _KEEPS.match(one.text or b""):
            return True
        waiting.extend(one.named_children)
    return False


def _said(node: Node, commands: Mapping[int, Command]) -> Iterator[Spoken]:
    command = commands.get(node.start_byte) if node.type == "command" else None
    if command is not None and command.name in {"echo", "printf"}:
        text = " ".join(word.shown for word in command.arguments)
        yield Spoken(command.offset, " ".join(text.split()))
    elif node.type == "redirected_statement":
        for child in node.named_children:
            yield from _said(child, commands)
