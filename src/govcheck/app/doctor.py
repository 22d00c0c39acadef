"""`doctor`: what the tokens at hand can decide of the policies, what they cannot, and the least that would do."""

from collections.abc import Iterator, Mapping, Sequence

from govcheck import engine
from govcheck.app.configured import configured
from govcheck.app.live import answers as live_answers
from govcheck.app.live import for_repository, repository_name
from govcheck.app.offers import CHANGE, LIVE, LIVE_OF_A_CHANGE, LIVE_OF_A_PULL_REQUEST, WHOLE_TREE
from govcheck.app.options import DoctorOptions
from govcheck.app.policies import load
from govcheck.app.reporting import stop_watch
from govcheck.app.services import SERVICES
from govcheck.app.state import Reading
from govcheck.app.world import Answers, Gatherer, clock, files, instant
from govcheck.diagnosis import Diagnosis, Gap, GateSeen, PolicyReach, Reach, SeenToken, ServiceSeen, gaps
from govcheck.facts import Facts, Request
from govcheck.facts.head_runs import PullRequestRuns
from govcheck.facts.live import Answer
from govcheck.facts.policy_changes import PolicyChanges
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.reviews import PullRequestReviews, TeamMembers
from govcheck.findings import Reason
from govcheck.plan import PlannedPolicy, plan, requests
from govcheck.records import frozen, replace
from govcheck.report import PolicyResult, Stage
from govcheck.rules.deploy_window import DeployWindow
from govcheck.settings.needs import Need, of_policy
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import (
    ANONYMOUS,
    APP_VARIABLE,
    TOKEN_VARIABLES,
    Configuration,
    Token,
    TokenClass,
    from_environment,
)
from govcheck.sources.github.endpoints import can_hold
from govcheck.sources.github.gather import gather
from govcheck.sources.github.survey import Survey
from govcheck.sources.github.transport import Patience, Urllib3Transport

_OFFERED = WHOLE_TREE | LIVE
_OFFERED_IN_CI = CHANGE | LIVE_OF_A_CHANGE | LIVE_OF_A_PULL_REQUEST | {PolicyChanges, PullRequest}
_FROM_GITHUB = LIVE | {PullRequestReviews, PullRequestRuns, TeamMembers}
_APP = Token("", APP_VARIABLE, TokenClass.APP_INSTALLATION)
"""Stands for the App, whose token is made when it is first needed."""

_OF_REPOSITORY = 2
"""Slashes in `repos/OWNER/NAME`."""

_NO_TOKEN = f"no token is at hand; the environment has none of {', '.join(TOKEN_VARIABLES)}"
_KINDS = {
    TokenClass.CLASSIC: "classic token",
    TokenClass.FINE_GRAINED: "fine-grained token",
    TokenClass.ACTIONS: "workflow run's own token",
    TokenClass.APP_INSTALLATION: "App installation's token",
    TokenClass.OAUTH: "OAuth token",
    TokenClass.UNKNOWN: "token of an unknown kind",
}


def run_doctor(options: DoctorOptions) -> Diagnosis:
    """Asks every endpoint that the policies need, once for each token, and judges by what each was answered.

    Raises:
        GovcheckError: where there is no policy, or a configuration that is not valid.
    """
    reading = Reading(open_repository(options.setting.directory), OnDisk())
    setting = configured(options.setting, reading)
    options = replace(options, setting=setting)
    configuration = from_environment(setting.environment, max_wait=options.max_wait)
    every = plan(load(setting, reading).policies)
    planned = tuple(policy for policy in map(_live_part, every) if policy.calls or policy.crash)
    tokens = _held(configuration)
    silent = len(every) - len(planned)
    services, gates = tuple(_services(every, setting.environment)), tuple(_gates(every))
    if options.offline:
        return Diagnosis(
            repository=setting.repository,
            api_url=configuration.api_url,
            api_versions=(),
            asked=False,
            tokens=tuple(map(_seen_offline, tokens)),
            policies=tuple(_by_class(policy, tokens) for policy in planned),
            silent=silent,
            nothing=None if configuration.tokens or configuration.app else _NO_TOKEN,
            services=services,
            gates=gates,
        )
    name = repository_name(setting, reading.repository, configuration)
    configuration = for_repository(configuration, name)
    survey = Survey(Urllib3Transport(configuration, Patience.within(configuration.max_wait)))
    try:
        asking = _Asking(configuration, name, survey, planned, _files(options, reading, planned))
        return replace(_asked(asking, silent), services=services, gates=gates)
    finally:
        survey.end()


