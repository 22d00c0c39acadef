"""Every push and every pull request is scanned for secrets, by a scanner that can go red.

```yaml
kind: secret-scanning
id: secrets-are-looked-for
why: A secret that was pushed is known to others, however soon it is taken out again.
on: [push, pull_request]
scanner: gitleaks
schedule: weekly
required_on: main
baseline: security/gitleaks-baseline.json
pinned: true
sarif: true
```

A scan is an action, or a command of a step or of a script that a step runs, of gitleaks, betterleaks, trufflehog,
detect-secrets, ggshield or git-secrets. What may be in another repository's workflow is not read. Held are:

- `alive`: at least one scan can go red, as `gate-liveness` judges it: its exit code counts, and its configuration has
  rules and does not allow everything. Where gitleaks or betterleaks is installed, a canary proves it.
- `on`: for each of the events, one scan runs whatever the branch: no filter of branches or paths, no `if`.
- `schedule`: one scan of the whole history is started by the clock that often.
- `required`, live: the job of one scan is a check that the branch requires.
- `baseline`: it is tracked, and no change adds to it.
- `pinned`: no scanner can change unseen: an action by its commit, an image by its digest, a download of one version
  that is compared with a checksum, a package of one version.
- `sarif`: what one scan finds is uploaded to code scanning, also when it fails its step.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from govcheck.actions.contexts import derive
from govcheck.actions.workflow import FOLDER
from govcheck.facts import Request
from govcheck.facts.change import AddedLines
from govcheck.facts.live import DEFAULT_BRANCH, LiveBranch, LiveBranchRequest
from govcheck.facts.scanners import ScannerCanaries, ScannerFiles
from govcheck.facts.tree import OwnPrograms, TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.liveness import scanner_baselines, secret_scanners
from govcheck.liveness.gate import State
from govcheck.liveness.scanner_downloads import sources
from govcheck.liveness.scanner_reach import Event, Often, gaps, scheduled
from govcheck.liveness.scanner_reports import not_uploaded
from govcheck.liveness.scanner_steps import Scan, scans, unread
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen, replace
from govcheck.registry import Said, check
from govcheck.settings.answers import unparseable, verdict
from govcheck.settings.control_evidence import of_control
from govcheck.settings.places import setting
from govcheck.settings.required import RequiredChecks, required_checks

Scanner = Literal["gitleaks", "betterleaks", "trufflehog", "detect-secrets", "ggshield", "git-secrets"]

_RANK = {State.ALIVE: 0, State.WEAK: 0, State.UNTOLD: 1, State.DEAD: 2}


@frozen(kw_only=True)
class SecretScanning(Policy):
    """When secrets are looked for, and by what."""

    kind: Literal["secret-scanning"] = "secret-scanning"

    on: tuple[Event, ...] = ("push", "pull_request")
    """The events of which each one is scanned, whatever the branch."""

    scanner: Scanner | None = None
    """The scanner that counts; left out: any."""

    schedule: Often | None = None
    """How often the whole history is scanned, by the clock."""

    required_on: str | None = None
    """The branch that requires the check of a scan: its name, or `~DEFAULT_BRANCH`."""

    baseline: str | None = None
    """The file of findings that are passed over; no change may add to it."""

    pinned: bool = False
    """Whether every scanner has to be one that nobody can exchange."""

    sarif: bool = False
    """Whether what is found has to be uploaded to code scanning."""

    canary: Literal["if-installed", "required"] = "if-installed"
    """Whether a scanner's configuration has to be proved alive by a canary, or only where a scanner is installed."""


@check()
def scanned(
    policy: SecretScanning, workflows: Workflows, programs: OwnPrograms, files: ScannerFiles, canaries: ScannerCanaries
) -> Iterator[Said]:
    """One scan is alive, and the scans run when they should."""
    every, _ = secret_scanners.judged(workflows, programs, files, canaries, proof=policy.canary == "required")
    found = [one for one in every if policy.scanner in {None, one.scan.invocation.scanner}]
    yield Judged(1 + len(policy.on))
    if not found:
        yield _none(policy, workflows, programs, [one.scan for one in every])
        return
    best = min(_RANK[one.gate.state] for one in found)
    if best:
        yield _not_alive(found, untold=best == _RANK[State.UNTOLD])
    counting = [one.scan for one in found if _RANK[one.gate.state] == best]
    for event in policy.on:
        yield from _event(event, counting, workflows)
    yield from _schedule(policy, counting)
    yield from _sarif(policy, counting)
    yield from _pinned(policy, [one.scan for one in found])


