"""What somebody was to fill in and did not, and what a shell took out of a text before it was written."""

import re
from collections.abc import Collection, Iterator, Sequence

from govcheck.documents.code_spans import code_spans, without_code
from govcheck.documents.markdown import Line

_ANGLE = re.compile(r"(?<![\w<])<[^\s<>/!][^<>\n]{0,80}>")
_ADDRESS = re.compile(r"<(?:[a-z][a-z0-9+.-]*:|[^\s<>]+@)", re.IGNORECASE)
_HTML = re.compile(
    r"(?:a|abbr|b|big|blockquote|br|center|code|d[dlt]|div|dfn|del|details|em|font|h[1-6r]|i|img|ins|input|kbd|li|ol|p|"
    r"picture|pre|q|s|samp|section|small|source|span|strike|strong|su[bp]|summary|t[dhrt]|t(?:able|body|head)|ul?|var|video)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_LONE_BACKSLASH = re.compile(r"(?<!\S)\\(?=[ \t]+\S)")
_EMPTY_LINK = re.compile(r"\[[^\]\[]+\]\(\s*\)")
_EMPTY_PART = re.compile(
    r"(?<![:\w./-])(?:\.?[\w-]+/)+/[\w.-]+|(?<![\w./-])(?:[\w-]+/)+\.(?:md|json|jsonl|ya?ml|log)(?!\w)"
)


def in_angles(lines: Sequence[Line]) -> Iterator[str]:
    """Every `<placeholder>` of a template, with its angles; no HTML and no address."""
    for line in lines:
        for found in _ANGLE.finditer(line.raw):
            if not _HTML.match(found[0], 1) and not _ADDRESS.match(found[0]):
                yield found[0]


def unfilled(lines: Sequence[Line], placeholders: Collection[str]) -> Iterator[tuple[Line, str]]:
    """Every line with a placeholder that is left in it; a word counts as a whole, and case counts.

    Code that is quoted is how to write something: only what has angles counts there.
    """
    alone = "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in placeholders if one[:1].isalnum())
    others = "|".join(re.escape(one) for one in placeholders if one and not one[:1].isalnum())
    for line in lines:
        if line.kind == "code":
            continue
        told: list[str] = re.findall(others, line.raw) if others else []
        told += re.findall(alone, without_code(line.raw)) if alone else []
        yield from ((line, one) for one in dict.fromkeys(told))


def eaten(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Every place where something is gone: a backslash alone, a link to nothing, a path with an empty part in code."""
    for line in lines:
        if line.kind == "code":
            continue
        words = without_code(line.raw)
        for pattern in (_LONE_BACKSLASH, _EMPTY_LINK):
            yield from ((line, found[0]) for found in pattern.finditer(words))
        for span in code_spans(line.raw):
            if " " not in span.text.strip():
                yield from ((line, found[0]) for found in _EMPTY_PART.finditer(span.text))
