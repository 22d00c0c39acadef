"""govcheck held to itself: policies that nothing runs are gates that cannot go red."""

from collections.abc import Iterator, Mapping

from govcheck.actions.contexts import derive
from govcheck.actions.programs import Program, program_of
from govcheck.actions.reach import Level
from govcheck.actions.workflow import Workflow, read
from govcheck.facts.live import DEFAULT_BRANCH, LiveBranch
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Fix, Location
from govcheck.liveness.chances import Chance, Site, chance
from govcheck.liveness.counting import as_it_counts
from govcheck.liveness.executions import Execution, executions
from govcheck.liveness.gate import Gate, State
from govcheck.settings.control_evidence import of_control
from govcheck.settings.required import required_checks

POLICIES = "policies/*.yaml"
_KIND = b"\nkind: "
_JUDGES = frozenset({"check", "sweep"})
_ADD = "run `govcheck check --base origin/main` in a workflow on pull requests, and require its check"


def gates(
    workflows: Workflows, contents: Mapping[str, object], tracked: Mapping[str, str], policies: Mapping[str, object]
) -> Iterator[Gate]:
    """Whether the repository's own policies are run where they can stop something.

    Args:
        workflows: All workflow files.
        contents: Path to bytes of the repository's own programs.
        tracked: Every tracked path.
        policies: Path to bytes of what may be its policies.
    """
    own = [path for path, data in policies.items() if isinstance(data, bytes) and _KIND in b"\n" + data]
    if not own:
        return
    runs = tuple(_runs(workflows, contents, tracked))
    if not runs:
        files, they = ("1 file has", "it holds") if len(own) == 1 else (f"{len(own)} files have", "they hold")
        why = f"{files} policies, and no workflow runs `govcheck check`: {they} nobody"
        yield _gate(State.DEAD, why, Location(path=own[0]))
        return
    chances = {id(one): chance(Site(one.workflow, one.job, one.step, contents), workflows) for one in runs}
    heeded = [one for one in runs if _is_heeded(one) and chances[id(one)].chance is Chance.COUNTS]
    if not heeded and _is_heeded(runs[0]):
        gate = _gate(State.ALIVE, "", runs[0].location)
        yield as_it_counts(gate, chances[id(runs[0])], runs[0].workflow.path, runs[0].title)
        return
    if not heeded:
        yield _gate(State.DEAD, f'nothing heeds how govcheck ends in the step "{runs[0].title}"', runs[0].location)
        return
    due = [one for one in heeded if one.workflow.trigger("pull_request") or one.workflow.trigger("merge_group")]
    if due:
        yield _gate(State.ALIVE, f'the step "{due[0].title}" fails where a policy does', due[0].location)
    else:
        why = "govcheck runs in no workflow of pull requests: what it finds comes after the merge"
        yield _gate(State.DEAD, why, heeded[0].location)


def required(workflows: Workflows, contents: Mapping[str, object], branch: LiveBranch) -> Iterator[Gate]:
    """Whether the branch requires a check in which govcheck runs."""
    jobs = {id(one.job) for one in _runs(workflows, contents, {}) if _is_heeded(one)}
    if not jobs:
        return
    live = required_checks(branch)
    name = None if branch.branch == DEFAULT_BRANCH else branch.branch
    reported = [one for one in derive(workflows, name, "pull-request").reported if id(one.job) in jobs]
    names = {str(one.name) for one in reported if one.reach.level < Level.NEVER}
    if not names or names.intersection(check.context for check in live.checks) or live.unreadable:
        return
    yield Gate(
        family="governance",
        subject=f"govcheck:{branch.branch}",
        state=State.DEAD,
        why=f"{branch.branch} does not require {' or '.join(f'`{one}`' for one in sorted(names))}, where govcheck runs",
        location=Location(setting=f"branches/{branch.branch}/status_checks"),
        plane="live",
        fix=Fix(text=f"require `{min(names)}` on {branch.branch}"),
        evidence=tuple(of_control(branch, "status_checks")),
    )


def _runs(workflows: Workflows, contents: Mapping[str, object], tracked: Mapping[str, str]) -> Iterator[Execution]:
    for workflow in _readable(workflows):
        yield from (one for one in executions(workflow, contents, tracked) if _judges(one))


def _readable(workflows: Workflows) -> Iterator[Workflow]:
    return (read(file) for file in workflows.files if not isinstance(file.document, Unreadable))


def _judges(execution: Execution) -> bool:
    programs = (program_of(one) for ran in execution.ran if ran.script for one in ran.script.commands)
    return any(_is_govcheck(program) and not _JUDGES.isdisjoint(program.texts()) for program in programs)


def _is_govcheck(program: Program) -> bool:
    """The program itself, or its developers' script, which runs it from a checkout."""
    if program.name == "govcheck":
        return True
    first, *rest = [*program.texts(), ""]
    return first.rpartition("/")[2] == "dev.py" and "run" in rest


def _is_heeded(execution: Execution) -> bool:
    found = execution.own.exits
    return found is not None and bool(found.judging)


def _gate(state: State, why: str, place: Location) -> Gate:
    return Gate(
        family="governance",
        subject="govcheck",
        state=state,
        why=why,
        location=place,
        fix=Fix(text=_ADD) if state is State.DEAD else None,
    )
