"""Policies change only with a review: literals in, findings out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.change import Change, ChangedPath, ChangeType
from govcheck.facts.live import Answer
from govcheck.facts.policy_changes import PolicyChange, PolicyChanges
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.reviews import PullRequestReviews, TeamMembers
from govcheck.facts.tree import Blobs, TrackedFiles
from govcheck.findings import Finding, Held, Judged, Reason, Undecided
from govcheck.registry import kind
from govcheck.rules.policy_change import PolicyChangePolicy, demanded, owned, reviewed, weakening
from live_branches import classic, hidden, live, not_protected, protection_answer, refused, reviews

HOME = ".github/CODEOWNERS"
NEW, OLD = "b" * 40, "a" * 40
PULL = PullRequest(
    number=7,
    title="",
    body="",
    author="author",
    draft=False,
    base_branch="main",
    base_commit=OLD,
    head_branch="x",
    head_commit=NEW,
    from_fork=False,
    labels=(),
)


def policy(**keys):
    return PolicyChangePolicy(id="owners", **keys)


def without_counts(said):
    return [one for one in said if not isinstance(one, Judged)]


def ownership(text, *paths, **keys):
    files = {HOME: text.encode()} if text is not None else {}
    tree = TrackedFiles(dict.fromkeys((*files, *paths), "100644"))
    return without_counts(owned.judge(policy(**keys), tree, Blobs(files)))


def test_every_policy_and_codeowners_itself_need_an_owner():
    said = ownership("/policies/ @boss\n/policies/b.yaml\n", "policies/a.yaml", "policies/b.yaml", "src/x.py")
    assert [(one.subject, one.location.path, one.location.line) for one in said] == [
        ("policies/b.yaml", HOME, 2),
        (HOME, HOME, 1),
    ]
    assert "takes its owners off" in said[0].message
    assert ownership("/policies/ @boss\n/.github/ @boss\n", "policies/a.yaml") == []


def test_without_codeowners_nobody_owns_anything():
    (said,) = ownership(None, "policies/a.yaml", "README.md")
    assert isinstance(said, Finding)
    assert (said.subject, said.location.path, "no CODEOWNERS file" in said.message) == (
        "policies/a.yaml",
        "policies/a.yaml",
        True,
    )


def test_an_owner_who_is_no_reviewer_is_told():
    lines = "* @Boss @octo/Gov\n"
    assert ownership(lines, "policies/a.yaml", reviewers=("user:boss", "team:octo/gov")) == []
    said = ownership(lines, "policies/a.yaml", reviewers=("user:boss",))
    assert {one.subject for one in said} == {HOME, "policies/a.yaml"}
    assert "@octo/Gov" in said[0].message
    (doubt, _) = ownership("* boss@example.com\n", "policies/a.yaml", reviewers=("user:boss",))
    assert isinstance(doubt, Undecided)


def test_a_codeowners_that_is_not_text_is_unknown():
    said = ownership("* @boss\n\0", "policies/a.yaml")
    assert [type(one) for one in said] == [Undecided]


def branch_with(**keys):
    return live(protection=protection_answer(classic(required_pull_request_reviews=reviews(**keys))))


def test_the_branch_has_to_demand_the_review():
    owners = branch_with(require_code_owner_reviews=True)
    assert without_counts(demanded.judge(policy(), owners)) == []
    (said,) = without_counts(demanded.judge(policy(), branch_with()))
    assert (said.control, said.direction) == ("code_owner_reviews", "weakened")
    (said,) = without_counts(demanded.judge(policy(approvals=3), owners))
    assert said.control == "approvals"
    (said,) = without_counts(demanded.judge(policy(), live(protection=not_protected())))
    assert isinstance(said, Finding)
    (said,) = without_counts(demanded.judge(policy(), live(protection=hidden())))
    assert (type(said), said.reason) == (Undecided, Reason.PERMISSION)


def change(*paths, **moved):
    kinds = [ChangedPath(type=ChangeType.MODIFY, path=path, mode="100644", previous_mode="100644") for path in paths]
    for new, old in moved.items():
        kinds.append(
            ChangedPath(type=ChangeType.RENAME, path=new, previous_path=old, mode="100644", previous_mode="100644")
        )
    return Change(tuple(kinds))


def listed(*given, status=200, complete=True, endpoint="repos/o/r/pulls/7/reviews"):
    body = [
        {"id": number, "user": {"login": login}, "state": state, "commit_id": commit}
        for number, (login, state, commit) in enumerate(given, 1)
    ]
    return Answer(endpoint=endpoint, status=status, message="", body=body, complete=complete)


def judge(*given, paths=("policies/a.yaml",), branch=None, answer=None, teams=(), pull=PULL, **keys):
    fact = PullRequestReviews("author", answer or listed(*given))
    keys = {"reviewers": ("user:boss",), **keys}
    branch = branch or branch_with()
    return without_counts(reviewed.judge(policy(**keys), change(*paths), pull, fact, TeamMembers(teams), branch))


def word(*given, **keys):
    (said,) = judge(*given, **keys)
    return type(said)


def test_a_change_of_something_else_is_nobodys_business():
    assert judge(paths=("src/x.py",)) == []


def test_both_sides_of_a_rename_count():
    fact = PullRequestReviews("author", listed())
    moved = change(**{"old/a.yaml": "policies/a.yaml"})
    (said,) = without_counts(
        reviewed.judge(policy(reviewers=("user:boss",)), moved, PULL, fact, TeamMembers(), branch_with())
    )
    assert (type(said), said.location.path) == (Finding, "policies/a.yaml")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), Finding),
        ((("boss", "APPROVED", NEW),), Held),
        ((("Boss", "APPROVED", NEW),), Held),
        ((("stranger", "APPROVED", NEW),), Finding),
        ((("boss", "APPROVED", NEW), ("boss", "COMMENTED", NEW)), Held),
        ((("boss", "APPROVED", NEW), ("boss", "CHANGES_REQUESTED", NEW)), Finding),
        ((("boss", "CHANGES_REQUESTED", NEW), ("boss", "APPROVED", NEW)), Held),
        ((("boss", "DISMISSED", NEW),), Finding),
        ((("boss", "APPROVED", OLD),), Finding),
        ((("boss", "PENDING", NEW),), Finding),
    ],
)
def test_the_latest_word_of_each_reviewer_counts(given, expected):
    assert word(*given) is expected


def test_nobody_approves_what_is_their_own():
    assert word(("author", "APPROVED", NEW), reviewers=("user:author",)) is Finding


def test_an_older_approval_counts_where_the_branch_does_not_dismiss_it():
    old = ("boss", "APPROVED", OLD)
    (said,) = judge(old, branch=branch_with(dismiss_stale_reviews=False))
    assert (type(said), "does not dismiss stale reviews" in said.message) == (Held, True)
    (said,) = judge(old)
    assert (type(said), "does not count as the branch dismisses" in said.message) == (Finding, True)
    assert word(old, branch=live(protection=hidden())) is Undecided
    assert word(old, branch=branch_with(dismiss_stale_reviews=False), pull=replaced(base_branch="next")) is Undecided


def replaced(**keys):
    return PullRequest(**({name: getattr(PULL, name) for name in PullRequest.__record__} | keys))


def test_a_branch_that_demands_the_review_needs_none_yet():
    demanding = branch_with(require_code_owner_reviews=True)
    assert word(branch=demanding) is Held
    assert word(branch=demanding, pull=replaced(base_branch="next")) is Finding


def test_without_reviewers_somebody_has_to_demand_it():
    (said,) = judge(("boss", "APPROVED", NEW), reviewers=())
    assert (type(said), "names no `reviewers`" in said.message) == (Finding, True)


def test_what_cannot_be_read_is_unknown():
    forbidden = refused(
        "repos/o/r/pulls/7/reviews", 403, "Resource not accessible by integration", "pull_requests:read"
    )
    (said,) = judge(answer=forbidden)
    assert (type(said), said.permission) == (Undecided, "pull_requests:read")
    assert word(answer=listed(("boss", "APPROVED", NEW), complete=False)) is Undecided
    assert word(answer=Answer(endpoint="x", status=200, message="", body={"a": 1})) is Undecided


def test_members_of_a_team_count():
    team = ("octo/gov", Answer(endpoint="orgs/octo/teams/gov/members", status=200, message="", body=[{"login": "Ann"}]))
    assert word(("ann", "APPROVED", NEW), reviewers=("team:octo/gov",), teams=(team,)) is Held
    assert word(("eve", "APPROVED", NEW), reviewers=("team:octo/gov",), teams=(team,)) is Finding
    hidden_team = ("octo/gov", refused("orgs/octo/teams/gov/members", 403, "Resource not accessible by integration"))
    assert word(("ann", "APPROVED", NEW), reviewers=("team:octo/gov",), teams=(hidden_team,)) is Undecided
    assert word(reviewers=("team:octo/gov",), teams=(hidden_team,)) is Finding


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["boss", "ann", "author", "eve"]),
            st.sampled_from(["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"]),
            st.sampled_from([NEW, OLD]),
        ),
        max_size=6,
    )
)
def test_another_refusal_never_helps(given):
    """Whatever was said before, a reviewer who then refuses makes no approval of it."""
    rank = {Finding: 0, Undecided: 1, Held: 2}
    before = rank[word(*given, reviewers=("user:boss", "user:ann"))]
    after = rank[word(*given, ("boss", "CHANGES_REQUESTED", NEW), reviewers=("user:boss", "user:ann"))]
    assert after <= before


def test_a_weakening_is_told_where_it_is_forbidden():
    moves = PolicyChanges(
        tuple(
            PolicyChange(policy=name, path="policies/a.yaml", line=1, effect=name)
            for name in ("adds", "removes", "weakens", "strengthens", "changes")
        )
    )
    (check,) = [one for one in kind("policy-change").checks if one.name == "weakening"]
    assert check.calls(policy()) == []
    assert check.calls(policy(weakening="forbidden")) != []
    said = without_counts(weakening.judge(policy(weakening="forbidden"), moves))
    assert [(type(one), one.subject) for one in said] == [
        (Finding, "removes"),
        (Finding, "weakens"),
        (Undecided, "changes"),
    ]


def test_the_policy_itself_may_be_changed_by_a_change_of_nothing_else():
    own = PolicyChange(policy="owners", path="policies/a.yaml", line=1, effect="weakens", keys=("weakening weakened",))
    other = PolicyChange(policy="other", path="policies/b.yaml", line=1, effect="strengthens")
    forbidding = policy(weakening="forbidden")
    assert without_counts(weakening.judge(forbidding, PolicyChanges((own,)))) == []
    (found,) = without_counts(weakening.judge(forbidding, PolicyChanges((own, other))))
    assert found.subject == "owners"


@pytest.mark.parametrize(
    "keys",
    [{"paths": ()}, {"paths": ("a[",)}, {"reviewers": ("boss",)}, {"reviewers": ("role:admin",)}, {"approvals": 0}],
)
def test_what_says_nothing_is_refused(keys):
    assert list(policy(**keys).problems())
