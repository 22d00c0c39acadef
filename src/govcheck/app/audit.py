"""`audit`: whether each policy is able to fail, and to pass.

It is held to the worst repository that can be, and to a good one that is made for it. What no good one could be made
for is shown by the policies' own tests, where one passes in them; and else it is said that nobody showed it.
"""

from collections.abc import Iterator, Mapping

from govcheck import engine
from govcheck.app import good_world, services, worst_world
from govcheck.app.configured import configured
from govcheck.app.offers import CHANGE, LIVE, OF_PHASE, SWEEP
from govcheck.app.options import Setting
from govcheck.app.policies import load
from govcheck.app.reporting import stop_watch
from govcheck.app.state import Reading
from govcheck.app.testing import has_tests, run_tests
from govcheck.app.world import Gatherer
from govcheck.facts import Facts, Request
from govcheck.facts.head_runs import PullRequestRuns
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.reviews import PullRequestReviews
from govcheck.facts.tree import Tree
from govcheck.findings import Finding, Outcome
from govcheck.plan import plan, requests
from govcheck.policy import LoadedPolicy
from govcheck.records import frozen, replace
from govcheck.report import PolicyResult, ReportedFinding, Stage
from govcheck.reporters.wording import counted, said, written
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk

_UNTOLD = 3


@frozen
class Audited:
    """One policy, and what makes it fail."""

    policy: LoadedPolicy
    finding: ReportedFinding | None
    """What it finds in the worst world; None where it finds nothing."""

    why: str = ""
    """Where it finds nothing: what it said instead."""

    passes: str = ""
    """What it passes in; empty where nothing was found that it passes in."""

    why_not: str = ""
    """Then: what it said of the repository that was made for it."""


def run_audit(setting: Setting) -> tuple[int, str]:
    """0 where every policy is able to fail, else 3; and the list of them.

    Raises:
        PolicyError: where a policy, or a test of one, is not valid.
    """
    reading = Reading(open_repository(setting.directory), OnDisk())
    whole = configured(setting, reading)
    policies = load(whole, reading).policies
    audited = [audit(loaded) for loaded in policies]
    if not all(one.passes for one in audited) and has_tests(whole, reading):
        tested = run_tests(setting, ()).passing
        audited = [_shown_by_tests(one, tested) for one in audited]
    toothless = [one for one in audited if one.finding is None]
    idle = [one for one in audited if not one.passes]
    lines = [line for one in (*toothless, *(one for one in audited if one.finding)) for line in _lines(one)]
    total = f"{counted(len(audited), 'policy', 'policies')}: {len(audited) - len(toothless)} can fail"
    total += f", {len(toothless)} not shown to" if toothless else ""
    total += f"; {len(audited) - len(idle)} can pass"
    lines.append(total + (f", {len(idle)} not shown to" if idle else ""))
    return (_UNTOLD if toothless else 0), "\n".join(lines)


def _shown_by_tests(one: Audited, tested: Mapping[str, str]) -> Audited:
    place = tested.get(one.policy.policy.id)
    return one if one.passes or place is None else replace(one, passes=f"the test at {place}")


def audit(loaded: LoadedPolicy) -> Audited:
    """Holds one policy to the worst world and to a good one, as they would be seen in CI and by a sweep.

    A custom one is held to its examples.
    """
    if loaded.policy.kind == "custom":
        return _by_example(loaded)
    passes, why_not = _passing(loaded)
    whys = []
    worlds = (worst_world.of(loaded.policy), worst_world.of(loaded.policy, gone=True))
    for result in (one for world in worlds for one in judge_in(world, loaded)):
        failing = next((found for found in result.findings if found.finding.severity != "note"), None)
        if failing is not None:
            return Audited(loaded, failing, passes=passes, why_not=why_not)
        whys.append(_instead(result))
    return Audited(loaded, None, next(filter(None, whys), ""), passes, why_not)


