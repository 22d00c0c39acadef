"""`govcheck verify`."""

from functools import partial

import click

from govcheck.app import history_json, history_text
from govcheck.app.history import run_verify
from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.cli.output import show


@click.command(
    "verify",
    epilog=exit_codes(
        {
            0: "every snapshot is whole, and each one's predecessor is there or was pruned",
            1: "at least one is not: each is named",
            2: "the store cannot be had",
        }
    ),
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For whom."
)
@global_options
@click.pass_context
def command(context: click.Context, *, form: str) -> int:
    """Read every snapshot in the store, hold it to its hash, and follow the chain of them.

    It finds what was damaged, exchanged or lost. Who can write the store can also forge it whole.
    """
    where = setting(context)
    store, found = run_verify(where)
    if form == "json":
        show(lambda **_: history_json.verdict(store, found), where.environment)
    else:
        show(partial(history_text.verdict, store, found), where.environment)
    return int(bool(found.broken))
