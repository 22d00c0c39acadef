"""`govcheck show`."""

import click

from govcheck.app.history import run_show
from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.cli.output import emit, show
from govcheck.snapshot.document import canonical


@click.command(
    "show",
    epilog=exit_codes(
        {
            0: "shown, whatever the sweep came to",
            2: "there is no such snapshot",
            3: "it is damaged, or a newer govcheck's",
        }
    ),
)
@click.argument("name", metavar="[HASH|latest|startup|shutdown|adhoc|FILE]", default="latest")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text: the report of that sweep. json: the snapshot as it was written.",
)
@click.option("-v", "--verbose", is_flag=True, help="Every finding whole.")
@global_options
@click.pass_context
def command(context: click.Context, *, name: str, form: str, verbose: bool) -> int:
    """Show a sweep that was kept: by its hash or the beginning of it, or the newest, of any or of one phase."""
    where = setting(context)
    shown = run_show(where, name)
    if form == "json":
        show(lambda **_: canonical(shown.document).decode(), where.environment)
    else:
        emit(shown.report, where.environment, verbose=verbose)
    return 0
