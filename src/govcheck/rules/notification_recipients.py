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

Files that configure an Alertmanager or a Grafana are read as well (`alert_files`): each recipient of a receiver, or of
a contact point, to which a route leads. A receiver that no route leads to is nobody, and neither is one behind a route
that takes every alert. What `${NAME}` fills in counts as the secret `NAME`; other templates are unknown, and so is a
file that cannot be read. A service that names no recipient (`pagerduty`) is told by its host, in `webhook`. Kubernetes'
own forms of these files are not read. Files are read in CI, over a tree and in a sweep, not by the hook.

`documents` are texts that promise an address, such as `SECURITY.md`: each address in them has to be allowed.

In a workflow that has to tell, a message that shows what is always empty is a finding (`blank`): an output of a job
that has none of that name, or that the sender's job does not need. `shows` names expressions that each of its messages
has to show.

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
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions.messages import always_empty, shown
from govcheck.actions.outcomes import Told, success_is_told, untold_failures
from govcheck.actions.recipients import addresses
from govcheck.actions.senders import Sending, sendings
from govcheck.actions.unseen import unread_actions
from govcheck.actions.workflow import FOLDER, Workflow, read
from govcheck.documents.texts import Unsaid, text_of
from govcheck.facts import Request
from govcheck.facts.data_files import DataFiles
from govcheck.facts.tree import Blobs, BlobsRequest, TrackedFiles
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.services.alert_files import ALERT_FILES, AlertFile, alert_file, sent
from govcheck.services.recipient_findings import (
    blank,
    job_place,
    missing,
    no_such_workflow,
    not_told_by,
    refused,
    unclear,
    unreadable,
    untold_event,
)
from govcheck.services.recipient_lists import Allowed, is_allowed, list_problems
from govcheck.services.telling_hours import Telling, telling_problems

Event = Literal["failure", "success"]


@frozen(kw_only=True)
class Required:
    """A message that has to be sent."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    workflow: str
    """The workflow file's name, or a glob of names: `deploy-*.yml`."""

    on: tuple[Event, ...] = ("failure",)
    """After which outcome of each job."""

    shows: tuple[str, ...] = ()
    """Expressions that its messages have to show: `github.sha`."""


@frozen(kw_only=True)
class NotificationRecipients(Policy):
    """Who may be told, and what must be told."""

    kind: Literal["notification-recipients"] = "notification-recipients"

    allow: Allowed | None = None
    """Who may be told; everybody else is a finding. Left out: recipients are not judged."""

    require: tuple[Required, ...] = ()
    """What must be told."""

    alert_files: tuple[str, ...] = ALERT_FILES
    """Globs of files that configure an Alertmanager or a Grafana; left out: where such files usually lie."""

    documents: tuple[str, ...] = ()
    """Globs of texts in which every address has to be one that `allow` has."""

    tell: Telling | None = None
    """How `govcheck notify` itself tells of a sweep."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: lists that can match nothing, and a policy that asserts nothing."""
        if self.allow is None and not self.require:
            yield (), "neither `allow` nor `require`: this policy asserts nothing"
        yield from _glob_problems("alert_files", self.alert_files)
        yield from _glob_problems("documents", self.documents)
        if self.documents and self.allow is None:
            yield ("documents",), "there is no `allow` that its addresses could be held to"
        if self.allow is not None:
            yield from list_problems(self.allow)
        if self.tell is not None:
            yield from ((("tell", *path), message) for path, message in telling_problems(self.tell))
        for index, required in enumerate(self.require):
            problem = globs.problems(required.workflow)
            if problem:
                yield ("require", index, "workflow"), problem
            if not required.on:
                yield ("require", index, "on"), "an empty list requires nothing: write failure, success or both"


