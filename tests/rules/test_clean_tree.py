"""What is left behind in a clone: by literals, and by what git says of real clones."""

from pathlib import Path

import pytest

from govcheck.facts import Missing
from govcheck.facts.work_tree import DirtyFile, LocalBranch, ShutdownSweep, Stash, WorkTree
from govcheck.findings import Finding, Judged
from govcheck.rules.clean_tree import CleanTree, adhoc, at_shutdown, at_startup
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.work_tree import read_work_tree
from repositories import Repository, isolate

POLICY = CleanTree(id="clean")


def tree(*, dirty=(), ahead=(), stashes=(), operation=None, has_remote=True):
    return WorkTree(dirty=dirty, ahead=ahead, stashes=stashes, operation=operation, has_remote=has_remote)


def said(found, policy=POLICY):
    heard = list(at_shutdown.judge(policy, found, ShutdownSweep()))
    assert Judged(1) in heard
    return [(one.control, one.subject) for one in heard if isinstance(one, Finding)]


CHANGED, NEW = DirtyFile(path="a.txt", state="changed"), DirtyFile(path="b/new.txt", state="untracked")
AHEAD = LocalBranch(name="feature/x", upstream=None, commits=2)
STASH = Stash(commit="0123456789abcdef", message="On main: half done", at=None)


@pytest.mark.parametrize(
    ("found", "keys", "expected"),
    [
        (tree(), {}, []),
        (tree(dirty=(CHANGED, NEW)), {}, [("dirty", "a.txt"), ("dirty", "b/new.txt")]),
        (tree(dirty=(CHANGED, NEW)), {"untracked": False}, [("dirty", "a.txt")]),
        (tree(dirty=(CHANGED, NEW)), {"allow": ("b/**",)}, [("dirty", "a.txt")]),
        (tree(dirty=(CHANGED,), operation="rebase"), {"files": False}, []),
        (tree(operation="rebase"), {}, [("operation", "rebase")]),
        (tree(ahead=(AHEAD,)), {}, [("unpushed", "feature/x")]),
        (tree(ahead=(AHEAD,)), {"allow_branches": ("feature/**",)}, []),
        (tree(ahead=(AHEAD,)), {"unpushed": False}, []),
        (tree(stashes=(STASH,)), {}, [("stash", "0123456789ab")]),
        (tree(stashes=(STASH,)), {"stashes": False}, []),
    ],
)
def test_what_is_left_behind(found, keys, expected):
    assert said(found, CleanTree(id="clean", **keys)) == expected


@pytest.mark.parametrize(
    ("branch", "remote", "message", "command"),
    [
        (AHEAD, True, "feature/x has 2 commits that no remote has; it has no upstream", "git push -u origin feature/x"),
        (
            LocalBranch(name="it's", upstream="fork/it's", commits=1),
            True,
            "it's has 1 commit that no remote has; its upstream is fork/it's",
            "git push fork 'it'\"'\"'s'",
        ),
        (AHEAD, False, "feature/x has 2 commits, and this clone has no remote", "git remote add origin URL"),
        (
            LocalBranch(name="HEAD", upstream=None, commits=1),
            True,
            "HEAD is on no branch, and 1 commit of it are on none either",
            "git switch -c BRANCH && git push -u origin BRANCH",
        ),
    ],
)
def test_what_is_said_of_commits(branch, remote, message, command):
    heard = at_shutdown.judge(POLICY, tree(ahead=(branch,), has_remote=remote), ShutdownSweep())
    (found,) = [one for one in heard if isinstance(one, Finding)]
    assert (found.message, found.fix.command) == (message, command)


