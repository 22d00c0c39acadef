"""Names of commits: what they stand for, and where two lines of history parted."""

from govcheck.errors import UsageError
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.runner import refusal

_NOT_A_NAME = ("-", "^")
"""An option, or the exclusion of a commit."""

_NO_ANSWER = 1
"""`git merge-base` exits 1 where there is none."""


def resolve(repository: Repository, revision: str) -> str:
    """The id of the commit that a name stands for; a branch that only the remote `origin` has is found there.

    Raises:
        UsageError: where there is no such commit in this clone; nothing is fetched.
    """
    if revision and not revision.startswith(_NOT_A_NAME) and "\0" not in revision:
        for name in (revision, f"refs/remotes/origin/{revision}"):
            result = repository.git.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
            if not result.code:
                return result.output.decode("ascii").strip()
    tried = "" if revision.startswith(("origin/", "refs/")) else f": tried {revision!r} and 'origin/{revision}'"
    raise UsageError(
        f"{revision!r} names no commit of this {_clone(repository)}{tried}",
        _fetch_hint(repository, revision),
    )


def merge_base(repository: Repository, base: str, head: str) -> str:
    """The commit where `head` left `base`: the first one, where git knows several, as `git diff BASE...HEAD` has it.

    Raises:
        UsageError: where a name stands for no commit, or this clone has no common history of the two.
    """
    return parted(repository, resolve(repository, base), resolve(repository, head), names=(base, head))


def parted(repository: Repository, base: str, head: str, *, names: tuple[str, str] | None = None) -> str:
    """The same of two commits by their ids, of which `names` are those that people know.

    Raises:
        UsageError: where this clone has no common history of the two.
    """
    result = repository.git.ask("merge-base", base, head)
    if not result.code:
        return result.output.decode("ascii").strip()
    if result.code != _NO_ANSWER:
        raise refusal(repository.root, "merge-base", result)
    theirs, ours = names or (base, head)
    raise UsageError(
        f"no common ancestor of {theirs!r} ({base[:12]}) and {ours!r} ({head[:12]}) in this {_clone(repository)}",
        _fetch_hint(repository, theirs),
    )


def _clone(repository: Repository) -> str:
    return "shallow clone" if repository.is_shallow else "clone"


def _fetch_hint(repository: Repository, revision: str) -> str:
    remotes = repository.git.ask("remote").output.split()
    if b"origin" not in remotes:
        return (
            "this clone has no remote `origin`: name a branch or a commit that is here, "
            "or `git remote add origin URL` and `git fetch origin`"
        )
    return (
        "in GitHub Actions give actions/checkout `fetch-depth: 0`; elsewhere run `git fetch --unshallow` in a shallow "
        f"clone, or `git fetch origin {revision.removeprefix('refs/heads/').removeprefix('origin/')}`"
    )
