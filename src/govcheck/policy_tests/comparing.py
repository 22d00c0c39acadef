"""What was found against what a test expects. Pure.

Each expected entry may be met by one entry that was found, and each of those meets at most one: which goes with which
is a matching of the largest size, so that the order in which either is written changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from difflib import unified_diff
from typing import TypeVar

from govcheck import paths
from govcheck.findings import Outcome, Reason
from govcheck.policy_tests.lines import finding_line, outcome_line, unknown_line
from govcheck.policy_tests.model import Expect, ExpectedFinding, ExpectedUnknown
from govcheck.records import frozen
from govcheck.report import PolicyResult, ReportedFinding, ReportedUnknown

_Expected = TypeVar("_Expected")
_Found = TypeVar("_Found")

_OURS = frozenset({Reason.TOOL_MISSING, Reason.RULE_CRASHED})
"""Why something could not be told that says nothing of the policy: the machine, or govcheck itself."""


@frozen
class Comparison:
    """How a test came out."""

    expected: tuple[str, ...]
    """What was to be, a line each, in the words of a test's `expect`."""

    found: tuple[str, ...]
    """What is, likewise; the lines of what is as expected are the same ones."""

    blind: tuple[str, ...]
    """Where the two differ: what could not be told, for a reason that lies in the machine or in govcheck."""

    @property
    def holds(self) -> bool:
        """Whether everything is as expected."""
        return self.expected == self.found

    @property
    def diff(self) -> tuple[str, ...]:
        """A unified diff; empty where the test holds."""
        return tuple(unified_diff(self.expected, self.found, "expected", "found", lineterm="", n=1_000_000))


def compare(expect: Expect, results: Sequence[PolicyResult]) -> Comparison:
    """Holds the results of the tested policies against what is expected of them.

    Args:
        expect: What the test says.
        results: Of the tested policies, and of no others.
    """
    only = results[0].policy.policy.id if len(results) == 1 else ""
    outcomes = _outcomes(expect, results)
    unknowns = _unknowns(expect, results, only)
    sections = (
        ("outcome", outcomes),
        ("findings", _findings(expect, results, only)),
        ("unknowns", unknowns),
    )
    shown = [(name, lines) for name, lines in sections if any(lines)]
    expected = [line for name, (wanted, _) in shown for line in _section(name, wanted)]
    found = [line for name, (_, there) in shown for line in _section(name, there)]
    differ = expected != found
    blind = [one for one in _all_unknowns(results) if one.undecided.reason in _OURS and not one.pre_existing]
    blind = blind if differ and (unknowns[0] != unknowns[1] or outcomes[0] != outcomes[1]) else []
    return Comparison(tuple(expected), tuple(found), tuple(one.undecided.message for one in blind))


_Lines = tuple[list[str], list[str]]
"""Of what was expected and of what was found."""


def _section(name: str, lines: list[str]) -> list[str]:
    return [f"{name}:", *(f"  {line}" for line in lines)]


def _outcomes(expect: Expect, results: Sequence[PolicyResult]) -> _Lines:
    wanted = _wanted(expect, results)
    came = {result.policy.policy.id: result for result in results}
    expected = [outcome_line(name, outcome) for name, outcome in wanted.items()]
    found = [outcome_line(name, came[name].outcome.value if name in came else "not-judged") for name in wanted]
    return expected, found


def _wanted(expect: Expect, results: Sequence[PolicyResult]) -> Mapping[str, str]:
    if expect.outcome is None:
        return {}
    if isinstance(expect.outcome, Mapping):
        return expect.outcome
    return {result.policy.policy.id: expect.outcome for result in results}


def _otherwise(expect: Expect, results: Sequence[PolicyResult]) -> frozenset[str]:
    """The policies that come to another outcome than they should."""
    wanted = _wanted(expect, results)
    pairs = ((result.policy.policy.id, result.outcome.value) for result in results)
    return frozenset(name for name, outcome in pairs if wanted.get(name, outcome) != outcome)


