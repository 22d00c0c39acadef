"""What a job that stands for others does not see: one of them fails, and it stays green.

Each failure of one job before it is played through. What was skipped because of it counts too: a job whose `needs`
name only the last of a chain finds `skipped` there, and not `failure`. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from govcheck.actions.outcomes import Outcome, ancestors, runs_after
from govcheck.actions.plays import Play, plays
from govcheck.actions.steps import Step
from govcheck.actions.values import Object, Unknown, Value
from govcheck.actions.workflow import Job, Workflow, text
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Node, Scalar
from govcheck.liveness.played_scripts import may_fail
from govcheck.records import frozen

_MOST_BEFORE = 100
"""Jobs before one whose failures are played through, so that a hostile file ends in time."""

_RESULT = re.compile(r"\bneeds\b.*\bresult\b|\btojson\(\s*needs\s*\)", re.DOTALL | re.IGNORECASE)
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
ALLS_GREEN = re.compile(r"re-actors/alls-green@", re.IGNORECASE)


@frozen
class Blind:
    """A failure that a job does not turn red because of."""

    failed: Job
    skipped: tuple[str, ...]
    """What it needs and what is skipped because of that."""

    runs: bool | None
    """Whether the job runs then; None where only a run can tell."""


def blind_spot(workflow: Workflow, job: Job, judging: Sequence[Step]) -> Blind | None:
    """A failure that none of its steps fails because of, best of a job that it names; None where none is known.

    Args:
        workflow: The file.
        job: Stands for what it needs.
        judging: The steps that can fail.
    """
    if len(ancestors(workflow, job)) > _MOST_BEFORE:
        return None
    found = tuple(_blind_spots(workflow, job, judging))
    return next((one for one in found if not one.skipped), found[0] if found else None)


def _blind_spots(workflow: Workflow, job: Job, judging: Sequence[Step]) -> Iterator[Blind]:
    for play in plays(workflow, job):
        if len(play.failed) > 1:
            return
        hurt = _hurt(job, play)
        if hurt and (play.runs is False or not any(_reacts(workflow, job, step, play, hurt) for step in judging)):
            skipped = tuple(need for need in hurt if play.results[need.casefold()] == "skipped")
            yield Blind(play.failed[0], skipped, play.runs)


def asks_for_results(step: Step) -> bool:
    """Whether a step asks how jobs ended, or is the action that does nothing else."""
    if step.uses is not None and ALLS_GREEN.match(text(step.uses)):
        return True
    if step.condition is not None and _RESULT.search(text(step.condition)) is not None:
        return True
    return any(_RESULT.search(one) for source in _texts(step.node) for one in _EXPRESSION.findall(source))


def _hurt(job: Job, play: Play) -> list[str]:
    """What it needs and what did not end well."""
    return [need for need in map(text, job.needs) if play.results.get(need.casefold(), "success") != "success"]


def _reacts(workflow: Workflow, job: Job, step: Step, play: Play, hurt: Sequence[str]) -> bool:
    """Whether a step may fail because of what was hurt."""
    runs = runs_after(step.condition, "success", _needs(job, play.results))
    if runs is False:
        return False
    if step.condition is not None and runs_after(step.condition, "success", _needs(job, {})) is not True:
        return True
    if step.uses is not None and ALLS_GREEN.match(text(step.uses)):
        return _minds(step, play, hurt)
    return may_fail(workflow, job, step, _needs(job, play.results))


def _needs(job: Job, results: Mapping[str, Outcome]) -> dict[str, Value]:
    known: dict[str, Value] = {
        need: Object(
            {
                "result": results.get(need.casefold(), "success"),
                "outputs": Unknown(expression=f"needs.{need}.outputs"),
            }
        )
        for need in map(text, job.needs)
    }
    return {"needs": Object(known)}


def _texts(node: Node | None) -> Iterator[str]:
    waiting = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, Scalar):
            yield one.text
        elif isinstance(one, MappingNode):
            waiting.extend(value for _, value in one.items())
        else:
            waiting.extend(one.items)


def _minds(step: Step, play: Play, hurt: Sequence[str]) -> bool:
    """Whether re-actors/alls-green fails. Source: https://github.com/re-actors/alls-green#options."""
    for need in hurt:
        outcome = play.results[need.casefold()]
        allowed = _listed(step, "allowed-failures" if outcome == "failure" else "allowed-skips")
        if allowed is None or need not in allowed:
            return True
    return False


def _listed(step: Step, key: str) -> frozenset[str] | None:
    """The jobs of an input: a list in JSON, or names between commas; None where only a run can tell."""
    node = step.with_.get(key) if step.with_ is not None else None
    source = text(node).strip() if isinstance(node, Scalar) else ""
    if "${{" in source:
        return None
    try:
        found = json.loads(source)
    except ValueError:
        found = source.split(",")
    names = found if isinstance(found, list) else [found]
    return frozenset(str(name).strip() for name in names)
