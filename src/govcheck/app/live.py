"""The connection to GitHub: which repository, by which tokens, and what it cost."""

import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from govcheck import drift, snapshot
from govcheck.app.options import Setting
from govcheck.errors import UsageError
from govcheck.facts import Fact, Facts, Missing, Request
from govcheck.facts.branches import LiveBranches
from govcheck.facts.deployments import LiveDeployments
from govcheck.facts.events import LiveEvents, LiveEventsRequest
from govcheck.facts.issues import LiveIssues
from govcheck.facts.live import (
    Answer,
    CodeownersErrors,
    HeadChecks,
    LiveBranch,
    LiveRepository,
    LiveRulesets,
    LiveWorkflows,
)
from govcheck.facts.live_answers import LiveAnswers
from govcheck.facts.open_work import LiveOpenWork
from govcheck.facts.run_logs import RunLogs
from govcheck.facts.workflow_runs import WorkflowRuns
from govcheck.records import frozen, replace
from govcheck.report import Coverage, PolicyResult
from govcheck.settings import registered
from govcheck.sources.git.origin import origin
from govcheck.sources.git.repository import Repository
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import Configuration, from_environment
from govcheck.sources.github.exchange import API_VERSION
from govcheck.sources.github.gather import gather
from govcheck.sources.github.gather_events import gather_events
from govcheck.sources.github.hosts import PUBLIC_API, api_of, is_loopback

REPOSITORY_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*/[A-Za-z0-9_.-]+")


@frozen
class Connection:
    """With what GitHub was asked, as far as a snapshot keeps it."""

    tokens: tuple[str, ...]
    """The classes of the tokens, in words; never a token."""

    api_versions: tuple[str, ...]


