"""Tests, linters and scanners whose failure nothing heeds."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from govcheck.actions.own_programs import called
from govcheck.actions.programs import Program
from govcheck.actions.shell import Command
from govcheck.actions.workflow import location
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness.executions import Execution, Ran
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.green_options import always_green
from govcheck.liveness.heeding import never_runs, passes_anyway
from govcheck.liveness.judging_programs import MAY_JUDGE, judging, own_test
from govcheck.liveness.left_out import left_out
from govcheck.liveness.makefiles import makefile, never_fails, target_of
from govcheck.liveness.noted import is_read
from govcheck.liveness.outputs import WRITES
from govcheck.records import replace

_DISMISSED = re.compile(r"[^\n;&]{0,200}?\|\|\s*(?:true|:|exit 0|echo\b)")
_LET_IT_COUNT = "let its status be the step's, or take the step out"
_LET_IT_JUDGE = "let the script run what judges, or take the step out"
_LET_IT_FAIL = "let it fail for what it finds, or take the step out"
_TEE = re.compile(r"\|&?\s*(?:sudo )?tee\b((?:\s+[^\s;|&]+)*)")
_OPTIONS = re.compile(r"(?:^|\s)--?(?!fix|write)[\w-]+")
_CONFIGURES = re.compile(r"TRIVY_EXIT_CODE|(?:^|/)trivy\.ya?ml$")
"""What may give a judge other options than its command does."""

_NOT_MEANT = re.compile(
    r"fix|format|report|summary|upload|bench|optional|experimental|allow|non-?blocking|best effort|informational|"
    r"advisory|warn|coverage|flaky|diagnos",
    re.IGNORECASE,
)
"""What a step is called that does not mean to stop anything."""

_KEPT = re.compile(
    r"(?<![0-9&])>{1,2}(?!\s*(?:&|/dev/))|\btee\b|&>(?!\s*/dev/)|GITHUB_|"
    r"(?:^|\s)(?:-[of][\w.-]*|--(?:o|f|(?:out|report|junit|sarif|json|xml|result|log|format|template)[\w-]*))"
    r"(?:[ =]|$)",
    re.IGNORECASE,
)
"""What is kept of what a command prints: something else may judge by that."""


def gates(execution: Execution) -> Iterator[Gate]:
    """Judges of a step whose failure does not fail it. Steps that promise something are told of as a whole."""
    if not execution.may_say(MAY_JUDGE) or _means_nothing(execution):
        return
    everything = tuple(_judges(execution))
    if not everything:
        return
    goes_on = execution.step.continue_on_error
    if goes_on is not None and passes_anyway(execution.job, execution.step):
        ran, command = everything[0]
        if not _is_kept(execution, ran, command):
            why = f"`{words(command)}` cannot fail its step, whose `continue-on-error` nothing makes up for"
            place = location(execution.workflow.path, goes_on)
            yield _dead(execution, ran, command, why, place, fix="remove `continue-on-error: true`")
        return
    if never_runs(execution.step):
        return
    found = [one for one in everything if not green(execution, *one)]
    dismissed = tuple(_unheeded(execution, found))
    for ran, command in dismissed:
        place = ran.location(command.offset) if ran.called is None else execution.location
        yield _hollow(execution, ran, command, place) or _dead(
            execution, ran, command, f"nothing heeds the failure of `{words(command)}`", place
        )
    yield from _always_green(execution, everything)
    heeded = next((one for one in found if _is_heeded(execution, *one)), None)
    if not dismissed and heeded is not None:
        ran, command = heeded
        yield Gate(
            family="judge",
            subject=f"{execution.subject}:{words(command)}",
            state=State.ALIVE,
            why=f"where `{words(command)}` fails, the step does",
            location=ran.location(command.offset),
        )


def green(execution: Execution, ran: Ran, command: Command) -> str:
    """Why a command that judges never fails because of what it finds: a clause; empty where it may."""
    program = judging(command)
    if program is None:
        return ""
    return (
        always_green(program, configured=partial(_is_configured, execution))
        or left_out(execution, ran, program)
        or (_ignored(execution, program) if ran.called is None else "")
    )


def _is_configured(execution: Execution) -> bool:
    return any(_CONFIGURES.search(one) for one in (execution.workflow.file.text, *execution.checkout.tracked))


def _ignored(execution: Execution, program: Program) -> str:
    """Why a target of make never fails."""
    target, folder = target_of(program), execution.checkout.folder
    if target is None or folder is None or not execution.checkout.is_own:
        return ""
    known = makefile(folder, execution.checkout.contents)
    lines = never_fails(known[1], target) if known is not None else ()
    if known is None or not lines:
        return ""
    return f"make ignores how `{lines[0].text}` in line {lines[0].line} of {known[0]} ends"


def _hollow(execution: Execution, ran: Ran, command: Command, place: Location) -> Gate | None:
    """`npm test` where that script of `package.json` does nothing that can fail; None where it does something."""
    program = judging(command)
    names = set(called(program, execution.checkout.folder or "")) if program is not None and ran.called is None else ()
    for inner in execution.ran:
        one = inner.called
        if one is not None and one in names and one.script and inner.exits is not None:
            if inner.exits.red or inner.exits.untold or any(_judges_in(inner)):
                return None
            source = " ".join(inner.source.split())
            why = f"`{words(command)}` runs `{source[:80]}`, which ends as a success whatever happens"
            evidence = (Evidence(text="the script stands here", location=inner.location(0)),)
            gate = _dead(
                execution, ran, command, why, place, fix="let the script run what judges, or take the step out"
            )
            return replace(gate, evidence=evidence)
    return None


def _judges_in(ran: Ran) -> Iterator[Command]:
    yield from (one for one in (ran.script.commands if ran.script is not None else ()) if judging(one) is not None)


def _means_nothing(execution: Execution) -> bool:
    """Whether the step is called something that does not mean to stop anything."""
    named = execution.step.name is not None
    return _NOT_MEANT.search(execution.title if named else _OPTIONS.sub("", execution.title)) is not None


def _always_green(execution: Execution, found: Sequence[tuple[Ran, Command]]) -> Iterator[Gate]:
    """Judges that their own options keep from failing, but for those that stand beside one that can fail."""
    serious = {
        program.name
        for ran, command in found
        if (program := judging(command)) and not green(execution, ran, command) and _is_heeded(execution, ran, command)
    }
    for ran, command in found:
        why, program = green(execution, ran, command), judging(command)
        if why and program is not None and program.name not in serious and not _is_kept(execution, ran, command):
            place = ran.location(command.offset) if ran.called is None else execution.location
            shown = f"`{words(command)}` cannot fail its step: {why}"
            yield _dead(execution, ran, command, shown, place, fix=_LET_IT_FAIL)


def unheeded_judges(execution: Execution) -> Iterator[tuple[Ran, Command]]:
    """Every command that judges, and whose failure comes to nothing."""
    return _unheeded(execution, _judges(execution))


def _unheeded(execution: Execution, found: Iterable[tuple[Ran, Command]]) -> Iterator[tuple[Ran, Command]]:
    for ran, command in found:
        if not _is_heeded(execution, ran, command) and not _is_kept(execution, ran, command):
            yield ran, command


def _is_heeded(execution: Execution, ran: Ran, command: Command) -> bool:
    """Whether something can still fail because of it: in its own script, and in the step that runs that."""
    own = execution.own.exits
    if ran.exits is None or own is None or not own.judging:
        return False
    if command.ends == "no" and _DISMISSED.match(ran.source[command.end :]):
        return False
    if command.branch >= 0:  # a loop or a function: what comes before may come after as well
        return bool(ran.exits.judging)
    return ran.exits.judges_after(command.offset)


def _is_kept(execution: Execution, ran: Ran, command: Command) -> bool:
    """Whether its result is noted for another step, or what it prints goes into a file or a variable."""
    if any(WRITES.search(one.source) for one in execution.ran):
        return True
    if ran.called is not None and _KEPT.search(execution.source):
        return True
    program = judging(command)
    start = program.arguments[0].offset - 1 if program is not None and program.arguments else command.end
    line = ran.source[start:].replace("\\\n", " ").partition("\n")[0]
    line = _TEE.sub(lambda match: match[0] if is_read(execution, match[1]) else " ", line)
    return _KEPT.search(line) is not None or (ran.exits is not None and ran.exits.captures(command.offset))


def words(command: Command) -> str:
    """A command as it is quoted."""
    shown = " ".join(" ".join(word.shown for word in command.words).split())
    return shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004 - as long as fits in a sentence


def _judges(execution: Execution) -> Iterator[tuple[Ran, Command]]:
    if execution.own.exits is None or execution.own.exits.untold:
        return
    for ran in execution.ran:
        if ran.exits is None or ran.exits.untold or ran.script is None:
            continue
        for command in ran.script.commands:
            program = judging(command) if ran.exits.comes_by(command.offset) else None
            if program is not None and not _is_followed(execution, program):
                yield ran, command


def _is_followed(execution: Execution, program: Program) -> bool:
    """Whether it is a script that was read itself, so that what judges in there counts."""
    name = own_test(program)
    return bool(name) and any(
        ran.called is not None and ran.exits is not None and ran.called.path.endswith(name) for ran in execution.ran
    )


def _dead(
    execution: Execution, ran: Ran, command: Command, why: str, place: Location, *, fix: str = _LET_IT_COUNT
) -> Gate:
    return Gate(
        family="judge",
        subject=f"{execution.subject}:{words(command)}",
        state=State.DEAD,
        why=why,
        location=place,
        evidence=(Evidence(text=f"{ran.called.shown} runs it", location=ran.location(command.offset)),)
        if ran.called is not None
        else (),
        fix=Fix(text=fix),
    )
