"""`govcheck test`."""

import click

from govcheck.app.testing import run_tests
from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.cli.output import show
from govcheck.cli.progress import progress
from govcheck.reporters import tests_json, tests_text


@click.command(
    "test",
    epilog=exit_codes(
        {
            0: "every test holds",
            1: "at least one does not",
            2: "usage, no test, or an invalid test or policy: nothing was run",
            3: "none fails, but one could not be told",
        }
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What standard output carries.",
)
@global_options
@click.pass_context
def command(context: click.Context, *, paths: tuple[str, ...], form: str) -> int:
    """Hold the policies to what their tests expect of them.

    PATH: files or folders with tests. Default: tests/ below each folder of policies, and the examples that policies
    bring along. Nothing is sent anywhere.
    """
    where = setting(context)
    with progress("Running the tests of the policies"):
        run = run_tests(where, paths)
    if form == "json":
        show(lambda **_: tests_json.render(run), where.environment)
    else:
        show(lambda **how: tests_text.render(run, **how), where.environment)
    return run.exit_code