@frozen
class Live:
    """A repository on GitHub, and a client that may read it."""

    repository: str
    """`OWNER/NAME`."""

    client: Client
    tokens: tuple[str, ...]
    """The classes of the tokens at hand, in words; never a token."""

    def gather(self, requests: Iterable[Request]) -> Mapping[Request, Fact | Missing]:
        """The live facts, all of them at once: the connections are let go afterwards."""
        with self.client:
            return gather(self.client, self.repository, tuple(requests))

    def events(self, request: LiveEventsRequest) -> LiveEvents:
        """What happened in between."""
        with self.client:
            return gather_events(self.client, self.repository, request)

    @property
    def connection(self) -> Connection:
        """What a snapshot keeps of it."""
        return Connection(self.tokens, self.client.api_versions)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should be told of the run."""
        others = [version for version in self.client.api_versions if version != API_VERSION]
        said = f"GitHub's API answered by version {', '.join(others)}, where {API_VERSION} was asked for"
        return (*self.client.notes, *([said] if others else []))

    def coverage(self, facts: Facts, results: tuple[PolicyResult, ...]) -> Coverage:
        """What the run cost, and which settings it read that no policy asserts."""
        counts = self.client.counts
        names = uncovered(facts, results)
        return Coverage(
            requests=counts.requests,
            not_modified=counts.not_modified,
            graphql_points=counts.graphql_points,
            uncovered=names,
            uncovered_security=tuple(filter(registered.bears_on_security, names)),
        )


def uncovered(facts: Facts, results: tuple[PolicyResult, ...]) -> tuple[str, ...]:
    """The settings that were read and that no policy asserts, by name."""
    asserted = {name for result in results for name in result.settings}
    known = {name for name, setting in settings(facts).items() if setting.unknown is None}
    idle = {name for live in _answered(facts) for name in registered.without_a_setting(live)}
    return registered.uncovered(known - idle, asserted)


def connect(setting: Setting, repository: Repository, max_wait: float) -> Live:
    """The repository on GitHub that a clone belongs to.

    Raises:
        UsageError: where nothing names it, or two things name different ones.
    """
    cache = Path(repository.git_dir) / "govcheck" / "http"
    configuration = from_environment(setting.environment, cache=cache, max_wait=max_wait)
    name = repository_name(setting, repository, configuration)
    configuration = for_repository(configuration, name)
    held = (*([configuration.app] if configuration.app else []), *configuration.tokens)
    return Live(name, Client(configuration, transport=setting.transport), tuple(map(str, held)) or ("no token",))


def for_repository(configuration: Configuration, name: str) -> Configuration:
    """The configuration with an App that asks for this repository.

    Raises:
        UsageError: the App's key is none, or what signs with it is not installed.
    """
    if configuration.app is None:
        return configuration
    if REPOSITORY_NAME.fullmatch(name) is None:
        raise UsageError(f"{name!r} is not a repository's name", "Write it like OWNER/NAME.")
    app = replace(configuration.app, repository=name)
    from govcheck.sources.github.app_token import sign  # noqa: PLC0415 - an extra

    sign(app, time.time())  # a key that is none is told before anything is asked
    return replace(configuration, app=app)


def repository_name(setting: Setting, repository: Repository, configuration: Configuration) -> str:
    """`--repository`, or else GITHUB_REPOSITORY, or else what the origin remote says."""
    if setting.repository:
        return setting.repository
    remote = origin(repository)
    named = setting.environment.get("GITHUB_REPOSITORY") or None
    if named and remote and named.lower() != f"{remote.owner}/{remote.name}".lower():
        raise UsageError(
            f"GITHUB_REPOSITORY is {named}, but the origin remote is {remote.owner}/{remote.name}",
            "say which one is meant with --repository OWNER/NAME",
        )
    if named:
        return named
    if remote is None:
        raise UsageError(
            "nothing says which repository on GitHub this is: there is no origin remote of the form OWNER/NAME",
            "give --repository OWNER/NAME, or set GITHUB_REPOSITORY",
        )
    _ensure_at(configuration.api_url, remote.host)
    return f"{remote.owner}/{remote.name}"


def _ensure_at(api_url: str, host: str) -> None:
    """A repository of the same name on another server is another one."""
    at = urlsplit(api_url).hostname or ""
    theirs = "github.com" if api_url == PUBLIC_API else at.removeprefix("api.")
    if "." not in host or host == theirs or is_loopback(at):  # without a dot it is a name of ssh's own configuration
        return
    raise UsageError(
        f"the origin remote is on {host}, and the API that would be asked is {theirs}'s",
        f"set GITHUB_API_URL={api_of(host)}, or give --repository OWNER/NAME",
    )


def settings(facts: Facts) -> Mapping[str, snapshot.Setting]:
    """Every live setting that was gathered, by name."""
    found = [one for one in facts.answers.values() if isinstance(one, LiveBranch) and one.every is None]
    # Of one branch, what was asked for most.
    found.sort(key=lambda branch: (branch.beyond_rest is not None, branch.pushes is not None))
    rulesets = [answer for answer in facts.answers.values() if isinstance(answer, LiveRulesets)]
    return drift.settings_of({branch.branch: branch for branch in found}.values(), rulesets, _answered(facts))


def _answered(facts: Facts) -> list[LiveAnswers]:
    return [answer for answer in facts.answers.values() if isinstance(answer, LiveAnswers)]


def answers(facts: Facts) -> tuple[Answer, ...]:
    """Everything that the API answered."""
    found: list[Answer] = []
    for fact in facts.answers.values():
        if isinstance(fact, LiveRepository | CodeownersErrors | LiveWorkflows):
            found.append(fact.answer)
        elif isinstance(fact, LiveAnswers):
            found += (answer for answer in fact.answers.values() if answer.failure != "not-asked")
        elif isinstance(fact, LiveBranches | LiveIssues | LiveOpenWork):
            found += _of_work(fact)
        elif isinstance(fact, LiveBranch):
            asked = [] if fact.every else [fact.summary, fact.protection, fact.rules]
            found += [fact.repository, *asked, *fact.rulesets]
            found += [answer for answer in (fact.beyond_rest, fact.teams) if answer]
            found += [answer for one in (fact.pushes, fact.every) if one for answer in _of_rulesets(one)]
        elif isinstance(fact, LiveRulesets):
            found += _of_rulesets(fact)
        elif isinstance(fact, HeadChecks):
            found += [fact.summary, fact.check_runs, fact.statuses]
        elif isinstance(fact, RunLogs):
            found += [*_of_history(fact.runs), *(one.answer for one in fact.logs)]
        elif isinstance(fact, LiveDeployments | WorkflowRuns):
            found += _of_history(fact)
    return tuple(found)


def _of_work(fact: LiveBranches | LiveIssues | LiveOpenWork) -> list[Answer]:
    if isinstance(fact, LiveIssues):
        return [fact.opened, fact.comments]
    if isinstance(fact, LiveOpenWork):
        return [*_of_work(fact.branches), *(answer for _, answer in fact.comparisons)]
    return [fact.refs, fact.protected, fact.pulls]


def _of_history(fact: LiveDeployments | WorkflowRuns) -> list[Answer]:
    if isinstance(fact, LiveDeployments):
        return [answer for one in fact.environments for answer in (one.listed, *(told for _, told in one.statuses))]
    return [
        fact.listed,
        *(answer for one in fact.workflows for answer in (one.runs, *(jobs for _, jobs in one.jobs))),
    ]


def _of_rulesets(fact: LiveRulesets) -> list[Answer]:
    return [fact.listed, *fact.rulesets, *(answer for answer in (fact.classic, fact.teams) if answer)]
