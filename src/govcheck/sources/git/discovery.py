"""Finds a repository by looking, without a git process: only where it is plainly an ordinary one.

`find` answers None wherever git's own rules could say something else; then git is asked. Git checks the ownership
of what was found here by itself, at the first command.
"""

# os.path is loaded with the interpreter; pathlib would cost the hook as much as git does.

import os
from collections.abc import Mapping
from typing import NamedTuple

DECIDING_VARIABLES = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"})
"""Variables that say which repository is meant."""

REPOSITORY_VARIABLES = DECIDING_VARIABLES | {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
}
"""All variables that belong to one repository: a hook run by git has them, and another repository must not."""

_UNUSUAL = DECIDING_VARIABLES | {"GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"}

_SMALL = 1 << 20


class Found(NamedTuple):
    """Where a repository is. All absolute."""

    root: str
    git_dir: str
    """The work tree's own git directory."""

    common_dir: str
    """The git directory that linked work trees share; the same as `git_dir` where there are none."""


def find(directory: str, environment: Mapping[str, str]) -> Found | None:
    """The ordinary repository around a directory (absolute, no symbolic links); None: ask git."""
    if not _UNUSUAL.isdisjoint(environment):
        return None
    try:
        return _climb(directory)
    except OSError:
        return None


def common_dir(git_dir: str) -> str:
    """The git directory that a work tree's own one belongs to.

    https://git-scm.com/docs/gitrepository-layout has the file `commondir`.
    """
    try:
        shared = os.fsdecode(read_small(os.path.join(git_dir, "commondir")).removesuffix(b"\n"))
    except FileNotFoundError:
        return git_dir
    return os.path.realpath(os.path.join(git_dir, shared))


def read_small(path: str) -> bytes:
    """A small file's bytes; OSError where there is none."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        return os.read(descriptor, _SMALL)
    finally:
        os.close(descriptor)


def _climb(directory: str) -> Found | None:
    device = os.stat(directory).st_dev
    root = directory
    while not os.path.lexists(os.path.join(root, ".git")):
        parent = os.path.dirname(root)
        if parent == root or os.path.lexists(os.path.join(root, "HEAD")) or os.stat(parent).st_dev != device:
            return None
        root = parent
    git_dir = _git_dir(root)
    if git_dir is None:
        return None
    found = Found(root, git_dir, common_dir(git_dir))
    return found if _ordinary(found) else None


def _git_dir(root: str) -> str | None:
    path = os.path.join(root, ".git")
    if os.path.isdir(path):
        return os.path.realpath(path)
    link = read_small(path)
    if not link.startswith(b"gitdir: "):
        return None
    return os.path.realpath(os.path.join(root, os.fsdecode(link[len(b"gitdir: ") :].rstrip(b"\r\n"))))


def _ordinary(found: Found) -> bool:
    folders = (os.path.join(found.common_dir, name) for name in ("objects", "refs"))
    if not all(map(os.path.isdir, folders)) or not os.path.isfile(os.path.join(found.git_dir, "HEAD")):
        return False
    config = read_small(os.path.join(found.common_dir, "config")).lower()
    if len(config) == _SMALL or b"worktree" in config or b"\\\n" in config:
        return False
    return all(b"".join(line.split()) == b"bare=false" for line in config.splitlines() if b"bare" in line)
