"""`govcheck init`."""

import click

from govcheck.app.init.run import run_init
from govcheck.app.options import InitOptions
from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.cli.progress import progress


@click.command(
    "init",
    epilog=exit_codes(
        {
            0: "the set that was written holds",
            1: "something that was imported does not hold today",
            2: "nothing was written: there are policies already, or an import cannot be read",
            3: "something in the set could not be told",
        }
    ),
)
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@click.option("--force", is_flag=True, help="Write over files of the same name.")
@global_options
@click.pass_context
def command(context: click.Context, *, dry_run: bool, force: bool) -> int:
    """Write a starting set of policies that holds today, with what could be tighter as comments.

    Reads the repository, offline.
    """
    with progress("Trying what holds"):
        code, text = run_init(InitOptions(setting=setting(context), dry_run=dry_run, force=force))
    click.echo(text)
    return code
