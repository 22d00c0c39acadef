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
from govcheck.facts.live import DEFAULT_BRANCH, HeadChecks, HeadChecksRequest, LiveBranch, LiveBranchRequest
from govcheck.facts.tree import Blobs, BlobsRequest, OwnPrograms, TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.findings import Judged
from govcheck.liveness import governance, requirements
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


@check()
def contexts(policy: GateLiveness, workflows: Workflows) -> Iterator[Said]:
    """Each check has a name of its own."""
    yield from _said(policy, requirements.twice(workflows))


def _policies(_: GateLiveness) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, (governance.POLICIES,)),)]


@check(wants=_policies)
def govcheck_itself(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, tracked: TrackedFiles, policies: Blobs
) -> Iterator[Said]:
    """The repository's own policies are run, and heeded."""
    yield from _said(policy, governance.gates(workflows, programs.contents, tracked.modes, policies.contents))


def _default_branch(_: GateLiveness) -> Iterable[tuple[Request, ...]]:
    return [(LiveBranchRequest(LiveBranch, DEFAULT_BRANCH), HeadChecksRequest(HeadChecks, DEFAULT_BRANCH))]


@check(wants=_default_branch)
def required(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, branch: LiveBranch, head: HeadChecks
) -> Iterator[Said]:
    """Live: what the default branch requires is always reported, and govcheck is among it."""
    yield from _said(policy, requirements.gates(workflows, branch, head))
    yield from _said(policy, governance.required(workflows, programs.contents, branch))


def _said(policy: GateLiveness, gates: Iterable[Gate]) -> Iterator[Said]:
    wanted = [gate for gate in gates if not policy.families or gate.family in policy.families]
    yield Judged(len(wanted))
    for gate in wanted:
        yield from gate.said()
