"""The connection to GitHub: which repository, by which tokens, and what it cost."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from govcheck import drift, snapshot
from govcheck.app.options import Setting
from govcheck.errors import UsageError
from govcheck.facts import Fact, Facts, Missing, Request
from govcheck.facts.branches import LiveBranches
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
from govcheck.facts.workflow_runs import WorkflowRuns
from govcheck.records import frozen
from govcheck.report import Coverage, PolicyResult
from govcheck.settings import registered
from govcheck.sources.git.origin import origin
from govcheck.sources.git.repository import Repository
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather


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
    name = repository_name(setting, repository)
    return Live(name, Client(configuration), tuple(str(token) for token in configuration.tokens) or ("no token",))


def repository_name(setting: Setting, repository: Repository) -> str:
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
    return f"{remote.owner}/{remote.name}"


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
        elif isinstance(fact, LiveBranches):
            found += [fact.refs, fact.protected, fact.pulls]
        elif isinstance(fact, LiveBranch):
            asked = [] if fact.every else [fact.summary, fact.protection, fact.rules]
            found += [fact.repository, *asked, *fact.rulesets]
            found += [answer for answer in (fact.beyond_rest, fact.teams) if answer]
            found += [answer for one in (fact.pushes, fact.every) if one for answer in _of_rulesets(one)]
        elif isinstance(fact, LiveRulesets):
            found += _of_rulesets(fact)
        elif isinstance(fact, HeadChecks):
            found += [fact.summary, fact.check_runs, fact.statuses]
        elif isinstance(fact, WorkflowRuns):
            found.append(fact.listed)
            found += [answer for one in fact.workflows for answer in (one.runs, *(jobs for _, jobs in one.jobs))]
    return tuple(found)


def _of_rulesets(fact: LiveRulesets) -> list[Answer]:
    return [fact.listed, *fact.rulesets, *(answer for answer in (fact.classic, fact.teams) if answer)]
