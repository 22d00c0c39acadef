from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from govcheck.drift import compare, settings_of
from govcheck.errors import UsageError
from govcheck.facts.live import Answer, LiveBranch
from govcheck.findings import Outcome
from govcheck.report import Phase
from govcheck.snapshot import Setting
from govcheck.snapshot.document import hash_of
from reports import EVENING, MORNING, found, policy, result, unknown
from snapshots import snapshot, snapshots

SLOW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
NIGHT = EVENING + timedelta(hours=1)

APPROVALS = "branches/main/approvals"
BYPASS = "branches/main/bypass/approvals"

MIRRORED = {
    "introduced": {"fixed", "gone"},
    "fixed": {"introduced"},
    "gone": {"introduced", "became-unknown"},
    "changed": {"changed"},
    "renamed": {"renamed"},
    "became-unknown": {"became-known", "gone"},
    "became-known": {"became-unknown"},
}
OPPOSITE = {"weakened": "strengthened", "strengthened": "weakened", "changed": "changed", None: None}


def startup(*results, **keys):
    return snapshot(*results, phase=Phase.STARTUP, finished=MORNING, **keys)


def shutdown(*results, **keys):
    return snapshot(*results, phase=Phase.SHUTDOWN, **{"finished": EVENING, **keys})


def told(drift):
    return [(entry.name, entry.change, entry.direction, entry.before, entry.after) for entry in drift.entries]


def news(drift):
    return [entry.name for entry in drift.entries if not entry.told]


@SLOW
@given(snapshots)
def test_nothing_differs_from_itself(one):
    drift = compare(one, one)
    assert drift.entries == ()
    assert drift.notes == ()
    assert drift.unchanged_findings == len(one.findings)


@SLOW
@given(snapshots, snapshots)
def test_the_way_back_is_the_way_there_in_a_mirror(one, other):
    there = {(entry.plane, entry.name): entry for entry in compare(one, other).entries}
    back = {(entry.plane, entry.name): entry for entry in compare(other, one).entries}
    assert there.keys() == back.keys()
    for key, entry in there.items():
        mirror = back[key]
        assert mirror.change in MIRRORED[entry.change]
        assert mirror.direction == OPPOSITE[entry.direction]
        assert (mirror.before, mirror.after) == (entry.after, entry.before)


@SLOW
@given(snapshots, snapshots)
def test_a_thing_is_told_once(one, other):
    entries = [(entry.plane, entry.name) for entry in compare(one, other).entries]
    assert len(entries) == len(set(entries))
    fingerprints = [name for plane, name in entries if plane != "setting"]
    assert len(fingerprints) == len(set(fingerprints))


@SLOW
@given(snapshots, snapshots)
def test_what_cannot_be_told_is_never_gone_or_fixed(one, other):
    undecided = {unknown["fingerprint"] for unknown in other.unknowns}
    unread = {name for name, setting in other.settings.items() if setting.unknown}
    for entry in compare(one, other).entries:
        if entry.name in undecided | unread:
            assert entry.change not in {"fixed", "gone"}


@SLOW
@given(snapshots, snapshots, snapshots)
def test_news_is_what_the_sweep_in_between_did_not_see(one, between, other):
    drift = compare(one, other, told=between)
    since = compare(between, other)
    assert {entry.name for entry in drift.entries if not entry.told} == {entry.name for entry in since.entries}
    assert news(compare(one, other, told=other)) == []


def test_a_day_as_it_was():
    """Approvals go from 2 to 1 and an actor is let around: told at shutdown, and only once."""
    policy_ = policy("main-protected", "branch-protection")
    weak = found(policy_, control="approvals", subject="main", message="main asks for 1 approval", actual=1)
    morning = startup(result(of=policy_), settings={APPROVALS: 2, BYPASS: []})
    evening = shutdown(result(weak), settings={APPROVALS: 1, BYPASS: ["user:x"]})
    drift = compare(morning, evening)
    assert told(drift) == [
        (APPROVALS, "changed", "weakened", 2, 1),
        (BYPASS, "changed", "weakened", [], ["user:x"]),
        (weak.fingerprint, "introduced", "weakened", None, "main asks for 1 approval"),
    ]
    assert (drift.since, drift.since_phase, drift.since_snapshot) == (MORNING, Phase.STARTUP, hash_of(morning))
    assert drift.told_at is None

    again = shutdown(result(weak), settings={APPROVALS: 1, BYPASS: ["user:x"]}, finished=NIGHT)
    later = compare(morning, again, told=evening)
    assert news(later) == []
    assert len(later.entries) == 3
    assert (later.told_at, later.told_phase, later.told_snapshot) == (EVENING, Phase.SHUTDOWN, hash_of(evening))


