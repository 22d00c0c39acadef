"""What only GitHub knows of CODEOWNERS: whether the owners exist and may write, and whether they have to be asked.

Source: https://docs.github.com/en/rest/repos/repos#list-codeowners-errors
"""

import re
from collections.abc import Iterator

from govcheck.codeowners.parsing import parse
from govcheck.facts.live import Answer, CodeownersErrors, LiveBranch
from govcheck.facts.tree import Blobs, TrackedFiles
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.ownership_reading import counted, location_of
from govcheck.paths import decode, display
from govcheck.records import frozen
from govcheck.settings.answers import Trouble, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, objects, text
from govcheck.settings.control_evidence import of_control
from govcheck.settings.evidence import answered
from govcheck.settings.places import page, setting
from govcheck.settings.protection import effective_protection, main_trouble

_ERRORS = "codeowners/errors"
_REVIEWS = "code_owner_reviews"
_WORD = re.compile(r"\S+")
_NOT_FOUND = 404


def gates(tracked: TrackedFiles, blobs: Blobs, errors: CodeownersErrors, branch: LiveBranch) -> Iterator[Gate]:
    """What GitHub says of the default branch's file; nothing where this tree has none."""
    path = location_of(tracked)
    if path is None:
        return
    yield from _errors(path, blobs, errors)
    yield _review(branch)


@frozen(kw_only=True)
class _Error:
    """One error, as GitHub lists it."""

    kind: str
    line: int
    column: int
    source: str
    path: str
    message: str
    suggestion: str | None

    @property
    def what(self) -> str:
        """The word that it points at."""
        found = (word for word in _WORD.finditer(self.source) if word.start() + 1 <= self.column <= word.end())
        return next((word[0] for word in found), "")


def _errors(path: str, blobs: Blobs, errors: CodeownersErrors) -> Iterator[Gate]:
    place = Location(path=path)
    listed = _listed(path, errors.answer)
    if isinstance(listed, Trouble):
        absent = "; there may be no CODEOWNERS file on the default branch" if listed.status == _NOT_FOUND else ""
        why = f"whether the owners in {path} exist and may write cannot be told: {listed.message}{absent}"
        yield Gate(
            family="codeowners",
            subject=_ERRORS,
            state=State.UNTOLD,
            why=why,
            location=place,
            plane="live",
            trouble=listed,
        )
    elif listed:
        ours = _Own(path, blobs)
        yield from (_of_error(one, ours, errors.answer) for one in listed if not ours.skips(one))
    else:
        why = "GitHub finds no error in it: every owner exists and may write"
        yield Gate(family="codeowners", subject=_ERRORS, state=State.ALIVE, why=why, location=place, plane="live")


def _listed(path: str, answer: Answer) -> tuple[_Error, ...] | Trouble:
    judged = verdict(answer)
    if judged.trouble is not None:
        return judged.trouble
    try:
        listed = objects(answer.body, "errors") if isinstance(answer.body, dict) else None
        if listed is None:
            return unparseable(answer, "errors: expected a list")
        return tuple(_read(path, one) for one in listed)
    except UnexpectedShapeError as error:
        return unparseable(answer, str(error))


def _read(path: str, one: Body) -> _Error:
    kind, line, column = text(one, "kind"), number(one, "line"), number(one, "column")
    if kind is None or line is None or column is None:
        raise UnexpectedShapeError("errors: expected kind, line and column")
    return _Error(
        kind=kind,
        line=line,
        column=column,
        source=text(one, "source") or "",
        path=text(one, "path") or path,
        message=" ".join((text(one, "message") or kind).partition("\n")[0].split()).rstrip(":."),
        suggestion=text(one, "suggestion"),
    )


class _Own:
    """The file as this tree has it, which need not be as the default branch has it."""

    def __init__(self, path: str, blobs: Blobs) -> None:
        content = blobs.contents.get(path)
        data = content if isinstance(content, bytes) else b""
        self.path = path
        self._lines = [decode(line).rstrip(" \t\r") for line in data.split(b"\n")]
        self._skipped = {line.line for line in parse(data).skipped if line.certain}

    def has(self, one: _Error) -> bool:
        """Whether it has the same line in the same place."""
        there = one.path == self.path and 0 < one.line <= len(self._lines)
        return there and self._lines[one.line - 1] == one.source.rstrip(" \t\r\n")

    def skips(self, one: _Error) -> bool:
        """Whether the line's own text shows already that GitHub skips it."""
        return one.line in self._skipped and self.has(one)


def _of_error(one: _Error, ours: _Own, answer: Answer) -> Gate:
    words = [one.path, *one.source.split()[:1], one.what]
    pointed = f" (`{display(one.what)}`)" if one.what and one.what not in one.message else ""
    same = ours.has(one)
    return Gate(
        family="codeowners",
        subject=":".join(dict.fromkeys(display(word) for word in words if word)),
        state=State.DEAD,
        why=f"GitHub says of {display(one.path)}: {one.message}{pointed}",
        location=Location(path=one.path, line=one.line, column=one.column) if same else Location(path=one.path),
        plane="live",
        fix=Fix(text=one.suggestion or _mend(one.kind, one.what)),
        evidence=(
            Evidence(text=f"line {one.line} on the default branch: {display(one.source.strip())}"),
            answered(answer),
        ),
    )


def _mend(kind: str, what: str) -> str:
    if kind != "Unknown owner":
        return "Correct the line"
    if "/" in what:
        return f"Make the team {what} visible and give it write access to the repository, or name another owner"
    return f"Give {what or 'the owner'} write access to the repository, or name another owner"


def _review(branch: LiveBranch) -> Gate:
    protection = effective_protection(branch)
    effective = protection.controls[_REVIEWS]
    place = Location(setting=setting(branch.branch, _REVIEWS), url=page(branch, "settings/branches"))
    subject = f"{branch.branch}:{_REVIEWS}"
    if effective.value is True:
        sources = counted(len(effective.given), "layer")
        why = f"{branch.branch} requires the review of code owners, by {sources}"
        return Gate(family="codeowners", subject=subject, state=State.ALIVE, why=why, location=place, plane="live")
    if effective.unread:
        why = f"whether {branch.branch} requires the review of code owners cannot be told"
        trouble = main_trouble(effective.unread)
        return Gate(
            family="codeowners",
            subject=subject,
            state=State.UNTOLD,
            why=f"{why}: {trouble.message}",
            location=place,
            plane="live",
            trouble=trouble,
        )
    return Gate(
        family="codeowners",
        subject=subject,
        state=State.DEAD,
        severity="note",
        why=f"owners are asked and need not answer: {branch.branch} does not require the review of code owners",
        location=place,
        plane="live",
        fix=Fix(text=f"Require review from code owners on {branch.branch}, or take CODEOWNERS for advice"),
        evidence=tuple(of_control(branch, _REVIEWS)),
    )
