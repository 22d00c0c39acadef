"""What a policy about workflows cannot see: workflow files that only we cannot read, and names that no file has."""

from collections.abc import Iterator

from govcheck.actions.deploy_jobs import Scope
from govcheck.actions.workflow import FOLDER
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Finding, Fix, Location, Undecided
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
