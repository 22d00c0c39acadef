"""What is wrong with a text of JSON or TOML, at its place."""

from govcheck.findings import Reason

DEEPEST = 100
"""Values within values."""


class DocumentError(Exception):
    """One thing that makes a text unreadable."""

    def __init__(self, line: int, column: int, message: str, reason: Reason | None = None) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.line = line
        self.column = column
        self.message = message
        self.reason = reason
        """Why nobody can tell what the file says; None where it is not valid for anybody."""


class Places:
    """From an offset in a text to line and column, both from 1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = 1
        self._start = 0
        self._seen = 0

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column; cheapest where offsets are asked for from left to right."""
        if offset < self._seen:
            self._line, self._start, self._seen = 1, 0, 0
        self._line += self._text.count("\n", self._seen, offset)
        self._start = self._text.rfind("\n", 0, offset) + 1
        self._seen = offset
        return self._line, offset - self._start + 1


def decoded(content: bytes) -> str:
    """The text of a file, which has to be UTF-8.

    Raises:
        DocumentError: where it is none.
    """
    try:
        return content.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        raise DocumentError(line, 1, "not UTF-8") from None