def best_world(loaded: LoadedPolicy) -> Gatherer:
    """The best that can be made for a policy: whatever file it names is taken away."""
    without: frozenset[str] = frozenset()
    while True:
        world = good_world.of(loaded.policy, without)
        results = tuple(judge_in(world, loaded))
        found = [one.finding.location for result in results for one in result.findings]
        found += [one.undecided.location for result in results for one in result.unknowns]
        faulty = {place.path for place in found if place.path} - without
        if not faulty:
            return world
        without |= faulty


def _passing(loaded: LoadedPolicy) -> tuple[str, str]:
    """What it passes in, or what it says of the best that could be made."""
    world = best_world(loaded)
    results = tuple(judge_in(world, loaded))
    found = [one.finding for result in results for one in result.findings]
    outcomes = {result.outcome for result in results} - {Outcome.NOT_APPLICABLE}
    if outcomes == {Outcome.PASS} and (_has_files(world) or any(result.subjects for result in results)):
        return "a repository made for it", ""
    said = [finding.message for finding in found]
    said += [one.undecided.message for result in results for one in result.unknowns]
    return "", next(iter(said), "it looks at nothing in it")


def _has_files(world: Gatherer) -> bool:
    """Whether anything is left of a world: a policy that nothing can be tracked under is not shown to pass."""
    tree = world.suppliers["Tree"](Request(Tree))
    return isinstance(tree, Tree) and bool(tree.modes)


def judge_in(world: Gatherer, loaded: LoadedPolicy) -> Iterator[PolicyResult]:
    """What a policy comes to in a world, as a sweep would see it, and then as a pull request would."""
    of_a_change = CHANGE | LIVE | {PullRequest, PullRequestReviews, PullRequestRuns}
    of_a_sweep = SWEEP | {*OF_PHASE.values()} | services.ALL
    for stage, offered in ((Stage.SWEEP, of_a_sweep), (Stage.CI, of_a_change)):
        planned = plan((loaded,))
        facts = Facts(offered=offered, answers=world.gather(requests(planned, offered)))
        yield from engine.judge(planned, facts, stage, stop_watch)


def _by_example(loaded: LoadedPolicy) -> Audited:
    """What an author wrote to be wrong is the worst world of a policy that the author wrote."""
    from govcheck.nodes.examples import first_failing  # noqa: PLC0415 - few policies are custom
    from govcheck.rules.custom import Custom  # noqa: PLC0415 - as above

    failing = first_failing(loaded.policy) if isinstance(loaded.policy, Custom) else None
    if failing is None:
        return Audited(loaded, None, "none of its examples fails")
    subject = f"example {failing.number + 1} of those that fail"
    finding = Finding(control="examples", subject=subject, message=f"{subject}: {failing.message}", plane="repo")
    return Audited(loaded, ReportedFinding(policy=loaded, finding=finding), passes="its examples that pass")


def _instead(result: PolicyResult) -> str:
    if result.unknowns:
        return f"it could not tell: {result.unknowns[0].undecided.message}"
    if result.findings:
        return f"it only remarks: {result.findings[0].finding.message}"
    return "it finds nothing wrong with it" if result.subjects else "it looks at nothing in it"


def _lines(one: Audited) -> Iterator[str]:
    policy = one.policy.policy
    where = f"{said(policy.id)} ({policy.kind}, {written(one.policy)})"
    if one.finding is None:
        yield f"not shown to fail: {where}"
        yield f"  the worst repository that govcheck can make does not fail it: {said(one.why)}"
        yield "  nobody knows whether it guards anything: show it by a test that it fails (`govcheck test`)"
    else:
        finding = one.finding.finding
        yield f"can fail: {where}"
        yield f"  {said(finding.control)}: {said(finding.message)}"
    if one.passes:
        yield f"  can pass: {said(one.passes)}"
    else:
        yield f"  could not build a repository that passes: {said(one.why_not)}"
