"""The items of a value that lists recipients: addresses with names and angles, channels, URLs."""

import re
from collections.abc import Iterator
from typing import Literal

from govcheck.actions.shell import Part
from govcheck.records import replace

Wanted = Literal["email", "channel", "webhook"]
"""What a value lists."""

_BETWEEN = {"email": re.compile(r"[,;\r\n]"), "channel": re.compile(r"[,;\s]"), "webhook": re.compile(r"\s")}
_ANGLES = re.compile(r"<([^<>]*)>")
_QUOTED_NAME = re.compile(r'"[^"\n]*"')


def tokens(parts: tuple[Part, ...], wanted: Wanted) -> Iterator[tuple[Part, ...]]:
    """The value's items: each is what stands between two separators, without the blanks around it."""
    token: list[Part] = []
    for part in parts:
        if part.kind != "text":
            token.append(part)
            continue
        start = 0
        shown = _QUOTED_NAME.sub(lambda name: " " * len(name[0]), part.text) if wanted == "email" else part.text
        for separator in _BETWEEN[wanted].finditer(shown):
            token.append(replace(part, text=shown[start : separator.start()], offset=part.offset + start))
            yield from _narrowed(token, wanted)
            token, start = [], separator.end()
        token.append(replace(part, text=shown[start:], offset=part.offset + start))
    yield from _narrowed(token, wanted)


def _narrowed(token: list[Part], wanted: Wanted) -> Iterator[tuple[Part, ...]]:
    """`Name <a@b.c>` is `a@b.c`; without angles, blanks divide addresses too."""
    full = [part for part in token if part.text]
    if wanted == "email" and len(full) == 1 and full[0].kind == "text":
        (part,) = full
        inside = list(_ANGLES.finditer(part.text))
        spans = [match.span(1) for match in inside] or [match.span() for match in re.finditer(r"\S+", part.text)]
        for start, end in spans:
            yield from _trimmed([replace(part, text=part.text[start:end], offset=part.offset + start)])
    else:
        if wanted == "email":
            full = _inside_angles(full)
        yield from _trimmed(full)


def _inside_angles(token: list[Part]) -> list[Part]:
    """`Name <${{ secrets.TO }}>` is `${{ secrets.TO }}`."""
    for index, part in enumerate(token):
        opening = part.text.rfind("<") if part.kind == "text" else -1
        if opening >= 0:
            rest = token[index + 1 :]
            begin = replace(part, text=part.text[opening + 1 :], offset=part.offset + opening + 1)
            ended = [replace(one, text=one.text.partition(">")[0]) if one.kind == "text" else one for one in rest]
            return [begin, *ended]
    return token


def _trimmed(token: list[Part]) -> Iterator[tuple[Part, ...]]:
    parts = [part for part in token if part.text]
    if parts and parts[0].kind == "text":
        stripped = parts[0].text.lstrip()
        parts[0] = replace(parts[0], text=stripped, offset=parts[0].offset + len(parts[0].text) - len(stripped))
    if parts and parts[-1].kind == "text":
        parts[-1] = replace(parts[-1], text=parts[-1].text.rstrip())
    parts = [part for part in parts if part.text]
    if parts:
        yield tuple(parts)
