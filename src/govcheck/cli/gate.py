"""`govcheck gate`."""

import click

from govcheck.app.gate import run_gate, run_log
from govcheck.app.options import GateOptions
from govcheck.cli.options import at_option, exit_codes, global_options, max_wait_option, setting


@click.group("gate")
def command() -> None:
    """Stop what must not go on: the step before it, whose exit code a workflow obeys."""


_audit_log = click.option(
    "--audit-log",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="The log that every decision is appended to. Default: decisions.jsonl of the store.",
)


@command.command(
    "deploy",
    epilog=exit_codes({0: "open", 1: "closed", 2: "no policy has a say, or the call is wrong", 3: "cannot tell"}),
)
@click.option("--environment", required=True, metavar="NAME", help="What is deployed to, as the policies name it.")
@click.option("--policy", metavar="ID", help="Only this policy has a say. Default: every deploy window of NAME.")
@click.option(
    "--policies-from",
    metavar="REV",
    help="Whose policies judge. Default: the default branch's in GitHub Actions, elsewhere the work tree's.",
)
@click.option("--commit", metavar="REV", help="What is to be deployed. Default: $GITHUB_SHA, or HEAD.")
@click.option("--override", metavar="REASON", help="Open what is closed, where the policies are `overridable`.")
@click.option("--approved-by", metavar="NAME", help="Who agreed to the override: somebody else.")
@click.option(
    "--for",
    "lasts",
    default="1h",
    show_default=True,
    metavar="TIME",
    help="How long the override holds from its first record on; 24h at most.",
)
@_audit_log
@max_wait_option
@at_option
@global_options
@click.pass_context
def deploy(context: click.Context, /, **given: object) -> int:
    """Say whether a deploy may start now, until when, and when next."""
    code, text = run_gate(GateOptions(setting=setting(context), **given))  # type: ignore[arg-type] # click's own values
    click.echo(text)
    return code


@command.command("log", epilog=exit_codes({0: "every line is whole", 2: "there is no log", 3: "it is damaged"}))
@_audit_log
@global_options
@click.pass_context
def log(context: click.Context, *, audit_log: str | None) -> int:
    """Show what was decided, and whether the log is whole: no line changed, cut off or taken out."""
    code, text = run_log(setting(context), audit_log)
    click.echo(text)
    return code
