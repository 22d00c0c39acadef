"""The section `repository` of a settings file, whose keys are those of `PATCH /repos/{owner}/{repo}`.

Which key of a policy each one is, the registry of settings says.
"""

from collections.abc import Iterator

from govcheck.app.init.importing.told import Left, Source, key_left, left
from govcheck.app.init.proposal import Proposal
from govcheck.facts.document import Mapping, Node, Scalar, Sequence, plain
from govcheck.findings import Json
from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.registry import Setting, of_kind

_KIND, _FILE = "repository-settings", "settings.yaml"
_SECURITY = {
    "enableVulnerabilityAlerts": "dependabot_alerts",
    "enable_vulnerability_alerts": "dependabot_alerts",
    "enableAutomatedSecurityFixes": "dependabot_security_updates",
    "enable_automated_security_fixes": "dependabot_security_updates",
}
"""The apps' own names to those of `code-security`."""

_ONCE = frozenset({"auto_init", "gitignore_template", "license_template", "force_create", "template", "org", "name"})
"""What only matters while a repository is made, or names it."""


def read(node: Node, source: Source) -> Iterator[Proposal | Left]:
    """The repository's own settings, and what of code security stands among them."""
    if not isinstance(node, Mapping):
        yield left(source, node, "repository", "it is no mapping")
        return
    keys: dict[str, Json] = {}
    security: dict[str, Json] = {}
    for key, value in node.items():
        if key == "security" and isinstance(value, Mapping):
            yield from _security(value, security, source)
        elif key in _SECURITY:
            yield from _security(Mapping({key: node.entries[key]}, node.line, node.column), security, source)
        elif key in _ONCE:
            yield key_left(source, node, key, "it says what happens when the repository is made or named")
        elif (found := _setting(key, value)) is not None:
            keys |= found
        else:
            yield key_left(source, node, key, f"no policy says `{key}: {_shown(value)}`")
    if "visibility" in keys and "private" in keys:
        del keys["private"]
    if keys:
        yield _proposal(_KIND, "repository-is-set-up", keys, source)
    if security:
        yield _proposal("code-security", "dependencies-are-watched", security, source)


def properties(node: Node, source: Source) -> Iterator[Proposal | Left]:
    """Custom properties, by name."""
    found: dict[str, Json] = {}
    for entry in node if isinstance(node, Sequence) else ():
        name, value = (entry.get("name"), entry.get("value")) if isinstance(entry, Mapping) else (None, None)
        if isinstance(name, Scalar) and isinstance(name.value, str) and isinstance(value, Scalar):
            # GitHub keeps true, false and numbers as texts.
            found[name.value] = value.value if isinstance(value.value, bool | str) else value.text
        else:
            yield left(source, entry, "custom_properties", "an entry without a name and one value")
    if found:
        yield _proposal(_KIND, "custom-properties", {"properties": found}, source)


def _security(node: Mapping, security: dict[str, Json], source: Source) -> Iterator[Left]:
    for key, value in node.items():
        if key in _SECURITY and isinstance(value, Scalar) and isinstance(value.value, bool):
            security[_SECURITY[key]] = value.value
        else:
            yield key_left(source, node, key, "no policy says it")


def _setting(key: str, node: Node) -> dict[str, Json] | None:
    """The policy's key and value; None where no policy says it."""
    value = plain(node)
    if key == "private" and isinstance(value, bool):
        return {"visibility": "private"} if value else {"visibility": "public"}
    if key == "topics":
        listed = value.split(",") if isinstance(value, str) else value
        named = [str(one).strip() for one in listed] if isinstance(listed, list) else []
        return {"topics": [*filter(None, named)]} if named else None
    found = _BY_PATH.get(key)
    if found is None or not isinstance(value, bool | str):
        return None
    mapped = found.values.get(value) if found.values else value
    return {found.key: mapped} if isinstance(mapped, bool) or (isinstance(mapped, str) and mapped) else None


_BY_PATH: dict[str, Setting] = {
    one.path: one for one in of_kind(_KIND) if one.endpoint == REPOSITORY and one.derived is None and not one.members
}


def _proposal(kind: str, name: str, keys: dict[str, Json], source: Source) -> Proposal:
    return Proposal(
        kind=kind,
        id=name,
        file=_FILE,
        why=f"As {source.name} says.",
        fixed=keys,
        explained=(f"Imported from {source.name}.",),
        declared=True,
    )


def _shown(node: Node) -> str:
    return node.text[:60] if isinstance(node, Scalar) else "..."
