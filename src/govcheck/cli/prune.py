"""`govcheck prune`."""

import click

from govcheck.app import history_json, history_text
from govcheck.app.history import run_prune
from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.cli.output import show


@click.command(
    "prune",
    epilog=exit_codes(
        {
            0: "done, also where nothing is that old",
            2: "nothing says how old, or nothing can be written",
            3: "the record of what was pruned is damaged",
        }
    ),
)
@click.option("--older-than", metavar="DAYS", help="As `90d`. Default: `retention` of .govcheck.yaml.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For whom."
)
@global_options
@click.pass_context
def command(context: click.Context, *, older_than: str | None, form: str) -> int:
    """Take away this repository's old snapshots, and keep a record of each: its hash, its time, what came before it.

    The newest one stays, and the newest of each phase. Sweeps do this by themselves where `retention` is set.
    """
    where = setting(context)
    taken = run_prune(where, older_than)
    show(lambda **_: history_json.pruned(taken) if form == "json" else history_text.pruned(taken), where.environment)
    return 0
