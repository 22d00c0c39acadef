"""Which file of the repository a word of a script means, as far as reading alone tells."""

import posixpath
from collections.abc import Mapping

from govcheck.actions.shell import Part, Word
from govcheck.actions.steps import text
from govcheck.actions.workflow import Job, Step, Workflow
from govcheck.facts.document import Scalar
from govcheck.records import frozen

_UNKNOWN = "\0"
_DEEPEST = 4


@frozen
class Named:
    """A file, as somebody names it."""

    shown: str
    """As it is written, for people."""

    path: str | None
    """From the repository's root; None where that cannot be told, or where it is outside."""

    guessed: bool = False
    """Whether a variable in front was taken for the root."""


def named(
    word: Word, assignments: Mapping[str, tuple[Word, ...]], environment: Mapping[str, str], folder: str
) -> Named:
    """The file that a word means.

    Args:
        word: As in a command.
        assignments: Of the script that it stands in.
        environment: Variables that the workflow sets, by name.
        folder: Where the command runs, from the root.
    """
    written = _text(word, assignments, environment, _DEEPEST)
    prefix, unknown, rest = written.rpartition(_UNKNOWN)
    if unknown:
        path = _inside(rest.lstrip("/")) if not prefix and rest.startswith("/") else None
        return Named(word.shown, path, guessed=True)
    if written.startswith(("/", "~")):
        return Named(word.shown, None)
    return Named(word.shown, _inside(posixpath.join(folder, written)))


def inside(folder: str, written: str) -> str | None:
    """A relative path from the root; None where it leads out of the repository."""
    return None if written.startswith(("/", "~")) else _inside(posixpath.join(folder, written))


def environment_of(workflow: Workflow, job: Job, step: Step) -> dict[str, str]:
    """The variables that a workflow, its job and its step set."""
    found: dict[str, str] = {}
    for level in (workflow.env, job.env, step.env):
        if level is not None:
            found |= {name: text(value) for name, value in level.items() if isinstance(value, Scalar)}
    return found


def _inside(path: str) -> str | None:
    normal = posixpath.normpath(path) if path else ""
    return None if not normal or normal == "." or normal.startswith(("/", "..")) else normal


def _text(word: Word, assignments: Mapping[str, tuple[Word, ...]], environment: Mapping[str, str], depth: int) -> str:
    return "".join(_part(part, assignments, environment, depth) for part in word.parts)


def _part(part: Part, assignments: Mapping[str, tuple[Word, ...]], environment: Mapping[str, str], depth: int) -> str:
    if part.kind == "text":
        return part.text.replace(_UNKNOWN, "")
    name = part.text.removeprefix("env.") if part.kind != "dynamic" else ""
    values = assignments.get(name, ()) if part.kind == "variable" else ()
    if len(values) == 1 and depth:
        return _text(values[0], assignments, environment, depth - 1)
    value = environment.get(name, "") if not values else ""
    return value if value and "${{" not in value else _UNKNOWN
