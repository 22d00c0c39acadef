"""Branches that nobody works on any more are taken away.

```yaml
kind: stale-branches
id: no-old-branches
why: A branch that nobody remembers is work that nobody finishes.
older_than: 14d
keep: [main, "release/**"]
```

A branch is stale where its newest commit is older than `older_than`. Never stale are those that `keep` names, the
default branch, protected ones, and those that an open pull request of this repository comes from or goes to. Each
finding tells who made the newest commit and when. Nothing is deleted: the fix is a command which takes the branch away
only while it is still at the commit that was judged.

A hundred branches are one request. At most 5,000 are read, in the order of their names; what is left unread is
unknown.

Without `--live` the remote-tracking branches of the clone stand in, where there are any. They are as old as the last
`git fetch --prune`, and tell neither protection nor pull requests: what they show is a warning at most.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

from govcheck import globs
from govcheck.facts.branches import LiveBranches, RemoteBranch, RemoteBranches
from govcheck.facts.now import Now
from govcheck.findings import Finding, Fix, Held, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen, replace
from govcheck.registry import Said, check
from govcheck.settings import branch_tips, durations
from govcheck.settings.answers import Trouble
from govcheck.settings.branch_tips import Tip
from govcheck.settings.places import setting

_CONTROL = "stale"
_MOST_NAMES = 5
_AHEAD = timedelta(days=1)
"""How far clocks may be apart before a date says nothing."""

_AHEAD_MESSAGE = "the newest commit of {} is dated {:%Y-%m-%d}, which is yet to come"


@frozen(kw_only=True)
class StaleBranches(Policy):
    """How old a branch may get."""

    kind: Literal["stale-branches"] = "stale-branches"

    older_than: str
    """How long a branch may be without a commit: `14d`."""

    keep: tuple[str, ...] = ()
    """Globs of branches that may be of any age: `release/**`."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if durations.parse(self.older_than) is None:
            yield ("older_than",), f"{self.older_than!r} is not a length of time: write it like 14d"
        for number, pattern in enumerate(self.keep):
            if problem := globs.problems(pattern):
                yield ("keep", number), f"`{pattern}`: {problem}"


@check()
def live(policy: StaleBranches, branches: LiveBranches, now: Now) -> Iterator[Said]:
    """Live: every branch that GitHub has."""
    found = branch_tips.tips(branches)
    yield Judged(len(found.tips) + len(found.odd))
    if found.trouble is not None:
        yield found.trouble.undecided("branches", "unread", found.trouble.message, _place(branches))
    age = _Age(policy, now.instant)
    keeping = (branch_tips.protected(branches), branch_tips.in_pull_requests(branches))
    kept = age.keeps({branch_tips.default_branch(branches.repository), *keeping[0].names, *keeping[1].names})
    troubles = [one.trouble for one in keeping if one.trouble is not None]
    for name in found.odd:
        if not kept(name):
            yield _untold(name, f"the newest commit of {display(name)} is not told", _place(branches))
    old = [tip for tip in found.tips if not kept(tip.name) and age.is_over(tip.committed_at)]
    if old and troubles:
        yield _unkept(old, troubles[0], _place(branches))
    else:
        yield from (_finding(tip, age.says(tip), _place(branches, tip.name)) for tip in old)
    for tip in found.tips:
        if not kept(tip.name) and age.is_ahead(tip.committed_at):
            message = _AHEAD_MESSAGE.format(display(tip.name), tip.committed_at)
            yield _untold(tip.name, message, _place(branches, tip.name))


@check()
def tracked(policy: StaleBranches, branches: RemoteBranches, now: Now) -> Iterator[Said]:
    """Offline: every branch of the remote that the clone knows, which may be old."""
    yield Judged(len(branches.branches))
    age = _Age(policy, now.instant)
    kept = age.keeps({branches.default})
    fetched = f"last fetched on {branches.fetched_at:%Y-%m-%d}" if branches.fetched_at else "nobody knows how old"
    message = f"these are the remote-tracking branches of this clone, {fetched}: --live asks GitHub"
    yield Held(control="branches", subject="origin", message=message)
    for branch in branches.branches:
        if not kept(branch.name):
            yield from _tracked(age, branch)


