"""Branches that nobody works on any more, by what GitHub answers and by what a clone remembers."""

from datetime import UTC, datetime, timedelta

import pytest

from govcheck.facts.branches import LiveBranches, RemoteBranch, RemoteBranches
from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.findings import Finding, Held, Judged, Reason, Undecided
from govcheck.rules.stale_branches import StaleBranches, live, tracked

NOW = Now(datetime(2026, 11, 27, 12, tzinfo=UTC))
SHA = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d"
POLICY = StaleBranches(id="old", older_than="14d", keep=("release/**",))


def ago(**length):
    return (NOW.instant - timedelta(**length)).isoformat().replace("+00:00", "Z")


def tip(name, committed=None, login="Mona", **target):
    who = {"name": "Mona Lisa", "user": {"login": login} if login else None}
    commit = {"oid": SHA, "committedDate": committed or ago(days=40), "committer": who, "author": who}
    return {"name": name, "target": commit | target}


def answer(endpoint, body, status=200, message="", **keys):
    return Answer(endpoint=endpoint, status=status, message=message, body=body, **keys)


def branches(*tips, total=None, protected=(), pulls=(), default="main", **keys):
    nodes = [tip("main"), *tips]
    page = {"html_url": "https://github.com/octo/app", "full_name": "octo/app", "default_branch": default}
    refs = answer("graphql", {"totalCount": len(nodes) if total is None else total, "nodes": nodes})
    listed = protected if isinstance(protected, Answer) else answer("branches", [{"name": name} for name in protected])
    opened = pulls if isinstance(pulls, Answer) else answer("pulls", list(pulls))
    return LiveBranches(
        repository=answer("repos/octo/app", page), refs=keys.get("refs", refs), protected=listed, pulls=opened
    )


def pull(head, base="main", repository="octo/app"):
    return {"number": 1, "head": {"ref": head, "repo": {"full_name": repository}}, "base": {"ref": base}}


def said(found, policy=POLICY):
    return [one for one in live.judge(policy, found, NOW) if not isinstance(one, Judged)]


@pytest.mark.parametrize(
    ("found", "stale"),
    [
        (branches(tip("old")), ["old"]),
        (branches(tip("young", ago(days=14))), []),
        (branches(tip("just-over", ago(days=14, seconds=1))), ["just-over"]),
        (branches(tip("release/1"), tip("release/a/b"), tip("released")), ["released"]),
        (branches(tip("guarded"), protected=["guarded"]), []),
        (branches(tip("worked-on"), pulls=[pull("worked-on")]), []),
        (branches(tip("stack"), pulls=[pull("other", "stack")]), []),
        (branches(tip("same-name"), pulls=[pull("same-name", repository="stranger/app")]), ["same-name"]),
        (branches(tip("gone"), pulls=[pull("gone") | {"head": {"ref": "gone", "repo": None}}]), ["gone"]),
        (branches(), []),
    ],
    ids=["old", "young", "edge", "keep", "protected", "pull-request", "base", "fork", "no-fork", "only-main"],
)
def test_which_branches_are_stale(found, stale):
    assert [(one.control, one.subject) for one in said(found)] == [("stale", name) for name in stale]


def test_what_is_said_of_one():
    (found,) = said(branches(tip("feature/it's; rm -rf ~")))
    assert found.message == (
        "feature/it's; rm -rf ~ has had no commit for 40 days: the newest is of 2026-10-18, by user:mona"
    )
    assert found.actual == {"committed_at": "2026-10-18T12:00:00Z", "owner": "user:mona"}
    assert found.fix.command == (
        f"git push '--force-with-lease=refs/heads/feature/it'\"'\"'s; rm -rf ~:{SHA}' "
        "origin ':refs/heads/feature/it'\"'\"'s; rm -rf ~'"
    )
    assert found.location.url == "https://github.com/octo/app/branches"


@pytest.mark.parametrize(
    ("target", "owner"),
    [
        ({}, "user:mona"),
        ({"committer": {"name": "Nobody's account", "user": None}}, "Nobody's account"),
        ({"committer": {"name": "GitHub", "user": {"login": "web-flow"}}}, "user:mona"),
        ({"committer": {"name": "GitHub", "user": None}}, "user:mona"),
        ({"committer": None}, "somebody without a name"),
    ],
)
def test_whose_it_is(target, owner):
    (found,) = said(branches(tip("old", **target)))
    assert found.actual["owner"] == owner


NO_PULLS = answer(
    "repos/octo/app/pulls", None, 403, "Resource not accessible by integration", permission="pull_requests:read"
)
HALF = answer("branches", [{"name": "guarded"}], complete=False, message="server error 502")
FORBIDDEN = answer(
    "graphql", None, 200, "Resource not accessible by integration", complete=False, permission="contents:read"
)


