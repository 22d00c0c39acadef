"""`govcheck issues`."""

import click

from govcheck.app.issues import Issued, IssuesOptions, run_issues
from govcheck.cli.options import exit_codes, global_options, max_wait_option, setting
from govcheck.reporters.escape import visible
from govcheck.telling.issues import Action, Per


@click.command(
    "issues",
    epilog=exit_codes(
        {
            0: "the issues say what the sweep says; without --write: what would make them",
            2: "no sweep to take it from, or no GOVCHECK_ISSUES_TOKEN",
            3: "the issues could not be read, or not everything could be done",
        }
    ),
)
@click.option("--report", metavar="FILE", help="The JSON report of a sweep; `-` reads it. Default: the store's newest.")
@click.option(
    "--per",
    type=click.Choice(["policy", "finding"]),
    default="policy",
    show_default=True,
    help="What one issue is about; issues of the other sort are left alone.",
)
@click.option("--write", is_flag=True, help="Do it. Without this nothing is written: it says what it would do.")
@click.option(
    "--most", type=click.IntRange(min=0), default=20, show_default=True, help="Issues that one run opens at most."
)
@max_wait_option
@global_options
@click.pass_context
def command(context: click.Context, *, report: str | None, per: Per, write: bool, most: int, max_wait: float) -> int:
    """Keep one issue on GitHub for each policy or finding that is open: open, update, close and open it again.

    This is the one command that writes to GitHub, with --write, by the token of GOVCHECK_ISSUES_TOKEN and no other,
    and to issues alone. Nobody is mentioned, and what did not change is not touched. Issues have the label `govcheck`.
    """
    options = IssuesOptions(setting=setting(context), report=report, per=per, write=write, most=most, max_wait=max_wait)
    came = run_issues(options)
    click.echo("".join(f"{line}\n" for line in _lines(came)), nl=False)
    return came.exit_code


def _lines(came: Issued) -> list[str]:
    lines = [_line(action) for action in (came.done if came.write else came.plan.actions)]
    lines += [f"left closed: #{number}, which somebody closed by hand" for number in came.plan.by_hand]
    if came.put_off:
        lines.append(f"{came.put_off} more are not opened: see --most")
    if came.failed:
        lines.append(f"ended early: {visible(came.failed)}")
    if came.plan.unchanged > 0:
        lines.append(f"{came.plan.unchanged} unchanged")
    if not came.write and came.plan.actions:
        lines.append("nothing was written: --write does it")
    return lines or ["nothing to do"]


def _line(action: Action) -> str:
    where = f"#{action.number} " if action.number is not None else ""
    return f"{action.deed}: {where}{visible(action.title)}"
