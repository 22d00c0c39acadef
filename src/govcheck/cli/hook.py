"""The hook's own way in: `check --staged`, and nothing that takes longer than that to import.

Whatever this does not recognise is click's to read: one code path judges, this only spares the import of click.
"""

from govcheck.app.options import CheckOptions, Setting
from govcheck.cli.environment import process_environment

PLAIN = ["check", "--staged"]


def run_hook(arguments: list[str]) -> int | None:
    """The exit code of `check --staged` without further options; None for every other command line."""
    if arguments != PLAIN:
        return None
    from govcheck.app.check import run_check  # noqa: PLC0415 - only where it is this command
    from govcheck.cli.output import emit  # noqa: PLC0415 - only where it is this command

    environment = process_environment()
    report = run_check(CheckOptions(setting=Setting(environment=environment), staged=True))
    return emit(report, environment)
