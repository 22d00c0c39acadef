"""Runs git so that it does nothing but read: no program of the repository, no network, no lock, no translation."""

import os
from collections.abc import Callable, Mapping

from govcheck.errors import GovcheckError, SourceError, UsageError
from govcheck.sources.git.process import Process, Result

_DROPPED = frozenset(
    {
        "GIT_DIFF_OPTS",  # would put context lines back
        "GIT_EXTERNAL_DIFF",
        "GIT_GLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "LANGUAGE",
    }
)
"""Variables of the user that would change what git answers."""

_FIXED = {
    "GIT_ALLOW_PROTOCOL": "",  # no transport at all: an older git that fetches missing objects stops here
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # the objects as they were committed, whatever refs/replace says here
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
"""https://git-scm.com/docs/git#_environment_variables"""

_OPTIONS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


class Git:
    """Git, in one directory and one environment."""

    __slots__ = ("_prefix", "directory", "environment")

    def __init__(self, directory: str, environment: Mapping[str, str]) -> None:
        self.directory = directory
        kept = {name: value for name, value in environment.items() if name not in _DROPPED}
        self.environment = kept | _FIXED
        self._prefix = ("git", "-C", directory, *_OPTIONS)

    def start(self, *arguments: str | bytes) -> Process:
        """Starts git; the caller has something else to do meanwhile.

        Raises:
            UsageError: where git is not installed.
            SourceError: where it cannot be started.
        """
        try:
            return Process((*self._prefix, *arguments), self.environment)
        except FileNotFoundError:
            raise UsageError("git is not installed, or not on the PATH", "install git and run govcheck again") from None
        except OSError as error:
            raise SourceError(f"git cannot be started: {error.strerror}") from error

    def ask(self, *arguments: str | bytes, given: bytes = b"") -> Result:
        """Runs git to its end, whatever that is."""
        return self.start(*arguments).finish(given)

    def run(self, *arguments: str | bytes, given: bytes = b"") -> bytes:
        """Runs git and gives its output.

        Raises:
            GovcheckError: where git refuses; see `refusal`.
        """
        return self.begin(*arguments)(given)

    def begin(self, *arguments: str | bytes) -> Callable[[bytes], bytes]:
        """Starts what `run` does. Call what is returned once, with what git is given, to have its output."""
        process = self.start(*arguments)

        def end(given: bytes) -> bytes:
            result = process.finish(given)
            if result.code:
                raise refusal(self.directory, arguments[0], result)
            return result.output

        return end


def refusal(directory: str, command: str | bytes, result: Result) -> GovcheckError:
    """What git's refusal means to the user."""
    said = result.errors.decode("utf-8", "replace")
    if "dubious ownership" in said or "unsafe repository" in said:
        return UsageError(f"{directory} belongs to another user, and git refuses to read it", _ownership_hint(said))
    if "not a git repository" in said:
        return UsageError(
            f"{directory} is not in a git repository", "run govcheck in a clone, or name one with -C DIRECTORY"
        )
    if "must be run in a work tree" in said:
        return UsageError(
            f"{directory} is a bare repository or inside a git directory: there is no work tree to check",
            "run govcheck in a clone that has its files checked out",
        )
    name = os.fsdecode(command)
    return SourceError(f"git {name} failed in {directory}: {_last_words(said) or f'exit code {result.code}'}")


def _ownership_hint(said: str) -> str:
    command = next((line.strip() for line in said.splitlines() if "safe.directory" in line), "")
    return f"if you trust it: {command or 'git config --global --add safe.directory DIRECTORY'}"


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return " / ".join((fatal or lines)[-3:])[:500]