def _none(policy: SecretScanning, workflows: Workflows, programs: OwnPrograms, others: Sequence[Scan]) -> Said:
    name = policy.scanner or "secrets"
    what = f"scans with {policy.scanner}" if policy.scanner else "scans for secrets"
    blind = next(unread(workflows, programs), None)
    if blind is not None:
        message = f"no workflow that can be read {what}, but {blind.text}"
        place = blind.location or Location()
        return Undecided(control="alive", subject=name, reason=Reason.DYNAMIC, message=message, location=place)
    return Finding(
        control="alive",
        subject=name,
        message=f"no workflow {what}",
        plane="workflow",
        location=Location(path=FOLDER.rstrip("/")),
        fix=Fix(text="Add a job that checks out with `fetch-depth: 0` and runs `gitleaks git --redact .`."),
        evidence=tuple(Evidence(text=f"{one.invocation.scanner} scans here", location=one.place) for one in others[:5]),
    )


def _not_alive(found: Sequence[secret_scanners.Judged], *, untold: bool) -> Said:
    first = next(one for one in found if not untold or one.gate.state is State.UNTOLD)
    name = first.scan.invocation.scanner
    if untold:
        gate = first.gate
        return Undecided(control="alive", subject=name, reason=gate.reason, message=gate.why, location=gate.location)
    count = f"none of the {len(found)} scans for secrets" if len(found) > 1 else "the only scan for secrets"
    verb = "can go red" if len(found) > 1 else "cannot go red"
    return Finding(
        control="alive",
        subject=name,
        message=f"{count} {verb}: {first.gate.why}",
        plane="workflow",
        location=first.gate.location,
        expected=State.ALIVE.value,
        actual=State.DEAD.value,
        fix=first.gate.fix,
        evidence=(*first.gate.evidence, *_others(found, first)),
    )


def _others(found: Sequence[secret_scanners.Judged], first: secret_scanners.Judged) -> Iterator[Evidence]:
    told = {first.gate.why}
    for one in found:
        if one.gate.why not in told:
            told.add(one.gate.why)
            yield Evidence(text=one.gate.why, location=one.gate.location)


def _event(event: Event, counting: Sequence[Scan], workflows: Workflows) -> Iterator[Said]:
    scan, missing = min(((one, gaps(one, workflows, event)) for one in counting), key=lambda pair: len(pair[1]))
    if not missing:
        return
    what = "push" if event == "push" else "pull request"
    if all(gap.untold for gap in missing):
        message = f"whether every {what} is scanned cannot be told: {missing[0].message}"
        yield Undecided(
            control="on", subject=event, reason=Reason.DYNAMIC, message=message, location=missing[0].location
        )
        return
    first, *others = sorted(missing, key=lambda gap: gap.untold)
    yield Finding(
        control="on",
        subject=event,
        message=f"not every {what} is scanned by {scan.subject}: {first.message}",
        plane="workflow",
        location=first.location,
        fix=Fix(text=first.fix),
        evidence=tuple(Evidence(text=gap.message, location=gap.location) for gap in others),
    )


def _schedule(policy: SecretScanning, counting: Sequence[Scan]) -> Iterator[Finding]:
    if policy.schedule is None:
        return
    short = [(scan, scheduled(scan, policy.schedule)) for scan in counting]
    if all(why for _, why in short):
        scan, why = min(short, key=lambda pair: ("no `schedule`" in pair[1], len(pair[0].through)))
        crons = {"daily": "17 4 * * *", "weekly": "17 4 * * 5", "monthly": "17 4 1 * *"}
        yield Finding(
            control="schedule",
            subject=policy.schedule,
            message=f"the history is not scanned {policy.schedule}: {scan.subject} would, but {why}",
            plane="workflow",
            location=scan.place,
            fix=Fix(text=f'Start a scan of the whole history by `schedule: [{{cron: "{crons[policy.schedule]}"}}]`.'),
        )


