"""Steps that promise to verify something, and whether what they run can fail because of it."""

import re
from collections.abc import Iterator

from govcheck.actions.outcomes import runs_after
from govcheck.actions.workflow import text
from govcheck.findings import Evidence, Fix, Reason
from govcheck.liveness.executions import Execution, Ran
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.heeding import never_runs, passes_anyway
from govcheck.liveness.judges import unheeded_judges, words
from govcheck.liveness.outputs import WRITES, varies
from govcheck.liveness.promise_causes import cause
from govcheck.liveness.rewriters import FORMATTER_WORDS, FORMATTERS
from govcheck.liveness.script_words import saying
from govcheck.liveness.shell_state import Exits, Red, Spoken
from govcheck.liveness.why_green import green as green_by_options

_NAME = re.compile(
    r"\W*(?:pre-?\w+ )?(?:verify|validate|check|ensure|assert|enforce|require|guard|confirm|prevent|block|make sure|"
    r"fail (?:if|when|on)|sanity check)\b",
    re.IGNORECASE,
)
_NOT_A_GATE = re.compile(
    r"check(?:s|ing)?[ -]?(?:out|in)\b|"
    r"check(?: \S+){0,3} logs?\s*$|check (?:for|if|whether|which|what|disk|version|status|cache|space|env|docker)\b|"
    r"test (?:summary|report|results?)|report|summary|upload|notify|comment|label",
    re.IGNORECASE,
)
_MAKES = re.compile(
    r"`(?:sudo )?(?:mkdir|touch|cp|mv|rm|ln|chmod|chown|tar|unzip|tee|apt|apt-get|brew|apk|yum|dnf|choco|pip3?|npm|"
    r"pnpm|yarn|bun|gem|bundle|cargo|go|uv|poetry|git (?:config|fetch|checkout|clone|pull|push|add|commit))\b|"
    r".* cannot be written$",
    re.DOTALL,
)
"""How the commands begin that change something, or keep what they find in a file."""

_LOOKS_UP = re.compile(r"\W*check\b", re.IGNORECASE)
_TO_FIX = "let it end with `exit 1` where it finds something wrong, or take it out"
_FILE = re.compile(r"(?:^|[/_.-])(?:check|verify|validate|assert|ensure|enforce|guard|block|lint)(?=[/_.-]|[A-Z]|$)")
_COMMITS = re.compile(
    r"git\s+(?:-\S+\s+){0,9}(?:commit|push|diff|status)\b|create-pull-request|auto-commit|autofix|gh pr create"
)


_MAY_FORMAT = saying(FORMATTER_WORDS, FORMATTERS)


def gates(execution: Execution) -> Iterator[Gate]:
    """What is known of a step that promises something; nothing where it promises nothing."""
    yield from _rewrites(execution)
    if not promises(execution):
        return
    verdict = _verdict(execution)
    if verdict is not None:
        yield verdict
        if verdict.state is State.ALIVE:
            yield from _unheeded(execution)


def promises(execution: Execution) -> bool:
    """Whether a step's name, or the name of what it runs, says that it verifies something."""
    name = text(execution.step.name) if execution.step.name is not None else ""
    if name.strip():
        return promises_by_name(name)
    if not execution.may_say(_nothing):
        return False
    return any(_FILE.search(ran.called.script or ran.called.path) for ran in execution.ran if ran.called is not None)


def _nothing(_: str) -> bool:
    return False


def promises_by_name(name: str) -> bool:
    """Whether a step that is called this promises something."""
    return bool(_NAME.match(name)) and not _NOT_A_GATE.search(name)


def _verdict(execution: Execution) -> Gate | None:
    condition = execution.step.condition
    if condition is not None and never_runs(execution.step):
        return _gate(execution, State.DEAD, f"its `if: {text(condition).strip()}` is never true")
    if passes_anyway(execution.job, execution.step):
        return _gate(
            execution,
            State.DEAD,
            "its `continue-on-error` lets it pass, and nothing asks how it ended",
            fix="remove `continue-on-error: true`",
        )
    found = execution.own.exits or Exits(red=())
    if found.judging and not _only_seems_to(execution, found):
        return _gate(execution, State.ALIVE, _how(execution, found))
    if found.untold:
        return _gate(execution, State.UNTOLD, found.untold)
    notes = any(map(varies, execution.ran)) or _notes_its_condition(execution)
    if notes or _does_something(found) or _is_diagnosis(execution):
        return None
    return _dead(execution, found)


def _only_seems_to(execution: Execution, found: Exits) -> bool:
    """Whether every command that may fail it is one that never does, by its configuration or its Makefile."""
    script = execution.own.script
    commands = script.commands if script is not None else ()
    never = {one.offset for one in commands if green_by_options(execution, execution.own, one)}
    return never.issuperset(red.offset for red in found.judging)


def _notes_its_condition(execution: Execution) -> bool:
    """Whether a step that looks something up keeps for others that its `if` was true: the `if` is what it looks at."""
    condition = execution.step.condition
    if condition is None or _LOOKS_UP.match(execution.title) is None:
        return False
    return runs_after(condition, "success") is None and WRITES.search(execution.source) is not None


def _does_something(found: Exits) -> bool:
    """Whether the script makes something be so, instead of asking whether it is."""
    return any(_MAKES.match(red.how) for red in found.red)


