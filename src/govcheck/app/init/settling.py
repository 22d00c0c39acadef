"""From a proposal to a policy that holds today, by asking the engine value by value."""

from collections.abc import Iterator

from govcheck.app.init.proposal import Ladder, Members, Proposal, Settled, Stricter
from govcheck.app.init.trying import Trial
from govcheck.errors import PolicyError
from govcheck.findings import Json, Outcome
from govcheck.report import PolicyResult
from govcheck.reporters.wording import place, said

_MOST_REASONS = 3
"""Of a list's members: the others are counted."""


def settle(proposal: Proposal, trial: Trial) -> Settled:
    """The strictest values that hold, and what would be stricter."""
    base: dict[str, Json] = {"kind": proposal.kind, "id": proposal.id, "why": proposal.why, **proposal.fixed}
    if proposal.declared:
        return Settled(proposal=proposal, keys=base)
    keys, comments, stricter = dict(base), {}, list[Stricter]()
    for tried in proposal.tried:
        found, missed = _ladder(keys, tried, trial) if isinstance(tried, Ladder) else _members(keys, tried, trial)
        stricter += missed
        if found is not None:
            keys[tried.key] = found
            comments[tried.key] = tried.why
    holds = keys != base if proposal.tried else _holds(_judged(keys, trial))
    return Settled(
        proposal=proposal, keys=keys if holds else {}, comments=comments if holds else {}, stricter=tuple(stricter)
    )


def _ladder(keys: dict[str, Json], ladder: Ladder, trial: Trial) -> tuple[Json, list[Stricter]]:
    missed: list[Stricter] = []
    for rung in ladder.rungs:
        result = _judged({**keys, ladder.key: rung}, trial)
        if _holds(result):
            return rung, missed[-1:]
        if result is not None and result.outcome is not Outcome.NOT_APPLICABLE:
            missed.append(_missed(ladder.key, rung, result))
    return None, missed[-1:]


def _members(keys: dict[str, Json], tried: Members, trial: Trial) -> tuple[Json, list[Stricter]]:
    results = [(member, _judged({**keys, tried.key: [member]}, trial)) for member in tried.members]
    good: list[Json] = [member for member, result in results if _holds(result)]
    missed = [
        (member, _missed(tried.key, [member], result)) for member, result in results if result and not _holds(result)
    ]
    return good or None, _together(tried.key, good, missed)


def _together(key: str, good: list[Json], missed: list[tuple[Json, Stricter]]) -> list[Stricter]:
    """One line with the whole list: taken as it is, it replaces the line above it."""
    if not missed:
        return []
    reasons = list(dict.fromkeys(one.told for _, one in missed))
    return [
        Stricter(
            key=key,
            value=[*good, *(member for member, _ in missed)],
            reason="; ".join(reasons[:_MOST_REASONS]),
            more=max(0, len(reasons) - _MOST_REASONS),
            untold=all(one.untold for _, one in missed),
        )
    ]


def _judged(keys: dict[str, Json], trial: Trial) -> PolicyResult | None:
    try:
        return trial.hold(keys)
    except PolicyError:  # a name that no policy can say, such as one that is no glob: it cannot be proposed
        return None


def _holds(result: PolicyResult | None) -> bool:
    return result is not None and result.outcome is Outcome.PASS


def _missed(key: str, value: Json, result: PolicyResult) -> Stricter:
    reasons = list(_reasons(result))
    first = reasons[0] if reasons else "it does not hold today"
    more = max(0, len(reasons) - 1)
    return Stricter(key=key, value=value, reason=first, more=more, untold=result.outcome is Outcome.UNKNOWN)


def _reasons(result: PolicyResult) -> Iterator[str]:
    for found in result.findings:
        if found.finding.severity != "note":
            where = place(found.finding.location)
            yield said(found.finding.message) + (f" ({where})" if where and found.finding.location.path else "")
    for unknown in result.unknowns:
        yield said(unknown.undecided.message)
