"""Lines of text of a given width, in colour or not."""

from typing import Literal

from govcheck.reporters.escape import log_line
from govcheck.reporters.excerpt import columns

NARROWEST = 60

Role = Literal["error", "warning", "note", "unknown", "good", "bold", "faint"]

_CODES: dict[Role, str] = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "unknown": "1;35",
    "good": "32",
    "bold": "1",
    "faint": "2",
}


class Page:
    """What a report is written on. Every text given to it is fit to be shown already."""

    def __init__(self, *, colour: bool, width: int) -> None:
        """Takes a width in columns; fewer than `NARROWEST` are taken for that."""
        self.width = max(width, NARROWEST)
        self._colour = colour
        self._lines: list[str] = []

    def line(self, text: str, *, indent: int = 0, role: Role | None = None) -> None:
        """One line that is never broken: a place, a command, an excerpt."""
        self._lines.append(log_line(" " * indent + self._painted(text, role)).rstrip())

    def paragraph(self, text: str, *, indent: int = 0, label: str = "", role: Role | None = None) -> None:
        """Words, wrapped; the label stands in front of the first line and has the colour."""
        lead = f"{label} " if label else ""
        hanging = indent + (2 if label else 0)
        first, *rest = _wrapped(text, self.width, indent + columns(lead), hanging)
        self.line(f"{self._painted(label, role)}{' ' if lead else ''}{first}", indent=indent)
        for line in rest:
            self.line(line, indent=hanging)

    def gap(self) -> None:
        """An empty line, unless one stands there already."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    @property
    def height(self) -> int:
        """How many lines there are so far."""
        return len(self._lines)

    def cut(self, height: int) -> None:
        """Takes back every line but the first so many."""
        del self._lines[height:]

    def text(self) -> str:
        """Everything, with a line's end at its end."""
        return "".join(f"{line}\n" for line in self._lines)

    def _painted(self, text: str, role: Role | None) -> str:
        if not self._colour or role is None or not text:
            return text
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m"


def _wrapped(text: str, width: int, first: int, indent: int) -> list[str]:
    """Lines that end before `width`; a word is never broken: it may be a path or a command."""
    lines: list[str] = []
    line, used = "", first
    for word in text.split(" "):
        size = columns(word)
        if line and used + 1 + size > width:
            lines.append(line)
            line, used = word, indent + size
        else:
            used += size + (1 if line else 0)
            line = f"{line} {word}" if line else word
    return [*lines, line]
