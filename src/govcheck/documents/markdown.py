"""What a reader of rendered Markdown sees: headings, lines, lists, boxes; without comments, and with code told apart.

Parsed by markdown-it-py, which follows CommonMark (https://spec.commonmark.org), with the tables and the strikethrough
of GitHub's dialect (https://github.github.com/gfm/). Links and pictures stay as they are written: whoever asks for them
finds them there, and looking for them takes long where somebody writes thousands of brackets.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from govcheck.records import frozen, replace

if TYPE_CHECKING:  # it takes a third of the hook's time, and few commits change a text that is judged
    from markdown_it.token import Token

Kind = Literal["heading", "text", "code"]

_DEEPEST = 100
"""Blocks within blocks; what is deeper still counts as not written."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BOX = re.compile(r"\[(?P<mark>[ xX])\][ \t]+(?P<text>.*)", re.DOTALL)
_LEVEL = re.compile(r"h([1-6])")
_MARKS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|^\[[ xX]\]\s+|[✅❌🔴🟢]")
_LINK = re.compile(r"\[([^\]\[]*)\]\([^()\s]*\)")
_TYPED = str.maketrans("\u2010\u2011\u2018\u2019\u201c\u201d", "--''\"\"")
"""Hyphens and quotation marks as people type them, whatever an editor made of them."""


@frozen(kw_only=True)
class Line:
    """One line that a reader sees."""

    kind: Kind
    number: int
    """Where it stands in the text; the first line is 1."""

    text: str
    """Without marks of emphasis and of lists; code spans without their backticks."""

    words: str
    """The same without code spans; empty for code."""

    raw: str
    """As it is written, without the mark of its list or heading, and without comments."""

    level: int = 0
    """Of a heading: 1 to 6."""

    group: int = 0
    """The list of which it is the first line of an item, or its block of code: numbers from 1, in order. Else 0."""

    quoted: bool = False
    """Whether it stands in a quotation."""

    ticked: bool | None = None
    """Of a task's box; None where there is no box."""

    @property
    def is_item(self) -> bool:
        """Whether it is the first line of an item of a list."""
        return self.group > 0 and self.kind == "text"

    @property
    def has_words(self) -> bool:
        """Whether it says anything: a lone mark says nothing."""
        return any(character.isalnum() for character in self.text)

    @property
    def plain(self) -> str:
        """What it says to a reader who compares: see `plain_words`."""
        return plain_words(self.raw)


def plain_words(text: str) -> str:
    """A text without marks of emphasis, code, boxes and links, its blanks joined, with plain hyphens and quotes."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text.translate(_TYPED).strip())).split())


@lru_cache(maxsize=256)
def lines(text: str) -> tuple[Line, ...]:
    """Every line of a text that a reader sees, in order."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - see above

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    parser.disable(["link", "image"])
    reader = _Reader()
    return tuple(line for token in parser.parse(text) for line in reader.lines(token))


def introduced(found: Sequence[Line], words: str, kind: Literal["item", "code"]) -> tuple[Line, ...]:
    """The first list, or block of code, below the first line that has these words; none where there is none.

    A heading introduces what stands before the next heading of its level.
    """
    wanted = " ".join(words.casefold().split())
    for place, line in enumerate(found):
        if line.kind != "code" and wanted in line.plain.casefold():
            those = [one for one in below(found, place) if (one.is_item if kind == "item" else one.kind == "code")]
            first = next((one.group for one in those if one.group != line.group), None)
            if first is not None:
                return tuple(one for one in those if one.group == first)
    return ()


def below(lines: Sequence[Line], place: int) -> Sequence[Line]:
    """What stands below a line: up to the next heading of its level, or the next one of all."""
    level = lines[place].level or 6
    rest = lines[place + 1 :]
    ends = (number for number, one in enumerate(rest) if one.kind == "heading" and one.level <= level)
    return rest[: next(ends, len(rest))]


class _Reader:
    """Where in a text a token stands."""

    def __init__(self) -> None:
        self._quotes = 0
        self._row = 0
        self._level = 0
        self._groups = 0
        self._lists: list[int] = []
        self._fresh: list[bool] = []
        """Of each open item, whether nothing of it came yet."""

    def lines(self, token: "Token") -> Iterator[Line]:
        """The lines of a token, where it has any."""
        self._quotes += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.map:
            self._row = token.map[0] + 1
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            self._groups += 1
            self._lists.append(self._groups)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._lists.pop()
        elif token.type == "list_item_open":
            self._fresh.append(True)
        elif token.type == "list_item_close":
            self._fresh.pop()
        elif token.type in {"heading_open", "heading_close"}:
            heading = _LEVEL.fullmatch(token.tag) if token.type == "heading_open" else None
            self._level = int(heading[1]) if heading else 0
        elif token.type in {"fence", "code_block"}:
            self._groups += 1
        for line in self._written(token):
            yield replace(self._placed(line), quoted=self._quotes > 0)

    def _placed(self, line: Line) -> Line:
        fresh = bool(self._fresh) and self._fresh[-1]
        if self._fresh:
            self._fresh[-1] = False
        if line.kind == "code":
            return replace(line, group=self._groups)
        return replace(_boxed(line), group=self._lists[-1]) if fresh and line.kind == "text" else line

    def _written(self, token: "Token") -> Iterator[Line]:
        if token.type in {"fence", "code_block"}:
            first = self._row + (token.type == "fence")
            for number, raw in enumerate(token.content.splitlines(), start=first):
                yield Line(kind="code", number=number, text=raw.strip(), words="", raw=raw)
        elif token.type == "html_block":
            shown = _COMMENT.sub(_blank, token.content)
            for number, raw in enumerate(shown.splitlines(), start=self._row):
                if text := _TAG.sub("", raw).strip():
                    yield Line(kind="text", number=number, text=text, words=text, raw=raw)
        elif token.type == "inline":
            yield from _inline(token, self._row, self._level)


def _inline(token: "Token", row: int, level: int) -> Iterator[Line]:
    """The lines of a paragraph, a heading or a cell; code and comments that go over several rows are one line."""
    written = token.content.split("\n")
    text: list[str] = []
    words: list[str] = []
    first = rows = 0
    for child in (*(token.children or ()), None):
        if child is None or child.type in {"softbreak", "hardbreak"}:
            rows += 1
            raw = _COMMENT.sub("", "\n".join(written[first : len(written) if child is None else rows]))
            kind: Kind = "heading" if level else "text"
            yield Line(kind=kind, number=row + first, text=_plain(text), words=_plain(words), raw=raw, level=level)
            first, text, words = rows, [], []
        elif child.type == "code_inline":
            rows += _rows_of_code("\n".join(written[rows:]), child)
            text.append(child.content)
            words.append(" ` ")
        elif child.type == "html_inline":
            rows += child.content.count("\n")
        elif child.type == "text":
            text.append(child.content)
            words.append(child.content)


def _rows_of_code(written: str, code: "Token") -> int:
    """How many line ends a code span goes over; markdown-it makes blanks of them."""
    if "\n" not in written:
        return 0
    inner = re.escape(code.content).replace("\\ ", "[ \n]")
    found = re.search(f"{code.markup}[ \n]?{inner}[ \n]?{code.markup}", written)
    return found[0].count("\n") if found else 0


def _blank(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _plain(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def _boxed(line: Line) -> Line:
    found = _BOX.fullmatch(f"{line.text} ")
    if found is None:
        return line
    _, _, words = line.words.partition("]")
    return replace(line, text=found["text"].strip(), words=words.strip(), ticked=found["mark"] != " ")
