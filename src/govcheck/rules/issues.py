r"""Open issues say what a task needs, belong to somebody, are young, and move.

```yaml
kind: issues
id: tasks-are-whole
why: An agent works by the issue; what is not in it is guessed.
label: task
sections: [Agent, Definition of Done, Acceptance checks, Allowed paths]
assigned: true
max_age: 2d
commented_within: 1d
named_in: {files: ["docs/directions/*.md"], pattern: 'Current Issue: #([0-9]+)'}
```

Each key is held by itself, for every open issue with the label:

- `sections`: headings that its text has, with something below each. Case, a remark in parentheses and marks at the ends
  do not count, nor do headings in code, in comments and in quotations. `_No response_`, which GitHub writes where a
  field of a form was left empty, is nothing.
- `assigned`: somebody is assigned.
- `max_age`: how long it may be open.
- `commented_within`: how long ago somebody last said something; an issue nobody said anything of counts from when it
  was opened. The newest hundred comments of the repository are read, so that an older one is known to be older.
- `named_in`: each of these files names an issue, by the first group of the pattern, and each issue that it names is
  open. One that was closed, deleted, or moved to another repository is not. `optional: true` lets a file name none.

Pull requests, which GitHub lists among issues, are none. Needs issues:read.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.documents.markdown import Line, lines
from govcheck.facts import Missing, Request
from govcheck.facts.issues import LiveIssues
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, BlobsRequest
from govcheck.findings import Finding, Fix, Json, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.patterns import PatternError, compile_python
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations
from govcheck.settings.issues import Comments, Issue, Issues, comments, issues
from govcheck.text.sections import said, section

_LONGEST = 70
_NOTHING = frozenset({"no response"})
"""What GitHub writes below a heading where a field of a form was left empty."""


@frozen(kw_only=True)
class NamedIn:
    """Files that name the issue that somebody works on."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    files: tuple[str, ...]
    """Globs of files."""

    pattern: str
    """A regular expression whose first group is the issue's number."""

    except_: tuple[str, ...] = ()
    """Globs of files that name none: a template."""

    optional: bool = False
    """Whether a file may name none."""


