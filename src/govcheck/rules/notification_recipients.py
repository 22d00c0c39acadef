"""Notifications go to the recipients that this repository allows, and to nobody else.

Every place in the workflows that sends is judged: mail and chat actions, `curl` and `wget` of chats and of mail
services, and the commands that send mail (`mail`, `sendmail`, `mutt`, `swaks`, ...). Each recipient has to be on the
list of its sort.

```yaml
kind: notification-recipients
id: one-inbox
why: Whoever is on call reads one inbox.
allow: {email: [ops@example.com], secret: [SLACK_WEBHOOK_URL]}
```

```yaml
kind: notification-recipients
id: failures-are-told
allow: {domain: [example.com], webhook: [hooks.slack.com], channel: ["#deploys"]}
require:
  - {workflow: "deploy-*.yml", on: [failure]}
```

How a recipient is compared:

- `email`: the whole address, without regard to case. To, cc, bcc and reply-to all count.
- `domain`: every address of that domain; `*.example.com` stands for the domains below it.
- `channel`: by name or id, with or without `#`, without regard to case.
- `webhook`: the URL's host, or the whole URL. The host is the better choice: a whole URL is a secret. No report ever
  shows more of a webhook than its host.
- `secret`: a recipient that is `${{ secrets.NAME }}`, directly or by `env`, whatever its value is.

An expression or a variable that hides a recipient otherwise (`${{ vars.TO }}`, `${{ inputs.to }}`, a file) is
unknown, and named. Of a webhook with a literal host and a secret path, either is enough. What a script in the
repository sends is not read, and a step that uses one is no sender by itself.

`require` asks for a message. `success`: a step that sends is reached where everything succeeds. `failure`: of every
job, by a step of its own that runs on failure, or by a job that needs it, however far, and runs although it failed
(`if: failure()`, `if: always()`). Jobs that only run once something failed, and the messengers themselves, are not
asked about.

`tell` says how `govcheck notify` tells of a sweep, which is held to the same lists: quiet hours, and who hears of what
stays open.

```yaml
kind: notification-recipients
id: told-by-day
allow: {domain: [example.com]}
tell:
  mail: [ops@example.com]
  timezone: Europe/Berlin
  quiet: [{from: "22:00", to: "07:00"}]
  escalate: {after: 3, mail: [lead@example.com]}
```
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions.calendar import Open, Window, is_open
from govcheck.actions.calendar_entries import Problem, hours_of, hours_problems
from govcheck.actions.calendar_text import timezone_problem
from govcheck.actions.outcomes import Told, success_is_told, untold_failures
from govcheck.actions.recipients import Recipient, redacted
from govcheck.actions.senders import Sending, sendings
from govcheck.actions.workflow import FOLDER, Job, Workflow, read
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import check

Event = Literal["failure", "success"]

_LISTS = {"email": "email", "channel": "channel", "webhook": "webhook", "secret": "secret"}


@frozen(kw_only=True)
class Allowed:
    """Who may be told. What is on no list may not."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    email: tuple[str, ...] = ()
    """Addresses."""

    domain: tuple[str, ...] = ()
    """Domains whose every address is allowed: `example.com`, `*.example.com`."""

    channel: tuple[str, ...] = ()
    """Chat channels, by name or id."""

    webhook: tuple[str, ...] = ()
    """Hosts of webhooks (`hooks.slack.com`, `*.webhook.office.com`), or whole URLs."""

    secret: tuple[str, ...] = ()
    """Names of secrets that hold a recipient or a webhook."""


@frozen(kw_only=True)
class Required:
    """A message that has to be sent."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    workflow: str
    """The workflow file's name, or a glob of names: `deploy-*.yml`."""

    on: tuple[Event, ...] = ("failure",)
    """After which outcome of each job."""


