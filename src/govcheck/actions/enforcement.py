"""Whether every path to a deploy passes a gate that can stop it."""

from collections.abc import Callable, Sequence

from govcheck.actions.clock_checks import ClockCheck, clock_checks
from govcheck.actions.deploy_jobs import Governed
from govcheck.actions.deploys import Deploy
from govcheck.actions.gates import Gate, gates
from govcheck.actions.outcomes import Outcome, ancestors, needs_after, runs_after
from govcheck.actions.values import Object, Unknown, Value
from govcheck.actions.workflow import FOLDER, Job, Workflow, text
from govcheck.records import field, frozen

_REFUSALS: tuple[Outcome, ...] = ("failure", "skipped")
_DEEPEST_CALL = 10

Suits = Callable[[Gate], str]
"""Why a gate is not the one that is asked for, in words; empty where it is. A leading `?`: only a run can tell."""


@frozen
class Beaten:
    """A gate that does not hold the deploy, and why."""

    workflow: Workflow
    gate: Gate
    why: str
    doubtful: bool = False
    """Whether only a run can tell."""


@frozen(kw_only=True)
class Enforcement:
    """What stands before one deploy."""

    held: bool
    beaten: tuple[Beaten, ...]
    clocks: tuple[ClockCheck, ...]
    """What looks at the clock instead, in the job and in those before it."""

    runs_after_refusal: str
    """The `if` of the job that lets it run although a job before it failed; empty where there is none."""


def enforcement(workflows: Sequence[Workflow], found: Governed, deploy: Deploy | None, suits: Suits) -> Enforcement:
    """What stands before a deploy. Without one, a gate anywhere in the job or before it holds the job."""
    workflow, job = found.workflow, found.job
    look = _Look(tuple(workflows), suits)
    beaten: list[Beaten] = []
    held = look.holds(workflow, job, deploy, beaten, _DEEPEST_CALL)
    before = (*ancestors(workflow, job).values(), job)
    return Enforcement(
        held=held,
        beaten=tuple(beaten),
        clocks=tuple(
            check for one in before for check in clock_checks(workflow, one) if _comes_before(check, job, deploy)
        ),
        runs_after_refusal=_runs_after_refusal(workflow, job),
    )


@frozen
class _Look:
    workflows: tuple[Workflow, ...]
    suits: Suits
    known: dict[tuple[str, int], bool] = field(default_factory=dict)
    """Answers about jobs that several others come by; False while one is looked for, so that circles end."""

    def holds(self, workflow: Workflow, job: Job, deploy: Deploy | None, beaten: list[Beaten], depth: int) -> bool:
        """Whether a gate holds this deploy; those that do not are noted."""
        if self._in_the_job(workflow, job, deploy, beaten):
            return True
        for earlier in ancestors(workflow, job).values():
            if self._fails_by_a_gate(workflow, earlier, beaten, depth) and _stops(workflow, job, earlier, beaten):
                return True
        return bool(depth) and self._every_caller_is_held(workflow, beaten, depth)

    def _in_the_job(self, workflow: Workflow, job: Job, deploy: Deploy | None, beaten: list[Beaten]) -> bool:
        for gate in gates(workflow, job):
            if deploy is not None and not _before(gate, deploy):
                why = "it comes after the deploy"
            elif _is_asked_by(gate, deploy):
                why = gate.other_time or self.suits(gate)
            else:
                why = self._unfit(gate) or _outlived(gate, deploy)
            if not why:
                return True
            beaten.append(_beaten(workflow, gate, why))
        return False

    def _fails_by_a_gate(self, workflow: Workflow, job: Job, beaten: list[Beaten], depth: int) -> bool:
        """Whether a refusal fails this job."""
        key = ("fails", id(job))
        if key not in self.known:
            self.known[key] = False
            called = self._called(job)
            if called is not None and depth:
                jobs = [one for one in called.jobs if one.condition is None]
                self.known[key] = any(self._fails_by_a_gate(called, one, beaten, depth - 1) for one in jobs)
            else:
                self.known[key] = self._refuses(workflow, job, beaten)
        return self.known[key]

    def _refuses(self, workflow: Workflow, job: Job, beaten: list[Beaten]) -> bool:
        for gate in gates(workflow, job):
            goes_on = job.continue_on_error
            why = self._unfit(gate)
            if not why and goes_on is not None and text(goes_on) != "false":
                why = f"its job has `continue-on-error: {text(goes_on)}`"
            if not why:
                return True
            beaten.append(_beaten(workflow, gate, why))
        return False

    def _every_caller_is_held(self, workflow: Workflow, beaten: list[Beaten], depth: int) -> bool:
        """For a workflow that is only ever called: whether a gate holds every job that calls it."""
        if {trigger.event for trigger in workflow.triggers} != {"workflow_call"}:
            return False
        key = ("called", id(workflow))
        if key not in self.known:
            self.known[key] = False
            callers = [(one, job) for one in self.workflows for job in one.jobs if self._called(job) is workflow]
            held = [self.holds(one, job, None, beaten, depth - 1) for one, job in callers]
            self.known[key] = bool(held) and all(held)
        return self.known[key]

    def _called(self, job: Job) -> Workflow | None:
        path = text(job.uses).removeprefix("./") if job.uses is not None else ""
        if not path.startswith(FOLDER):
            return None
        return next((workflow for workflow in self.workflows if workflow.path == path), None)

    def _unfit(self, gate: Gate) -> str:
        return f"?{gate.unread}" if gate.unread else gate.weakness or gate.other_time or self.suits(gate)


