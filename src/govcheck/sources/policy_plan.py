"""Validated policies as JSON and back, so that a warm run needs neither YAML nor pydantic.

A plan is trusted only where it is whole (a checksum), was made for exactly these policy files (the key), and by
exactly this code (Python's version, size and time of the modules that define the models). Anything else is None, and
the caller makes a new one. A plan can only name classes that a kind's own model mentions; nothing is evaluated.

It also outlines what the checks of each policy read, so that a run which can judge nothing of it, or which has judged
it before, need not import its kind: such a policy comes back as a bare `Policy`, with the keys that all kinds have.
"""

import json
import os
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from govcheck import registry
from govcheck.plan import Asked, Outline, PlannedPolicy
from govcheck.plan import plan as plan_calls
from govcheck.policy import LoadedPolicy, Policy
from govcheck.records import names

_VERSION = 3
_PACKAGE = os.path.dirname(registry.__file__)
_COMMON = names(Policy)
_CLASS = "\0class"
"""Marks an encoded record; no key of YAML can hold this character."""

_TUPLE = "\0tuple"
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError)
"""What a plan that is not one of ours can lead to; `json.JSONDecodeError` and `UnicodeDecodeError` are ValueErrors."""


class Plan(NamedTuple):
    """What a plan holds."""

    policies: tuple[LoadedPolicy, ...]
    outlines: Mapping[str, Outline]
    """A policy's id to what those checks read that apply to it."""


def _needed(_: Outline) -> bool:
    return False


def _unknown(_identity: str, _text: str, _calls: tuple[Asked, ...]) -> bool:
    return False


def encode(policies: Sequence[LoadedPolicy], key: str) -> bytes:
    """The plan of these policies; `key` names the files that they were read from.

    Empty, which is no plan, where a rule cannot even say what it reads: that has to be told in every run.
    """
    plain = [[_plain(loaded.policy), loaded.path, loaded.line] for loaded in policies]
    planned = plan_calls(policies)
    if any(one.crash is not None for one in planned):
        return b""
    kinds = sorted({loaded.policy.kind for loaded in policies})
    content = json.dumps(
        {
            "made": _made(key, kinds),
            "kinds": kinds,
            "outlines": {one.policy.policy.id: _outline(one) for one in planned},
            "calls": {one.policy.policy.id: _asked(one) for one in planned},
            "policies": plain,
        },
        separators=(",", ":"),
    ).encode()
    return _checksum(content) + b"\n" + content


def decode(
    data: bytes,
    key: str,
    *,
    needless: Callable[[Outline], bool] = _needed,
    known: Callable[[str, str, tuple[Asked, ...]], bool] = _unknown,
) -> Plan | None:
    """The policies of a plan; None where it is damaged, or was made for other files or by other code.

    Args:
        data: What `encode` gave.
        key: For which files.
        needless: For which policies, by what their checks read, a bare `Policy` is enough.
        known: The same, by its id, by all that it says as one text, and by every call of its checks.
    """
    checksum, _, content = data.partition(b"\n")
    if checksum != _checksum(content):
        return None
    try:
        plan = json.loads(content)
        if plan["made"] != _made(key, plan["kinds"]):
            return None
        outlines = {
            name: tuple((check, tuple(facts)) for check, facts in outline) for name, outline in plan["outlines"].items()
        }
        bare = frozenset(name for name, outline in outlines.items() if needless(outline))
        if known is not _unknown:
            bare |= _known(plan, bare, known)
        policies = tuple(_loaded(*entry, bare=bare) for entry in plan["policies"])
    except _DAMAGED:
        return None
    return Plan(policies, outlines)


def _checksum(content: bytes) -> bytes:
    return b"%08x" % zlib.crc32(content)


def _made(key: str, kinds: Sequence[str]) -> list[Any]:
    """For what, and by which code. Nothing is imported to find that out."""
    modules = ["policy.py", "constraints.py", *(f"rules/{name.replace('-', '_')}.py" for name in kinds)]
    return [_VERSION, key, *sys.version_info[:3], *(_state(os.path.join(_PACKAGE, module)) for module in modules)]


def _state(file: str) -> list[int] | None:
    try:
        state = os.stat(file)
    except FileNotFoundError:
        return None
    return [state.st_size, state.st_mtime_ns]


def _known(
    plan: Mapping[str, Any], bare: frozenset[str], known: Callable[[str, str, tuple[Asked, ...]], bool]
) -> frozenset[str]:
    """Of the policies that are not bare already, those that are known."""
    whole = ((entry[0]["id"], entry[0]) for entry in plan["policies"] if entry[0]["id"] not in bare)
    return frozenset(
        name
        for name, encoded in whole
        if known(name, json.dumps(encoded), tuple((check, _asks(asks)) for check, asks in plan["calls"][name]))
    )


def _asks(asks: Sequence[Any]) -> tuple[tuple[str, tuple[str, ...] | None], ...]:
    return tuple((fact, None if globs is None else tuple(globs)) for fact, globs in asks)


def _asked(planned: PlannedPolicy) -> tuple[Asked, ...]:
    """Every call: its check, and each fact with its globs, where it is asked for by globs."""
    from govcheck.facts.tree import BlobsRequest  # noqa: PLC0415 - only where a plan is written

    return tuple(
        (
            call.check.name,
            tuple(
                (request.fact.__name__, request.globs if isinstance(request, BlobsRequest) else None)
                for request in call.requests
            ),
        )
        for call in planned.calls
    )


def _outline(planned: PlannedPolicy) -> Outline:
    """Of the checks that apply: one that asks for no call does not."""
    facts = {call.check.name: tuple(fact.__name__ for fact in call.check.facts) for call in planned.calls}
    return tuple(facts.items())


def _plain(value: object) -> object:
    from dataclasses import fields, is_dataclass  # noqa: PLC0415 - only where a plan is written

    if isinstance(value, tuple):
        return {_TUPLE: [_plain(item) for item in value]}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {
            _CLASS: type(value).__name__,
            **{field.name: _plain(getattr(value, field.name)) for field in fields(value)},
        }
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a policy cannot hold a {type(value).__name__}")


def _loaded(encoded: dict[str, Any], path: str, line: int, *, bare: frozenset[str]) -> LoadedPolicy:
    if encoded["id"] in bare:
        common: dict[str, Any] = {name: _value(encoded[name], {}) for name in _COMMON}
        return LoadedPolicy(Policy(**common), path, line)
    policy = _value(encoded, _classes(encoded["kind"]))
    if not isinstance(policy, Policy):
        raise TypeError(path)
    return LoadedPolicy(policy, path, line)


def _value(encoded: object, classes: dict[str, type]) -> object:
    if isinstance(encoded, dict):
        if _TUPLE in encoded:
            return tuple(_value(item, classes) for item in encoded[_TUPLE])
        members = {key: _value(item, classes) for key, item in encoded.items() if key != _CLASS}
        return classes[encoded[_CLASS]](**members) if _CLASS in encoded else members
    if isinstance(encoded, list):
        return [_value(item, classes) for item in encoded]
    return encoded


@cache
def _classes(kind_name: str) -> dict[str, type]:
    """Every class that a policy of this kind can hold, by its name."""
    from govcheck.policy_keys import models  # noqa: PLC0415 - typing's reflection is dear, and a bare policy needs none

    found = registry.kind(kind_name)
    if found is None:
        raise KeyError(kind_name)
    return {one.__name__: one for one in models(found.model)}
