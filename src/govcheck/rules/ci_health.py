"""Runs are fast, succeed, are not tried for ever, and the default branch is green.

```yaml
kind: ci-health
id: ci-is-fast-and-green
why: A check that takes longer than five minutes is one that people stop waiting for.
workflows: [ci.yml]
over: 30d
duration: {p95: 5m, max: 10m}
attempts: 3
success_rate: 95
green: 100
red_for: 1d
consecutive_failures: 3
starts_within: 1h
minutes_per_week: 460
runners: [ubuntu-latest]
```

Each key is held by itself, for each workflow by itself; what is left out is not looked at. Live, of the runs of `over`:

- `duration`: percentiles (the nearest rank) and the longest, of the runs that succeeded or failed. A run takes from the
  start of its newest attempt to GitHub's last change of it, so that waiting for an approval counts.
- `attempts`: how often one run may be tried.
- `success_rate`: how many percent of the runs that succeeded or failed have to have succeeded. Runs that were
  cancelled, skipped or wait for somebody say nothing.
- `green`: how many percent of the *time* the default branch has to have been green. It is red from the end of a run of
  one of its commits that failed to the end of the next that succeeded. Runs of pull requests, and of forks, are none of
  its own.
- `red_for`: how long the default branch may stay red.
- `consecutive_failures`: how many of its newest runs in a row may have failed before that is a finding.
- `starts_within`: a run that is queued for longer never started; nor did one whose jobs failed without a single step,
  as where payments failed. The jobs of the newest five runs that did not succeed are looked at.
- `minutes_per_week`: what the runs of all these workflows take together, in a week of `over` on average, each run
  rounded up to a minute. It is the time of runs: GitHub bills each job by itself, and larger machines more.

Offline, `runners` has the labels that jobs may run on: larger machines cost more. `timeout-minutes` is held by
`workflow-hygiene`.

Up to a thousand runs of each of thirty workflows are read. Where the runs of `over` are more than that, what was seen
can fail the longest run and the attempts; shares and percentiles are unknown. Needs actions:read.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions.runners import runners as runners_of
from govcheck.actions.workflow import Workflow, location, read
from govcheck.facts import Request
from govcheck.facts.live import LiveRepository
from govcheck.facts.now import Now
from govcheck.facts.workflow_runs import WorkflowRuns, WorkflowRunsRequest
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Json, Judged, Location, Reason, Undecided
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations, run_figures
from govcheck.settings.run_figures import FAILURES, SUCCESS
from govcheck.settings.run_windows import Window, unasked, window
from govcheck.settings.workflow_runs import WorkflowRun

_STRICT = Policy.__pydantic_config__
_MOST_DAYS = 90


@frozen(kw_only=True)
class RunDurations:
    """How long runs may take; each such as `5m`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    p50: str | None = None
    """Half of them take no longer."""

    p95: str | None = None
    """95 percent of them take no longer."""

    max: str | None = None
    """None takes longer."""

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """Those that are asserted, by name."""
        named = (("p50", self.p50), ("p95", self.p95), ("max", self.max))
        return tuple((name, written) for name, written in named if written is not None)


