"""The live facts: each endpoint asked once, side by side, and every answer kept with its status and message."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from govcheck.errors import UsageError
from govcheck.facts import Fact, Missing, Request
from govcheck.facts.branches import LiveBranches
from govcheck.facts.deployments import LiveDeploymentsRequest
from govcheck.facts.issues import LiveIssues
from govcheck.facts.live import (
    DEFAULT_BRANCH,
    Answer,
    CodeownersErrors,
    HeadChecks,
    HeadChecksRequest,
    LiveBranch,
    LiveBranchRequest,
    LiveRepository,
    LiveRulesets,
    LiveRulesetsRequest,
    LiveWorkflows,
)
from govcheck.facts.live_answers import LiveAnswersRequest
from govcheck.facts.open_work import LiveOpenWork
from govcheck.facts.run_logs import RunLogs, RunLogsRequest
from govcheck.facts.workflow_runs import WorkflowRuns, WorkflowRunsRequest
from govcheck.findings import Json
from govcheck.sources.github import protection_queries
from govcheck.sources.github.calls import Call, Calls, shown
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import NO_PARTS, path
from govcheck.sources.github.gather_answers import Known, gather_answers
from govcheck.sources.github.gather_branches import gather_branches
from govcheck.sources.github.gather_deployments import gather_deployments
from govcheck.sources.github.gather_issues import gather_issues
from govcheck.sources.github.gather_open_work import gather_open_work
from govcheck.sources.github.gather_runs import gather_runs
from govcheck.sources.github.silence import is_silent, of_repository, stand_in
from govcheck.sources.github.teams import names_a_team

_THREADS = 8
_OK = 200
_REPOSITORY = re.compile(r"(?P<owner>[A-Za-z0-9_.-]+)/(?P<name>[A-Za-z0-9_.-]+)")
_PLAIN = frozenset({LiveRepository, CodeownersErrors, LiveWorkflows, LiveBranches, LiveIssues, LiveOpenWork})
"""Facts that take no parameters."""

_OF_WORKFLOWS = frozenset({LiveWorkflows, RunLogs, WorkflowRuns})
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def handles(request: Request) -> bool:
    """Whether a request is for one of the facts that are gathered here."""
    branches = LiveBranchRequest | LiveRulesetsRequest | HeadChecksRequest
    others = WorkflowRunsRequest | RunLogsRequest | LiveAnswersRequest | LiveDeploymentsRequest
    return isinstance(request, branches | others) or request.fact in _PLAIN


def gather(client: Client, repository: str, requests: Sequence[Request]) -> Mapping[Request, Fact | Missing]:
    """The facts that are asked for, of `OWNER/NAME`.

    Raises:
        UsageError: the repository's name is none.
        ValueError: a request is not for a live fact.
    """
    strangers = [request for request in requests if not handles(request)]
    if strangers:
        raise ValueError(f"not a live fact: {strangers[0]}")
    if not requests:
        return {}
    root = _repository_path(repository)
    if root is None:
        raise UsageError(f"{repository!r} is not a repository's name", "Write it like OWNER/NAME.")
    return _Gathering(client, root).facts(requests)


class _Gathering:
    """One run over one repository."""

    def __init__(self, client: Client, root: str) -> None:
        self._client = client
        self._asked = Call(root)
        self._calls = Calls(root)
        self._answers: dict[Call, Answer] = {}
        self._every_branch: LiveBranches | None = None

    def facts(self, requests: Sequence[Request]) -> Mapping[Request, Fact | Missing]:
        """Asks in rounds, each of which needs what the one before it said."""
        self._ask([self._asked])
        self._answers[self._asked] = of_repository(self._repository)
        self._calls = Calls(_root(self._repository) or self._calls.root)
        named = [one for one in requests if isinstance(one, LiveBranchRequest) and not one.pattern]
        guarded = self._names(request.branch for request in named)
        heads = self._names(request.branch for request in requests if isinstance(request, HeadChecksRequest))
        self._ask(
            [call for branch in guarded for call in (self._calls.protection(branch), self._calls.rules(branch))]
            + [self._calls.summary(branch) for branch in (*guarded, *heads)]
            + [call for request in requests for call in self._beside(request)]
            + [self._calls.codeowners() for request in requests if request.fact is CodeownersErrors]
            + [self._calls.workflows() for request in requests if request.fact in _OF_WORKFLOWS]
            + [self._calls.protected_branches() for request in requests if request.fact in {LiveBranches, LiveOpenWork}]
        )
        self._ask(
            [call for branch in guarded for call in self._rulesets(branch)]
            + [call for request in requests for call in self._whole(_targets(request))]
            + [call for branch in heads for call in self._reports(branch)]
        )
        self._ask([self._calls.teams()] if any(map(names_a_team, self._answers.values())) else [])
        runs = [request for request in requests if isinstance(request, WorkflowRunsRequest)]
        logs = [request for request in requests if isinstance(request, RunLogsRequest)]
        asked = [request for request in requests if isinstance(request, LiveAnswersRequest)]
        deployed = [request for request in requests if isinstance(request, LiveDeploymentsRequest)]
        apart = (*runs, *logs, *asked, *deployed)
        return {
            **{request: self._fact(request) for request in requests if request not in apart},
            **gather_deployments(self._client, self._calls.root, self._repository, deployed),
            **self._runs(runs),
            **self._logs(logs),
            **gather_answers(self._client, self._calls.root, self._repository, asked, self._known()),
        }

    def _runs(self, requests: list[WorkflowRunsRequest]) -> Mapping[Request, Fact]:
        if not requests:
            return {}
        listed = self._answers[self._calls.workflows()]
        return gather_runs(self._client, self._calls.root, self._repository, listed, requests)

    def _logs(self, requests: list[RunLogsRequest]) -> Mapping[Request, Fact]:
        if not requests:
            return {}
        from govcheck.sources.github.gather_logs import gather_logs  # noqa: PLC0415 - few policies ask for them

        listed = self._answers[self._calls.workflows()]
        return gather_logs(self._client, self._calls.root, self._repository, listed, requests)

    def _known(self) -> Known:
        plain = ((call, answer) for call, answer in self._answers.items() if not call.query)
        return {(call.endpoint, tuple(sorted(call.parameters))): answer for call, answer in plain}

    @property
    def _repository(self) -> Answer:
        return self._answers[self._asked]

    def _ask(self, calls: Iterable[Call]) -> None:
        """Asks what was not asked before; once it is plain that nothing will be answered, nothing more."""
        new = [call for call in dict.fromkeys(calls) if call not in self._answers]
        first = self._answers.get(self._asked)
        if first is not None and is_silent(first):
            self._answers.update({call: self._instead(call.endpoint, first, "") for call in new})
        elif new:
            with ThreadPoolExecutor(min(_THREADS, len(new))) as pool:
                self._answers.update(zip(new, pool.map(self._answer, new), strict=True))

    def _answer(self, call: Call) -> Answer:
        parameters = dict(call.parameters)
        if call.query:
            variables = dict(call.variables)
            return self._client.query(call.query, variables, permission=protection_queries.PERMISSION)
        if call.is_list:
            return self._client.get_list(call.endpoint, key=call.key, parameters=parameters)
        return self._client.get(call.endpoint, parameters=parameters)

    def _instead(self, endpoint: str, cause: Answer, otherwise: str) -> Answer:
        """The answer to what was not asked: what stood in the way, as it was answered itself."""
        if cause.status == _OK:
            message = f"not asked: {cause.endpoint} {otherwise}"
            return Answer(endpoint=endpoint, status=None, message=message, body=None, failure="not-asked")
        return stand_in(endpoint, cause)

    def _names(self, asked: Iterable[str]) -> list[str]:
        return [name for name in dict.fromkeys(map(self._name, asked)) if name is not None]

    def _name(self, branch: str) -> str | None:
        """The branch's own name; None where no branch has it, or the default branch is wanted and not known."""
        name: str | None = branch
        if branch == DEFAULT_BRANCH:
            name = _text(self._repository.body, "default_branch") if self._repository.status == _OK else None
        return None if name in NO_PARTS else name

    def _rulesets(self, branch: str) -> list[Call]:
        """Each ruleset that a rule comes from, once, in the order of the rules."""
        rules = self._answers[self._calls.rules(branch)].body
        found = [rule.get("ruleset_id") for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
        ids = dict.fromkeys(number for number in found if type(number) is int)
        return [self._calls.ruleset(number) for number in ids]

    def _beside(self, request: Request) -> list[Call]:
        """What is asked beside the branch itself: the list of rulesets, and what only GraphQL tells."""
        calls = [self._calls.listed()] if _targets(request) else []
        if isinstance(request, LiveBranchRequest) and request.pattern:
            calls.append(self._calls.query(protection_queries.RULES))
        elif isinstance(request, LiveBranchRequest) and request.beyond_rest:
            name = self._name(request.branch)
            calls += [self._calls.query(protection_queries.BRANCH, name)] if name else []
        return calls

    def _whole(self, targets: tuple[str, ...]) -> list[Call]:
        """Each active ruleset for these targets; a list has none of them whole."""
        listed = self._answers[self._calls.listed()].body if targets else None
        found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        wanted = [
            one.get("id")
            for one in found
            if one.get("enforcement", "active") == "active" and one.get("target", "branch") in targets
        ]
        return [self._calls.ruleset(number) for number in dict.fromkeys(wanted) if type(number) is int]

    def _commit(self, branch: str) -> str | None:
        summary = self._answers[self._calls.summary(branch)]
        commit = summary.body.get("commit") if isinstance(summary.body, dict) and summary.status == _OK else None
        sha = _text(commit, "sha")
        return sha if sha and _COMMIT.fullmatch(sha) else None

    def _reports(self, branch: str) -> tuple[Call, ...]:
        """Check runs and statuses of the branch's head; nothing where that is not known."""
        commit = self._commit(branch)
        return self._calls.reports_of(commit) if commit else ()

    def _fact(self, request: Request) -> Fact:
        if isinstance(request, LiveBranchRequest):
            return self._pattern(request.branch) if request.pattern else self._branch(request)
        if isinstance(request, LiveRulesetsRequest):
            return self._every_ruleset(request.targets)
        if isinstance(request, HeadChecksRequest):
            return self._head(request.branch)
        plain: dict[type[Fact], Callable[[], Fact]] = {
            CodeownersErrors: lambda: CodeownersErrors(self._answers[self._calls.codeowners()]),
            LiveWorkflows: lambda: LiveWorkflows(self._answers[self._calls.workflows()]),
            LiveRepository: lambda: LiveRepository(self._repository),
            LiveBranches: self._branches,
            LiveIssues: lambda: gather_issues(self._client, self._calls.root, self._repository),
            LiveOpenWork: lambda: gather_open_work(self._client, self._calls.root, self._branches()),
        }
        return plain[request.fact]()

    def _branches(self) -> LiveBranches:
        if self._every_branch is None:
            protected = self._answers[self._calls.protected_branches()]
            self._every_branch = gather_branches(self._client, self._calls.root, self._repository, protected)
        return self._every_branch

    def _every_ruleset(self, targets: tuple[str, ...], *, classic: bool = False) -> LiveRulesets:
        return LiveRulesets(
            repository=self._repository,
            listed=self._answers[self._calls.listed()],
            rulesets=tuple(self._answers[call] for call in self._whole(targets)),
            classic=self._answers[self._calls.query(protection_queries.RULES)] if classic else None,
            teams=self._answers.get(self._calls.teams()),
        )

    def _pattern(self, pattern: str) -> LiveBranch:
        def unasked(call: Call) -> Answer:
            return self._instead(call.endpoint, self._repository, f"knows no branch {pattern}: it is a pattern")

        return LiveBranch(
            branch=pattern,
            repository=self._repository,
            summary=unasked(self._calls.summary(pattern)),
            protection=unasked(self._calls.protection(pattern)),
            rules=unasked(self._calls.rules(pattern)),
            rulesets=(),
            every=self._every_ruleset(("branch",), classic=True),
        )

    def _branch(self, request: LiveBranchRequest) -> LiveBranch:
        name = self._name(request.branch)
        branch = name or shown(request.branch)
        answer = self._had_by(name)
        return LiveBranch(
            branch=name or request.branch,
            repository=self._repository,
            summary=answer(self._calls.summary(branch)),
            protection=answer(self._calls.protection(branch)),
            rules=answer(self._calls.rules(branch)),
            rulesets=tuple(self._answers[call] for call in self._rulesets(branch)) if name else (),
            beyond_rest=answer(self._calls.query(protection_queries.BRANCH, branch)) if request.beyond_rest else None,
            pushes=self._every_ruleset(("push",)) if request.pushes else None,
            teams=self._answers.get(self._calls.teams()),
        )

    def _head(self, asked: str) -> HeadChecks:
        name = self._name(asked)
        branch = name or shown(asked)
        summary = self._had_by(name)(self._calls.summary(branch))
        commit = self._commit(branch) if name else None
        runs, statuses = self._calls.reports_of(commit or branch)
        if commit:
            return HeadChecks(
                branch=branch,
                commit=commit,
                summary=summary,
                check_runs=self._answers[runs],
                statuses=self._answers[statuses],
            )
        return HeadChecks(
            branch=name or asked,
            commit=None,
            summary=summary,
            check_runs=self._instead(runs.endpoint, summary, "names no commit"),
            statuses=self._instead(statuses.endpoint, summary, "names no commit"),
        )

    def _had_by(self, name: str | None) -> Callable[[Call], Answer]:
        """Where a branch's answers come from: what was asked, or what stood in the way."""
        if name is not None:
            return self._answers.__getitem__
        silent = self._repository if is_silent(self._repository) else None  # then no branch was even thought of
        return lambda call: self._instead(
            silent.endpoint if silent else call.endpoint, self._repository, "names no such branch"
        )


def _targets(request: Request) -> tuple[str, ...]:
    """For which targets a request wants every ruleset."""
    if isinstance(request, LiveRulesetsRequest):
        return request.targets
    if isinstance(request, LiveBranchRequest) and request.pattern:
        return ("branch",)
    return ("push",) if isinstance(request, LiveBranchRequest) and request.pushes else ()


def _root(repository: Answer) -> str | None:
    """The paths' beginning under the repository's present name, where it was renamed."""
    return _repository_path(_text(repository.body, "full_name") or "") if repository.status == _OK else None


def _repository_path(name: str) -> str | None:
    place = _REPOSITORY.fullmatch(name)
    if place is None or not NO_PARTS.isdisjoint(place.groups()):
        return None
    return path("repos", place["owner"], place["name"])


def _text(document: Json, key: str) -> str | None:
    found = document.get(key) if isinstance(document, dict) else None
    return found if isinstance(found, str) and found else None
