"""The remote-tracking branches of a clone: what it last saw of its remote `origin`. Nothing is fetched."""

import os
from contextlib import suppress
from datetime import UTC, datetime

from govcheck.facts import Missing
from govcheck.facts.branches import RemoteBranch, RemoteBranches
from govcheck.findings import Reason
from govcheck.paths import decode
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.runner import refusal

_PREFIX = "refs/remotes/origin/"
_REMOTE = _PREFIX.encode()
_FORMAT = "%(refname)%00%(symref)%00%(objectname)%00%(committerdate:iso-strict)%00%(committername)%00%(authorname)"
_FIELDS = 6
_HEAD = f"{_PREFIX}HEAD"
_ON_THE_WEB = "GitHub"
"""Who commits what is merged or edited on the web."""


def read_remote_branches(repository: Repository) -> RemoteBranches | Missing:
    """Every branch of `origin` that the clone knows.

    Returns:
        Missing where git cannot tell, as in a clone without the commits that its branches point to.
    """
    result = repository.git.ask("for-each-ref", f"--format={_FORMAT}", _PREFIX)
    if result.code:
        return Missing(reason=Reason.MISSING_OBJECT, message=str(refusal(repository.root, "for-each-ref", result)))
    lines = [decode(line).split("\0") for line in result.output.split(b"\n")]
    found = [fields for fields in lines if len(fields) == _FIELDS]
    target = next((fields[1] for fields in found if fields[0] == _HEAD), "")
    return RemoteBranches(
        branches=tuple(_branch(fields) for fields in found if fields[0] != _HEAD),
        default=target.removeprefix(_PREFIX) or None,
        fetched_at=_fetched_at(repository),
    )


def _branch(fields: list[str]) -> RemoteBranch:
    name, _, commit, date, committer, author = fields
    try:
        committed_at = datetime.fromisoformat(date)
    except ValueError:
        committed_at = None
    owner = author if committer == _ON_THE_WEB else committer
    return RemoteBranch(name=name.removeprefix(_PREFIX), commit=commit, committed_at=committed_at, owner=owner)


def _fetched_at(repository: Repository) -> datetime | None:
    try:
        fetched = os.stat(os.path.join(repository.common_dir, "FETCH_HEAD")).st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(fetched, UTC)


def knows_branches(repository: Repository) -> bool:
    """Whether the clone knows more than one branch of its remote, told without asking git.

    One alone is what a clone of a single branch has, which says nothing about the others.
    """
    loose = os.path.join(repository.common_dir, *_PREFIX.strip("/").split("/"))
    names = {
        os.path.relpath(os.path.join(folder, file), loose) for folder, _, files in os.walk(loose) for file in files
    }
    with suppress(OSError), open(os.path.join(repository.common_dir, "packed-refs"), "rb") as packed:
        lines = (line.partition(b" ")[2].strip() for line in packed)
        names |= {os.fsdecode(ref.removeprefix(_REMOTE)) for ref in lines if ref.startswith(_REMOTE)}
    return len(names - {"HEAD"}) > 1
