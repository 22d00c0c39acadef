"""`govcheck audit`."""

import click

from govcheck.app.audit import run_audit
from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.cli.progress import progress


@click.command(
    "audit",
    epilog=exit_codes(
        {
            0: "every policy can fail",
            2: "no policy, or an invalid one",
            3: "a policy was not shown to be able to: perhaps it asserts nothing",
        }
    ),
)
@global_options
@click.pass_context
def command(context: click.Context) -> int:
    """Show of every policy that it is able to fail, and to pass.

    It is held to the worst repository there can be, and to a good one that is made for it; where none could be made,
    a test of the policy may show that it passes. Nothing is read but the policies and their tests, and nothing is sent
    anywhere.
    """
    with progress("Holding the policies to the worst that there can be"):
        code, text = run_audit(setting(context))
    click.echo(text)
    return code
