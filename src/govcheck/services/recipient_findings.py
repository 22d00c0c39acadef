"""What is said of recipients: findings and unknowns, in words."""

from collections.abc import Iterator

from govcheck.actions.messages import Empty
from govcheck.actions.recipients import Recipient, redacted
from govcheck.actions.senders import Sending
from govcheck.actions.workflow import FOLDER, Job, Workflow
from govcheck.documents.texts import Unsaid
from govcheck.facts.workflows import Unreadable
from govcheck.findings import Evidence, Finding, Fix, Location, Plane, Reason, Undecided
from govcheck.paths import display
from govcheck.services.recipient_lists import Allowed


def unreadable(path: str, document: object, control: str) -> Iterator[Undecided]:
    """A file that only we cannot read; one that GitHub refuses too sends nothing."""
    if isinstance(document, Unreadable) and document.reason is not None:
        yield Undecided(
            control=control,
            subject=display(path),
            reason=document.reason,
            message=f"the file cannot be read: {document.message}",
            location=Location(path=path, line=document.line or None, column=document.column or None),
        )


def refused(
    allow: Allowed,
    recipient: Recipient,
    by: str,
    path: str,
    *,
    line: int = 0,
    verb: str = "sends to",
    plane: Plane = "workflow",
) -> Finding | Undecided:
    """A finding; or unknown, where an expression hides who it is.

    Args:
        allow: Whom the policy allows.
        recipient: Whom it does not.
        by: What sends.
        path: The file that says so.
        line: Where, if the recipient does not know its place.
        verb: What it does.
        plane: Of the finding.
    """
    place = Location(path=path, line=recipient.line or line or None, column=recipient.column or None)
    if recipient.kind == "unknown":
        return Undecided(
            control="recipient",
            subject=_subject(recipient),
            reason=Reason.DYNAMIC,
            message=f"{by} {verb} {recipient.value}, which only a run can tell",
            location=place,
        )
    key = recipient.kind
    listed: tuple[str, ...] = getattr(allow, key)
    return Finding(
        control="recipient",
        subject=_subject(recipient),
        message=f"{by} {verb} {_shown(recipient)}, which the policy does not allow",
        plane=plane,
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


def not_told_by(path: str, why: Unsaid | Unreadable, what: str) -> Undecided:
    """A file of which nobody can tell whom it names."""
    message = why.why if isinstance(why, Unsaid) else why.message
    return Undecided(
        control="recipient",
        subject=display(path),
        reason=why.reason or Reason.UNPARSEABLE,
        message=f"{what} `{display(path)}` cannot be told: {message}",
        location=Location(path=path, line=why.line or None),
    )


def blank(sending: Sending, empty: Empty) -> Finding:
    """A message that shows what is always empty."""
    path = sending.at.workflow.path
    return Finding(
        control="blank",
        subject=f"{display(path)}:{sending.at.job.id}: {empty.expression}",
        message=f"{sending.by} shows `{empty.expression}`, which is always empty: {empty.why}",
        plane="workflow",
        location=Location(path=path, line=empty.line, column=empty.column),
        fix=Fix(text="give the output in `outputs` of that job, and name the job in `needs`; or take it out"),
    )


def missing(sending: Sending, wanted: str) -> Finding:
    """A message that does not show what it has to."""
    path = sending.at.workflow.path
    return Finding(
        control="shows",
        subject=f"{display(path)}:{sending.at.job.id}: {wanted}",
        message=f"{sending.by} does not show `{wanted}`, which the policy requires of every message",
        plane="workflow",
        location=Location(path=path, line=sending.line, column=sending.column),
        fix=Fix(text=f"write `${{{{ {wanted} }}}}` into the message"),
    )


def unclear(sending: Sending) -> Undecided:
    """Something that is sent, and nobody can tell to whom."""
    return Undecided(
        control="recipient",
        subject=f"{display(sending.at.workflow.path)}:{sending.at.job.id}",
        reason=sending.reason,
        message=sending.unclear,
        location=Location(path=sending.at.workflow.path, line=sending.line, column=sending.column),
    )


def no_such_workflow(name: str) -> Finding:
    """A workflow that has to tell, and that is not there."""
    return Finding(
        control="require",
        subject=name,
        message=f"no workflow file is named {name}, so that nothing of it is told",
        plane="workflow",
        location=Location(path=FOLDER.rstrip("/")),
        fix=Fix(text="correct the name in `require`"),
    )


def untold_event(workflow: Workflow, event: str, whose: str, jobs: list[Job]) -> Finding:
    """Jobs of whose failure, or a workflow of whose success, nobody is told."""
    needs = ", ".join(job.id for job in workflow.jobs)
    return Finding(
        control="require",
        subject=f"{display(workflow.path)} {event}",
        message=f"nobody is told of {whose}",
        plane="workflow",
        location=job_place(workflow, jobs[0]),
        fix=Fix(text=f"add a job with a step that sends, `needs: [{needs}]` and `if: {event}()`"),
        evidence=tuple(Evidence(text=f"the job {job.id}", location=job_place(workflow, job)) for job in jobs[1:]),
    )


def job_place(workflow: Workflow, job: Job) -> Location:
    """Where a job begins."""
    return Location(path=workflow.path, line=job.key.line, column=job.key.column)
