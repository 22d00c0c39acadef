"""Work that was begun is in a pull request, declared, young, and on a branch with a proper name.

```yaml
kind: open-work
id: nothing-hangs
why: Work without a pull request is work that nobody knows of.
ahead_for: 2d
drafts: {max_age: 7d, declare_paths: true}
names: ["agent/**", "batch-*/**"]
keep: ["release/**"]
```

Each key is held by itself; what is left out is not looked at. Of all branches that GitHub has, but for the default
branch, protected ones and those that `keep` names:

- `ahead_for`: how long a branch may have commits that the default branch does not have, and no open pull request. Its
  age is that of its newest commit. What was merged by squashing is not on the default branch by its commits, so that
  such a branch counts until it is deleted.
- `drafts`: how long a pull request may be a draft, and whether it has to declare `Allowed paths:` in its text.
- `names`: globs that a branch's name matches one of.

A hundred branches without a pull request are compared with the default branch; of what is beyond, nobody can tell.
What hangs on a person's own machine (stashes, commits that were never pushed) is another kind's.

Needs contents:read and pull_requests:read.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions.declared_paths import declarations, faults
from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.facts.open_work import LiveOpenWork
from govcheck.findings import Finding, Fix, Json, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import branch_tips, durations
from govcheck.settings.answers import unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, instant, number, objects_of, text
from govcheck.settings.branch_tips import Tip

_STRICT = Policy.__pydantic_config__


@frozen(kw_only=True)
class Drafts:
    """What drafts are held to."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    max_age: str | None = None
    """How long a pull request may be a draft: `7d`."""

    declare_paths: bool = False
    """Whether its text has to declare `Allowed paths:`."""


