"""What expressions come to, and that ignorance never makes a wrong answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.evaluation import Scope, evaluate, evaluate_source
from govcheck.actions.syntax import Call, Compare, Context, Index, Literal, Logic, Not
from govcheck.actions.values import Array, Object, Unknown, fits, is_primitive, to_text, truth

SCOPE = Scope(
    {
        "m": Object({"os": "Ubuntu", "n": 3.0, "on": True, "none": None, "list": Array(("a", "B", 1.0))}),
        "needs": Object({"a": Object({"result": "success"}), "b": Object({"result": "skipped"})}),
        "u": Unknown(expression="u"),
        "v": Unknown(expression="v", constant=True),
        "ref": Unknown(expression="ref", shape=("refs/pull/", None, "/merge")),
    },
    {"success": True, "failure": False},
)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("m.os == 'ubuntu'", True),
        ("m['OS']", "Ubuntu"),
        ("m.missing", None),
        ("m.os.deeper", None),
        ("m.list[1]", "B"),
        ("m.list['1']", "B"),
        ("m.list[9]", None),
        ("m.list[-1]", None),
        ("m.on && 'yes' || 'no'", "yes"),
        ("m.none && 'yes' || 'no'", "no"),
        ("m.none || m.n", 3.0),
        ("!m.none", True),
        ("m.n >= 3 && m.n < 4", True),
        ("contains('Hello', 'ELL')", True),
        ("contains(m.list, 'b')", True),
        ("contains(m.list, '1')", True),
        ("contains(m, 'os')", False),
        ("startsWith('refs/heads/x', 'REFS/')", True),
        ("endsWith(m.n, 3)", True),
        ("format('{0} {{x}} {1} {0}', m.os, m.n)", "Ubuntu {x} 3 Ubuntu"),
        ("join(m.list)", "a,B,1"),
        ("join(m.list, ' - ')", "a - B - 1"),
        ("join('alone')", "alone"),
        ("join(needs.*.result, ' ')", "success skipped"),
        ("contains(needs.*.result, 'failure')", False),
        ("toJSON(m.list)", '[\n  "a",\n  "B",\n  1\n]'),
        ("toJSON(needs.a)", '{\n  "result": "success"\n}'),
        ("fromJSON('{\"a\": [1, 2.5]}').a[1]", 2.5),
        ("fromJSON('true')", True),
        ("case(false, 1, m.on, 2, 3)", 2.0),
        ("success() && !failure()", True),
        ("u && false", False),
    ],
)
def test_known_values(source, value):
    found = evaluate_source(source, SCOPE)
    assert found == value if not isinstance(found, Unknown) else truth(found) is value


@pytest.mark.parametrize(
    ("source", "expression", "constant"),
    [
        ("u.x.y == 'a'", "u.x.y", False),
        ("v.x", "v.x", True),
        ("v.x == u.y", "u.y", False),
        ("v.x && v.y == 'a'", "v.x", True),
        ("always()", "always()", False),
        ("hashFiles('a')", "hashFiles('a')", False),
        ("someday(1)", "someday(1)", False),
        ("absent", "absent", False),
        ("fromJSON('{oops')", "fromJSON('{oops')", False),
        ("fromJSON(u.x)", "u.x", False),
        ("format('{1}', 'a')", "format('{1}', 'a')", False),
        ("format('{', 'a')", "format('{', 'a')", False),
        ("case('text', 1, 2)", "'text'", False),
        ("m[u.key]", "m[u.key]", False),
        ("u.*.result", "u.*.result", False),
        ("1 +", "1 +", False),
    ],
)
def test_unknown_values_name_what_is_missing(source, expression, constant):
    found = evaluate_source(source, SCOPE)
    assert isinstance(found, Unknown)
    assert (found.expression, found.constant) == (expression, constant)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ref == 'refs/heads/main'", False),
        ("ref == 'refs/pull/7/merge'", None),
        ("startsWith(ref, 'refs/pull/')", True),
        ("startsWith(ref, 'refs/heads/')", False),
        ("startsWith(ref, 'refs/pull/7')", None),
        ("endsWith(ref, '/merge')", True),
        ("endsWith(ref, 'x')", False),
        ("contains(ref, 'pull')", True),
        ("contains(ref, 'x')", None),
        ("u || true", True),
        ("u.a && false", False),
        ("!(u || 'x')", False),
        ("u.a || u.b", None),
        ("format('PR {0}', u.a)", True),
    ],
)
def test_truth_of_what_is_known_in_part(source, expected):
    assert truth(evaluate_source(source, SCOPE)) is expected


def test_a_deep_json_text_does_not_end_the_run():
    scope = Scope({"j": "[" * 100_000})
    assert isinstance(evaluate_source("fromJSON(j)", scope), Unknown)


PRIMITIVES = st.one_of(
    st.none(), st.booleans(), st.sampled_from(["", "a", "A", "ab", "1", "x/y"]), st.sampled_from([0.0, 1.0, 2.5])
)
LEAVES = st.one_of(
    PRIMITIVES.map(Literal), st.sampled_from([Context("u"), Context("k"), Index(Context("o"), Literal("a"))])
)


def _compound(inner):
    two = st.tuples(inner, inner)
    return st.one_of(
        st.builds(Not, inner),
        st.builds(Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(Logic, st.sampled_from(["&&", "||"]), st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Call, st.sampled_from(["contains", "startsWith", "endsWith", "join"]), two),
        st.builds(lambda pair: Call("format", (Literal("<{0}|{1}>"), *pair)), two),
        st.builds(lambda parts: Call("case", parts), st.tuples(inner, inner, inner)),
    )


@given(st.recursive(LEAVES, _compound, max_leaves=10), PRIMITIVES, PRIMITIVES, PRIMITIVES)
def test_what_is_said_without_a_value_holds_for_every_value(tree, secret, known, inner):
    blind = Scope({"u": Unknown(expression="u"), "k": known, "o": Object({"a": Unknown(expression="o.a")})})
    seeing = Scope({"u": secret, "k": known, "o": Object({"a": inner})})
    said, real = evaluate(tree, blind), evaluate(tree, seeing)
    if isinstance(real, Unknown):
        return
    if not isinstance(said, Unknown):
        assert to_text(said) == to_text(real)
        return
    assert truth(said) in {None, truth(real)}
    if is_primitive(real):
        assert fits(said.shape, to_text(real))
