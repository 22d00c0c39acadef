"""What a script's variables may hold, as far as reading tells.

The order in which a script assigns is not followed: a variable may hold every value that the script ever gives it. So
a test that comes out one way only for all of them comes out that way in every run.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from tree_sitter import Node

from govcheck.actions.shell import Part, Script, Word, read
from govcheck.actions.shell_words import Words
from govcheck.records import field, frozen, mutable

Values = frozenset[str] | None
"""Everything that a word may come to; None is anything."""

MOST_VALUES = 16
_DEEPEST = 20
_MOST_ASKED = 5000

_DEFAULTED = re.compile(r"\$\{(\w+)(:?[-+])([^${}`]*)\}")
_EMPTY_THROUGH = frozenset({"head", "tail", "sort", "uniq", "cat", "tr", "sed", "cut", "grep", "egrep", "jq", "true"})
"""What prints nothing where it is given nothing."""

_ASSIGNING = frozenset({"read", "mapfile", "readarray", "getopts", "let", "unset"})
_EVERYTHING = frozenset({"eval", "source", "."})


@frozen(kw_only=True)
class Surroundings:
    """What is known of the place where a script runs."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables with a value that every run has: `CI` is `true`. Others may be set as well."""

    output: Callable[[list[str]], str | None] = lambda _: None
    """What a command prints, by its words; None where that is not known."""


@mutable
class _Assignment:
    offset: int
    word: Word | None
    """None: a value that cannot be told."""

    sure: bool
    """Whether the script comes by it whatever happens."""


class Variables:
    """The variables of one script."""

    def __init__(self, root: Node, words: Words, surroundings: Surroundings) -> None:
        self._words = words
        self._surroundings = surroundings
        self._assigned: dict[str, list[_Assignment]] = {}
        self._all_changed = False
        self._open: set[str] = set()
        self._asked = 0
        for node in _walk(root):
            self._note(node)

    def of(self, name: str, offset: int) -> Values:
        """What a variable may hold at a place in the script."""
        self._asked += 1
        if self._all_changed or name in self._open or len(self._open) > _DEEPEST or self._asked > _MOST_ASKED:
            return None
        assigned = self._assigned.get(name, [])
        outside = self._surroundings.environment.get(name)
        values: set[str] = set()
        if not any(one.sure and one.offset < offset for one in assigned):
            if outside is None:
                return None
            values.add(outside)
        self._open.add(name)
        try:
            return self._joined(values, assigned)
        finally:
            self._open.discard(name)

    def word(self, word: Word) -> Values:
        """What a word may come to."""
        pieces = [self._part(part) for part in word.parts]
        known = [sorted(piece) for piece in pieces if piece is not None]
        if len(known) < len(pieces):
            return None
        values = frozenset("".join(parts) for parts in itertools.islice(itertools.product(*known), MOST_VALUES + 1))
        return values if len(values) <= MOST_VALUES else None

    def _joined(self, values: set[str], assigned: Iterable[_Assignment]) -> Values:
        for one in assigned:
            found = self.word(one.word) if one.word is not None else None
            if found is None:
                return None
            values |= found
        return frozenset(values) if len(values) <= MOST_VALUES else None

    def _part(self, part: Part) -> Values:
        if part.kind == "text":
            return frozenset({part.text})
        if part.kind == "variable":
            return self.of(part.text, part.offset)
        if part.kind == "expression":
            return None
        return self._computed(part)

    def _computed(self, part: Part) -> Values:
        match = _DEFAULTED.fullmatch(part.text)
        if match:
            values = self.of(match[1], part.offset)
            if values is None:
                return None
            keeps = match[2].endswith("-")
            return frozenset((value or match[3]) if keeps else (match[3] if value else "") for value in values)
        if part.text.startswith("$(") and not part.text.startswith("$(("):
            return self._printed(part.text[2:-1], part.offset)
        return None

    def _printed(self, source: str, offset: int) -> Values:
        """What `$(...)` comes to: known where its first command's output is, and everything after passes that on."""
        script = read(source)
        if not isinstance(script, Script) or script.damaged or not script.commands:
            return None
        first, *rest = script.commands
        words = [self._single(word, offset) for word in first.words]
        known = [word for word in words if word is not None]
        output = self._surroundings.output(known) if len(known) == len(words) else None
        if output is None or (output and rest):
            return None
        values = {output}
        for command in rest:
            if command.name == "wc":
                values = {"0"}
            elif command.name == "echo":
                values.add(" ".join(word.literal or "" for word in command.arguments))
            elif command.name not in _EMPTY_THROUGH:
                return None
        return frozenset(values)

    def _single(self, word: Word, offset: int) -> str | None:
        parts = tuple(Part(part.kind, part.text, offset, part.literal) for part in word.parts)
        values = self.word(Word(parts, offset))
        return next(iter(values)) if values is not None and len(values) == 1 else None

    def _note(self, node: Node) -> None:
        if node.type == "variable_assignment":
            self._note_assignment(node)
        elif node.type == "for_statement":
            self._note_loop(node)
        elif node.type == "command":
            self._note_command(node)
        elif node.type in {"postfix_expression", "unary_expression", "unset_command"} or _assigns(node):
            for child in node.named_children:
                if child.type == "variable_name":
                    self._add(self._name(child), _Assignment(node.start_byte, None, sure=False))

    def _note_assignment(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        parent = node.parent
        if name is None or (parent is not None and parent.type == "command"):
            return
        if name.type != "variable_name":  # an element of an array
            self._add(self._name(name).partition("[")[0], _Assignment(node.start_byte, None, sure=False))
            return
        word = Word((), node.end_byte) if value is None else self._words.word(value)
        adds = any(child.type == "+=" for child in node.children)
        sure = parent is not None and parent.type in {"program", "variable_assignments", "declaration_command"}
        if sure and parent is not None and parent.type != "program":
            sure = parent.parent is not None and parent.parent.type == "program"
        self._add(self._name(name), _Assignment(node.start_byte, None if adds else word, sure))

    def _note_loop(self, node: Node) -> None:
        variable = node.child_by_field_name("variable")
        if variable is None:
            return
        values = [child for child in node.children_by_field_name("value") if child.is_named]
        for value in values:
            self._add(self._name(variable), _Assignment(node.start_byte, self._words.word(value), sure=False))
        if not values:
            self._add(self._name(variable), _Assignment(node.start_byte, None, sure=False))

    def _note_command(self, node: Node) -> None:
        named = node.child_by_field_name("name")
        name = self._words.text(named.start_byte, named.end_byte) if named is not None else ""
        if name in _EVERYTHING:
            self._all_changed = True
        elif name in _ASSIGNING or name == "printf":
            for child in node.named_children:
                self._add(self._words.text(child.start_byte, child.end_byte), _Assignment(0, None, sure=False))

    def _add(self, name: str, assignment: _Assignment) -> None:
        self._assigned.setdefault(name, []).append(assignment)

    def _name(self, node: Node) -> str:
        return self._words.text(node.start_byte, node.end_byte)


def _assigns(node: Node) -> bool:
    """Whether this is `x = 1` or `x += 1` in arithmetic."""
    return node.type == "binary_expression" and any(
        child.type.endswith("=") and child.type not in {"==", "!=", "<=", ">=", "="} for child in node.children
    )


def _walk(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.named_children)
