"""The repository at hand: where it is, which commit is checked out."""

# os.path is loaded with the interpreter; pathlib would cost the hook as much as git does.

import os
from collections.abc import Mapping

from govcheck.errors import UsageError
from govcheck.sources.git import discovery
from govcheck.sources.git.runner import Git

_HEX = frozenset(b"0123456789abcdef")
_ID_LENGTHS = (40, 64)
_BRANCH = b"ref: refs/heads/"


class Repository:
    """One work tree of a repository. Nothing in it is ever written by this package."""

    __slots__ = ("_head", "common_dir", "git", "git_dir", "root")

    def __init__(self, found: discovery.Found, git: Git) -> None:
        self.root = found.root
        """The top of the work tree, absolute."""

        self.git_dir = found.git_dir
        """This work tree's own git directory, absolute: a linked work tree has one of its own."""

        self.common_dir = found.common_dir
        """The git directory that all work trees of the repository share."""

        self.git = git
        self._head: str | bool | None = False

    @property
    def head(self) -> str | None:
        """The id of the commit that is checked out; None before the first one. Read once."""
        if isinstance(self._head, bool):
            self._head = _plain_head(self.git_dir, self.common_dir) or _asked_head(self.git)
        return self._head

    @property
    def is_shallow(self) -> bool:
        """Whether the clone's history is cut off."""
        return os.path.lexists(os.path.join(self.common_dir, "shallow"))


def open_repository(directory: str | None = None) -> Repository:
    """The repository around a directory that the user named, or around the current one.

    Without a name the environment counts as it does for git (GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE: a hook that git
    runs has them). A named directory is looked up without these; they count again where both are the same work tree,
    so that `-C .` in a hook judges the index that is about to be committed.

    Raises:
        UsageError: not a repository, a bare one, one of another user's, no such directory, or no git.
    """
    if directory is None:
        return _open(os.getcwd(), os.environ)
    if not os.path.isdir(directory):
        raise UsageError(f"{directory} is not a directory")
    plain = {name: value for name, value in os.environ.items() if name not in discovery.REPOSITORY_VARIABLES}
    named = _open(directory, plain)
    if discovery.REPOSITORY_VARIABLES.isdisjoint(os.environ):
        return named
    try:
        ambient = _open(os.getcwd(), os.environ)
    except UsageError:
        return named
    return ambient if (ambient.git_dir, ambient.root) == (named.git_dir, named.root) else named


def _open(directory: str, environment: Mapping[str, str]) -> Repository:
    absolute = os.path.realpath(directory)
    found = discovery.find(absolute, environment)
    if found is not None:
        return Repository(found, Git(found.root, environment))
    found = _asked(Git(absolute, environment))
    return Repository(found, Git(found.root, _pinned(found, environment)))


def _asked(git: Git) -> discovery.Found:
    # One question a process: a path may hold a newline, so two answers could not be told apart.
    root = os.fsdecode(git.run("rev-parse", "--show-toplevel").removesuffix(b"\n"))
    git_dir = os.fsdecode(git.run("rev-parse", "--absolute-git-dir").removesuffix(b"\n"))
    return discovery.Found(root, os.path.realpath(git_dir), discovery.common_dir(git_dir))


def _pinned(found: discovery.Found, environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment in which git, started in the root, means what it answered before.

    With GIT_DIR git does not check who owns the repository: it did when it was asked.
    """
    pinned = {**environment, "GIT_DIR": found.git_dir, "GIT_WORK_TREE": found.root}
    for name in ("GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"):
        if name in pinned:
            pinned[name] = os.path.abspath(pinned[name])
    return pinned


def _plain_head(git_dir: str, common_dir: str) -> str | None:
    """HEAD by reading two files; None where it is not as plain as that."""
    try:
        text = discovery.read_small(os.path.join(git_dir, "HEAD"))
        if text.startswith(_BRANCH) and b".." not in text:
            branch = os.fsdecode(text.removeprefix(b"ref: ").rstrip(b"\n"))
            text = discovery.read_small(os.path.join(common_dir, branch))
    except (OSError, ValueError):
        return None
    name = text.rstrip(b"\n")
    return name.decode("ascii") if len(name) in _ID_LENGTHS and _HEX.issuperset(name) else None


def _asked_head(git: Git) -> str | None:
    result = git.ask("rev-parse", "--verify", "--quiet", "HEAD")
    if not result.code:
        return result.output.decode("ascii").strip()
    # Git names a branch that has no commit yet; anything else is an error with words of its own.
    git.run("symbolic-ref", "HEAD")
    return None