def _services(planned: Sequence[PlannedPolicy], environment: Mapping[str, str]) -> Iterator[ServiceSeen]:
    """The services that the policies ask, whether or not there is anything to ask them with."""
    for offer in SERVICES:
        asking = [one for one in planned if any(offer.fact in call.check.facts for call in one.calls)]
        if asking:
            yield ServiceSeen(
                title=offer.title,
                variables=offer.asked_by,
                found=offer.set_in(environment),
                policies=tuple(one.policy.policy.id for one in asking),
            )


def _gates(planned: Sequence[PlannedPolicy]) -> Iterator[GateSeen]:
    for policy in (one.policy.policy for one in planned):
        if isinstance(policy, DeployWindow) and (policy.checks or policy.approval):
            of_checks = ("checks:read", "statuses:read") if policy.checks else ()
            of_approval = ("actions:read",) if policy.approval else ()
            yield GateSeen(policy=policy.id, permissions=(*of_checks, *of_approval))


@frozen(kw_only=True)
class _Outcome:
    """What the policies come to with some tokens."""

    results: tuple[PolicyResult, ...]
    proven: frozenset[str]
    accepted: Mapping[str, str]
    nothing: str | None
    notes: tuple[str, ...]

    def reach(self, place: int) -> Reach:
        """How far they decide one of the policies."""
        result = self.results[place]
        return Reach(subjects=result.subjects, gaps=gaps(result, self.accepted, self.proven))


def _held(configuration: Configuration) -> tuple[Token, ...]:
    """Whom there is to ask with."""
    return (*([_APP] if configuration.app else []), *configuration.tokens) or (ANONYMOUS,)


class _Asking:
    """One repository, its policies, and a survey that they share."""

    def __init__(
        self,
        configuration: Configuration,
        repository: str,
        survey: Survey,
        planned: tuple[PlannedPolicy, ...],
        of_files: Answers,
    ) -> None:
        self.configuration = configuration
        self.repository = repository
        self.survey = survey
        self.planned = planned
        self._of_files = of_files

    def outcome(self, tokens: Sequence[Token]) -> _Outcome:
        """What the policies come to with these tokens and no other."""
        given = tuple(token for token in tokens if token.value)
        app = self.configuration.app if _APP in tokens else None
        client = Client(replace(self.configuration, tokens=given, app=app, cache=None), transport=self.survey)
        wanted = requests(self.planned, _OFFERED)
        live = [request for request in wanted if request.fact in LIVE]
        with client:
            answers = {**self._of_files, **gather(client, self.repository, live)}
        facts = Facts(offered=_OFFERED, answers=answers)
        answered = live_answers(facts)
        return _Outcome(
            results=engine.judge(self.planned, facts, Stage.SWEEP, stop_watch),
            proven=frozenset(one.permission for one in answered if one.good and one.permission),
            accepted=self.survey.accepted(self.configuration.api_url, client.secrets),
            nothing=next((_refusal(one) for one in answered if one.endpoint.count("/") == _OF_REPOSITORY), None),
            notes=client.notes,
        )


