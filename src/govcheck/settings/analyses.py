"""When code scanning last analysed the default branch: what it did not look at for long, it finds nothing in.

Source: https://docs.github.com/en/rest/code-scanning/code-scanning#list-code-scanning-analyses-for-a-repository
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from govcheck.facts.live import Answer
from govcheck.findings import Evidence, Finding, Fix, Held, Location, Undecided
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, unparseable, verdict
from govcheck.settings.bodies import UnexpectedShapeError, instant, objects_of, text

_CONTROL = "code_scanning.analysed_within"
_SUBJECT = "repository"


@frozen(kw_only=True)
class Newest:
    """The newest analysis of the default branch."""

    at: datetime | None = None
    """None where there is none that counts."""

    words: str = ""
    """Which one it is; where there is none, why not."""

    trouble: Trouble | None = None


def newest(answer: Answer) -> Newest:
    """The newest analysis that was not refused, by the first page of GitHub's list, which begins with it."""
    judged = verdict(answer)
    if judged.trouble is not None:
        return Newest(trouble=judged.trouble)
    if judged.state is not State.ON:
        return Newest(words=f'GitHub says "{answer.message.rstrip(".")}"')
    try:
        listed = objects_of(answer.body, "analyses")
        good = [(instant(text(one, "created_at")), one) for one in listed if not text(one, "error")]
    except UnexpectedShapeError as error:
        return Newest(trouble=unparseable(answer, str(error)))
    if good:
        at, one = max(good, key=lambda pair: pair[0])
        return Newest(at=at, words=f"by {text(one, 'tool.name') or 'a tool'} on {at:%Y-%m-%d}")
    said = (text(one, "error") for one in listed)
    return Newest(words=f'the newest of them ended in an error: "{next(said, "")}"' if listed else "there is none")


def judged_age(
    answer: Answer, within: str, span: timedelta, now: datetime, place: Location
) -> Iterator[Finding | Undecided | Held]:
    """That the default branch was analysed within a span of time, which `within` has in the policy's words."""
    found = newest(answer)
    wanted = f"where the policy wants one within {within}"
    if found.trouble is not None:
        message = f"when code scanning last analysed the default branch could not be told, {wanted}"
        yield found.trouble.undecided(_CONTROL, _SUBJECT, f"{message}: {found.trouble.message}", place)
    elif found.at is None:
        message = f"code scanning has no analysis of the default branch, {wanted}: {found.words}"
        yield _finding(message, within, "none", place)
    elif now - found.at > span:
        age = f"{max(0, (now - found.at).days)} days old"
        message = f"the newest analysis of the default branch is {age}, {wanted}"
        yield _finding(message, within, age, place, (Evidence(text=f"it was made {found.words}"),))
    else:
        yield Held(control=_CONTROL, subject=_SUBJECT, message=f"analysed {found.words}", location=place)


def _finding(message: str, within: str, actual: str, place: Location, evidence: tuple[Evidence, ...] = ()) -> Finding:
    return Finding(
        control=_CONTROL,
        subject=_SUBJECT,
        message=message,
        plane="live",
        location=place,
        expected=within,
        actual=actual,
        direction="weakened",
        fix=Fix(text="Let code scanning run on the default branch, or change the policy"),
        evidence=evidence,
    )