UNREAD = [("branches", "unread", Reason.UNPARSEABLE)]
NO_NETWORK = answer("graphql", None, None, "no route", failure="network")


def listed(total, *nodes):
    return branches(refs=answer("graphql", {"totalCount": total, "nodes": list(nodes)}))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (branches(tip("old"), pulls=NO_PULLS), [("stale", "branches", Reason.PERMISSION)]),
        (branches(tip("young", ago(days=1)), pulls=NO_PULLS), []),
        (branches(tip("old"), tip("guarded"), protected=HALF), [("stale", "branches", Reason.API_ERROR)]),
        (branches(tip("old"), protected=answer("branches", {})), [("stale", "branches", Reason.UNPARSEABLE)]),
        (branches(refs=FORBIDDEN), [("branches", "unread", Reason.PERMISSION)]),
        (branches(refs=NO_NETWORK), [("branches", "unread", Reason.API_ERROR)]),
        (listed(0), UNREAD),
        (listed("many"), UNREAD),
        (listed(1, {"name": None}), UNREAD),
        (branches(total=3), UNREAD),
        (branches(tip("old"), default="trunk"), [*UNREAD, ("stale", "main", None), ("stale", "old", None)]),
        (branches({"name": "odd", "target": None}), [("stale", "odd", Reason.UNPARSEABLE)]),
        (branches({"name": "release/odd", "target": None}), []),
        (branches(tip("odd", "last week")), [("stale", "odd", Reason.UNPARSEABLE)]),
        (branches(tip("tomorrow", ago(days=-2))), [("stale", "tomorrow", Reason.UNPARSEABLE)]),
        (branches(tip("clocks", ago(hours=-3))), []),
    ],
    ids=[
        "no-pulls",
        "young",
        "half",
        "shape",
        "forbidden",
        "network",
        "empty",
        "count",
        "no-name",
        "short",
        "no-default",
        "no-commit",
        "kept",
        "date",
        "future",
        "clocks",
    ],
)
def test_what_cannot_be_told_is_unknown(found, expected):
    assert [(one.control, one.subject, getattr(one, "reason", None)) for one in said(found)] == expected


def test_what_may_be_kept_is_one_unknown():
    (one,) = said(branches(*(tip(f"old/{number}") for number in range(7)), pulls=NO_PULLS))
    assert one.message == (
        "7 branches are old (old/0, old/1, old/2, old/3, old/4 and 2 more), and whether anything protects them, "
        "or a pull request uses them, could not be told: "
        "repos/octo/app/pulls answered 403: Resource not accessible by integration"
    )


def test_what_is_left_unread_is_said_and_what_was_read_stands():
    refs = answer(
        "graphql", {"totalCount": 5200, "nodes": [tip("main"), tip("old")]}, complete=False, message="a bound"
    )
    unread, found = said(branches(refs=refs))
    assert unread.message == "5198 of 5200 branches were left unread: a bound"
    assert (found.subject, isinstance(found, Finding)) == ("old", True)


def remote(name, days=40, **keys):
    made = {"commit": SHA, "committed_at": NOW.instant - timedelta(days=days), "owner": "Mona Lisa"} | keys
    return RemoteBranch(name=name, **made)


def test_a_clone_warns_of_what_it_remembers_and_says_how_old_that_is():
    fetched = datetime(2026, 11, 1, tzinfo=UTC)
    known = (remote("main"), remote("old"), remote("young", 3), remote("release/1"), remote("odd", committed_at=None))
    judged, held, found, odd = tracked.judge(
        POLICY, RemoteBranches(branches=known, default="main", fetched_at=fetched), NOW
    )
    assert judged == Judged(5)
    assert isinstance(held, Held)
    assert held.message == (
        "these are the remote-tracking branches of this clone, last fetched on 2026-11-01: --live asks GitHub"
    )
    assert (found.subject, found.severity, found.plane) == ("old", "warning", "repo")
    assert found.message.endswith("by Mona Lisa (as this clone has it, which may be old)")
    assert (odd.subject, isinstance(odd, Undecided)) == ("odd", True)


def test_a_clone_does_not_believe_a_date_to_come():
    known = RemoteBranches(branches=(remote("x", -9),), default=None, fetched_at=None)
    _, held, odd = tracked.judge(POLICY, known, NOW)
    assert "nobody knows how old" in held.message
    assert odd.reason is Reason.UNPARSEABLE


@pytest.mark.parametrize(
    ("keys", "path", "says"),
    [
        ({"older_than": "two weeks"}, ("older_than",), "write it like 14d"),
        ({"older_than": "14d", "keep": ("a**",)}, ("keep", 0), "`a**`"),
    ],
)
def test_what_a_policy_cannot_say(keys, path, says):
    ((where, what),) = StaleBranches(id="a", **keys).problems()
    assert where == path
    assert says in what