def _findings(expect: Expect, results: Sequence[PolicyResult], only: str) -> _Lines:
    is_exact = expect.findings is not None
    wanted = expect.findings if expect.findings is not None else expect.findings_include
    there = [found for result in results for found in result.findings]

    def meets(one: ExpectedFinding, found: ReportedFinding) -> bool:
        return _is_finding(one, found, only)

    pairs = matching(wanted, there, meets)
    expected = [finding_line(one, only) for one in wanted]
    found = [expected[pairs[number]] if number in pairs else None for number in range(len(there))]
    # An entry that is not met shows what else there is, and an outcome that is another one shows why.
    is_shown = is_exact or len(pairs) < len(wanted)
    odd = _otherwise(expect, results)
    beside = (one for one, line in zip(there, found, strict=True) if line is None)
    extra = [finding_line(one, only) for one in beside if is_shown or one.policy.policy.id in odd]
    return _aligned(expected, [line for line in found if line is not None], extra)


def _unknowns(expect: Expect, results: Sequence[PolicyResult], only: str) -> _Lines:
    there = list(_all_unknowns(results))
    if expect.unknowns is None:
        blessed = {name for name, outcome in _wanted(expect, results).items() if outcome == Outcome.UNKNOWN}
        there = [one for one in there if one.policy.policy.id not in blessed and not one.pre_existing]

    def meets(one: ExpectedUnknown, found: ReportedUnknown) -> bool:
        return _is_unknown(one, found, only)

    wanted = expect.unknowns or ()
    pairs = matching(wanted, there, meets)
    expected = [unknown_line(one, only) for one in wanted]
    met = [expected[number] for number in pairs.values()]
    return _aligned(expected, met, [unknown_line(one, only) for n, one in enumerate(there) if n not in pairs])


def _aligned(expected: list[str], met: list[str], extra: list[str]) -> _Lines:
    """Both sides in one order, so that a diff shows nothing but what differs."""
    left, rest = sorted(expected), list(met)
    right = []
    for line in left:
        if line in rest:
            rest.remove(line)
            right.append(line)
    return left, [*right, *sorted(extra)]


def _all_unknowns(results: Sequence[PolicyResult]) -> list[ReportedUnknown]:
    return [one for result in results for one in result.unknowns]


def _is_finding(one: ExpectedFinding, found: ReportedFinding, only: str) -> bool:
    finding = found.finding
    return (
        (one.policy or only) == found.policy.policy.id
        and (one.control, one.subject) == (finding.control, finding.subject)
        and one.severity in {None, found.severity}
        and one.message in finding.message
        and (not one.path or one.path == paths.display(finding.location.path or ""))
        and one.line in {None, finding.location.line}
        and one.pre_existing == found.pre_existing
    )


def _is_unknown(one: ExpectedUnknown, found: ReportedUnknown, only: str) -> bool:
    undecided = found.undecided
    return (
        (one.policy or only) == found.policy.policy.id
        and (one.control, one.subject) == (undecided.control, undecided.subject)
        and one.reason in {None, undecided.reason.value}
        and one.message in undecided.message
    )


def matching(
    wanted: Sequence[_Expected], there: Sequence[_Found], meets: Callable[[_Expected, _Found], bool]
) -> dict[int, int]:
    """The largest pairing of what was found (by its number) with what was expected (by its number).

    Kuhn's algorithm: an entry takes the partner of another one where that one can have a different partner.
    """
    able = [[number for number, found in enumerate(there) if meets(one, found)] for one in wanted]
    taken: dict[int, int] = {}
    for number in range(len(wanted)):
        _pair(number, able, taken)
    return taken


def _pair(start: int, able: list[list[int]], taken: dict[int, int]) -> None:
    """Finds an augmenting path from one expected entry, without recursion: tests may list thousands of findings."""
    came_from: dict[int, int] = {}
    waiting = [start]
    while waiting:
        one = waiting.pop()
        for found in able[one]:
            if found in came_from:
                continue
            came_from[found] = one
            if found not in taken:
                _flip(found, start, came_from, taken)
                return
            waiting.append(taken[found])


def _flip(found: int, start: int, came_from: dict[int, int], taken: dict[int, int]) -> None:
    partner = {one: number for number, one in taken.items()}
    while True:
        one = came_from[found]
        before = partner.get(one)
        taken[found] = one
        if one == start or before is None:
            return
        found = before
