"""Globs with placeholders."""

import pytest

from govcheck.globs import compile_globs
from govcheck.text.path_words import expanded, problem

WORDS = {"agent": ("qa", "ads"), "role": ("manager",)}


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("feedback/<agent>/<YYYY-MM-DD>.md", "feedback/qa/2025-10-17.md", True),
        ("feedback/<agent>/<YYYY-MM-DD>.md", "feedback/qa/2025-10-17-notes.md", False),
        ("feedback/<agent>/<YYYY-MM-DD>.md", "feedback/pm/2025-10-17.md", False),
        ("docs/<agent|role>.md", "docs/manager.md", True),
        ("docs/<agent>-*-<YYYYMMDD>.md", "docs/ads-plan-20251017.md", True),
        ("docs/*.md", "docs/a.md", True),
    ],
)
def test_what_a_placeholder_stands_for(pattern: str, path: str, fits: bool):  # noqa: FBT001
    assert problem(pattern, WORDS) is None
    assert compile_globs(expanded((pattern,), WORDS)).matches(path) is fits


def test_what_means_nothing():
    assert "`<agnet>` is no placeholder" in (problem("<agnet>.md", WORDS) or "")
    assert "more than 10000" in (problem("<a>" * 5, {"a": tuple(map(str, range(10)))}) or "")
