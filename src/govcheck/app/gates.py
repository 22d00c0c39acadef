"""`explain gates`: every gate that can be recognised, dead or alive, and how that was shown."""

from govcheck import engine
from govcheck.app.offers import WHOLE_TREE
from govcheck.app.options import Setting
from govcheck.app.reporting import stop_watch
from govcheck.app.state import Reading
from govcheck.app.world import Gatherer, clock, files, instant
from govcheck.facts import Facts
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
    result = _judged(setting)
    dead = [found for found in result.findings if found.severity != "note"]
    code = _FAILED if dead else _UNTOLD if result.unknowns else 0
    return code, render(result)


def _judged(setting: Setting) -> PolicyResult:
    reading = Reading(open_repository(setting.directory), OnDisk())
    planned = plan((LoadedPolicy(GateLiveness(id="gates"), "gate-liveness", 1),))
    suppliers = clock(instant(setting.at)) | files(reading)
    answers = Gatherer(suppliers=suppliers).gather(requests(planned, WHOLE_TREE))
    (result,) = engine.judge(planned, Facts(offered=WHOLE_TREE, answers=answers), Stage.TREE, stop_watch)
    return result