@frozen(kw_only=True)
class OpenWork(Policy):
    """What begun work is held to."""

    kind: Literal["open-work"] = "open-work"

    ahead_for: str | None = None
    """How long a branch may be ahead without a pull request: `2d`."""

    drafts: Drafts | None = None
    """What drafts are held to."""

    names: tuple[str, ...] = ()
    """Globs that the name of a branch matches one of. Default: any name."""

    keep: tuple[str, ...] = ()
    """Globs of branches that nothing is asked of: `release/**`."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        oldest = self.drafts.max_age if self.drafts is not None else None
        lengths: list[tuple[tuple[str, ...], str | None]] = [(("ahead_for",), self.ahead_for)]
        for place, written in (*lengths, (("drafts", "max_age"), oldest)):
            if written is not None and durations.parse(written) is None:
                yield place, f"{written!r} is not a length of time: write it like 2d"
        for key, patterns in (("names", self.names), ("keep", self.keep)):
            for index, pattern in enumerate(patterns):
                if problem := globs.problems(pattern):
                    yield (key, index), f"`{pattern}`: {problem}"


@check()
def branches(policy: OpenWork, work: LiveOpenWork, now: Now) -> Iterator[Said]:
    """Live: branches that are ahead without a pull request, and their names."""
    found, guarded = branch_tips.tips(work.branches), branch_tips.protected(work.branches)
    default = branch_tips.default_branch(work.branches.repository)
    kept = _keeps(policy, {default, *guarded.names})
    held = [tip for tip in found.tips if not kept(tip.name)]
    yield Judged(len(held))
    for trouble in (found.trouble, guarded.trouble):
        if trouble is not None:
            yield trouble.undecided("branches", "unread", trouble.message, Location())
    for name in found.odd:
        if not kept(name):
            message = f"the newest commit of {display(name)} is not told"
            yield _undecided("ahead", display(name), Reason.MISSING_OBJECT, message)
    matches = globs.compile_globs(policy.names).matches
    for tip in held if policy.names and guarded.trouble is None else ():
        if not matches(tip.name):
            message = f"the name of {display(tip.name)} is none of {', '.join(map(display, policy.names))}"
            yield _finding("name", display(tip.name), message, "rename it", list(policy.names), _page(work, tip.name))
    if policy.ahead_for is not None and guarded.trouble is None:
        yield from _ahead(policy, work, held, now.instant)


def _ahead(policy: OpenWork, work: LiveOpenWork, held: list[Tip], now: datetime) -> Iterator[Said]:
    pulled, compared = branch_tips.from_pull_requests(work.branches), dict(work.comparisons)
    limit = durations.parse(policy.ahead_for or "") or timedelta.max
    old = [tip for tip in held if now - tip.committed_at > limit]
    if pulled.trouble is not None and old:
        message = f"which of {len(old)} branches have a pull request cannot be told: {pulled.trouble.message}"
        yield pulled.trouble.undecided("ahead", "branches", message, Location())
        return
    left = [tip.name for tip in old if tip.name not in pulled.names and tip.name not in compared]
    if left:
        message = f"{len(left)} branches were not compared, {display(left[0])} among them: one run compares a hundred"
        yield _undecided("ahead", "unread", Reason.MISSING_OBJECT, message)
    for tip in old:
        if tip.name in compared:
            yield from _compared(policy, work, tip, compared[tip.name], now)


def _compared(policy: OpenWork, work: LiveOpenWork, tip: Tip, answer: Answer, now: datetime) -> Iterator[Said]:
    judged = verdict(answer)
    trouble = judged.trouble
    try:
        ahead = number(answer.body, "ahead_by") if isinstance(answer.body, dict) and trouble is None else None
    except UnexpectedShapeError as error:
        ahead, trouble = None, unparseable(answer, str(error))
    if ahead is None:
        trouble = trouble or unparseable(answer, "it does not say how far the branch is ahead")
        message = f"how far {display(tip.name)} is ahead cannot be told: {trouble.message}"
        yield trouble.undecided("ahead", display(tip.name), message, Location())
    elif ahead:
        commits = f"{ahead} commit{'s' * (ahead > 1)}"
        message = (
            f"{display(tip.name)} is {commits} ahead and has no pull request: the newest is of "
            f"{tip.committed_at.astimezone(UTC):%Y-%m-%d}, by {display(tip.owner)}"
        )
        fix = "open a pull request, as a draft if it is not done, or take the branch away"
        age = durations.days(timedelta(days=(now - tip.committed_at).days))
        yield _finding("ahead", display(tip.name), message, fix, policy.ahead_for, _page(work, tip.name), actual=age)


def _drafts(policy: OpenWork) -> list[tuple[()]]:
    return [()] if policy.drafts is not None else []


@check(wants=_drafts)
def drafts(policy: OpenWork, work: LiveOpenWork, now: Now) -> Iterator[Said]:
    """Live: drafts that are old, or do not declare their paths."""
    answer = work.branches.pulls
    trouble = verdict(answer).trouble
    found: tuple[Body, ...] = ()
    try:
        found = objects_of(answer.body, answer.endpoint) if trouble is None else ()
        told = [said for entry in found if entry.get("draft") is True for said in _draft(policy, entry, now.instant)]
    except UnexpectedShapeError as error:
        trouble, told = unparseable(answer, str(error)), []
    yield Judged(len(found))
    yield from told
    if trouble is not None or not answer.complete:
        trouble = trouble or unparseable(answer, "later pages of the list could not be read")
        yield trouble.undecided("drafts", "unread", trouble.message, Location())


def _draft(policy: OpenWork, entry: Body, now: datetime) -> Iterator[Finding]:
    asked = policy.drafts or Drafts()
    subject, url = f"#{number(entry, 'number')}", text(entry, "html_url")
    limit = durations.parse(asked.max_age or "")
    if limit is not None and (age := now - instant(text(entry, "created_at"))) > limit:
        message = f"{subject} has been a draft for {durations.days(timedelta(days=age.days))}"
        yield _finding("draft_age", subject, message, "finish it, or close it", asked.max_age, url)
    if asked.declare_paths:
        for fault in faults(declarations(text(entry, "body") or "")):
            message = f"the draft {subject} {fault}"
            yield _finding("draft_paths", subject, message, "write `Allowed paths:` with the paths below it", None, url)


def _keeps(policy: OpenWork, names: Iterable[str | None]) -> Callable[[str], bool]:
    patterns, known = globs.compile_globs(policy.keep), frozenset(names)
    return lambda name: name in known or patterns.matches(name)


def _page(work: LiveOpenWork, branch: str) -> str | None:
    body = work.branches.repository.body
    found = body.get("html_url") if isinstance(body, dict) else None
    is_address = isinstance(found, str) and found.startswith(("https://", "http://"))
    return f"{found}/tree/{branch}" if is_address and branch.isascii() and " " not in branch else None


def _finding(  # noqa: PLR0917 - what a finding has
    control: str, subject: str, message: str, fix: str, expected: Json, url: str | None, *, actual: Json = None
) -> Finding:
    return Finding(
        control=control,
        subject=subject,
        message=message,
        plane="live",
        location=Location(url=url),
        expected=expected,
        actual=actual,
        fix=Fix(text=fix),
    )


def _undecided(control: str, subject: str, reason: Reason, message: str) -> Undecided:
    return Undecided(control=control, subject=subject, reason=reason, message=message)
