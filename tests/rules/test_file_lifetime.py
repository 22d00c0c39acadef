"""Lifetimes: names and commits in, old files out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.documents.dates import dates, last_day
from govcheck.facts import Missing
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.file_lifetime import FileLifetime, ages, archive

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
UNTOLD = Missing(reason=Reason.MISSING_OBJECT, message="the clone is shallow")


def said(path, committed=UNTOLD, **keys):
    policy = FileLifetime(id="p", **({"files": ("docs/planning/*",), "max_age": "2d"} | keys))
    return [one for one in ages.judge(policy, LastCommits({path: committed}), Now(NOON)) if not isinstance(one, Judged)]


@pytest.mark.parametrize(
    ("path", "old"),
    [
        ("docs/planning/a-20260310.md", False),
        ("docs/planning/a-2026-03-08.md", False),
        ("docs/planning/a-2026-03-07.md", True),
        ("docs/planning/2026-03-10/a-20250101.md", True),
        ("docs/planning/2027-01-01.md", False),
    ],
)
def test_the_date_in_the_name_counts_to_its_end(path, old):
    assert [type(one) for one in said(path, NOON)] == [Finding] * old


def test_without_a_date_the_commit_counts():
    assert said("docs/planning/a.md", NOON - timedelta(days=2)) == []
    (found,) = said("docs/planning/a-2026-13-45.md", NOON - timedelta(days=2, seconds=1))
    assert (found.control, found.subject) == ("age", "docs/planning/a-2026-13-45.md")


def test_without_either_it_is_unknown():
    (found,) = said("docs/planning/a.md")
    assert isinstance(found, Undecided)


@pytest.mark.parametrize(
    ("ignored", "line"),
    [(b"docs/_archive/**\n", 1), (b"# x\n_archive/\n", 2), (b"/docs/_archive\n!docs/_archive\n", None), (b"", None)],
)
def test_where_they_are_moved_is_kept(ignored, line):
    policy = FileLifetime(id="p", files=("a",), max_age="1d", moved_to="docs/_archive/")
    found = [
        one for one in archive.judge(policy, Blobs({".gitignore": ignored}), Now(NOON)) if isinstance(one, Finding)
    ]
    assert [one.location.line for one in found] == ([line] if line else [])


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%B %d, %Y", "%d %b %Y"]))
def test_a_date_is_read_as_it_is_written(day, form):
    assert [one.day for one in dates(f"due {day.strftime(form)}.")] == [day]
    assert last_day("a/b") is None
