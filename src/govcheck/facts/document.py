"""A YAML document whose every node knows its place: what the one loader gives.

Nodes are never written to. They are not frozen at run time because making them is most of what reading costs: a
frozen record takes twice as long.
"""

from collections.abc import Iterator
from typing import Literal

from govcheck.records import mutable

ScalarValue = str | int | float | bool | None
Style = Literal["plain", "single", "double", "literal", "folded"]


@mutable(eq=False)
class Scalar:
    """One value. Resolved by YAML 1.2's core schema: only `true` and `false` are booleans, dates are text."""

    value: ScalarValue
    text: str
    """The characters before resolution: `1.10` stays `1.10`. Block scalars: the content."""

    style: Style
    line: int
    """The first line is 1. For a block scalar the line of its `|` or `>`."""

    column: int
    """In characters, the first is 1."""

    indent: int = 0
    """For a literal block: how many columns its content is indented by.

    For another style: -1 where the text is not the source's own characters, because of escapes or folded lines.
    """

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character of `text`; where the scalar begins, if the style tells no better."""
        if self.style == "literal":
            before = self.text[:offset]
            return self.line + 1 + before.count("\n"), self.indent + offset - (before.rfind("\n") + 1) + 1
        if self.indent < 0 or "\n" in self.text or self.style == "folded":
            return self.line, self.column
        quote = 0 if self.style == "plain" else 1
        return self.line, self.column + quote + offset


@mutable(eq=False)
class Sequence:
    """A list of nodes."""

    items: tuple["Node", ...]
    line: int
    column: int

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.items)


@mutable(eq=False)
class Mapping:
    """A mapping with text keys, in the order of the file; duplicate keys were refused when it was read."""

    entries: dict[str, tuple[Scalar, "Node"]]
    """Key to the key's own node (its place) and the value's node. Not to be written to."""

    line: int
    column: int

    def get(self, key: str) -> "Node | None":
        """The value of a key, or None where there is no such key."""
        entry = self.entries.get(key)
        return entry[1] if entry else None

    def key(self, key: str) -> Scalar:
        """The key's own node, which knows the key's place. Raises KeyError where there is none."""
        return self.entries[key][0]

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Keys and values, in the order of the file."""
        return ((key, value) for key, (_, value) in self.entries.items())


Node = Scalar | Sequence | Mapping


def plain(node: Node) -> object:
    """The document without its places: dictionaries, lists and scalars."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.items()}
