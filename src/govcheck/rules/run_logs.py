"""The logs of runs have no secrets and no personal data in them.

```yaml
kind: run-logs
id: clean-deploy-logs
why: Whoever may read a repository may read the logs of its runs.
workflows: ["deploy-*.yml"]
runs: 5
patterns:
  - {name: mail-address, regex: "(?i)[a-z0-9._%+-]+@[a-z0-9.-]+[.][a-z]{2,}", allow: [noreply, "@example[.]com$"]}
```

Live, and only in a sweep: the logs of the newest `runs` runs that ended, of each of these workflows, are downloaded
and looked through. `secrets` lets the scanner do it that is installed here, gitleaks or betterleaks, by its built-in
rules; without one that is unknown, and so it is where it does not find secrets that were made up for it. `patterns` are
regular expressions (RE2); what an expression of `allow` finds something in is none.

A finding names the run, the job, the step and the line, and never a value. Logs are kept nowhere: they are in memory,
and for the scanner in a folder of this user's, until they were looked through.

Logs that GitHub has deleted (410) have nothing in them any more, and are not judged; nor is a run that never had one
(404, where GitHub shows the log of another run to the same token). A log that cannot be had is
unknown, and so is one of more than 64 MiB packed or 128 MiB unpacked. Needs actions:read.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from govcheck import globs, patterns
from govcheck.facts import Missing, Request
from govcheck.facts.run_logs import LogHit, LogPattern, RunLog, RunLogs, RunLogsRequest
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Undecided
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings.answers import unparseable, verdict
from govcheck.settings.evidence import answered
from govcheck.settings.run_windows import unasked
from govcheck.settings.workflow_runs import history

_MOST_RUNS = 50
_NOT_FOUND, _DELETED = 404, 410
_LEADS_ELSEWHERE = frozenset({301, 302, 303, 307, 308})


@frozen(kw_only=True)
class ForbiddenInLogs:
    """One thing that logs must not have."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    name: str
    """How findings name it: `mail-address`."""

    regex: str
    """A regular expression (RE2)."""

    allow: tuple[str, ...] = ()
    """Regular expressions: what one of them finds something in may stand there."""


@frozen(kw_only=True)
class RunLogsPolicy(Policy):
    """What the logs of runs may have."""

    kind: Literal["run-logs"] = "run-logs"

    workflows: tuple[str, ...]
    """Workflow files: names, or globs of names."""

    runs: int = 5
    """How many of the newest runs of each are looked into; 50 at most."""

    secrets: bool = True
    """Whether a scanner of secrets looks through the logs."""

    patterns: tuple[ForbiddenInLogs, ...] = ()
    """What else must not stand there."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.workflows:
            yield ("workflows",), "an empty list looks into nothing: write at least one workflow"
        for number, name in enumerate(self.workflows):
            if problem := globs.problems(name):
                yield ("workflows", number), f"`{name}`: {problem}"
        if not 1 <= self.runs <= _MOST_RUNS:
            yield ("runs",), f"write a number from 1 to {_MOST_RUNS}"
        if not self.secrets and not self.patterns:
            yield (), "neither `secrets` nor `patterns`: this policy looks for nothing"
        for number, one in enumerate(self.patterns):
            yield from ((("patterns", number, *place), said) for place, said in _wrong(one))


def _wrong(pattern: ForbiddenInLogs) -> Iterator[tuple[tuple[str | int, ...], str]]:
    regexes: list[tuple[tuple[str | int, ...], str]] = [(("regex",), pattern.regex)]
    regexes += [(("allow", number), allowed) for number, allowed in enumerate(pattern.allow)]
    for place, regex in regexes:
        if problem := _regex_problem(regex):
            yield place, f"`{regex}`: {problem}"


def _regex_problem(regex: str) -> str | None:
    try:
        is_everywhere = patterns.compile_python(regex).found("")
    except patterns.PatternError as error:
        return str(error)
    return "it is found in every text, the empty one too" if is_everywhere else None


def _wanted(policy: RunLogsPolicy) -> Iterable[tuple[Request, ...]]:
    looked_for = tuple(LogPattern(name=one.name, regex=one.regex, allowed=one.allow) for one in policy.patterns)
    yield (RunLogsRequest(RunLogs, policy.workflows, policy.runs, looked_for, policy.secrets),)


@check(wants=_wanted)
def looked_through(policy: RunLogsPolicy, logs: RunLogs) -> Iterator[Said]:
    """Live: the logs of the newest runs."""
    is_shown = any(log.answer.status in {_DELETED, *_LEADS_ELSEWHERE} for log in logs.logs)
    nothing = {_DELETED, *((_NOT_FOUND,) if is_shown else ())}
    there = [log for log in logs.logs if log.answer.status not in nothing]
    yield Judged(len(there))
    yield from unasked(logs.runs, policy.workflows)
    for one in logs.runs.workflows:
        told = history(logs.runs, one.path)
        if told is not None and told.trouble is not None:
            yield told.trouble.undecided("runs", display(one.path), told.trouble.message, Location(path=one.path))
    if logs.scanner is not None and there:
        yield _unscanned(logs.scanner)
    for log in there:
        yield from _of_log(log)


def _of_log(log: RunLog) -> Iterator[Finding | Undecided]:
    subject = f"{display(log.path)}: run {log.run}"
    place = Location(path=log.path, url=log.url or None)
    if log.answer.status not in _LEADS_ELSEWHERE:
        trouble = verdict(log.answer).trouble or unparseable(log.answer, "it leads to no log")
        yield trouble.undecided("log", subject, trouble.message, place)
    elif log.trouble is not None:
        yield _unread(subject, place, log.trouble)
    yield from (_found(log, hit, place) for hit in log.hits)


def _found(log: RunLog, hit: LogHit, place: Location) -> Finding:
    where = f"job {hit.job}" + (f", step {hit.step}" if hit.step else "")
    times = f", {hit.count} times from there on" if hit.count > 1 else ""
    what = f"a secret, by the rule {hit.what}" if hit.is_secret else f"what `{hit.what}` forbids"
    fix = "let the step not print it; delete the log of the run"
    return Finding(
        control="secret" if hit.is_secret else hit.what,
        subject=f"{display(log.path)}: run {log.run}: {display(hit.job)}/{display(hit.step)}: {hit.what}",
        message=f"the log of run {log.run} of {display(log.path.rpartition('/')[2])} has {what}: {display(where)}, "
        f"line {hit.line}{times}",
        plane="live",
        location=place,
        actual=hit.count,
        fix=Fix(text=f"{fix}, and rotate the secret" if hit.is_secret else fix),
        evidence=(Evidence(text=answered(log.answer).text),),
        quotable=False,
    )


def _unscanned(why: Missing) -> Undecided:
    message = f"whether logs have secrets in them is not known: {why.message}"
    return Undecided(control="secret", subject="scanner", reason=why.reason, message=message)


def _unread(subject: str, place: Location, why: Missing) -> Undecided:
    return Undecided(control="log", subject=subject, reason=why.reason, message=why.message, location=place)
