"""`explain POLICY --effective`: one policy as all sets together have it, and where each key comes from."""

import json

from govcheck.app.configured import configured
from govcheck.app.layers import merged
from govcheck.app.options import DEFAULT_FILE, Setting
from govcheck.app.policies import read_files
from govcheck.app.state import Reading
from govcheck.errors import UsageError
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk
from govcheck.sources.policy_layers import Disabled, Key, Merged, Part

_WIDEST = 60
"""Where the column of places begins, unless a line is longer."""


def explain_effective(setting: Setting, name: str) -> Merged:
    """A policy, key by key.

    Raises:
        UsageError: where there is none of that id.
        PolicyError: where a policy or a set is not valid.
    """
    reading = Reading(open_repository(setting.directory), OnDisk())
    setting = configured(setting, reading)
    disabled = Disabled(setting.disabled, setting.configuration or DEFAULT_FILE, setting.disabled_at)
    every = merged(read_files(setting, reading), disabled)
    found = next((one for one in every if one.loaded.policy.id == name), None)
    if found is None:
        ids = ", ".join(one.loaded.policy.id for one in every)
        raise UsageError(f"there is no policy {name!r}", f"policies: {ids}")
    return found


def as_text(found: Merged) -> str:
    """YAML that is the policy, with a comment that has the place of every key."""
    lines = {name: f"{name}: {_yaml(key.value)}" for name, key in found.keys.items()}
    width = min(_WIDEST, max(map(len, lines.values())))
    return "\n".join(f"{line:<{width}}  # {_places(found.keys[name])}" for name, line in lines.items())


def as_json(found: Merged) -> str:
    """The same for programs."""
    policy = found.loaded.policy
    keys = [
        {"key": name, "value": key.value, **_place(key.parts[-1]), "over": [_place(part) for part in key.parts[:-1]]}
        for name, key in found.keys.items()
    ]
    return json.dumps({"policy": policy.id, "kind": policy.kind, "keys": keys}, indent=2)


def _yaml(value: object) -> str:
    """In one line: JSON, which YAML is a superset of."""
    return json.dumps(value, ensure_ascii=False)


def _places(key: Key) -> str:
    *over, last = key.parts
    said = [_said(last)]
    if over:
        said.append("over " + ", ".join(str(part) for part in reversed(over)))
    return ", ".join(said)


def _said(part: Part) -> str:
    return str(part) if part.path.startswith(part.set) else f"{part} ({part.set})"


def _place(part: Part) -> dict[str, object]:
    return {"set": part.set or None, "file": part.path, "line": part.line}
