"""Nothing is left in the clone that nobody else has, when the day ends.

```yaml
kind: clean-tree
id: nothing-left-behind
why: Work that lies on one machine is lost with it, and nobody else can carry on from it.
allow: [".env.local", "scratch/**"]
```

Judged in sweeps of the phases that `phases` names; without it, at `sweep --phase shutdown`. Looked at is the clone that
the sweep runs in, as git tells it:

- files that are changed, staged, in conflict or untracked (what git ignores is not looked at);
- commits of a local branch that no remote-tracking branch has, whether or not the branch has an upstream. The clone is
  as it last fetched; nothing is fetched for this;
- commits of a detached HEAD that no branch has;
- stashes;
- a merge, rebase, cherry-pick, revert or bisect that is not finished.

Each can be left out. Nothing is committed, pushed or dropped: each finding gives the command that would.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from typing import Literal

from govcheck import globs
from govcheck.facts import Request
from govcheck.facts.work_tree import (
    AdhocSweep,
    DirtyFile,
    LocalBranch,
    ShutdownSweep,
    StartupSweep,
    Stash,
    WorkTree,
)
from govcheck.findings import Finding, Fix, Judged, Location
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check

_PhaseName = Literal["startup", "shutdown", "adhoc"]
_SHORT = 12


@frozen(kw_only=True)
class CleanTree(Policy):
    """What must not be left behind."""

    kind: Literal["clean-tree"] = "clean-tree"

    phases: tuple[_PhaseName, ...] = ("shutdown",)
    """In which sweeps the clone has to be clean: `startup`, `shutdown`, `adhoc`."""

    allow: tuple[str, ...] = ()
    """Globs of files that may be uncommitted."""

    files: bool = True
    """Whether uncommitted files are told."""

    untracked: bool = True
    """Whether files that git does not track yet are told as well."""

    unpushed: bool = True
    """Whether commits that no remote has are told."""

    allow_branches: tuple[str, ...] = ()
    """Globs of branches whose commits may stay here."""

    stashes: bool = True
    """Whether stashes are told."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.phases:
            yield ("phases",), "no phase is named: this policy would judge nothing"
        if not (self.files or self.unpushed or self.stashes):
            yield (), "files, unpushed and stashes are all left out: this policy would judge nothing"
        for key, patterns in (("allow", self.allow), ("allow_branches", self.allow_branches)):
            for number, pattern in enumerate(patterns):
                if problem := globs.problems(pattern):
                    yield (key, number), f"`{pattern}`: {problem}"


def _at(phase: _PhaseName) -> Callable[[CleanTree], Iterable[tuple[Request, ...]]]:
    return lambda policy: [()] if phase in policy.phases else []


@check(wants=_at("startup"))
def at_startup(policy: CleanTree, tree: WorkTree, _phase: StartupSweep) -> Iterator[Said]:
    """The clone in which a startup sweep runs."""
    yield from _judged(policy, tree)


@check(wants=_at("shutdown"))
def at_shutdown(policy: CleanTree, tree: WorkTree, _phase: ShutdownSweep) -> Iterator[Said]:
    """The clone in which a shutdown sweep runs."""
    yield from _judged(policy, tree)


@check(wants=_at("adhoc"))
def adhoc(policy: CleanTree, tree: WorkTree, _phase: AdhocSweep) -> Iterator[Said]:
    """The clone in which any other sweep runs."""
    yield from _judged(policy, tree)


def _judged(policy: CleanTree, tree: WorkTree) -> Iterator[Said]:
    yield Judged(1)
    if policy.files:
        yield from _files(policy, tree)
    if policy.unpushed:
        may_stay = globs.compile_globs(policy.allow_branches)
        for branch in tree.ahead:
            if not may_stay.matches(branch.name):
                yield _unpushed(branch, has_remote=tree.has_remote)
    if policy.stashes:
        yield from map(_stash, tree.stashes)


def _files(policy: CleanTree, tree: WorkTree) -> Iterator[Finding]:
    if tree.operation is not None:
        yield Finding(
            control="operation",
            subject=tree.operation,
            message=f"a {tree.operation} is not finished",
            plane="repo",
            fix=Fix(text="Finish it, or give it up", command="git status"),
        )
    allowed = globs.compile_globs(policy.allow)
    for file in tree.dirty:
        if not allowed.matches(file.path) and (policy.untracked or file.state != "untracked"):
            yield _dirty(file)


def _dirty(file: DirtyFile) -> Finding:
    shown = display(file.path)
    words = {
        "changed": "is changed and not committed",
        "staged": "is staged and not committed",
        "untracked": "is not tracked",
        "conflicted": "is in conflict",
    }
    return Finding(
        control="dirty",
        subject=shown,
        message=f"{shown} {words[file.state]}",
        plane="repo",
        location=Location(path=file.path),
        actual=file.state,
        fix=Fix(text="Commit it, name it under `allow`, or let git ignore it"),
    )


def _unpushed(branch: LocalBranch, *, has_remote: bool) -> Finding:
    shown = display(branch.name)
    number = "1 commit" if branch.commits == 1 else f"{branch.commits} commits"
    if branch.name == "HEAD":
        message = f"HEAD is on no branch, and {number} of it are on none either"
        fix = Fix(text="Give them a branch, and push it", command="git switch -c BRANCH && git push -u origin BRANCH")
    elif not has_remote:
        message = f"{shown} has {number}, and this clone has no remote"
        fix = Fix(text="Give the clone a remote, and push", command="git remote add origin URL")
    else:
        where = f"its upstream is {display(branch.upstream)}" if branch.upstream else "it has no upstream"
        message = f"{shown} has {number} that no remote has; {where}"
        fix = Fix(text="Push it", command=_push(branch))
    return Finding(
        control="unpushed", subject=shown, message=message, plane="repo", expected=0, actual=branch.commits, fix=fix
    )


def _push(branch: LocalBranch) -> str:
    remote = branch.upstream.partition("/")[0] if branch.upstream else "origin"
    option = "" if branch.upstream else "-u "
    return f"git push {option}{shlex.quote(remote)} {shlex.quote(branch.name)}"


def _stash(stash: Stash) -> Finding:
    since = f", since {stash.at.astimezone(UTC):%Y-%m-%d}" if stash.at else ""
    return Finding(
        control="stash",
        subject=stash.commit[:_SHORT],
        message=f"a stash lies here{since}: {display(stash.message)}",
        plane="repo",
        actual=display(stash.message),
        fix=Fix(text="Commit it to a branch, or drop it", command=f"git stash branch BRANCH {stash.commit[:_SHORT]}"),
    )
