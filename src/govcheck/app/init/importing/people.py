"""The sections `collaborators`, `teams` and `autolinks` of a settings file: they have to be there, as it says."""

from collections.abc import Iterator

from govcheck.app.init.importing.told import Left, Source, left
from govcheck.app.init.proposal import Proposal
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.findings import Json

_PEOPLE = {"admin": "admins", "maintain": "maintainers", "push": "writers", "write": "writers"}
_ROLES = {"pull": "read", "push": "write"}
_LIMITS = ("include", "exclude")


def collaborators(node: Node, source: Source) -> Iterator[Proposal | Left]:
    """People, by what they may do."""
    lists: dict[str, list[Json]] = {}
    for entry, name, permission in _entries(node, "username"):
        said = _trouble(entry, name)
        key = _PEOPLE.get(permission or "push")
        if said or name is None:
            yield left(source, entry, f"collaborators {name or ''}".strip(), said)
        elif key is None:
            yield left(source, entry, f"collaborators {name}", f"no policy demands that somebody may {permission}")
        else:
            lists.setdefault(key, []).append(f"user:{name.lower()}")
    if lists:
        yield _access("people-have-access", {key: {"superset_of": names} for key, names in lists.items()}, source)


def teams(node: Node, source: Source) -> Iterator[Proposal | Left]:
    """Teams, each with its role."""
    found: list[Json] = []
    for entry, name, permission in _entries(node, "name"):
        said = _trouble(entry, name)
        if not said and not source.owner:
            said = "whose team it is is not known: give --repository OWNER/NAME"
        if said or name is None:
            yield left(source, entry, f"teams {name or ''}".strip(), said)
            continue
        role = _ROLES.get(permission or "pull", permission or "read")
        found.append(f"team:{source.owner}/{name}={role}".lower())
        if isinstance(entry, Mapping) and entry.get("visibility") is not None:
            yield left(source, entry, f"teams {name}", "`visibility` counts only while a team is made")
    if found:
        yield _access("teams-have-access", {"teams": {"superset_of": found}}, source)


def autolinks(node: Node, source: Source) -> Iterator[Proposal | Left]:
    """Prefixes of references, with where they lead."""
    found: list[Json] = []
    for entry in node if isinstance(node, Sequence) else ():
        prefix, url = (
            (_text(entry, "key_prefix"), _text(entry, "url_template")) if isinstance(entry, Mapping) else (None, None)
        )
        if prefix and url:
            found.append(f"{prefix}={url}")
        else:
            yield left(source, entry, "autolinks", "an entry without `key_prefix` and `url_template`")
    if found:
        yield _access("references-are-links", {"autolinks": {"superset_of": found}}, source)


def _entries(node: Node, name: str) -> Iterator[tuple[Node, str | None, str | None]]:
    for entry in node if isinstance(node, Sequence) else ():
        if isinstance(entry, Mapping):
            yield entry, _text(entry, name), _text(entry, "permission")
        else:
            yield entry, None, None


def _trouble(entry: Node, name: str | None) -> str:
    if not isinstance(entry, Mapping) or not name:
        return "an entry without a name"
    given = [key for key in _LIMITS if entry.get(key) is not None]
    return f"it is for some repositories only (`{given[0]}`)" if given else ""


def _text(node: Mapping, key: str) -> str | None:
    found = node.get(key)
    return found.value.strip() if isinstance(found, Scalar) and isinstance(found.value, str) else None


def _access(name: str, keys: dict[str, Json], source: Source) -> Proposal:
    return Proposal(
        kind="access",
        id=name,
        file="access.yaml",
        why=f"As {source.name} says.",
        fixed=keys,
        explained=(f"Imported from {source.name}.",),
        declared=True,
    )
