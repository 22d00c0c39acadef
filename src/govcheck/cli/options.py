"""Options that several commands share; the global ones are taken before and after the command."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from govcheck.app.options import DEFAULT_MAX_WAIT, Setting
from govcheck.cli.environment import process_environment
from govcheck.records import replace

Command = TypeVar("Command", bound=Callable[..., Any])


def exit_codes(meanings: Mapping[int, str]) -> str:
    """The end of a command's help: what each exit code says, one to a line."""
    # click takes the lines after \\b as they are.
    return "\n".join(["\b", "Exit codes:", *(f"  {code}  {meaning}" for code, meaning in meanings.items())])


def setting(context: click.Context) -> Setting:
    """The global options as given so far."""
    root = context.find_root()
    if not isinstance(root.obj, Setting):
        root.obj = Setting(environment=process_environment())
    return root.obj


def _keep(name: str, join: Callable[[Any, Any], Any]) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> None:  # noqa: ANN401 - click's own signature
        if value is None or value == ():
            return
        now = setting(context)
        context.find_root().obj = replace(now, **{name: join(getattr(now, name), value)})

    return callback


def _directory(before: str | None, given: tuple[str, ...]) -> str:
    # Each -C is relative to the one before it, as git has it.
    return os.path.join(before or "", *given) or "."


def global_options(command: Command) -> Command:
    """Adds the options that every command takes, before its name or after."""
    for option in reversed(_GLOBAL):
        command = option(command)
    return command


_GLOBAL = (
    click.option(
        "-C",
        "directory",
        metavar="DIR",
        multiple=True,
        expose_value=False,
        callback=_keep("directory", _directory),
        help="Run as if started in DIR; several add up, as in git.",
    ),
    click.option(
        "--policies",
        metavar="DIR",
        multiple=True,
        expose_value=False,
        callback=_keep("policies", lambda before, given: (*before, *given)),
        help="A folder of policies, from DIR of -C; repeatable. Default: policies/. `govcheck:NAME` is a "
        "packaged set: starter, openssf-baseline, cis-github, governed-delivery, third-party-services.",
    ),
    click.option(
        "--config",
        metavar="FILE",
        expose_value=False,
        callback=_keep("configuration", lambda _, given: given),
        help="The configuration file. Default: .govcheck.yaml, where there is one.",
    ),
    click.option(
        "--repository",
        metavar="OWNER/NAME",
        expose_value=False,
        callback=_keep("repository", lambda _, given: given),
        help="The repository on GitHub. Default: $GITHUB_REPOSITORY, then the origin remote.",
    ),
)


class Instant(click.ParamType[datetime]):
    """An ISO 8601 instant with a time zone: `2026-03-08T09:00:00-08:00` or `...Z`."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ANN401 - click's own signature
        """The instant, in UTC. Fails as a usage error where there is no zone: a local time names no instant."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an instant; write it like 2026-03-08T09:00:00-08:00", param, ctx)
        if instant.tzinfo is None:
            self.fail(f"{value!r} has no time zone; end it with Z or an offset such as -08:00", param, ctx)
        return instant.astimezone(UTC)


def at_option(command: Command) -> Command:
    """`--at`, for every command that judges time."""
    return click.option(
        "--at",
        type=Instant(),
        metavar="INSTANT",
        expose_value=False,
        callback=_keep("at", lambda _, given: given),
        help="Judge as if it were this instant (ISO 8601, with a zone).",
    )(command)


def judging_options(command: Command) -> Command:
    """What decides the exit code, and how long to wait."""
    for option in reversed(_JUDGING):
        command = option(command)
    return at_option(command)


def replay_option(command: Command) -> Command:
    """`--replay`, for the commands whose runs can be recorded."""
    return click.option(
        "--replay",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Judge what `govcheck record` kept, offline; it comes to the same report, or to an error.",
    )(command)


def ensure_alone(context: click.Context, *allowed: str) -> None:
    """A usage error where options are given that a recording has the say in.

    Args:
        context: Of the command.
        allowed: The parameters that go with `--replay`.
    """
    given = [
        f"--{(name or '').replace('_', '-')}"
        for name in (parameter.name for parameter in context.command.params)
        if name not in {*allowed, "replay", "directory"}
        and context.get_parameter_source(name or "") is click.core.ParameterSource.COMMANDLINE
    ]
    where = setting(context)
    given += ["--policies"] * bool(where.policies and "--policies" not in given)
    given += ["--config"] * bool(where.configuration and "--config" not in given)
    if given:
        raise click.UsageError(f"{' and '.join(given)} does not go with --replay: the recording says what was judged")


def chosen(context: click.Context, name: str) -> Any:  # noqa: ANN401 - any option's value
    """An option's value where the command line gives it; None where it is the default."""
    is_given = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    return context.params[name] if is_given else None


def max_wait_option(command: Command) -> Command:
    """`--max-wait`, for every command that reads from GitHub."""
    return click.option(
        "--max-wait",
        type=click.FloatRange(min=0),
        default=DEFAULT_MAX_WAIT,
        show_default=True,
        metavar="SECONDS",
        help="All waiting for the API in one run; then the answer counts as not had.",
    )(command)


_JUDGING = (
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "note", "never"]),
        default="error",
        show_default=True,
        help="The least severity of a finding that makes the exit code 1.",
    ),
    click.option(
        "--unknown",
        type=click.Choice(["fail", "warn"]),
        default="fail",
        show_default=True,
        help="Whether what could not be told makes the exit code 3.",
    ),
    max_wait_option,
)
