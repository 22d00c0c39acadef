"""Applies waivers: what they excuse is shown and counted, and does not fail. Pure.

The same for the hook, in CI and in a sweep. Whatever is wrong with a waiver is a finding of the policy `waivers`, and
such a waiver excuses nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from govcheck.errors import Problem
from govcheck.findings import Finding, Fix, Json, Location, Outcome, Severity
from govcheck.policy import LoadedPolicy, Policy
from govcheck.records import field, frozen, mutable, replace
from govcheck.report import PolicyResult, ReportedFinding, ReportedUnknown, Stage
from govcheck.waiver import ANY_VALUE, LoadedWaiver, Waiver, matches

SOON = timedelta(days=14)
"""How long before its end a waiver begins to say so."""

OURS = LoadedPolicy(Policy(kind="waivers", id="waivers", severity="warning"), "policies/waivers.yaml", 0)
"""What is said of waivers themselves, under an id that no policy can have."""


@frozen(kw_only=True)
class Waivers:
    """Every waiver of a run, and what could not be read of them."""

    waivers: tuple[LoadedWaiver, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: int = 0
    """How many files there are; without any, nothing is said of waivers."""


@mutable
class _Use:
    """What became of one waiver."""

    loaded: LoadedWaiver
    excused: int = 0
    refused: str = ""
    """Why its policy does not let it excuse anything: a clause."""

    grown: Json = None
    """The value that it does not cover."""

    has_grown: bool = False
    met: int = 0
    """How many findings and unknowns it names."""


@mutable
class _Book:
    """The waivers of a run, by what they name."""

    moment: datetime
    uses: list[_Use] = field(default_factory=list)

    def waiver_for(self, found: ReportedFinding | ReportedUnknown) -> Waiver | None:
        """The waiver that excuses something; None where none does."""
        chosen: Waiver | None = None
        for use in self.uses:
            if _names(use.loaded.waiver, found):
                use.met += 1
                if chosen is None and self._excuses(use, found):
                    use.excused += 1
                    chosen = use.loaded.waiver
        return chosen

    def _excuses(self, use: _Use, found: ReportedFinding | ReportedUnknown) -> bool:
        waiver = use.loaded.waiver
        if not waiver.begins() <= self.moment < waiver.ends():
            return False
        use.refused = use.refused or _refusal(waiver, found.policy.policy)
        if use.refused:
            return False
        if isinstance(found, ReportedUnknown):
            if waiver.actual != ANY_VALUE:  # a value was excused, and nobody can tell whether it still is that one
                return False
        elif not waiver.covers(found.finding.actual):
            use.grown, use.has_grown = found.finding.actual, True
            return False
        if waiver.count and use.excused >= waiver.count:
            use.grown, use.has_grown = use.met, True
            return False
        return True


def apply(
    results: tuple[PolicyResult, ...], waivers: Waivers, *, moment: datetime, stage: Stage
) -> tuple[PolicyResult, ...]:
    """The results with what is waived, and with one of the policy `waivers` where there is any file of them.

    Args:
        results: What the engine said.
        waivers: Of the state that the policies come from.
        moment: The instant to judge by.
        stage: A waiver that excuses nothing is told only where everything is judged.
    """
    if not waivers.files:
        return results
    book = _Book(moment, [_Use(one) for one in waivers.waivers])
    excused = tuple(_excused(result, book) for result in results)
    known = {result.policy.policy.id: result for result in excused}
    findings = tuple(
        ReportedFinding(policy=OURS, finding=finding)
        for finding in (*_broken(waivers.problems), *_said(book, known, stage))
    )
    grave = any(found.finding.severity != "note" for found in findings)
    outcome = Outcome.FAIL if grave else Outcome.PASS
    subjects = len(waivers.waivers) + len(waivers.problems)
    return (*excused, PolicyResult(policy=OURS, outcome=outcome, subjects=subjects, findings=findings))


def would_waive(results: Iterable[PolicyResult], waivers: Waivers, moment: datetime) -> Mapping[str, int]:
    """By waiver, how many findings and unknowns it would excuse that nothing excuses yet."""
    book = _Book(moment, [_Use(one) for one in waivers.waivers])
    for result in results:
        said: list[ReportedFinding | ReportedUnknown] = [*result.findings, *result.unknowns]
        for found in said:
            if found.waiver is None:
                book.waiver_for(found)
    return {use.loaded.waiver.name: use.excused for use in book.uses if use.excused}


def _names(waiver: Waiver, found: ReportedFinding | ReportedUnknown) -> bool:
    said = found.finding if isinstance(found, ReportedFinding) else found.undecided
    if waiver.policy and waiver.policy != found.policy.policy.id:
        return False
    if waiver.control and waiver.control != said.control:
        return False
    if waiver.subject and not matches(waiver.subject, said.subject):
        return False
    return not waiver.fingerprint or waiver.fingerprint == found.fingerprint


def _refusal(waiver: Waiver, policy: Policy) -> str:
    if not policy.waivable:
        return f"the policy `{policy.id}` says `waivable: false`"
    limit = policy.longest_waiver()
    if waiver.ends() - waiver.begins() > limit + timedelta(days=1):
        return f"the policy `{policy.id}` allows {limit.days} days at most (`waivable_for`), and this is longer"
    return ""


def _excused(result: PolicyResult, book: _Book) -> PolicyResult:
    if not book.uses or not (result.findings or result.unknowns):
        return result
    findings = tuple(replace(found, waiver=book.waiver_for(found)) for found in result.findings)
    unknowns = tuple(replace(unknown, waiver=book.waiver_for(unknown)) for unknown in result.unknowns)
    changed = replace(result, findings=findings, unknowns=unknowns)
    if not any(one.waiver for one in findings) and not any(one.waiver for one in unknowns):
        return changed
    outcome = _outcome(changed)
    return replace(changed, outcome=outcome, reason=result.reason if outcome is result.outcome else _reason(changed))


def _outcome(result: PolicyResult) -> Outcome:
    failing = [one for one in result.findings if not one.pre_existing and one.finding.severity != "note"]
    if any(one.waiver is None for one in failing):
        return Outcome.FAIL
    undecided = [one for one in result.unknowns if not one.pre_existing]
    if any(one.waiver is None for one in undecided):
        return Outcome.UNKNOWN
    return Outcome.WAIVED if failing or undecided else result.outcome


def _reason(result: PolicyResult) -> str | None:
    if _outcome(result) is not Outcome.UNKNOWN:
        return None
    left = (one for one in result.unknowns if not one.pre_existing and one.waiver is None)
    return ", ".join(sorted({one.undecided.reason.value for one in left}))


def _broken(problems: Sequence[Problem]) -> Iterator[Finding]:
    for problem in problems:
        yield Finding(
            control="malformed",
            subject=f"{problem.path}:{problem.line}",
            message=f"a waiver is not valid, and excuses nothing: {problem.message}",
            plane="repo",
            location=Location(path=problem.path, line=problem.line or None, column=problem.column or None),
            severity="error",
        )


def _said(book: _Book, known: Mapping[str, PolicyResult], stage: Stage) -> Iterator[Finding]:
    for use in book.uses:
        yield from _of_one(use, book.moment, known, stage)


def _of_one(use: _Use, moment: datetime, known: Mapping[str, PolicyResult], stage: Stage) -> Iterator[Finding]:
    waiver = use.loaded.waiver
    until = f"{waiver.expires} ({waiver.owner})"
    if waiver.policy and waiver.policy not in known:
        yield _about(use, "policy-gone", "is for a policy that is not there", Fix(text="Remove it"))
    elif moment >= waiver.ends():
        again = "what it excused is still there" if use.met else "nothing that it names is there any more"
        mend = "Mend the finding, or have the waiver renewed" if use.met else "Remove it"
        yield _about(use, "expired", f"expired on {until}: {again}", Fix(text=mend))
    elif moment < waiver.begins():
        yield _about(use, "not-begun", f"does not hold yet: it was created on {waiver.created}")
    elif use.refused:
        yield _about(use, "refused", f"excuses nothing: {use.refused}", severity="error")
    else:
        if use.has_grown:
            yield _grown(use)
        if not use.met and _whole(known.get(waiver.policy), known, stage):
            yield _about(use, "unused", "excuses nothing: there is no such finding", Fix(text="Remove it"))
        elif waiver.ends() - moment <= SOON:
            yield _about(use, "expiring", f"expires on {until}", Fix(text="Mend the finding before that day"))


def _grown(use: _Use) -> Finding:
    waiver = use.loaded.waiver
    counted = waiver.count and not isinstance(use.grown, bool) and use.grown == use.met
    expected: Json = waiver.count if counted else _json(waiver.actual)
    return replace(
        _about(use, "grown", "does not cover what is there now", Fix(text="Mend it, or have the waiver renewed")),
        expected=expected,
        actual=use.grown,
        direction="weakened",
    )


def _json(value: object) -> Json:
    return value if isinstance(value, bool | int | float | str | list | dict) else None


def _about(use: _Use, control: str, said: str, fix: Fix | None = None, *, severity: Severity | None = None) -> Finding:
    name = use.loaded.waiver.name
    return Finding(
        control=control,
        subject=name,
        message=f"the waiver for {name} {said}",
        plane="repo",
        location=Location(path=use.loaded.path, line=use.loaded.line),
        severity=severity,
        fix=fix,
    )


def _whole(result: PolicyResult | None, known: Mapping[str, PolicyResult], stage: Stage) -> bool:
    """Whether everything was judged that a waiver may be about, so that to find nothing says something."""
    if stage not in {Stage.TREE, Stage.SWEEP}:
        return False
    about = [result] if result is not None else list(known.values())
    return all(
        one.outcome is not Outcome.NOT_APPLICABLE and (stage is Stage.SWEEP or not one.not_offered) for one in about
    )
