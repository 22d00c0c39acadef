"""Judges: every policy gets exactly one outcome. Pure, but for the stop watch that it is handed."""

from collections.abc import Callable, Iterable, Iterator

from govcheck.facts import Fact, Facts, Missing, Request, in_words
from govcheck.findings import Finding, Held, Judged, Outcome, Reason, Settled, Undecided
from govcheck.plan import Outline, PlannedCall, PlannedPolicy
from govcheck.policy import LoadedPolicy
from govcheck.records import field, mutable
from govcheck.registry import Said
from govcheck.report import FILE_REASONS, PolicyResult, ReportedFinding, ReportedUnknown, Stage

StopWatch = Callable[[], float]
"""Seconds from some fixed point; only differences count."""


@mutable
class _Heard:
    """What the checks of one policy said."""

    findings: list[Finding] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    subjects: int = 0
    settings: list[str] = field(default_factory=list)
    judged: bool = False
    declined: int = 0
    """Subjects that no token of the class at hand can read, at a stage that therefore does not offer them."""

    unchanged: bool = False
    not_offered: list[str] = field(default_factory=list)
    absent: list[list[str]] = field(default_factory=list)
    """For each check that was not called the facts that were not on offer, by name."""


def judge(
    policies: Iterable[PlannedPolicy],
    facts: Facts,
    stage: Stage,
    stop_watch: StopWatch,
    *,
    before: Facts | None = None,
) -> tuple[PolicyResult, ...]:
    """Judges every policy by the facts.

    Args:
        policies: What `plan.plan` made of them.
        facts: Everything that was gathered.
        stage: At `ci` a setting that this class of token can never read is not on offer.
        stop_watch: Times each policy, for the report.
        before: The same facts of the state that the change starts from. What it had already is pre-existing.
    """
    return tuple(_judge(policy, facts, before, stage, stop_watch) for policy in policies)


def not_applicable(policy: LoadedPolicy, outline: Outline, offered: frozenset[str]) -> PolicyResult:
    """The outcome of a policy of which a run can judge nothing, told without its rule; see `nothing_to_judge`."""
    heard = _Heard()
    for check, facts in outline:
        absent = [fact for fact in facts if fact not in offered]
        if absent:
            heard.not_offered.append(_absent(check, absent))
            heard.absent.append(absent)
        else:
            heard.unchanged = True
    outcome, reason = _outcome(heard, (), ())
    return PolicyResult(policy=policy, outcome=outcome, reason=reason, not_offered=tuple(heard.not_offered))


def nothing_to_judge(outline: Outline, offered: frozenset[str], unchanged: frozenset[str]) -> bool:
    """Whether each check reads something that is not on offer, or only what is unchanged."""
    return all(not offered.issuperset(facts) or unchanged.issuperset(facts) for _, facts in outline)


def _judge(
    planned: PlannedPolicy, facts: Facts, before: Facts | None, stage: Stage, stop_watch: StopWatch
) -> PolicyResult:
    start = stop_watch()
    heard = _hear(planned, facts)
    old = _hear(planned, before) if before is not None and (heard.findings or heard.undecided) else _Heard()
    if stage is Stage.CI:
        _decline(heard)
    findings = _reported_findings(planned, heard, old)
    unknowns = _reported_unknowns(planned, heard, old)
    outcome, reason = _outcome(heard, findings, unknowns)
    return PolicyResult(
        policy=planned.policy,
        outcome=outcome,
        reason=reason,
        subjects=heard.subjects,
        duration_ms=round((stop_watch() - start) * 1000, 3),
        findings=findings,
        unknowns=unknowns,
        not_offered=tuple(dict.fromkeys(heard.not_offered)),
        settings=tuple(dict.fromkeys(heard.settings)),
        held=tuple(heard.held),
    )


def _hear(planned: PlannedPolicy, facts: Facts) -> _Heard:
    heard = _Heard()
    if planned.crash is not None:
        heard.judged = True
        heard.undecided.append(_crashed(planned, "plan", planned.crash))
    for call in planned.calls:
        _hear_call(planned, call, facts, heard)
    _settle(heard)
    return heard


def _settle(heard: _Heard) -> None:
    """Takes out the doubts that another check has settled, and puts in what it has in their place."""
    for one in heard.settled:
        if one.doubt in heard.undecided:
            heard.undecided.remove(one.doubt)
            heard.undecided += [one.instead] if one.instead is not None else []


def _hear_call(planned: PlannedPolicy, call: PlannedCall, facts: Facts, heard: _Heard) -> None:
    if not call.offered(facts.offered):
        absent = [fact.__name__ for fact in call.check.facts if fact not in facts.offered]
        heard.not_offered.append(_absent(call.check.name, absent))
        heard.absent.append(absent)
        return
    if facts.unchanged.issuperset(call.requests):
        heard.unchanged = True
        return
    heard.judged = True
    answers = [facts.answers.get(request, _NOT_GATHERED) for request in call.requests]
    missing = [
        (request, answer) for request, answer in zip(call.requests, answers, strict=True) if isinstance(answer, Missing)
    ]
    if missing:
        _note(heard, (_without(call, request, answer) for request, answer in missing))
        return
    _note(heard, _said(planned, call, answers))


