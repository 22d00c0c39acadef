"""What a reader of rendered Markdown sees: headings, lines, boxes; without comments, and with code told apart.

Parsed by markdown-it-py, which follows CommonMark (https://spec.commonmark.org), with the tables and the strikethrough
of GitHub's dialect (https://github.github.com/gfm/). Links and pictures stay as they are written: nothing here asks
for them, and looking for them takes long where somebody writes thousands of brackets.
"""

import re
from collections.abc import Iterator
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from govcheck.records import frozen, replace

Kind = Literal["heading", "text", "code"]

_DEEPEST = 100
"""Blocks within blocks; what is deeper still counts as not written."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BOX = re.compile(r"\[(?P<mark>[ xX])\][ \t]+(?P<text>.*)", re.DOTALL)
_LEVEL = re.compile(r"h([1-6])")


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

    level: int = 0
    """Of a heading: 1 to 6."""

    quoted: bool = False
    """Whether it stands in a quotation."""

    ticked: bool | None = None
    """Of a task's box; None where there is no box."""

    @property
    def has_words(self) -> bool:
        """Whether it says anything: a lone mark says nothing."""
        return any(character.isalnum() for character in self.text)


def lines(text: str) -> tuple[Line, ...]:
    """Every line of a text that a reader sees, in order."""
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    parser.disable(["link", "image"])
    return tuple(_lines(parser.parse(text)))


def _lines(tokens: list[Token]) -> Iterator[Line]:
    quotes = 0
    row = 0
    items: list[bool] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        quotes += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.map:
            row = token.map[0] + 1
        if token.type == "list_item_open":
            items.append(True)
        elif token.type == "list_item_close":
            items.pop()
        for line in _of_token(token, before, row):
            first = bool(items) and items[-1] and line.kind == "text"
            yield replace(_boxed(line) if first else line, quoted=quotes > 0)
            if items:
                items[-1] = False


def _of_token(token: Token, before: Token | None, row: int) -> Iterator[Line]:
    if token.type in {"fence", "code_block"}:
        first = row + (token.type == "fence")
        for number, text in enumerate(token.content.splitlines(), start=first):
            yield Line(kind="code", number=number, text=text.strip(), words="")
    elif token.type == "html_block":
        shown = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), token.content)
        for number, text in enumerate(_TAG.sub("", shown).splitlines(), start=row):
            if text.strip():
                yield Line(kind="text", number=number, text=text.strip(), words=text.strip())
    elif token.type == "inline":
        heading = _LEVEL.fullmatch(before.tag) if before is not None and before.type == "heading_open" else None
        yield from _inline(token.children or [], row, int(heading[1]) if heading else 0)


def _inline(children: list[Token], row: int, level: int) -> Iterator[Line]:
    text: list[str] = []
    words: list[str] = []
    kind: Kind = "heading" if level else "text"
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield Line(kind=kind, number=row, text=_plain(text), words=_plain(words), level=level)
            row, text, words = row + 1, [], []
        elif child.type == "code_inline":
            text.append(child.content)
            words.append(" ` ")
        elif child.type == "text":
            text.append(child.content)
            words.append(child.content)
    yield Line(kind=kind, number=row, text=_plain(text), words=_plain(words), level=level)


def _plain(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def _boxed(line: Line) -> Line:
    found = _BOX.fullmatch(f"{line.text} ")
    if found is None:
        return line
    _, _, words = line.words.partition("]")
    return replace(line, text=found["text"].strip(), words=words.strip(), ticked=found["mark"] != " ")
