"""The default branch, as far as a clone knows it."""

from govcheck import paths
from govcheck.sources.git.repository import Repository

_USUAL = ("main", "master", "trunk", "develop")
_REMOTE = "refs/remotes/origin/"
_LOCAL = "refs/heads/"


def default_branch(repository: Repository) -> str | None:
    """What `origin` had as its HEAD when it was cloned, or else the branch that is checked out, if its name is usual.

    Returns:
        None where nothing tells it.
    """
    remote = _symbolic(repository, f"{_REMOTE}HEAD")
    if remote is not None and remote.startswith(_REMOTE):
        return remote.removeprefix(_REMOTE)
    local = (_symbolic(repository, "HEAD") or "").removeprefix(_LOCAL)
    return local if local in _USUAL else None


def _symbolic(repository: Repository, name: str) -> str | None:
    result = repository.git.ask("symbolic-ref", "--quiet", name)
    return paths.decode(result.output.strip()) if result.code == 0 else None
