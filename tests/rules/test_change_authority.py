"""Who may change what."""

import pytest

from govcheck.facts.change import Change, ChangedPath, ChangeType
from govcheck.facts.commits import Commit, Commits
from govcheck.facts.live import Answer
from govcheck.facts.pull_request import PullRequest, StatedChange
from govcheck.facts.reviews import PullRequestReviews
from govcheck.findings import Finding, Settled, Undecided
from govcheck.rules.change_authority import ChangeAuthority, approval, authority, commit_addresses, nobody

POLICY = ChangeAuthority(id="a", paths=("docs/**",), authors=("Boss",), labels=("approved",))
BY_REVIEW = ChangeAuthority(id="a", paths=("docs/**",), approvers=("Mona",))


def change(path: str, previous: str | None = None) -> Change:
    kind = ChangeType.RENAME if previous else ChangeType.MODIFY
    return Change((ChangedPath(type=kind, path=path, previous_path=previous, mode="100644", previous_mode="100644"),))


def request(author: str = "octocat", *labels: str) -> PullRequest:
    return PullRequest(
        number=1, title="", body="", author=author, draft=False, base_branch="main", base_commit="a" * 40,
        head_branch="x", head_commit="b" * 40, from_fork=False, labels=labels,
    )  # fmt: skip


def commit(author: str, committer: str) -> Commit:
    return Commit(
        id="a" * 40, parents=(), author_name="", author_email=author, committer_name="", committer_email=committer,
        authored_at=None, message="",
    )  # fmt: skip


def said(check, *facts):
    return list(check.judge(*facts))[1:]


@pytest.mark.parametrize(
    ("touched", "who", "fails"),
    [
        (change("docs/a"), request(), True),
        (change("x", "docs/a"), request(), True),
        (change("x"), request(), False),
        (change("docs/a"), request("boss"), False),
        (change("docs/a"), request("octocat", "Approved"), False),
    ],
)
def test_by_author_and_label(touched: Change, who: PullRequest, fails: bool):  # noqa: FBT001
    assert [isinstance(one, Finding) for one in said(authority, POLICY, touched, who)] == [True] * fails


def test_what_a_finding_says():
    (finding,) = said(authority, POLICY, change("docs/a"), request())
    assert finding.message == "The pull request #1 of octocat changes `docs/a`, which is not theirs to change"
    assert finding.fix.text == "It has to come from `Boss`, or have a label `approved`; or leave these paths alone"


def reviews(*logins: str, status: int = 200) -> PullRequestReviews:
    body = [{"user": {"login": one}, "state": "APPROVED", "author_association": "OWNER"} for one in logins]
    return PullRequestReviews("octocat", Answer(endpoint="reviews", status=status, message="Not Found", body=body))


@pytest.mark.parametrize(("given", "fails"), [(reviews("mona"), False), (reviews("other"), True), (reviews(), True)])
def test_by_approval(given: PullRequestReviews, fails: bool):  # noqa: FBT001
    (doubt,) = said(authority, BY_REVIEW, change("docs/a"), request())
    assert isinstance(doubt, Undecided)
    settled, *findings = said(approval, BY_REVIEW, change("docs/a"), request(), given)
    assert settled == Settled(doubt)
    assert [isinstance(one, Finding) for one in findings] == [True] * fails


def test_reviews_that_cannot_be_read_and_paths_that_are_not_touched():
    (settled,) = said(approval, BY_REVIEW, change("docs/a"), request(), reviews(status=404))
    assert settled.instead is not None
    assert said(approval, BY_REVIEW, change("x"), request(), reviews()) == []


def test_without_a_pull_request_nobody_knows():
    commits = Commits((commit("a@x.org", "a@x.org"),))
    (doubt,) = said(nobody, POLICY, change("docs/a"), StatedChange(None), commits)
    assert isinstance(doubt, Undecided)
    assert said(nobody, POLICY, change("docs/a"), StatedChange(request()), commits) == []
    assert said(nobody, POLICY, change("x"), StatedChange(None), commits) == []


def test_addresses_of_commits():
    policy = ChangeAuthority(id="a", commit_emails=("*@Example.com",), committer_emails=("noreply@github.com",))
    good = commit("Ada@example.com", "noreply@github.com")
    assert said(commit_addresses, policy, Commits((good,))) == []
    found = said(commit_addresses, policy, Commits((commit("a@example.com.evil", "x@y.z"),)))
    assert [(one.control, one.actual) for one in found] == [("author", "a@example.com.evil"), ("committer", "x@y.z")]


def test_what_the_types_cannot_say():
    assert [place for place, _ in ChangeAuthority(id="a").problems()] == [()]
    assert [place for place, _ in ChangeAuthority(id="a", paths=("[",)).problems()] == [("paths",), ("paths", 0)]
    assert [place for place, _ in ChangeAuthority(id="a", authors=("x",), commit_emails=("y",)).problems()] == [()]
