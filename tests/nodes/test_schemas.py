"""Schemas of custom policies: nothing is fetched, nothing runs away, and patterns are RE2's."""

import warnings

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.nodes import quick
from govcheck.nodes.schemas import LARGEST, SchemaError, compile_schema, mentions

DOUBLING = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}, {"$ref": f"#/$defs/a{n + 1}"}]} for n in range(30)}
NESTED: dict = {}
for _ in range(60):
    NESTED = {"not": NESTED}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"$ref": "https://example.com/a.json"}, "leads out of the schema"),
        ({"properties": {"a": {"$ref": "file:///etc/passwd"}}}, "leads out of the schema"),
        ({"allOf": [{"$ref": "other.json#/a"}]}, "leads out of the schema"),
        ({"$ref": 5}, "leads out of the schema"),
        ({"$id": "https://example.com/", "$ref": "#/a"}, "`$id` is not read"),
        ({"$dynamicRef": "#a"}, "`$dynamicRef` is not read"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "`$schema` can only be"),
        ({"$ref": "#"}, "leads to itself"),
        ({"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a"}, "leads to itself"),
        ({"$ref": "#/$defs/none"}, "leads to nothing"),
        ({"$defs": {**DOUBLING, "a30": {}}, "$ref": "#/$defs/a0"}, "comes to more than 10,000 schemas"),
        (NESTED, "nested too deep"),
        ({"pattern": "(?<=a)b"}, "cannot be matched by RE2"),
        ({"patternProperties": {"(": {}}}, "cannot be matched by RE2"),
        ({"unevaluatedProperties": False}, "`unevaluatedProperties` is not read"),
        ({"properties": {"a": {"type": "text"}}}, "properties/a/type"),
        ({"required": "a"}, "required"),
        ({"enum": ["x" * LARGEST]}, "characters, more than"),
    ],
)
def test_what_is_no_schema_of_ours_is_refused(schema, said):
    with pytest.raises(SchemaError, match=None) as refused:
        compile_schema(schema)
    assert said in str(refused.value)


def test_a_runaway_pattern_does_not_run_away():
    schema = compile_schema({"properties": {"a": {"pattern": "^(a+)+$"}}})
    assert "does not match" in schema.against({"a": "a" * 100_000 + "!"})
    assert schema.against({"a": "aaa"}) is None


def test_words_of_schemas_that_are_data_are_not_read_as_schemas():
    assert compile_schema({"const": {"$ref": "https://example.com"}}).against({"$ref": "https://example.com"}) is None
    assert compile_schema({"properties": {"$id": {"type": "string"}}}).against({"$id": "a"}) is None


@pytest.mark.parametrize(
    ("schema", "node", "said"),
    [
        ({"patternProperties": {"^x-": {"type": "integer"}}}, {"x-a": "b"}, 'x-a: "b" is not of type "integer"'),
        ({"patternProperties": {"^x-": {}}, "additionalProperties": False}, {"y": 1, "x-a": 1}, "'y' must not be"),
        ({"properties": {"a": {}}, "additionalProperties": {"type": "integer"}}, {"b": "c"}, 'b: "c" is not of'),
        ({"properties": {"a": {"items": {"minimum": 2}}}}, {"a": [2, 1]}, "a[1]: 1 is less than"),
        ({"$defs": {"n": {"maximum": 1}}, "properties": {"a": {"$ref": "#/$defs/n"}}}, {"a": 2}, "a: 2 is greater"),
        ({"properties": {"a": {"const": True}}}, {"a": "hunter2"}, "a: true was expected"),
        ({"properties": {"a": {"enum": [None, "b"]}}}, {"a": False}, 'a: false is not one of [null, "b"]'),
        ({"properties": {"a": {"type": ["null", "array"]}}}, {"a": True}, 'a: true is not of type "null", "array"'),
    ],
)
def test_what_a_node_has_against_it(schema, node, said):
    assert said in compile_schema(schema).against(node)
    assert "hunter2" not in compile_schema(schema).against(node)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b-c"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b-c", "x"]), inner, max_size=3),
    max_leaves=8,
)
LEAF = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "object", "array"]),
        "pattern": st.sampled_from(["^a", "c$", "-"]),
        "minimum": st.integers(-3, 3),
        "maxLength": st.integers(0, 3),
        "enum": st.lists(JSON, min_size=1, max_size=3),
    },
)
PLAIN_LEAF = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "number", "boolean", "null", "object", ["array", "string"]]),
        "const": st.sampled_from(["a", "b-c", None]),
        "enum": st.lists(st.sampled_from(["", "a", None]), min_size=1, max_size=3),
        "pattern": st.sampled_from(["^a", "c$", "-"]),
        "exclusiveMinimum": st.integers(-3, 3),
        "maximum": st.integers(-3, 3),
        "minLength": st.integers(0, 3),
        "maxItems": st.integers(0, 3),
        "required": st.lists(st.sampled_from(["a", "x"]), max_size=2, unique=True),
    },
)
PLAIN = st.recursive(
    PLAIN_LEAF,
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from(["a", "b-c"]), inner | st.booleans(), max_size=2),
            "items": inner,
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
        },
    ),
    max_leaves=6,
)
SCHEMAS = st.recursive(
    LEAF,
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from(["a", "b-c"]), inner, max_size=2),
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "-"]), inner, max_size=2),
            "additionalProperties": inner | st.booleans(),
            "items": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
        },
    ),
    max_leaves=6,
)


@given(SCHEMAS, st.dictionaries(st.sampled_from(["a", "b-c", "x"]), JSON, max_size=3))
def test_it_judges_as_jsonschema_does(schema, node):
    assert (compile_schema(schema).against(node) is None) is jsonschema.Draft202012Validator(schema).is_valid(node)


@given(SCHEMAS, st.dictionaries(st.sampled_from(["a", "b-c", "x"]), JSON, max_size=3))
def test_what_is_certain_without_jsonschema_is_so(schema, node):
    assert quick.holds(schema, node) in {None, jsonschema.Draft202012Validator(schema).is_valid(node)}


@given(PLAIN, st.dictionaries(st.sampled_from(["a", "b-c", "x"]), JSON, max_size=3))
def test_plain_schemas_are_certain(schema, node):
    assert quick.holds(schema, node) is jsonschema.Draft202012Validator(schema).is_valid(node)


@given(SCHEMAS, st.dictionaries(st.sampled_from(["a", "b-c", "x"]), JSON, max_size=3), JSON)
def test_a_value_that_is_not_mentioned_changes_nothing(schema, node, other):
    if not mentions(schema, "x") and "x" in node:
        compiled = compile_schema(schema)
        assert (compiled.against(node) is None) is (compiled.against({**node, "x": other}) is None)


def test_nothing_is_fetched_and_nobody_is_warned_of_it():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(SchemaError):
            compile_schema({"properties": {"a": {"$ref": "http://127.0.0.1:9/a"}}})