@frozen(kw_only=True)
class CiHealth(Policy):
    """How well the runs of workflows have to be."""

    kind: Literal["ci-health"] = "ci-health"

    workflows: tuple[str, ...] = ("**",)
    """Workflow files: names, or globs of names. Default: all."""

    events: tuple[str, ...] = ()
    """Only runs of these events count: `pull_request`. Default: all."""

    over: str = "30d"
    """How far back runs are looked at, in whole days, at most `90d`."""

    duration: RunDurations | None = None
    """How long runs may take."""

    attempts: int | None = None
    """How often one run may be tried."""

    success_rate: float | None = None
    """How many percent of the runs succeed, at least."""

    green: float | None = None
    """How many percent of the time the default branch is green, at least."""

    red_for: str | None = None
    """How long the default branch may stay red: `1d`."""

    consecutive_failures: int | None = None
    """How many runs of the default branch in a row may fail."""

    starts_within: str | None = None
    """How long a run may be queued: `1h`."""

    minutes_per_week: int | None = None
    """How many minutes the runs of all these workflows together take in a week, at most."""

    runners: tuple[str, ...] = ()
    """Labels that jobs may run on. Default: any."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        lengths: list[tuple[tuple[str, ...], str | None]] = [(("red_for",), self.red_for)]
        lengths.append((("starts_within",), self.starts_within))
        lengths += [(("duration", name), written) for name, written in (self.duration.given if self.duration else ())]
        for place, written in lengths:
            if written is not None and durations.parse(written) is None:
                yield place, f"{written!r} is not a length of time: write it like 5m"
        window = durations.parse(self.over)
        if window is None or window % timedelta(days=1) or window > timedelta(days=_MOST_DAYS):
            yield ("over",), f"{self.over!r} is not a number of days from 1d to {_MOST_DAYS}d"
        for name in ("success_rate", "green"):
            share = getattr(self, name)
            if share is not None and not 0 <= share <= 100:  # noqa: PLR2004 - per cent
                yield (name,), f"{share} is not a number from 0 to 100"
        for name in ("attempts", "consecutive_failures", "minutes_per_week"):
            most = getattr(self, name)
            if most is not None and most < 1:
                yield (name,), "write a number from 1 on"
        for number, pattern in enumerate(self.workflows):
            if problem := globs.problems(pattern):
                yield ("workflows", number), f"`{pattern}`: {problem}"

    @property
    def length(self) -> timedelta:
        """How far back runs are looked at."""
        return durations.parse(self.over) or timedelta(days=30)


def _asked(policy: CiHealth) -> Iterable[tuple[Request, ...]]:
    live = (policy.duration, policy.attempts, policy.success_rate, policy.green, policy.red_for)
    others = (policy.consecutive_failures, policy.starts_within, policy.minutes_per_week)
    if any(key is not None for key in (*live, *others)):
        yield (WorkflowRunsRequest(WorkflowRuns, policy.workflows, policy.length.days),)


@check(wants=_asked)
def measured(policy: CiHealth, runs: WorkflowRuns, repository: LiveRepository, now: Now) -> Iterator[Said]:
    """Live: what the runs of some days came to."""
    body = repository.answer.body if isinstance(repository.answer.body, dict) else {}
    default, name = body.get("default_branch"), body.get("full_name")
    own = (str(default), str(name)) if isinstance(default, str) and isinstance(name, str) else None
    windows = [window(one, now.instant - policy.length, policy.events) for one in runs.workflows]
    yield Judged(len(windows))
    yield from unasked(runs, policy.workflows)
    for one in windows:
        if one.trouble is not None and one.active:
            yield one.trouble.undecided("runs", display(one.path), one.trouble.message, Location(path=one.path))
        elif one.trouble is None:
            yield from _Judging(policy, one, now.instant, own).said()
    yield from _minutes(policy, windows)


def _minutes(policy: CiHealth, windows: list[Window]) -> Iterator[Finding | Undecided]:
    most, subject = policy.minutes_per_week, ", ".join(map(display, policy.workflows))
    if most is None:
        return
    spent = {one.path: run_figures.minutes(one.runs) for one in windows}
    weekly = round(sum(spent.values()) * 7 / policy.length.days)
    if weekly > most:
        dear = sorted(((minutes, path) for path, minutes in spent.items()), reverse=True)[:3]
        shown = ", ".join(f"{display(path.rpartition('/')[2])} {minutes}" for minutes, path in dear)
        yield Finding(
            control="minutes_per_week",
            subject=subject,
            message=f"runs take {weekly} minutes a week, more than {most}; in {policy.over} most of them: {shown}",
            plane="live",
            expected=most,
            actual=weekly,
            evidence=tuple(Evidence(text=one.asked) for one in windows[:3] if one.asked),
        )
    elif cut := [one for one in windows if not one.whole or one.trouble is not None]:
        message = f"how many minutes a week runs take is not known: of {display(cut[0].path)} not all of them were read"
        yield Undecided(control="minutes_per_week", subject=subject, reason=Reason.MISSING_OBJECT, message=message)


@frozen
class _Judging:
    """One workflow's runs."""

    policy: CiHealth
    window: Window
    now: datetime
    own: tuple[str, str] | None
    """The default branch and the repository's name, where they are known."""

    def said(self) -> Iterator[Said]:
        """Everything that the policy asks of them."""
        yield from self._durations()
        yield from self._attempts()
        yield from self._success()
        yield from self._branch()
        yield from self._starts()

    def _durations(self) -> Iterator[Said]:
        given = self.policy.duration.given if self.policy.duration else ()
        ended = [run for run in self.window.runs if run.conclusion == SUCCESS or run.conclusion in FAILURES]
        timed = [(length, run) for run in ended if (length := run_figures.took(run)) is not None]
        if given and len(timed) < len(ended):
            yield self._undecided("duration", f"{len(ended) - len(timed)} runs do not say how long they took")
        if not timed:
            return
        lengths = [length for length, _ in timed]
        shown = ", ".join(f"{name} {durations.show(length)}" for name, length in _figures(lengths))
        for name, written in given:
            limit = durations.parse(written) or timedelta.max
            found = dict(_figures(lengths))[name]
            if found > limit and (name == "max" or self.window.whole):
                worst = max(timed, key=lambda pair: pair[0])[1]
                message = f"{self._title} takes too long: of {len(timed)} runs in {self.policy.over}, {shown}"
                yield self._finding(f"duration.{name}", message, written, durations.show(found), worst)
            elif not self.window.whole:
                yield self._cut(f"duration.{name}")

    def _attempts(self) -> Iterator[Said]:
        most = self.policy.attempts
        if most is None:
            return
        over = [run for run in self.window.runs if run.attempt > most]
        for run in over[:1]:
            attempts = max(one.attempt for one in over)
            number = f"{len(over)} run{'s were' if len(over) > 1 else ' was'}"
            message = f"{number} of {self._title} tried more than {most} times in {self.policy.over}, up to {attempts}"
            yield self._finding("attempts", message, most, attempts, run)
        if not over and not self.window.whole:
            yield self._cut("attempts")

    def _success(self) -> Iterator[Said]:
        least = self.policy.success_rate
        if least is None:
            return
        good, every = run_figures.success_rate(self.window.runs)
        if not self.window.whole:
            yield self._cut("success_rate")
        elif every and 100 * good / every < least:
            failed = next(run for run in self.window.runs if run.conclusion in FAILURES)
            rate = round(100 * good / every, 1)
            message = f"{good} of {every} runs of {self._title} succeeded in {self.policy.over}, which is {rate} %"
            yield self._finding("success_rate", message, least, rate, failed)

    def _branch(self) -> Iterator[Said]:
        if self.policy.green is None and self.policy.red_for is None and self.policy.consecutive_failures is None:
            return
        if self.own is None:
            yield self._undecided("green", "which branch is the default one is not told")
            return
        branch, name = self.own
        found = run_figures.of_branch(self.window.known, branch, name)
        red = run_figures.reds(found)
        yield from self._green(
            branch, red, from_the_start=self.window.from_the_start(found, self.now - self.policy.length)
        )
        yield from self._red(branch, red)
        yield from self._in_a_row(branch, run_figures.failed_in_a_row(found))

    def _green(self, branch: str, red: list[run_figures.Red], *, from_the_start: bool) -> Iterator[Said]:
        least, since = self.policy.green, self.now - self.policy.length
        if least is None:
            return
        if not self.window.whole:
            yield self._cut("green")
            return
        share = run_figures.green_share(red, since, self.now)
        within = [one for one in red if one.until is None or one.until > since]
        if share < least and within:
            message = (
                f"{self._title} was red on {branch} for {len(within)} time{'s' * (len(within) > 1)} in "
                f"{self.policy.over}: green {share:.1f} % of the time"
            )
            yield self._finding("green", message, least, round(share, 1), within[-1].run)
        elif not from_the_start:
            message = f"whether {self._title} was green on {branch} {self.policy.over} ago is not among the runs read"
            yield self._undecided("green", message)

    def _red(self, branch: str, red: list[run_figures.Red]) -> Iterator[Said]:
        limit = durations.parse(self.policy.red_for or "")
        if limit is None or not red or red[-1].until is not None or self.now - red[-1].since <= limit:
            return
        since = red[-1].since
        # Where the list was cut before the last success, it may have been red for longer; never for less.
        message = f"{self._title} has been red on {branch} since {since:%Y-%m-%d %H:%M} UTC"
        actual = durations.days(timedelta(days=(self.now - since).days))
        yield self._finding("red_for", message, self.policy.red_for, actual, red[-1].run)

    def _in_a_row(self, branch: str, failed: list[WorkflowRun]) -> Iterator[Said]:
        most = self.policy.consecutive_failures
        if most is not None and len(failed) > most:
            message = f"the newest {len(failed)} runs of {self._title} on {branch} all failed"
            yield self._finding("consecutive_failures", message, most, len(failed), failed[0])

    def _starts(self) -> Iterator[Said]:
        patience = durations.parse(self.policy.starts_within or "")
        if patience is None:
            return
        found = [(run, why) for run in self.window.runs if (why := run_figures.never_began(run, self.now, patience))]
        for run, why in found[:1]:
            number = "a run" if len(found) == 1 else f"{len(found)} runs"
            message = f"{number} of {self._title} never started: of the newest one, {why}"
            yield self._finding("starts_within", message, self.policy.starts_within, len(found), run)

    @property
    def _title(self) -> str:
        return display(self.window.path.rpartition("/")[2])

    def _finding(self, control: str, message: str, expected: Json, actual: Json, run: WorkflowRun) -> Finding:
        return Finding(
            control=control,
            subject=display(self.window.path),
            message=message,
            plane="live",
            location=Location(path=self.window.path, url=run.url),
            expected=expected,
            actual=actual,
            fix=Fix(text=f"look at the run that shows it: {run.url}") if run.url else None,
            evidence=(Evidence(text=self.window.asked),),
        )

    def _cut(self, control: str) -> Undecided:
        message = f"{self._title} has more runs in {self.policy.over} than the {len(self.window.known)} that were read"
        return self._undecided(control, message)

    def _undecided(self, control: str, message: str) -> Undecided:
        subject, place = display(self.window.path), Location(path=self.window.path)
        return Undecided(
            control=control, subject=subject, reason=Reason.MISSING_OBJECT, message=message, location=place
        )


