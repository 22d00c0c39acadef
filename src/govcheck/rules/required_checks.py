"""The checks that a branch requires exist, are required, come from the right app, and are green.

```yaml
kind: required-checks
id: main-checks
why: A required check that nothing reports blocks every pull request, or nobody notices that it guards nothing.
branch: main
checks:
  - lint
  - {context: "test (3.12)", app: github-actions}
  - {context: codecov/patch, app: codecov}
max_duration: 5m
```

A *context* is what a branch requires by name: a job's `name`, or else its id, with the values of its matrix in brackets
and the job that calls it in front (`Backend / test (3.12)`); never the name of a workflow. Of each is held:

- `reported`, from the workflow files alone: some workflow reports it on every pull request to the branch. `exact`
  passes, and so does `external`: the policy names another app than GitHub Actions. `pattern` (an expression decides the
  name) and `remote` (another repository's workflow does) cannot be told. `missing`, `conditional` (filters, activity
  types, an `if` that skips a matrix), `ambiguous` (several jobs report it) and `wrong-trigger` fail. With
  `merge_queue: true` it has to be reported for entries of the queue as well. A check that is green when its job is
  skipped is told as a note, and a workflow file that GitHub rejects as a finding of its own. The tree at hand stands
  for the branch.
- `required`, live: classic protection or a ruleset requires it.
- `source`, live, where an `app` is named: it counts from that app only.
- `green`, live: its newest run on the branch's newest commit ended well. A check that runs on pull requests only is not
  due there. With `max_duration`, `duration` holds what that run took; offline nothing can tell.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from govcheck.actions.contexts import Contexts, derive
from govcheck.actions.deploys import deploys
from govcheck.actions.explaining import Explanation, explain, refused
from govcheck.actions.skipping import loophole
from govcheck.actions.verdicts import PASSING, UNTOLD, Verdict, blind_spot, judge, worse
from govcheck.actions.workflow import location
from govcheck.facts import Request
from govcheck.facts.branches import RemoteBranches
from govcheck.facts.live import DEFAULT_BRANCH, HeadChecks, HeadChecksRequest, LiveBranch, LiveBranchRequest
from govcheck.facts.workflows import Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen, replace
from govcheck.registry import Said, check
from govcheck.settings import durations
from govcheck.settings.answers import unparseable, verdict
from govcheck.settings.apps import APP_IDS, GITHUB_ACTIONS, app_slug
from govcheck.settings.control_evidence import of_control
from govcheck.settings.evidence import answered
from govcheck.settings.head_runs import GREEN, Run, head_runs
from govcheck.settings.places import setting
from govcheck.settings.required import RequiredCheck, RequiredChecks, required_checks

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


@frozen(kw_only=True)
class RequiredContext:
    """One check that the branch requires."""

    __pydantic_config__: ClassVar[dict[str, Any]] = Policy.__pydantic_config__

    context: str
    """The name that the check reports under, exactly."""

    app: str | None = None
    """The app that has to report it, by its slug: `github-actions`. Left out: whoever does."""


@frozen(kw_only=True)
class RequiredChecksPolicy(Policy):
    """Which checks a branch requires, and what has to be true of them."""

    kind: Literal["required-checks"] = "required-checks"

    branch: str
    """A branch's name, or `~DEFAULT_BRANCH`."""

    checks: tuple[str | RequiredContext, ...]
    """The checks: a context, or a context and its app."""

    max_duration: str | None = None
    """How long the newest run of each may take, such as `90s`, `5m` or `1h30m`."""

    merge_queue: bool = False
    """Whether the branch has a merge queue, so that each check has to be reported for its entries too."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.branch:
            yield ("branch",), "an empty name: write a branch's name, or ~DEFAULT_BRANCH"
        if not self.checks:
            yield ("checks",), "an empty list asserts nothing: name at least one context"
        seen: set[str] = set()
        for number, one in enumerate(contexts_of(self)):
            if not one.context.strip():
                yield ("checks", number), "an empty context: write the name that the check reports under"
            elif one.context in seen:
                yield ("checks", number), f"`{one.context}` stands in this list twice"
            seen.add(one.context)
            if one.app is not None and not _SLUG.fullmatch(one.app):
                near = difflib.get_close_matches(one.app.lower(), APP_IDS, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                yield ("checks", number, "app"), f"`{one.app}` is not an app's slug, as its address has it{hint}"
        if self.max_duration is not None and durations.parse(self.max_duration) is None:
            yield (
                ("max_duration",),
                f"`{self.max_duration}` is not a duration: write hours, minutes, seconds, such as 1h30m",
            )


def contexts_of(policy: RequiredChecksPolicy) -> tuple[RequiredContext, ...]:
    """All checks in their long form."""
    return tuple(RequiredContext(context=one) if isinstance(one, str) else one for one in policy.checks)


@check()
def reported(policy: RequiredChecksPolicy, workflows: Workflows) -> Iterator[Said]:
    """Every context is reported on every pull request to the branch."""
    own = [one for one in contexts_of(policy) if one.app in {None, GITHUB_ACTIONS}]
    branch = None if policy.branch == DEFAULT_BRANCH else policy.branch
    pulls = derive(workflows, branch, "pull-request")
    queue = derive(workflows, branch, "merge-queue") if policy.merge_queue else None
    yield Judged(len(policy.checks))
    for path, said in refused(workflows, pulls):
        yield _unlike(display(path), "missing", said)
    where = f"pull requests to {'the default branch' if branch is None else branch}"
    for one in own:
        found, contexts, place = judge(one.context, pulls), pulls, where
        if queue is not None:
            queued = judge(one.context, queue)
            if worse(found, queued) is not found:
                found, contexts, place = queued, queue, "entries of the merge queue"
        said = explain(one.context, found, contexts, place)
        yield from _reported(one.context, found, said, blind_spot(found, contexts, workflows))
        if found.word in PASSING:
            yield from _loopholes(policy, one.context, found, contexts)


def _reported(context: str, found: Verdict, said: Explanation, blind: tuple[Reason, str] | None) -> Iterator[Said]:
    if found.word in UNTOLD or blind is not None:
        reason, message = blind or (Reason.DYNAMIC, said.message)
        yield Undecided(control="reported", subject=context, reason=reason, message=message, location=said.location)
    elif found.word not in PASSING:
        yield _unlike(context, found.word, _without_deploying(said, found))


def _without_deploying(said: Explanation, found: Verdict) -> Explanation:
    """What mends a job that deploys must not make every pull request deploy."""
    deploying = next((one for one in found.origins if not one.callers and any(deploys(one.workflow, one.job))), None)
    if deploying is None:
        return said
    fix = f"The job {deploying.job.id} deploys: do not require it, or split the check from the deploy."
    return replace(said, fix=fix)


def _unlike(subject: str, actual: str, said: Explanation) -> Finding:
    return Finding(
        control="reported",
        subject=subject,
        message=said.message,
        plane="workflow",
        location=said.location,
        expected="exact",
        actual=actual,
        fix=Fix(text=said.fix) if said.fix else None,
        evidence=said.evidence,
    )


def _loopholes(policy: RequiredChecksPolicy, context: str, found: Verdict, contexts: Contexts) -> Iterator[Finding]:
    """A skipped job is a success to GitHub: worth knowing of a check that is meant to stop something."""
    hole = loophole(found.origins[0], contexts, {one.context for one in contexts_of(policy)})
    if hole is not None:
        said = Explanation(
            message=f"`{context}` can be green without having run: {hole.text}",
            location=location(found.origins[0].path, hole.node),
            fix=hole.fix,
        )
        yield replace(_unlike(context, found.word, said), severity="note")


def _branch(policy: RequiredChecksPolicy) -> Iterable[tuple[Request, ...]]:
    return [(LiveBranchRequest(LiveBranch, policy.branch),)]


def _branch_for_sources(policy: RequiredChecksPolicy) -> Iterable[tuple[Request, ...]]:
    """Apps whose numbers are not known have to be asked for."""
    unknown = any(one.app is not None and one.app not in APP_IDS for one in contexts_of(policy))
    both = (LiveBranchRequest(LiveBranch, policy.branch), HeadChecksRequest(HeadChecks, policy.branch))
    return [both] if unknown else []


def _head(policy: RequiredChecksPolicy) -> Iterable[tuple[Request, ...]]:
    return [(HeadChecksRequest(HeadChecks, policy.branch),)]


@check()
def branch_exists(policy: RequiredChecksPolicy, branches: RemoteBranches) -> Iterator[Said]:
    """Offline: the clone knows the branch, as far as it knows its remote."""
    known = [one.name for one in branches.branches]
    near = difflib.get_close_matches(policy.branch, known, n=1)
    # A clone of one branch, as Actions makes it, knows nothing of the others.
    if policy.branch == DEFAULT_BRANCH or not (near or len(known) > 1):
        return
    yield Judged(1)
    if policy.branch not in known:
        meant = f"; did you mean `{near[0]}`?" if near else ""
        yield Finding(
            control="branch",
            subject=policy.branch,
            message=f"the remote has no branch `{policy.branch}`, as far as this clone knows{meant}",
            plane="repo",
            severity="note" if policy.severity == "note" else "warning",
            fix=Fix(text="Correct `branch`, or `git fetch` where the branch is newer than this clone"),
        )


@check(wants=_branch)
def required(policy: RequiredChecksPolicy, branch: LiveBranch) -> Iterator[Said]:
    """Every context is required by some layer, and of the right app where its number is well known."""
    live = required_checks(branch)
    place = setting(branch.branch, "status_checks")
    yield Judged(len(policy.checks), (place, setting(branch.branch, "status_check_sources")))
    for one in contexts_of(policy):
        layers = [layer for layer in live.checks if layer.context == one.context]
        if not layers and live.unreadable:
            yield _unread("required", one.context, live, f"whether `{one.context}` is required on {branch.branch}")
        elif not layers:
            yield _not_required(one.context, branch, live, place)
        if one.app is not None and one.app in APP_IDS:
            yield from _source(one, APP_IDS[one.app], layers, live, branch)


@check(wants=_branch_for_sources)
def source(policy: RequiredChecksPolicy, branch: LiveBranch, head: HeadChecks) -> Iterator[Said]:
    """The same for apps whose number only their own reports tell."""
    live, runs = required_checks(branch), head_runs(head)
    asked = [one for one in contexts_of(policy) if one.app is not None and one.app not in APP_IDS]
    yield Judged(len(asked))
    for one in asked:
        layers = [layer for layer in live.checks if layer.context == one.context]
        number = runs.app_id(one.app or "")
        if number is not None or not any(layer.app_id is not None for layer in layers):
            yield from _source(one, number, layers, live, branch)
            continue
        message = f"`{one.context}` is bound to an app by number, and nothing tells the number of {one.app}"
        trouble = runs.trouble or unparseable(head.check_runs, message)
        yield trouble.undecided("source", one.context, message, Location(setting=_sources(branch.branch)))


def _source(
    one: RequiredContext, number: int | None, layers: list[RequiredCheck], live: RequiredChecks, guarded: LiveBranch
) -> Iterator[Said]:
    branch = guarded.branch
    bound = {layer.app_id for layer in layers}
    if number in bound - {None} or (not layers and not live.unreadable):
        return
    others = sorted(known for known in bound if known is not None)
    if not others and live.unreadable:
        yield _unread("source", one.context, live, f"which app has to report `{one.context}` on {branch}")
        return
    names = [app_slug(other) or f"app {other}" for other in others]
    yield Finding(
        control="source",
        subject=one.context,
        message=f"{branch} accepts `{one.context}` from {' and '.join(names) or 'any app'}, not from {one.app} only",
        plane="live",
        location=Location(setting=_sources(branch)),
        expected=one.app,
        actual=names[0] if names else None,
        fix=Fix(text=f"Choose {one.app} as the source of `{one.context}` where it is required."),
        evidence=(
            *(Evidence(text=f"{layer.source} requires it") for layer in layers),
            *of_control(guarded, "status_checks"),
        ),
    )


def _sources(branch: str) -> str:
    return setting(branch, "status_check_sources")


def _not_required(context: str, guarded: LiveBranch, live: RequiredChecks, place: str) -> Finding:
    branch = guarded.branch
    known = list(dict.fromkeys(layer.context for layer in live.checks))
    near = difflib.get_close_matches(context, known, n=1)
    return Finding(
        control="required",
        subject=context,
        message=f"`{context}` is not required on {branch}" + (f"; `{near[0]}` is" if near else ""),
        plane="live",
        location=Location(setting=place),
        expected=True,
        actual=False,
        fix=Fix(text=f"Add `{context}` to the status checks that {branch} requires."),
        evidence=tuple(of_control(guarded, "status_checks")),
    )


def _unread(control: str, context: str, live: RequiredChecks, what: str) -> Undecided:
    answer = live.unreadable[0]
    trouble = verdict(answer).trouble or unparseable(answer, "it does not say which checks it requires")
    return trouble.undecided(control, context, f"{what} cannot be told: {trouble.message}", Location())


@check(wants=_head)
def green(policy: RequiredChecksPolicy, workflows: Workflows, head: HeadChecks) -> Iterator[Said]:
    """The newest run of every context on the branch's newest commit ended well, and in time."""
    runs = head_runs(head)
    branch = None if head.branch == DEFAULT_BRANCH else head.branch
    pushes = derive(workflows, branch, "push")
    yield Judged(len(policy.checks))
    for one in contexts_of(policy):
        run = runs.newest(one.context, one.app)
        if run is not None:
            yield from _judged_run(run, policy, head)
        elif runs.trouble is not None:
            message = f"whether `{one.context}` is green on {head.branch} cannot be told: {runs.trouble.message}"
            yield runs.trouble.undecided("green", one.context, message, Location())
        elif judge(one.context, pushes).word == "exact":
            message = f"`{one.context}` is due on every push to {head.branch}, and nothing reported it on {head.commit}"
            yield Undecided(control="green", subject=one.context, reason=Reason.MISSING_OBJECT, message=message)


def _judged_run(run: Run, policy: RequiredChecksPolicy, head: HeadChecks) -> Iterator[Finding]:
    place = Location(url=run.url)
    evidence = (answered(head.check_runs if run.app else head.statuses),)
    if run.conclusion not in GREEN:
        ended = f"ended as {run.conclusion}" if run.conclusion else "has not ended"
        yield Finding(
            control="green",
            subject=run.context,
            message=f"the newest run of `{run.context}` on {head.branch} ({head.commit}) {ended}",
            plane="live",
            location=place,
            severity=None if run.conclusion else "note",
            expected="success",
            actual=run.conclusion,
            evidence=evidence,
        )
    longest = durations.parse(policy.max_duration or "")
    if longest is not None and run.duration is not None and run.duration > longest:
        yield Finding(
            control="duration",
            subject=run.context,
            message=f"the newest run of `{run.context}` on {head.branch} took {durations.show(run.duration)}",
            plane="live",
            location=place,
            expected=policy.max_duration,
            actual=durations.show(run.duration),
            evidence=evidence,
        )
