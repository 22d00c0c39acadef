"""`check`, `check --staged`, `check --message FILE`, each alone, and nothing that takes longer than these to import.

Whatever this does not recognise is click's to read: one code path judges, this only spares the import of click.
"""

from govcheck.app.options import CheckOptions, Setting
from govcheck.cli.environment import process_environment

PLAIN = (["check"], ["check", "--staged"])
_MESSAGE = ["check", "--message"]


def run_plain(arguments: list[str]) -> int | None:
    """The exit code of a command line that is plain; None for every other one."""
    message = arguments[-1] if arguments[:-1] == _MESSAGE and not arguments[-1].startswith("-") else None
    if arguments not in PLAIN and message is None:
        return None
    from govcheck.app.check import run_check  # noqa: PLC0415 - only where it is this command
    from govcheck.cli.output import emit  # noqa: PLC0415 - only where it is this command

    environment = process_environment()
    setting = Setting(environment=environment)
    report = run_check(CheckOptions(setting=setting, staged="--staged" in arguments, message=message))
    return emit(report, environment)
