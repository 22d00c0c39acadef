"""`govcheck session`."""

import click

from govcheck.app.options import SweepOptions
from govcheck.app.session import run_session
from govcheck.cli.options import exit_codes, global_options, judging_options, setting
from govcheck.cli.output import aside
from govcheck.errors import GovcheckError
from govcheck.report import FailOn, OnUnknown, Report
from govcheck.reporters import problems_text


@click.command(
    "session",
    context_settings={"allow_interspersed_args": False},
    epilog=exit_codes(
        {
            0: "the command ended well, and both sweeps did",
            1: "the command's own code; or the command ended well, and a sweep found something",
            2: "as 1; or nothing was begun: usage, no policy, or an invalid one",
            3: "as 1; or the command ended well, and a sweep could not tell something",
            127: "there is no such command",
        }
    ),
)
@click.option("--verbose", "-v", is_flag=True, help="Show everything that both sweeps have to say.")
@judging_options
@global_options
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND...")
@click.pass_context
def command(
    context: click.Context,
    *,
    command: tuple[str, ...],
    fail_on: FailOn,
    unknown: OnUnknown,
    max_wait: float,
    verbose: bool,
) -> int:
    """Run COMMAND between a startup sweep and a shutdown sweep.

    The exit code is the command's; where that is 0, the sweeps'. The shutdown sweep follows also where the command
    fails or is interrupted. What the sweeps say goes to standard error, so that the command's output stays its own.
    """
    where = setting(context)
    options = SweepOptions(setting=where, fail_on=fail_on, unknown=unknown, max_wait=max_wait)

    def told(found: Report | GovcheckError) -> None:
        if isinstance(found, GovcheckError):
            click.echo(problems_text.render(found), err=True)
        else:
            aside(found, where.environment, verbose=verbose)

    return run_session(options, command, told)
