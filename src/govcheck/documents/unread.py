"""What is said of documents that are not there, or that nobody can read."""

from collections.abc import Sequence

from govcheck.documents.texts import Unsaid
from govcheck.facts.data_files import DataFile
from govcheck.facts.workflows import Unreadable
from govcheck.findings import Finding, Fix, Location, Reason, Undecided
from govcheck.paths import display

_SHOWN = 5


def no_document(files: Sequence[str], policy: str) -> Finding:
    """That no file matches.

    Args:
        files: The globs, one at least.
        policy: The id of the policy that has them.
    """
    return Finding(
        control="document",
        subject=files[0],
        message=f"no tracked file matches {', '.join(f'`{pattern}`' for pattern in files[:_SHOWN])}",
        plane="repo",
        fix=Fix(text=f"Correct `files` of the policy `{policy}`"),
    )


def untold(path: str, unsaid: Unsaid, asked: str, control: str = "document") -> Undecided:
    """That what was asked cannot be told.

    Args:
        path: The document.
        unsaid: Why.
        asked: What was asked, as a clause: `which dates it has`.
        control: Of which it cannot be told.
    """
    return Undecided(
        control=control,
        subject=display(path),
        reason=unsaid.reason or Reason.MISSING_OBJECT,
        message=f"{asked} cannot be told: {unsaid.why}",
        location=Location(path=path),
    )


def unreadable(control: str, file: DataFile, why: Unreadable, what: str) -> Finding | Undecided:
    """That a file is not what it is taken for; or that nobody could tell.

    Args:
        control: Of which it is told.
        file: The file.
        why: What is wrong with it.
        what: What cannot be read: `the front matter`.
    """
    subject = display(file.path)
    message = f"{what} of {subject} cannot be read: {why.message}"
    place = Location(path=file.path, line=why.line or None, column=why.column or None)
    if why.reason is not None:
        return Undecided(control=control, subject=subject, reason=why.reason, message=message, location=place)
    mend = Fix(text="Correct what stands there")
    return Finding(control=control, subject=subject, message=message, plane="repo", location=place, fix=mend)
