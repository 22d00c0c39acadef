"""`govcheck fetch`."""

import click

from govcheck.app.fetch import run_fetch
from govcheck.cli.options import exit_codes, global_options, setting


@click.command(
    "fetch",
    epilog=exit_codes(
        {
            0: "every set is here",
            2: "a pin that is on no branch and no tag, or a configuration that is not valid",
            3: "a repository could not be read",
        }
    ),
)
@click.option("--base", metavar="REV", help="By the configuration of REV, as `check --base REV` goes by it.")
@global_options
@click.pass_context
def command(context: click.Context, *, base: str | None) -> int:
    """Get the sets of policies that `extends` of .govcheck.yaml names in other repositories.

    They are kept under the git directory, by commit. Nothing else of govcheck but `sweep` and `--live` fetches them,
    so that a hook never waits for a network.
    """
    click.echo(run_fetch(setting(context), base))
    return 0
