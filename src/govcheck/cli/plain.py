"""`check`, `check --staged`, `check --message FILE`, with no other option than `--policies DIR` before them.

Nothing is imported here that takes longer than these.

Whatever this does not recognise is click's to read: one code path judges, this only spares the import of click.
"""

from govcheck.app.options import CheckOptions, Setting
from govcheck.cli.environment import process_environment

PLAIN = (["check"], ["check", "--staged"])
_MESSAGE = ["check", "--message"]


def run_plain(arguments: list[str]) -> int | None:
    """The exit code of a command line that is plain; None for every other one."""
    policies, rest = _policies(arguments)
    message = rest[-1] if rest[:-1] == _MESSAGE and not rest[-1].startswith("-") else None
    if rest not in PLAIN and message is None:
        return None
    from govcheck.app.check import run_check  # noqa: PLC0415 - only where it is this command
    from govcheck.cli.output import emit  # noqa: PLC0415 - only where it is this command

    environment = process_environment()
    setting = Setting(policies=policies, environment=environment)
    report = run_check(CheckOptions(setting=setting, staged="--staged" in rest, message=message))
    return emit(report, environment)


def _policies(arguments: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Each `--policies DIR` that the arguments begin with, and the rest."""
    end = 0
    while arguments[end : end + 1] == ["--policies"] and end + 1 < len(arguments):
        end += 2
    return tuple(arguments[1:end:2]), arguments[end:]
