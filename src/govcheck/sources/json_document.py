"""JSON with the place of every node, https://www.rfc-editor.org/rfc/rfc8259; comments where the file may have them.

A key that stands twice is an error: readers differ in which one they take. Numbers that JSON does not have (`NaN`) are.
"""

import json
import re
from collections.abc import Callable, Iterator

from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.findings import Reason
from govcheck.sources.document_errors import DEEPEST, DocumentError, Places, decoded

_BLANK = re.compile(r"[ \t\r\n]*")
_BLANK_OR_COMMENT = re.compile(r"(?:[ \t\r\n]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_WORD = re.compile(r"true|false|null")
_LONGEST_NUMBER = 4000
_SCAN: Callable[[str, int], tuple[str, int]] = json.JSONDecoder().raw_decode
"""Reads the string that begins at an offset, and tells where it ends."""


def load(content: bytes, *, comments: bool = False) -> Node:
    """The document.

    Args:
        content: The bytes of the file.
        comments: Whether `//`, `/* */` and a comma behind the last item are read, as `.jsonc` has them.

    Raises:
        DocumentError: where it is no JSON.
    """
    reader = _Reader(decoded(content), comments=comments)
    node = reader.value(0)
    reader.skip()
    if reader.at < len(reader.text):
        raise reader.error("something stands behind the end of the document")
    return node


def load_lines(content: bytes) -> Iterator[Node]:
    """The documents of JSON lines (https://jsonlines.org), one a line; blank lines are none.

    Raises:
        DocumentError: where a line is no JSON.
    """
    reader = _Reader(decoded(content), comments=False)
    while reader.skip():
        begun = reader.at
        yield reader.value(0)
        if "\n" in reader.text[begun : reader.at]:
            reader.at = begun
            raise reader.error("a document goes over several lines")
        if reader.skip() and "\n" not in reader.text[begun : reader.at]:
            raise reader.error("two documents stand on one line")


class _Reader:
    def __init__(self, text: str, *, comments: bool) -> None:
        self.text = text
        self.at = 0
        self._places = Places(text)
        self._blank = _BLANK_OR_COMMENT if comments else _BLANK
        self._comments = comments

    def skip(self) -> str:
        """Goes to the next character that means something; which it is."""
        found = self._blank.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def error(self, message: str) -> DocumentError:
        return DocumentError(*self._places.of(min(self.at, len(self.text))), message)

    def value(self, depth: int) -> Node:
        character = self.skip()
        if depth > DEEPEST:
            line, column = self._places.of(self.at)
            raise DocumentError(line, column, f"nested more than {DEEPEST} deep", Reason.UNPARSEABLE)
        if character == "{":
            return self._mapping(depth)
        if character == "[":
            return self._sequence(depth)
        return self._scalar(character)

    def _scalar(self, character: str) -> Scalar:
        line, column = self._places.of(self.at)
        if character == '"':
            start = self.at
            text = self._string()
            return Scalar(text, text, "double", line, column, -1 if "\\" in self.text[start : self.at] else 0)
        if word := _WORD.match(self.text, self.at):
            self.at = word.end()
            return Scalar(_WORDS[word[0]], word[0], "plain", line, column)
        number = _NUMBER.match(self.text, self.at)
        if number is None or len(number[0]) > _LONGEST_NUMBER:
            raise self.error(f"expected a value, and found {self._shown()}")
        self.at = number.end()
        return Scalar(json.loads(number[0]), number[0], "plain", line, column)

    def _string(self) -> str:
        try:
            text, self.at = _SCAN(self.text, self.at)
        except json.JSONDecodeError as error:
            self.at = error.pos
            raise self.error(error.msg[:1].lower() + error.msg[1:]) from None
        return text

    def _mapping(self, depth: int) -> Mapping:
        line, column = self._places.of(self.at)
        entries: dict[str, tuple[Scalar, Node]] = {}
        self.at += 1
        while self._more("}", first=not entries):
            if self.skip() != '"':
                raise self.error(f"expected a key in double quotes, and found {self._shown()}")
            key = self._scalar('"')
            if key.text in entries:
                where = f"line {entries[key.text][0].line}"
                raise DocumentError(key.line, key.column, f"the key `{key.text[:80]}` stands twice: first in {where}")
            if self.skip() != ":":
                raise self.error(f"expected `:`, and found {self._shown()}")
            self.at += 1
            entries[key.text] = (key, self.value(depth + 1))
        return Mapping(entries, line, column)

    def _sequence(self, depth: int) -> Sequence:
        line, column = self._places.of(self.at)
        items: list[Node] = []
        self.at += 1
        while self._more("]", first=not items):
            items.append(self.value(depth + 1))
        return Sequence(tuple(items), line, column)

    def _more(self, end: str, *, first: bool) -> bool:
        """Whether another item follows; goes behind the comma, or behind the end."""
        character = self.skip()
        if character == "," and not first:
            self.at += 1
            if self.skip() != end:
                return True
            if not self._comments:
                raise self.error("a comma stands before the end")
            character = end
        if character == end:
            self.at += 1
            return False
        if not first:
            raise self.error(f"expected `,` or `{end}`, and found {self._shown()}")
        return True

    def _shown(self) -> str:
        rest = self.text[self.at : self.at + 1]
        if not rest:
            return "the end of the file"
        return f"`{rest}`" if rest.isprintable() else "a control character"