def _said(planned: PlannedPolicy, call: PlannedCall, answers: list[Fact | Missing]) -> Iterator[Said]:
    try:
        yield from call.check.judge(planned.policy.policy, *answers)
    except Exception as error:  # noqa: BLE001 - a rule that crashes is an unknown of its policy, never a pass and never the end of the run
        yield _crashed(planned, call.check.name, f"{type(error).__name__}: {error}")


def _note(heard: _Heard, said: Iterable[Said]) -> None:
    for one in said:
        if isinstance(one, Finding):
            heard.findings.append(one)
        elif isinstance(one, Held):
            heard.held.append(one)
        elif isinstance(one, Settled):
            heard.settled.append(one)
        elif isinstance(one, Judged):
            heard.subjects += one.subjects
            heard.settings.extend(one.settings)
        else:
            heard.undecided.append(one)


def _decline(heard: _Heard) -> None:
    """Takes out what no token of this class can ever read."""
    for one in heard.undecided:
        if not one.grantable:
            heard.declined += 1
            heard.not_offered.append(f"{one.control} of {one.subject}: {one.message}")
    heard.undecided = [one for one in heard.undecided if one.grantable]


_NOT_GATHERED = Missing(reason=Reason.RULE_CRASHED, message="govcheck did not gather what this check reads")


def _without(call: PlannedCall, request: Request, answer: Missing) -> Undecided:
    return Undecided(
        control=_words(call.check.name),
        subject=request.fact.__name__,
        reason=answer.reason,
        message=answer.message,
        permission=answer.permission,
        endpoint=answer.endpoint,
        status=answer.status,
        grantable=answer.grantable,
    )


def _crashed(planned: PlannedPolicy, check: str, error: str) -> Undecided:
    return Undecided(
        control=_words(check),
        subject=planned.policy.policy.id,
        reason=Reason.RULE_CRASHED,
        message=f"the rule itself failed: {' '.join(error.split())[:500]}",
    )


def _absent(check: str, facts: list[str]) -> str:
    return f"{_words(check)}: reads {in_words.read(facts)}, which this stage does not offer"


def _not_offered(heard: _Heard) -> str:
    if heard.declined:
        return "not on offer at this stage: no token of this class can read it"
    needs = in_words.needed(heard.absent)
    return f"not on offer at this stage: needs {needs}" if needs else "not on offer at this stage"


def _words(name: str) -> str:
    return name.replace("_", "-")


def _reported_findings(planned: PlannedPolicy, heard: _Heard, old: _Heard) -> tuple[ReportedFinding, ...]:
    known = _Known(old.findings)
    first = sorted(heard.findings, key=lambda finding: not known.exactly(finding))
    pre_existing = {id(finding) for finding in first if known.take(finding)}
    return tuple(
        ReportedFinding(policy=planned.policy, finding=finding, pre_existing=id(finding) in pre_existing)
        for finding in heard.findings
    )


class _Known:
    """What the base had: as many findings of one control and subject as it had are pre-existing, not more."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._places: set[tuple[str, str, str | None, str]] = set()
        for finding in findings:
            key = (finding.control, finding.subject)
            self._counts[key] = self._counts.get(key, 0) + 1
            self._places.add(self._place(finding))

    def exactly(self, finding: Finding) -> bool:
        """Whether the base had this very finding, in the same file."""
        return self._place(finding) in self._places

    def take(self, finding: Finding) -> bool:
        """Whether one more such finding of the base is left to account for this one."""
        key = (finding.control, finding.subject)
        left = self._counts.get(key, 0)
        self._counts[key] = left - 1
        return left > 0

    @staticmethod
    def _place(finding: Finding) -> tuple[str, str, str | None, str]:
        return finding.control, finding.subject, finding.location.path, finding.message


def _reported_unknowns(planned: PlannedPolicy, heard: _Heard, old: _Heard) -> tuple[ReportedUnknown, ...]:
    known = {(one.control, one.subject) for one in old.undecided if one.reason in FILE_REASONS}
    return tuple(
        ReportedUnknown(
            policy=planned.policy,
            undecided=one,
            pre_existing=one.reason in FILE_REASONS and (one.control, one.subject) in known,
        )
        for one in heard.undecided
    )


def _outcome(
    heard: _Heard, findings: tuple[ReportedFinding, ...], unknowns: tuple[ReportedUnknown, ...]
) -> tuple[Outcome, str | None]:
    # A finding that its rule itself calls a note is a remark: it is shown, and the policy holds.
    if any(not found.pre_existing and found.finding.severity != "note" for found in findings):
        return Outcome.FAIL, None
    fresh = [unknown for unknown in unknowns if not unknown.pre_existing]
    if fresh:
        return Outcome.UNKNOWN, ", ".join(sorted({unknown.undecided.reason.value for unknown in fresh}))
    if not heard.judged or (heard.declined and heard.declined >= heard.subjects):
        return Outcome.NOT_APPLICABLE, "unchanged" if heard.unchanged else _not_offered(heard)
    old = any(found.pre_existing for found in findings) or any(unknown.pre_existing for unknown in unknowns)
    return Outcome.PASS, "nothing but what was there before" if old else None