@pytest.mark.parametrize(
    ("phases", "judging"),
    [
        (("shutdown",), [at_shutdown]),
        (("startup", "adhoc"), [at_startup, adhoc]),
        (("startup", "shutdown", "adhoc"), [at_startup, at_shutdown, adhoc]),
    ],
)
def test_each_phase_has_a_check_of_its_own(phases, judging):
    policy = CleanTree(id="clean", phases=phases)
    assert [one for one in (at_startup, at_shutdown, adhoc) if one.calls(policy)] == judging


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"phases": ()}, ("phases",)),
        ({"files": False, "unpushed": False, "stashes": False}, ()),
        ({"allow": ("a//b",)}, ("allow", 0)),
        ({"allow_branches": ("",)}, ("allow_branches", 0)),
    ],
)
def test_what_would_judge_nothing_is_refused(keys, place):
    assert [where for where, _ in CleanTree(id="clean", **keys).problems()] == [place]


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    isolate(monkeypatch)
    origin = Repository(tmp_path / "origin")
    origin.commit_file("a.txt", "a")
    return origin.clone(tmp_path / "clone")


def read(clone: Repository) -> WorkTree:
    found = read_work_tree(open_repository(str(clone.path)))
    assert isinstance(found, WorkTree)
    return found


def test_a_fresh_clone_is_clean(clone: Repository):
    assert read(clone) == tree()


def test_every_state_of_a_file(clone: Repository):
    clone.write("a.txt", "other")
    clone.write("staged.txt", "x")
    clone.stage("staged.txt")
    clone.write(b"odd \xff\nname", "x")
    clone.write(".gitignore", "*.log\n")
    clone.write("noise.log", "x")
    states = {(file.path, file.state) for file in read(clone).dirty}
    assert states == {
        ("a.txt", "changed"),
        ("staged.txt", "staged"),
        ("odd \udcff\nname", "untracked"),
        (".gitignore", "untracked"),
    }


def test_a_conflict_and_the_merge_that_made_it(clone: Repository):
    clone.checkout("side", new=True)
    clone.commit_file("a.txt", "one")
    clone.checkout("main")
    clone.commit_file("a.txt", "other")
    assert clone.ask("merge", "side").returncode == 1
    found = read(clone)
    assert ([(file.path, file.state) for file in found.dirty], found.operation) == ([("a.txt", "conflicted")], "merge")


def test_commits_that_no_remote_has(clone: Repository):
    clone.commit_file("b.txt")
    clone.commit_file("c.txt")
    clone.checkout("feature/x", new=True)
    clone.commit_file("d.txt")
    clone.run("branch", "merged", "origin/main")
    assert read(clone).ahead == (
        LocalBranch(name="feature/x", upstream=None, commits=3),
        LocalBranch(name="main", upstream="origin/main", commits=2),
    )
    clone.run("push", "--quiet", "origin", "feature/x")
    assert read(clone).ahead == ()


def test_commits_of_a_detached_head(clone: Repository):
    clone.run("checkout", "--quiet", "--detach")
    assert read(clone).ahead == ()
    clone.commit_file("b.txt")
    assert read(clone).ahead == (LocalBranch(name="HEAD", upstream=None, commits=1),)


def test_without_a_remote_nothing_was_pushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)
    alone = Repository(tmp_path / "alone")
    alone.commit_file("a.txt")
    found = read(alone)
    assert (found.has_remote, found.ahead) == (False, (LocalBranch(name="main", upstream=None, commits=1),))


def test_stashes(clone: Repository):
    clone.write("a.txt", "half done")
    clone.run("stash", "push", "--message", "half done")
    clone.write("a.txt", "more")
    clone.run("stash")
    messages = [stash.message for stash in read(clone).stashes]
    assert len(messages) == 2
    assert messages[0].startswith("WIP on main")
    assert messages[1] == "On main: half done"


def test_what_git_cannot_tell_is_not_clean(clone: Repository):
    index = clone.path / ".git" / "index"
    index.write_bytes(b"DIRC damaged")
    found = read_work_tree(open_repository(str(clone.path)))
    assert isinstance(found, Missing)
    assert "git status failed" in found.message
