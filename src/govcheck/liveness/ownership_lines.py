"""Each line of the CODEOWNERS file that counts: whether it decides anything."""

from collections import Counter
from collections.abc import Iterator

from govcheck.codeowners.covering import hiding
from govcheck.codeowners.parsing import Rule, Skipped
from govcheck.findings import Evidence, Fix, Location, Reason
from govcheck.liveness.gate import Gate
from govcheck.liveness.ownership_reading import Ownership, alive, counted, dead, line_of, named, untold
from govcheck.paths import display

_SHOWN = 3


def gates(found: Ownership) -> Iterator[Gate]:
    """Every line that is neither blank nor a comment."""
    decided = Counter(rule.line for rule in found.deciding.values())
    for rule in found.file.rules:
        yield _line(found, rule, decided[rule.line])
    yield from (_skipped(found, line) for line in found.file.skipped)


def _line(found: Ownership, rule: Rule, decided: int) -> Gate:
    shown, subject, place = f"`{display(rule.pattern)}`", _subject(found, rule), line_of(found.path, rule)
    if decided:
        what = f"owns {counted(decided)}" if rule.owners else f"takes the owners off {counted(decided)}"
        return alive(subject, f"{shown} {what} by line {rule.line}", place)
    matched = list(found.owners.matched(rule, found.index))
    hidden_by = hiding(rule, found.owners)
    if not matched:
        return _matches_nothing(found, rule, hidden_by)
    if not hidden_by:
        why = f"{shown} is for new files: later lines decide {_all_of(len(matched))} that it matches today"
        return alive(subject, why, place)
    verb = "overrides" if len(hidden_by) == 1 else "override"
    why = f"{shown} decides nothing: {named(hidden_by)} {verb} it for {_all_of(len(matched))} that it matches"
    below = f"Move line {rule.line} below line {hidden_by[-1].line}, or remove it: the last line that matches decides"
    same = all(_named_owners(one) == _named_owners(rule) for one in hidden_by)
    return dead(
        subject,
        f"{why}, with the same owners" if same else why,
        place,
        fix=Fix(text=f"Remove line {rule.line}") if same else Fix(text=below),
        evidence=_takers(found, matched),
        severity="warning" if same else None,
    )


def _named_owners(rule: Rule) -> frozenset[str]:
    return frozenset(owner.text.lower() for owner in rule.owners)


def _matches_nothing(found: Ownership, rule: Rule, hidden_by: tuple[Rule, ...]) -> Gate:
    why = f"`{display(rule.pattern)}` matches no tracked file"
    also = f", and {named(hidden_by)} would override it if it did" if hidden_by else ""
    mend = f"Correct the path, or remove line {rule.line}"
    if rule.pattern.startswith("@") and not rule.owners:
        mend = f"Write `* {rule.pattern}` where it is meant to own everything, or remove line {rule.line}"
    return dead(
        _subject(found, rule),
        why + also,
        line_of(found.path, rule),
        fix=Fix(text=mend),
        evidence=_differing_in_case(found, rule),
    )


def _subject(found: Ownership, line: Rule | Skipped) -> str:
    return f"{found.path}:{display(line.pattern)}"


def _all_of(number: int) -> str:
    return "the one file" if number == 1 else f"all {counted(number)}"


def _takers(found: Ownership, matched: list[str]) -> tuple[Evidence, ...]:
    """Which lines have the files that a line matches, and how many each."""
    lines = {rule.line: rule for path in matched if (rule := found.deciding.get(path)) is not None}
    numbers = Counter(found.deciding[path].line for path in matched)
    return tuple(
        Evidence(
            text=f"line {line}, `{display(lines[line].words)}`, decides {number:,} of them",
            location=line_of(found.path, lines[line]),
        )
        for line, number in numbers.most_common(_SHOWN)
    )


def _differing_in_case(found: Ownership, rule: Rule) -> tuple[Evidence, ...]:
    """A tracked path that differs in its letters' case only."""
    wanted = rule.pattern.strip("/").removesuffix("/**")
    for path in found.index.paths:
        head, rest = path[: len(wanted)], path[len(wanted) : len(wanted) + 1]
        if head != wanted and head.casefold() == wanted.casefold() and rest in {"", "/"}:
            text = f"`{display(path)}` differs in case, and CODEOWNERS is case-sensitive"
            return (Evidence(text=text, location=Location(path=path)),)
    return ()


def _skipped(found: Ownership, line: Skipped) -> Gate:
    shown = f"line {line.line} (`{display(line.pattern)}`)"
    subject, place = _subject(found, line), line_of(found.path, line)
    if not line.certain:
        why = f"what GitHub makes of {shown} cannot be told: {line.message}"
        return untold(subject, why, place, Reason.UNPARSEABLE)
    whole = Evidence(text=f"the whole line: {display(line.source)}", location=place)
    fix = Fix(text=f"Correct line {line.line} of {found.path}, or make it a comment")
    return dead(subject, f"GitHub skips {shown}: {display(line.message)}", place, fix=fix, evidence=[whole])
