"""The change: what is staged, or what a branch adds since it left its base."""

from collections.abc import Mapping
from enum import StrEnum

from govcheck.facts import Fact, Missing
from govcheck.records import frozen


class ChangeType(StrEnum):
    """What happened to a path. Git's copy is an add; its type change (file to symlink) a modify."""

    ADD = "add"
    MODIFY = "modify"
    DELETE = "delete"
    RENAME = "rename"


@frozen(kw_only=True)
class ChangedPath:
    """One entry of the change."""

    type: ChangeType
    path: str
    """The path after the change; for a deletion the path that is gone."""

    previous_path: str | None = None
    """For a rename: where it came from."""

    mode: str | None
    """Git's six-digit mode after the change; None for a deletion."""

    previous_mode: str | None
    """Before the change; None for an addition."""


@frozen
class Change(Fact):
    """Every changed path, in git's order. Offered at `pre-commit` and `ci`."""

    paths: tuple[ChangedPath, ...]
    before: str = ""
    """The object id of the commit (or of the empty tree) that the change starts from."""

    after: str | None = None
    """The commit that it leads to; None for the index."""


@frozen
class AddedLines(Fact):
    """The lines that the change adds. Offered with `Change`; only gathered for checks that read it."""

    lines: Mapping[str, tuple[tuple[int, bytes], ...] | Missing]
    """Path after the change to (line number from 1, bytes without the newline), for every regular file; a file that
    is too large or that the clone does not have is `Missing`. Binary files have lines too: git's attributes and a
    zero byte must not hide any."""


@frozen
class RemovedLines(Fact):
    """How many lines the change takes away or edits. Offered with `Change`; only gathered for checks that read it."""

    counts: Mapping[str, int | Missing]
    """By the path before the change; a rename is a deletion here."""
