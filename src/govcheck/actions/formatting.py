"""The little language of `format`: `{0}`, and doubled braces."""

import re
from collections.abc import Iterator

_PIECE = re.compile(r"(?P<text>[^{}]+)|(?P<brace>\{\{|\}\})|\{(?P<number>[0-9]{1,3})\}")


class FormatError(ValueError):
    """A text that `format` refuses."""


def pieces(pattern: str, arguments: int) -> Iterator[str | int]:
    """The text of a pattern and the numbers of its arguments, in order.

    Raises:
        FormatError: for a lone brace, and for an argument that is not there.
    """
    position = 0
    while position < len(pattern):
        match = _PIECE.match(pattern, position)
        if match is None:
            raise FormatError("a brace that stands alone must be doubled")
        position = match.end()
        if match["number"] is None:
            yield match["text"] or match["brace"][0]
        elif int(match["number"]) < arguments:
            yield int(match["number"])
        else:
            raise FormatError(f"there is no argument {match['number']}")


def escape(text: str) -> str:
    """Text as a pattern that stands for itself."""
    return text.replace("{", "{{").replace("}", "}}")
