"""Actors: who may push, dismiss, or go around. One way to write them, for policies and for what is live.

`role:admin`, `team:org/slug`, `app:slug`, `user:login`, `organization-admin`, `enterprise-owner`, `deploy-key`; where
GitHub gives a number and no name: `role:id-7`, `team:id-12`, `app:id-99`. Always in lower case, because GitHub's
logins and slugs do not tell cases apart.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, cast, get_args

from govcheck.findings import Json
from govcheck.settings.apps import APP_IDS, GITHUB_ACTIONS
from govcheck.settings.bodies import Body, UnexpectedShapeError, number, objects, part, text

Mode = Literal["always", "pull_request", "exempt"]
"""When an actor may go around a ruleset. `exempt` leaves no entry in any audit."""

ADMIN = "role:admin"
ORGANIZATION_ADMIN = "organization-admin"

_ROLES = {2: "maintain", 4: "write", 5: "admin"}
"""The repository roles whose numbers are known; custom roles have numbers of their own."""

_NUMBERED = {"RepositoryRole": "role", "Team": "team", "User": "user", "Integration": "app"}
_SINGLE = {
    "OrganizationAdmin": ORGANIZATION_ADMIN,
    "EnterpriseOwner": "enterprise-owner",
    "DeployKey": "deploy-key",
}
"""Actor types of which there is one, whatever number GitHub sends with them (null, 0 or 1)."""

_PREFIXES = ("role:", "team:", "app:", "user:")
_ROLE_NAMES = ("admin", "maintain", "write", "triage", "read")
_TEAM_PARTS = 2


class Passer(NamedTuple):
    """One actor that may go around a layer."""

    actor: str
    mode: Mode = "always"


Names = Mapping[tuple[str, int], str]
"""From (prefix, number) to the name that another answer gives for the same actor: `("team", 12): "team:org/slug"`."""


def listed_actors(body: Body, path: str, owner: str) -> frozenset[str] | None:
    """The users, teams and apps of a classic list; None where the list is absent (which means no restriction)."""
    listed = _listed(body, path, owner)
    return None if listed is None else frozenset(actor for _, _, actor in listed)


def listed_names(body: Body, paths: Iterable[str], owner: str) -> Names:
    """The names of every actor that these classic lists have, by number. What cannot be read gives no name."""
    names: dict[tuple[str, int], str] = {}
    for path in paths:
        try:
            listed = _listed(body, path, owner) or ()
        except UnexpectedShapeError:  # the reader of the list itself says so
            continue
        names.update({(prefix, found): actor for prefix, found, actor in listed if found is not None})
    return names


def listed_teams(listed: Json, owner: str) -> Names:
    """The names of the teams in a list of them, by number. What cannot be read gives no name."""
    names: dict[tuple[str, int], str] = {}
    for entry in listed if isinstance(listed, list) else ():
        try:
            found, slug = (number(entry, "id"), text(entry, "slug")) if isinstance(entry, dict) else (None, None)
        except UnexpectedShapeError:  # then the team stays a number
            continue
        if found is not None and slug:
            names["team", found] = f"team:{owner}/{slug}".lower()
    return names


def may_be(actor: str, named: Iterable[str]) -> bool:
    """Whether an actor that GitHub gives by number only may be one of those that are named."""
    prefix, _, name = actor.partition(":")
    return name.startswith("id-") and any(
        one.startswith(f"{prefix}:") and not one.startswith(f"{prefix}:id-") for one in named
    )


def ruleset_passers(entries: Iterable[Body], names: Names) -> frozenset[Passer]:
    """The bypass actors of a ruleset. A type that is not known is reported under its own name, never skipped."""
    return frozenset(Passer(_bypass_actor(entry, names), _mode(entry)) for entry in entries)


def dismissing_actors(entries: Iterable[Body], names: Names) -> frozenset[str]:
    """The actors of a ruleset's `dismissal_restriction.allowed_actors`.

    Raises:
        UnexpectedShapeError: for an app too, which is listed there by its installation, and so has no name to compare.
    """
    return frozenset(_numbered(text(entry, "type"), number(entry, "id"), names) for entry in entries)


def app_name(app_id: int, names: Names | None = None) -> str:
    """An app by its number: `app:github-actions`, or `app:id-99` where nothing names it."""
    own = GITHUB_ACTIONS if app_id == APP_IDS[GITHUB_ACTIONS] else None
    return (names or {}).get(("app", app_id)) or f"app:{own or f'id-{app_id}'}"


def implied(actor: str) -> frozenset[str]:
    """The actor, and whose rights it has as well: an organisation's owner is an admin, an admin can what a writer can.

    GitHub does not say whether a bypass for a role counts for the roles above it: the careful reading is that it does.
    """
    order = (ORGANIZATION_ADMIN, ADMIN, "role:maintain", "role:write")
    return frozenset(order[order.index(actor) :]) if actor in order else frozenset({actor})


def is_group(actor: str) -> bool:
    """Whether one person can be this actor and another one as well: all but apps, keys and single users."""
    return not actor.startswith(("app:", "user:")) and actor != "deploy-key"


def problem(actor: str) -> str | None:
    """What is wrong with an actor as a policy writes it, or None."""
    if actor in _SINGLE.values() or _well_written(actor):
        return None
    named = (*_SINGLE.values(), *(f"role:{role}" for role in _ROLE_NAMES))
    near = difflib.get_close_matches(actor.lower(), named, n=1)
    if not near and actor.lower() in _ROLE_NAMES:
        near = [f"role:{actor.lower()}"]
    hint = f"; did you mean {near[0]}?" if near else ""
    legal = "role:NAME, team:ORGANISATION/SLUG, app:SLUG, user:LOGIN, " + ", ".join(_SINGLE.values())
    return f"{actor!r} is not an actor: write {legal}{hint}"


def _well_written(actor: str) -> bool:
    prefix, _, name = actor.partition(":")
    if f"{prefix}:" not in _PREFIXES or not name or name != name.strip():
        return False
    return prefix != "team" or name.startswith("id-") or len([word for word in name.split("/") if word]) == _TEAM_PARTS


def _listed(body: Body, path: str, owner: str) -> list[tuple[str, int | None, str]] | None:
    """(prefix, number, actor) of every entry."""
    if part(body, path) is None:
        return None
    lists = [(prefix, objects(body, f"{path}.{prefix}s")) for prefix in ("user", "team", "app")]
    if all(entries is None for _, entries in lists):
        raise UnexpectedShapeError(f"{path}: expected lists of users, teams and apps")
    return [
        (prefix, number(entry, "id"), _classic_actor(prefix, entry, owner))
        for prefix, entries in lists
        for entry in entries or ()
    ]


def _classic_actor(prefix: str, entry: Body, owner: str) -> str:
    name = text(entry, "login" if prefix == "user" else "slug")
    if not name:
        raise UnexpectedShapeError(f"a {prefix} in a list of actors has no name")
    return f"{prefix}:{owner}/{name}".lower() if prefix == "team" else f"{prefix}:{name}".lower()


def _bypass_actor(entry: Body, names: Names) -> str:
    kind = text(entry, "actor_type")
    if kind in _SINGLE:
        return _SINGLE[kind]
    return _numbered(kind, number(entry, "actor_id"), names)


def _numbered(kind: str | None, found: int | None, names: Names) -> str:
    if not kind or kind == "IntegrationInstallation":
        raise UnexpectedShapeError("an actor that is known by its installation or has no type")
    prefix = _NUMBERED.get(kind)
    if prefix is None or found is None:
        return f"{kind}:id-{found}".lower()
    if prefix == "app":
        return app_name(found, names)
    if prefix == "role" and found in _ROLES:
        return f"role:{_ROLES[found]}"
    return names.get((prefix, found), f"{prefix}:id-{found}")


def _mode(entry: Body) -> Mode:
    mode = text(entry, "bypass_mode") or "always"
    for known in get_args(Mode):
        if mode == known:
            return cast("Mode", known)
    return "always"
