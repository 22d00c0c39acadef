"""`check --replay` and `sweep --replay`."""

import click

from govcheck.app.options import ReplayOptions
from govcheck.cli.options import chosen, ensure_alone, setting
from govcheck.cli.output import emit, told


def replayed(context: click.Context, file: str, *, sweep: bool) -> int:
    """The exit code of a recorded run, whose report goes where this command line says."""
    from govcheck.app.replay import run_replay  # noqa: PLC0415 - brings what every kind of run needs

    ensure_alone(context, "fail_on", "unknown", "form", "outputs", "verbose", "repository")
    where = setting(context)
    options = ReplayOptions(
        file=file,
        sweep=sweep,
        repository=where.repository,
        fail_on=chosen(context, "fail_on"),
        unknown=chosen(context, "unknown"),
    )
    given = context.params
    with told(where.environment, form=given["form"], outputs=given["outputs"]):
        report = run_replay(options)
    return emit(report, where.environment, form=given["form"], outputs=given["outputs"], verbose=given["verbose"])
