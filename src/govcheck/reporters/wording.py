"""The words that every report for people shares: figures, places, values, times, what an exit code means."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from govcheck.findings import Finding, Json, Location, Outcome
from govcheck.policy import LoadedPolicy
from govcheck.report import DriftEntry, DriftEvent, DriftStep, Report, Stage
from govcheck.report_json import plain
from govcheck.reporters import escape

LONGEST = 1000
"""Characters of one text that are shown."""

LONGEST_VALUE = 160
_MOST_NAMED = 5
_STEPS = 3

_OUTCOMES = {
    Outcome.FAIL: "failed",
    Outcome.UNKNOWN: "unknown",
    Outcome.WAIVED: "waived",
    Outcome.PASS: "passed",
    Outcome.NOT_APPLICABLE: "not applicable",
}


def said(text: str) -> str:
    """Somebody else's text on one line."""
    return escape.cut(escape.visible(text), LONGEST)


def value(found: Json) -> str:
    """A JSON value on one line."""
    return escape.cut(escape.visible(json.dumps(plain(found), ensure_ascii=False)), LONGEST_VALUE)


def counted(count: int, one: str, many: str = "") -> str:
    """`1 finding`, `2 findings`."""
    return f"{count} {one}" if count == 1 else f"{count} {many or one + 's'}"


def when(moment: datetime) -> str:
    """An instant for people, in UTC: `2026-11-23 17:02 UTC`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def compared(finding: Finding) -> str:
    """`expected 2, found 1 (weakened)`; empty where nothing is compared, or where the message has all of it."""
    if finding.expected is None or _is_told(finding):
        return ""
    direction = f" ({finding.direction})" if finding.direction else ""
    return f"expected {value(finding.expected)}, found {value(finding.actual)}{direction}"


def _is_told(finding: Finding) -> bool:
    """Whether both values are in the message, or are no two values at all.

    A list of what is allowed is told by the fix as well. A figure or a switch says little in the middle of a sentence.
    """
    if finding.expected == finding.actual:
        return True
    sentence = f"{finding.message} {finding.fix.text if finding.fix else ''}"
    texts = [*_texts(finding.expected), *_texts(finding.actual)]
    return all(text is not None and _stands_in(text.removeprefix("not "), sentence) for text in texts)


def _stands_in(text: str, sentence: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", sentence) is not None


def _texts(found: Json) -> Iterator[str | None]:
    """Every text of a value; None for what is no text."""
    if isinstance(found, list):
        for one in found:
            yield from _texts(one)
    else:
        yield found if isinstance(found, str) and found else None


def place(location: Location) -> str:
    """`path:line:column`, or the setting and where to see it; empty where there is neither."""
    if location.path is not None:
        numbers = [number for number in (location.line, location.column) if number is not None]
        return ":".join([said_path(location.path), *map(str, numbers)])
    parts = [said(part) for part in (location.setting, location.url) if part]
    return f"{parts[0]} ({parts[1]})" if len(parts) > 1 else "".join(parts)


def said_path(path: str) -> str:
    """A path as `paths.decode` gives it, on one line."""
    return escape.cut(escape.path(path), LONGEST)


def written(policy: LoadedPolicy) -> str:
    """Where a policy stands."""
    return f"{said_path(policy.path)}:{policy.line}" if policy.line else said_path(policy.path)


def shared_set(policy: LoadedPolicy) -> str:
    """The set that a policy comes from, where its file is not one of the repository's own; else empty."""
    return policy.path.rpartition("/")[0] if policy.path.startswith(("govcheck:", "github:")) else ""


def set_advice(policies: Sequence[LoadedPolicy]) -> str:
    """How somebody who has policies of sets has one of them otherwise; never without policies."""
    first = policies[0].policy
    name = said(first.id)
    sets = " and ".join(dict.fromkeys(map(shared_set, policies)))
    return (
        f"policies of {said(sets)} are shared, and are not edited here: a file in policies/ with "
        f"`kind: {first.kind}`, `id: {name}` and the keys that are to be otherwise changes one, `disable: [{name}]` in "
        ".govcheck.yaml leaves one out (both where .govcheck.yaml `extends` the set), and `govcheck waive` excuses one "
        "finding"
    )


def change(entry: DriftEntry) -> str:
    """What happened to a thing, without its name: `2 → 1`."""
    unseen = f"; since {when(entry.since)}, and no sweep in between could see it" if entry.since else ""
    return f"{_change(entry)}{unseen}"


def _change(entry: DriftEntry) -> str:
    if entry.plane != "setting":
        again = f"; it was fixed {counted(entry.times, 'time')} before" if entry.times else ""
        return said(str(entry.after if entry.after is not None else entry.before)) + again
    if entry.change == "became-unknown":
        return f"{value(entry.before)} → could not be read ({said(str(entry.after))})"
    if entry.change == "became-known":
        return f"could not be read before → {value(entry.after)}"
    before = "nothing" if entry.change == "introduced" else value(entry.before)
    after = "nothing" if entry.change == "gone" else value(entry.after)
    return f"{before} → {after}"


def nobodys(entry: DriftEntry) -> str:
    """What follows a change of something that no policy asserts, or that is still as the policies say."""
    if entry.complies:
        return " (as the policies say)"
    return "" if entry.asserted else " (no policy asserts it)"


