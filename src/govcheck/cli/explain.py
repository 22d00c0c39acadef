"""`govcheck explain`."""

import click

from govcheck.app.effective import as_json, as_text, explain_effective
from govcheck.app.explain import explain_context, explain_policy
from govcheck.app.explain_path import explain_path
from govcheck.app.gates import explain_gates
from govcheck.cli.options import exit_codes, global_options, setting


class _PolicyFirst(click.Group):
    """A word that is no subcommand is the name of a policy."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click has it, but for that."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["policy", *args]
        return super().resolve_command(ctx, args)


@click.group("explain", cls=_PolicyFirst)
def command() -> None:
    """Tell what a policy, a check's name or a path comes to, and why."""


@command.command("policy")
@click.argument("name")
@click.option(
    "--effective", is_flag=True, help="The policy as all sets together have it, with the file and line of each key."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Goes with --effective: text is YAML with comments.",
)
@global_options
@click.pass_context
def policy(context: click.Context, *, name: str, effective: bool, form: str) -> int:
    """What the policy (or the kind) NAME asserts, when it is judged, and what that reads."""
    if effective:
        found = explain_effective(setting(context), name)
        click.echo(as_json(found) if form == "json" else as_text(found))
        return 0
    if form == "json":
        raise click.UsageError("--format json goes with --effective")
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
