"""Work that was begun, by what GitHub answers."""

from datetime import UTC, datetime, timedelta

import pytest

from govcheck.facts.branches import LiveBranches
from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.facts.open_work import LiveOpenWork
from govcheck.findings import Finding, Judged, Undecided
from govcheck.rules.open_work import Drafts, OpenWork, branches, drafts

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def answer(body, status=200, **keys):
    return Answer(endpoint="repos/o/r/x", status=status, message="", body=body, **keys)


def tip(name, ago=5 * DAY, **target):
    who = {"name": "Mona", "user": {"login": "Mona"}}
    at = (NOW - ago).isoformat().replace("+00:00", "Z")
    commit = {"oid": "a" * 40, "committedDate": at, "committer": who, "author": who}
    return {"name": name, "target": commit | target}


def pull(head, number=1, **keys):
    whole = {"number": number, "head": {"ref": head, "repo": {"full_name": "o/r"}}, "base": {"ref": "main"}}
    return whole | keys


def work(*tips, pulls=(), protected=(), ahead=None, total=None):
    page = {"html_url": "https://github.com/o/r", "full_name": "o/r", "default_branch": "main"}
    nodes = [tip("main"), *tips]
    opened = pulls if isinstance(pulls, Answer) else answer(list(pulls))
    guarded = protected if isinstance(protected, Answer) else answer([{"name": name} for name in protected])
    refs = answer({"totalCount": len(nodes) if total is None else total, "nodes": nodes})
    found = LiveBranches(repository=answer(page), refs=refs, protected=guarded, pulls=opened)
    told = {name: one if isinstance(one, Answer) else answer({"ahead_by": one}) for name, one in (ahead or {}).items()}
    return LiveOpenWork(branches=found, comparisons=tuple(told.items()))


def said(check, fact, **keys):
    found = check.judge(OpenWork(id="w", **keys), fact, Now(NOW))
    return [(type(one), one.control, one.subject) for one in found if not isinstance(one, Judged)]


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (work(tip("a"), ahead={"a": 3}), [(Finding, "ahead", "a")]),
        (work(tip("a"), ahead={"a": 0}), []),
        (work(tip("a", DAY), ahead={"a": 3}), []),
        (work(tip("a"), pulls=[pull("a")]), []),
        (work(tip("a"), protected=["a"]), []),
        (work(tip("release/1")), []),
        (work(tip("a")), [(Undecided, "ahead", "unread")]),
        (work(tip("a"), ahead={"a": answer(None, 404)}), [(Undecided, "ahead", "a")]),
        (work(tip("a"), ahead={"a": answer({"ahead_by": "3"})}), [(Undecided, "ahead", "a")]),
        (work(tip("a"), ahead={"a": answer({})}), [(Undecided, "ahead", "a")]),
        (work(tip("a", committedDate=None)), [(Undecided, "ahead", "a")]),
        (work(tip("a"), pulls=answer(None, 403)), [(Undecided, "ahead", "branches")]),
        (work(tip("a"), protected=answer(None, 403)), [(Undecided, "branches", "unread")]),
        (work(total=9), [(Undecided, "branches", "unread")]),
    ],
    ids=[
        *("ahead", "merged", "young", "pull-request", "protected", "kept", "not-compared", "refused", "odd", "silent"),
        *("undated", "no-pulls", "no-protection", "cut"),
    ],
)
def test_branches_that_are_ahead_without_a_pull_request(fact, expected):
    assert said(branches, fact, ahead_for="2d", keep=("release/**",)) == expected


def test_what_is_said_of_one():
    policy, fact = OpenWork(id="w", ahead_for="2d"), work(tip("a/b"), ahead={"a/b": 1})
    (found,) = (one for one in branches.judge(policy, fact, Now(NOW)) if isinstance(one, Finding))
    assert found.message == "a/b is 1 commit ahead and has no pull request: the newest is of 2026-11-22, by user:mona"
    assert found.location.url == "https://github.com/o/r/tree/a/b"
    assert (found.expected, found.actual) == ("2d", "5 days")


def test_names_of_branches():
    found = work(tip("agent/qa/1"), tip("agent/qa"), tip("fix-it", DAY), tip("guarded"), protected=["guarded"])
    assert said(branches, found, names=("agent/*/**",)) == [(Finding, "name", "agent/qa"), (Finding, "name", "fix-it")]
    unknown = work(tip("fix-it"), protected=answer(None, 500))
    assert said(branches, unknown, names=("agent/**",)) == [(Undecided, "branches", "unread")]


def draft(body, ago=DAY, **keys):
    at = (NOW - ago).isoformat().replace("+00:00", "Z")
    return pull("a", draft=True, body=body, created_at=at, html_url="https://github.com/o/r/pull/1", **keys)


DECLARED = "Allowed paths:\n- `app/**`\n"


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (work(pulls=[draft(DECLARED)]), []),
        (work(pulls=[draft(DECLARED.replace("\n", "\r\n"))]), []),
        (work(pulls=[draft(None)]), [(Finding, "draft_paths", "#1")]),
        (work(pulls=[draft(f"```\n{DECLARED}```")]), [(Finding, "draft_paths", "#1")]),
        (work(pulls=[draft("```\n" * 10_923 + DECLARED)]), [(Finding, "draft_paths", "#1")]),
        (work(pulls=[draft(DECLARED, 8 * DAY)]), [(Finding, "draft_age", "#1")]),
        (work(pulls=[pull("a")]), []),
        (work(pulls=answer(None, 403)), [(Undecided, "drafts", "unread")]),
        (work(pulls=answer({})), [(Undecided, "drafts", "unread")]),
        (work(pulls=[draft(DECLARED) | {"created_at": "soon"}]), [(Undecided, "drafts", "unread")]),
        (work(pulls=answer([draft(DECLARED)], complete=False)), [(Undecided, "drafts", "unread")]),
    ],
)
def test_drafts(fact, expected):
    assert said(drafts, fact, drafts=Drafts(max_age="7d", declare_paths=True)) == expected


def test_what_is_refused():
    policy = OpenWork(id="w", ahead_for="soon", drafts=Drafts(max_age="1"), names=("a**b",), keep=("a**b",))
    assert [place for place, _ in policy.problems()] == [
        ("ahead_for",),
        ("drafts", "max_age"),
        ("names", 0),
        ("keep", 0),
    ]
