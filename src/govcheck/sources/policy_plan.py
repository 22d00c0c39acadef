"""Validated policies as JSON, and back without pydantic: what the warm hook reads in place of YAML."""

import hashlib
import importlib
import json
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any

from govcheck.policy import LoadedPolicy, Policy

_RULES = "govcheck.rules"
_SHARED = "govcheck.constraints"


def encode(policies: tuple[LoadedPolicy, ...], key: str) -> bytes:
    """The plan's bytes. `key` names exactly the policies and the govcheck that they were validated by."""
    entries = [[loaded.path, loaded.line, loaded.policy.kind, _encoded(loaded.policy)] for loaded in policies]
    body = json.dumps([key, entries], ensure_ascii=True, separators=(",", ":"))
    return f"{_checksum(body)}\n{body}".encode("ascii")


def decode(data: bytes, key: str) -> tuple[LoadedPolicy, ...] | None:
    """The policies of a plan; None where it is damaged, or of other policies: it is made anew."""
    checksum, _, body = data.decode("ascii", "replace").partition("\n")
    if checksum != _checksum(body):
        return None
    known, entries = json.loads(body)
    if known != key:
        return None
    return tuple(LoadedPolicy(_policy(kind, policy), path, line) for path, line, kind, policy in entries)


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _encoded(value: object) -> Any:  # noqa: ANN401 - JSON of any shape
    if is_dataclass(value) and not isinstance(value, type):
        return {
            "class": type(value).__name__,
            "keys": {field.name: _encoded(getattr(value, field.name)) for field in fields(value)},
        }
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    if isinstance(value, dict):
        return {"mapping": {name: _encoded(item) for name, item in value.items()}}
    return value


def _policy(kind: str, document: Any) -> Policy:  # noqa: ANN401 - JSON of any shape
    module = importlib.import_module(f"{_RULES}.{kind.replace('-', '_')}")
    policy = _decoded(document, module)
    if not isinstance(policy, Policy):
        raise TypeError(f"the plan's {kind} is no policy")
    return policy


def _decoded(value: Any, module: ModuleType) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, list):
        return tuple([_decoded(item, module) for item in value])
    if not isinstance(value, dict):
        return value
    if "mapping" in value:
        return {name: _decoded(item, module) for name, item in value["mapping"].items()}
    model = getattr(module, value["class"], None) or getattr(importlib.import_module(_SHARED), value["class"])
    return model(**{name: _decoded(item, module) for name, item in value["keys"].items()})
