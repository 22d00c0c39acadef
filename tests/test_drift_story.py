"""What drift tells beside coming and going: back again, accepted, still compliant, renamed, off and on, suspect."""

from datetime import timedelta
from itertools import pairwise

import pytest

from govcheck.drift import compare, returns, with_compliance
from govcheck.drift.events import touched_rulesets, wanted
from govcheck.facts.live import Answer
from govcheck.findings import Outcome
from govcheck.records import replace
from govcheck.report import Phase
from govcheck.snapshot import Setting
from govcheck.waiver import Waiver
from reports import EVENING, found, policy, result
from snapshots import snapshot

STRAY = found()


def day(number, *results, phase=Phase.ADHOC, **keys):
    return snapshot(*results, phase=phase, finished=EVENING + timedelta(days=number), **keys)


def chain(*days):
    """Each sweep knows the one before it, as the program keeps them."""
    last = None
    for number, results in enumerate(days):
        taken = day(number, *results, previous=last)
        last = replace(taken, fixed=returns(last, taken))
        yield last


def test_what_comes_back_is_told_with_how_often():
    sweeps = list(chain([result(STRAY)], [result()], [result(STRAY)], [result()], [result(STRAY)]))
    told = [compare(one, other).entries[0] for one, other in pairwise(sweeps)]
    assert [(entry.change, entry.times) for entry in told] == [
        ("fixed", 0),
        ("returned", 1),
        ("fixed", 0),
        ("returned", 2),
    ]


def test_what_could_not_be_told_in_between_did_not_come_back():
    from reports import unknown  # noqa: PLC0415 - one test needs it

    blind = result(unknown(control=STRAY.finding.control, subject=STRAY.finding.subject))
    *_, last = chain([result(STRAY)], [blind], [result(STRAY)])
    assert dict(last.fixed) == {}


def test_counts_go_with_their_policy():
    first, second, third = chain([result(STRAY)], [result()], [result(of=policy("other"))])
    assert dict(second.fixed) == {STRAY.fingerprint: 1}
    assert first.fixed == {}
    assert dict(third.fixed) == {STRAY.fingerprint: 1}  # its policy may come back, and with it the count


WAIVER = Waiver(
    policy="docs",
    control="path",
    subject="a.md",
    reason="moved on Monday",
    owner="ada",
    created="2026-11-20",
    expires="2026-12-20",
)


def test_accepted_and_no_longer_accepted():
    open_, excused = result(STRAY), result(replace(STRAY, waiver=WAIVER), outcome=Outcome.WAIVED)
    (entry,) = compare(day(0, open_), day(1, excused)).entries
    assert (entry.change, entry.direction) == ("accepted", "changed")
    (entry,) = compare(day(0, excused), day(1, open_)).entries
    assert entry.change == "introduced"
    assert str(entry.after).endswith("(it was waived)")
    (entry,) = compare(day(0, result()), day(1, excused)).entries
    assert entry.change == "accepted"
    assert compare(day(0, excused), day(1, excused)).entries == ()


@pytest.mark.parametrize(
    ("outcomes", "complies"),
    [([Outcome.PASS], True), ([Outcome.PASS, Outcome.FAIL], False), ([Outcome.UNKNOWN], False), ([], False)],
)
def test_changed_and_still_as_the_policies_say(outcomes, complies):
    name = "branches/main/approvals"
    drift = compare(day(0, settings={name: 3}), day(1, settings={name: 2}))
    results = [replace(result(outcome=outcome), settings=(name,)) for outcome in outcomes]
    (entry,) = with_compliance(drift, results).entries
    assert (entry.direction, entry.complies) == ("weakened", complies)


def test_a_ruleset_with_another_name_is_the_same_ruleset():
    (entry,) = compare(
        day(0, settings={"rulesets/7/name": "main"}), day(1, settings={"rulesets/7/name": "trunk"})
    ).entries
    assert (entry.change, entry.before, entry.after) == ("renamed", "main", "trunk")


def ruleset(date):
    return Answer(endpoint="repos/o/r/rulesets/7", status=200, message="", body={"id": 7, "updated_at": date})


def test_a_ruleset_that_was_touched_is_asked_about_though_nothing_moved():
    before, after = day(0, answers=[ruleset("2026-11-23T10:00:00Z")]), day(1, answers=[ruleset("2026-11-24T10:00:00Z")])
    assert touched_rulesets(before, after) == (7,)
    assert wanted(compare(before, after), before, after).rulesets == (7,)
    assert wanted(compare(before, before), before, before) is None


def test_when_almost_everything_vanishes_the_repository_is_not_suspected():
    names = [f"branches/main/s{number}" for number in range(10)]
    before = day(0, settings=dict.fromkeys(names, 1))
    blind = day(1, settings={name: Setting(value=None, unknown="HTTP 401") for name in names})
    assert "suspect the token or the network" in compare(before, blind).suspect
    assert compare(before, before).suspect is None


def test_what_a_startup_does_not_look_at_is_not_gone():
    left = found(policy("clean", "clean-tree"), control="dirty", subject="a.txt")
    idle = result(of=policy("clean", "clean-tree"), outcome=Outcome.NOT_APPLICABLE)
    evening, morning = day(0, result(left), phase=Phase.SHUTDOWN), day(1, idle, phase=Phase.STARTUP)
    assert compare(evening, morning).entries == ()
    assert dict(returns(evening, morning)) == {}
    same_phase = day(1, idle, phase=Phase.SHUTDOWN)
    assert [entry.change for entry in compare(evening, same_phase).entries] == ["gone"]
