"""What can go wrong before anything is judged.

GovcheckError            a message, and what to do next
├── UsageError           the command line asks for what cannot be (exit 2)
├── PolicyError          policies or configuration that are not valid (exit 2)
│   └── OtherVersionError    the configuration asks for another govcheck
└── SourceError          a source that a run cannot do without could not be read (exit 2 or 3)
"""

from collections.abc import Mapping

from govcheck.records import frozen

USAGE_EXIT = 2
UNKNOWN_EXIT = 3


class GovcheckError(Exception):
    """Ends the run with a message and, where there is one, the next step."""

    exit_code = USAGE_EXIT

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(GovcheckError):
    """The command line, the environment or the repository at hand does not allow what was asked."""


@frozen
class Problem:
    """One thing that is wrong with a file that somebody wrote for govcheck."""

    path: str
    """The file, as the user would type it."""

    line: int
    """The first line is 1; 0 where a problem is the whole file's."""

    column: int
    """In characters, the first is 1; 0 where a problem is the whole file's."""

    message: str
    """What is wrong, with the legal values and the nearest one meant."""

    def __str__(self) -> str:
        """`file:line:column: message`, as compilers write it."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: {self.message}"


class PolicyError(GovcheckError):
    """Policies or configuration that are not valid: every problem of every file, at once."""

    def __init__(
        self, problems: tuple[Problem, ...], hint: str = "", *, sources: Mapping[str, str] | None = None
    ) -> None:
        """Takes the problems, in the order that they are told, and the text of their files, for excerpts."""
        super().__init__("\n".join(map(str, problems)), hint)
        self.problems = problems
        self.sources: Mapping[str, str] = sources or {}


class OtherVersionError(PolicyError):
    """The configuration asks for another govcheck: whether the policies are valid is for that one to say."""


class SourceError(GovcheckError):
    """Something that the whole run rests on could not be read; nothing can be said (exit 3)."""

    exit_code = UNKNOWN_EXIT
