import contextlib
import json
import math
from functools import partial

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.document import Mapping, Node, Scalar, Sequence, plain
from govcheck.sources import yaml_events
from govcheck.sources.yaml_document import POLICY, WORKFLOW, Limits, YamlError, load, load_one


def value(text: str) -> object:
    return plain(load_one(text))


def error(source: bytes | str, limits: Limits = POLICY) -> tuple[int, int, str]:
    with pytest.raises(YamlError) as caught:
        load(source, limits)
    return caught.value.line, caught.value.column, caught.value.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("no", "no"),
        ("22:30", "22:30"),
        ("2026-12-22", "2026-12-22"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", None),
        ("010", 10),
        ("-7", -7),
        ("+7", 7),
        ("0o17", 15),
        ("0xfF", 255),
        ("-0x1", "-0x1"),
        ("1.10", 1.1),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1e", "1e"),
        (".", "."),
        ("-", "-"),
        ("..", ".."),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("'1'", "1"),
        ('"true"', "true"),
        ("|\n  1\n", "1\n"),
        ("!!str 1", "1"),
        ("! 1", "1"),
        ("!!int 1", 1),
        ("!!float 1", 1.0),
        ("!!bool true", True),
        ("!!null ~", None),
        ("!!seq [1]", [1]),
        ("!!map {a: 1}", {"a": 1}),
        ("[1, a, {b: c}]", [1, "a", {"b": "c"}]),
        ("=", "="),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(text, expected):
    found = value("[" + text + "]" if text in {"-", ""} else text)
    if text == "-":
        return
    if text == "":
        assert value("") is None
        return
    assert found == expected
    assert type(found) is type(expected)


def test_nan_is_a_number():
    assert math.isnan(value(".nan"))


def test_keys_are_text():
    assert value("on: 1\n1: 2\n~: 3\n1.10: 4\n'': 5\n") == {"on": 1, "1": 2, "~": 3, "1.10": 4, "": 5}


def test_a_key_keeps_its_place_and_its_value_has_one():
    document = load_one("name: x\non:\n  push:\n    branches: [main, 'v*']\n")
    assert isinstance(document, Mapping)
    on = document.key("on")
    assert (on.text, on.line, on.column) == ("on", 2, 1)
    push = document.get("on")
    assert isinstance(push, Mapping)
    branches = push.get("push").get("branches")
    assert [(item.text, item.style, item.line, item.column) for item in branches] == [
        ("main", "plain", 4, 16),
        ("v*", "single", 4, 22),
    ]
    assert document.get("jobs") is None


def test_an_empty_text_has_no_document():
    assert load("") == ()
    assert load("# only a comment\n") == ()
    assert load_one("# only a comment\n").value is None


def test_documents_are_told_apart_by_their_lines():
    documents = load("# first\na: 1\n---\nb: 2\n---\n\nc: 3\n")
    assert [(plain(document), document.line) for document in documents] == [({"a": 1}, 2), ({"b": 2}, 4), ({"c": 3}, 7)]


def test_one_document_means_one():
    with pytest.raises(YamlError, match="a second document begins here") as caught:
        load_one("a: 1\n---\nb: 2\n")
    assert (caught.value.line, caught.value.github_rejects) == (2, True)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_once(end):
    document = load_one(end.join(["a: 1", "b: |", "  x", "  y", "c: 2", ""]))
    assert document.key("c").line == 5
    assert document.get("b").text == "x\ny\n"
    assert document.get("b").place(2) == (4, 3)


def test_a_byte_order_mark_takes_no_column():
    assert load_one(b"\xef\xbb\xbfa: 1").key("a").column == 1
    assert load_one("\ufeffa: 1").key("a").column == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("run: |\n  abc\n  def\n", (3, 3)),
        ("run: |2\n    abc\n  def\n", (3, 3)),
        ("run: |\n\n\n  abc\n  def\n", (5, 3)),
        ("run: |\n   \n   abc\n   def\n", (4, 4)),
        ("run: |-\n  abc\n  def", (3, 3)),
        ("run: |1+\n  abc\n def\n", (3, 2)),
        ("run: &anchor |\n  abc\n  def\n", (3, 3)),
        ("run: !!str\n  |\n  abc\n  def\n", (4, 3)),
        ("run: |  # why\n  abc\n  def\n", (3, 3)),
        ("run: 'abc def'\n", (1, 11)),
        ('run: "abc def"\n', (1, 11)),
        ("run: abc def\n", (1, 10)),
        ("run: &x abc def\n", (1, 13)),
        ("run: &x\n  # why\n  !!str abc def\n", (3, 13)),
        ('run: "\\x61bc def"\n', (1, 6)),
        ("run: abc\n  def\n", (1, 6)),
        ("run: >\n  abc\n  def\n", (1, 6)),
        ("run: 'it''s def'\n", (1, 6)),
    ],
)
def test_the_place_of_a_character_inside_a_scalar(text, found):
    scalar = load_one(text).get("run")
    assert scalar.place(scalar.text.index("def")) == found


