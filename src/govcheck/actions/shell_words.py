"""Words of a shell script, from the parser's tree: literal text, variables, expressions, and what is computed."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from tree_sitter import Node

from govcheck.actions.embedded import Embedded
from govcheck.actions.shell import Part, Word

_ESCAPE = re.compile(r"\\(\n|.)", re.DOTALL)
_ESCAPE_IN_QUOTES = re.compile(r"\\([$`\"\\\n])")
_QUOTED = {"string", "translated_string", "heredoc_body"}
_MOSTLY_PLAIN = {"word", "command_name"}
_PLAIN = re.compile(r"[\w./:@=,+%^-]+")
_PLAIN_STRING = re.compile(r'"[^"$`\\]+"')
_RAW = {"raw_string": 1, "ansi_c_string": 2}
_TEXT = {
    "word",
    "number",
    "variable_name",
    "regex",
    "extglob_pattern",
    "test_operator",
    "string_content",
    "heredoc_content",
}


class Words:
    """Makes words. Knows the script as it was written, and where its expressions stand."""

    def __init__(self, script: str, expressions: tuple[Embedded, ...]) -> None:
        self._script = script
        self._expressions = expressions
        self._starts = [expression.start for expression in expressions]

    def word(self, node: Node) -> Word:
        """The word that a node of the tree stands for."""
        start, kind = node.start_byte, node.type
        source = self._script[start : node.end_byte]
        if kind in _MOSTLY_PLAIN and _PLAIN.fullmatch(source):  # nine in ten of them: the rest takes ten times as long
            return Word((Part("text", source, start),), start)
        if kind == "string" and _PLAIN_STRING.fullmatch(source):
            return Word((Part("text", source[1:-1], start + 1),), start)
        return Word(tuple(self._parts(node)), start)

    def text(self, start: int, end: int) -> str:
        """The script's own characters."""
        return self._script[start:end]

    def _parts(self, node: Node) -> Iterator[Part]:
        kind = node.type
        if kind in {"command_name", "concatenation"}:
            for child in node.children:
                yield from self._parts(child)
        elif kind in _QUOTED:
            yield from self._quoted(node)
        elif kind in _RAW:
            yield from self._cut(node.start_byte + _RAW[kind], node.end_byte - 1, None)
        elif kind in _TEXT:
            yield from self._cut(node.start_byte, node.end_byte, _ESCAPE)
        elif kind in {"simple_expansion", "expansion"}:
            yield self._expansion(node)
        else:
            start = self._start(node)
            yield Part("dynamic", self.text(start, node.end_byte), start)

    def _quoted(self, node: Node) -> Iterator[Part]:
        """Between the quotes; the tree leaves blanks out, so that text is what lies between its expansions."""
        quotes = 0 if node.type == "heredoc_body" else self.text(node.start_byte, node.start_byte + 2).find('"') + 1
        position = node.start_byte + quotes
        for child in node.named_children:
            if child.type in {"string_content", "heredoc_content", "heredoc_end"}:
                continue
            yield from self._cut(position, self._start(child), _ESCAPE_IN_QUOTES)
            yield from self._parts(child)
            position = child.end_byte
        yield from self._cut(position, node.end_byte - bool(quotes), _ESCAPE_IN_QUOTES)

    def _expansion(self, node: Node) -> Part:
        """`$NAME` and `${NAME}` are variables; whatever does more is computed."""
        names = node.named_children
        start = self._start(node)
        source = self.text(start, node.end_byte)
        if len(names) == 1 and names[0].type in {"variable_name", "special_variable_name"}:
            name = self.text(names[0].start_byte, names[0].end_byte)
            if source in {f"${name}", f"${{{name}}}"}:
                return Part("variable", name, start)
        return Part("dynamic", source, start)

    def _cut(self, start: int, end: int, escape: re.Pattern[str] | None) -> Iterator[Part]:
        """Text from one offset to another, cut at the expressions in it."""
        position = start
        index = bisect_left(self._starts, start)
        while index < len(self._expressions) and self._expressions[index].end <= end:
            expression = self._expressions[index]
            yield from self._plain(position, expression.start, escape)
            yield Part("expression", expression.source, expression.start)
            position = expression.end
            index += 1
        yield from self._plain(position, end, escape)

    def _plain(self, start: int, end: int, escape: re.Pattern[str] | None) -> Iterator[Part]:
        if start >= end:
            return
        source = self.text(start, end)
        if escape is None or "\\" not in source:
            yield Part("text", source, start)
        else:
            resolved = escape.sub(lambda match: "" if match[1] == "\n" else match[1], source)
            yield Part("text", resolved, start, literal=False)

    def _start(self, node: Node) -> int:
        """Where an expansion begins: amid quotes the tree counts the blanks before it as its own."""
        source = self.text(node.start_byte, node.end_byte)
        return node.start_byte + len(source) - len(source.lstrip())
