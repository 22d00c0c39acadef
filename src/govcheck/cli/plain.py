"""`check` and `check --staged` without further options, and nothing that takes longer than these to import.

Whatever this does not recognise is click's to read: one code path judges, this only spares the import of click.
"""

from govcheck.app.options import CheckOptions, Setting
from govcheck.cli.environment import process_environment

PLAIN = (["check"], ["check", "--staged"])


def run_plain(arguments: list[str]) -> int | None:
    """The exit code of a command line that is plain; None for every other one."""
    if arguments not in PLAIN:
        return None
    from govcheck.app.check import run_check  # noqa: PLC0415 - only where it is this command
    from govcheck.cli.output import emit  # noqa: PLC0415 - only where it is this command

    environment = process_environment()
    report = run_check(CheckOptions(setting=Setting(environment=environment), staged="--staged" in arguments))
    return emit(report, environment)
