"""Every gate that can be recognised is able to go red.

```yaml
kind: gate-liveness
id: gates-bite
why: A gate that cannot go red guards nothing, and everybody believes that it does.
```

Looked at are all gates of the repository, by themselves: nothing has to be listed. Each is *alive* (something was found
by which it can go red), *dead* (shown to be unable to: a finding) or nobody can tell (`unknown`, with the reason).
`govcheck explain gates` lists them all, the living ones with how it was shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from govcheck.facts import Request
from govcheck.facts.tree import Blobs, BlobsRequest, OwnPrograms, TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.findings import Judged
from govcheck.liveness.gate import Family, Gate
from govcheck.liveness.steps import step_gates
from govcheck.policy import Policy
from govcheck.registry import Said, check


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLiveness(Policy):
    """Which gates are looked at."""

    kind: Literal["gate-liveness"] = "gate-liveness"

    families: tuple[Family, ...] = ()
    """Only gates of these sorts; left out: all."""


def _ignore_files(_: GateLiveness) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, ("**/.gitignore",)),)]


@check(wants=_ignore_files)
def steps(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, tracked: TrackedFiles, ignoring: Blobs
) -> Iterator[Said]:
    """What jobs and steps promise, they do: they can fail, and they can succeed."""
    yield from _said(policy, step_gates(workflows, programs.contents, tracked.modes, ignoring.contents))


def _said(policy: GateLiveness, gates: Iterable[Gate]) -> Iterator[Said]:
    wanted = [gate for gate in gates if not policy.families or gate.family in policy.families]
    yield Judged(len(wanted))
    for gate in wanted:
        yield from gate.said()