def _asked(asking: _Asking, silent: int) -> Diagnosis:
    configuration, survey = asking.configuration, asking.survey
    tokens = _held(configuration)
    single = [asking.outcome([token]) for token in tokens]
    together = single[0] if len(tokens) == 1 else asking.outcome(tokens)
    policies = tuple(
        PolicyReach(
            policy=planned.policy,
            needs=_needs(planned),
            in_ci=_in_ci(planned),
            by_token=tuple(one.reach(place) for one in single),
            together=together.reach(place),
        )
        for place, planned in enumerate(asking.planned)
    )
    return Diagnosis(
        repository=asking.repository,
        api_url=configuration.api_url,
        api_versions=survey.versions(),
        asked=True,
        tokens=tuple(_seen(survey, token) for token in tokens),
        policies=policies,
        silent=silent,
        nothing=together.nothing,
        notes=together.notes,
    )


def _refusal(repository: Answer) -> str | None:
    """Why a repository cannot be read at all."""
    if repository.good:
        return None
    said = repository.message or repository.failure or "no message"
    answered = f"answered {repository.status}" if repository.status else "could not be read"
    return f"{repository.endpoint} {answered}: {said}"


def _live_part(planned: PlannedPolicy) -> PlannedPolicy:
    """The calls that read from GitHub."""
    return replace(planned, calls=tuple(call for call in planned.calls if not LIVE.isdisjoint(call.check.facts)))


def _files(options: DoctorOptions, reading: Reading, planned: tuple[PlannedPolicy, ...]) -> Answers:
    """What the same checks read of files, once for all tokens."""
    wanted = [request for request in requests(planned, _OFFERED) if request.fact not in LIVE]
    return Gatherer(suppliers=clock(instant(options.setting.at)) | files(reading)).gather(wanted)


def _live_requests(planned: PlannedPolicy) -> list[Request]:
    return [request for call in planned.calls for request in call.requests if request.fact in _FROM_GITHUB]


def _needs(planned: PlannedPolicy) -> tuple[Need, ...]:
    return of_policy(planned.policy.policy, _live_requests(planned))


def _in_ci(planned: PlannedPolicy) -> bool:
    return any(call.offered(_OFFERED_IN_CI) for call in planned.calls)


def _seen(survey: Survey, token: Token) -> SeenToken:
    trouble = "GitHub does not take it: revoked, expired, or mistyped" if survey.refused(token) else None
    return replace(
        _seen_offline(token),
        scopes=survey.scopes(token),
        expires=survey.expires(token),
        trouble=trouble if token.value else None,
    )


def _seen_offline(token: Token) -> SeenToken:
    name = f"{_KINDS[token.token_class]} of {token.variable}" if token.variable else "no token"
    return SeenToken(name=name, short=token.variable or "no token")


def _by_class(planned: PlannedPolicy, tokens: Sequence[Token]) -> PolicyReach:
    """What the classes of the tokens rule out, without asking anybody."""
    needs = _needs(planned)
    reaches = tuple(_out_of_reach(needs, [token]) for token in tokens)
    return PolicyReach(
        policy=planned.policy,
        needs=needs,
        in_ci=_in_ci(planned),
        by_token=reaches,
        together=_out_of_reach(needs, tokens),
    )


def _out_of_reach(needs: tuple[Need, ...], tokens: Sequence[Token]) -> Reach:
    found = tuple(_never(needs, tokens))
    return Reach(subjects=len(needs), gaps=found)


def _never(needs: tuple[Need, ...], tokens: Sequence[Token]) -> Iterator[Gap]:
    given = [token for token in tokens if token.variable]
    for need in needs:
        if need.optional:
            continue
        if not given:
            why = "no token was given"
        elif any(can_hold(token, need.permission) for token in given):
            continue
        else:
            why = f"no {' and no '.join(_KINDS[token.token_class] for token in given)} can be given that"
        yield Gap(
            control=", ".join(need.controls),
            subject=need.endpoint,
            reason=Reason.PERMISSION,
            message=why,
            permission=need.permission,
            endpoint=need.endpoint,
        )
