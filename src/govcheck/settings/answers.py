"""What one answer of the API means. The status never decides alone: the message does.

The messages are GitHub's own, as they were seen; where the table has none, an answer that is not a document is an
unknown, never "off".
"""

from enum import StrEnum

from govcheck.facts.live import Answer
from govcheck.findings import Location, Reason, Undecided
from govcheck.records import frozen


class State(StrEnum):
    """The six things that an answer can come to."""

    ON = "on"
    """There is a document, or a 204 that means yes."""

    OFF = "off"
    """GitHub says that the thing is not set."""

    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"
    """The account's plan cannot enforce it: so it is not enforced."""

    MISSING_BRANCH = "missing-branch"
    EMPTY = "empty"
    """The thing is set up, and there is nothing in it yet."""


@frozen(kw_only=True)
class Trouble:
    """Why something could not be told; all that an `Undecided` needs but its control and subject."""

    reason: Reason
    message: str
    """One sentence without a full stop."""

    permission: str | None = None
    endpoint: str | None = None
    status: int | None = None
    grantable: bool = True

    def undecided(self, control: str, subject: str, message: str, location: Location) -> Undecided:
        """This trouble as what a check says."""
        return Undecided(
            control=control,
            subject=subject,
            reason=self.reason,
            message=message,
            permission=self.permission,
            endpoint=self.endpoint,
            status=self.status,
            location=location,
            grantable=self.grantable,
        )


def hidden(answer: Answer, what: str, permission: str | None = None) -> Trouble:
    """A part of a document that GitHub leaves out for whoever may not see it."""
    return Trouble(
        reason=Reason.PERMISSION,
        message=f"{answer.endpoint}: {what}",
        permission=permission or answer.permission,
        endpoint=answer.endpoint,
        status=answer.status,
        grantable=answer.grantable,
    )


@frozen
class Verdict:
    """What an answer means."""

    state: State
    trouble: Trouble | None = None
    """Set where, and only where, the state is unknown."""


@frozen
class _Known:
    """One message of GitHub's and what it means."""

    statuses: frozenset[int]
    message: str
    """How the message begins."""

    state: State
    reason: Reason | None = None
    """Set where the state is unknown."""

    endpoint: str = ""
    """What the endpoint has in it; an "off" counts only where GitHub was seen to say it."""


_PERMISSION = Reason.PERMISSION
_MUST_PUSH = "Must have push access"
_FORBIDDEN = frozenset({403})
_NOT_FOUND = frozenset({404})
_TOO_MANY = frozenset({403, 429})

_MESSAGES: tuple[_Known, ...] = (
    _Known(_NOT_FOUND, "Branch not protected", State.OFF, endpoint="/protection"),
    _Known(_NOT_FOUND, "Branch not found", State.MISSING_BRANCH, endpoint="/branches/"),
    _Known(_NOT_FOUND, "Required status checks not enabled", State.OFF, endpoint="/protection/"),
    _Known(_NOT_FOUND, "Push restrictions not enabled", State.OFF, endpoint="/protection/"),
    _Known(_NOT_FOUND, "Vulnerability alerts are disabled.", State.OFF, endpoint="/vulnerability-alerts"),
    _Known(frozenset({422}), "Vulnerability alerts must be enabled", State.OFF, endpoint="/automated-security-fixes"),
    _Known(_FORBIDDEN, "Dependabot alerts are disabled for this", State.OFF, endpoint="/dependabot/alerts"),
    _Known(_FORBIDDEN, "Dependabot alerts are not available for archived", State.OFF, endpoint="/dependabot/alerts"),
    _Known(_NOT_FOUND, "Secret scanning is disabled on this", State.OFF, endpoint="/secret-scanning/"),
    _Known(_FORBIDDEN, "Code scanning is not enabled for this", State.OFF, endpoint="/code-scanning/"),
    _Known(_FORBIDDEN, "Advanced Security must be enabled", State.UNAVAILABLE),
    _Known(_FORBIDDEN, "Code Security must be enabled", State.UNAVAILABLE),
    _Known(_FORBIDDEN, "Upgrade to GitHub ", State.UNAVAILABLE),
    _Known(_NOT_FOUND, "no analysis found", State.EMPTY, endpoint="/code-scanning/"),
    _Known(frozenset({409}), "Git Repository is empty.", State.EMPTY),
    _Known(_FORBIDDEN, "Resource not accessible by ", State.UNKNOWN, _PERMISSION),
    _Known(_FORBIDDEN, "Must have admin rights", State.UNKNOWN, _PERMISSION),
    _Known(_FORBIDDEN, _MUST_PUSH, State.UNKNOWN, _PERMISSION),
    _Known(_FORBIDDEN, "You need to be a member", State.UNKNOWN, _PERMISSION),
    _Known(_TOO_MANY, "You have exceeded a secondary rate limit", State.UNKNOWN, Reason.RATE_LIMITED),
    _Known(_TOO_MANY, "API rate limit exceeded", State.UNKNOWN, Reason.RATE_LIMITED),
)
"""Seen texts, gathered from recordings and issues of many projects; `docs/` of GitHub names few of them."""

