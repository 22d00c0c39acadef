"""All gates of a repository as text: the dead ones, those that nobody can tell of, the living ones."""

from collections.abc import Iterator

from govcheck.findings import Finding, Held, Undecided
from govcheck.report import PolicyResult
from govcheck.reporters.wording import place, said


def render(result: PolicyResult) -> str:
    """The outcome of a `gate-liveness` policy as a list."""
    dead = [found.finding for found in result.findings if found.severity != "note"]
    remarks = [found.finding for found in result.findings if found.severity == "note"]
    untold = [unknown.undecided for unknown in result.unknowns]
    lines = [
        *_section("dead", dead),
        *_section("cannot tell", untold),
        *_section("worth knowing", remarks),
        *_section("alive", result.held),
        f"{len(dead)} dead, {len(untold)} that nobody can tell of, {len(result.held)} alive",
    ]
    return "\n".join(lines)


def _section(title: str, gates: list[Finding] | list[Undecided] | tuple[Held, ...]) -> Iterator[str]:
    if not gates:
        return
    yield f"{title} ({len(gates)})"
    for gate in gates:
        where = place(gate.location)
        yield f"  {said(gate.control)}: {said(gate.subject)}" + (f" ({where})" if where else "")
        yield f"    {said(gate.message)}"
    yield ""
