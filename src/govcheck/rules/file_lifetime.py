"""Files that are meant for some days are gone, or moved, when these are over; and the move does not lose them.

```yaml
kind: file-lifetime
id: plans-are-swept
why: A plan of last week is taken for the plan of today.
files: ["docs/planning/*.md"]
max_age: 2d
moved_to: docs/_archive
```

A file's age is told by the last date in its path (`2026-01-31`, `20260131`), which counts to its end in UTC; where
there is none, by the newest commit that touched it. The file's time on the disk tells nothing: a fresh clone has no old
files. A shallow clone does not have the commits, and then it is unknown.

`moved_to` is the folder that old files are moved into. Where git ignores it, a sweep records their deletion and nothing
else: that is a finding, of the line of `.gitignore`.

Judged over a whole tree and in a sweep: no change makes a file old.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Literal

from govcheck import globs
from govcheck.documents.dates import end_of, last_day
from govcheck.facts import Missing, Request
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, BlobsRequest
from govcheck.findings import Finding, Fix, Judged, Location, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations

_IGNORE = ".gitignore"


@frozen(kw_only=True)
class FileLifetime(Policy):
    """Which files go, and when."""

    kind: Literal["file-lifetime"] = "file-lifetime"

    files: tuple[str, ...]
    """Globs of the files."""

    max_age: str
    """How old they may become: `2d`, `36h`."""

    moved_to: str = ""
    """The folder that they are moved into."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.files:
            yield ("files",), "an empty list governs nothing"
        for number, pattern in enumerate(self.files):
            if problem := globs.problems(pattern):
                yield ("files", number), f"`{pattern}`: {problem}"
        if durations.parse(self.max_age) is None:
            yield ("max_age",), f"`{self.max_age}` is no length of time: write `2d` or `36h`"


def _files(policy: FileLifetime) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(LastCommits, policy.files),)]


def _ignored(policy: FileLifetime) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, (_IGNORE,)),)] if policy.moved_to else []


@check(wants=_files)
def ages(policy: FileLifetime, commits: LastCommits, now: Now) -> Iterator[Said]:
    """How old each file is."""
    yield Judged(len(commits.instants))
    for path, committed in commits.instants.items():
        day = last_day(path)
        if day is not None:
            yield from _old(policy, path, now.instant - end_of(day), f"dated {day}")
        elif isinstance(committed, Missing):
            yield Undecided(
                control="age",
                subject=display(path),
                reason=committed.reason,
                message=f"how old `{display(path)}` is cannot be told: its name has no date, and {committed.message}",
                location=Location(path=path),
            )
        else:
            yield from _old(policy, path, now.instant - committed, f"last committed on {committed:%Y-%m-%d}")


def _old(policy: FileLifetime, path: str, age: timedelta, told: str) -> Iterator[Finding]:
    if age <= (durations.parse(policy.max_age) or timedelta()):
        return
    where = f"Move it into `{policy.moved_to}`" if policy.moved_to else "Remove it, or move it"
    yield Finding(
        control="age",
        subject=display(path),
        message=f"`{display(path)}` is {told}, and may be {policy.max_age} old",
        plane="repo",
        location=Location(path=path),
        expected=policy.max_age,
        actual=f"{age.days}d",
        fix=Fix(text=where),
    )


@check(wants=_ignored)
def archive(policy: FileLifetime, ignoring: Blobs, _now: Now) -> Iterator[Said]:
    """What is moved is kept."""
    yield Judged(1)
    content = ignoring.contents.get(_IGNORE)
    if isinstance(content, Missing):
        message = f"whether git ignores `{policy.moved_to}` cannot be told: {content.message}"
        yield Undecided(control="moved_to", subject=policy.moved_to, reason=content.reason, message=message)
        return
    lines = enumerate((content or b"").decode("utf-8", "replace").splitlines(), 1)
    rules = {line.rstrip(): number for number, line in lines if line.strip() and not line.startswith("#")}
    legal = [rule for rule in rules if not globs.problems(rule, "gitignore")]
    sample = f"{policy.moved_to.strip('/')}/2026-01-01-archive/a.md"
    if not compile_globs(legal, "gitignore").matches(sample):
        return
    guilty = next((rule for rule in reversed(legal) if compile_globs((rule,), "gitignore").matches(sample)), "")
    yield Finding(
        control="moved_to",
        subject=policy.moved_to,
        message=f"git ignores `{policy.moved_to}` by `{guilty}`, so that a sweep deletes what it moves there",
        plane="repo",
        location=Location(path=_IGNORE, line=rules.get(guilty)),
        fix=Fix(text=f"Take `{guilty}` out of .gitignore, or add moved files with `git add -f`"),
    )
