"""Evidence: files, times and changes in; what is missing, old or empty out."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.documents.dated_names import instant_of
from govcheck.documents.places import Place
from govcheck.errors import PolicyError
from govcheck.facts import Missing
from govcheck.facts.change import AddedLines, Change, ChangedPath, ChangeType
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, Tree
from govcheck.findings import Finding, Held, Judged, Reason, Undecided
from govcheck.registry import kind
from govcheck.rules.evidence import EvidencePolicy, at_shutdown, fresh, in_change
from govcheck.sources.data_files import read_data_files
from govcheck.sources.policy_files import PolicySource, load_policies

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TOO_LARGE = Missing(reason=Reason.UNPARSEABLE, message="100 MB")
SHALLOW = Missing(reason=Reason.MISSING_OBJECT, message="the clone is shallow")


def said(files, commits=None, now=NOON, **keys):
    contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    policy = EvidencePolicy(id="p", **keys)
    tree = Tree(dict.fromkeys(contents, "100644"))
    found = fresh.judge(policy, tree, Blobs(contents), read_data_files(contents), LastCommits(commits or {}), Now(now))
    return [one for one in found if not isinstance(one, Judged)]


def subjects(*given, **keys):
    return [(one.control, one.subject) for one in said(*given, **keys)]


FEEDBACK = {"file": "feedback/{role}/{date}.md", "roles": ("qa", "ads"), "max_age": "today"}


@pytest.mark.parametrize(
    ("paths", "missing"),
    [
        (["feedback/qa/2026-03-10.md", "feedback/ads/2026-03-10.md"], []),
        (["feedback/qa/2026-03-10.md", "feedback/ads/2026-03-09.md"], ["ads"]),
        (["feedback/qa/2026-03-11.md", "feedback/ads/2026-03-10-notes.md"], ["qa", "ads"]),
        (["feedback/qa/2026-03-10.md", "feedback/qa/2026-01-01.md", "feedback/ads/x/2026-03-10.md"], ["ads"]),
        ([], ["qa", "ads"]),
    ],
)
def test_each_role_has_a_file_of_today(paths, missing):
    assert subjects(dict.fromkeys(paths, ""), **FEEDBACK) == [
        ("evidence", f"feedback/{role}/{{date}}.md") for role in missing
    ]


@pytest.mark.parametrize(("zone", "hour", "found"), [("America/Los_Angeles", 6, 0), ("UTC", 6, 1), ("UTC", 0, 1)])
def test_days_begin_in_their_time_zone(zone, hour, found):
    now = datetime(2026, 3, 11, hour, tzinfo=UTC)
    keys = {"file": "a/{date}.md", "max_age": "today", "timezone": zone}
    assert len(said({"a/2026-03-10.md": ""}, now=now, **keys)) == found


@pytest.mark.parametrize(
    ("name", "path", "max_age", "old"),
    [
        ("r/{date}.md", "r/2025-12-08.md", "92d", False),
        ("r/{date}.md", "r/2025-12-07.md", "91d", True),
        ("r/{day}-*.md", "r/20260309-x.md", "12h", False),
        ("r/{timestamp}.log", "r/20260310T115900Z.log", "1m", False),
        ("r/{timestamp}.log", "r/20260310T115859Z.log", "1m", True),
    ],
)
def test_a_day_counts_to_its_end(name, path, max_age, old):
    assert [one.control for one in said({path: ""}, file=name, max_age=max_age)] == ["evidence"] * old


def test_a_date_that_does_not_exist():
    assert subjects({"r/2026-02-31.md": ""}, file="r/{date}.md", max_age="1d") == [
        ("time", "r/2026-02-31.md"),
        ("evidence", "r/{date}.md"),
    ]


def test_the_roles_of_a_list():
    keys = {**FEEDBACK, "roles": (), "roles_from": Place(file="R.md", list_below="Agents")}
    files = {"R.md": "# Agents\n\n- `qa`\n- ads\n", "feedback/qa/2026-03-10.md": ""}
    assert subjects(files, **keys) == [("evidence", "feedback/ads/{date}.md")]
    for files, expected in [({}, Finding), ({"R.md": "- qa"}, Finding), ({"R.md": TOO_LARGE}, Undecided)]:
        (found,) = said(files, **keys)
        assert (type(found), found.control) == (expected, "roles")
    data = {**keys, "roles_from": Place(file="r.json", at="agents.*.id")}
    assert subjects({"r.json": '{"agents": [{"id": "a[b"}, {"id": "c?d"}]}'}, **data) == [
        ("evidence", "feedback/a[b/{date}.md"),
        ("evidence", "feedback/c?d/{date}.md"),
    ]


HEARTBEAT = {"file": "h.json", "time_at": "ts", "max_age": "6m"}


@pytest.mark.parametrize(
    ("text", "controls"),
    [
        ('{"ts": "2026-03-10T11:54:00Z"}', []),
        ('{"ts": "2026-03-10T06:55:00-05:00"}', []),
        ('{"ts": "2026-03-10T11:54:00"}', []),
        ('{"ts": 1773143640}', []),
        ('{"ts": "2026-03-10T11:53:59Z"}', ["evidence"]),
        ('{"ts": "2099-01-01T00:00:00Z"}', ["evidence"]),
        ('{"ts": "soon"}', ["time", "evidence"]),
        ('{"ts": true}', ["time", "evidence"]),
        ('{"ts": 1e300}', ["time", "evidence"]),
        ('{"ts": null', ["time", "evidence"]),
        ("{}", ["time", "evidence"]),
    ],
)
def test_a_time_within_json(text, controls):
    assert [one.control for one in said({"h.json": text}, **HEARTBEAT)] == controls


def test_the_newest_line_of_a_log_counts():
    lines = [{"ts": "2026-03-10T11:59:00Z"}, {"ts": "2026-03-10T10:00:00Z"}]
    text = "\n".join(map(json.dumps, lines))
    assert said({"h.ndjson": text}, **{**HEARTBEAT, "file": "*.ndjson"}) == []


def test_what_is_too_large_is_unknown():
    assert [type(one) for one in said({"h.json": TOO_LARGE}, **HEARTBEAT)] == [Undecided]


def test_else_the_newest_commit_counts():
    keys = {"file": "*.md", "max_age": "1d"}
    day = timedelta(days=1)
    assert said({"a.md": "", "b.md": ""}, {"a.md": NOON - day, "b.md": NOON - 9 * day}, **keys) == []
    assert subjects({"a.md": ""}, {"a.md": NOON - day - day}, **keys) == [("evidence", "*.md")]
    for commits in ({}, {"a.md": SHALLOW}):
        assert [type(one) for one in said({"a.md": ""}, commits, **keys)] == [Undecided]
    old = {"a.md": SHALLOW, "b.md": NOON - 9 * day}
    assert [type(one) for one in said({"a.md": "", "b.md": ""}, old, **keys)] == [Undecided]


def test_what_it_contains():
    keys = {"file": "{date}.md", "max_age": "today", "contains": ("WORK COMPLETE - READY FOR PR", "Self-grade")}
    assert said({"2026-03-10.md": "**Work complete \u2010 ready\nfor PR**\n_Self\u2010grade_"}, **keys) == []
    assert subjects({"2026-03-10.md": "WORK COMPLETE - READY FOR PR"}, **keys) == [
        ("content", "2026-03-10.md: Self-grade")
    ]
    assert [type(one) for one in said({"2026-03-10.md": TOO_LARGE}, **keys)] == [Undecided]
    assert subjects({"2026-03-09.md": ""}, **keys) == [("evidence", "{date}.md")]


RECORDS = {"file": "*.jsonl", "max_age": "1d", "records": ("tool", "id")}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('{"tool": "a", "id": "b"}\n{"tool": "a", "id": "c", "x": 1}', []),
        ('{"tool": "a", "id": "b"}\n\n{"tool": " ", "id": 1}', [("a.jsonl: 2", 3)]),
        ('[{"tool": "a", "id": "b"}, {}]', [("a.jsonl: 2", 1)]),
        ("1", [("a.jsonl: 1", 1)]),
        ("", [("a.jsonl: 0", None)]),
        ("{", [("a.jsonl", 1)]),
    ],
)
def test_every_record_is_whole(text, wrong):
    found = said({"a.jsonl": text}, {"a.jsonl": NOON}, **RECORDS)
    assert [(one.subject, one.location.line) for one in found] == wrong


def test_days_on_which_it_is_not_due():
    for now, held in [(NOON, Finding), (NOON - timedelta(days=2), Held)]:
        (found,) = said({}, now=now, file="{date}.md", max_age="today", days="mon-fri")
        assert type(found) is held


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"t.json": '{"tasks": [{"id": 1, "status": "doing"}]}'}, Finding),
        ({"t.json": '{"tasks": [{"id": 1, "status": "done"}]}'}, Held),
        ({}, Held),
        ({"t.json": TOO_LARGE}, Undecided),
    ],
)
def test_it_is_due_while_a_place_says_something(files, kind):
    place = Place(file="t.json", at="tasks.[status=doing].id")
    assert [type(one) for one in said(files, **HEARTBEAT, while_=place)] == [kind]


def test_phases_are_asked_for_by_name():
    checks = {check.name: check for check in kind("evidence").checks}
    for phases, called in [((), "fresh"), (("startup",), "at_startup"), (("shutdown",), "at_shutdown")]:
        policy = EvidencePolicy(id="p", file="a", max_age="1d", phases=phases)
        assert [name for name, check in checks.items() if check.calls(policy)] == [called]
    assert at_shutdown is checks["at_shutdown"]


CHANGE = {"file": "artifacts/**/*.jsonl", "when": ("app/**",)}
WHOLE = b'{"tool": "a", "id": "b"}'


def by_change(paths, added, **keys):
    types = {"+": ChangeType.ADD, "~": ChangeType.MODIFY, "-": ChangeType.DELETE}
    entries = tuple(
        ChangedPath(type=types[mark], path=path, mode=None if mark == "-" else "100644", previous_mode=None)
        for mark, path in (each.split(maxsplit=1) for each in paths)
    )
    policy = EvidencePolicy(id="p", **CHANGE, **keys)
    found = in_change.judge(policy, Change(entries), AddedLines(added))
    return [(one.control, one.subject) for one in found if not isinstance(one, Judged)]


OLD = "artifacts/a/old.jsonl"


@pytest.mark.parametrize(
    ("paths", "added", "expected"),
    [
        (["~ docs/a.md"], {}, []),
        (["~ app/a.ts"], {}, [("in-change", CHANGE["file"])]),
        (["- app/a.ts"], {}, [("in-change", CHANGE["file"])]),
        (["~ app/a.ts", f"- {OLD}"], {}, [("in-change", CHANGE["file"])]),
        (["~ app/a.ts", f"~ {OLD}"], {OLD: ()}, [("in-change", CHANGE["file"])]),
        (["~ app/a.ts", f"+ {OLD}"], {OLD: ((1, WHOLE),)}, []),
        (["~ app/a.ts", f"~ {OLD}"], {OLD: SHALLOW}, [("content", OLD)]),
    ],
)
def test_a_change_brings_its_evidence(paths, added, expected):
    assert by_change(paths, added) == expected


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (((3, WHOLE),), []),
        (((3, b" "), (4, WHOLE)), []),
        (((2, b'{"tool": "a"}'),), [("record", f"{OLD}: 1")]),
        (((2, b'{"tool": "a", "id": 1}'), (3, WHOLE)), [("record", f"{OLD}: 1")]),
        (((2, b'{"tool"'),), [("record", f"{OLD}: 1")]),
        (((2, b'"tool"'),), [("record", f"{OLD}: 1")]),
        (((2, b'"tool"' + b"[" * 100_000),), [("record", f"{OLD}: 1")]),
        (((2, b""),), [("content", f"{OLD}: tool"), ("record", f"{OLD}: 0")]),
    ],
)
def test_only_what_the_change_adds_proves_anything(rows, told):
    paths = ["~ app/a.ts", f"~ {OLD}"]
    assert by_change(paths, {OLD: rows}, records=("tool", "id"), contains=("tool",)) == told


@given(st.integers(200_000_000, 4_000_000_000), st.sampled_from([0, 90, -330]))
def test_an_instant_is_read_as_it_is_written(seconds, minutes):
    moment = datetime.fromtimestamp(seconds, UTC)
    local = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert instant_of(local.isoformat()) == instant_of(seconds) == instant_of(seconds * 1000) == moment
    assert instant_of(moment.isoformat().replace("+00:00", "Z")) == moment


@given(st.integers(0, 400), st.integers(1, 200))
def test_evidence_only_grows_older(days, allowed):
    keys = {"file": "{date}.md", "max_age": f"{allowed}d"}
    later = [said({"2026-03-10.md": ""}, now=NOON + timedelta(days=one), **keys) for one in (days, days + 1)]
    assert len(later[0]) <= len(later[1])
    assert bool(later[0]) == (days - 0.5 > allowed)


@pytest.mark.parametrize(
    "keys",
    [
        "file: a",
        "file: '{agent}', max_age: 1d",
        "file: '[', max_age: 1d",
        "file: a, max_age: 0d",
        "file: a, max_age: 1d, roles: [b]",
        "file: '{role}', max_age: 1d",
        "file: '{role}', max_age: 1d, roles: [b], roles_from: {file: a.json, at: b}",
        "file: '{date}', max_age: 1d, time_at: ts",
        "file: a, max_age: 1d, timezone: PST",
        "file: a, max_age: 1d, days: someday",
        "file: a, max_age: 1d, while: {file: a}",
        "file: a, max_age: 1d, contains: ['**']",
        "file: a, when: ['[']",
        "file: a.json, when: [b], records: [c]",
    ],
)
def test_policies_that_mean_nothing(keys):
    with pytest.raises(PolicyError):
        load_policies([PolicySource("p.yaml", f"{{kind: evidence, id: p, {keys}}}".encode())])
