"""Foreign regular expressions, matched by RE2."""

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.patterns import PatternError, compile_javascript, compile_python, refused_by_python


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        pytest.param(r"\.py$", "a/b.py", True, id="searched-for"),
        pytest.param(r"^b", "a/b.py", False, id="anchored"),
        pytest.param("(?x)^(\n  a/b\\.py  # one\n  | c\\ d\n)$", "a/b.py", True, id="verbose"),
        pytest.param("(?x)^(\n  a/b\\.py  # one\n  | c\\ d\n)$", "c d", True, id="escaped-blank"),
        pytest.param("(?x)[ #]", "#", True, id="class-in-verbose"),
        pytest.param("(?ix) A", "a", True, id="verbose-and-caseless"),
        pytest.param(r"a\Z", "ba", True, id="python-end"),
        pytest.param("x", "\udcffx", True, id="name-that-is-not-utf8"),
        pytest.param("(a+)+$", "a" * 5000 + "b", False, id="runaway"),
    ],
)
def test_what_pythons_patterns_find(source, text, expected):
    assert compile_python(source).found(text) is expected


@pytest.mark.parametrize("source", ["(?!a)b", "(", r"(a)\1", "a" * 20_000, "\udcff"])
def test_what_nobody_can_tell(source):
    with pytest.raises(PatternError):
        compile_python(source)


@given(st.text(alphabet="abAB/._-*[]()|^$+?\\", max_size=12), st.text(alphabet="abAB/._-", max_size=12))
def test_where_re2_has_an_answer_it_is_pythons(source, text):
    try:
        found = compile_python(source).found(text)
    except PatternError:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # Python may read `[[` otherwise one day
            expected = re.search(source, text) is not None
    except re.error:
        return
    assert found is expected


@pytest.mark.parametrize(("source", "refused"), [("(", True), ("a|b", False), ("(?!a)b", False), ("(?<=a*)b", True)])
def test_what_python_refuses(source, refused):
    assert (refused_by_python(source) is not None) is refused


def test_javascripts_codes_and_flags():
    assert [(match.start, match.end) for match in compile_javascript(r"\u00a7", "g").matches("a§b§")] == [
        (1, 2),
        (3, 4),
    ]
    assert compile_javascript("A", "i").found("a")
    with pytest.raises(PatternError, match="flag `y`"):
        compile_javascript("a", "y")
