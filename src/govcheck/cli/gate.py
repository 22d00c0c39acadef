"""`govcheck gate`."""

import click

from govcheck.app.gate import run_gate
from govcheck.cli.options import at_option, exit_codes, global_options, setting


@click.group("gate")
def command() -> None:
    """Stop what must not go on: the step before it, whose exit code a workflow obeys."""


@command.command(
    "deploy",
    epilog=exit_codes({0: "open", 1: "closed", 2: "no policy has a say, or the call is wrong", 3: "cannot tell"}),
)
@click.option("--environment", required=True, metavar="NAME", help="What is deployed to, as the policies name it.")
@click.option("--policy", metavar="ID", help="Only this policy has a say. Default: every deploy window of NAME.")
@at_option
@global_options
@click.pass_context
def deploy(context: click.Context, *, environment: str, policy: str | None) -> int:
    """Say whether a deploy may start now, until when, and when next."""
    code, text = run_gate(setting(context), environment, policy)
    click.echo(text)
    return code
