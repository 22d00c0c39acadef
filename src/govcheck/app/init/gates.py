"""Gates: those that can go red shall stay so, and those that cannot are named until somebody mends them."""

from collections.abc import Iterator, Mapping
from typing import get_args

from govcheck.app.init.proposal import Ladder, Proposal, Settled, Stricter
from govcheck.facts.workflows import Workflows
from govcheck.findings import Json
from govcheck.liveness.gate import Family
from govcheck.report import PolicyResult
from govcheck.reporters.wording import said

_KIND, _FILE = "gate-liveness", "gates.yaml"


def propose(workflows: Workflows) -> Iterator[Proposal]:
    """A secret scan, where there is something to scan in."""
    if workflows.files:
        yield Proposal(
            kind="secret-scanning",
            id="secrets-are-looked-for",
            file=_FILE,
            why="A secret that nobody looks for is found by somebody else.",
            tried=(
                Ladder(key="on", rungs=(["push", "pull_request"], ["pull_request"], ["push"])),
                Ladder(key="pinned", rungs=(True,), why="No scanner can change unseen."),
                Ladder(key="schedule", rungs=("weekly",)),
            ),
        )


def settled(result: PolicyResult) -> Iterator[Settled]:
    """The families of gates: in force where none is dead, as a warning where one is.

    Args:
        result: What every gate of the repository came to. A finding's control is its gate's family.
    """
    dead = {found.finding.control for found in result.findings if found.severity != "note"}
    untold = {one.undecided.control: one.undecided.message for one in result.unknowns}
    families = get_args(Family)
    alive = [family for family in families if family not in dead and family not in untold]
    mend = [family for family in families if family in dead]
    first = Proposal(
        kind=_KIND,
        id="gates-bite",
        file=_FILE,
        why="A gate that cannot go red guards nothing, and everybody believes that it does.",
        explained=("The families of gates of which none is dead today. `govcheck explain gates` lists every gate.",),
    )
    doubtful = [family for family in families if family in untold and family not in dead]
    if alive or doubtful:
        yield _written(first, alive, _doubts(alive, doubtful, untold))
    if mend:
        second = Proposal(
            kind=_KIND,
            id="gates-to-mend",
            file=_FILE,
            why="Each of these is believed to guard something, and cannot.",
            fixed={"severity": "warning"},
            explained=("Families of gates of which at least one is dead today. Mend it, and move its family up.",),
            tighten=("take `severity: warning` away once they are mended.",),
            declared=True,
        )
        yield _written(second, mend, ())


def _doubts(alive: list[str], doubtful: list[str], untold: Mapping[str, str]) -> tuple[Stricter, ...]:
    """All families that nobody can tell of in one list, so that its line can replace the one above it."""
    if not doubtful:
        return ()
    reasons = "; ".join(f"{family}: {said(untold[family])}" for family in doubtful)
    return (Stricter(key="families", value=[*alive, *doubtful], reason=reasons, untold=True),)


def _written(proposal: Proposal, families: list[str], doubts: tuple[Stricter, ...]) -> Settled:
    keys: dict[str, Json] = {"kind": _KIND, "id": proposal.id, "why": proposal.why, **proposal.fixed}
    return Settled(proposal=proposal, keys={**keys, "families": [*families]} if families else {}, stricter=doubts)