def test_an_anchored_empty_scalar_stands_at_its_anchor():
    scalar = load_one("a: [&x , b]\n").get("a").items[0]
    assert (scalar.value, scalar.line, scalar.column) == (None, 1, 5)


def test_aliases_repeat():
    assert value("a: &x [1, {b: 2}]\nc: *x\nd: &y z\ne: {*y : 1}\n") == {
        "a": [1, {"b": 2}],
        "c": [1, {"b": 2}],
        "d": "z",
        "e": {"z": 1},
    }


def test_an_anchor_can_be_given_anew():
    assert value("a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: &x [&x 3]\nf: *x\n") == {
        "a": 1,
        "b": 1,
        "c": 2,
        "d": 2,
        "e": [3],
        "f": 3,
    }


def test_anchors_end_with_their_document():
    assert error("a: &x 1\n---\nb: *x\n")[:2] == (3, 4)


def test_a_workflow_can_have_a_key_that_looks_like_merging():
    assert plain(load_one("<<: {a: 1}")) == {"<<": {"a": 1}}
    assert plain(load("'<<': 1")[0]) == {"<<": 1}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", (3, 1, "the key `a` stands here and in line 1")),
        ("{a: 1, 'a': 2}", (1, 8, "the key `a` stands twice in this line")),
        ("<<: {a: 1}", (1, 1, "merge keys (`<<`) are not supported: write the keys out")),
        ("a:\n\t- b\n", (2, 1, "a tab cannot stand here: indent with spaces")),
        ("a: @b\n", (1, 4, "a text that begins with `@` needs quotes")),
        ("a: *.md\n", (1, 5, "a text that begins with `*` needs quotes")),
        ("a: *md\n", (1, 4, "no `&md` stands before this: a text that begins with `*` needs quotes")),
        ("a: !src/**\n", (1, 4, "the tag `!src/**` is not supported: a text that begins with `!` needs quotes")),
        (
            "a: !!timestamp x\n",
            (1, 4, "the tag `!!timestamp` is not supported: a text that begins with `!` needs quotes"),
        ),
        ("a: !!int x\n", (1, 4, "this is not what its tag `!!int` says")),
        ("a: !!int '1'\n", (1, 4, "this is not what its tag `!!int` says")),
        ("a: !!set {b}\n", (1, 4, "the tag `!!set` is not supported: a text that begins with `!` needs quotes")),
        ("a: 'b\n", (1, 4, "the quote that opens here is never closed")),
        (
            "a: [1, 2\nb: 3\n",
            (2, 2, "the list that `[` opens at line 1 is not closed: `,` or `]` is missing before this"),
        ),
        ("a: &x [*x]", (1, 8, "`*x` stands inside of what it repeats")),
        (
            "a: {{ b }}",
            (1, 5, "a key must be a text, not a list or a mapping: a text that begins with `{` or `[` needs quotes"),
        ),
        ("?\n: x", (1, 2, "a key is missing before `:`")),
        (b"a: \xff", (1, 4, "byte 0xff is not UTF-8: save the file as UTF-8")),
        (
            "é: 1\nü: 'ö\x00'".encode(),
            (2, 6, "a control character (U+0000) cannot stand in YAML: write it as an escape in double quotes"),
        ),
        ("a: \ud800", (1, 4, "a lone surrogate (U+D800) cannot stand in YAML: write it as an escape in double quotes")),
        ("a: 1".encode("utf-16"), (1, 1, "this file is UTF-16: save it as UTF-8")),
        ("a: 1".encode("utf-16-le"), (1, 2, "this looks like UTF-16: save the file as UTF-8")),
        (
            "a: 1\nb: x\u2028y",
            (2, 5, "U+2028 ends a line for some readers only: remove it, or write it as an escape in double quotes"),
        ),
        ("a: " + "9" * 5000, (1, 4, "a number of 5000 characters is too long: put it in quotes if it is a text")),
    ],
)
def test_what_is_refused_is_named_with_its_place(source, expected):
    assert error(source) == expected


@pytest.mark.parametrize("text", ["[" * 1_000_000, "- " * 500_000, "[\n" * 500_000, "{a: " * 250_000])
def test_hostile_depth_is_an_error(text):
    assert error(text)[2] == "lists and mappings are nested more than 50 deep"


@pytest.mark.parametrize(("depth", "legal"), [(50, True), (51, False)])
def test_depth_is_counted_as_github_does(depth, legal):
    expected = contextlib.nullcontext() if legal else pytest.raises(YamlError)
    with expected:
        load_one("[" * depth + "]" * depth)


def test_aliases_count_for_the_depth():
    nested = "[" * 26 + "]" * 26
    assert error(f"a: &x {nested}\nb: {'[' * 25}*x{']' * 25}\n")[2] == "lists and mappings are nested more than 50 deep"
    load(f"a: &x {nested}\nb: {'[' * 23}*x{']' * 23}\n")


def bomb(levels: int) -> str:
    lines = ["a0: &a0 lol"]
    lines += [f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]" for n in range(levels)]
    return "\n".join(lines)


