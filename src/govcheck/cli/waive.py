"""`govcheck waive`."""

from datetime import timedelta

import click

from govcheck.app.options import CheckOptions
from govcheck.app.waive import Terms, run_waive
from govcheck.cli.options import at_option, exit_codes, global_options, max_wait_option, setting
from govcheck.cli.progress import progress
from govcheck.settings import durations


class Days(click.ParamType[timedelta]):
    """A length of time in days: `14d`."""

    name = "days"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The length; a usage error says how it is written."""
        length = durations.parse(str(value))
        if length is None or length % timedelta(days=1):
            self.fail(f"{value!r} is no number of days such as 14d", param, ctx)
        return length


@click.command(
    "waive",
    epilog=exit_codes(
        {
            0: "the waiver was written",
            2: "nothing has this fingerprint, or its policy allows no such waiver: nothing was written",
        }
    ),
)
@click.argument("fingerprint")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is accepted.")
@click.option("--for", "length", required=True, type=Days(), metavar="DAYS", help="How long from today: 14d.")
@click.option("--owner", metavar="NAME", help="Who answers for it. Default: the policy's own `owner`.")
@click.option("--approved-by", default="", metavar="NAME", help="Who agreed to it.")
@click.option("--ticket", default="", metavar="TEXT", help="Where it is followed up.")
@click.option("--any-value", is_flag=True, help="Excuse it whatever its value becomes; else the value of today only.")
@click.option("--dry-run", is_flag=True, help="Show the waiver, and write nothing.")
@click.option("--live", is_flag=True, help="Read the settings on GitHub too, as far as the token at hand may.")
@max_wait_option
@at_option
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    fingerprint: str,
    reason: str,
    length: timedelta,
    owner: str | None,
    approved_by: str,
    ticket: str,
    any_value: bool,
    dry_run: bool,
    live: bool,
    max_wait: float,
) -> int:
    """Excuse one finding, or one thing that cannot be told, for a reason and until a day.

    Appends a waiver to waivers.yaml in the folder of the policies. FINGERPRINT, or its beginning, is what
    `check --verbose`, JSON reports and sweeps call the finding. Commit the file: in a pull request the waivers of the
    base count. As in: `govcheck waive 3f2a --reason "moves with the new runner" --for 14d --owner @platform`.
    """
    terms = Terms(
        reason=reason,
        length=length,
        owner=owner,
        approved_by=approved_by,
        ticket=ticket,
        any_value=any_value,
        write=not dry_run,
    )
    options = CheckOptions(setting=setting(context), live=live, show_all=True, max_wait=max_wait)
    with progress("Holding the repository to its policies"):
        text = run_waive(options, fingerprint, terms)
    click.echo(text, nl=False)
    return 0
