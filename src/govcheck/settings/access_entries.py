"""What keys, webhooks and invitations are like, held to what is wanted of them, one by one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from govcheck.constraints import SetBound, SetConstraint, allowed_members, demanded_members, words
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Finding, Fix, Json, Undecided
from govcheck.records import frozen
from govcheck.settings import durations
from govcheck.settings.access import entries, location
from govcheck.settings.answers import unparseable
from govcheck.settings.deploy_keys import DeployKey, is_fingerprint, read_key
from govcheck.settings.invitations import Invitation, read_invitation
from govcheck.settings.members import named_as
from govcheck.settings.reading import answer_of
from govcheck.settings.registry import Setting
from govcheck.settings.webhooks import Webhook, read_webhook

Told = Iterator[Finding | Undecided]


@frozen
class Listed:
    """One of these lists, as it is live."""

    setting: Setting
    live: LiveAnswers

    def finding(self, aspect: str, subject: str, message: str, do: str, *, actual: Json = None) -> Finding:
        """What is not as wanted; `aspect` is the policy's key below the list's, empty for the list itself."""
        return Finding(
            control=f"{self.setting.key}.{aspect}" if aspect else self.setting.key,
            subject=subject,
            message=message,
            plane="live",
            location=location(self.setting, self.live),
            actual=actual,
            direction="weakened",
            fix=Fix(text=f"{do}, or change the policy"),
        )


def keys(
    listed: Listed, now: datetime, *, may_write: bool, max_age: timedelta | None, wanted: SetConstraint | None
) -> Told:
    """Deploy keys."""
    found, untold = entries(listed.setting, listed.live, read_key)
    yield from untold
    for key in found:
        if key.writes and not may_write:
            message = f"{_called(key)} may push, where the policy wants keys that only read"
            yield listed.finding("write", key.name, message, "Replace it by one that only reads", actual="write")
        if max_age is not None and now - key.created_at > max_age:
            age = f"{(now - key.created_at).days} days old"
            message = f"{_called(key)} is {age}, where the policy wants keys of at most {durations.days(max_age)}"
            yield listed.finding("max_age", key.name, message, "Replace it by a new one", actual=age)
    if wanted is not None:
        yield from _named_keys(listed, found, wanted, whole=not untold)


def _named_keys(listed: Listed, found: Sequence[DeployKey], wanted: SetConstraint, *, whole: bool) -> Told:
    allowed, demanded = allowed_members(wanted), demanded_members(wanted)
    titles = Counter(key.title for key in found)
    names = {key.name for key in found} | {title for title in titles if not is_fingerprint(title)}
    for key in found if allowed is not None else ():
        by_title = not is_fingerprint(key.title) and key.title in (allowed or ())
        if key.name not in (allowed or ()) and not (by_title and titles[key.title] == 1):
            same = f"is one of {titles[key.title]} keys of that title: only a fingerprint tells them apart"
            told = same if by_title else "is not among those that the policy names"
            yield listed.finding("", key.name, f"{_called(key)} {told}", "Take it away", actual=key.title)
    for name in sorted(demanded - names) if whole else ():
        yield listed.finding("", name, f"there is no deploy key {name}, which the policy wants", f"Add {name}")


def _called(key: DeployKey) -> str:
    used = f"last used on {key.last_used}" if key.last_used else "never used as far as GitHub tells"
    state = "" if key.enabled else ", switched off by the organisation"
    return f"the deploy key {key.title!r} ({used}{state})"


def webhooks(listed: Listed, *, secret: bool, tls: bool, hosts: SetBound | None, inactive: bool, failing: bool) -> Told:
    """Webhooks; the flags say what is required (`secret`, `tls`) and what is allowed (`inactive`, `failing`)."""
    found, untold = entries(listed.setting, listed.live, read_webhook)
    yield from untold
    for hook in found:
        name = f"the webhook {hook.name}"
        if secret and not hook.secret:
            message = f"{name} has no secret, so that its receiver cannot tell whether GitHub sent what comes"
            yield listed.finding("secret", hook.name, message, "Give it a secret", actual="no secret")
        if tls and not hook.tls:
            yield listed.finding("tls", hook.name, f"{name} {_open(hook)}", "Give it an https address and verification")
        if not inactive and not hook.active:
            yield listed.finding("inactive", hook.name, f"{name} is switched off", "Take it away, or switch it on")
        if not failing and hook.active and hook.failing:
            message = f"the last delivery of {name} failed: {hook.failing}"
            yield listed.finding("failing", hook.name, message, "Mend its receiver, or take it away")
    if hosts is not None:
        yield from _hosts(listed, found, hosts, whole=not untold)


def _open(hook: Webhook) -> str:
    if not hook.address.startswith("https://"):
        return "has no https address, so that what it sends can be read on the way"
    return "does not verify the certificate of its receiver, so that anybody can pose as it"


def _hosts(listed: Listed, found: Sequence[Webhook], wanted: SetBound, *, whole: bool) -> Told:
    allowed = allowed_members(wanted)
    for hook in found if allowed is not None else ():
        if hook.host not in (allowed or ()):
            message = f"the webhook {hook.name} sends to {hook.host or 'nobody knows whom'}"
            told = f"{message}, where the policy wants {words(wanted)}"
            yield listed.finding("hosts", hook.name, told, "Take it away", actual=hook.host)
    for host in sorted(demanded_members(wanted) - {hook.host for hook in found}) if whole else ():
        message = f"no webhook sends to {host}, where the policy wants {words(wanted)}"
        yield listed.finding("hosts", host, message, f"Add a webhook to {host}")


def invitations(listed: Listed, *, pending: bool, expired: bool, wanted: SetConstraint | None) -> Told:
    """Invitations; the flags say what is allowed."""
    found, untold = entries(listed.setting, listed.live, read_invitation)
    yield from untold
    for one in found:
        since = f" of {one.created_on}" if one.created_on else ""
        name = f"the invitation{since} of {one.invitee} to the role {one.role}"
        if one.expired is None and pending != expired:
            trouble = unparseable(answer_of(listed.setting.endpoint, listed.live), f"{name} does not say if it expired")
            yield trouble.undecided(
                listed.setting.key, one.invitee, trouble.message, location(listed.setting, listed.live)
            )
        elif one.expired and not expired:
            yield listed.finding("expired", one.invitee, f"{name} has expired", "Take it back", actual=one.role)
        elif not one.expired and not pending:
            yield listed.finding("pending", one.invitee, f"{name} is open", "Take it back", actual=one.role)
        if wanted is not None and not _is_named(one, wanted):
            message = f"{name} is not among those that the policy names"
            yield listed.finding("", one.invitee, message, "Take it back", actual=one.role)


def _is_named(one: Invitation, wanted: SetConstraint) -> bool:
    allowed = allowed_members(wanted) or frozenset()
    live = named_as([f"{one.invitee}={one.role}"], allowed, folded=True)
    return live.keys() <= allowed