def _beaten(workflow: Workflow, gate: Gate, why: str) -> Beaten:
    return Beaten(workflow, gate, why.removeprefix("?"), doubtful=why.startswith("?"))


def _before(gate: Gate, deploy: Deploy) -> bool:
    if deploy.step is None or gate.step.index != deploy.step.index:
        return deploy.step is None or gate.step.index < deploy.step.index
    return deploy.command is None or gate.offset < deploy.command.offset


def _is_asked_by(gate: Gate, deploy: Deploy | None) -> bool:
    """Whether the very command that deploys runs only where the gate was open: as in `gate && deploy`."""
    if deploy is None or deploy.command is None or deploy.step is not gate.step:
        return False
    return gate.offset in deploy.command.after


def _outlived(gate: Gate, deploy: Deploy | None) -> str:
    """Why the deploy runs although a gate of its own job refused; empty where it does not."""
    step = deploy.step if deploy is not None else None
    if step is None or step is gate.step or step.condition is None:
        return ""
    steps: dict[str, Value] = {}
    if gate.step.id is not None:
        known = {"outcome": "failure", "conclusion": "failure"}
        steps[text(gate.step.id)] = Object(known, Unknown(expression="steps"))
    contexts: dict[str, Value] = {"steps": Object(steps, Unknown(expression="steps"))}
    if runs_after(step.condition, "failure", contexts) is False:
        return ""
    return f"the deploy's step has `if: {text(step.condition)}`, which lets it run although the gate refused"


def _stops(workflow: Workflow, job: Job, earlier: Job, beaten: list[Beaten]) -> bool:
    """Whether a job does not run where an earlier one was refused, or skipped."""
    for outcome in _REFUSALS:
        if runs_after(job.condition, outcome, needs_after(workflow, job, earlier, outcome)) is not False:
            written = text(job.condition) if job.condition is not None else ""
            why = f"the deploy's job has `if: {written}`, which lets it run although the gate refused"
            beaten.extend(Beaten(workflow, gate, why) for gate in gates(workflow, earlier))
            return False
    return True


def _runs_after_refusal(workflow: Workflow, job: Job) -> str:
    if not job.needs or job.condition is None:
        return ""
    earlier = ancestors(workflow, job).values()
    lets = (runs_after(job.condition, "failure", needs_after(workflow, job, one, "failure")) for one in earlier)
    return text(job.condition) if any(answer is not False for answer in lets) else ""


def _comes_before(check: ClockCheck, job: Job, deploy: Deploy | None) -> bool:
    step = deploy.step if deploy is not None else None
    return check.job is not job or step is None or check.step.index < step.index


def explained(by: Enforcement) -> str:
    """What stands in the place of a gate, in words."""
    said = next((one.why for one in by.beaten), "")
    if not said:
        clock = min(by.clocks, key=lambda check: not check.warns, default=None)
        said = "nothing stands before it" if clock is None else f"the step {clock.title} {_says(clock)}"
    after = f", and `if: {by.runs_after_refusal}` runs the job even where an earlier one refused"
    return said + (after if by.runs_after_refusal and not by.beaten else "")


def _says(clock: ClockCheck) -> str:
    if clock.warns:
        lines = " and ".join(str(line) for line, _ in clock.warns)
        warns = f"only warns in line{'s' * (len(clock.warns) > 1)} {lines}"
        return f"refuses at some times, and {warns}" if clock.refuses else warns
    return "looks at the clock itself, which nobody can compare with this window"
