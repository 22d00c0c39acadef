"""Dates: documents and a day in, what passed out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts import Missing
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, Tree
from govcheck.findings import Judged, Reason, Undecided
from govcheck.rules.dates import Dates, passed

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TABLE = (
    "| Secret | Rotated | Next Rotation |\n|---|---|---|\n"
    "| A | 2025-01-01 | 2026-01-14 |\n| B | 2026-03-01 | 2026-12-01 |\n"
)


def said(text, now=NOON, **keys):
    contents = {"docs/a.md": text if isinstance(text, bytes | Missing) else text.encode()}
    policy = Dates(id="p", **({"files": ("docs/*.md",)} | keys))
    found = passed.judge(policy, Blobs(contents), Tree({}), Now(now))
    return [one for one in found if not isinstance(one, Judged)]


@pytest.mark.parametrize(
    ("text", "days", "severity"),
    [
        ("- **Due:** 2026-03-09", ["2026-03-09"], None),
        ("- Due: March 9, 2026 and 8 Mar 2026", ["2026-03-09", "2026-03-08"], None),
        ("Due: 2026-03-10", ["2026-03-10"], "warning"),
        ("Due 2026-03-24", ["2026-03-24"], "warning"),
        ("Due 2026-03-25", [], None),
        ("Written on 2025-01-01", [], None),
        ("2025-01-01 was due", [], None),
        ("- [x] due 2026-01-01", [], None),
        ("- [ ] due 2026-01-01", ["2026-01-01"], None),
        ("```\ndue 2026-01-01\n```", [], None),
        ("due 2026-02-31", [], None),
        (TABLE, ["2026-01-14"], None),
    ],
)
def test_what_passed_and_what_comes(text, days, severity):
    found = said(text)
    assert [one.actual for one in found] == days
    assert {one.severity for one in found} <= {severity}


def test_the_line_of_a_table():
    (found,) = said(f"# Secrets\r\n\r\n{TABLE}")
    assert (found.location.line, found.subject) == (5, "docs/a.md: A (2026-01-14)")


def test_a_file_that_cannot_be_read_is_unknown():
    (found,) = said(Missing(reason=Reason.UNPARSEABLE, message="100 MB"))
    assert isinstance(found, Undecided)


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(-400, 400))
def test_a_day_is_over_at_its_end(day, days):
    now = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC) + timedelta(days=days)
    found = said(f"due {day}", now, soon="1s")
    assert [one.severity for one in found] == ([None] if days > 0 else ["warning"] * (days == 0))
