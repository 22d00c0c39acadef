"""Due, rotation and review dates in documents have not passed.

```yaml
kind: dates
id: nothing-is-overdue
why: A rotation that is two months late is a secret that two more people know.
files: [docs/runbooks/secrets.md, "docs/directions/*.md"]
words: [due, next rotation, review by, expires]
soon: 14d
```

A date counts where one of `words` stands before it on the same line, or at the head of its column of a table, without
regard to case. Dates are read as `2026-01-31`, `20260131`, `Jan 31, 2026` and `31 January 2026`; a day is over at its
end in UTC. A line with a ticked box (`[x]`) is done. A date that passed is a finding; one that comes within `soon` is a
warning. Read are Markdown files; code in them is not.

Judged over a whole tree and in a sweep: no change makes a date pass.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, timedelta
from typing import Literal

from govcheck import globs
from govcheck.documents.dates import dates
from govcheck.documents.markdown import Line, lines, plain_words
from govcheck.documents.texts import Unsaid, text_of
from govcheck.documents.unread import no_document, untold
from govcheck.facts import Request
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, BlobsRequest, Tree
from govcheck.findings import Finding, Fix, Judged, Location
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations


@frozen(kw_only=True)
class Dates(Policy):
    """Which dates of which documents count."""

    kind: Literal["dates"] = "dates"

    files: tuple[str, ...]
    """Globs of the Markdown files."""

    words: tuple[str, ...] = ("due", "deadline", "expires", "next rotation", "rotate by", "review by", "next review")
    """What stands before a date that counts."""

    soon: str = "14d"
    """How long before its day a date is a warning."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for key, listed in (("files", self.files), ("words", self.words)):
            if not all(word.strip() for word in listed) or not listed:
                yield (key,), "nothing is read by an empty list, or an empty word"
        for number, pattern in enumerate(self.files):
            if problem := globs.problems(pattern):
                yield ("files", number), f"`{pattern}`: {problem}"
        if durations.parse(self.soon) is None:
            yield ("soon",), f"`{self.soon}` is no length of time: write `14d`"


def _files(policy: Dates) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, policy.files),)]


@check(wants=_files)
def passed(policy: Dates, blobs: Blobs, _tree: Tree, now: Now) -> Iterator[Said]:
    """Every date that counts."""
    yield Judged(len(blobs.contents) or 1)
    if not blobs.contents:
        yield no_document(policy.files, policy.id)
    for path in blobs.contents:
        text = text_of(path, blobs)
        if isinstance(text, Unsaid):
            yield untold(path, text, f"which dates `{display(path)}` has")
        else:
            yield from _document(policy, path, text, now)


def _document(policy: Dates, path: str, text: str, now: Now) -> Iterator[Finding]:
    rows = text.split("\n")
    told: set[str] = set()
    for line in lines(text):
        for finding in _dates(policy, path, line, rows, now) if line.kind != "code" else ():
            if finding.subject not in told:  # each cell of a table's row is a line
                told.add(finding.subject)
                yield finding


def _dates(policy: Dates, path: str, line: Line, rows: list[str], now: Now) -> Iterator[Finding]:
    written = rows[line.number - 1] if line.number <= len(rows) else line.raw
    if written.lstrip().lower().startswith(("- [x]", "* [x]")):
        return
    shown = written if written.lstrip().startswith("|") else line.raw
    for dated in dates(shown):
        word = _word(policy, shown, dated.start) or _head(policy, rows, line.number - 1, dated.start)
        if word is not None:
            place = Location(path=path, line=line.number)
            subject = f"{display(path)}: {_subject(written)}"
            yield from _told(policy, place, subject, word, dated.day, now)


def _word(policy: Dates, text: str, start: int) -> str | None:
    if text.lstrip().startswith("|"):
        return None
    before = text[:start].casefold()
    return next((word for word in policy.words if word.casefold() in before), None)


def _head(policy: Dates, rows: list[str], row: int, start: int) -> str | None:
    """The word at the head of a table's column."""
    if not rows[row].lstrip().startswith("|"):
        return None
    column = rows[row][:start].count("|")
    top = row
    while top > 0 and rows[top - 1].lstrip().startswith("|"):
        top -= 1
    cells = rows[top].split("|")
    cell = cells[column].casefold() if top < row and column < len(cells) else ""
    return next((word for word in policy.words if word.casefold() in cell), None)


def _subject(line: str) -> str:
    """What a line is about: the first cell of a table's row, or its beginning."""
    cells = [cell for cell in line.split("|") if cell.strip()] if line.lstrip().startswith("|") else [line]
    return plain_words(cells[0].lstrip(" -*+"))[:80]


def _told(  # noqa: PLR0917 - where, what, when: each once
    policy: Dates, place: Location, subject: str, word: str, day: date, now: Now
) -> Iterator[Finding]:
    left = (day - now.instant.astimezone(UTC).date()).days
    if left > (durations.parse(policy.soon) or timedelta()).days:
        return
    when = f"passed {-left} days ago" if left < 0 else f"comes in {left} days"
    yield Finding(
        control="date",
        subject=f"{subject} ({day})",
        message=f"`{word}` of {day} {when}",
        plane="repo",
        severity=None if left < 0 or policy.severity == "note" else "warning",
        location=place,
        actual=str(day),
        fix=Fix(text="Do what is due, and write the next date"),
    )
