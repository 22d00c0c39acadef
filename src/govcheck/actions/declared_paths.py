r"""`Allowed paths:` in the text of a pull request: what its author says the change stays inside.

Three forms, the words in any case, as a line, a bold line or a heading:

    Allowed paths: app/** `packages/**`, docs/*.md

    ## Allowed paths (globs)
    - `app/**` the routes
    - packages/**

    **Allowed paths:**
    ```
    app/**
    ```

What a reader of the rendered text does not see as the author's own words is passed over: HTML comments, quotations,
and code blocks other than one that stands directly below the words. Outside of backticks and code blocks Markdown's
own escapes are undone (`app/\*\*`).
"""

import re
from collections.abc import Iterator, Sequence

from govcheck import globs
from govcheck.globs import Dialect
from govcheck.records import frozen

_START = re.compile(
    r"(?:[-*+][ \t]{1,4})?(?P<heading>#{1,6}[ \t]{1,4})?(?P<mark>[*_`]{0,3})allowed[ \t_-]paths?"
    r"(?:[ \t]{1,4}\([^()\n]{0,60}\))?"
    r"(?:(?P=mark)(?P<outer>:)|(?P<inner>:)(?P=mark)|(?P=mark))(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])[ \t](?:\[[ xX]\][ \t])?")
_SEPARATORS = re.compile(r"[\s,]+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SENTENCE_END = re.compile(r"(?<=[^.;])[.;]\Z")
_FENCES = ("```", "~~~")


@frozen
class Declaration:
    """One `Allowed paths` of a text."""

    line: int
    """Where it begins in the text; the first line is 1."""

    patterns: tuple[str, ...]
    """What it names, as written and unchecked; empty where nothing follows the words."""


@frozen
class _Line:
    """A line that a reader sees as the author's own."""

    number: int
    text: str
    """Without the space around it."""

    code: bool
    """Whether it lies in a code block; the block's first and last line do not."""


def declarations(text: str) -> tuple[Declaration, ...]:
    """Every declaration of a text, in its order."""
    lines = tuple(_visible(text))
    return tuple(found for place in range(len(lines)) if (found := _declaration(lines, place)))


def faults(declared: Sequence[Declaration], dialect: Dialect = "govcheck") -> Iterator[str]:
    """What is wrong with the declarations of one text: each fault as a sentence without its subject."""
    if not declared:
        yield "declares no allowed paths"
        return
    if any(set(other.patterns) != set(declared[0].patterns) for other in declared[1:]):
        lines = ", ".join(str(declaration.line) for declaration in declared)
        yield f"declares its allowed paths {len(declared)} times, and differently (lines {lines} of its text)"
    for declaration in declared:
        if not declaration.patterns:
            yield f"declares allowed paths and names none (line {declaration.line} of its text)"
    for pattern in dict.fromkeys(pattern for declaration in declared for pattern in declaration.patterns):
        if too_wide(pattern):
            yield f"declares `{pattern}`, which names no path in particular"
        elif problem := globs.problems(pattern, dialect):
            yield f"declares `{pattern}`, which is not valid: {problem}"


def too_wide(pattern: str) -> bool:
    """Whether a pattern names nothing: `**`, `*`, `/`, `**/*.*` have no character of a path in them."""
    return not re.sub(r"\[[^\[\]]*\]", "", pattern).strip("*/?.")


def _visible(text: str) -> Iterator[_Line]:
    fence = ""
    commented = False
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if fence:
            closes = raw.strip().startswith(fence) and not raw.strip().strip(fence[0])
            yield _Line(number, raw.strip(), code=not closes)
            fence = "" if closes else fence
            continue
        line, commented = _uncommented(raw, commented=commented)
        fence = _fence(line.strip())
        if not line.strip().startswith(">"):
            yield _Line(number, line.strip(), code=False)


def _fence(line: str) -> str:
    """The marks that open a code block, or nothing."""
    if not line.startswith(_FENCES):
        return ""
    after = line.lstrip(line[0])
    return "" if "`" in after and line[0] == "`" else line[: len(line) - len(after)]


def _uncommented(line: str, *, commented: bool) -> tuple[str, bool]:
    """The line without what HTML comments hide, and whether one is still open at its end."""
    shown: list[str] = []
    while line:
        before, mark, line = line.partition("-->" if commented else "<!--")
        if not commented:
            shown.append(before)
        if mark:
            commented = not commented
    return "".join(shown), commented


def _declaration(lines: Sequence[_Line], place: int) -> Declaration | None:
    line = lines[place]
    start = None if line.code else _START.match(line.text)
    if start is None:
        return None
    rest = start["rest"].strip()
    if start["outer"] or start["inner"]:
        return Declaration(line.number, tuple(_items(rest) if rest else _below(lines, place + 1)))
    titled = start["heading"] or start["mark"].strip("`")
    if not titled or rest.strip("#"):
        return None
    return Declaration(line.number, tuple(_below(lines, place + 1)))


def _below(lines: Sequence[_Line], place: int) -> Iterator[str]:
    """The patterns of the list, the code block or the lines of patterns that come next."""
    while place < len(lines) and not lines[place].text:
        place += 1
    if place == len(lines):
        return
    first = lines[place]
    if _fence(first.text) and not first.code:
        for line in _code(lines, place + 1):
            yield from filter(None, _SEPARATORS.split(line))
    elif _ITEM.match(first.text):
        for line in _list(lines, place):
            yield from _items(line)
    else:
        paragraph = [item for line in _paragraph(lines, place) for item in _items(line)]
        if all(map(_looks_like_path, paragraph)):
            yield from paragraph


def _code(lines: Sequence[_Line], place: int) -> Iterator[str]:
    while place < len(lines) and lines[place].code:
        yield lines[place].text
        place += 1


def _list(lines: Sequence[_Line], place: int) -> Iterator[str]:
    while place < len(lines):
        text = lines[place].text
        item = _ITEM.match(text)
        if text and (item is None or _START.match(text)):
            return
        if item:
            yield text[item.end() :]
        place += 1


def _paragraph(lines: Sequence[_Line], place: int) -> Iterator[str]:
    while place < len(lines) and lines[place].text and not _START.match(lines[place].text):
        yield lines[place].text
        place += 1


def _items(text: str) -> Iterator[str]:
    """The patterns of one line: in backticks, or separated by spaces and commas.

    A bare dash or a parenthesis begins a remark; beside backticks a word is one as well.
    """
    spans = re.sub(r"`+", "`", text).split("`")
    for number, span in enumerate(spans):
        if number % 2 and number < len(spans) - 1:
            yield from filter(None, [span.strip()])
            continue
        for item in filter(None, _SEPARATORS.split(span)):
            if item[0] in "(\N{EN DASH}\N{EM DASH}" or item in {"-", "--"}:
                return
            if len(spans) == 1 or _looks_like_path(item):
                yield _ESCAPE.sub(r"\1", _SENTENCE_END.sub("", item))


def _looks_like_path(item: str) -> bool:
    return bool(re.search(r"[/*.]", item)) and bool(item.strip("*_.,;:"))
