"""`govcheck sweep`."""

import click

from govcheck.app.options import SweepOptions
from govcheck.app.sweep import run_sweep
from govcheck.cli.formats import report_options
from govcheck.cli.options import global_options, judging_options, replay_option, setting
from govcheck.cli.output import Format, emit, told
from govcheck.cli.progress import progress
from govcheck.cli.replay import replayed
from govcheck.report import FailOn, OnUnknown, Phase


@click.command("sweep")
@click.option(
    "--phase",
    type=click.Choice([phase.value for phase in Phase]),
    default=Phase.ADHOC.value,
    show_default=True,
    help="startup compares with the last shutdown, shutdown with the last startup, adhoc with the last sweep.",
)
@click.option(
    "--since",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Compare with this snapshot, in place of the store's.",
)
@click.option(
    "--write",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the snapshot to a file as well, so that another machine can carry on from it.",
)
@replay_option
@judging_options
@report_options
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    phase: str,
    since: str | None,
    write: str | None,
    replay: str | None,
    fail_on: FailOn,
    unknown: OnUnknown,
    max_wait: float,
    form: Format,
    outputs: tuple[tuple[Format, str], ...],
    verbose: bool,
) -> int:
    """Hold HEAD's tree and the live settings to the policies, and tell what drifted since the last sweep.

    Snapshots are kept under the git directory, or in what GOVCHECK_STORE names: a folder, `sqlite:///PATH`, or
    `postgresql://USER@HOST/NAME` (which needs `govcheck[db]`).
    """
    if replay is not None:
        return replayed(context, replay, sweep=True)
    where = setting(context)
    options = SweepOptions(
        setting=where,
        phase=Phase(phase),
        since=since,
        write=write,
        fail_on=fail_on,
        unknown=unknown,
        max_wait=max_wait,
    )
    waiting = progress("Reading the repository and its settings on GitHub")
    with told(where.environment, form=form, outputs=outputs), waiting:
        report = run_sweep(options)
    return emit(report, where.environment, form=form, outputs=outputs, verbose=verbose)
