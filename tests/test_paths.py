"""Paths survive the way from git's bytes to a report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.paths import decode, display, encode

names = st.binary(min_size=1, max_size=40).filter(lambda raw: b"\0" not in raw)


@given(names)
def test_decoding_loses_nothing(raw: bytes):
    assert encode(decode(raw)) == raw


@given(names, names)
def test_two_names_never_look_alike(one: bytes, other: bytes):
    assert (display(decode(one)) == display(decode(other))) is (one == other)


@given(names)
def test_what_is_shown_is_valid_text(raw: bytes):
    display(decode(raw)).encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"docs/a.md", "docs/a.md"),
        ("docs/ä.md".encode(), "docs/ä.md"),
        (b"docs/\xff.md", "docs/\\xff.md"),
        (b"docs/\\xff.md", "docs/\\\\xff.md"),
    ],
    ids=["plain", "utf-8", "not-utf-8", "a-real-backslash"],
)
def test_what_is_shown(raw: bytes, shown: str):
    assert display(decode(raw)) == shown
