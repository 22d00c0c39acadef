"""`issues`: one issue for each policy or finding that is open, and no word about what did not change."""

import time
from collections.abc import Callable

from govcheck.app.configured import configured
from govcheck.app.live import repository_name
from govcheck.app.options import DEFAULT_MAX_WAIT, Setting
from govcheck.app.state import Reading
from govcheck.app.swept import swept
from govcheck.errors import SourceError, UsageError
from govcheck.records import frozen
from govcheck.reporters.issues import wanted
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.issue_channel import ISSUES_VARIABLE, Access, IssueChannel, IssueError
from govcheck.telling.issues import LABEL, Action, Per, Plan, known, plan


@frozen(kw_only=True)
class IssuesOptions:
    """`govcheck issues`."""

    setting: Setting
    report: str | None = None
    per: Per = "policy"
    write: bool = False
    most: int = 20
    """Issues that one run opens at most."""

    max_wait: float = DEFAULT_MAX_WAIT
    sleep: Callable[[float], None] = time.sleep


@frozen(kw_only=True)
class Issued:
    """What came of it."""

    plan: Plan
    done: tuple[Action, ...] = ()
    """In a dry run: none."""

    put_off: int = 0
    """Issues that were not opened because there are too many new ones."""

    failed: str | None = None
    """Why it ended before everything was done."""

    write: bool = False

    @property
    def exit_code(self) -> int:
        """3 where not everything could be done; 0 otherwise."""
        return 3 if self.failed or self.put_off else 0


def run_issues(options: IssuesOptions) -> Issued:
    """Reads the issues, says what has to be done, and does it where that is wanted.

    Raises:
        UsageError: where there is no sweep, or no token of its own.
        SourceError: where the issues cannot be read.
    """
    repository = open_repository(options.setting.directory)
    setting = configured(options.setting, Reading(repository, OnDisk()))
    configuration = from_environment(setting.environment)
    name = repository_name(setting, repository, configuration)
    sweep = swept(setting, repository, options.report, name)
    token = setting.environment.get(ISSUES_VARIABLE, "")
    if not token:
        raise UsageError(
            f"{ISSUES_VARIABLE} has no token",
            "this command takes no other: a token that may write issues of one repository",
        )
    channel = IssueChannel(
        Access(
            api_url=configuration.api_url,
            repository=name,
            token=token,
            certificates=configuration.certificates,
            proxy=configuration.proxy,
            max_wait=options.max_wait,
        ),
        options.sleep,
    )
    try:
        try:
            there = known(channel.labelled(LABEL))
        except IssueError as error:
            raise SourceError(f"the issues of {name} cannot be read: {error}") from error
        made = plan(sweep, options.per, wanted(sweep, options.per), there)
        actions, put_off = _bounded(made.actions, options.most)
        if not options.write:
            return Issued(plan=made, put_off=put_off)
        done, failed = _carried_out(channel, actions)
        return Issued(plan=made, done=done, put_off=put_off, failed=failed, write=True)
    finally:
        channel.close()


def _bounded(actions: tuple[Action, ...], most: int) -> tuple[tuple[Action, ...], int]:
    """What ends comes first, so that a flood of new things keeps nothing old open."""
    opening = [action for action in actions if action.deed == "open"]
    others = [action for action in actions if action.deed != "open"]
    return (*others, *opening[:most]), max(0, len(opening) - most)


def _carried_out(channel: IssueChannel, actions: tuple[Action, ...]) -> tuple[tuple[Action, ...], str | None]:
    done: list[Action] = []
    for action in actions:
        try:
            _do(channel, action)
        except IssueError as error:
            return tuple(done), str(error)
        done.append(action)
    return tuple(done), None


def _do(channel: IssueChannel, action: Action) -> None:
    if action.number is None:
        channel.create(action.title, action.body, LABEL)
        return
    keys = {"body": action.body}
    if action.deed != "note":
        keys["title"] = action.title
    if action.deed == "close":
        keys |= {"state": "closed", "state_reason": "completed"}
    if action.deed == "reopen":
        keys |= {"state": "open"}
    channel.change(action.number, keys)
    if action.comment:
        # Last: where it fails, nobody hears the same a second time.
        channel.comment(action.number, action.comment)
