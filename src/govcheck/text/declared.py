"""A change against the paths that the text of its own pull request declares. Pure."""

from collections.abc import Collection, Iterator, Mapping

from govcheck import globs
from govcheck.actions.declared_paths import declarations, faults
from govcheck.facts.pull_request import PullRequest
from govcheck.findings import Evidence, Finding, Fix, Location
from govcheck.globs import Dialect, compile_globs
from govcheck.paths import display
from govcheck.text.sides import Side

_SHOWN = 5
"""How many folders an example names."""


def judge(
    sides: Mapping[str, Side], refused: Collection[str], pull_request: PullRequest, dialect: Dialect
) -> Iterator[Finding]:
    """What is declared wrong, or not at all; else every path outside of what is.

    Args:
        sides: The paths of the change.
        refused: Those that another list refuses, and that are told by it.
        pull_request: Whose text declares.
        dialect: How the globs that it declares are read.
    """
    if not sides:
        return
    declared = declarations(pull_request.body)
    if wrong := tuple(faults(declared, dialect)):
        yield _undeclared(pull_request, wrong, sides)
        return
    patterns = declared[0].patterns
    for path in compile_globs(patterns, dialect).rejected(sides):
        if path not in refused:
            yield _stray(sides[path], patterns)


def _undeclared(pull_request: PullRequest, wrong: tuple[str, ...], sides: Collection[str]) -> Finding:
    subject = f"#{pull_request.number}"
    return Finding(
        control="declared",
        subject=subject,
        message=f"The pull request {subject} {wrong[0]}",
        plane="repo",
        fix=Fix(text=f"Write one line into the pull request's text: `Allowed paths: {_example(sides)}`"),
        evidence=tuple(Evidence(text=f"It {fault}") for fault in wrong[1:]),
    )


def _example(paths: Collection[str]) -> str:
    """What the change would have to declare, as narrow as folders go."""
    folders = dict.fromkeys(f"{globs.literal(path.rpartition('/')[0])}/**" if "/" in path else path for path in paths)
    plain = [pattern for pattern in folders if pattern.isprintable() and not set(pattern) & set(" ,`")]
    return " ".join(plain[:_SHOWN]) or "docs/**"


def _stray(side: Side, patterns: tuple[str, ...]) -> Finding:
    return Finding(
        control="path",
        subject=display(side.path),
        message=f"`{display(side.path)}` {side.done} outside the paths that the pull request declares",
        plane="repo",
        location=Location(path=side.path),
        expected=[*patterns],
        actual=side.change,
        fix=Fix(text="Take it out of the change, or name it in `Allowed paths` of the pull request's text"),
    )
