"""What ended a run before anything was judged, for people: every problem with its line and a caret below it."""

from collections.abc import Iterator

from govcheck.errors import GovcheckError, PolicyError
from govcheck.records import replace
from govcheck.reporters.excerpt import Excerpts

_WIDTH = 100


def render(error: GovcheckError) -> str:
    """The whole message, without a line's end at its end."""
    return "\n".join(_lines(masked(error)))


def masked(error: GovcheckError) -> GovcheckError:
    """The error without what may be a credential: a message quotes what stands in a file, and logs are read by many."""
    if not isinstance(error, PolicyError):
        return error
    from govcheck.recording.masks import mask  # noqa: PLC0415 - only where a run ends this way

    hide = mask()
    problems = tuple(replace(problem, message=hide(problem.message)) for problem in error.problems)
    return PolicyError(problems, error.hint, sources=error.sources)


def _lines(error: GovcheckError) -> Iterator[str]:
    if not isinstance(error, PolicyError):
        yield f"error: {error.message}"
    else:
        excerpts = Excerpts(error.sources)
        for problem in error.problems:
            yield f"error: {problem}"
            if problem.line:
                yield from excerpts.lines(problem.path, problem.line, problem.column or None, _WIDTH)
    if error.hint:
        yield f"hint: {error.hint}"
