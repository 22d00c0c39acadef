"""Whether what scanners find is uploaded to code scanning, also where it failed their step.

Source: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/uploading-a-sarif-file-to-github
"""

from collections.abc import Iterator, Sequence

from govcheck.actions.outcomes import runs_after
from govcheck.actions.workflow import Step, text
from govcheck.findings import Location
from govcheck.liveness.scanner_reach import Gap
from govcheck.liveness.scanner_steps import Scan

_UPLOAD = "github/codeql-action/upload-sarif@"


def uploads(scan: Scan) -> Iterator[Step]:
    """Every later step of its job that uploads SARIF."""
    return (step for step in scan.later if step.uses is not None and text(step.uses).lower().startswith(_UPLOAD))


def not_uploaded(scans: Sequence[Scan]) -> Gap | None:
    """Why nothing that one of these scans finds is surely uploaded; None where it is."""
    steps = [(scan, step) for scan in scans for step in uploads(scan)]
    if any(runs_after(step.condition, "failure") is True for _, step in steps):
        return None
    if not steps:
        return Gap(
            message="nothing uploads what a scan finds to code scanning",
            location=scans[0].place,
            fix="Add a step behind the scan: `uses: github/codeql-action/upload-sarif@...` with `if: always()`.",
        )
    scan, step = steps[0]
    node = step.condition or step.uses or step.node
    return Gap(
        message="the upload does not surely run when the scan has found something and failed its step",
        location=Location(path=scan.workflow.path, line=node.line, column=node.column),
        fix="Give the step `if: always()`.",
    )
