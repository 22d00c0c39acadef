"""The sweep that is told of: a report that is handed in, or the newest one of the store."""

from pathlib import Path

from govcheck.app.options import Setting
from govcheck.errors import UsageError
from govcheck.report import Phase
from govcheck.sources.git.repository import Repository
from govcheck.sources.report_file import read_report
from govcheck.store.opening import open_store
from govcheck.telling.sweep import Sweep, of_report, of_snapshot


def swept(setting: Setting, repository: Repository | None, report: str | None, name: str | None) -> Sweep:
    """The sweep.

    Args:
        setting: With the environment that names the store.
        repository: Whose git directory has the store by default; None where a report is enough.
        report: A file, or `-`; None takes the store's newest.
        name: Whose sweep it has to be, as `OWNER/NAME`; None takes a report's own word.

    Raises:
        UsageError: where there is none, or it is another repository's.
    """
    try:
        found = _newest(setting, repository, name) if report is None else of_report(read_report(report))
    except ValueError as error:
        raise UsageError(f"nothing can be told of this: {error}", "hand in the JSON report of a sweep") from error
    if name is not None and found.repository.lower() != name.lower():
        raise UsageError(f"the report is of {found.repository}, and not of {name}")
    return found


def _newest(setting: Setting, repository: Repository | None, name: str | None) -> Sweep:
    if repository is None:
        raise UsageError("no report is given, and there is no repository whose store has one", "use --report FILE")
    store = open_store(setting.environment.get("GOVCHECK_STORE"), Path(repository.git_dir) / "govcheck")
    snapshot = store.latest(tuple(Phase), name)
    if snapshot is None:
        raise UsageError(f"the store has no sweep of {name}", "run `govcheck sweep` first, or use --report FILE")
    return of_snapshot(snapshot)


def memory_folder(setting: Setting, repository: Repository) -> Path:
    """Where what was told is kept: the store's folder; beside the git directory's own where that is a database."""
    value = setting.environment.get("GOVCHECK_STORE")
    return Path(value) if value and "://" not in value else Path(repository.git_dir) / "govcheck"
