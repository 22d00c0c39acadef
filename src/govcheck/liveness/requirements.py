"""What a branch really requires, held against what the workflows report: the join of the live plane and the files."""

from collections.abc import Iterator

from govcheck.actions.contexts import Contexts, derive
from govcheck.actions.explaining import Explanation, explain
from govcheck.actions.nearest import show
from govcheck.actions.reach import Level
from govcheck.actions.skipping import loophole
from govcheck.actions.values import Unknown
from govcheck.actions.verdicts import PASSING, UNTOLD, Verdict, blind_spot, judge
from govcheck.actions.workflow import location
from govcheck.facts.live import DEFAULT_BRANCH, HeadChecks, LiveBranch
from govcheck.facts.workflows import Workflows
from govcheck.findings import Evidence, Fix, Location, Reason
from govcheck.liveness.gate import Gate, State
from govcheck.records import frozen, replace
from govcheck.settings.answers import unparseable, verdict
from govcheck.settings.apps import APP_IDS, GITHUB_ACTIONS
from govcheck.settings.bodies import text
from govcheck.settings.control_evidence import of_control
from govcheck.settings.head_runs import head_runs
from govcheck.settings.places import setting
from govcheck.settings.required import required_checks
from govcheck.settings.rulesets import active_rules

_QUEUE = "merge_queue"


def gates(workflows: Workflows, branch: LiveBranch, head: HeadChecks) -> Iterator[Gate]:
    """Every context that a branch requires: whether something reports it on every pull request."""
    live = required_checks(branch)
    place = Location(setting=setting(branch.branch, "status_checks"))
    if live.unreadable:
        trouble = verdict(live.unreadable[0]).trouble or unparseable(live.unreadable[0], "names no checks")
        why = f"what {branch.branch} requires cannot be told: {trouble.message}"
        yield replace(_gate(branch, "", State.UNTOLD, why, place), trouble=trouble)
    name = None if branch.branch == DEFAULT_BRANCH else branch.branch
    pulls = derive(workflows, name, "pull-request")
    queue = derive(workflows, name, "merge-queue") if _has_queue(branch) else None
    names = {check.context for check in live.checks}
    look = _Look(workflows, branch, head, pulls, queue, names)
    for context in sorted(names):
        yield from look.context(context, {check.app_id for check in live.checks if check.context == context})


def twice(workflows: Workflows) -> Iterator[Gate]:
    """Contexts that several workflows report: whichever ends last decides."""
    places: dict[str, list[tuple[str, Evidence]]] = {}
    for one in derive(workflows, None, "pull-request").reported:
        if not isinstance(one.name, Unknown) and one.reach.level < Level.NEVER:
            place = location(one.workflow.path, one.outermost.key)
            places.setdefault(show(one.name), []).append(
                (one.workflow.path, Evidence(text="reported here", location=place))
            )
    for context, found in places.items():
        files = sorted({path for path, _ in found})
        if len(files) > 1:
            yield Gate(
                family="trigger",
                subject=context,
                state=State.DEAD,
                why=f"`{context}` is reported by {len(files)} workflows: as a required check it is whichever ends last",
                location=found[0][1].location or Location(path=files[0]),
                evidence=tuple(evidence for _, evidence in found[1:8]),
                severity="note",
                fix=Fix(text="give one of the jobs another `name`"),
            )


@frozen
class _Look:
    """One branch, and everything that can report to it."""

    workflows: Workflows
    branch: LiveBranch
    head: HeadChecks
    pulls: Contexts
    queue: Contexts | None
    required: set[str]

    def context(self, context: str, bound: set[int | None]) -> Iterator[Gate]:
        """One required context, and the apps that it is bound to (None: any)."""
        actions = APP_IDS[GITHUB_ACTIONS]
        if bound - {None, actions}:
            return  # another app reports it: nothing in the files can tell
        branch = self.branch
        found, contexts, where = judge(context, self.pulls), self.pulls, f"pull requests to {branch.branch}"
        if found.word in PASSING and self.queue is not None:
            found, contexts, where = judge(context, self.queue), self.queue, "entries of the merge queue"
        said = explain(context, found, contexts, where)
        place = said.location if said.location.path else Location(setting=setting(branch.branch, "status_checks"))
        blind = blind_spot(found, contexts, self.workflows)
        if found.word in UNTOLD or blind is not None:
            reason, message = blind or (Reason.DYNAMIC, said.message)
            yield _gate(branch, context, State.UNTOLD, message, place, reason=reason)
        elif found.word in PASSING:
            yield self._reported(context, found)
        elif found.word == "missing" and actions not in bound and self._reported_elsewhere(context):
            yield _gate(branch, context, State.ALIVE, "another app reported it on the newest commit", place)
        else:
            why = f"{branch.branch} requires it, and {said.message}"
            yield _gate(branch, context, State.DEAD, why, place, said=said)

    def _reported(self, context: str, found: Verdict) -> Gate:
        origin = found.origins[0]
        hole = loophole(origin, self.pulls, self.required)
        if hole is None:
            why = f"{self.branch.branch} requires it, and it is always reported"
            return _gate(self.branch, context, State.ALIVE, why, location(origin.path, origin.job.key))
        why = f"`{context}`, which {self.branch.branch} requires, can be green without having run: {hole.text}"
        gate = _gate(self.branch, context, State.DEAD, why, location(origin.path, hole.node))
        return replace(gate, severity="warning", fix=Fix(text=hole.fix))

    def _reported_elsewhere(self, context: str) -> bool:
        run = head_runs(self.head).newest(context, None)
        return run is not None and run.app != GITHUB_ACTIONS


def _has_queue(branch: LiveBranch) -> bool:
    return any(text(rule, "type") == _QUEUE for rule in active_rules(branch)[0])


def _gate(
    branch: LiveBranch,
    context: str,
    state: State,
    why: str,
    place: Location,
    *,
    said: Explanation | None = None,
    reason: Reason = Reason.PERMISSION,
) -> Gate:
    return Gate(
        family="trigger",
        subject=f"{branch.branch}:{context}" if context else branch.branch,
        state=state,
        why=why,
        location=place,
        plane="live",
        evidence=(*(said.evidence if said else ()), *of_control(branch, "status_checks")),
        fix=Fix(text=said.fix) if said and said.fix else None,
        reason=reason,
    )
