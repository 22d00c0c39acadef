"""How large a change and its files may be."""

import pytest

from govcheck.facts import Missing
from govcheck.facts.change import AddedLines, Change, ChangedPath, ChangeType
from govcheck.facts.live import Answer
from govcheck.facts.pull_request import PullRequest, StatedChange
from govcheck.facts.reviews import PullRequestReviews
from govcheck.facts.sizes import ChangedSizes, FileSize
from govcheck.findings import Finding, Held, Judged, Reason, Settled, Undecided
from govcheck.rules.change_size import (
    ChangeSize,
    FileLimit,
    WideChange,
    added_lines,
    approval,
    changed_files,
    file_sizes,
)

NOTHING = StatedChange(None)
GONE = Missing(reason=Reason.MISSING_OBJECT, message="it is not here")


def change(*paths: str) -> Change:
    return Change(
        tuple(ChangedPath(type=ChangeType.ADD, path=path, mode="100644", previous_mode=None) for path in paths)
    )


def stated(body: str, *labels: str) -> StatedChange:
    return StatedChange(
        PullRequest(
            number=1, title="", body=body, author="author", draft=False, base_branch="main", base_commit="a" * 40,
            head_branch="topic", head_commit="b" * 40, from_fork=False, labels=labels,
        )
    )  # fmt: skip


def said(check, *facts):
    judged, *rest = check.judge(*facts)
    assert isinstance(judged, Judged)
    return rest


def wide(**keys) -> ChangeSize:
    return ChangeSize(id="small", files=1, ignore=("*.lock",), exception=WideChange(label="wide", **keys))


def test_paths_are_counted_without_what_is_ignored():
    policy = ChangeSize(id="small", files=1, ignore=("*.lock",))
    assert said(changed_files, policy, change("a", "b.lock"), NOTHING) == []
    (finding,) = said(changed_files, policy, change("a", "b"), NOTHING)
    assert finding.message == "The change touches 2 files, more than the 1 that are allowed"
    assert (finding.control, finding.subject, finding.severity, finding.actual) == ("files", "change", None, 2)


def test_a_change_that_may_be_excused_is_a_warning_at_a_commit_and_fails_in_a_pull_request():
    (finding,) = said(changed_files, wide(), change("a", "b"), NOTHING)
    assert finding.severity == "warning"
    (finding,) = said(changed_files, wide(), change("a", "b"), stated("Wide change: n/a"))
    assert finding.severity is None
    assert "`Wide change: ` and the reason, or give it the label `wide`" in finding.fix.text


@pytest.mark.parametrize("given", [stated("Wide change: generated"), stated("", "wide")], ids=["stated", "label"])
def test_a_declared_exception_holds(given: StatedChange):
    (held,) = said(changed_files, wide(), change("a", "b"), given)
    assert isinstance(held, Held)


def reviews(*reviewers: str) -> PullRequestReviews:
    body = [{"user": {"login": one}, "state": "APPROVED", "author_association": "MEMBER"} for one in reviewers]
    return PullRequestReviews("author", Answer(endpoint="reviews", status=200, message="", body=body))


@pytest.mark.parametrize(("who", "fails"), [((), True), (("author",), True), (("mona",), False)])
def test_an_exception_that_somebody_else_has_to_approve(who: tuple[str, ...], fails: bool):  # noqa: FBT001
    policy, given, much = wide(approved=True), stated("Wide change: generated"), change("a", "b")
    (doubt,) = said(changed_files, policy, much, given)
    assert isinstance(doubt, Undecided)
    settled, *findings = said(approval, policy, much, AddedLines({}), given, reviews(*who))
    assert settled == Settled(doubt)
    assert [isinstance(one, Finding) for one in findings] == [True] * fails


def test_reviews_that_cannot_be_read_leave_it_unknown_and_a_small_change_needs_none():
    policy, given = wide(approved=True), stated("Wide change: generated")
    refused = PullRequestReviews("author", Answer(endpoint="reviews", status=404, message="Not Found", body=None))
    (settled,) = said(approval, policy, change("a", "b"), AddedLines({}), given, refused)
    assert settled.instead.reason is Reason.PERMISSION
    assert said(approval, policy, change("a"), AddedLines({}), given, refused) == []
    assert said(approval, policy, change("a", "b"), AddedLines({}), NOTHING, refused) == []


def test_lines_and_those_that_cannot_be_counted():
    policy = ChangeSize(id="small", lines=2)
    few = ((1, b"x"), (2, b"y"))
    assert said(added_lines, policy, AddedLines({"a": few}), NOTHING) == []
    (finding,) = said(added_lines, policy, AddedLines({"a": few, "b": ((1, b""),)}), NOTHING)
    assert (finding.control, finding.actual) == ("lines", 3)
    (doubt,) = said(added_lines, policy, AddedLines({"a": few, "b": GONE}), NOTHING)
    assert isinstance(doubt, Undecided)
    (finding,) = said(added_lines, policy, AddedLines({"a": few, "b": GONE, "c": few}), NOTHING)
    assert isinstance(finding, Finding)


def test_files_by_their_limits():
    policy = ChangeSize(
        id="small", bytes=10, binary="forbidden", limits=(FileLimit(paths=("assets/**",), bytes=2 * 1024**2),)
    )
    sizes = {
        "a.txt": FileSize(bytes=10, binary=False),
        "b.txt": FileSize(bytes=11, binary=False),
        "c.png": FileSize(bytes=1, binary=True),
        "assets/c.png": FileSize(bytes=2 * 1024**2, binary=True),
        "assets/d.png": FileSize(bytes=2 * 1024**2 + 1, binary=None),
        "e": GONE,
        "f": FileSize(bytes=1, binary=None),
    }
    found = said(file_sizes, policy, ChangedSizes(sizes))
    assert [(type(one).__name__, one.control, one.subject) for one in found] == [
        ("Finding", "bytes", "b.txt"),
        ("Finding", "binary", "c.png"),
        ("Finding", "bytes", "assets/d.png"),
        ("Undecided", "bytes", "e"),
        ("Undecided", "binary", "f"),
    ]
    assert found[2].message == "`assets/d.png` has 2.00 MiB (2097153 bytes), more than the 2 MiB that are allowed"


def test_what_the_types_cannot_say():
    assert [place for place, _ in ChangeSize(id="x").problems()] == [()]
    wrong = ChangeSize(id="x", bytes=-1, ignore=("[",), limits=(FileLimit(paths=("[",)),), exception=WideChange())
    assert [place for place, _ in wrong.problems()] == [
        ("bytes",),
        ("exception",),
        ("ignore", 0),
        ("limits", 0, "paths", 0),
    ]
