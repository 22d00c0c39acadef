"""`generate`: schemas and docs, written from the rules."""

from pathlib import Path

from govcheck.app.options import Setting
from govcheck.errors import UsageError
from govcheck.generate import stale, write
from govcheck.sources.git.repository import open_repository


def run_generate(setting: Setting, *, write_files: bool) -> list[str]:
    """The files that are stale or left over; they are mended where that is asked for.

    Raises:
        UsageError: where this is not govcheck's own repository.
    """
    root = Path(open_repository(setting.directory).root)
    if not (root / "src" / "govcheck" / "generate").is_dir():
        raise UsageError(f"{root} is not govcheck's own repository", "`generate` writes govcheck's schemas and docs")
    names = stale(root)
    if write_files:
        write(root)
    return names