@frozen(kw_only=True)
class IssuesPolicy(Policy):
    """What open issues have."""

    kind: Literal["issues"] = "issues"

    label: str | None = None
    """Which issues are held. Default: all that are open."""

    sections: tuple[str, ...] = ()
    """Headings that the text has to have, with something below."""

    assigned: bool = False
    """Whether somebody has to be assigned."""

    max_age: str | None = None
    """How long an issue may be open: `2d`."""

    commented_within: str | None = None
    """How long ago somebody last said something: `1d`."""

    named_in: NamedIn | None = None
    """Files that name open issues."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for key, written in (("max_age", self.max_age), ("commented_within", self.commented_within)):
            if written is not None and durations.parse(written) is None:
                yield (key,), f"{written!r} is not a length of time: write it like 2d"
        if self.named_in is None:
            return
        for key, patterns in (("files", self.named_in.files), ("except", self.named_in.except_)):
            for number, pattern in enumerate(patterns):
                if problem := globs.problems(pattern):
                    yield ("named_in", key, number), f"`{pattern}`: {problem}"
        try:
            compile_python(self.named_in.pattern)
        except PatternError as error:
            yield ("named_in", "pattern"), f"it cannot be evaluated: {error}"
        if "(" not in self.named_in.pattern:
            yield ("named_in", "pattern"), "it has no group for the issue's number"


@check()
def tasks(policy: IssuesPolicy, live: LiveIssues, now: Now) -> Iterator[Said]:
    """Live: every open issue with the label."""
    known, told = issues(live), comments(live)
    label = policy.label.casefold() if policy.label is not None else None
    held = [one for one in known.found if not one.is_pull_request and (label is None or label in one.labels)]
    yield Judged(len(held))
    if known.trouble is not None:
        yield known.trouble.undecided("issues", "unread", known.trouble.message, Location())
    for issue in held:
        yield from _sections(policy, issue)
        if policy.assigned and not issue.assignees:
            yield _finding("assigned", issue, "nobody is assigned", "assign whoever does it")
        yield from _age(policy, issue, now.instant)
        yield from _moving(policy, issue, told, now.instant)


def _sections(policy: IssuesPolicy, issue: Issue) -> Iterator[Finding]:
    seen = lines(issue.body) if policy.sections else ()
    for heading in policy.sections:
        below = section(seen, heading)
        if below is not None and any(_says(line) for line in below):
            continue
        message = f"there is no heading {heading}" if below is None else f"nothing stands below {heading}"
        fix = f"write `### {heading}` and what belongs there"
        yield _finding("sections", issue, message, fix, part=heading)


def _says(line: Line) -> bool:
    """Whether a line says anything: an open box does, because it is what is to be done."""
    return line.kind != "heading" and line.has_words and said(line).strip("_*") not in _NOTHING


def _age(policy: IssuesPolicy, issue: Issue, now: datetime) -> Iterator[Finding]:
    limit = durations.parse(policy.max_age or "")
    if limit is not None and now - issue.created > limit:
        message = f"it has been open for {_days(now - issue.created)}"
        yield _finding("max_age", issue, message, "finish it, or cut it into smaller ones", expected=policy.max_age)


def _moving(policy: IssuesPolicy, issue: Issue, told: Comments, now: datetime) -> Iterator[Said]:
    limit = durations.parse(policy.commented_within or "")
    if limit is None or now - issue.created <= limit:
        return
    newest = told.newest.get(issue.number)
    if newest is None and told.trouble is not None and issue.comments:
        message = f"when somebody last commented on #{issue.number} cannot be told: {told.trouble.message}"
        yield told.trouble.undecided("commented_within", f"#{issue.number}", message, Location(url=issue.url))
    elif newest is None and issue.comments and (told.since is None or now - told.since <= limit):
        message = f"none of the {issue.comments} comments on #{issue.number} is among the newest of the repository"
        yield _untold("commented_within", f"#{issue.number}", message, Location(url=issue.url))
    elif newest is None or now - newest > limit:
        ever = f"for {_days(now - newest)}" if newest is not None else f"for more than {policy.commented_within}"
        message = f"nobody has said anything {ever}"
        yield _finding("commented_within", issue, message, "say how it stands", expected=policy.commented_within)


def _named(policy: IssuesPolicy) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, policy.named_in.files),)] if policy.named_in is not None else []


@check(wants=_named)
def named(policy: IssuesPolicy, live: LiveIssues, blobs: Blobs) -> Iterator[Said]:
    """Live: the issues that files name are open."""
    known = issues(live)
    asked = policy.named_in
    yield Judged(len(blobs.contents))
    if asked is None:
        return
    pattern = compile_python(asked.pattern)
    is_left_out = globs.compile_globs(asked.except_).matches
    for path, content in sorted(blobs.contents.items()):
        if is_left_out(path):
            continue
        if not isinstance(content, bytes):
            yield _unread(path, content)
            continue
        text = content.decode("utf-8", "replace")
        found = [(match.groups[1], text.count("\n", 0, match.start) + 1) for match in pattern.matches(text)]
        if not found and not asked.optional:
            yield _of_file(path, None, "names no issue", "write the number of the issue that is worked on")
        for written, line in found:
            yield from _is_open(known, path, line, written)


def _is_open(known: Issues, path: str, line: int, written: str) -> Iterator[Said]:
    number = int(written) if written.isascii() and written.isdigit() and len(written) < len("1000000000") else 0
    issue = next((one for one in known.found if one.number == number), None)
    place = Location(path=path, line=line)
    if not number:
        yield _of_file(path, line, f"names {display(written)!r}, which is no number of an issue", "write its number")
    elif issue is not None and issue.is_pull_request:
        yield _of_file(path, line, f"names #{number}, which is a pull request", "name the issue")
    elif issue is None and known.trouble is not None:
        message = f"whether #{number} is open cannot be told: {known.trouble.message}"
        yield known.trouble.undecided("named_in", display(path), message, place)
    elif issue is None:
        yield _of_file(path, line, f"names #{number}, which is no open issue here", "name the one that is worked on")


def _unread(path: str, content: Missing) -> Undecided:
    return Undecided(
        control="named_in",
        subject=display(path),
        reason=content.reason,
        message=content.message,
        location=Location(path=path),
    )


def _of_file(path: str, line: int | None, what: str, fix: str) -> Finding:
    return Finding(
        control="named_in",
        subject=display(path),
        message=f"{display(path)} {what}",
        plane="repo",
        location=Location(path=path, line=line),
        fix=Fix(text=fix),
    )


def _finding(control: str, issue: Issue, what: str, fix: str, *, expected: Json = None, part: str = "") -> Finding:
    title = issue.title if len(issue.title) <= _LONGEST else f"{issue.title[:_LONGEST]}..."
    return Finding(
        control=control,
        subject=f"#{issue.number} {part}".strip(),
        message=f"#{issue.number} ({display(title)}): {what}",
        plane="live",
        location=Location(url=issue.url),
        expected=expected,
        fix=Fix(text=fix),
    )


def _untold(control: str, subject: str, message: str, place: Location) -> Undecided:
    return Undecided(control=control, subject=subject, reason=Reason.MISSING_OBJECT, message=message, location=place)


def _days(length: timedelta) -> str:
    return durations.days(timedelta(days=length.days)) if length.days else durations.show(length)
