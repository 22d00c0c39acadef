"""Structured files: literals in, findings out, with places."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.errors import PolicyError
from govcheck.facts import Missing
from govcheck.facts.document import plain
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.structured_file import StructuredFile, contents
from govcheck.sources import json_document
from govcheck.sources.data_files import LIMITS, read_data_files
from govcheck.sources.policy_files import PolicySource, load_policies

TOO_LARGE = Missing(reason=Reason.UNPARSEABLE, message="too large")
REVIEWED = {"required": ["human_review"], "properties": {"human_review": {"const": True}}}


def said(text, path="config.json", **keys):
    content = text.encode() if isinstance(text, str) else text
    keys = {"files": (path,), "assert_": REVIEWED, **keys}
    found = contents.judge(StructuredFile(id="p", **keys), read_data_files({path: content}))
    return [one for one in found if not isinstance(one, Judged)]


def places(found):
    return [(one.location.line, one.location.column) for one in found]


JSON = '{\n\t"agents": [\n\t\t{"id": "a", "human_review": true},\n\t\t{"id": "b", "human_review": VALUE}\n\t]\n}\n'


def test_true_holds():
    assert said(JSON.replace("VALUE", "true"), at="agents.*") == []


@pytest.mark.parametrize("value", ["1", '"true"', "false", "null", "[true]"])
def test_true_is_not_what_only_looks_like_it(value):
    (found,) = said(JSON.replace("VALUE", value), at="agents.*")
    assert (found.control, found.subject) == ("value", "config.json:agents.1")
    assert places([found]) == [(4, 31)]


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("c.yaml", "a: 1\nx:\n  - human_review: yes\n", (3, 19)),
        ("c.yml", "a: 1\r\nx:\r\n  - {human_review: no}\r\n", (3, 20)),
        ("c.toml", '# top\n[[x]]\nid = """\nhuman_review = 1\n"""\nhuman_review = "true"\n', (6, 16)),
        ("c.toml", "x = [\n  {a = [1, 2], human_review = 2026-01-01},\n]\n", (2, 31)),
        ("c.jsonc", '// top\n{"x": [{"human_review": 0,},],}', (2, 25)),
    ],
)
def test_the_place_of_what_does_not_hold(path, text, place):
    assert places(said(text, path, at="x.*")) == [place]


def test_a_date_of_toml_is_a_text():
    schema = {"const": "2026-01-31"}
    assert said("due = 2026-01-31\n", "c.toml", at="due", assert_=schema) == []


def test_every_document_of_a_file_is_judged():
    found = said("human_review: true\n---\nhuman_review: false\n", "c.yaml")
    assert [(one.subject, one.location.line) for one in found] == [("c.yaml#2", 3)]


@pytest.mark.parametrize("path", ["c.jsonl", "c.ndjson"])
def test_every_line_of_json_lines_is_a_document(path):
    found = said('{"human_review": true}\r\n\n {"human_review": 1}\n{"human_review": true}', path)
    assert [(one.subject, one.location.line) for one in found] == [(f"{path}#2", 3)]


@pytest.mark.parametrize("text", ['{"a":\n 1}', "{} {}", '{"a": 1}\n{', "{}\nx"])
def test_what_is_not_one_document_a_line_is_no_json_lines(text):
    (found,) = said(text, "c.jsonl")
    assert (type(found), found.control) == (Finding, "file")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("---\nhuman_review: false\n---\n# A\n", [2]),
        ("---\r\na: 1\r\nhuman_review: no\r\n---\r\n", [3]),
        ("---\nhuman_review: true\n...\n", []),
        ("# A\n\n---\nhuman_review: false\n---\n", [None]),
        ("---\nhuman_review: false\n", [None]),
    ],
)
def test_front_matter_is_a_document(text, lines):
    found = said(text, "c.md", at="human_review", assert_={"const": True})
    assert [one.location.line for one in found] == lines


def test_one_document_of_several_is_picked():
    text = "kind: a\nn: 1\n---\nkind: b\nn: 2\n"
    assert said(text, "c.yaml", at="[kind=b].n", assert_={"const": 2}) == []


@pytest.mark.parametrize(
    ("path", "text"), [("c.json", '{"a": 1, "a": 2}'), ("c.yaml", "a: 1\na: 2\n"), ("c.toml", "a=1\na=2")]
)
def test_a_key_that_stands_twice_is_a_finding(path, text):
    (found,) = said(text, path)
    assert isinstance(found, Finding)
    assert found.control == "file"
    assert found.location.line


@pytest.mark.parametrize("text", ["", "{", '{"a" 1}', "[1,]", "NaN", '"a', "{} {}", '{"a": 01}', b"\xff{}", "{a: 1}"])
def test_what_is_no_json_is_a_finding(text):
    (found,) = said(text)
    assert (type(found), found.control) == (Finding, "file")


@pytest.mark.parametrize(
    "content",
    [b"[" * 200 + b"]" * 200, b" " * (LIMITS.size + 1), TOO_LARGE],
)
def test_what_is_too_much_is_unknown(content):
    (found,) = said(content)
    assert (type(found), found.reason) == (Undecided, Reason.UNPARSEABLE)


def test_nothing_at_the_path_is_a_finding_unless_it_is_optional():
    (found,) = said("{}", at="agents")
    assert (found.control, found.subject) == ("value", "config.json:agents")
    assert said("{}", at="agents", optional=True) == []


def test_no_file_is_a_finding():
    judged, found = contents.judge(StructuredFile(id="p", files=("a.json",)), read_data_files({}))
    assert (judged, found.subject) == (Judged(1), "a.json")


def test_an_expression_over_the_value():
    text = '{"reviewers": ["user:a", "b"]}'
    (found,) = said(text, at="reviewers", assert_=None, expr='value.all(r, r.startsWith("user:"))')
    assert "is not true" in found.message
    assert said(text, at="reviewers", assert_=None, expr="size(value) == 2") == []
    (untold,) = said(text, at="reviewers", assert_=None, expr="value.missing")
    assert untold.reason == Reason.DYNAMIC


def test_a_credential_is_not_shown():
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    (found,) = said(json.dumps({"human_review": token}))
    assert token not in str(found)


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ("files: []", "an empty list"),
        ("files: [a.json]\nat: a..b", "is no step"),
        ("files: [a.json]\nassert: {type: nothing}", "nothing"),
        ("files: [a.json]\nexpr: value.", "Syntax error"),
        ("files: ['a**']", "a**"),
    ],
)
def test_a_policy_that_is_none(keys, where):
    with pytest.raises(PolicyError) as raised:
        load_policies([PolicySource("p.yaml", f"kind: structured-file\nid: p\n{keys}\n".encode())])
    assert where in str(raised.value)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_is_read_as_the_standard_library_reads_it(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")
    assert plain(json_document.load(text)) == json.loads(text)


TABLES = st.dictionaries(st.text("ab -.", min_size=1), st.integers() | st.text("x\n'\"[=#"), max_size=4)


@given(st.lists(TABLES, max_size=4), st.integers(0, 5))
def test_toml_is_read_as_the_standard_library_reads_it_and_at_its_lines(tables, blank):
    lines = ["# first", *[""] * blank]
    wanted = {}
    for number, table in enumerate(tables):
        lines.append("[[t]]")
        for key, value in table.items():
            lines.append(f"{json.dumps(key)} = {json.dumps(value)}")
            wanted[number, key] = len(lines)
    text = "\n".join(lines)
    (document,) = read_data_files({"t.toml": text.encode()}).files["t.toml"].document
    assert plain(document) == tomllib.loads(text)
    for (number, key), line in wanted.items():
        assert document.get("t").items[number].get(key).line == line
