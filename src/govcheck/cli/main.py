"""The command line as click has it: commands are imported when they are called."""

import difflib
import importlib

import click

from govcheck import __version__
from govcheck.cli.options import exit_codes, global_options

COMMANDS = {
    "init": "Write a starting set of policies that holds today, from what the repository has.",
    "check": "Hold a tree, a commit or a change to the policies.",
    "sweep": "Hold everything, live settings included, and tell what drifted.",
    "session": "Run a command between a startup sweep and a shutdown sweep.",
    "notify": "Tell what is news of a sweep, by mail or chat, to those whom the policies allow.",
    "metrics": "Write a sweep's figures for Prometheus, or push them to a Pushgateway.",
    "issues": "Keep one issue on GitHub for each policy or finding; says what it would do, unless --write.",
    "gate": "Stop what must not go on: `gate deploy` is the step before a deploy.",
    "explain": "Tell what a policy, a check's name or a path comes to, and why.",
    "test": "Hold the policies to what their tests expect of them.",
    "audit": "Show of every policy that it is able to fail, and to pass.",
    "why": "Tell everything about one finding, by its fingerprint.",
    "waive": "Excuse one finding, for a reason and until a day.",
    "record": "Run a check or a sweep, and keep everything that its verdict used.",
    "history": "List the sweeps that were kept.",
    "show": "Show the report of a sweep that was kept.",
    "drift": "Tell what changed between two sweeps that were kept.",
    "verify": "Tell whether the chain of snapshots is whole.",
    "prune": "Take away old snapshots, and keep a record of them.",
    "doctor": "Tell what the tokens at hand can decide, and the least permissions that would do.",
    "fetch": "Get the sets of policies that other repositories share.",
    "generate": "Write schemas and docs from the rules (for govcheck's own repository).",
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All commands, in the order that they are listed."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"govcheck.cli.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"govcheck.cli.{cmd_name}.command is no command")
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click has it; `help` and `version` are what people try first."""
        if args[:1] == ["help"]:
            args = [*args[1:], "--help"]
        elif args == ["version"]:
            args = ["--version"]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click has it, with the command that was meant."""
        name = args[0]
        near = [] if name in COMMANDS or name.startswith("-") else difflib.get_close_matches(name[:100], COMMANDS, n=1)
        if near:
            raise click.UsageError(f"No such command {name!r}: did you mean `{near[0]}`?", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Lists the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


HELP = """Hold a GitHub repository, its workflows and its live settings to the policies in policies/.

\b
govcheck check                       every tracked file, offline
govcheck check --staged              what is about to be committed
govcheck check --base origin/main    what this branch changes
govcheck sweep --phase startup       everything, and what drifted
"""


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=HELP,
    epilog=exit_codes(
        {
            0: "nothing failed and nothing is undecided",
            1: "at least one finding at or above --fail-on",
            2: "usage, no policy, or an invalid policy: nothing was evaluated",
            3: "nothing failed, but something could not be told",
        }
    ),
)
@global_options
@click.version_option(__version__, "-V", "--version", prog_name="govcheck", message="%(prog)s %(version)s")
def main() -> None:
    """The command line."""
