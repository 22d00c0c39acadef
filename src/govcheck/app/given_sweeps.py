"""The sweeps that a test of a policy gives, kept in a store as sweeps keep them."""

from datetime import datetime
from pathlib import Path

from govcheck import snapshot
from govcheck.policy_tests.given import instant
from govcheck.policy_tests.given_parts import GivenSweeps
from govcheck.report import Phase, Report, Stage
from govcheck.store.opening import open_store


def keep_sweeps(folder: str, repository: str, sweeps: GivenSweeps) -> None:
    """Keeps a snapshot of each sweep, the oldest first: of when it was, and of nothing that it saw.

    Raises:
        GovcheckError: where the store cannot be written.
    """
    given = {Phase.STARTUP: sweeps.startup, Phase.SHUTDOWN: sweeps.shutdown, Phase.ADHOC: sweeps.adhoc}
    ended = {phase: at for phase, written in given.items() if (at := instant(written)) is not None}
    store = open_store(folder, Path(folder))
    for phase, at in sorted(ended.items(), key=lambda one: one[1]):
        store.add(snapshot.build(_report(repository, phase, at)))
    store.close()


def _report(repository: str, phase: Phase, at: datetime) -> Report:
    return Report(
        repository=repository,
        stage=Stage.SWEEP,
        phase=phase,
        commit=None,
        policies_from="a test of a policy",
        started_at=at,
        finished_at=at,
        results=(),
        exit_code=0,
    )
