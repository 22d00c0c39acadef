"""What editors make of the schema, as far as it stands in the schema itself."""

import re
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator

from govcheck.generate.schemas import configuration_schema, policy_schema
from govcheck.registry import kind, kinds
from govcheck.sources.policy_files import PolicySource, load_policies

SCHEMA = policy_schema()
SNIPPETS = {snippet["label"]: snippet for snippet in SCHEMA["else"]["defaultSnippets"]}


def first_line(name):
    return kind(name).text.partition("\n")[0]


def undescribed(schema, path="") -> Iterator[str]:
    """Keys that hover shows nothing of."""
    if isinstance(schema, list):
        for number, item in enumerate(schema):
            yield from undescribed(item, f"{path}[{number}]")
    elif isinstance(schema, dict):
        for name, key in schema.get("properties", {}).items() if "if" not in path.split(".") else ():
            if isinstance(key, dict) and not key.get("description"):
                yield f"{path}.properties.{name}"
        for name, inner in schema.items():
            yield from undescribed(inner, f"{path}.{name}")


@pytest.mark.parametrize("schema", [SCHEMA, configuration_schema()], ids=["policy", "configuration"])
def test_every_key_has_its_text(schema):
    assert list(undescribed(schema)) == []
    Draft202012Validator.check_schema(schema)


def test_every_kind_has_its_text_where_kinds_are_completed():
    offered = SCHEMA["properties"]["kind"]
    assert dict(zip(offered["enum"], offered["enumDescriptions"], strict=True)) == {
        name: first_line(name) for name in kinds()
    }
    for name in kinds():
        assert SCHEMA["$defs"][name]["properties"]["kind"]["description"] == first_line(name)


@pytest.mark.parametrize("name", kinds())
def test_what_an_editor_offers_for_an_empty_document_is_a_policy(name):
    body = re.sub(r"\\([\\$])", r"\1", SNIPPETS[name]["body"])
    (loaded,) = load_policies([PolicySource("new.yaml", body.encode())])
    assert loaded.policy.kind == name
