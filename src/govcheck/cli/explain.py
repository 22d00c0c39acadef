"""`govcheck explain`."""

import click

from govcheck.app.explain import explain_context, explain_policy
from govcheck.app.explain_path import explain_path
from govcheck.app.gates import explain_gates
from govcheck.cli.options import exit_codes, global_options, setting


@click.group("explain")
def command() -> None:
    """Tell what a policy, a check's name or a path comes to, and why."""


@command.command("policy")
@click.argument("name")
@global_options
@click.pass_context
def policy(context: click.Context, *, name: str) -> int:
    """What the policy (or the kind) NAME asserts, when it is judged, and what that reads."""
    click.echo(explain_policy(setting(context), name))
    return 0


@command.command("context")
@click.argument("name")
@click.option("--branch", default="main", show_default=True, help="The branch that a pull request goes to.")
@global_options
@click.pass_context
def check_context(context: click.Context, *, name: str, branch: str) -> int:
    """Which job reports the check NAME on a pull request, or which name was meant."""
    code, text = explain_context(setting(context), name, branch)
    click.echo(text)
    return code


@command.command(
    "gates",
    epilog=exit_codes(
        {0: "none is dead", 1: "at least one is", 3: "none is known to be dead, and nobody can tell of one"}
    ),
)
@global_options
@click.pass_context
def gates(context: click.Context) -> int:
    """Every gate of the repository that can be recognised: dead, alive, and how that was shown."""
    code, text = explain_gates(setting(context))
    click.echo(text)
    return code


@command.command("path")
@click.argument("name")
@global_options
@click.pass_context
def path(context: click.Context, *, name: str) -> int:
    """What governs the path NAME: policies, its line of CODEOWNERS, and workflows that its change starts."""
    click.echo(explain_path(setting(context), name))
    return 0
