"""Whether the `paths` and `paths-ignore` filters of a workflow let a change of one path start it.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onpushpull_requestpull_request_targetpathspaths-ignore
"""

from collections.abc import Iterator

from govcheck.actions.triggers import Patterns, Trigger
from govcheck.actions.workflow import location, read
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Location
from govcheck.globs import compile_globs
from govcheck.globs.segments import GlobError
from govcheck.records import frozen

FILTERED_EVENTS = ("push", "pull_request", "pull_request_target")
"""The events whose filters look at paths."""


@frozen(kw_only=True)
class Filtered:
    """One event of one workflow, for a change that touches one path and nothing else."""

    path: str
    """The workflow file."""

    event: str
    """Empty where the file could not be read."""

    starts: bool | None
    """None where that cannot be told."""

    why: str
    """A clause."""

    location: Location
    filtered: bool = True
    """False where the event has no filter of paths: then every path starts it."""


def filtered(workflows: Workflows, changed: str) -> Iterator[Filtered]:
    """Every event of every workflow that a path can matter to, by file."""
    for file in workflows.files:
        if isinstance(file.document, Unreadable):
            place = Location(path=file.path, line=file.document.line or None, column=file.document.column or None)
            runs = False if file.document.reason is None else None
            why = f"GitHub rejects the file: {file.document.message}" if runs is False else file.document.message
            yield Filtered(path=file.path, event="", starts=runs, why=why, location=place)
            continue
        for trigger in read(file).triggers:
            if trigger.event in FILTERED_EVENTS:
                yield _of(file.path, trigger, changed)


def _of(path: str, trigger: Trigger, changed: str) -> Filtered:
    patterns = trigger.paths or trigger.paths_ignore
    if patterns is None:
        place = location(path, trigger.key)
        why = "it has no filter of paths"
        return Filtered(path=path, event=trigger.event, starts=True, why=why, location=place, filtered=False)
    starts, why = _judged(trigger, patterns, changed)
    return Filtered(path=path, event=trigger.event, starts=starts, why=why, location=location(path, patterns.key))


def _judged(trigger: Trigger, patterns: Patterns, changed: str) -> tuple[bool | None, str]:
    if trigger.paths is not None and trigger.paths_ignore is not None:
        return None, "it has both `paths` and `paths-ignore`, which GitHub does not allow together"
    try:
        pattern = compile_globs(patterns.values, "actions").which(changed)
    except GlobError as error:
        return None, f"a pattern of `{patterns.key.text}` cannot be read: {error}"
    if pattern is None:
        return patterns is trigger.paths_ignore, f"no pattern of `{patterns.key.text}` matches it"
    if patterns is trigger.paths_ignore:
        return False, f"`{pattern}` of `paths-ignore` leaves it out, unless another path changes as well"
    taken_out = pattern.startswith("!")
    return not taken_out, f"`{pattern}` of `paths` {'takes it out' if taken_out else 'lets it in'}"