_BY_STATUS = {
    401: Reason.API_ERROR,
    403: Reason.PERMISSION,
    404: Reason.PERMISSION,
    429: Reason.RATE_LIMITED,
}
"""Without a message that is known: GitHub answers 404 in place of 403 for what a token may not see, and 401 where the
token itself is not valid: then no permission would help."""

_BY_FAILURE = {
    "rate-limited": Reason.RATE_LIMITED,
    "not-json": Reason.UNPARSEABLE,
    "no-token": Reason.PERMISSION,
    "no-repository": Reason.MISSING_OBJECT,
}

_OK = 200
_NO_CONTENT = 204


def verdict(answer: Answer) -> Verdict:
    """What the answer means, by its status and its message."""
    if answer.status == _NO_CONTENT:
        return Verdict(State.ON)
    if answer.status == _OK:
        return _document(answer)
    if answer.status is None or answer.failure == "no-repository":
        return Verdict(State.UNKNOWN, _trouble(answer, _BY_FAILURE.get(answer.failure or "", Reason.API_ERROR)))
    known = next((known for known in _MESSAGES if _says(answer, known)), None)
    if known is None:
        return Verdict(State.UNKNOWN, _trouble(answer, _BY_STATUS.get(answer.status, Reason.API_ERROR)))
    if known.state is State.UNKNOWN:
        return Verdict(State.UNKNOWN, _trouble(answer, known.reason or Reason.API_ERROR))
    return Verdict(known.state)


def unparseable(answer: Answer, what: str) -> Trouble:
    """A document that is not of the shape that GitHub documents."""
    return Trouble(
        reason=Reason.UNPARSEABLE,
        message=f"{answer.endpoint}: {what}",
        endpoint=answer.endpoint,
        status=answer.status,
        grantable=answer.grantable,
    )


def incomplete(answer: Answer) -> Trouble:
    """A list whose later pages could not be had."""
    why = f": {answer.message}" if answer.message else ""
    reason = _BY_FAILURE.get(answer.failure or "", Reason.API_ERROR)
    return _trouble(answer, reason, f"{answer.endpoint}: later pages of the list could not be read{why}")


def _document(answer: Answer) -> Verdict:
    if answer.body is None:
        return Verdict(State.UNKNOWN, unparseable(answer, "the answer is not JSON"))
    return Verdict(State.ON)


def _says(answer: Answer, known: _Known) -> bool:
    return (
        answer.status in known.statuses
        and answer.message.startswith(known.message)
        and known.endpoint in answer.endpoint
    )


def _trouble(answer: Answer, reason: Reason, message: str | None = None) -> Trouble:
    permission = answer.permission if reason is Reason.PERMISSION else None
    if permission is not None and answer.message.startswith(_MUST_PUSH):
        permission = "push access"  # the right of a person, which no permission of a token stands for
    return Trouble(
        reason=reason,
        message=message or _words(answer),
        permission=permission,
        endpoint=answer.endpoint,
        status=answer.status,
        grantable=answer.grantable or reason is not Reason.PERMISSION,
    )


def _words(answer: Answer) -> str:
    said = answer.message or answer.failure or "no message"
    if answer.failure == "no-repository":
        return said
    if answer.status is None:
        return f"{answer.endpoint} could not be read: {said}"
    return f"{answer.endpoint} answered {answer.status}: {said}"