def _sarif(policy: SecretScanning, counting: Sequence[Scan]) -> Iterator[Finding]:
    gap = not_uploaded(counting) if policy.sarif else None
    if gap is not None:
        yield Finding(
            control="sarif",
            subject="upload",
            message=gap.message,
            plane="workflow",
            location=gap.location,
            fix=Fix(text=gap.fix),
        )


def _pinned(policy: SecretScanning, found: Sequence[Scan]) -> Iterator[Finding]:
    if not policy.pinned:
        return
    loose = {source.place: (scan, source) for scan in found for source in sources(scan) if source.loose}
    for place, (scan, source) in loose.items():
        yield Finding(
            control="pinned",
            subject=f"{scan.subject}:{source.way}",
            message=f"the scanner can change unseen: {source.shown} {source.loose}",
            plane="workflow",
            location=place,
            fix=Fix(text=source.fix),
        )


def _with_baseline(policy: SecretScanning) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.baseline is not None else []


@check(wants=_with_baseline)
def baseline(policy: SecretScanning, tracked: TrackedFiles) -> Iterator[Said]:
    """The baseline is tracked."""
    yield Judged(1)
    path = policy.baseline or ""
    if path not in tracked.modes:
        yield Finding(
            control="baseline",
            subject=display(path),
            message=f"{display(path)} is not tracked, so that a scan that names it goes on without it",
            plane="repo",
            location=Location(path=path),
            fix=Fix(text="Commit it, or correct `baseline` in this policy."),
        )


@check(wants=_with_baseline)
def baseline_growth(policy: SecretScanning, tracked: TrackedFiles, lines: AddedLines) -> Iterator[Said]:
    """No change adds to the baseline."""
    yield Judged(1)
    path = policy.baseline or ""
    named = AddedLines({path: lines.lines[path]} if path in lines.lines and path in tracked.modes else {})
    for gate in scanner_baselines.grown(named, {path}):
        for said in gate.said():
            yield replace(said, control="baseline", subject=display(path))


def _required(policy: SecretScanning) -> Iterable[tuple[Request, ...]]:
    return [(LiveBranchRequest(LiveBranch, policy.required_on),)] if policy.required_on is not None else []


@check(wants=_required)
def required(policy: SecretScanning, workflows: Workflows, programs: OwnPrograms, branch: LiveBranch) -> Iterator[Said]:
    """The branch requires the check of a scan."""
    live, place = required_checks(branch), setting(branch.branch, "status_checks")
    yield Judged(1, (place,))
    jobs = [one.job for one in scans(workflows, programs) if policy.scanner in {None, one.invocation.scanner}]
    known = None if branch.branch == DEFAULT_BRANCH else branch.branch
    reported = [one for one in derive(workflows, known).reported if one.job in jobs]
    names = sorted({one.name for one in reported if isinstance(one.name, str)})
    if {one.context for one in live.checks}.intersection(names):
        return
    if live.unreadable:
        yield _unread(branch.branch, live)
    elif any(not isinstance(one.name, str) for one in reported):
        message = f"which check of {branch.branch} is a scan for secrets cannot be told: an expression decides its name"
        yield Undecided(control="required", subject=branch.branch, reason=Reason.DYNAMIC, message=message)
    else:
        shown = " or ".join(f"`{name}`" for name in names)
        what = f"{shown}, which scans for secrets, is not required" if names else "no required check scans for secrets"
        yield Finding(
            control="required",
            subject=branch.branch,
            message=f"{what} on {branch.branch}",
            plane="live",
            location=Location(setting=place),
            expected=True,
            actual=False,
            fix=Fix(text=f"Add {shown or 'the job of a scan'} to the status checks that {branch.branch} requires."),
            evidence=tuple(of_control(branch, "status_checks")),
        )


def _unread(subject: str, live: RequiredChecks) -> Undecided:
    answer = live.unreadable[0]
    trouble = verdict(answer).trouble or unparseable(answer, "it does not say which checks it requires")
    message = f"whether {subject} requires a scan for secrets cannot be told: {trouble.message}"
    return trouble.undecided("required", subject, message, Location())
