"""`govcheck history`."""

from functools import partial

import click

from govcheck.app import history_json, history_text
from govcheck.app.history import run_history
from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.cli.output import show


@click.command(
    "history",
    epilog=exit_codes({0: "listed, also where there is none yet", 2: "the store cannot be had"}),
)
@click.option("--findings", is_flag=True, help="Also every finding and unknown: since when, until when, how often.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The newest N sweeps. Default: all.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For whom."
)
@global_options
@click.pass_context
def command(context: click.Context, *, findings: bool, limit: int | None, form: str) -> int:
    """List the sweeps that were kept, the newest first: when, which, of what commit, and what came of each.

    Snapshots are under the git directory, or in what GOVCHECK_STORE names: a folder, `sqlite:///PATH`, or
    `postgresql://USER@HOST/NAME` (which needs `govcheck[db]`).
    """
    where = setting(context)
    told = run_history(where, findings=findings, limit=limit)
    show(
        (lambda **_: history_json.history(told)) if form == "json" else partial(history_text.history, told),
        where.environment,
    )
    return 0
