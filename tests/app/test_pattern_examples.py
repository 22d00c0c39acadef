"""Texts that regular expressions match."""

import re

import pytest

from govcheck.app.pattern_examples import example


@pytest.mark.parametrize(
    "source",
    ["eyJ[A-Za-z0-9_-]{20,}[.]x", r"(?i)(ab|cd)+\d\s\w?", "a{3}", r"^x$", ".[^a]b", "(?P<n>[0-9])(?:z)"],
)
def test_it_matches(source: str):
    assert re.search(source, example(source))


@pytest.mark.parametrize("source", ["(", "[a", "a{99999999999}"])
def test_what_is_no_pattern_stays(source: str):
    assert len(example(source)) <= 100
