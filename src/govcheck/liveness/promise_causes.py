"""Why a step that promises something cannot fail, told by what stands in its script, and what mends just that."""

import re
from collections.abc import Iterator

from govcheck.actions.programs import program_of
from govcheck.actions.shell import Command
from govcheck.findings import Evidence
from govcheck.liveness.effects import Effect, effect
from govcheck.liveness.executions import Execution, Ran
from govcheck.records import frozen

_EATEN = re.compile(r"[^\n;&|]{0,200}?\|\|\s*(true\b|:(?=\s|$)|exit 0|echo\b|printf\b)")
_CONDITION = re.compile(r"(?:^|[\n;])\s*(?:if|elif|while|until)\s+([^\n]+)")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")
_DETACHED = "on no branch"
_LONGEST = 60
_JUDGE_THE_HEAD = "judge `${{ github.head_ref }}`, the pull request's branch, and not what git has here"
_LET_IT = "let it come to that where it finds something wrong, or take the step out"


@frozen(kw_only=True)
class Cause:
    """One cause."""

    why: str
    fix: str
    evidence: tuple[Evidence, ...] = ()


def cause(execution: Execution) -> Cause | None:
    """The first cause that is certain; None where none is."""
    causes = (_errexit_off, _eaten, _unreached, _only_warns)
    return next((found for look in causes for found in look(execution)), None)


def _eaten(execution: Execution) -> Iterator[Cause]:
    """`cosign verify x || echo skip`."""
    for ran, command in _commands(execution):
        match = _EATEN.match(ran.source, command.end) if command.ends == "no" else None
        asks = command.name not in {"test", "[", "[["}
        if match is not None and asks and effect(program_of(command)) is Effect.JUDGEMENT:
            shown, eats = _shown(command), f"`|| {match[1]}`"
            yield Cause(
                why=f"{eats} eats the failure of `{shown}`{_where(ran)}, and nothing else in it can fail",
                fix=f"take {eats} out, so that the failure of `{shown}` is the step's",
                evidence=(Evidence(text=f"`{shown}` runs here", location=ran.location(command.offset)),),
            )


def _where(ran: Ran) -> str:
    return f" in {ran.called.shown}" if ran.called is not None else ""


def _errexit_off(execution: Execution) -> Iterator[Cause]:
    """`set +e`, and at the end something that always ends well."""
    script = execution.own.script
    if script is None or not script.commands:
        return
    last = max(script.commands, key=lambda one: one.offset)
    off = [one for one in script.commands if one.name == "set" and [word.literal for word in one.arguments] == ["+e"]]
    ends_well = last.always and effect(program_of(last)) is Effect.NEVER and last.name != "set"
    if off and ends_well:
        line, own = execution.own.line(off[-1].offset), execution.own
        yield Cause(
            why=f"`set +e` in line {line} lets every failure pass, and its last command, `{_shown(last)}`, ends well",
            fix="take `set +e` out, or end the script with the status of what judges",
            evidence=(Evidence(text="the last command decides", location=own.location(last.offset)),),
        )


def _unreached(execution: Execution) -> Iterator[Cause]:
    """`exit 1` where no path leads."""
    for ran, command in _commands(execution, everywhere=True):
        status = command.arguments[0].literal if command.name == "exit" and command.arguments else None
        if ran.exits is None or status is None or not status.isdigit() or int(status[:9]) % 256 == 0:
            continue
        if ran.exits.comes_by(command.offset):
            continue
        place = ran.location(command.offset)
        where = f"line {place.line}" + (f" of {ran.path}" if ran.called is not None else "")
        because, fix = _why_not(execution, ran, command)
        yield Cause(
            why=f"its `exit {status}` in {where} is never reached{because}",
            fix=fix,
        )


def _why_not(execution: Execution, ran: Ran, command: Command) -> tuple[str, str]:
    """What keeps the script from an `exit`, as far as it is known, and what mends it."""
    for one in execution.known:
        if _DETACHED in one.text:
            return f": {one.text}", _JUDGE_THE_HEAD
        return f": {one.text}", _LET_IT
    conditions = list(_CONDITION.finditer(ran.source, 0, command.offset))
    names = _VARIABLE.findall(conditions[-1][1]) if conditions else []
    for name in names:
        values = {word.literal for word in ran.script.assignments.get(name, ())} if ran.script is not None else set()
        if len(values) == 1 and None not in values:
            return (
                f": `{name}` is never anything but `{next(iter(values))}`",
                f"set `{name}` to something else where the check fails, or take the step out",
            )
    return "", _LET_IT


def _only_warns(execution: Execution) -> Iterator[Cause]:
    """`echo "::warning::..."` where something is wrong, and on it goes."""
    for ran in execution.ran:
        for spoken in ran.exits.unheeded if ran.exits is not None else ():
            said = spoken.text if len(spoken.text) <= _LONGEST else f"{spoken.text[: _LONGEST - 3]}..."
            yield Cause(
                why=f"it only warns: where something is wrong it says `{said}` and goes on",
                fix="end the branch that warns with `exit 1`, or do not call the step a check",
            )


def _commands(execution: Execution, *, everywhere: bool = False) -> Iterator[tuple[Ran, Command]]:
    """Every command of what the step runs that the script comes by; or every one."""
    for ran in execution.ran:
        for command in ran.script.commands if ran.script is not None and ran.exits is not None else ():
            if everywhere or (ran.exits is not None and ran.exits.comes_by(command.offset)):
                yield ran, command


def _shown(command: Command) -> str:
    shown = " ".join(" ".join(word.shown for word in command.words).split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
