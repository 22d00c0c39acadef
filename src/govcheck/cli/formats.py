"""`--format`, `--output` and `--verbose`, for every command that gives a report."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from govcheck.cli.output import FORMATS, Format

Command = TypeVar("Command", bound=Callable[..., Any])


class Output(click.ParamType[tuple[Format, str]]):
    """`FORMAT=PATH`."""

    name = "output"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Format, str]:  # noqa: ANN401 - click's own signature
        """The two parts; a usage error names the legal formats."""
        if isinstance(value, tuple):
            return value
        name, equals, path = value.partition("=")
        form = next((form for form in get_args(Format) if form == name), None)
        if form is None or not equals or not path:
            self.fail(f"{value!r} is not FORMAT=PATH with a format of {', '.join(FORMATS)}", param, ctx)
        return form, path


def report_options(command: Command) -> Command:
    """Adds the options that say where a report goes."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Show every finding, also where many are alike."),
        click.option(
            "--output",
            "outputs",
            type=Output(),
            multiple=True,
            metavar="FORMAT=PATH",
            help="Write the report to a file as well; repeatable.",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(FORMATS),
            default="text",
            show_default=True,
            help="What standard output carries. `github`: annotations, and the step summary.",
        ),
    ):
        command = option(command)
    return command
