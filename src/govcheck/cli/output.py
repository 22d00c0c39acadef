"""Writes a report where it was asked for: standard output, files, the step summary of a workflow run."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Literal, get_args

from govcheck.errors import GovcheckError, UsageError
from govcheck.report import Report

Format = Literal["text", "json", "github", "sarif", "junit"]
FORMATS: tuple[Format, ...] = get_args(Format)
DEFAULT_WIDTH = 100


def emit(
    report: Report,
    environment: Mapping[str, str],
    *,
    form: Format = "text",
    outputs: Sequence[tuple[Format, str]] = (),
    verbose: bool = False,
) -> int:
    """Prints the report, writes the files that were asked for, and returns the report's exit code.

    Raises:
        UsageError: where a file cannot be written.
    """
    for other, path in outputs:
        _write(path, _render(report, other, environment, colour=False, width=DEFAULT_WIDTH, verbose=True))
    if form == "github":
        from govcheck.reporters import github  # noqa: PLC0415 - only this format has a summary

        _append_summary(github.summary(report), environment)
    show(partial(_render, report, form, environment, verbose=verbose), environment)
    return report.exit_code


def aside(report: Report, environment: Mapping[str, str], *, verbose: bool = False) -> None:
    """Writes the report as text to standard error, where standard output is somebody else's."""
    from govcheck.reporters import text  # noqa: PLC0415 - see `_render`

    colour = sys.stderr.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    width = _width(environment) if sys.stderr.isatty() else DEFAULT_WIDTH
    sys.stderr.flush()
    sys.stderr.buffer.write(
        text.render(report, colour=colour, width=width, verbose=verbose).encode("utf-8", "backslashreplace")
    )
    sys.stderr.buffer.flush()


def show(render: Callable[..., str], environment: Mapping[str, str]) -> None:
    """Prints a text that is made for standard output as it is: `render` takes `colour` and `width`."""
    terminal = sys.stdout.isatty()
    width = _width(environment) if terminal else DEFAULT_WIDTH
    colour = terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    _print(render(colour=colour, width=width))


def _width(environment: Mapping[str, str]) -> int:
    """What `shutil.get_terminal_size` tells; its module brings every format of archive along."""
    columns = environment.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError):
        return DEFAULT_WIDTH


@contextmanager
def told(environment: Mapping[str, str], *, form: Format, outputs: Sequence[tuple[Format, str]] = ()) -> Iterator[None]:
    """Where a run ends before it judges, says so in the formats that were asked for, too, and lets the error go on.

    Raises:
        GovcheckError: the error itself; standard error has it as text, whatever the format.
    """
    try:
        yield
    except GovcheckError as error:
        from govcheck.reporters import problems, problems_text  # noqa: PLC0415 - only a run that ends here needs it

        if form != "text":
            _print(problems.render(error, form))
        try:
            for other, path in outputs:
                whole = f"{problems_text.render(error)}\n" if other == "text" else problems.render(error, other)
                _write(path, whole)
            if form == "github":
                _append_summary(problems.summary(error), environment)
        except UsageError as unwritable:
            error.hint = f"{error.hint}; also, {unwritable.message}" if error.hint else unwritable.message
        raise


def _render(
    report: Report, form: Format, environment: Mapping[str, str], *, colour: bool, width: int, verbose: bool
) -> str:
    # Imported where they are needed: the hook prints text, and nothing else.
    if form == "json":
        from govcheck.reporters import json  # noqa: PLC0415 - see above

        return json.render(report)
    if form == "github":
        from govcheck.reporters import github  # noqa: PLC0415 - see above

        return github.render(report)
    if form == "junit":
        from govcheck.reporters import junit  # noqa: PLC0415 - see above

        return junit.render(report)
    if form == "sarif":
        from govcheck.reporters import sarif  # noqa: PLC0415 - see above

        return sarif.render(report, server=_server(environment) or sarif.PUBLIC_SERVER)
    from govcheck.reporters import text  # noqa: PLC0415 - see above

    return text.render(report, colour=colour, width=width, verbose=verbose)


def _server(environment: Mapping[str, str]) -> str | None:
    """Where GitHub's pages are, as a workflow run or `gh` says it; None where neither does."""
    address = environment.get("GITHUB_SERVER_URL", "")
    host = environment.get("GH_HOST", "")
    address = address or (f"https://{host}" if host else "")
    return address.rstrip("/") if address.startswith(("https://", "http://")) else None


def _print(text: str) -> None:
    # The report is UTF-8 whatever the locale says: a C locale must not turn a finding into a crash.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _write(path: str, text: str) -> None:
    try:
        with open(path, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {os.strerror(error.errno or 0)}") from error


def _append_summary(text: str, environment: Mapping[str, str]) -> None:
    path = environment.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with open(path, "ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(
            f"cannot write the step summary {path}: {os.strerror(error.errno or 0)}",
            "unset GITHUB_STEP_SUMMARY, or use --format text",
        ) from error
