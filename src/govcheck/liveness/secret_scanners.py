"""Secret scanners as gates: every scan that a workflow runs, what it is configured by, and where it comes from."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from govcheck.actions.idle_jobs import why_skipped
from govcheck.actions.outcomes import runs_after
from govcheck.actions.workflow import text
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.tree import OwnPrograms
from govcheck.facts.workflows import Workflows
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness import scanner_configurations
from govcheck.liveness.chances import Chance, Site, chance
from govcheck.liveness.counting import as_it_counts
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.scanner_checkouts import may_stage, promises_history, shallow
from govcheck.liveness.scanner_choices import choice
from govcheck.liveness.scanner_downloads import Source, sources
from govcheck.liveness.scanner_reports import uploads
from govcheck.liveness.scanner_steps import Scan, scans
from govcheck.records import frozen, replace

_ENDS_WELL = re.compile(r"\|\|\s*(?:true|:|exit 0|echo|printf)(?!\w)")
_FAMILY: Literal["secret-scan"] = "secret-scan"


@frozen
class Judged:
    """One scan, and whether it can go red: by its step, and by the configuration that it reads."""

    scan: Scan
    gate: Gate


def judged(
    workflows: Workflows,
    programs: OwnPrograms,
    files: ScannerFiles,
    canaries: ScannerCanaries | None = None,
    *,
    proof: bool = False,
) -> tuple[tuple[Judged, ...], tuple[Gate, ...]]:
    """Every scan with its verdict; and all gates, each once."""
    found = tuple(scans(workflows, programs))
    of_files = tuple(scanner_configurations.gates(found, files, canaries, proof=proof))
    by_path = {gate.subject: gate for gate in of_files}
    both, steps = [], []
    for scan in found:
        verdict = chance(Site(scan.workflow, scan.job, scan.step, programs.contents), workflows)
        gate = _step(scan)
        if gate.state is State.ALIVE or verdict.chance is Chance.NEVER:
            gate = as_it_counts(gate, verdict, scan.workflow.path, scan.title)
        path = choice(scan, files.contents).path
        configured = by_path.get(path or "", by_path.get(f"{scan.subject}:configuration", gate))
        decisive = gate if gate.state is not State.ALIVE else configured
        both.append(Judged(scan, decisive))
        steps.append(gate)
    more = [gate for scan in found for gate in (*_history(scan), *_sources(scan))]
    return tuple(both), tuple(_once((*of_files, *steps, *more)))


def gates(
    workflows: Workflows, programs: OwnPrograms, files: ScannerFiles, canaries: ScannerCanaries, *, proof: bool
) -> Iterator[Gate]:
    """Every gate of this family but the growth of baselines.

    Args:
        workflows: All workflow files.
        programs: What they run.
        files: What scanners read.
        canaries: What scanners said to made-up secrets.
        proof: Whether a configuration that no canary proved counts as undecided.
    """
    yield from judged(workflows, programs, files, canaries, proof=proof)[1]


def _step(scan: Scan) -> Gate:
    gate = Gate(
        family=_FAMILY,
        subject=scan.subject,
        state=State.ALIVE,
        why=f"{scan.invocation.scanner} fails its step where it finds something",
        location=scan.place,
        evidence=scan.through,
    )
    never_runs = _never_runs(scan)
    if never_runs:
        return _dead(gate, scan, never_runs, "Take the `if` out, or the step.")
    if scan.invocation.mode == "staged" and not may_stage(scan):
        why = "it looks at what is staged or not yet committed, and in CI nothing is"
        return _dead(gate, scan, why, f"Scan commits or files: {_better(scan)}.")
    swallowed = scan.unheeded or scan.invocation.never
    if not swallowed:
        return replace(gate, state=State.UNTOLD, why=_untold(scan, scan.doubt)) if scan.doubt else gate
    noticed = _noticed(scan)
    if noticed:
        return replace(gate, state=State.UNTOLD, why=_untold(scan, f"{swallowed}, but {noticed}"))
    return _dead(gate, scan, swallowed, _unswallow(scan))


def _never_runs(scan: Scan) -> str:
    """Why a scan is never started: a clause; empty where it is, or may be."""
    for what, condition in (("step", scan.step.condition), ("job", scan.job.condition)):
        if condition is not None and {runs_after(condition, "success"), runs_after(condition, "failure")} == {False}:
            return f"its {what} has `if: {' '.join(text(condition).split())[:120]}`, which is never true"
    return why_skipped(scan.workflow, scan.job)


def _noticed(scan: Scan) -> str:
    """Why what a scan found may stop something although its step goes on; empty where nothing is seen of it."""
    if scan.kept:
        return scan.kept
    if any(uploads(scan)):
        return "its report is uploaded, and whether code scanning stops what it has is a setting"
    report = scan.invocation.report.rpartition("/")[2]
    scripts = [text(step.run) for step in scan.later if step.run is not None]
    if report and any(report in script for script in scripts):
        return f"a later step reads its report {report}"
    return "what follows may look at what it wrote" if report == "" and scan.invocation.writes and scripts else ""


def _dead(gate: Gate, scan: Scan, why: str, fix: str) -> Gate:
    message = f"{scan.invocation.scanner} cannot fail this step: {why}"
    return replace(gate, state=State.DEAD, why=message, fix=Fix(text=fix))


def _untold(scan: Scan, why: str) -> str:
    return f"whether {scan.invocation.scanner} can fail the step {scan.title!r} cannot be told: {why}"


def _unswallow(scan: Scan) -> str:
    if scan.invocation.never and not scan.unheeded:
        add = scan.invocation.scanner == "trufflehog"
        return "Add `--fail` to the command." if add else f"Change the command: {scan.invocation.never}."
    if "continue-on-error" in scan.unheeded:
        return "Take `continue-on-error` out of the step."
    if "pipe" in scan.unheeded:
        return "Begin the script with `set -euo pipefail`."
    return f"Let the command stand by itself, without `{_behind(scan)}`, and begin the script with `set -e`."


def _behind(scan: Scan) -> str:
    """What stands behind the scan, and ends well: `|| echo`."""
    script = text(scan.step.run) if scan.step.run is not None else ""
    match = _ENDS_WELL.search(script, max(script.find(scan.invocation.scanner), 0))
    return " ".join(match[0].split()) if match is not None else "|| true"


def _better(scan: Scan) -> str:
    return "`gitleaks git --log-opts=...` or `gitleaks dir .`" if "leaks" in scan.invocation.scanner else "the branch"


def _history(scan: Scan) -> Iterator[Gate]:
    gate = Gate(
        family=_FAMILY,
        subject=f"{scan.subject}:history",
        state=State.WEAK,
        why="",
        location=scan.place,
    )
    cut = shallow(scan) if scan.invocation.mode in {"history", "range"} else None
    if cut is not None:
        place = Location(path=scan.workflow.path, line=cut.node.line, column=cut.node.column)
        commits = "only its newest commit" if cut.depth == "1" else f"only its newest {cut.depth} commits"
        scanned = (
            'the commits that it asks for are not there, and gitleaks says "no leaks found" of 0 commits'
            if scan.invocation.mode == "range" and scan.invocation.scanner == "gitleaks"
            else "a secret that a later commit took out again is never seen"
        )
        yield replace(
            gate,
            why=f"{scan.invocation.scanner} scans commits, but the job checks out {commits}: {scanned}",
            fix=Fix(text=f"Give the checkout in line {cut.step.node.line} all commits: `with: {{fetch-depth: 0}}`."),
            evidence=(Evidence(text="it is checked out here", location=place),),
        )
    promised = promises_history(scan) if scan.invocation.mode == "files" else ""
    if promised:
        yield replace(
            gate,
            why=f"{promised!r} promises the history, but {scan.invocation.scanner} scans only the files that lie there",
            fix=Fix(text="Leave `--no-git` out, or scan with `gitleaks git`; or call it what it is."),
        )


def _sources(scan: Scan) -> Iterator[Gate]:
    for number, source in enumerate(sources(scan)):
        why = _unsure(source)
        if why:
            yield Gate(
                family=_FAMILY,
                subject=f"{scan.subject}:source" + (f":{number}" if number else ""),
                state=State.WEAK,
                why=why,
                location=source.place,
                severity="warning",
                fix=Fix(text=source.fix),
            )


def _unsure(source: Source) -> str:
    """Why nobody knows what will scan tomorrow; empty where that is settled enough."""
    if source.way == "download" and not source.fixed:
        newest = ", whatever is newest," if source.moving else ""
        return f"the scanner is downloaded{newest} and nothing compares it with a checksum: {source.shown}"
    if source.moving:
        return f"the scanner is whatever is newest: {source.shown}"
    return ""


def _once(gates_: Sequence[Gate]) -> Iterator[Gate]:
    """Each finding once: several scans of a job have its sources in common."""
    seen: set[tuple[str | None, int | None, int | None, str]] = set()
    for gate in gates_:
        key = (gate.location.path, gate.location.line, gate.location.column, gate.why)
        if key not in seen:
            seen.add(key)
            yield gate
