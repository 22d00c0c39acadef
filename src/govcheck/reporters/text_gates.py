"""All gates of a repository as text: the dead ones, those that nobody can tell of, the living ones."""

from collections.abc import Iterator

from govcheck.findings import Finding, Held, Undecided
from govcheck.liveness.unrecognised import Unrecognised
from govcheck.report import PolicyResult
from govcheck.reporters.wording import place, said


def render(result: PolicyResult, beside: Unrecognised) -> str:
    """The outcome of a `gate-liveness` policy as a list, and what it does not tell of."""
    dead = [found.finding for found in result.findings if found.severity != "note"]
    remarks = [found.finding for found in result.findings if found.severity == "note"]
    untold = [*(unknown.undecided for unknown in result.unknowns), *beside.computed]
    lines = [
        *_section("dead", dead),
        *_section("cannot tell", untold),
        *_section("worth knowing", remarks),
        *_section("alive", result.held),
        f"{len(dead)} dead, {len(untold)} that nobody can tell of, {len(result.held)} alive",
        *_beside(beside),
    ]
    return "\n".join(lines)


def _beside(beside: Unrecognised) -> Iterator[str]:
    """What the figures leave out."""
    if beside.steps:
        runs = "1 step runs" if beside.steps == 1 else f"{beside.steps} steps run"
        yield f"{runs} commands that are not recognised as gates"
    if beside.elsewhere:
        yield f"not read, and not counted: {', '.join(map(said, beside.elsewhere))}"


def _section(title: str, gates: list[Finding] | list[Undecided] | tuple[Held, ...]) -> Iterator[str]:
    if not gates:
        return
    yield f"{title} ({len(gates)})"
    for gate in gates:
        where = place(gate.location)
        yield f"  {said(gate.control)}: {said(gate.subject)}" + (f" ({where})" if where else "")
        yield f"    {said(gate.message)}"
    yield ""
