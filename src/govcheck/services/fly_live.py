"""What Fly.io's answers about one app come to. What cannot be read in them is unknown, never well."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from govcheck.actions.calendar import Closed, Window, is_open
from govcheck.facts.live import Answer
from govcheck.facts.services import LiveFlyApp
from govcheck.findings import Finding, Fix, Json, Location, Undecided
from govcheck.services.answers import entries, member, undecided, word
from govcheck.settings import durations, instants

SERVICE = "Fly.io"
RELEASES_OF = timedelta(days=30)
_NOT_FOUND = 404
_WELL = frozenset({"passing"})
_AWAKE, _ASLEEP = frozenset({"started"}), frozenset({"stopped", "suspended"})
_GONE = frozenset({"destroyed", "destroying"})
_INSIDE = ("fdaa:", "fd")
_FINAL = frozenset({"failed"})

Said = Finding | Undecided


def existing(name: str, app: LiveFlyApp) -> Said | None:
    """None where the app is there."""
    if app.app.status == _NOT_FOUND:
        return Finding(
            control="apps",
            subject=name,
            message=f"{SERVICE} has no app {name}, or the token may not see it",
            plane="live",
            location=_place(name),
            fix=Fix(text="create it, or take it out of `apps`", command=f"fly apps create {name}"),
        )
    if not app.app.good or not isinstance(app.app.body, dict):
        return undecided(app.app, SERVICE, "apps", name)
    return None


def unwell(name: str, app: LiveFlyApp) -> Iterator[Said]:
    """Machines that do not run, and checks that do not pass."""
    machines = entries(app.machines.body) if app.machines.good else None
    if machines is None:
        yield _odd(app.machines, "healthy", name, "its machines are no list")
        return
    there = [one for one in machines if one.get("state") not in _GONE]
    awake = [one for one in there if one.get("state") in _AWAKE]
    asleep = [one for one in there if one.get("state") in _ASLEEP]
    if not awake and not asleep:
        states = ", ".join(sorted({word(one.get("state")) or "in no state" for one in there}))
        said = f"all of its {len(there)} machines are {states}" if there else "it has no machine"
        yield _finding("healthy", name, f"{name} does not run: {said}", command=f"fly status --app {name}")
    for machine in awake:
        yield from _unwell(name, machine, app.machines)


def _unwell(name: str, machine: Mapping[str, Json], answer: Answer) -> Iterator[Said]:
    subject = f"{name}/{word(machine.get('id')) or 'a machine'}"
    checks = machine.get("checks")
    listed = entries(checks) if checks is not None else []
    if listed is None:
        yield undecided(answer, SERVICE, "healthy", subject, "its checks are no list")
        return
    for check in listed:
        status = word(check.get("status"))
        if status not in _WELL:
            called = word(check.get("name")) or "without a name"
            yield _finding("healthy", subject, f"the check {called} of {subject} is {status or 'in no state'}")
    host = word(machine.get("host_status"))
    if host not in {"", "ok"}:
        yield _finding("healthy", subject, f"the host of {subject} is {host}")


def public(name: str, app: LiveFlyApp) -> Iterator[Said]:
    """Addresses of the outside."""
    listed = entries(member(app.addresses.body, "ips")) if app.addresses.good else None
    if app.addresses.good and member(app.addresses.body, "ips") is None and isinstance(app.addresses.body, dict):
        listed = []
    if listed is None:
        yield _odd(app.addresses, "private", name, "its addresses are no list")
        return
    for one in listed:
        address = word(one.get("ip"))
        if not address.lower().startswith(_INSIDE):
            yield _finding(
                "private",
                f"{name}/{address}",
                f"{name} is to be private, and has the public address {address or 'without a text'}",
                command=f"fly ips release {address} --app {name}",
            )


def releases(name: str, app: LiveFlyApp, window: Window | None, by: Sequence[str], now: datetime) -> Iterator[Said]:
    """Releases of the last 30 days that were made at another time, or by somebody else."""
    listed = entries(member(app.history.body, "data", "app", "releases", "nodes")) if app.history.good else None
    if listed is None:
        yield _odd(app.history, "released", name, "its releases are no list")
        return
    allowed = {one.casefold() for one in by}
    for release in listed:
        subject = f"{name}/v{release.get('version')}"
        at = instants.parse(word(release.get("createdAt")))
        if at is None:
            yield undecided(app.history, SERVICE, "released", subject, "the release has no instant")
            continue
        if now - at > RELEASES_OF or word(release.get("status")).casefold() in _FINAL:
            continue
        closed = is_open(window, at) if window is not None else None
        if isinstance(closed, Closed):
            yield _finding("released", subject, f"{subject} was released at {_shown(at)}, {closed.reason}")
        author = word(member(release.get("user"), "email"))
        if allowed and not author:
            yield undecided(app.history, SERVICE, "released", subject, "who made the release is not told")
        elif allowed and author.casefold() not in allowed:
            yield _finding("released", subject, f"{subject} was released by {author}, whom the policy does not name")


def secrets(
    name: str, app: LiveFlyApp, names: Sequence[str], rotated_within: str | None, now: datetime
) -> Iterator[Said]:
    """Secrets that are not there, or that are old."""
    listed = entries(app.secrets.body) if app.secrets.good else None
    if listed is None:
        yield _odd(app.secrets, "secrets", name, "its secrets are no list")
        return
    there = {word(one.get("name")): one for one in listed}
    for wanted in names:
        if wanted not in there:
            subject = f"{name}/{wanted}"
            yield _finding(
                "secrets",
                subject,
                f"{name} has no secret {wanted}",
                command=f"fly secrets set {wanted}=... --app {name}",
            )
    span = durations.parse(rotated_within or "")
    for called, one in there.items() if span is not None else ():
        subject = f"{name}/{called}"
        at = instants.parse(word(one.get("updated_at")) or word(one.get("created_at")))
        if at is None:
            yield undecided(app.secrets, SERVICE, "rotated_within", subject, "when it was set is not told")
        elif span is not None and now - at > span:
            age = (now - at).days
            yield _finding("rotated_within", subject, f"the secret {called} of {name} was set {age} days ago")


def tokens(name: str, app: LiveFlyApp, written: str, now: datetime) -> Iterator[Said]:
    """Tokens of the app that live too long."""
    found = member(app.history.body, "data", "app", "limitedAccessTokens")
    listed = entries(member(found, "nodes")) if app.history.good else None
    span = durations.parse(written)
    if listed is None or span is None:
        yield _odd(app.history, "tokens_end_within", name, "its tokens are no list")
        return
    if member(found, "pageInfo", "hasNextPage") is not False:
        yield undecided(app.history, SERVICE, "tokens_end_within", name, "it has more tokens than one page has")
    for token in listed:
        if token.get("revokedAt") is not None:
            continue
        called = word(token.get("name")) or word(token.get("id")) or "without a name"
        subject = f"{name}/{called}"
        ends = token.get("expiresAt")
        end = instants.parse(word(ends))
        if ends is not None and end is None:
            yield undecided(app.history, SERVICE, "tokens_end_within", subject, "when it ends cannot be read")
        elif end is None or end - now > span:
            said = f"lives until {_shown(end)}" if end is not None else "never ends"
            yield _finding("tokens_end_within", subject, f"the token {called} of {name} {said}, more than {written}")


def _odd(answer: Answer, control: str, name: str, what: str) -> Undecided:
    return undecided(answer, SERVICE, control, name, f"{SERVICE}: {what}" if answer.good else "")


def _finding(control: str, subject: str, message: str, command: str | None = None) -> Finding:
    fix = Fix(text="see, and mend it:" if command else "", command=command) if command else None
    return Finding(control=control, subject=subject, message=message, plane="live", location=_place(subject), fix=fix)


def _place(subject: str) -> Location:
    app = subject.partition("/")[0]
    return Location(setting=f"fly-app/{subject}", url=f"https://fly.io/apps/{app}")


def _shown(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M %Z")
