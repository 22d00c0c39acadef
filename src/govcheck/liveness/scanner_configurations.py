"""The configurations of secret scanners as gates: what reading them says, and what a canary proves.

A canary overrules what reading says where the scanner that found it is the one that the configuration is for.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from govcheck.facts import Missing
from govcheck.facts.scanners import Canary, CanaryOutcome, ScannerCanaries, ScannerFiles
from govcheck.findings import Evidence, Fix, Location, Reason
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.gitleaks_configuration import Configuration, read
from govcheck.liveness.scanner_choices import USUAL, WELL_KNOWN, Choice, choice, extensions, losers
from govcheck.liveness.scanner_downloads import installed
from govcheck.liveness.scanner_steps import Scan
from govcheck.paths import display
from govcheck.records import frozen, replace

_FAMILY: Literal["secret-scan"] = "secret-scan"


@frozen(kw_only=True)
class Used:
    """One configuration, and the scans that read it."""

    path: str
    scanner: str
    folder: str
    """Where the first of them runs."""

    scans: tuple[Scan, ...]


def used(scans: Sequence[Scan], files: ScannerFiles) -> tuple[Used, ...]:
    """Every tracked configuration that a scan reads; and the root's, which everybody's own gitleaks reads."""
    by_path: dict[str, list[Scan]] = {}
    for scan in scans:
        path = choice(scan, files.contents).path
        if path is not None and path in files.contents:
            by_path.setdefault(path, []).append(scan)
    if USUAL in files.contents:
        by_path.setdefault(USUAL, [])
    return tuple(
        Used(
            path=path,
            scanner=readers[0].invocation.scanner if readers else "gitleaks",
            folder=readers[0].folder if readers else "",
            scans=tuple(readers),
        )
        for path, readers in by_path.items()
    )


def gates(
    scans: Sequence[Scan], files: ScannerFiles, canaries: ScannerCanaries | None, *, proof: bool
) -> Iterator[Gate]:
    """Every configuration as a gate.

    Args:
        scans: All scans.
        files: What they name.
        canaries: None where nobody asked for them.
        proof: Whether reading alone is not enough.
    """
    read_by_scans = used(scans, files)
    for one in read_by_scans:
        yield _judged(one, files, canaries, proof=proof)
    idle = [path for path in files.contents if WELL_KNOWN.fullmatch(path)]
    for path in idle:
        if all(path != one.path for one in read_by_scans):
            yield from _unread(path, scans, files)
    for scan in scans:
        yield from _not_tracked(scan, choice(scan, files.contents), files)


def _judged(one: Used, files: ScannerFiles, canaries: ScannerCanaries | None, *, proof: bool) -> Gate:
    gate = _by_reading(one, files)
    canary = canaries.canaries.get(one.path) if canaries is not None else None
    if canary is not None:
        return _proved(gate, canary, one, _read(one, files))
    if canaries is None:
        return gate
    said = Evidence(text=f"by reading alone: {canaries.trouble or 'it was not tried'}")
    if proof and gate.state is State.ALIVE:
        why = f"{display(one.path)} cannot be proved to be alive: {canaries.trouble or 'it was not tried'}"
        return replace(gate, state=State.UNTOLD, why=why, reason=Reason.TOOL_MISSING)
    return replace(gate, evidence=(*gate.evidence, said))


def _by_reading(one: Used, files: ScannerFiles) -> Gate:
    return _of(_read(one, files), tuple(_read_by(one)))


def _of(configuration: Configuration, evidence: tuple[Evidence, ...]) -> Gate:
    path = configuration.path
    gate = Gate(
        family=_FAMILY,
        subject=display(path),
        state=State.ALIVE,
        why=f"{display(path)} has {configuration.in_words}",
        location=Location(path=path, line=1),
        plane="repo",
        evidence=evidence,
    )
    if not configuration.problems:
        return gate
    first, *others = sorted(configuration.problems, key=lambda problem: problem.untold is not None)
    more = (Evidence(text=f"it also {problem.message}", location=problem.location) for problem in others)
    return replace(
        gate,
        state=State.DEAD if first.untold is None else State.UNTOLD,
        why=f"{display(first.location.path or path)} {first.message}",
        location=first.location,
        fix=first.fix,
        reason=first.untold or Reason.DYNAMIC,
        evidence=(*evidence, *more),
    )


def _proved(gate: Gate, canary: Canary, one: Used, configuration: Configuration) -> Gate:
    tool = f"{canary.tool} {canary.version}"
    own = canary.tool == one.scanner
    if canary.outcome is CanaryOutcome.FOUND:
        proof = Evidence(text=f"proved: with it, {tool} finds a secret that was made up for this")
        alive = replace(
            gate, state=State.ALIVE, why=f"with {display(one.path)}, {tool} finds a made-up secret", fix=None
        )
        return alive if own else replace(gate, evidence=(proof, *gate.evidence))
    if canary.outcome is CanaryOutcome.REFUSED:
        return _refused(gate, canary, tool, own=own)
    proof = Evidence(
        text=f"proved: with it, {tool} finds none of the secrets that were made up for this and ends with exit code "
        f"{canary.exit_code}; by its built-in rules it finds them"
    )
    if gate.state is State.ALIVE and configuration.built_in and own:
        why = f"with {display(one.path)}, {tool} finds none of the made-up secrets that its built-in rules find"
        return replace(gate, state=State.DEAD, why=why, evidence=(proof, *gate.evidence))
    if gate.state is State.ALIVE:
        own_rules = Evidence(text=f"the made-up secrets are not what its own rules look for: {tool} does not find them")
        return replace(gate, evidence=(*gate.evidence, own_rules))
    return replace(gate, evidence=(proof, *gate.evidence))


def _refused(gate: Gate, canary: Canary, tool: str, *, own: bool) -> Gate:
    said = f"{tool} does not take it (exit code {canary.exit_code}): {canary.said}"
    if own and gate.state is State.ALIVE:
        why = f"{gate.subject} looks alive, but {said}"
        return replace(gate, state=State.UNTOLD, why=why, reason=Reason.UNPARSEABLE)
    return replace(gate, evidence=(*gate.evidence, Evidence(text=said)))


def _unread(path: str, scans: Sequence[Scan], files: ScannerFiles) -> Iterator[Gate]:
    """A configuration that no workflow's scan reads: what it says counts, and that nobody listens is a remark."""
    scanner = "betterleaks" if "betterleaks" in path else "gitleaks"
    gate = _of(read(path, files.contents, extensions(path, files.contents, ""), scanner), ())
    leaks = [scan for scan in scans if scan.invocation.scanner in path]
    why = [evidence for scan in leaks for evidence in _won(scan, files.contents)]
    told = (Evidence(text="no scan of a workflow reads it"), *why)
    if gate.state is not State.ALIVE:
        yield replace(gate, evidence=(*gate.evidence, *told))
    elif leaks:
        message = f"{display(path)} is read by no scan of a workflow"
        yield replace(gate, state=State.WEAK, why=message, severity="note", evidence=tuple(why))


