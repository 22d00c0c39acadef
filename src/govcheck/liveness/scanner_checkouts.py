"""How much of the history a scan has before it: what its job checks out.

`actions/checkout` fetches one commit unless `fetch-depth` says otherwise: https://github.com/actions/checkout#usage.
In such a clone `gitleaks git` scans the files of that commit as if they were all new, and no history; a range whose
first commit is not there is 0 commits, and it ends well (tried with 8.30.1).
"""

import re
from collections.abc import Iterator

from govcheck.actions.workflow import Step, text
from govcheck.facts.document import Node, Scalar
from govcheck.liveness.scanner_steps import Scan
from govcheck.records import frozen

_CHECKOUT = re.compile(r"actions/checkout@", re.IGNORECASE)
_DEEPENS = re.compile(r"git\b[^\n]*\bfetch\b|git\b[^\n]*\bclone\b|gh repo clone|git\b[^\n]*--unshallow")
_STAGES = re.compile(r"git\b[^\n]*\b(?:add|reset|apply|cherry-pick|merge)\b")
_PROMISE = re.compile(r"\b(?:full|whole|entire|all|complete)[ -]+(?:git[ -]+)?history\b|\bhistory\b", re.IGNORECASE)


@frozen
class Shallow:
    """The checkout that leaves history out."""

    step: Step
    node: Node
    """`fetch-depth`, or else the step's `uses`."""

    depth: str


def shallow(scan: Scan) -> Shallow | None:
    """The checkout before a scan, where it leaves history out and nothing fetches the rest. None as well in doubt."""
    if any(_DEEPENS.search(text(step.run)) for step in scan.earlier if step.run is not None):
        return None
    if scan.step.run is not None and _DEEPENS.search(text(scan.step.run)):
        return None
    found = [step for step in scan.earlier if step.uses is not None and _CHECKOUT.match(text(step.uses))]
    if len(found) != 1 or found[0].condition is not None:
        return None
    given = found[0].with_.entries.get("fetch-depth") if found[0].with_ is not None else None
    if given is None:
        return Shallow(found[0], found[0].uses or found[0].node, "1")
    depth = text(given[1]) if isinstance(given[1], Scalar) else "${{"
    return None if depth == "0" or "${{" in depth else Shallow(found[0], given[0], depth)


def may_stage(scan: Scan) -> bool:
    """Whether something before a scan may have staged changes, which are then there to be scanned."""
    return any(_STAGES.search(text(step.run)) for step in (*scan.earlier, scan.step) if step.run is not None)


def promises_history(scan: Scan) -> str:
    """The name of the step, job or workflow that promises a scan of the history; empty where none does."""
    return next((name for name in _names(scan) if _PROMISE.search(name)), "")


def _names(scan: Scan) -> Iterator[str]:
    for node in (scan.step.name, scan.job.name, scan.workflow.name):
        if node is not None:
            yield " ".join(text(node).split())[:80]
