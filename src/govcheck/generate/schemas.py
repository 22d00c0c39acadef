"""The JSON schemas (2020-12) of everything that people and programs write and read. Editors use them.

The models decide what is valid; a schema knows the form, and not what `problems` of a model finds.
"""

import json
import re
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue

from govcheck import errors_document, report_schema
from govcheck.configuration import Configuration
from govcheck.override import Override
from govcheck.policy import RESERVED_IDS
from govcheck.policy_docs import descriptions
from govcheck.policy_sets import SetDescription
from govcheck.policy_tests.model import PolicyTest
from govcheck.registry import kind, kinds
from govcheck.snapshot import schema as snapshot_schema
from govcheck.store import history_schema
from govcheck.waiver import Waiver

_DIALECT = report_schema.DIALECT
_REFERENCE = "#/$defs/{model}"

Schema = dict[str, Any]

_EXAMPLE = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)


class _Described(GenerateJsonSchema):
    """With the docstrings under fields. Pydantic can read them too, but then does so whenever it validates."""

    def dataclass_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ANN401 - its type is pydantic-core's own
        made = super().dataclass_schema(schema)
        for key, text in descriptions(schema["cls"]).items():
            made["properties"][key]["description"] = text
        return made


def files() -> dict[str, str]:
    """Every schema."""
    every = {
        "policy": policy_schema(),
        "waivers": waivers_schema(),
        "overrides": overrides_schema(),
        "config": configuration_schema(),
        "set": set_schema(),
        "test": test_schema(),
        "report": report_schema.schema(),
        "snapshot": snapshot_schema.schema(),
        "errors": errors_document.schema(),
        **history_schema.schemas(),
    }
    return {f"schemas/{name}.schema.json": json.dumps(schema, indent=2) + "\n" for name, schema in every.items()}


def policy_schema() -> Schema:
    """One policy document. `kind` decides which branch applies, so that an editor names one branch's mistakes only."""
    mode: JsonSchemaMode = "validation"
    models = [(name, mode, TypeAdapter(found.model)) for name in kinds() if (found := kind(name))]
    branches, definitions = TypeAdapter.json_schemas(models, ref_template=_REFERENCE, schema_generator=_Described)
    shared = _clean(definitions.get("$defs", {}))
    for name in kinds():
        shared[name] = _branch(name, _clean(branches[name, mode]), shared)
    return {
        "$schema": _DIALECT,
        "$id": "urn:govcheck:policy:1",
        "title": "govcheck policy",
        # `enumDescriptions` and `defaultSnippets` are no keywords of JSON Schema; language servers read them.
        "description": "One policy: one YAML document. A file may hold several, separated by lines of `---`.",
        "type": "object",
        "required": ["kind", "id"],
        # An editor offers whole policies only where none is begun.
        "if": {"required": ["kind"]},
        "else": {"defaultSnippets": [_snippet(name) for name in kinds()]},
        "properties": {
            "kind": {
                "enum": list(kinds()),
                "enumDescriptions": [_first_line(name) for name in kinds()],
                "description": "What sort of policy this is.",
            }
        },
        "allOf": [_choice(name) for name in kinds()],
        "$defs": shared,
    }


def waivers_schema() -> Schema:
    """`policies/waivers.yaml`."""
    one = _clean(TypeAdapter(Waiver).json_schema(ref_template=_REFERENCE, schema_generator=_Described))
    one["properties"]["actual"].pop("default")  # marks that it was left out, and nobody can write it
    return {
        "$schema": _DIALECT,
        "$id": "urn:govcheck:waivers:1",
        "title": "govcheck waivers",
        "description": "What is excused: by whom, why, and until when.",
        "type": "array",
        "items": one,
    }


def overrides_schema() -> Schema:
    """`policies/overrides.yaml`."""
    one = _clean(TypeAdapter(Override).json_schema(ref_template=_REFERENCE, schema_generator=_Described))
    return {
        "$schema": _DIALECT,
        "$id": "urn:govcheck:overrides:1",
        "title": "govcheck overrides",
        "description": "Which closed gates a deploy may pass: who agreed, why, and until when.",
        "type": "array",
        "items": one,
    }


def configuration_schema() -> Schema:
    """`.govcheck.yaml`."""
    schema = _clean(TypeAdapter(Configuration).json_schema(ref_template=_REFERENCE, schema_generator=_Described))
    return {"$schema": _DIALECT, "$id": "urn:govcheck:config:1", "title": "govcheck configuration", **schema}


def _first_line(name: str) -> str:
    found = kind(name)
    return found.text.partition("\n")[0] if found else ""


def _snippet(name: str) -> Schema:
    """The example of a kind's page, as editors offer it in an empty document; in a snippet `$` begins a place."""
    found = kind(name)
    example = _EXAMPLE.search(found.text) if found else None
    text = example[1].partition("---\n")[0] if example else f"kind: {name}\n"
    body = text.replace("\\", "\\\\").replace("$", "\\$")
    return {"label": name, "description": _first_line(name), "body": body}


def set_schema() -> Schema:
    """`_set.yaml`."""
    schema = _clean(TypeAdapter(SetDescription).json_schema(ref_template=_REFERENCE, schema_generator=_Described))
    return {"$schema": _DIALECT, "$id": "urn:govcheck:set:1", "title": "govcheck set of policies", **schema}


def test_schema() -> Schema:
    """One test of policies."""
    schema = _clean(TypeAdapter(PolicyTest).json_schema(ref_template=_REFERENCE, schema_generator=_Described))
    return {"$schema": _DIALECT, "$id": "urn:govcheck:test:1", "title": "govcheck policy test", **schema}


def _choice(name: str) -> Schema:
    is_kind = {"properties": {"kind": {"const": name}}, "required": ["kind"]}
    return {"if": is_kind, "then": {"$ref": f"#/$defs/{name}"}}


def _branch(name: str, schema: Schema, shared: Schema) -> Schema:
    """A kind's own schema; pydantic may have put it among the shared ones."""
    body: Schema = dict(shared.pop(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else schema)
    found = kind(name)
    described = descriptions(found.model) if found else {}
    properties = {key: {"description": described.get(key, ""), **value} for key, value in body["properties"].items()}
    properties["kind"] = {**properties["kind"], "description": _first_line(name)}
    properties["id"] = {
        **properties["id"],
        "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
        "maxLength": 100,
        "not": {"enum": sorted(RESERVED_IDS)},
    }
    required = ["kind", *(key for key in body.get("required", []) if key != "kind")]
    return {**body, "description": _first_line(name), "properties": properties, "required": required}


def _clean(schema: Any) -> Any:  # noqa: ANN401 - JSON of any form
    """Without the titles that pydantic makes up, and with descriptions in one line."""
    if isinstance(schema, list):
        return [_clean(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    cleaned = {key: _clean(value) for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    if isinstance(cleaned.get("description"), str):
        cleaned["description"] = " ".join(cleaned["description"].split())
    return cleaned