def _glob_problems(key: str, patterns: tuple[str, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for number, pattern in enumerate(patterns):
        if problem := globs.problems(pattern):
            yield (key, number), f"`{pattern}`: {problem}"


@check()
def recipients(policy: NotificationRecipients, workflows: Workflows) -> Iterator[Finding | Undecided | Judged]:
    """Every recipient of everything that the workflows send."""
    if policy.allow is None:
        yield Judged(0)
        return
    count = 0
    for file in workflows.files:
        yield from unreadable(file.path, file.document, "recipient")
        for sending in sendings(read(file)):
            count += max(1, len(sending.recipients))
            yield from _judge(policy.allow, sending)
    yield from unread_actions(workflows, "recipient")
    yield Judged(count)


def _alerting(policy: NotificationRecipients) -> Iterator[tuple[Request, ...]]:
    if policy.allow is not None and policy.alert_files:
        yield (BlobsRequest(DataFiles, policy.alert_files),)


def _promising(policy: NotificationRecipients) -> Iterator[tuple[Request, ...]]:
    if policy.allow is not None and policy.documents:
        yield (BlobsRequest(Blobs, policy.documents),)


@check(wants=_alerting)
def alert_receivers(policy: NotificationRecipients, data: DataFiles, tracked: TrackedFiles) -> Iterator[Said]:
    """Everybody whom an Alertmanager or a Grafana tells, by the files that configure them."""
    allow = policy.allow or Allowed()
    files: list[AlertFile] = []
    for path, file in ((path, data.files[path]) for path in data.files if path in tracked.modes):
        if isinstance(file.document, Unreadable):
            yield not_told_by(path, file.document, "whom")
        elif (found := alert_file(path, file.document)) is not None:
            files.append(found)
    everything = tuple(sent(files))
    yield Judged(len(everything))
    for one in everything:
        if not is_allowed(allow, one.recipient):
            yield refused(allow, one.recipient, f"the receiver {one.receiver}", one.path, plane="repo")


@check(wants=_promising)
def promised_addresses(policy: NotificationRecipients, blobs: Blobs, tracked: TrackedFiles) -> Iterator[Said]:
    """Every address in the texts that promise one."""
    allow = policy.allow or Allowed()
    paths = [path for path in blobs.contents if path in tracked.modes]
    yield Judged(len(paths))
    for path in paths:
        text = text_of(path, blobs)
        if isinstance(text, Unsaid):
            yield not_told_by(path, text, "which addresses")
            continue
        for recipient in addresses(text):
            if not is_allowed(allow, recipient):
                yield refused(allow, recipient, "the text", path, verb="promises", plane="repo")


def _requiring(policy: NotificationRecipients) -> Iterator[tuple[Request, ...]]:
    if policy.require:
        yield ()


@check(wants=_requiring)
def required_words(policy: NotificationRecipients, workflows: Workflows) -> Iterator[Said]:
    """Every message of a workflow that has to tell: what it shows, and what it shows in vain."""
    count = 0
    for file in workflows.files:
        required = [one for one in policy.require if _means(one, file.path)]
        for sending in sendings(read(file)) if required else ():
            count += 1
            yield from (blank(sending, one) for one in always_empty(sending.at))
            there = set(shown(sending.at))
            wanted = dict.fromkeys(name for one in required for name in one.shows)
            yield from (missing(sending, name) for name in wanted if "".join(name.split()).casefold() not in there)
    yield Judged(count)


def _means(required: Required, path: str) -> bool:
    matches = compile_globs((required.workflow, FOLDER + required.workflow)).matches
    return matches(path.removeprefix(FOLDER)) or matches(path)


@check()
def required_messages(policy: NotificationRecipients, workflows: Workflows) -> Iterator[Finding | Undecided | Judged]:
    """Every message that must be sent."""
    count = 0
    for required in policy.require:
        files = [file for file in workflows.files if _means(required, file.path)]
        if not files:
            yield no_such_workflow(required.workflow)
        for file in files:
            yield from unreadable(file.path, file.document, "require")
            for event in required.on if not isinstance(file.document, Unreadable) else ():
                count += 1
                yield from _require(read(file), event)
    yield Judged(count)


def _judge(allow: Allowed, sending: Sending) -> Iterator[Finding | Undecided]:
    if sending.unclear:
        yield unclear(sending)
    for recipient in sending.recipients:
        if not is_allowed(allow, recipient):
            yield refused(allow, recipient, sending.by, sending.at.workflow.path, line=sending.line)


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
        yield untold_event(workflow, event, whose, untold[Told.NO])
    elif untold[Told.MAYBE]:
        yield Undecided(
            control="require",
            subject=f"{display(workflow.path)} {event}",
            reason=Reason.DYNAMIC,
            message=f"whether anybody is told of {whose} depends on conditions that only a run can tell",
            location=job_place(workflow, untold[Told.MAYBE][0]),
        )
