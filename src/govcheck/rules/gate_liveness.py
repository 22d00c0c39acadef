"""Every gate that can be recognised is able to go red.

```yaml
kind: gate-liveness
id: gates-bite
why: A gate that cannot go red guards nothing, and everybody believes that it does.
```

Looked at are all gates of the repository, by themselves: nothing has to be listed. Each is *alive* (something was found
by which it can go red), *dead* (shown to be unable to: a finding) or nobody can tell (`unknown`, with the reason).
`govcheck explain gates` lists them all, the living ones with how it was shown.

**Secret scanners** (`secret-scan`): gitleaks, betterleaks, trufflehog, detect-secrets, ggshield and git-secrets, as an
action, in a step, or in a script that a step runs. Dead is a scan whose exit code nobody heeds, one that looks at what
is staged, and a configuration that is not valid, has no rules, or allows everything; weak is one that scans history in
a shallow clone, whose scanner is downloaded unchecked, or whose baseline this change adds to. Where gitleaks or
betterleaks is installed, each configuration is tried on secrets that are made up for it (a *canary*), in a temporary
folder and without a network; otherwise the verdict rests on reading alone, and says so. `canary: required` makes what
was not tried unknown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from govcheck.facts.change import AddedLines
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.tree import OwnPrograms
from govcheck.facts.workflows import Workflows
from govcheck.findings import Judged
from govcheck.liveness import comparisons, scanner_baselines
from govcheck.liveness.gate import Family, Gate
from govcheck.policy import Policy
from govcheck.registry import Said, check


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLiveness(Policy):
    """Which gates are looked at."""

    kind: Literal["gate-liveness"] = "gate-liveness"

    families: tuple[Family, ...] = ()
    """Only gates of these sorts; left out: all."""

    canary: Literal["if-installed", "required"] = "if-installed"
    """Whether a scanner's configuration has to be proved alive by a canary, or only where a scanner is installed."""


@check()
def comparison(policy: GateLiveness, workflows: Workflows, programs: OwnPrograms) -> Iterator[Said]:
    """What compares with the index, or with a base, finds something there."""
    yield from _said(policy, comparisons.gates(workflows, programs))


@check()
def secret_scan(
    policy: GateLiveness, workflows: Workflows, programs: OwnPrograms, files: ScannerFiles, canaries: ScannerCanaries
) -> Iterator[Said]:
    """Secret scanners find what they are there to find, and somebody heeds it."""
    from govcheck.liveness import secret_scanners  # noqa: PLC0415 - the hook judges baselines only, and has no time

    proof = policy.canary == "required"
    yield from _said(policy, secret_scanners.gates(workflows, programs, files, canaries, proof=proof))


@check()
def secret_baseline(policy: GateLiveness, lines: AddedLines) -> Iterator[Said]:
    """No change adds to what secret scanners pass over."""
    yield from _said(policy, scanner_baselines.grown(lines))


def _said(policy: GateLiveness, gates: Iterable[Gate]) -> Iterator[Said]:
    wanted = [gate for gate in gates if not policy.families or gate.family in policy.families]
    yield Judged(len(wanted))
    for gate in wanted:
        yield from gate.said()
