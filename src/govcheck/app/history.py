"""`history`, `show`, `drift`, `verify` and `prune`: what the store tells of the sweeps so far."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from govcheck import drift
from govcheck.app.configured import configured
from govcheck.app.options import Setting
from govcheck.app.state import Reading
from govcheck.configuration import kept_for
from govcheck.errors import GovcheckError, UsageError
from govcheck.records import frozen, replace
from govcheck.report import Report
from govcheck.snapshot import Snapshot
from govcheck.snapshot.document import as_document
from govcheck.snapshot.report import report_of
from govcheck.sources.git.origin import origin
from govcheck.sources.git.repository import Repository, open_repository
from govcheck.sources.git.states import AtRevision
from govcheck.store.chain import Verdict
from govcheck.store.files import read_file
from govcheck.store.history import LATEST, Store
from govcheck.store.index import Lifetime, Row
from govcheck.store.opening import open_store
from govcheck.store.shelf import Tombstone


@frozen(kw_only=True)
class History:
    """What there is of the sweeps of a repository."""

    repository: str | None
    """None where nothing says which one: then it is of every one in the store."""

    store: str
    """Where it is, without a password."""

    sweeps: tuple[Row, ...]
    """The newest first."""

    pruned: tuple[Tombstone, ...]
    lifetimes: tuple[Lifetime, ...] = ()


@frozen
class Shown:
    """One sweep, as its report and as its snapshot's document."""

    report: Report
    document: Mapping[str, Any]


def run_history(setting: Setting, *, findings: bool, limit: int | None) -> History:
    """The sweeps of the repository, and, where it is asked for, since when and until when each finding was seen.

    Raises:
        GovcheckError: where the store cannot be had.
    """
    with _opened(setting) as (store, repository, _):
        if findings and repository is None:
            raise UsageError("nothing says which repository's findings are meant", "give --repository OWNER/NAME")
        return History(
            repository=repository,
            store=store.shelf.in_words,
            sweeps=tuple(store.rows(repository)[:limit]),
            pruned=tuple(store.tombstones(repository)),
            lifetimes=tuple(store.lifetimes(repository)) if findings else (),
        )


def run_show(setting: Setting, name: str) -> Shown:
    """The sweep of that name.

    Raises:
        UsageError: where there is none.
        SourceError: where it is damaged.
    """
    with _opened(setting) as (store, repository, _):
        if _is_file(name):
            snapshot = read_file(Path(name))
            return Shown(report_of(snapshot), as_document(snapshot))
        row = store.find(name, repository)
        return Shown(report_of(store.load(row)), store.document(row))


def run_drift(setting: Setting, before: str | None, after: str | None) -> Report:
    """The report of the later one of two sweeps, with what drifted between them.

    Args:
        setting: Where.
        before: A name of a sweep, or a file; the one before `after` where None is given.
        after: The same; the newest where None is given.

    Raises:
        UsageError: where there is none of that name, or the two are of different repositories.
        SourceError: where one is damaged.
    """
    with _opened(setting) as (store, repository, _):
        later = _named(store, after or LATEST, repository)
        earlier = _before(store, later, repository) if before is None else _named(store, before, repository)
        return replace(report_of(later), drift=drift.compare(earlier, later))


def run_verify(setting: Setting) -> tuple[str, Verdict]:
    """The store in words, and what came of reading every snapshot in it.

    Raises:
        UsageError: where the store cannot be had.
    """
    with _opened(setting) as (store, _, _):
        return store.shelf.in_words, store.verify()


def run_prune(setting: Setting, older_than: str | None) -> list[Tombstone]:
    """Takes away what is older than that, or than the configuration's `retention`; what it took, the oldest first.

    Raises:
        UsageError: where nothing says how old, or nothing can be written.
        SourceError: where the record of what was pruned is damaged.
    """
    with _opened(setting) as (store, repository, complete):
        age = kept_for(older_than or complete.retention)
        if age is None and older_than:
            raise UsageError(f"--older-than {older_than}: that is no number of days", "write it as 90d")
        if age is None:
            raise UsageError("nothing says how long snapshots are kept", "set retention: 90d, or give --older-than")
        if repository is None:
            raise UsageError("nothing says which repository's snapshots are meant", "give --repository OWNER/NAME")
        return list(reversed(store.prune(repository, datetime.now(UTC) - age)))


def pruned(store: Store, repository: str, retention: str) -> tuple[str, ...]:
    """Prunes after a sweep, and says so. What goes wrong with it is no reason to end the sweep."""
    age = kept_for(retention)
    if age is None:
        return ()
    try:
        taken = store.prune(repository, datetime.now(UTC) - age)
    except GovcheckError as error:
        return (f"old snapshots could not be pruned: {error.message}",)
    count = "1 snapshot" if len(taken) == 1 else f"{len(taken)} snapshots"
    return (f"pruned {count} older than {retention}; `govcheck history` lists them",) if taken else ()


@contextmanager
def _opened(setting: Setting) -> Iterator[tuple[Store, str | None, Setting]]:
    clone = open_repository(setting.directory)
    if clone.head is not None:
        setting = configured(setting, Reading(clone, AtRevision(clone.head)))
    store = open_store(setting.environment.get("GOVCHECK_STORE"), Path(clone.git_dir) / "govcheck")
    try:
        yield store, _repository(setting, clone), setting
    finally:
        store.close()


def _repository(setting: Setting, clone: Repository) -> str | None:
    """Without asking anybody; a sweep would insist that these agree."""
    named = setting.repository or setting.environment.get("GITHUB_REPOSITORY")
    if named:
        return named
    remote = origin(clone)
    return f"{remote.owner}/{remote.name}" if remote else None


def _named(store: Store, name: str, repository: str | None) -> Snapshot:
    if _is_file(name):
        return read_file(Path(name))
    return store.load(store.find(name, repository))


def _before(store: Store, later: Snapshot, repository: str | None) -> Snapshot:
    return store.load(store.before(later, repository))


def _is_file(name: str) -> bool:
    return os.sep in name or name.endswith((".json", ".json.gz"))
