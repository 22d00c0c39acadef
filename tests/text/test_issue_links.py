"""Which issues a text says it closes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.documents.markdown import lines
from govcheck.text.issue_links import CLOSING, issue_links


def named(text: str, *keywords: str) -> list[tuple[str, int]]:
    return [(link.repository, link.number) for link in issue_links(lines(text), keywords or CLOSING)]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Fixes #1", [("", 1)]),
        ("CLOSES: #10", [("", 10)]),
        ("resolved octo/App#100.", [("octo/app", 100)]),
        ("Fix https://github.com/Octo/app/issues/7", [("octo/app", 7)]),
        ("Fix <https://github.com/octo/app/issues/7>", [("octo/app", 7)]),
        ("fixes GH-3", [("", 3)]),
        ("- **Fixes** #1, closes #2", [("", 1), ("", 2)]),
        ("Fixes #1, #2", [("", 1)]),
        ("Fixes #1\nand fixes #1", [("", 1), ("", 1)]),
        ("Fixes#1", []),
        ("Fixes 1", []),
        ("prefixes #1", []),
        ("Refs #1", []),
        ("Fixes #1a", []),
        ("`Fixes #1`", []),
        ("Fixes `#1`", []),
        ("```\nFixes #1\n```", []),
        ("    Fixes #1", []),
        ("<!-- Fixes #1 -->", []),
        ("> Fixes #1", []),
        ("Fixes https://github.com/octo/app/pull/7", []),
        ("Fixes #<issue>", []),
    ],
)
def test_keywords_and_references(text: str, links: list[tuple[str, int]]):
    assert named(text) == links


def test_words_of_ones_own():
    assert named("Refs #4", "Refs") == [("", 4)]


@given(st.sampled_from(CLOSING), st.integers(1, 10**9), st.sampled_from(["", ":"]), st.booleans())
def test_every_keyword_of_github_in_any_case(keyword: str, number: int, colon: str, upper: bool):  # noqa: FBT001
    word = keyword.upper() if upper else keyword.capitalize()
    assert named(f"This {word}{colon} #{number}!") == [("", number)]
