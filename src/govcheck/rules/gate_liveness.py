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

from govcheck.facts.hooks import HookConfiguration
from govcheck.facts.tree import OwnPrograms, TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.findings import Judged
from govcheck.liveness import comparisons, danger
from govcheck.liveness.gate import Family, Gate
from govcheck.liveness.hooks import gates as hook_gates
from govcheck.policy import Policy
from govcheck.registry import Said, check


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLiveness(Policy):
    """Which gates are looked at."""

    kind: Literal["gate-liveness"] = "gate-liveness"

    families: tuple[Family, ...] = ()
    """Only gates of these sorts; left out: all."""


@check()
def comparison(policy: GateLiveness, workflows: Workflows, programs: OwnPrograms) -> Iterator[Said]:
    """What compares with the index, or with a base, finds something there."""
    yield from _said(policy, comparisons.gates(workflows, programs))


@check()
def hooks_run(
    policy: GateLiveness,
    hooks: HookConfiguration,
    tracked: TrackedFiles,
    workflows: Workflows,
    programs: OwnPrograms,
) -> Iterator[Said]:
    """pre-commit's configuration is read, its hooks run and are heard, and so are hook files of other kinds."""
    yield from _said(policy, hook_gates(hooks, tracked, workflows, programs))


@check()
def dangerfiles(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, tracked: TrackedFiles
) -> Iterator[Said]:
    """Dangerfiles and path gates judge what they say, and what judges a pull request's text sees its edits."""
    yield from _said(policy, danger.gates(workflows, programs, tracked))


def _said(policy: GateLiveness, gates: Iterable[Gate]) -> Iterator[Said]:
    wanted = [gate for gate in gates if not policy.families or gate.family in policy.families]
    yield Judged(len(wanted))
    for gate in wanted:
        yield from gate.said()
