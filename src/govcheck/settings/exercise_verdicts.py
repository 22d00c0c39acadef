"""Whether a way back was exercised lately, and whether it was fast enough."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from govcheck.findings import Evidence, Finding, Fix, Location, Reason, Undecided
from govcheck.records import frozen
from govcheck.settings import durations
from govcheck.settings.exercises import Exercise, Exercises


@frozen(kw_only=True)
class Asked:
    """What is asked of the ways back from one deploy."""

    subject: str
    place: Location
    now: datetime
    exercised_within: str | None
    """As policies write it; None where nobody asks."""

    within: str | None
    """As policies write it; None where nobody asks."""


def judged(asked: Asked, found: Sequence[Exercises]) -> Iterator[Finding | Undecided]:
    """Everything that is not as it was asked. One of several ways is enough.

    Args:
        asked: What is asked.
        found: What is known of each way back; at least one.
    """
    last = max((each.last for each in found if each.last is not None), key=lambda each: each.at, default=None)
    yield from _recently(asked, found, last)
    yield from _fast(asked, found, last)


def _recently(asked: Asked, found: Sequence[Exercises], last: Exercise | None) -> Iterator[Finding | Undecided]:
    limit = durations.parse(asked.exercised_within or "")
    if last is not None and (limit is None or asked.now - last.at <= limit):
        return
    doubtful = next((each for each in found if each.doubt(asked.now, limit)), None)
    if doubtful is not None:
        message = f"when {doubtful.by} was last exercised cannot be told: {doubtful.doubt(asked.now, limit)}"
        yield _undecided(asked, "exercised", message, doubtful)
    elif limit is not None:
        yield _stale(asked, found, last)


def _stale(asked: Asked, found: Sequence[Exercises], last: Exercise | None) -> Finding:
    age = (asked.now - last.at).days if last is not None else None
    message = f"the way back was never exercised: no run of {' and '.join(each.by for each in found)} succeeded"
    if last is not None:
        message = f"the way back was last exercised {age} days ago, by {last.by}"
    return Finding(
        control="exercised",
        subject=asked.subject,
        message=message,
        plane="live",
        location=Location(url=last.url) if last is not None else asked.place,
        expected=asked.exercised_within,
        actual=f"{age}d" if age is not None else None,
        fix=Fix(text=f"run {found[-1].by} once, and see that it works"),
        evidence=(*(Evidence(text=f"{each.by}: {each.said}") for each in found), *_asked(found)),
    )


def _fast(asked: Asked, found: Sequence[Exercises], last: Exercise | None) -> Iterator[Finding | Undecided]:
    longest = durations.parse(asked.within or "")
    if longest is None:
        return
    if last is None or last.took is None:
        troubled = next((each for each in found if each.trouble is not None), None)
        why = "no run of one is known" if troubled is None else troubled.unclear
        message = f"whether a rollback takes no longer than {asked.within} cannot be told: {why}"
        yield _undecided(asked, "duration", message, troubled)
    elif last.took > longest:
        yield Finding(
            control="duration",
            subject=asked.subject,
            message=f"the last rollback by {last.by} took {durations.show(last.took)}, longer than {asked.within}",
            plane="live",
            location=Location(url=last.url),
            expected=asked.within,
            actual=durations.show(last.took),
            evidence=_asked(found),
        )


def _asked(found: Sequence[Exercises]) -> tuple[Evidence, ...]:
    return tuple(Evidence(text=text) for text in dict.fromkeys(each.asked for each in found) if text)


def _undecided(asked: Asked, control: str, message: str, found: Exercises | None = None) -> Undecided:
    if found is not None and found.trouble is not None:
        return found.trouble.undecided(control, asked.subject, message, asked.place)
    return Undecided(
        control=control,
        subject=asked.subject,
        reason=Reason.MISSING_OBJECT,
        message=message,
        location=asked.place,
    )