def test_what_was_undone_after_it_was_told_is_news():
    morning, evening = startup(settings={APPROVALS: 2}), shutdown(settings={APPROVALS: 1})
    drift = compare(morning, shutdown(settings={APPROVALS: 2}, finished=NIGHT), told=evening)
    assert told(drift) == [(APPROVALS, "changed", "strengthened", 1, 2)]
    assert news(drift) == [APPROVALS]


def test_what_went_further_after_it_was_told_is_measured_from_there():
    morning, evening = startup(settings={APPROVALS: 2}), shutdown(settings={APPROVALS: 1})
    drift = compare(morning, shutdown(settings={APPROVALS: 0}, finished=NIGHT), told=evening)
    assert told(drift) == [(APPROVALS, "changed", "weakened", 1, 0)]


def test_weakened_comes_first():
    before = startup(
        settings={"branches/main/approvals": 1, "branches/main/linear_history": True, "branches/main/x": 1}
    )
    after = shutdown(
        settings={"branches/main/approvals": 2, "branches/main/linear_history": False, "branches/main/x": 2}
    )
    assert [entry.direction for entry in compare(before, after).entries] == ["weakened", "changed", "strengthened"]


def test_a_setting_that_became_unreadable_is_not_gone():
    before = startup(settings={APPROVALS: 2})
    after = shutdown(settings={APPROVALS: Setting(value=0, unknown="HTTP 403")})
    assert told(compare(before, after)) == [(APPROVALS, "became-unknown", None, 2, "HTTP 403")]
    assert told(compare(after, before)) == [(APPROVALS, "became-known", None, "HTTP 403", 2)]


def test_what_is_known_in_part_is_compared_only_where_the_same_part_is_hidden():
    before = startup(settings={APPROVALS: Setting(value=2, unknown="one layer")})
    other = shutdown(settings={APPROVALS: Setting(value=0, unknown="every layer")})
    same = shutdown(settings={APPROVALS: Setting(value=1, unknown="one layer")})
    assert compare(before, other).entries == ()
    assert [entry.change for entry in compare(before, same).entries] == ["changed"]


@pytest.mark.parametrize(
    ("status", "message", "change"),
    [
        (403, "Resource not accessible by personal access token", "became-unknown"),
        (404, "Not Found", "became-unknown"),
        (None, "timed out", "became-unknown"),
        (404, "Branch not protected", "gone"),
    ],
)
def test_a_setting_that_is_not_there_is_gone_only_where_the_answer_says_so(status, message, change):
    def answers(status, message):
        endpoint = "repos/o/r/branches/main/protection"
        return [Answer(endpoint=endpoint, status=status, message=message, body={} if status == 200 else None)]

    raw = "branches/main/protection/new_thing"
    before = startup(settings={APPROVALS: 2, raw: True}, answers=answers(200, ""))
    after = shutdown(settings={APPROVALS: 2}, answers=answers(status, message))
    [entry] = compare(before, after).entries
    assert (entry.name, entry.change) == (raw, change)


@pytest.mark.parametrize(
    ("before", "after", "title"),
    [
        ({}, {}, "bypass actors of ruleset 1000"),
        ({"rulesets/1000/name": "main"}, {}, 'bypass actors of ruleset "main" (1000)'),
        ({"rulesets/1000/name": "old"}, {"rulesets/1000/name": "new"}, 'bypass actors of ruleset "new" (1000)'),
    ],
)
def test_a_ruleset_is_told_by_its_name_where_that_is_known(before, after, title):
    name = "rulesets/1000/bypass_actors"
    drift = compare(startup(settings={name: [], **before}), shutdown(settings={name: ["deploy-key (always)"], **after}))
    assert [entry.title for entry in drift.entries if entry.name == name] == [title]


def test_a_branch_that_was_not_looked_at_is_one_entry():
    before = startup(settings={APPROVALS: 2, BYPASS: [], "rulesets/1/name": "x"})
    after = shutdown(settings={"rulesets/1/name": "x"})
    assert told(compare(before, after)) == [("branches/main", "became-unknown", None, "2 settings", "not looked at")]


