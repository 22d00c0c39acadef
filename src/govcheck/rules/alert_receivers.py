"""The running Alertmanager tells whom this repository allows, and tells somebody at all.

```yaml
kind: alert-receivers
id: alerts-reach-one-inbox
why: Whoever is on call reads one inbox.
allow: {email: [ops@example.com], webhook: [hooks.slack.com]}
require: [ops@example.com]
```

Read are the receivers and the configuration of the Alertmanager at ALERTMANAGER_URL, live, with the token in
ALERTMANAGER_TOKEN where it needs one. Each recipient that a route leads to has to be on the list of its sort:

- `email`: the whole address, without regard to case.
- `domain`: every address of that domain; `*.example.com` stands for the domains below it.
- `channel`: by name, with or without `#`.
- `webhook`: the host of a webhook. Its path is a secret, and is not kept.
- `type`: an integration that names no recipient of its own (`pagerduty`, `opsgenie`, ...), as a whole.

`require` asks that a route leads to each of these addresses, channels or hosts. A route that leads to a receiver
without any recipient is a finding (`told`), unless `silent` names that receiver: alerts that take it reach nobody.

An Alertmanager that cannot be reached, or that hides a recipient, is unknown. Without ALERTMANAGER_URL this is not on
offer. What the workflows send is held by `notification-recipients`.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from govcheck.facts.services import AlertReceivers as LiveReceivers
from govcheck.findings import Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.services.receivers import SERVICE, Receiver, Told, UntoldError, told


@frozen(kw_only=True)
class AllowedReceivers:
    """Who may be told. What is on no list may not."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    email: tuple[str, ...] = ()
    """Addresses."""

    domain: tuple[str, ...] = ()
    """Domains whose every address is allowed: `example.com`, `*.example.com`."""

    channel: tuple[str, ...] = ()
    """Chat channels, by name."""

    webhook: tuple[str, ...] = ()
    """Hosts of webhooks: `hooks.slack.com`, `*.webhook.office.com`."""

    type: tuple[str, ...] = ()
    """Types of integrations that name no recipient: `pagerduty`."""


@frozen(kw_only=True)
class AlertReceivers(Policy):
    """Whom a live Alertmanager may tell, and whom it must."""

    kind: Literal["alert-receivers"] = "alert-receivers"

    allow: AllowedReceivers | None = None
    """Who may be told; everybody else is a finding. Left out: recipients are not judged."""

    require: tuple[str, ...] = ()
    """Addresses, channels or hosts to which a route has to lead."""

    silent: tuple[str, ...] = ()
    """Names of receivers that tell nobody on purpose."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Lists that can match nothing."""
        for index, host in enumerate(self.allow.webhook if self.allow is not None else ()):
            if "/" in host:
                yield ("allow", "webhook", index), f"{host!r} is no host: write it without scheme and path"
        for index, address in enumerate(self.allow.email if self.allow is not None else ()):
            if address.count("@") != 1:
                yield ("allow", "email", index), f"{address!r} is not an address: write name@example.com"


@check()
def receivers(policy: AlertReceivers, alertmanager: LiveReceivers) -> Iterator[Said]:
    """Everybody that a route leads to."""
    try:
        found = told(alertmanager, "recipient")
    except UntoldError as error:
        yield Judged(1)
        yield error.why
        return
    reached = [one for one in found.receivers if one.name in found.routed]
    yield Judged(len(found.named))
    yield from _silent(policy, found)
    for one in reached if policy.allow is not None else ():
        yield from _judge(policy.allow, one) if policy.allow is not None else ()
    for wanted in policy.require:
        yield from _required(wanted, reached)


def _silent(policy: AlertReceivers, found: Told) -> Iterator[Finding]:
    speaking = {one.name for one in found.receivers}
    for name in sorted(found.routed - speaking - set(policy.silent)):
        yield _finding(
            "told",
            name,
            f"a route leads to the receiver {name}, which tells nobody",
            "give it a recipient; where it is to be silent, name it in `silent`",
        )


def _judge(allow: AllowedReceivers, one: Receiver) -> Iterator[Finding | Undecided]:
    if one.kind != "other" and not one.value:
        yield _hidden("recipient", one)
    elif not _allowed(allow, one):
        what = one.value or f"by {one.type}"
        yield _finding(
            "recipient",
            f"{one.name}:{one.value or one.type}",
            f"the receiver {one.name} tells {what}, which the policy does not allow",
            "take it out of the Alertmanager's configuration, or add it to `allow`",
        )


def _allowed(allow: AllowedReceivers, one: Receiver) -> bool:
    value = one.value.casefold()
    match one.kind:
        case "email":
            address = value.rpartition("<")[2].rstrip("> ")
            return address in _folded(allow.email) or _under(address.rpartition("@")[2], allow.domain)
        case "channel":
            return value.removeprefix("#") in {name.removeprefix("#") for name in _folded(allow.channel)}
        case "webhook":
            return _under(_host(value), allow.webhook)
        case _:
            return one.type.casefold() in _folded(allow.type)


def _required(wanted: str, reached: list[Receiver]) -> Iterator[Finding | Undecided]:
    folded = wanted.casefold().removeprefix("#")
    there = {one.value.casefold().removeprefix("#") for one in reached}
    there |= {_host(value) for value in there} | {value.rpartition("<")[2].rstrip("> ") for value in there}
    if folded in there:
        return
    hidden = next((one for one in reached if one.kind != "other" and not one.value), None)
    if hidden is not None:
        yield _hidden("require", hidden)
    else:
        message = f"no route of the Alertmanager leads to {wanted}"
        yield _finding("require", wanted, message, "add a receiver that tells it, and a route to that")


def _hidden(control: str, one: Receiver) -> Undecided:
    return Undecided(
        control=control,
        subject=f"{one.name}:{one.type}",
        reason=Reason.REDACTED,
        message=f"whom the receiver {one.name} tells by {one.type} is hidden in the Alertmanager's own answer",
        location=Location(setting=f"{SERVICE}/{one.name}"),
    )


def _finding(control: str, subject: str, message: str, fix: str) -> Finding:
    place = Location(setting=f"{SERVICE}/{subject.partition(':')[0]}")
    return Finding(control=control, subject=subject, message=message, plane="live", location=place, fix=Fix(text=fix))


def _folded(names: tuple[str, ...]) -> set[str]:
    return {name.casefold() for name in names}


def _host(address: str) -> str:
    return address.partition("://")[2] if "://" in address else ""


def _under(host: str, names: tuple[str, ...]) -> bool:
    """Whether a host or domain is one of these; `*.example.com` stands for what is below."""
    return bool(host) and any(
        host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in _folded(names)
    )
