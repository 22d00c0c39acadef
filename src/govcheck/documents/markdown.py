"""What stands in a Markdown text, in order and with its lines: headings, items of lists, code and other text.

Parsed by markdown-it-py, which follows CommonMark (https://spec.commonmark.org), with GitHub's tables.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from govcheck.records import frozen

_DEEPEST = 100
_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})
_CODE = frozenset({"fence", "code_block"})
_MARKS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|^\[[ xX]\]\s+|[✅❌🔴🟢]")
_TYPED = str.maketrans("\u2010\u2011\u2018\u2019\u201c\u201d", "--''\"\"")
"""Hyphens and quotation marks as people type them, whatever an editor made of them."""

_LINK = re.compile(r"\[([^\]\[]*)\]\([^()\s]*\)")


@frozen(kw_only=True)
class Entry:
    """One line of a text, as what it stands there."""

    kind: Literal["heading", "item", "code", "text"]
    raw: str
    """As it is written, without the mark of its list or heading."""

    line: int
    level: int = 0
    """Of a heading."""

    group: int = 0
    """The list that an item is of, or the block that a line of code is of: numbers from 1, in order."""

    @property
    def words(self) -> str:
        """What a reader reads: without marks and addresses, on one line."""
        return plain_words(self.raw)


def plain_words(text: str) -> str:
    """A text without marks of emphasis, code, boxes and links, its blanks joined, with plain hyphens and quotes."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text.translate(_TYPED).strip())).split())


@lru_cache(maxsize=256)
def entries(text: str) -> tuple[Entry, ...]:
    """Every line of a text that says something, in order."""
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable(["link", "image", "autolink"])
    reader = _Reader()
    return tuple(entry for token in parser.parse(text) for entry in reader.entries(token))


class _Reader:
    """Where in a text a token stands."""

    def __init__(self) -> None:
        self._lists: list[int] = []
        self._group = 0
        self._fresh = False
        self._level = 0

    def entries(self, token: Token) -> Iterator[Entry]:
        """The lines of a token, where it has any."""
        if token.type in _LISTS or token.type in _CODE:
            self._group += 1
        if token.type in _LISTS:
            self._lists.append(self._group)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._lists.pop()
        elif token.type == "list_item_open":
            self._fresh = True
        elif token.type.startswith("heading_"):
            self._level = int(token.tag.removeprefix("h")) if token.type == "heading_open" else 0
        elif token.map is not None and token.type in {*_CODE, "inline", "html_block"}:
            first = token.map[0] + 1 + (token.type == "fence")
            for number, raw in enumerate(token.content.splitlines(), first):
                yield self._entry(raw, number, is_code=token.type in _CODE)

    def _entry(self, raw: str, line: int, *, is_code: bool) -> Entry:
        if is_code:
            return Entry(kind="code", raw=raw, line=line, group=self._group)
        if self._level:
            return Entry(kind="heading", raw=raw, line=line, level=self._level)
        fresh, self._fresh = self._fresh, False
        if self._lists and fresh:
            return Entry(kind="item", raw=raw, line=line, group=self._lists[-1])
        return Entry(kind="text", raw=raw, line=line)


def introduced(found: Sequence[Entry], words: str, kind: Literal["item", "code"]) -> tuple[Entry, ...]:
    """The first list, or block of code, below the first line that has these words; none where there is none.

    A heading introduces what stands before the next heading of its level.
    """
    wanted = " ".join(words.casefold().split())
    for place, entry in enumerate(found):
        if entry.kind != "code" and wanted in entry.words.casefold():
            below = _below(found, place)
            first = next((one for one in below if one.kind == kind and one.group != entry.group), None)
            if first is not None:
                return tuple(one for one in below if one.kind == kind and one.group == first.group)
    return ()


def _below(found: Sequence[Entry], place: int) -> Sequence[Entry]:
    level = found[place].level or 6
    below = found[place + 1 :]
    ends = (number for number, one in enumerate(below) if one.kind == "heading" and one.level <= level)
    return below[: next(ends, len(below))]
