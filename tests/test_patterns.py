"""Foreign regular expressions, matched by RE2."""

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.patterns import PatternError, compile_javascript, compile_python, compile_python_looks, refused_by_python


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


@given(st.text(alphabet="abAB/._-*[]()|^$+?\\", max_size=12), st.text(alphabet="abAB/._-", min_size=1, max_size=12))
def test_where_re2_has_an_answer_it_is_pythons(source, text):  # of an empty text Python 3.11 says no to `\B`
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


PIECES = st.sampled_from(["a", "b/", "[^]a]", "[ab]", "(?:a|b)", ".", "\\.", ".*", "a?", "\\)", "[(|]", "$", "a|b"])
WHOLE = st.builds(
    lambda flags, looks, rest: flags + "^" + "".join(f"(?{sign}{inner})" for sign, inner in looks) + rest,
    st.sampled_from(["", "(?i)", "(?x)", "(?s)"]),
    st.lists(st.tuples(st.sampled_from("!="), st.lists(PIECES, max_size=3).map("".join)), min_size=1, max_size=2),
    st.lists(PIECES, max_size=3).map("".join),
)


@given(WHOLE, st.text("ab/.)]|A", max_size=6))
def test_looking_ahead_at_the_beginning_is_as_python_has_it(source, text):
    try:
        found = compile_python_looks(source).found(text)
    except PatternError:
        assert "|" in source
        return
    assert found == (re.search(source, text) is not None)


@pytest.mark.parametrize("source", ["^(?!a)b|c", "^(?!a)*b", "(?m)^(?!a)b", r".*(?<!b)\.py$", "^(?!a(?!b))", "(?!a)"])
def test_looking_around_elsewhere_is_not_told(source):
    with pytest.raises(PatternError):
        compile_python_looks(source)
