"""`govcheck check`."""

import re
from contextlib import nullcontext

import click

from govcheck.app.check import run_check
from govcheck.app.options import CheckOptions
from govcheck.cli.formats import report_options
from govcheck.cli.options import global_options, judging_options, replay_option, setting
from govcheck.cli.output import Format, emit, told
from govcheck.cli.progress import progress
from govcheck.cli.replay import replayed
from govcheck.report import FailOn, OnUnknown


class _WholeStates(click.Command):
    """Judges states of the repository; somebody who names a file means another command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click has it, with what to do about a path."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            extra = re.fullmatch(r"Got unexpected extra arguments? \((\S+).*\)", error.message, re.DOTALL)
            if extra is not None:
                instead = f"`govcheck explain path {extra[1]}` tells what governs one file"
                raise click.UsageError(f"{error.message}: a whole tree or a change is judged; {instead}", ctx) from None
            raise


@click.command("check", cls=_WholeStates)
@click.option("--staged", is_flag=True, help="The index against HEAD: what a commit would change.")
@click.option("--base", metavar="REV", help="The change since the merge base with REV, with the policies of REV.")
@click.option("--head", metavar="REV", help="With --base: the end of the change. Default: HEAD.")
@click.option("--rev", "revision", metavar="REV", help="The whole tree of one commit.")
@click.option(
    "--message", metavar="FILE", help="The message of a commit that is being made: for git's commit-msg hook."
)
@click.option("--live", is_flag=True, help="Read the settings on GitHub too, as far as the token at hand may.")
@click.option("--all", "show_all", is_flag=True, help="With --base: what the base already had fails as well.")
@replay_option
@judging_options
@report_options
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    staged: bool,
    base: str | None,
    head: str | None,
    revision: str | None,
    message: str | None,
    live: bool,
    show_all: bool,
    replay: str | None,
    fail_on: FailOn,
    unknown: OnUnknown,
    max_wait: float,
    form: Format,
    outputs: tuple[tuple[Format, str], ...],
    verbose: bool,
) -> int:
    """Hold a tree, a commit or a change to the policies.

    Without an option: every tracked file, as it is on disk. Offline, unless --live is given.
    """
    if replay is not None:
        return replayed(context, replay, sweep=False)
    _exclusive(staged=staged, base=base, revision=revision, message=message)
    if (head or show_all) and not base:
        raise click.UsageError("--head and --all go with --base")
    if live and (staged or message is not None):
        raise click.UsageError(
            f"--{'staged' if staged else 'message'} never reads the network: --live does not go with it"
        )
    where = setting(context)
    options = CheckOptions(
        setting=where,
        staged=staged,
        base=base,
        head=head,
        revision=revision,
        message=message,
        live=live,
        show_all=show_all,
        fail_on=fail_on,
        unknown=unknown,
        max_wait=max_wait,
    )
    waiting = progress("Holding the repository to its policies") if live else nullcontext()
    with told(where.environment, form=form, outputs=outputs), waiting:
        report = run_check(options)
    return emit(report, where.environment, form=form, outputs=outputs, verbose=verbose)


def _exclusive(**given: str | bool | None) -> None:
    names = [f"--{'rev' if name == 'revision' else name}" for name, value in given.items() if value]
    if len(names) > 1:
        raise click.UsageError(f"{' and '.join(names)} do not go together: each names another state to judge")