def _won(scan: Scan, tracked: Mapping[str, bytes | Missing]) -> Iterator[Evidence]:
    chosen = choice(scan, tracked)
    if chosen.candidates:
        first = chosen.candidates[0]
        shown = f" {first.file.shown}" if first.file is not None and first.by.startswith(("-", "G", "B")) else ""
        yield Evidence(text=f"`{first.by}{shown}` decides here", location=scan.place)


def _not_tracked(scan: Scan, chosen: Choice, files: ScannerFiles) -> Iterator[Gate]:
    for candidate, evidence in losers(chosen):
        file = candidate.file
        if file is not None and not candidate.by.startswith("."):
            yield Gate(
                family=_FAMILY,
                subject=f"{scan.subject}:{candidate.by}",
                state=State.WEAK,
                why=f"`{candidate.by}: {file.shown}` is not read",
                location=scan.place,
                evidence=(evidence,),
                severity="note",
            )
    first = chosen.candidates[0] if chosen.candidates else None
    file = first.file if first is not None else None
    if first is None or file is None or file.path in files.contents:
        return
    made = _made_by_the_job(scan, file.shown)
    gate = Gate(
        family=_FAMILY,
        subject=f"{scan.subject}:configuration",
        state=State.UNTOLD,
        why=f"which configuration `{first.by} {file.shown}` means cannot be told: {made or 'a run decides'}",
        location=scan.place,
    )
    if file.path is not None and not file.guessed and not made:
        stops = f"{scan.invocation.scanner} stops before it scans"
        why = f"`{first.by} {file.shown}` names a file that is not tracked: {stops}"
        gate = replace(gate, state=State.DEAD, why=why, fix=Fix(text=f"Commit {file.path}, or correct the path."))
    yield gate


def _made_by_the_job(scan: Scan, shown: str) -> str:
    """Why a file that is not tracked may be there all the same."""
    name = shown.rpartition("/")[2]
    for step in scan.earlier:
        if step.run is not None and name in str(step.run.value):
            return f"an earlier step mentions {name}"
        if step.uses is not None and step.with_ is not None and {"path", "repository"}.intersection(step.with_.entries):
            return "the job checks another repository or folder out"
    return ""


def _read_by(one: Used) -> Iterator[Evidence]:
    for scan in one.scans:
        lacking = "" if installed(scan) else f"; nothing in that job installs {scan.invocation.scanner}"
        yield Evidence(text=f"{scan.subject} scans with it{lacking}", location=scan.place)


def _read(one: Used, files: ScannerFiles) -> Configuration:
    return read(one.path, files.contents, extensions(one.path, files.contents, one.folder), one.scanner)
