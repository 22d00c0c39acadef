"""The order of a workflow's jobs, by what they need."""

from collections import deque
from collections.abc import Iterable
from functools import lru_cache

from govcheck.actions.workflow import Job, text


def in_order(jobs: Iterable[Job]) -> tuple[tuple[Job, ...], tuple[Job, ...]]:
    """Jobs so that each comes after those that it needs; and those that never can start (a cycle, an unknown id)."""
    return _in_order(tuple(jobs))


@lru_cache(maxsize=1024)
def _in_order(jobs: tuple[Job, ...]) -> tuple[tuple[Job, ...], tuple[Job, ...]]:
    by_id = {job.id.casefold(): job for job in jobs}
    open_needs = {id_: {text(need).casefold() for need in job.needs} for id_, job in by_id.items()}
    dependents: dict[str, list[str]] = {}
    for id_, needs in open_needs.items():
        for need in needs:
            dependents.setdefault(need, []).append(id_)
    ready = deque(id_ for id_, needs in open_needs.items() if not needs)
    ordered: list[Job] = []
    while ready:
        id_ = ready.popleft()
        ordered.append(by_id[id_])
        for dependent in dependents.get(id_, ()):
            open_needs[dependent].discard(id_)
            if not open_needs[dependent]:
                ready.append(dependent)
    return tuple(ordered), tuple(by_id[id_] for id_, needs in open_needs.items() if needs)
