"""The grammar of expressions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.expressions import MAX_DEPTH, MAX_LENGTH, ExpressionError, parse
from govcheck.actions.syntax import Call, Compare, Context, Index, Literal, Logic, Not, Star, show, walk

NAMES = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_-]{0,6}", fullmatch=True).filter(
    lambda name: name not in {"null", "true", "false", "NaN", "Infinity"}
)
LITERALS = st.one_of(
    st.text(max_size=6), st.booleans(), st.none(), st.integers(-(10**6), 10**6).map(float), st.just(0.5)
).map(Literal)


def _compound(inner):
    operands = st.lists(inner, min_size=2, max_size=3).map(tuple)
    indexable = st.one_of(NAMES.map(Context), st.builds(Call, st.just("fromJSON"), inner.map(lambda one: (one,))))
    return st.one_of(
        st.builds(Index, indexable, st.one_of(inner, st.just(Star()))),
        st.builds(Call, st.just("format"), operands),
        st.builds(Not, inner),
        st.builds(Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(_logic, st.sampled_from(["&&", "||"]), operands),
    )


def _logic(operator, operands):
    """As the parser has it: a chain is one node."""
    flat = [
        part
        for one in operands
        for part in (one.operands if isinstance(one, Logic) and one.operator == operator else (one,))
    ]
    return Logic(operator, tuple(flat))


TREES = st.recursive(st.one_of(LITERALS, NAMES.map(Context)), _compound, max_leaves=12)


@given(TREES)
def test_what_is_written_out_parses_to_the_same_tree(tree):
    assert parse(show(tree)) == tree


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("!a && b || c == 'x''y'", "(!a && b) || (c == 'x''y')"),
        ("a == b == c", "(a == b) == c"),
        ("a < b == c", "(a < b) == c"),
        ("!(a == b)", "!(a == b)"),
        ("((a))", "a"),
        ("a['b-c'][0].*.d", "a.b-c[0].*.d"),
        ("a[*]", "a.*"),
        ("a[b.c]", "a[b.c]"),
        ("a.true", "a.true"),
        ("f( )", "f()"),
        ("success ()", "success()"),
        ("format('{0}', 0x10, .5, -1e3)", "format('{0}', 16, 0.5, -1000)"),
        ("  a\n &&\tb ", "a && b"),
    ],
)
def test_grouping(source, shown):
    assert show(parse(source)) == shown


@pytest.mark.parametrize(
    "source",
    [
        *(
            "",
            " ",
            "(",
            ")",
            "a b",
            "a.",
            ".a",
            "a..b",
            "a[",
            "a]",
            "a[]",
            "f(",
            "f(,)",
            "f(a,)",
            "a,b",
            "(a,b)",
            "*",
            "a*",
        ),
        *(
            "'open",
            '"double"',
            "1-2",
            "1abc",
            "a = b",
            "a & b",
            "a && ",
            "!",
            "a !",
            "'a'.b",
            "1.b",
            "a.'b'",
            "a.b (c)",
        ),
        *("contains(a)", "format()", "always(1)", "case(a, b)", "case(a, b, c, d)", "a[(b]", "${{ a }}", "ä", "a\x00b"),
    ],
)
def test_what_is_no_expression(source):
    with pytest.raises(ExpressionError):
        parse(source)


@given(st.text(alphabet="ab.*[]()',!=<>&| 01-", max_size=30))
def test_any_text_parses_or_is_refused(source):
    try:
        tree = parse(source)
    except ExpressionError:
        return
    assert parse(show(tree)) == tree


def test_hostile_depth_is_refused_without_recursion():
    with pytest.raises(ExpressionError, match="deep"):
        parse("!" * 10_000 + "a")
    assert parse("(" * 10_000 + "a" + ")" * 10_000) == Context("a")
    with pytest.raises(ExpressionError, match="ends too early"):
        parse("f(" * 5_000)


def test_limits_are_those_of_github():
    parse("!" * (MAX_DEPTH - 1) + "a")
    with pytest.raises(ExpressionError, match="deep"):
        parse("!" * MAX_DEPTH + "a")
    parse("a" * MAX_LENGTH)
    with pytest.raises(ExpressionError, match="longer"):
        parse("a" * (MAX_LENGTH + 1))


def test_a_long_chain_is_one_level():
    assert sum(1 for _ in walk(parse(" || ".join("a" * 1000)))) == 1001


def test_a_function_may_be_new():
    assert parse("someday(1, 'a')") == Call("someday", (Literal(1.0), Literal("a")))