def test_true_is_not_one():
    before, after = startup(settings={"rulesets/1/x": True}), shutdown(settings={"rulesets/1/x": 1})
    assert told(compare(before, after)) == [("rulesets/1/x", "changed", "changed", True, 1)]


def test_when_nearly_everything_vanishes_the_token_is_suspected():
    names = [f"branches/main/s{number}" for number in range(8)]
    before = startup(settings=dict.fromkeys(names, 1))
    after = shutdown(
        settings={name: Setting(value=None, unknown="HTTP 403") for name in names[:5]} | dict.fromkeys(names[5:], 1)
    )
    note = compare(before, after).suspect
    assert note.startswith("5 of the 8 settings that were read before")
    half = shutdown(
        settings={name: Setting(value=None, unknown="x") for name in names[:4]} | dict.fromkeys(names[4:], 1)
    )
    assert compare(before, half).suspect is None


def test_another_token_or_version_is_said():
    before = startup(tokens=["classic"], settings={APPROVALS: 2}, version="0.0.1")
    after = shutdown(tokens=[], settings={APPROVALS: 2, "branches/main/new": 1})
    drift = compare(before, after)
    assert drift.entries == ()
    assert drift.notes == (
        f"the two sweeps are of different versions of govcheck: 0.0.1, {after.govcheck}",
        "the two sweeps had different tokens: classic; now no token",
        "1 settings that the earlier version did not keep are not told as changes",
    )


def test_another_repository_is_refused():
    with pytest.raises(UsageError, match="is of o/other, this sweep of o/r"):
        compare(startup(repository="o/other"), shutdown())
    assert compare(startup(repository="O/R"), shutdown()).entries == ()


def changes(before, after):
    return [
        (entry.plane, entry.change, entry.direction) for entry in compare(startup(*before), shutdown(*after)).entries
    ]


STRAY = found()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([result()], [result(STRAY)], [("finding", "introduced", "weakened")]),
        ([result(STRAY)], [result()], [("finding", "fixed", "strengthened")]),
        ([result(STRAY)], [], [("finding", "gone", "changed")]),
        ([result(STRAY)], [result(outcome=Outcome.NOT_APPLICABLE)], [("finding", "gone", "changed")]),
        ([], [result(STRAY)], [("finding", "introduced", "changed")]),
        ([result(STRAY)], [result(STRAY)], []),
        ([result(found(actual=1))], [result(found(actual=2))], [("finding", "changed", None)]),
        ([result(found(actual=1))], [result(found(actual=True))], [("finding", "changed", None)]),
        ([result(found(message="x"))], [result(found(message="y"))], [("finding", "changed", None)]),
        ([result(found(message="3 days", actual=1))], [result(found(message="4 days", actual=1))], []),
        ([result(found(severity="note"))], [result(STRAY)], [("finding", "changed", None)]),
        (
            [result(STRAY)],
            [result(unknown(control="path", subject="a.md"))],
            [("finding", "became-unknown", None)],
        ),
        (
            [result(unknown(control="path", subject="a.md"))],
            [result(STRAY)],
            [("finding", "became-known", None)],
        ),
        (
            [result(STRAY)],
            [result(unknown(control="tracked paths", subject=""))],
            [("finding", "became-unknown", None), ("unknown", "became-unknown", None)],
        ),
        (
            [result(STRAY, unknown())],
            [result(unknown())],
            [("finding", "fixed", "strengthened")],
        ),
        ([result(unknown())], [result()], [("unknown", "became-known", None)]),
        ([result(unknown())], [], [("unknown", "gone", None)]),
        ([result()], [result(unknown())], [("unknown", "became-unknown", None)]),
    ],
)
def test_findings_and_unknowns(before, after, expected):
    assert changes(before, after) == expected


def test_words_alone_are_no_change_between_versions():
    before = startup(result(found(message="x")), version="0.0.1")
    assert compare(before, shutdown(result(found(message="y")))).entries == ()


def test_settings_of_a_branch_that_cannot_be_read_are_unknown():
    def refused(endpoint):
        return Answer(endpoint=endpoint, status=403, message="Resource not accessible by integration", body=None)

    branch = LiveBranch(
        branch="main",
        repository=refused("repos/o/r"),
        summary=refused("repos/o/r/branches/main"),
        protection=refused("repos/o/r/branches/main/protection"),
        rules=refused("repos/o/r/rules/branches/main"),
        rulesets=(),
    )
    settings_ = settings_of([branch])
    assert APPROVALS in settings_
    assert "403" in settings_[APPROVALS].unknown
    assert settings_of([]) == {}
