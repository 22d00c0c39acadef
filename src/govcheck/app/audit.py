"""`audit`: whether each policy is able to fail, by holding it to the worst repository that can be."""

from collections.abc import Iterator

from govcheck import engine
from govcheck.app import worst_world
from govcheck.app.configured import configured
from govcheck.app.offers import CHANGE, LIVE, WHOLE_TREE
from govcheck.app.options import Setting
from govcheck.app.policies import load
from govcheck.app.reporting import stop_watch
from govcheck.app.state import Reading
from govcheck.app.world import Gatherer
from govcheck.facts import Facts
from govcheck.facts.pull_request import PullRequest, Reviews
from govcheck.plan import plan, requests
from govcheck.policy import LoadedPolicy
from govcheck.records import frozen
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


def run_audit(setting: Setting) -> tuple[int, str]:
    """0 where every policy is able to fail, else 3; and the list of them."""
    reading = Reading(open_repository(setting.directory), OnDisk())
    policies = load(configured(setting, reading), reading).policies
    audited = [audit(loaded) for loaded in policies]
    toothless = [one for one in audited if one.finding is None]
    lines = [line for one in (*toothless, *(one for one in audited if one.finding)) for line in _lines(one)]
    total = f"{counted(len(audited), 'policy', 'policies')}: {len(audited) - len(toothless)} can fail"
    lines.append(total + (f", {len(toothless)} not shown to" if toothless else ""))
    return (_UNTOLD if toothless else 0), "\n".join(lines)


def audit(loaded: LoadedPolicy) -> Audited:
    """Holds one policy to the worst world, as it would be seen in CI and by a sweep."""
    whys = []
    of_a_change = CHANGE | LIVE | {PullRequest, Reviews}
    for stage, offered, gone in (
        (Stage.SWEEP, WHOLE_TREE | LIVE, False),
        (Stage.CI, of_a_change, False),
        (Stage.CI, of_a_change, True),
    ):
        planned = plan((loaded,))
        suppliers = worst_world.suppliers(loaded.policy, gone=gone)
        gatherer = Gatherer(suppliers=suppliers, live=worst_world.live(loaded.policy))
        facts = Facts(offered=offered, answers=gatherer.gather(requests(planned, offered)))
        (result,) = engine.judge(planned, facts, stage, stop_watch)
        failing = next((found for found in result.findings if found.finding.severity != "note"), None)
        if failing is not None:
            return Audited(loaded, failing)
        whys.append(_instead(result))
    return Audited(loaded, None, next(filter(None, whys), ""))


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
    else:
        finding = one.finding.finding
        yield f"can fail: {where}"
        yield f"  {said(finding.control)}: {said(finding.message)}"
