"""Who may be told: what the repository's `notification-recipients` policies allow govcheck itself to send to."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from govcheck.actions.recipients import Recipient
from govcheck.findings import Finding, Fix, Location
from govcheck.policy import LoadedPolicy
from govcheck.records import frozen
from govcheck.report import ReportedFinding
from govcheck.rules.notification_recipients import NotificationRecipients
from govcheck.services.recipient_lists import is_allowed
from govcheck.services.telling_hours import is_quiet
from govcheck.telling.news import Reader


@frozen
class Sending:
    """What govcheck is asked to send to."""

    reader: Reader
    url: str = ""
    """Of a webhook: its address, of which no text has more than the host."""


def refusals(policies: Sequence[LoadedPolicy], sending: Sending) -> tuple[ReportedFinding, ...]:
    """The findings that forbid it: one for each policy that lists who may be told and does not list this one.

    Args:
        policies: All of the repository.
        sending: To whom.
    """
    listing = [loaded for loaded in _recipients(policies) if _of(loaded).allow is not None]
    return tuple(_refused(loaded, sending) for loaded in listing if not _allows(_of(loaded), sending))


def lists_anybody(policies: Sequence[LoadedPolicy]) -> bool:
    """Whether any policy says who may be told; where none does, nobody may."""
    return any(_of(loaded).allow is not None for loaded in _recipients(policies))


def readers(policies: Sequence[LoadedPolicy]) -> Iterator[Reader]:
    """Those whom the policies themselves want to be told by mail."""
    for loaded in _recipients(policies):
        tell = _of(loaded).tell
        if tell is None:
            continue
        yield from (Reader(channel="mail", address=address) for address in tell.mail)
        if tell.escalate is not None:
            after = tell.escalate.after
            for address in tell.escalate.mail:
                yield Reader(channel="mail", address=address, from_start=False, escalate_after=after)


def reminded_after(policies: Sequence[LoadedPolicy]) -> int | None:
    """After how many sweeps everybody is told again, where an escalation names nobody; None for never."""
    tells = (_of(loaded).tell for loaded in _recipients(policies))
    every = [tell.escalate.after for tell in tells if tell and tell.escalate and not tell.escalate.mail]
    return min(every, default=None)


def quiet_by(policies: Sequence[LoadedPolicy], now: datetime) -> str | None:
    """The id of a policy whose quiet hours these are; None where nothing keeps anybody from telling."""
    return next((loaded.policy.id for loaded in _recipients(policies) if is_quiet(_of(loaded).tell, now)), None)


def _recipients(policies: Iterable[LoadedPolicy]) -> list[LoadedPolicy]:
    return [loaded for loaded in policies if isinstance(loaded.policy, NotificationRecipients)]


def _of(loaded: LoadedPolicy) -> NotificationRecipients:
    if not isinstance(loaded.policy, NotificationRecipients):
        raise TypeError(f"{loaded.policy.id} is of another kind")
    return loaded.policy


def _allows(policy: NotificationRecipients, sending: Sending) -> bool:
    return policy.allow is not None and any(is_allowed(policy.allow, one) for one in _meant(sending))


def _meant(sending: Sending) -> Iterator[Recipient]:
    address = sending.reader.address
    if sending.reader.channel == "mail":
        domain = address.rpartition("@")[2].lower()
        yield Recipient(kind="email", value=address, wanted="email", known=domain, line=0, column=0)
        return
    yield Recipient(kind="secret", value=address, wanted="webhook", line=0, column=0)
    if sending.url:
        host = (urlsplit(sending.url).hostname or "").lower()
        yield Recipient(kind="webhook", value=sending.url, wanted="webhook", known=host, line=0, column=0)


def _refused(loaded: LoadedPolicy, sending: Sending) -> ReportedFinding:
    address = sending.reader.address
    key = "email" if sending.reader.channel == "mail" else "secret"
    return ReportedFinding(
        policy=loaded,
        finding=Finding(
            control="recipient",
            subject=address if key == "email" else f"secret:{address}",
            message=f"govcheck notify is asked to send to {address}, which the policy does not allow",
            plane="repo",
            location=Location(path=loaded.path, line=loaded.line),
            fix=Fix(text=f"if it may be told, add `{address}` to `allow.{key}`"),
        ),
    )