@frozen
class _Age:
    """How old a branch may get, at one instant."""

    policy: StaleBranches
    now: datetime

    def keeps(self, names: Iterable[str | None]) -> Callable[[str], bool]:
        """Whether a branch of that name may be of any age; these may."""
        patterns, known = globs.compile_globs(self.policy.keep), frozenset(names)
        return lambda name: name in known or patterns.matches(name)

    def is_over(self, committed_at: datetime) -> bool:
        """Whether a branch with a newest commit of that time is too old."""
        return self.now - committed_at > (durations.parse(self.policy.older_than) or timedelta.max)

    def is_ahead(self, committed_at: datetime) -> bool:
        """Whether that time says nothing, because it is yet to come: whoever commits may write any date."""
        return committed_at - self.now > _AHEAD

    def says(self, tip: Tip) -> str:
        """A branch's name, its age in words, and whose it is."""
        age = durations.days(timedelta(days=(self.now - tip.committed_at).days))
        day = tip.committed_at.astimezone(UTC)
        return (
            f"{display(tip.name)} has had no commit for {age}: the newest is of {day:%Y-%m-%d}, by {display(tip.owner)}"
        )


def _unkept(old: list[Tip], trouble: Trouble, place: Location) -> Undecided:
    names = ", ".join(display(tip.name) for tip in old[:_MOST_NAMES])
    more = f" and {len(old) - _MOST_NAMES} more" if len(old) > _MOST_NAMES else ""
    number = f"{len(old)} branch is" if len(old) == 1 else f"{len(old)} branches are"
    message = (
        f"{number} old ({names}{more}), and whether anything protects them, or a pull request uses them, "
        f"could not be told: {trouble.message}"
    )
    return trouble.undecided(_CONTROL, "branches", message, place)


def _tracked(age: _Age, branch: RemoteBranch) -> Iterator[Said]:
    if branch.committed_at is None:
        yield _untold(branch.name, f"{display(branch.name)} points to no commit", Location())
    elif age.is_ahead(branch.committed_at):
        yield _untold(branch.name, _AHEAD_MESSAGE.format(display(branch.name), branch.committed_at), Location())
    elif age.is_over(branch.committed_at):
        tip = Tip(name=branch.name, commit=branch.commit, committed_at=branch.committed_at, owner=branch.owner)
        message = f"{age.says(tip)} (as this clone has it, which may be old)"
        yield replace(_finding(tip, message, Location()), severity="warning", plane="repo")


def _finding(tip: Tip, message: str, place: Location) -> Finding:
    committed = tip.committed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Finding(
        control=_CONTROL,
        subject=display(tip.name),
        message=message,
        plane="live",
        location=place,
        actual={"committed_at": committed, "owner": display(tip.owner)},
        fix=Fix(text="Finish it, name it under `keep`, or take it away", command=_deletion(tip)),
    )


def _deletion(tip: Tip) -> str:
    """Takes the branch away only while it is at that commit."""
    lease = shlex.quote(f"--force-with-lease=refs/heads/{tip.name}:{tip.commit}")
    return f"git push {lease} origin {shlex.quote(f':refs/heads/{tip.name}')}"


def _untold(name: str, message: str, place: Location) -> Undecided:
    return Undecided(
        control=_CONTROL, subject=display(name), reason=Reason.UNPARSEABLE, message=message, location=place
    )


def _place(branches: LiveBranches, name: str | None = None) -> Location:
    body = branches.repository.body
    page = body.get("html_url") if isinstance(body, dict) else None
    url = f"{page}/branches" if isinstance(page, str) and page.startswith("https://") else None
    return Location(setting=setting(name) if name else "branches", url=url)
