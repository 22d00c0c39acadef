"""From what the engine said to the report."""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from govcheck.app.policies import PolicySet
from govcheck.app.policy_folders import Written
from govcheck.app.world import instant
from govcheck.facts import Facts
from govcheck.records import field, frozen
from govcheck.report import (
    Coverage,
    Drift,
    FailOn,
    OnUnknown,
    Phase,
    PolicyResult,
    Report,
    Stage,
    exit_code,
)

stop_watch = time.perf_counter
"""What the engine times policies with."""


@frozen(kw_only=True)
class Run:
    """What a report says of the run itself."""

    stage: Stage
    started: datetime
    commit: str | None
    """The commit that is judged."""

    policies: PolicySet
    written: Callable[[], tuple[Written, ...]]
    """Reads the policy files, for excerpts and recordings."""

    facts: Facts
    moment: datetime
    """The instant that it judges by."""

    remembered: Callable[[Collection[str | None]], Mapping[str, str]] = field(default_factory=lambda: no_texts)
    """Text of files by path, of those that policies were judged by that are only remembered."""

    waivers: tuple[Written, ...] = ()
    """The files of waivers that count; at `ci` the base's."""

    git_dir: str | None = None
    """Where a run may keep what saves the next one time."""

    repository: str | None = None
    phase: Phase | None = None
    notes: tuple[str, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    drift: Drift | None = None


def no_texts(_: Collection[str | None]) -> Mapping[str, str]:
    """That nothing is remembered."""
    return {}


def build(run: Run, results: tuple[PolicyResult, ...], *, fail_on: FailOn, unknown: OnUnknown) -> Report:
    """The report of a run: what the engine said, and what of it is waived."""
    if run.waivers:
        from govcheck.app.waiving import waived  # noqa: PLC0415 - few repositories have any, and a hook has no time

        results = waived(results, run.waivers, run.git_dir, run.moment, run.stage)
    return Report(
        repository=run.repository,
        stage=run.stage,
        phase=run.phase,
        commit=run.commit,
        policies_from=run.policies.origin,
        started_at=run.started,
        finished_at=instant(None),
        results=results,
        coverage=run.coverage,
        drift=run.drift,
        notes=(*run.policies.notes, *run.notes),
        exit_code=exit_code(results, run.stage, fail_on=fail_on, unknown=unknown),
        fail_on=fail_on,
        on_unknown=unknown,
        sources=_sources(run, results),
    )


def _sources(run: Run, results: tuple[PolicyResult, ...]) -> Mapping[str, str]:
    """Text of the files that findings stand in, for excerpts; read only where there are findings."""
    if not any(result.findings or result.unknowns for result in results):
        return {}
    files = (*run.written(), *run.waivers)
    texts = {file.path: file.data.decode("utf-8", "replace") for file in files}
    from govcheck.facts.tree import Blobs, OwnPrograms  # noqa: PLC0415 - the hook seldom comes here
    from govcheck.facts.workflows import Workflows  # noqa: PLC0415 - see above

    named = {found.finding.location.path for result in results for found in result.findings}
    for answer in run.facts.answers.values():
        if isinstance(answer, Workflows):
            texts |= {file.path: file.text for file in answer.files}
            texts |= {action.path: action.text for action in answer.actions}
        elif isinstance(answer, Blobs | OwnPrograms):
            for path, data in answer.contents.items():
                if path in named and isinstance(data, bytes):
                    texts[path] = data.decode("utf-8", "replace")
    return {**texts, **run.remembered(named)}
