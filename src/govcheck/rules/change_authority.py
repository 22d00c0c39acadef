"""Some paths are changed only by whom this policy names, and commits are made by whom it lists.

```yaml
kind: change-authority
id: canon-is-the-managers
why: Whoever is held to a rule does not write it.
paths: ["docs/NORTH_STAR.md", "docs/directions/**"]
authors: [octocat]
labels: [approved-by-manager]
approvers: [octocat]
```

A pull request that touches one of `paths`, on either side of a rename, needs one of these: an author that `authors`
names, a label of `labels`, or an approval of somebody that `approvers` names, who is not its author. One is enough.
Reviews are read with `--live`; without it, what only an approval could settle is unknown. Who may set a label is who
may write to the repository, or triage: a label is as strong as that.

`commit_emails` and `committer_emails` list the addresses that the commits of a change may have, as author and as
committer, with `*` for any part: `*@example.com`. They hold for every commit that touches anything; git lets anybody
write any address, so that they keep mistakes out and nobody who means it.

Where no pull request is known, nothing is judged at a commit, and in CI who made the change is unknown.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck import globs
from govcheck.facts import Request
from govcheck.facts.change import Change
from govcheck.facts.commits import Commits
from govcheck.facts.pull_request import PullRequest, StatedChange
from govcheck.facts.reviews import PullRequestReviews
from govcheck.findings import Finding, Fix, Judged, Location, Reason, Settled, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.text.sides import sides

_EVERY_CHANGE = ("add", "modify", "delete", "rename")
_CONTROL = "authority"
_SHORT = 12
_SHOWN = 5


@frozen(kw_only=True)
class ChangeAuthority(Policy):
    """Who may change what."""

    kind: Literal["change-authority"] = "change-authority"

    paths: tuple[str, ...] = ()
    """Globs of the paths that only some may change."""

    authors: tuple[str, ...] = ()
    """Logins of authors of pull requests who may."""

    labels: tuple[str, ...] = ()
    """Labels of a pull request that may."""

    approvers: tuple[str, ...] = ()
    """Logins of those whose approval is enough."""

    commit_emails: tuple[str, ...] = ()
    """Addresses that a commit's author may have: `*@example.com`."""

    committer_emails: tuple[str, ...] = ()
    """Addresses that a commit's committer may have; GitHub's own merges have `noreply@github.com`."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        someone = self.authors or self.labels or self.approvers
        if not self.paths and not self.commit_emails and not self.committer_emails:
            yield (), "it holds nothing: give `paths` with who may change them, or `commit_emails`"
        if self.paths and not someone:
            yield ("paths",), "nobody could change these: give `authors`, `labels` or `approvers`"
        if someone and not self.paths:
            yield (), "`authors`, `labels` and `approvers` are about `paths`: give these as well"
        for number, pattern in enumerate(self.paths):
            if problem := globs.problems(pattern):
                yield ("paths", number), f"`{pattern}`: {problem}"


def _of_paths(policy: ChangeAuthority) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.paths else []


def _of_approvers(policy: ChangeAuthority) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.paths and policy.approvers else []


def _of_commits(policy: ChangeAuthority) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.commit_emails or policy.committer_emails else []


@check(wants=_of_paths)
def authority(policy: ChangeAuthority, change: Change, pull_request: PullRequest) -> Iterator[Said]:
    """The pull request, by its author and its labels."""
    touched = _touched(policy, change)
    yield Judged(len(touched))
    if not touched or _is_entitled(policy, pull_request):
        return
    yield _unapproved(pull_request) if policy.approvers else _refused(policy, touched, pull_request)


@check(wants=_of_paths)
def nobody(policy: ChangeAuthority, change: Change, stated: StatedChange, commits: Commits) -> Iterator[Said]:
    """In CI: a change of which no pull request is known."""
    touched = _touched(policy, change)
    yield Judged(0)
    if touched and stated.pull_request is None and commits.commits:
        message = f"no pull request is told of, so nobody knows who changes {_list(touched)}"
        yield Undecided(control=_CONTROL, subject="HEAD", reason=Reason.MISSING_OBJECT, message=message)


@check(wants=_of_approvers)
def approval(
    policy: ChangeAuthority, change: Change, pull_request: PullRequest, reviews: PullRequestReviews
) -> Iterator[Said]:
    """The same by its reviews."""
    from govcheck.settings.reviews import approvers  # noqa: PLC0415 - the hook knows no reviews

    yield Judged(0)
    touched = _touched(policy, change)
    if not touched or _is_entitled(policy, pull_request):
        return
    doubt = _unapproved(pull_request)
    found = approvers(reviews)
    if not isinstance(found, tuple):
        yield Settled(doubt, found.undecided(doubt.control, doubt.subject, found.message, Location()))
        return
    yield Settled(doubt)
    if set(found).isdisjoint(login.lower() for login in policy.approvers):
        yield _refused(policy, touched, pull_request)


@check(wants=_of_commits)
def commit_addresses(policy: ChangeAuthority, commits: Commits) -> Iterator[Said]:
    """Who made each commit, as git has it."""
    yield Judged(len(commits.commits))
    for commit in commits.commits:
        for role, email, allowed in (
            ("author", commit.author_email, policy.commit_emails),
            ("committer", commit.committer_email, policy.committer_emails),
        ):
            if allowed and not compile_globs(tuple(map(str.lower, allowed)), "fnmatch").matches(email.lower()):
                yield Finding(
                    control=role,
                    subject=f"{commit.id[:_SHORT]} {email}",
                    message=f"The {role} of the commit {commit.id[:_SHORT]} is <{email}>, whom nothing lists",
                    plane="repo",
                    expected=[*allowed],
                    actual=email,
                    fix=Fix(text="Set user.email, and make the commit anew with `git commit --amend --reset-author`"),
                )


def _touched(policy: ChangeAuthority, change: Change) -> tuple[str, ...]:
    return tuple(compile_globs(policy.paths).accepted(sides(change, _EVERY_CHANGE)))


def _is_entitled(policy: ChangeAuthority, pull_request: PullRequest) -> bool:
    labels = {label.lower() for label in pull_request.labels}
    return pull_request.author.lower() in map(str.lower, policy.authors) or not labels.isdisjoint(
        label.lower() for label in policy.labels
    )


def _unapproved(pull_request: PullRequest) -> Undecided:
    return Undecided(
        control=_CONTROL,
        subject=f"#{pull_request.number}",
        reason=Reason.MISSING_OBJECT,
        message="whether somebody who may has approved it is read with --live only",
    )


def _refused(policy: ChangeAuthority, touched: tuple[str, ...], pull_request: PullRequest) -> Finding:
    ways = (("come from", policy.authors), ("have a label", policy.labels), ("be approved by", policy.approvers))
    needs = ", or ".join(f"{way} {_list(names)}" for way, names in ways if names)
    return Finding(
        control=_CONTROL,
        subject=f"#{pull_request.number}",
        message=f"The pull request #{pull_request.number} of {pull_request.author} changes {_list(touched)}, "
        "which is not theirs to change",
        plane="repo",
        location=Location(path=touched[0]) if len(touched) == 1 else Location(),
        fix=Fix(text=f"It has to {needs}; or leave these paths alone"),
    )


def _list(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{display(name)}`" for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
