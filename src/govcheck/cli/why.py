"""`govcheck why`."""

import click

from govcheck.app.options import CheckOptions
from govcheck.app.why import run_why
from govcheck.cli.options import at_option, exit_codes, global_options, max_wait_option, setting
from govcheck.cli.progress import progress


@click.command(
    "why",
    epilog=exit_codes(
        {
            0: "it was found by an earlier sweep, and is not there any more",
            1: "it is there",
            2: "nothing has this fingerprint",
            3: "it is something that could not be told",
        }
    ),
)
@click.argument("fingerprint")
@click.option("--base", metavar="REV", help="Of the change since the merge base with REV. Default: the whole tree.")
@click.option("--live", is_flag=True, help="Read the settings on GitHub too, as far as the token at hand may.")
@max_wait_option
@at_option
@global_options
@click.pass_context
def command(context: click.Context, *, fingerprint: str, base: str | None, live: bool, max_wait: float) -> int:
    """Tell everything about one finding: what was observed, what it rests on, since when, what mends it.

    FINGERPRINT, or its beginning, is what `check --verbose`, JSON reports and sweeps call the finding.
    """
    options = CheckOptions(setting=setting(context), base=base, live=live, show_all=True, max_wait=max_wait)
    with progress("Holding the repository to its policies"):
        code, text = run_why(options, fingerprint)
    click.echo(text, nl=False)
    return code
