"""Gates: those that can go red shall stay so, and those that cannot are named until somebody mends them."""

from collections.abc import Iterator
from typing import get_args

from govcheck.app.init.proposal import Ladder, Members, Proposal, Settled, Stricter
from govcheck.facts.workflows import Workflows
from govcheck.findings import Json
from govcheck.liveness.gate import Family
from govcheck.records import replace

_KIND, _FILE = "gate-liveness", "gates.yaml"


def propose(workflows: Workflows) -> Iterator[Proposal]:
    """The families of gates, each by itself; and a secret scan, where there is one."""
    yield Proposal(
        kind=_KIND,
        id="gates-bite",
        file=_FILE,
        why="A gate that cannot go red guards nothing, and everybody believes that it does.",
        tried=(Members(key="families", members=get_args(Family)),),
        explained=("The families of gates of which none is dead today. `govcheck explain gates` lists every gate.",),
    )
    if any(file.path for file in workflows.files):
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


def to_mend(settled: Settled) -> Settled | None:
    """The families that have dead gates, as a policy that warns and fails nothing."""
    dead = [family for one in settled.stricter if not one.untold for family in _families(one)]
    if settled.proposal.id != "gates-bite" or not dead:
        return None
    proposal = Proposal(
        kind=_KIND,
        id="gates-to-mend",
        file=_FILE,
        why="Each of these is believed to guard something, and cannot.",
        fixed={"severity": "warning", "families": dead},
        explained=("Families of gates of which at least one is dead today. Mend it, and move its family up.",),
        tighten=("take `severity: warning` away once they are mended.",),
        declared=True,
    )
    keys: dict[str, Json] = {"kind": _KIND, "id": proposal.id, "why": proposal.why, **proposal.fixed}
    return Settled(proposal=proposal, keys=keys)


def without_dead(settled: Settled) -> Settled:
    """The living ones, without the list of what the other policy has."""
    return replace(settled, stricter=tuple(one for one in settled.stricter if one.untold))


def _families(one: Stricter) -> list[Json]:
    return list(one.value) if isinstance(one.value, list) else []
