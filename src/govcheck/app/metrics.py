"""`metrics`: the figures of a sweep, to a file or to a Pushgateway."""

import base64
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from govcheck.app.configured import configured
from govcheck.app.live import repository_name
from govcheck.app.options import Setting
from govcheck.app.state import Reading
from govcheck.app.swept import swept
from govcheck.errors import UsageError
from govcheck.reporters.metrics import CONTENT_TYPE, render
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.mail import NotDeliveredError
from govcheck.sources.outgoing import send, validated
from govcheck.telling.sweep import Sweep

_FILE_MODE = 0o644
"""A node exporter runs as another user."""


def run_metrics(setting: Setting, *, report: str | None, output: str | None, push: str | None) -> str | None:
    """Writes the figures where they are wanted, and gives them back where nowhere is.

    Args:
        setting: The global options.
        report: A JSON report, which needs no repository; None takes the newest sweep of the store.
        output: A file, which is replaced in one step, so that nobody reads half of it.
        push: The root of a Pushgateway; what it had of this repository is replaced.

    Raises:
        UsageError: where there is no sweep, or the file cannot be written.
        NotDeliveredError: where the Pushgateway did not take them.
    """
    sweep = swept(setting, None, report, setting.repository) if report is not None else _stored(setting)
    text = render(sweep)
    if output is not None:
        _write(Path(output), text)
    if push is not None:
        group = base64.urlsafe_b64encode(sweep.repository.encode()).decode().rstrip("=")
        address = f"{validated(push, '--push').rstrip('/')}/metrics/job/govcheck/repository@base64/{group}"
        send("PUT", address, text.encode(), CONTENT_TYPE)
    return text if output is None and push is None else None


def _stored(setting: Setting) -> Sweep:
    repository = open_repository(setting.directory)
    setting = configured(setting, Reading(repository, OnDisk()))
    return swept(setting, repository, None, repository_name(setting, repository, from_environment(setting.environment)))


def _write(path: Path, text: str) -> None:
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode())
            Path(name).chmod(_FILE_MODE)
            Path(name).replace(path)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


__all__ = ["NotDeliveredError", "run_metrics"]
