"""Patterns of refs, as Ruby's `File.fnmatch` with FNM_PATHNAME matches them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.settings.ref_patterns import RefPattern, is_pattern
from govcheck.settings.ref_regions import regions


@pytest.mark.parametrize(
    ("pattern", "ref", "matches"),
    [
        ("refs/heads/*", "refs/heads/main", True),
        ("refs/heads/*", "refs/heads/release/v1", False),
        ("refs/heads/**/*", "refs/heads/release/v1/rc", True),
        ("refs/heads/**/*", "refs/heads/main", True),
        ("refs/heads/**", "refs/heads/main", True),
        ("refs/heads/**", "refs/heads/release/v1", False),
        ("refs/heads/release/**/rc", "refs/heads/release/rc", True),
        ("refs/heads/a**/rc", "refs/heads/a/b/rc", False),
        ("refs/tags/v?", "refs/tags/v1", True),
        ("refs/tags/v?", "refs/tags/v10", False),
        ("refs/tags/v?", "refs/tags/v/", False),
        ("refs/tags/v[0-9]*", "refs/tags/v1.2", True),
        ("refs/tags/v[!0-9]*", "refs/tags/v1.2", False),
        ("refs/tags/v[^0-9]*", "refs/tags/vx", True),
        ("refs/tags/v[!x]a", "refs/tags/v/a", False),
        ("refs/tags/v[1-]", "refs/tags/v-", True),
        ("refs/tags/v[b-a]", "refs/tags/vb", True),
        ("refs/tags/v[\\]]", "refs/tags/v]", True),
        ("refs/tags/v[]", "refs/tags/v", False),
        ("refs/tags/v[12", "refs/tags/v1", False),
        ("refs/tags/\\*", "refs/tags/*", True),
        ("refs/tags/\\*", "refs/tags/v", False),
        ("refs/tags/V*", "refs/tags/v1", False),
        ("refs/tags/{a,b}", "refs/tags/a", False),
        ("v*", "refs/tags/v1", False),
        ("", "", True),
    ],
)
def test_matching(pattern, ref, matches):
    """D9 and trap 33: Python's fnmatch would let a star cross slashes. Each line was tried with Ruby 3.1."""
    assert RefPattern.of(pattern).matches(ref) is matches


def test_a_pattern_is_known_by_what_no_ref_has_in_its_name():
    assert [is_pattern(text) for text in ("v*", "v?", "v[0-9]", "v1", "release/v1.2-rc")] == [True] * 3 + [False] * 2


def found(meant, *others):
    cut = regions(RefPattern.of(f"refs/tags/{meant}"), "refs/tags/", [RefPattern.of(f"refs/tags/{o}") for o in others])
    return {one.witness: sorted(one.matching) for one in cut}


def test_refs_are_cut_where_another_pattern_begins():
    assert found("v*", "v[0-9]*") == {"v": [], "v1": [0]}
    assert found("v*", "**/*") == {"v": [0]}
    assert found("v*", "v*", "*-rc") == {"v": [0], "v-rc": [0, 1]}
    assert found("**/*", "*") == {"x": [0], "x/x": []}
    assert found("v*", "w*") == {"v": []}


def test_nothing_is_meant_by_what_no_ref_can_be():
    assert found("a b") == {}
    assert found("a//b") == {}
    assert found(".hidden") == {}


def test_patterns_that_cut_into_too_many_parts_are_given_up():
    many = [f"*{'?' * number}a{'?' * (12 - number)}" for number in range(13)]
    cut = regions(RefPattern.of("refs/tags/*"), "refs/tags/", [RefPattern.of(f"refs/tags/{one}") for one in many])
    assert cut is None


PATTERNS = st.lists(st.sampled_from(["a", "b", "/", "*", "**/", "?", "[ab]", "[!a]", "-"]), min_size=1, max_size=5).map(
    "".join
)
NAMES = st.lists(st.text("ab-x", min_size=1, max_size=3), min_size=1, max_size=3).map("/".join)


@given(PATTERNS, st.lists(PATTERNS, max_size=3), NAMES)
def test_every_ref_that_is_meant_is_in_a_region_and_every_witness_is_one(meant, others, name):
    whole = RefPattern.of(f"refs/tags/{meant}")
    patterns = [RefPattern.of(f"refs/tags/{other}") for other in others]
    cut = regions(whole, "refs/tags/", patterns)
    assert cut is not None

    def matching(ref):
        return frozenset(number for number, one in enumerate(patterns) if one.matches(ref))

    for region in cut:
        assert whole.matches(f"refs/tags/{region.witness}")
        assert matching(f"refs/tags/{region.witness}") == region.matching
        assert not re.search(r"//|/\.|^\.|[ ~^:?*\[\\]", region.witness)
    if whole.matches(f"refs/tags/{name}"):
        assert matching(f"refs/tags/{name}") in {region.matching for region in cut}