def _figures(lengths: list[timedelta]) -> Iterator[tuple[str, timedelta]]:
    yield "p50", run_figures.percentile(lengths, 50)
    yield "p95", run_figures.percentile(lengths, 95)
    yield "max", max(lengths)


@check(wants=lambda policy: [()] if policy.runners else [])
def machines(policy: CiHealth, workflows: Workflows) -> Iterator[Said]:
    """Every job runs on a machine that is allowed."""
    matches = globs.compile_globs(policy.workflows).matches
    readable = [read(file) for file in workflows.files if not isinstance(file.document, Unreadable)]
    held = [one for one in readable if matches(one.path.rpartition("/")[2]) or matches(one.path)]
    yield Judged(len(held))
    for workflow in held:
        yield from _machines(policy, workflow)


def _machines(policy: CiHealth, workflow: Workflow) -> Iterator[Said]:
    allowed = {label.lower() for label in policy.runners}
    for job in workflow.jobs:
        for runner in runners_of(job):
            subject, place = f"{display(workflow.path)}:{job.id}", location(workflow.path, runner.node)
            others = [label for label in runner.labels if label.lower() not in allowed]
            if runner.unclear:
                message = f"which machine job {job.id} runs on cannot be told: {runner.unclear}"
                yield Undecided(
                    control="runners", subject=subject, reason=Reason.DYNAMIC, message=message, location=place
                )
            elif others:
                yield Finding(
                    control="runners",
                    subject=subject,
                    message=f"job {job.id} runs on {', '.join(map(display, others))}, which is not among the machines "
                    "that may be used",
                    plane="workflow",
                    location=place,
                    expected=list(policy.runners),
                    actual=list(runner.labels),
                    fix=Fix(text=f"write `runs-on: {policy.runners[0]}`, or add the label to `runners`"),
                )
