"""Whether a history hangs together: every sweep names the one before it by its content hash. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from govcheck.records import frozen
from govcheck.snapshot.summary import Summary
from govcheck.store.shelf import Tombstone

_SHOWN = 12


@frozen
class Link:
    """One whole snapshot of a chain."""

    where: str
    """In words that somebody can look for."""

    summary: Summary


@frozen
class Said:
    """Something about one place of a chain."""

    where: str
    what: str


@frozen(kw_only=True)
class Verdict:
    """What came of looking at every snapshot of a store."""

    snapshots: int
    """How many are whole."""

    pruned: int
    broken: tuple[Said, ...]
    remarks: tuple[Said, ...]
    """What somebody may want to know, and is no break."""


def in_order(summaries: Mapping[str, Summary]) -> list[str]:
    """Stems in the order in which they were kept: as they are linked, and by their time where nothing else tells."""
    stems = {summary.hash: stem for stem, summary in summaries.items()}
    done: dict[str, None] = {}
    for stem in sorted(summaries):
        waiting: list[str] = []
        at: str | None = stem
        while at is not None and at not in done and at not in waiting:
            waiting.append(at)
            at = stems.get(summaries[at].previous or "")
        done.update(dict.fromkeys(reversed(waiting)))
    return list(done)


def judged(
    links: Sequence[Link], tombstones: Mapping[str, Tombstone], damaged: Iterable[str]
) -> tuple[list[Said], list[Said]]:
    """What is broken between snapshots, and what is only worth a remark.

    Args:
        links: Every whole snapshot, in order.
        tombstones: What was pruned, by its hash.
        damaged: Beginnings of the hashes of snapshots that are there and not whole: they are told elsewhere.
    """
    known = {link.summary.hash: link for link in links}
    named = frozenset(damaged)
    begun = set[str]()
    broken: list[Said] = []
    remarks: list[Said] = []
    for link in links:
        previous = link.summary.previous
        is_first = link.summary.repository not in begun
        begun.add(link.summary.repository)
        if previous in known:
            remarks += _backwards(known[previous], link)
        elif previous is None:
            remarks += [] if is_first else [Said(link.where, "it begins a chain anew")]
        elif previous not in tombstones and previous[:_SHOWN] not in named:
            short = previous[:_SHOWN]
            if is_first or link.summary.form == 1:
                remarks.append(Said(link.where, f"it carries on from {short}, which is not in this store"))
            else:
                broken.append(
                    Said(link.where, f"what came before it, {short}, is not here, and no record says it was pruned")
                )
    return broken, [*remarks, *_forks(links)]


def _backwards(before: Link, after: Link) -> Iterator[Said]:
    if before.summary.finished_at > after.summary.finished_at:
        yield Said(after.where, f"it is older than the sweep before it ({before.where}): a clock was set back")


def _forks(links: Sequence[Link]) -> Iterator[Said]:
    followers = Counter(link.summary.previous for link in links if link.summary.previous is not None)
    for previous, count in followers.items():
        if count > 1:
            yield Said(previous[:_SHOWN], f"{count} sweeps follow it")
