"""Every gate that can be recognised is able to go red.

```yaml
kind: gate-liveness
id: gates-bite
why: A gate that cannot go red guards nothing, and everybody believes that it does.
```

Looked at are all gates of the repository, by themselves: nothing has to be listed. Each is *alive* (something was found
by which it can go red), *dead* (shown to be unable to: a finding) or nobody can tell (`unknown`, with the reason).
`govcheck explain gates` lists them all, the living ones with how it was shown.

**`bypass`**, ways around a gate: every job that can deploy counts, by its command and its target (`--app`, a project, a
namespace, ...), not by its name.

- A job that deploys although the deploy that it follows was refused. `failure()` is true where *any* job before it
  failed, so that a rollback with `if: failure()` also runs where the window was closed or the build broke; and where an
  environment refused the deploy, which is a failure to GitHub. Also a deploy whose `if: always()` does not heed what it
  needs.
- A deploy token that jobs read which name no environment, while others that deploy with it do: it has to be a secret of
  the repository then, and a workflow on any branch can use it. What only reads (`flyctl status`) is told apart.
- A job that calls itself a rollback and deploys nothing.
- Deploys of one target from several workflows that share no concurrency group.
- A deploy that `workflow_dispatch` starts from any branch: a `warning`, or a `note` where an environment may refuse.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from govcheck.facts.tree import OwnPrograms
from govcheck.facts.workflows import Workflows
from govcheck.findings import Judged
from govcheck.liveness import bypasses, comparisons
from govcheck.liveness.gate import Family, Gate
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
def bypass(policy: GateLiveness, workflows: Workflows) -> Iterator[Said]:
    """Nothing deploys around what should have stopped it."""
    yield from _said(policy, bypasses.gates(workflows))


def _said(policy: GateLiveness, gates: Iterable[Gate]) -> Iterator[Said]:
    wanted = [gate for gate in gates if not policy.families or gate.family in policy.families]
    yield Judged(len(wanted))
    for gate in wanted:
        yield from gate.said()
