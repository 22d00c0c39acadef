"""A gate that was found alive, held to whether its step ever runs where its failure counts."""

from govcheck.actions.workflow import location
from govcheck.findings import Evidence, Fix, Reason
from govcheck.liveness.chances import Chance, Verdict
from govcheck.liveness.gate import Gate, State
from govcheck.records import replace


def as_it_counts(gate: Gate, verdict: Verdict, path: str, title: str) -> Gate:
    """The gate, dead or nobody's to tell where its step has no better chance.

    Args:
        gate: Alive, as far as its step was looked at by itself.
        verdict: The best chance of its step.
        path: The workflow's.
        title: What people call the step.
    """
    if verdict.chance is Chance.COUNTS or gate.state is State.DEAD:
        return gate
    place = location(path, verdict.by) if verdict.by is not None else gate.location
    evidence = (Evidence(text="this decides", location=place),)
    if verdict.chance is Chance.FORGIVEN_BY_JOB:
        return replace(gate, state=State.UNTOLD, why=verdict.why, reason=Reason.DYNAMIC, evidence=evidence)
    late = verdict.chance is Chance.TOO_LATE
    fix = Fix(text="let it run, and count, where a change is judged; or take the step out")
    why = f'the step "{title}": {verdict.why}'
    return replace(gate, state=State.DEAD, why=why, evidence=evidence, fix=fix, severity="note" if late else None)