def whose(entry: DriftEntry) -> str:
    """What follows a change of a setting: who and when, or that nobody tells."""
    by = entry.by
    if by is None:
        return ""
    if by.at is None:
        return f"; who and when: {said(by.note)}"
    return f"; by {said(by.actor or 'somebody whom GitHub does not name')}, {when(by.at)} ({said(by.note)})"


def event(happened: DriftEvent) -> str:
    """What happened in between, in one sentence: `octocat pushed main by force, 2026-11-23 17:02 UTC`."""
    verbs = {
        "ruleset-changed": "changed {}, and nothing of that is seen now",
        "rules-bypassed": "pushed {} around its rules",
        "force-pushed": "pushed {} by force",
        "branch-deleted": "deleted {}",
    }
    who = said(happened.actor or "somebody whom GitHub does not name")
    if happened.changes:
        steps = "; ".join(step(one) for one in happened.changes[:_STEPS])
        more = len(happened.changes) - _STEPS
        rest = f"; and {more} more" if more > 0 else ""
        return f"{who} changed {said(happened.what)}, {when(happened.at)}: {steps}{rest}"
    if happened.changes is not None:
        did = f"saved {said(happened.what)} and changed nothing"
    else:
        did = verbs.get(happened.kind, f"{happened.kind} {{}}").format(said(happened.what))
    return f"{who} {did}, {when(happened.at)}"


def step(one: DriftStep) -> str:
    """What one change did to one setting: `weakened enforcement, active → disabled`."""
    word = {"weakened": "weakened ", "strengthened": "strengthened "}.get(one.direction or "", "")
    before, after = ("nothing" if found is None else value(found) for found in (one.before, one.after))
    return f"{word}{said(one.title)}, {before} → {after}"


def figures(report: Report, *, brief: bool = False) -> str:
    """The line of totals; in brief without names."""
    summary = report.summary
    outcomes = [f"{count} {_OUTCOMES[outcome]}" for outcome, count in summary.outcomes.items() if count]
    parts = [f"{counted(len(report.results), 'policy', 'policies')}: {', '.join(outcomes) or 'none'}"]
    findings = [counted(count, severity) for severity, count in summary.findings.items() if count]
    parts += [", ".join(findings)] if findings else []
    parts += [counted(summary.unknowns, "unknown")] if summary.unknowns else []
    parts += [f"{summary.waived} waived"] if summary.waived else []
    before = summary.pre_existing + summary.pre_existing_unknowns
    parts += [f"{before} pre-existing"] if before else []
    number = len(report.coverage.uncovered)
    short = f"{counted(number, 'live setting')} no policy asserts" if number else ""
    open_ = short if brief else uncovered(report)
    parts += [open_] if open_ else []
    return "; ".join(parts)


def uncovered(report: Report) -> str:
    """`40 live settings no policy asserts, 2 of them of security: default token, ...`; empty where there are none."""
    coverage = report.coverage
    if not coverage.uncovered:
        return ""
    from govcheck.settings import registered  # noqa: PLC0415 - only a sweep has any, and a hook has no time

    total = f"{counted(len(coverage.uncovered), 'live setting')} no policy asserts"
    grave = [said(registered.describe(name)) for name in coverage.uncovered_security]
    if not grave:
        return total
    more = f", and {len(grave) - _MOST_NAMED} more" if len(grave) > _MOST_NAMED else ""
    return f"{total}, {len(grave)} of which bear on security ({', '.join(grave[:_MOST_NAMED])}{more})"


def meaning(report: Report) -> str:
    """What the exit code means, for this run."""
    if report.exit_code == 1:
        return "exit 1: at least one finding fails this run"
    summary = report.summary
    if report.exit_code == 0:
        lesser = ["no finding is severe enough to fail this run (--fail-on)"] if sum(summary.findings.values()) else []
        lenient = ["what could not be told is let pass (--unknown warn)"] if summary.unknowns else []
        return f"exit 0: {', and '.join(lesser + lenient) or 'nothing fails'}"
    if summary.unknowns:
        slight = sum(summary.findings.values()) > 0
        nothing = "no finding is severe enough to fail this run (--fail-on)" if slight else "nothing fails"
        return f"exit 3: {nothing}, but something could not be told"
    return "exit 3: nothing was judged"


def holds(report: Report) -> str:
    """What a run without findings has looked at: `12 policies hold: 5 allowed-paths, ...`."""
    kinds: dict[str, int] = {}
    for result in report.results:
        if result.outcome is Outcome.PASS:
            kinds[result.policy.policy.kind] = kinds.get(result.policy.policy.kind, 0) + 1
    passed = sum(kinds.values())
    if not passed:
        return "No policy applies to this change" if report.stage is not Stage.SWEEP else "No policy applies"
    named = ", ".join(f"{count} {said(kind)}" for kind, count in sorted(kinds.items()))
    looked = counted(report.summary.subjects, "subject")
    verb = "holds" if passed == 1 else "hold"
    return f"{counted(passed, 'policy', 'policies')} {verb}: {named}; {looked} judged"


def green(report: Report) -> bool:
    """Whether nothing at all is left open: no findings, no unknowns, and the exit code says so."""
    return report.exit_code == 0 and not report.findings and not report.unknowns
