"""What a policy about workflows cannot see: workflow files that only we cannot read, and names that no file has."""

from collections.abc import Iterator

from govcheck.actions.composite import MOST
from govcheck.actions.deploy_jobs import Scope
from govcheck.actions.workflow import FOLDER, location, read
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Finding, Fix, Location, Reason, Undecided
from govcheck.paths import display


def unreadable(workflows: Workflows, control: str, scope: Scope | None = None) -> Iterator[Undecided]:
    """The workflow files that only we cannot read, under the control that is not judged for it."""
    for file in workflows.files:
        document = file.document
        in_scope = scope is None or scope.has_file(file.path)
        if isinstance(document, Unreadable) and document.reason is not None and in_scope:
            yield Undecided(
                control=control,
                subject=display(file.path),
                reason=document.reason,
                message=f"the workflow file cannot be read: {document.message}",
                location=Location(path=file.path, line=document.line or None, column=document.column or None),
            )
    yield from unread_actions(workflows, control, scope)


def unread_actions(workflows: Workflows, control: str, scope: Scope | None = None) -> Iterator[Undecided]:
    """The same of actions of the repository's own, and of jobs whose actions have more steps than are read."""
    for action in workflows.actions:
        if isinstance(action.document, Unreadable) and action.document.reason is not None:
            yield Undecided(
                control=control,
                subject=display(action.path),
                reason=action.document.reason,
                message=f"the action cannot be read: {action.document.message}",
                location=Location(path=action.path),
            )
    for file in workflows.files if workflows.actions else ():
        for job in read(file).jobs if scope is None or scope.has_file(file.path) else ():
            if len(job.steps) >= MOST and len(job.steps) > len(job.own_steps):
                yield Undecided(
                    control=control,
                    subject=f"{display(file.path)}:{job.id}",
                    reason=Reason.UNPARSEABLE,
                    message=f"the actions of the job {job.id} have more steps than the {MOST} that are read",
                    location=location(file.path, job.key),
                )


def unseen(workflows: Workflows, scope: Scope, control: str) -> Iterator[Finding | Undecided]:
    """Both, under the control that is not judged for it. A file that GitHub refuses too deploys nothing."""
    yield from unreadable(workflows, control, scope)
    for pattern in scope.workflows:
        if not any(Scope((pattern,)).has_file(file.path) for file in workflows.files):
            yield Finding(
                control=control,
                subject=pattern,
                message=f"no workflow file is named {pattern}, so that this policy governs nothing there",
                plane="workflow",
                location=Location(path=FOLDER.rstrip("/")),
                fix=Fix(text="correct the name in `applies_to.workflows`, or take it out"),
            )
