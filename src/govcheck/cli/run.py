"""Runs the click command line and gives its exit code back."""

import click

from govcheck.cli.main import main


def run(arguments: list[str]) -> int:
    """The exit code of a command line. Usage errors are click's: 2."""
    try:
        code = main.main(args=arguments, prog_name="govcheck", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return code if isinstance(code, int) else 0