def test_an_alias_bomb_is_an_error():
    line, _, message = error(bomb(12))
    assert line == 7
    assert message == "with its aliases filled in, this file has more than 100000 values"


def test_a_bomb_in_many_documents_is_one_bomb():
    assert "aliases" in error("\n---\n".join([bomb(4)] * 20))[2]


def test_size_is_bounded_in_bytes():
    assert error(b"#" * (1024 * 1024 + 1))[2] == "the file is larger than 1048576 bytes"
    assert error("é" * (1024 * 1024 // 2 + 1))[2] == "the file is larger than 1048576 bytes"
    assert load(b"#" * (1024 * 1024)) == ()


def test_whether_github_rejects_the_file_too():
    verdicts = {}
    for source in ["a: 1\na: 2\n", "a: [", "[" * 60, "a: *x", b"a: \xff", "a: \u2028", "%FOO\n---\na: 1\n"]:
        with pytest.raises(YamlError) as caught:
            load_one(source)
        verdicts[source if isinstance(source, bytes) else source[:9]] = caught.value.github_rejects
    assert verdicts == {
        "a: 1\na: 2": True,
        "a: [": True,
        "[" * 9: True,
        "a: *x": True,
        b"a: \xff": False,
        "a: \u2028": False,
        "%FOO\n---\n": False,
    }


def test_the_python_parser_reads_the_same(monkeypatch):
    text = "on: [push]\njobs: {a: &x {run: 'b'}, c: *x}\nrun: |\n  echo\n"
    expected = value(text)
    monkeypatch.setattr(yaml_events, "_FastestParser", yaml_events.PythonParser)
    assert value(text) == expected
    assert error("a: [1\nb: 2\n")[2].startswith("the list that `[` opens at line 1")
    assert error("a: 'b")[2] == "the quote that opens here is never closed"
    assert error("a:\n\t- b")[2] == "a tab cannot stand here: indent with spaces"
    assert error("a: \x07")[2].startswith("a control character (U+0007)")
    assert error("[" * 2000)[2] == "lists and mappings are nested more than 50 deep"


# JSON writes what is beyond the basic plane as two escapes, which YAML does not know.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_json_is_yaml(document):
    assert plain(load_one(json.dumps(document, ensure_ascii=True))) == document


PLAIN_TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=20)
TEXT_DOCUMENTS = st.recursive(
    PLAIN_TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN_TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(TEXT_DOCUMENTS, st.booleans())
def test_what_pyyaml_writes_is_read_again(document, flow):
    dumped = yaml.dump(document, allow_unicode=True, default_flow_style=flow, Dumper=_QuoteAll)
    assert plain(load_one(dumped)) == document


class _QuoteAll(yaml.SafeDumper):
    """Plain where it can be, but never plain for what YAML 1.2 alone takes for a number."""

    def choose_scalar_style(self) -> str:
        text = self.event.value
        style = super().choose_scalar_style()
        return style if style or (text and text[0].isalpha() and len(text) > 5) else '"'


def scalars(node: Node):
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node:
            yield from scalars(item)
    else:
        for key, member in node.entries.values():
            yield key
            yield from scalars(member)


@given(TEXT_DOCUMENTS, st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_scalar_stands_where_it_says(document, flow, end):
    dumped = yaml.dump(document, allow_unicode=True, default_flow_style=flow, width=40, Dumper=_QuoteAll)
    text = dumped.replace("\n", end)
    lines = text.split(end)
    for scalar in scalars(load_one(text)):
        rest = lines[scalar.line - 1][scalar.column - 1 :]
        if scalar.style == "plain" and scalar.indent == 0:
            assert rest.startswith(scalar.text)
        elif scalar.style in {"single", "double"}:
            assert rest[0] == {"single": "'", "double": '"'}[scalar.style]
        for offset, character in enumerate(scalar.text if scalar.indent == 0 else ""):
            line, column = scalar.place(offset)
            assert lines[line - 1][column - 1] == character


@given(st.text(st.sampled_from("ab \t\n-"), max_size=30), st.integers(0, 4), st.booleans())
def test_every_character_of_a_literal_block_stands_where_it_says(content, deeper, anchored):
    indent = 2 + deeper
    block = "".join(f"{' ' * indent}{line}\n" for line in content.split("\n"))
    text = f"key:\n  - run: {'&x ' if anchored else ''}|{indent - 2 or ''}\n{block}" if deeper else f"run: |2\n{block}"
    lines = text.split("\n")
    try:
        document = load_one(text)
    except YamlError:
        return
    (scalar,) = (scalar for scalar in scalars(document) if scalar.style == "literal")
    for offset, character in enumerate(scalar.text):
        line, column = scalar.place(offset)
        if character != "\n":
            assert lines[line - 1][column - 1] == character


@given(st.binary(max_size=200) | st.text("ab:-[]{}&*!|>'\"%@#?, \n\t\r\u2028\x00\ud800", max_size=60), st.booleans())
def test_anything_is_a_document_or_a_yaml_error(source, workflow):
    read = partial(load_one, source, WORKFLOW) if workflow else partial(load, source)
    with contextlib.suppress(YamlError):
        read()