@frozen(kw_only=True)
class QuietHours:
    """Hours in which nobody is told."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    days: str | tuple[str, ...] | None = None
    """Days of the week: `mon-fri`, `sat,sun`, or a list. Default: every day, unless there are `dates`."""

    dates: tuple[str, ...] = ()
    """Single days, as `2026-12-24`."""

    from_: str = "00:00"
    """When they begin, `HH:MM`."""

    to: str = "24:00"
    """When they end, `HH:MM`; where it is not after `from`, on the next day."""


@frozen(kw_only=True)
class Escalation:
    """What happens where something stays open."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    after: int
    """How many sweeps in a row have it, before."""

    mail: tuple[str, ...] = ()
    """Who is told then. Left out: those who were told already are told once more."""


@frozen(kw_only=True)
class Telling:
    """How `govcheck notify` tells of a sweep."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    mail: tuple[str, ...] = ()
    """Addresses that are told, beside those of `--mail`; `allow` has to have them."""

    timezone: str = "UTC"
    """The IANA name of a place: `quiet` is local there."""

    quiet: tuple[QuietHours, ...] = ()
    """Hours in which nothing is sent; what there was to tell is told after them."""

    escalate: Escalation | None = None
    """What happens where something stays open."""


@frozen(kw_only=True)
class NotificationRecipients(Policy):
    """Who may be told, and what must be told."""

    kind: Literal["notification-recipients"] = "notification-recipients"

    allow: Allowed | None = None
    """Who may be told; everybody else is a finding. Left out: recipients are not judged."""

    require: tuple[Required, ...] = ()
    """What must be told."""

    tell: Telling | None = None
    """How `govcheck notify` itself tells of a sweep."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: lists that can match nothing, and a policy that asserts nothing."""
        if self.allow is None and not self.require:
            yield (), "neither `allow` nor `require`: this policy asserts nothing"
        if self.allow is not None:
            yield from _list_problems(self.allow)
        if self.tell is not None:
            yield from ((("tell", *path), message) for path, message in _telling_problems(self.tell))
        for index, required in enumerate(self.require):
            problem = globs.problems(required.workflow)
            if problem:
                yield ("require", index, "workflow"), problem
            if not required.on:
                yield ("require", index, "on"), "an empty list requires nothing: write failure, success or both"


@check()
def recipients(policy: NotificationRecipients, workflows: Workflows) -> Iterator[Finding | Undecided | Judged]:
    """Every recipient of everything that the workflows send."""
    if policy.allow is None:
        yield Judged(0)
        return
    count = 0
    for file in workflows.files:
        yield from _unreadable(file.path, file.document, "recipient")
        for sending in sendings(read(file)):
            count += max(1, len(sending.recipients))
            yield from _judge(policy.allow, sending)
    yield Judged(count)


@check()
def required_messages(policy: NotificationRecipients, workflows: Workflows) -> Iterator[Finding | Undecided | Judged]:
    """Every message that must be sent."""
    count = 0
    for required in policy.require:
        matches = compile_globs((required.workflow, FOLDER + required.workflow)).matches
        files = [file for file in workflows.files if matches(file.path.removeprefix(FOLDER)) or matches(file.path)]
        if not files:
            yield _no_such_workflow(required)
        for file in files:
            yield from _unreadable(file.path, file.document, "require")
            for event in required.on if not isinstance(file.document, Unreadable) else ():
                count += 1
                yield from _require(read(file), event)
    yield Judged(count)


def _list_problems(allow: Allowed) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield from ((("allow", "email", index), problem) for index, problem in _address_problems(allow.email))
    for index, domain in enumerate(allow.domain):
        if "@" in domain or "/" in domain or "." not in domain:
            yield ("allow", "domain", index), f"{domain!r} is not a domain: write example.com or *.example.com"
    for index, secret in enumerate(allow.secret):
        if not secret.replace("_", "a").isalnum() or not secret.isascii():
            name = secret.removeprefix("secrets.")
            yield (
                ("allow", "secret", index),
                f"{secret!r} is not a secret's name: write {name or 'NAME'!r} as in settings",
            )


