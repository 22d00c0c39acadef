"""`govcheck drift`."""

from functools import partial

import click

from govcheck.app import history_text
from govcheck.app.history import run_drift
from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.cli.output import show


@click.command(
    "drift",
    epilog=exit_codes(
        {
            0: "nothing changed",
            1: "something did",
            2: "there is no such snapshot, or the two are of different repositories",
            3: "one of them is damaged, or a newer govcheck's",
        }
    ),
)
@click.argument("before", metavar="[FROM]", required=False)
@click.argument("after", metavar="[TO]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: the report of TO with its drift.",
)
@click.option("-v", "--verbose", is_flag=True, help="Every change one by one.")
@global_options
@click.pass_context
def command(context: click.Context, *, before: str | None, after: str | None, form: str, verbose: bool) -> int:
    """Tell what changed between two sweeps that were kept; the last two, unless they are named.

    A name is a hash or the beginning of one, `latest`, a phase (the newest of it), or a file of `sweep --write`.
    Nobody is asked: who moved a setting is told by `sweep` alone.
    """
    where = setting(context)
    report = run_drift(where, before, after)
    if form == "json":
        from govcheck.reporters import json  # noqa: PLC0415 - only what is asked for

        show(lambda **_: json.render(report), where.environment)
    else:
        show(partial(history_text.drift, report, verbose=verbose), where.environment)
    return int(report.drift is not None and bool(report.drift.entries))
