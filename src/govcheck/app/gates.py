"""`explain gates`: every gate that can be recognised, dead or alive, and how that was shown."""

from collections.abc import Iterator

from govcheck import engine
from govcheck.app.offers import WHOLE_TREE
from govcheck.app.options import Setting
from govcheck.app.reporting import stop_watch
from govcheck.app.state import Reading
from govcheck.app.world import Gatherer, clock, files, instant
from govcheck.facts import Facts, Request
from govcheck.facts.tree import TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.findings import Location
from govcheck.liveness.unrecognised import Unrecognised, unrecognised
from govcheck.plan import plan, requests
from govcheck.policy import LoadedPolicy
from govcheck.report import PolicyResult, Stage
from govcheck.reporters.text_gates import render
from govcheck.rules.gate_liveness import GateLiveness
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk

_FAILED, _UNTOLD = 1, 3


def explain_gates(setting: Setting) -> tuple[int, str]:
    """All gates in words; 0 where none is dead, 1 where one is, 3 where nobody can tell of one."""
    result, beside = _judged(setting)
    dead = [found for found in result.findings if found.severity != "note"]
    code = _FAILED if dead else _UNTOLD if result.unknowns or beside.computed else 0
    return code, render(result, beside)


def _judged(setting: Setting) -> tuple[PolicyResult, Unrecognised]:
    reading = Reading(open_repository(setting.directory), OnDisk())
    planned = plan((LoadedPolicy(GateLiveness(id="gates"), "gate-liveness", 1),))
    suppliers = clock(instant(setting.at)) | files(reading)
    answers = Gatherer(suppliers=suppliers).gather(requests(planned, WHOLE_TREE))
    (result,) = engine.judge(planned, Facts(offered=WHOLE_TREE, answers=answers), Stage.TREE, stop_watch)
    found = (Request(Workflows), Request(TrackedFiles))
    workflows, tracked = (answers.get(request) for request in found)
    if not isinstance(workflows, Workflows) or not isinstance(tracked, TrackedFiles):
        return result, Unrecognised(steps=0, computed=(), elsewhere=())
    return result, unrecognised(workflows, tracked, _places(result))


def _places(result: PolicyResult) -> Iterator[Location]:
    """Where everything stands that was said of a gate."""
    for found in result.findings:
        yield found.finding.location
        yield from (one.location for one in found.finding.evidence if one.location is not None)
    yield from (one.undecided.location for one in result.unknowns)
    yield from (one.location for one in result.held)
