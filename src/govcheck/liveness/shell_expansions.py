"""Expansions that end a script: `${NAME:?message}`, a variable without a value under `set -u`, a division by zero.

Source: https://www.gnu.org/software/bash/manual/html_node/Shell-Parameter-Expansion.html
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from govcheck.actions.shell_words import Words
from govcheck.liveness.effects import Effect
from govcheck.liveness.runner_variables import is_filled_by_runner
from govcheck.liveness.shell_assignments import in_function
from govcheck.liveness.shell_state import Red
from govcheck.liveness.shell_values import Variables

_REQUIRED = re.compile(r"\$\{[^}]*\?")
_CALCULATES = re.compile(r"\(\(|\$\[")
_DIVIDES = re.compile(r"[/%](?!=?\s*0*[1-9])")
_SAFE = frozenset({":-", "-", ":+", "+", ":=", "=", ":?", "?"})
_EXPANDED = frozenset({"simple_expansion", "expansion", "arithmetic_expansion"})
_NAME = re.compile(r"(?<![\w$])[A-Za-z_]\w*")
_ALWAYS = frozenset({"HOME", "PATH", "CI"})


class Expansions:
    """The expansions of one script."""

    def __init__(self, script: str, words: Words, variables: Variables) -> None:
        self._words = words
        self._variables = variables
        divides = _CALCULATES.search(script) is not None and _DIVIDES.search(script) is not None
        self._anything = divides or _REQUIRED.search(script) is not None

    def red(self, node: Node, *, nounset: bool | None) -> list[Red]:
        """How the expansions of a statement may end the shell; without those of commands within it."""
        if not self._anything and nounset is False:
            return []
        shown = self._words.text(node.start_byte, node.end_byte)
        if "$" not in shown and "((" not in shown:
            return []
        return [red for one in _expansions(node) for red in self._of(one, nounset=nounset is not False)]

    def _of(self, node: Node, *, nounset: bool) -> Iterator[Red]:
        shown = self._words.text(node.start_byte, node.end_byte)
        if node.type in {"arithmetic_expansion", "compound_statement"}:
            yield from self._of_arithmetic(node, shown, nounset=nounset)
            return
        signs = {child.type for child in node.children if not child.is_named}
        name = next((child for child in node.named_children if child.type == "variable_name"), None)
        text = self._words.text(name.start_byte, name.end_byte) if name is not None else ""
        if not signs.isdisjoint({":?", "?"}):
            values = self._variables.of(text, node.start_byte) if text else None
            if "" in values if values is not None else not self._is_filled(text):
                yield Red(node.start_byte, f"`{shown.strip()}` fails", Effect.JUDGEMENT)
        elif nounset and text not in _ALWAYS and signs.isdisjoint(_SAFE):
            yield from self._unset(text, node)

    def _is_filled(self, name: str) -> bool:
        return is_filled_by_runner(name) and not self._variables.assignments.touches(name)

    def _unset(self, name: str, node: Node) -> Iterator[Red]:
        if name and not self._variables.is_set(name, node.start_byte):
            assigned = self._variables.assignments.touches(name) or (name.isdigit() and in_function(node))
            yield Red(node.start_byte, f"`${name}` is not set", Effect.ACCIDENT if assigned else Effect.JUDGEMENT)

    def _of_arithmetic(self, node: Node, shown: str, *, nounset: bool) -> Iterator[Red]:
        if _DIVIDES.search(shown):
            yield Red(node.start_byte, f"`{shown}` divides by zero", Effect.ACCIDENT)
        for name in _NAME.findall(shown) if nounset else ():
            yield from self._unset(name, node)


def _expansions(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type in _EXPANDED or (
            one.type == "compound_statement" and one.children[:1] and one.children[0].type == "(("
        ):
            yield one
        if one.type not in {"command_substitution", "process_substitution"}:
            waiting.extend(one.named_children)