def _is_diagnosis(execution: Execution) -> bool:
    """Whether the step is there to show what a failure left behind."""
    condition = execution.step.condition
    return condition is not None and runs_after(condition, "failure") is not False


def _how(execution: Execution, found: Exits) -> str:
    """What makes it fail: the innermost that is known, an `exit 1` before what may fail by itself."""
    red = _plainest(execution.own, found)
    for ran in execution.ran[1:]:
        if ran.exits is not None and ran.exits.judging:
            inner = _plainest(ran, ran.exits)
            return f"{inner.how} in {ran.called.shown if ran.called else ran.path} fails it"
    line = execution.own.line(red.offset)
    return f"line {line} fails it: {red.how}"


def _plainest(ran: Ran, found: Exits) -> Red:
    """An `exit 1`; the first failure where `$?` is asked, because `set -e` may end the script before it is."""
    plain = (one for one in found.judging if one.how.startswith("`exit ") and "$?" not in ran.source)
    return next(plain, found.judging[0])


def _dead(execution: Execution, found: Exits) -> Gate:
    swallowed = next((one for one in unheeded_judges(execution) if not green_by_options(execution, *one)), None)
    if swallowed is not None:
        ran, command = swallowed
        return _gate(
            execution,
            State.DEAD,
            f"nothing heeds the status of `{words(command)}`, and nothing else in it can fail",
            (Evidence(text=f"`{words(command)}` runs here", location=ran.location(command.offset)),),
        )
    never = next(_never_failing(execution), None)
    if never is not None:
        return _gate(execution, State.DEAD, f"{never}, and nothing else in it can fail")
    green = tuple(_green(execution))
    evidence = (*green, *execution.known, *_says(execution))
    known = cause(execution)
    if known is not None:
        return _gate(execution, State.DEAD, known.why, (*known.evidence, *evidence), known.fix)
    if found.red:
        accidents = ", ".join(dict.fromkeys(red.how.removesuffix(" fails") for red in found.red[:3]))
        why = f"nothing in it judges anything: only an accident in {accidents} fails it"
    elif green:
        why = "it ends as a success whatever it finds"
    else:
        why = "it only prints: no path through its script ends as failed"
    return _gate(execution, State.DEAD, why, evidence)


def _never_failing(execution: Execution) -> Iterator[str]:
    """Why a command that judges never fails, by its own options."""
    for ran in execution.ran:
        for command in ran.script.commands if ran.script is not None else ():
            if why := green_by_options(execution, ran, command):
                yield why


def _green(execution: Execution) -> Iterator[Evidence]:
    """Where a script ends as a success on purpose; the innermost script is the one that decides."""
    for ran in execution.ran[::-1]:
        if ran.exits is not None and ran.exits.green:
            for offset in ran.exits.green[:3]:
                yield Evidence(text="it ends as a success here", location=ran.location(offset))
            return


def _says(execution: Execution) -> Iterator[Evidence]:
    for ran in execution.ran:
        for spoken in ran.exits.unheeded if ran.exits is not None else ():
            yield Evidence(text=f"it says `{_short(spoken)}` here, and goes on", location=ran.location(spoken.offset))


def _unheeded(execution: Execution) -> Iterator[Gate]:
    for ran in execution.ran:
        for spoken in ran.exits.unheeded if ran.exits is not None else ():
            yield Gate(
                family="unheeded",
                subject=f"{execution.subject}:{_short(spoken)}",
                state=State.DEAD,
                why=f"it says `{_short(spoken)}` and goes on: nothing after that fails",
                location=ran.location(spoken.offset),
                evidence=(Evidence(text=f'the step "{execution.title}" promises to', location=execution.location),),
                fix=Fix(text="end that branch with `exit 1`"),
            )


def _rewrites(execution: Execution) -> Iterator[Gate]:
    if not execution.may_say(_MAY_FORMAT):
        return
    said = (text(node) for step in execution.job.steps for node in (step.run, step.uses) if node is not None)
    if any(map(_COMMITS.search, said)):
        return
    for ran in execution.ran[::-1]:
        for red in ran.exits.rewrites if ran.exits is not None else ():
            name = ran.called.shown if ran.called is not None else execution.title
            yield Gate(
                family="rewrite",
                subject=f"{execution.workflow.path}:{execution.job.id}:{name}",
                state=State.DEAD,
                why=f"{red.how} mends the files on the runner and never fails because of them",
                location=ran.location(red.offset),
                evidence=(Evidence(text=f'the step "{execution.title}" runs it', location=execution.location),),
                fix=Fix(text="let it check instead of write, such as `prettier --check`"),
            )


def _gate(
    execution: Execution, state: State, why: str, evidence: tuple[Evidence, ...] = (), fix: str = _TO_FIX
) -> Gate:
    return Gate(
        family="promise",
        subject=execution.subject,
        state=state,
        why=f'the step "{execution.title}": {why}' if state is not State.ALIVE else why,
        location=execution.location,
        evidence=evidence,
        fix=Fix(text=fix) if state is State.DEAD else None,
        reason=Reason.UNPARSEABLE,
    )


def _short(spoken: Spoken) -> str:
    return spoken.text if len(spoken.text) <= 70 else f"{spoken.text[:67]}..."  # noqa: PLR2004 - as long as fits in a sentence
