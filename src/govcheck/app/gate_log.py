"""Where the log of `gate deploy` is, and what it says."""

from pathlib import Path

from govcheck.app.options import Setting
from govcheck.app.state import Reading
from govcheck.errors import SourceError
from govcheck.facts import Missing, Request
from govcheck.facts.decisions import AuditLog, AuditLogRequest
from govcheck.findings import Reason
from govcheck.sources.git.repository import Repository
from govcheck.store.decisions import parse

STORE = "store"
_LOG = "decisions.jsonl"


def log_file(setting: Setting, name: str | None, repository: Repository) -> Path:
    """The file that a caller names, or the store's."""
    if name is not None:
        return Path(setting.directory or "", name)
    return _in_store(setting.environment.get("GOVCHECK_STORE"), repository)


def kept_log(path: Path) -> AuditLog | None:
    """The log so far; None where there is none yet.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        return parse(path.read_bytes(), str(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"cannot read the log {path}: {error.strerror or error}") from error


def audit_log(reading: Reading, request: Request) -> AuditLog | Missing:
    """The log for rules: a tracked file of the state that is judged, or the store's."""
    place = request.place if isinstance(request, AuditLogRequest) else STORE
    return _of_store(reading.repository) if place == STORE else _tracked(reading, place)


def _tracked(reading: Reading, place: str) -> AuditLog | Missing:
    data = reading.blobs([place], place).get(place)
    if data is None:
        return _missing(f"{place} is no tracked file of {reading.in_words}")
    return data if isinstance(data, Missing) else parse(data, place)


def _of_store(repository: Repository) -> AuditLog | Missing:
    try:
        found = kept_log(_in_store(repository.git.environment.get("GOVCHECK_STORE"), repository))
    except SourceError as error:
        return _missing(error.message)
    return found or _missing("the store has no log: no `gate deploy` was run with it")


def _in_store(value: str | None, repository: Repository) -> Path:
    """Beside the snapshots, or below the git directory where those are in a database: the log is a file."""
    folder = Path(value) if value and "://" not in value else Path(repository.git_dir) / "govcheck"
    return folder / _LOG


def _missing(message: str) -> Missing:
    return Missing(reason=Reason.MISSING_OBJECT, message=message)
