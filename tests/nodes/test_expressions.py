"""CEL over nodes: typed when it is read, bounded, and nothing but a true is a true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.nodes import expressions, shapes
from govcheck.nodes.expressions import LONGEST, EngineMissingError, ExpressionError, compile_expression, reads

TEN = "[1,2,3,4,5,6,7,8,9,10]"


def job(**values):
    return {**shapes.plain(shapes.Job()), **values}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nosuch == 1", "undeclared reference to 'nosuch' at column 1"),
        ("id <= 5", "no matching overload"),
        ("id", "it comes to a text, not to true or false"),
        ("raw.timeout-minutes <= 5", 'a key with a hyphen is read as `raw["timeout-minutes"]`'),
        ("id ==", "Syntax error"),
        ("", "Syntax error"),
        ("true\n&& nosuch", "line 2, column 4"),
        ("(" * 200 + "true" + ")" * 200, "recursion limit"),
        ("true || " * 200_000 + "true", f"more than the {LONGEST:,}"),
        ("needs.map(x, x + x).size() > 0", "could make a value of any size"),
        ("needs.exists(x, r'\\' + x == '')", "could make a value of any size"),
        ("needs" + ".map(x, [x, x])" * 25 + ".size() > 0", "of something else than constants (`x`)"),
        ("needs.// a comment\n map // it's\n (x, [x, x]).size() > 0", "of something else than constants (`x`)"),
        ("needs.exists(x, x in[x])", "of something else than constants (`x`)"),
        ("needs.exists(x, {'a': [1, x]}.size() > 0)", "of something else than constants (`x`)"),
        ("[[id]].exists(x, raw[x[0]] == 1)", "of something else than constants (`id`)"),
        ("needs.exists(x, /* */ x == '')", "Syntax error"),
        ("needs.exists(x, true) // it's\n && 'a' + id == 'b'", "could make a value of any size"),
    ],
)
def test_what_is_no_condition_is_refused_when_it_is_read(source, said):
    with pytest.raises(ExpressionError) as refused:
        compile_expression(source, "job")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raw.absent == 1", "Key not found"),
        ("runs_on", "it comes to null, not to true or false"),
        ("timeout_minutes", "it comes to a number, not to true or false"),
        ("1 / size(id) == 1", "divide by zero"),
        ('id.matches("(")', "invalid regular expression"),
        ("needs.all(a, needs.all(b, needs.all(c, needs.all(d, true))))", "Iteration budget exceeded"),
    ],
)
def test_an_error_and_anything_else_than_true_or_false_is_no_answer(source, said):
    with pytest.raises(ExpressionError) as untold:
        compile_expression(source, "job").holds(job(timeout_minutes=5, needs=["a"] * 100))
    assert said in str(untold.value)


@pytest.mark.parametrize("value", [2**70, {1: 2}, ["a" * 2**21], object()])
def test_a_value_that_the_engine_does_not_take_is_no_answer(value):
    with pytest.raises(ExpressionError):
        compile_expression("timeout_minutes == 1 || timeout_minutes[0] == 'a'", "job").holds(job(timeout_minutes=value))


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ('raw["timeout-minutes"] <= 5', True),
        ("raw.`timeout-minutes` > 5", False),
        ('"a" in needs', True),
        ('has(raw.name) && raw.name == "x"', False),
        ('id.matches("^(a+)+$")', False),
        ("timeout_minutes == null || timeout_minutes <= 1.5", True),
        ('needs.exists(one, one.startsWith("a"))', True),
        ("needs.exists(one, one in ['b', 'c'] && raw[needs[0] == 'a' ? 'timeout-minutes' : one] == 3)", True),
        ("needs.all(one, {'a': 1, 'b': [true, null]}[one] != 2)", True),
    ],
)
def test_what_a_node_is(source, holds):
    node = job(raw={"timeout-minutes": 3}, needs=["a", "b"], id="a" * 5000 + "!")
    assert compile_expression(source, "job").holds(node) is holds


def test_loops_that_are_folded_when_they_are_read_end_as_well():
    loops = f"{TEN}.all(a, {TEN}.all(b, {TEN}.all(c, {TEN}.all(d, {TEN}.all(e, true)))))"
    with pytest.raises(ExpressionError, match="Iteration budget exceeded"):
        compile_expression(loops, "job").holds(job())


def test_a_name_in_a_text_or_a_comment_is_not_read():
    assert reads("name == 'path' // size", "file") == ("name",)
    assert reads('text.contains("""size "quoted" """) && r"\\" != name', "file") == ("name", "text")


@given(st.text(st.characters(), max_size=20))
def test_any_text_gets_through(text):
    assert compile_expression('id == id && !name.startsWith("\\u0000\\u0000")', "job").holds(job(id=text, name="a"))


def test_text_that_is_not_unicode_is_seen_as_reports_show_it():
    assert compile_expression("path == 'a\\\\xff'", "file").holds({**shapes.plain(shapes.File()), "path": "a\udcff"})


def test_without_the_extra_it_is_an_error(monkeypatch):
    def missing(name):
        raise ImportError(name)

    expressions._environment.cache_clear()
    monkeypatch.setattr(expressions.importlib, "import_module", missing)
    with pytest.raises(EngineMissingError, match=r"pip install 'govcheck\[cel\]'"):
        compile_expression("id == 'never seen before'", "job")
    expressions._environment.cache_clear()


def test_a_function_is_no_value():
    assert reads("size(path) < 5 && text.size() > size", "file") == ("path", "size", "text")
    assert reads("size (path) < 5", "file") == ("path",)