def is_quiet(policy: NotificationRecipients, now: datetime) -> bool:
    """Whether an aware instant lies in the policy's quiet hours."""
    if policy.tell is None or not policy.tell.quiet:
        return False
    hours = tuple(hours_of(entry) for entry in policy.tell.quiet)
    return isinstance(is_open(Window(timezone=policy.tell.timezone, allow=hours), now), Open)


def _telling_problems(tell: Telling) -> Iterator[Problem]:
    zone = timezone_problem(tell.timezone)
    if zone:
        yield ("timezone",), zone
    for index, entry in enumerate(tell.quiet):
        yield from ((("quiet", index, *path), message) for path, message in hours_problems(entry))
    yield from ((("mail", index), problem) for index, problem in _address_problems(tell.mail))
    if tell.escalate is not None:
        if tell.escalate.after < 1:
            yield ("escalate", "after"), "write how many sweeps in a row, 1 or more"
        found = _address_problems(tell.escalate.mail)
        yield from ((("escalate", "mail", index), problem) for index, problem in found)


def _address_problems(addresses: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    for index, address in enumerate(addresses):
        if address.count("@") != 1 or any(character.isspace() for character in address):
            yield index, f"{address!r} is not an address: write name@example.com"


def _unreadable(path: str, document: object, control: str) -> Iterator[Undecided]:
    """A file that only we cannot read; one that GitHub refuses too sends nothing."""
    if isinstance(document, Unreadable) and document.reason is not None:
        yield Undecided(
            control=control,
            subject=display(path),
            reason=document.reason,
            message=f"the workflow file cannot be read: {document.message}",
            location=Location(path=path, line=document.line or None, column=document.column or None),
        )


def _judge(allow: Allowed, sending: Sending) -> Iterator[Finding | Undecided]:
    if sending.unclear:
        yield Undecided(
            control="recipient",
            subject=f"{display(sending.at.workflow.path)}:{sending.at.job.id}",
            reason=sending.reason,
            message=sending.unclear,
            location=Location(path=sending.at.workflow.path, line=sending.line, column=sending.column),
        )
    for recipient in sending.recipients:
        if not is_allowed(allow, recipient):
            yield _refused(allow, sending, recipient)


def is_allowed(allow: Allowed, recipient: Recipient) -> bool:
    """Whether a list has a recipient."""
    value = recipient.value.casefold()
    match recipient.kind:
        case "email":
            return value in _folded(allow.email) or _under(recipient.known, allow.domain)
        case "channel":
            return value.removeprefix("#") in {name.removeprefix("#") for name in _folded(allow.channel)}
        case "webhook":
            return recipient.value in allow.webhook or _under(recipient.known, allow.webhook)
        case "secret":
            return value in _folded(allow.secret)
        case "unknown":
            names = _folded(recipient.secrets)
            return bool(names and names <= _folded(allow.secret)) or _known_part_is_enough(allow, recipient)


def _known_part_is_enough(allow: Allowed, recipient: Recipient) -> bool:
    if recipient.wanted == "webhook":
        return _under(recipient.known, allow.webhook)
    return recipient.wanted == "email" and _under(recipient.known, allow.domain)


def _folded(names: tuple[str, ...]) -> set[str]:
    return {name.casefold() for name in names}


def _under(host: str, names: tuple[str, ...]) -> bool:
    """Whether a host or domain is one of these; `*.example.com` stands for what is below."""
    return bool(host) and any(
        host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in _folded(names)
    )


def _refused(allow: Allowed, sending: Sending, recipient: Recipient) -> Finding | Undecided:
    """A finding; or unknown, where an expression hides who it is."""
    place = Location(
        path=sending.at.workflow.path, line=recipient.line or sending.line, column=recipient.column or None
    )
    if recipient.kind == "unknown":
        return Undecided(
            control="recipient",
            subject=_subject(recipient),
            reason=Reason.DYNAMIC,
            message=f"{sending.by} sends to {recipient.value}, which only a run can tell",
            location=place,
        )
    key = _LISTS[recipient.kind]
    listed: tuple[str, ...] = getattr(allow, key)
    return Finding(
        control="recipient",
        subject=_subject(recipient),
        message=f"{sending.by} sends to {_shown(recipient)}, which the policy does not allow",
        plane="workflow",
        location=place,
        expected=[redacted(one) if "://" in one else one for one in listed],
        actual=_subject(recipient),
        fix=Fix(text=_fix(allow, recipient, key)),
    )


def _subject(recipient: Recipient) -> str:
    if recipient.kind == "secret":
        return f"secret:{recipient.value}"
    return redacted(recipient.value) if recipient.kind == "webhook" else recipient.value


def _shown(recipient: Recipient) -> str:
    if recipient.kind == "secret":
        return f"the {recipient.wanted} in the secret {recipient.value}"
    return _subject(recipient)


def _fix(allow: Allowed, recipient: Recipient, key: str) -> str:
    entry = redacted(recipient.value).split("/")[2] if key == "webhook" and recipient.known else recipient.value
    add = (
        f"if it may be told, add `{entry}` to `allow.{key}`" if key != "webhook" or recipient.known else "use a secret"
    )
    instead: tuple[str, ...] = getattr(allow, recipient.wanted) or allow.secret
    if recipient.wanted == "webhook":
        instead = tuple(f"${{{{ secrets.{name} }}}}" for name in allow.secret)
    return f"write {' or '.join(instead[:3])} in its place; {add}" if instead else f"take it out; {add}"


def _no_such_workflow(required: Required) -> Finding:
    return Finding(
        control="require",
        subject=required.workflow,
        message=f"no workflow file is named {required.workflow}, so that nothing of it is told",
        plane="workflow",
        location=Location(path=FOLDER.rstrip("/")),
        fix=Fix(text="correct the name in `require`"),
    )


def _require(workflow: Workflow, event: Event) -> Iterator[Finding | Undecided]:
    senders = [(sending.at.job, sending.at.step) for sending in sendings(workflow)]
    if event == "success":
        told = success_is_told(workflow, senders)
        jobs = list(workflow.jobs[:1])
        untold = {Told.NO: jobs if told is Told.NO else [], Told.MAYBE: jobs if told is Told.MAYBE else []}
        whose = "the success of this workflow"
    else:
        untold = untold_failures(workflow, senders)
        whose = f"the failure of {', '.join(job.id for job in untold[Told.NO] or untold[Told.MAYBE])}"
    if untold[Told.NO]:
        yield _untold(workflow, event, whose, untold[Told.NO])
    elif untold[Told.MAYBE]:
        yield Undecided(
            control="require",
            subject=f"{display(workflow.path)} {event}",
            reason=Reason.DYNAMIC,
            message=f"whether anybody is told of {whose} depends on conditions that only a run can tell",
            location=_at(workflow, untold[Told.MAYBE][0]),
        )


def _untold(workflow: Workflow, event: Event, whose: str, jobs: list[Job]) -> Finding:
    needs = ", ".join(job.id for job in workflow.jobs)
    return Finding(
        control="require",
        subject=f"{display(workflow.path)} {event}",
        message=f"nobody is told of {whose}",
        plane="workflow",
        location=_at(workflow, jobs[0]),
        fix=Fix(text=f"add a job with a step that sends, `needs: [{needs}]` and `if: {event}()`"),
        evidence=tuple(Evidence(text=f"the job {job.id}", location=_at(workflow, job)) for job in jobs[1:]),
    )


def _at(workflow: Workflow, job: Job) -> Location:
    return Location(path=workflow.path, line=job.key.line, column=job.key.column)
