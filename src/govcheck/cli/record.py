"""`govcheck record`."""

import importlib

import click

from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.records import replace

_RECORDED = ("check", "sweep")


@click.command(
    "record",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog=exit_codes(
        {
            0: "as the command's own: nothing fails, and nothing is undecided",
            1: "at least one finding",
            2: "usage, no policy, an invalid one, or the file cannot be written",
            3: "something could not be told; or the run cannot be recorded so that it replays the same",
        }
    ),
)
@global_options
@click.argument("file", type=click.Path(dir_okay=False))
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(context: click.Context, *, file: str, command: tuple[str, ...]) -> int:
    """Run a command, `check` or `sweep` with its options, and keep in FILE everything that its verdict used.

    Without a command: sweep. Tokens and whatever looks like a secret are taken out before anything is written. The
    report is the command's own; `check --replay FILE` and `sweep --replay FILE` give it again, offline.
    """
    name, *arguments = command or ("sweep",)
    if name not in _RECORDED:
        raise click.UsageError(f"{name!r} cannot be recorded: give one of {', '.join(_RECORDED)}, with its options")
    recorded = importlib.import_module(f"govcheck.cli.{name}").command
    root = context.find_root()
    root.obj = replace(setting(context), record=file)
    with recorded.make_context(name, arguments, parent=context) as inner:
        if inner.params.get("replay") is not None:
            raise click.UsageError("--replay judges a recording, and is not recorded itself")
        code = recorded.invoke(inner)
    return code if isinstance(code, int) else 0
