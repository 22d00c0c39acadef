"""What stood in the way of an answer, and documents taken apart without trust in their shape."""

from collections.abc import Mapping

from govcheck.facts.live import Answer
from govcheck.findings import Json, Location, Reason, Undecided

_REASONS = {401: Reason.PERMISSION, 403: Reason.PERMISSION, 404: Reason.MISSING_OBJECT, 429: Reason.RATE_LIMITED}


def undecided(answer: Answer, service: str, control: str, subject: str, message: str = "") -> Undecided:
    """That something could not be told by this answer.

    Args:
        answer: What came.
        service: Who was asked, for people.
        control: Of what.
        subject: Of whom.
        message: What is odd about an answer that came; where none is given, the refusal is told.
    """
    reason = Reason.UNPARSEABLE if message or answer.failure == "not-json" else Reason.API_ERROR
    if not message:
        status = f"answered {answer.status}" if answer.status is not None else "did not answer"
        if answer.failure == "refused":
            status = "refused the query"
        message = f"{service} {status}" + (f": {answer.message}" if answer.message else "")
        reason = _REASONS.get(answer.status or 0, reason)
    return Undecided(
        control=control,
        subject=subject,
        reason=reason,
        message=message,
        permission=answer.permission if reason is Reason.PERMISSION else None,
        endpoint=answer.endpoint,
        status=answer.status,
        location=Location(setting=f"{service}/{subject}"),
    )


def member(value: Json, *names: str) -> Json:
    """What stands under these keys, one below the other; None where anything on the way is no object."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def entries(value: Json) -> list[Mapping[str, Json]] | None:
    """A list of objects; None where it is anything else."""
    if not isinstance(value, list):
        return None
    found = [one for one in value if isinstance(one, dict)]
    return [*found] if len(found) == len(value) else None


def word(value: Json) -> str:
    """A text; empty where it is anything else."""
    return value if isinstance(value, str) else ""
