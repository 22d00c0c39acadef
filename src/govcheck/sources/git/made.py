"""A throwaway repository of what a policy test gives: made by git itself, checked out only where a clone is given."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from govcheck.policy_tests.given import Given
from govcheck.policy_tests.given_parts import GivenClone, GivenCommit
from govcheck.sources.git.runner import Git

BASE = "main"
"""The branch that has the files."""

CHANGED = "refs/govcheck/change"
"""The ref that has the change as well."""

_LOCAL = "refs/govcheck/local"
_DIRTY = "refs/govcheck/dirty"
_STASH = "refs/govcheck/stash"
_START = 1767225600
"""The first of January 2026, in seconds: when the first commit is made. Each later one is a minute younger."""

_WHO = "govcheck <govcheck@example.invalid>"


def make_repository(folder: Path, given: Given) -> None:
    """Makes an empty folder a repository: `main` has the files, `CHANGED` the change, and so does the index.

    Where a clone is given, it is checked out as that says: by git, from its own objects.

    Args:
        folder: Where; it is there already.
        given: What is to be in it. Paths are good ones: see `policy_tests.given_paths`.

    Raises:
        GovcheckError: where git refuses, or is not installed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    git = Git(str(folder), kept)
    git.run("init", "--quiet", "--template=", f"--initial-branch={BASE}", "--object-format=sha1", ".")
    git.run("fast-import", "--quiet", given=b"".join(_stream(given)))
    if given.branch is None:
        git.run("update-ref", "--no-deref", "HEAD", BASE)
    elif given.branch != BASE:
        git.run("update-ref", f"refs/heads/{given.branch}", BASE)
        git.run("symbolic-ref", "HEAD", f"refs/heads/{given.branch}")
    if given.clone is None:
        git.run("read-tree", CHANGED)
    else:
        _clone(git, given, given.clone)


def _clone(git: Git, given: Given, clone: GivenClone) -> None:
    """What is pushed is known as the remote's, and everything else lies here alone."""
    if clone.remote:
        git.run("remote", "add", "origin", f"https://github.com/{given.repository}.git")
        git.run("update-ref", f"refs/remotes/origin/{given.branch}", BASE)
        git.run("config", f"branch.{given.branch}.remote", "origin")
        git.run("config", f"branch.{given.branch}.merge", f"refs/heads/{given.branch}")
    git.run("update-ref", "HEAD", _LOCAL)
    if clone.shallow:
        (Path(git.directory) / ".git" / "shallow").write_bytes(git.run("rev-parse", BASE))
    for number, message in enumerate(clone.stashes):
        put_aside = f"On {given.branch}: {message}"
        git.run("update-ref", "--create-reflog", "-m", put_aside, "refs/stash", f"{_STASH}/{number}")
    git.run("read-tree", _DIRTY)
    git.run("checkout-index", "--all", "--quiet")
    git.run("read-tree", "HEAD")


def _stream(given: Given) -> Iterator[bytes]:
    """All commits. The format: https://git-scm.com/docs/git-fast-import#_input_format."""
    yield _commit(f"refs/heads/{BASE}", GivenCommit(message="", author=_WHO), 0)
    yield from _changes(given.files)
    yield from _branch(CHANGED, given.chain)
    if given.clone is not None:
        here = [GivenCommit(message=message) for message in given.clone.unpushed]
        dirty = GivenCommit(message="", author=_WHO, change=given.clone.change)
        yield from _branch(_LOCAL, here)
        yield from _branch(_DIRTY, [*here, dirty])
        for number, message in enumerate(given.clone.stashes):
            yield from _branch(f"{_STASH}/{number}", [GivenCommit(message=message)])


def _branch(ref: str, commits: Sequence[GivenCommit]) -> Iterator[bytes]:
    """A ref with commits on top of `main`."""
    yield f"reset {ref}\nfrom :1\n\n".encode()
    for number, commit in enumerate(commits, 1):
        yield _commit(ref, commit, number)
        yield from _changes(commit.change)


def _commit(ref: str, commit: GivenCommit, number: int) -> bytes:
    when = f"{_START + 60 * number} +0000"
    message = commit.message.encode()
    mark = "" if number else "mark :1\n"
    author, committer = commit.author, commit.committer or commit.author
    head = f"commit {ref}\n{mark}author {author} {when}\ncommitter {committer} {when}\ndata {len(message)}\n"
    return head.encode() + message + b"\n"


def _changes(paths: Mapping[str, str | None]) -> Iterator[bytes]:
    """Deletions first: what was a file may become a folder."""
    for path, content in sorted(paths.items(), key=lambda one: one[1] is not None):
        if content is None:
            yield b"D %s\n" % _quoted(path)
        else:
            data = content.encode()
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(path), len(data), data)
    yield b"\n"


def _quoted(path: str) -> bytes:
    return b'"%s"' % path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"')
