"""Who may do what in a repository: people by their effective role, teams, apps.

Source: https://docs.github.com/en/rest/collaborators/collaborators#list-repository-collaborators. `permissions` there
is what a person may do in the end, by whatever way: in person, by a team, or as a member of the organisation.
"""

import re

from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, objects_of, part, required_text, text

LEVELS = ("read", "triage", "write", "maintain", "admin")
"""GitHub's own roles, the weakest first."""

_GRANTS = {"pull": "read", "push": "write"}
"""The permissions that the API still calls by an older name."""

_TEAM_PAGE = re.compile(r"/(?P<organisation>[^/]+)/teams/[^/]+/?$")


@frozen(kw_only=True)
class Person:
    """One person who may do something in the repository."""

    actor: str
    """`user:login`, in lower case."""

    role: str
    """The role's name: one of `LEVELS`, or a custom one."""

    level: str
    """The strongest of `LEVELS` that the role comes to."""

    @property
    def may_write(self) -> bool:
        """Whether an approval of this person counts, which takes the right to write."""
        return LEVELS.index(self.level) >= LEVELS.index("write")


def people(document: Json) -> tuple[Person, ...]:
    """Everybody in a list of collaborators.

    Raises:
        UnexpectedShapeError: an entry has no name, or nothing that tells how far it goes.
    """
    return tuple(_person(entry) for entry in objects_of(document, "collaborators"))


def admins(document: Json) -> list[str]:
    """Those whose role comes to `admin`."""
    return _of_level(document, "admin")


def maintainers(document: Json) -> list[str]:
    """Those whose role comes to `maintain`."""
    return _of_level(document, "maintain")


def writers(document: Json) -> list[str]:
    """Those whose role comes to `write`."""
    return _of_level(document, "write")


def logins(document: Json) -> list[str]:
    """Everybody in a list of users."""
    return [actor_of(entry) for entry in objects_of(document, "users")]


def custom_roles(document: Json) -> list[str]:
    """The roles among the collaborators that are none of GitHub's own."""
    return [person.role for person in people(document) if person.role not in LEVELS]


def teams(document: Json) -> list[str]:
    """`team:org/slug=role` of every team."""
    return [f"{_team(entry)}={_role(required_text(entry, 'permission'))}" for entry in objects_of(document, "teams")]


def apps(document: Json) -> list[str]:
    """`app:slug` of every app that the organisation has and has not suspended.

    Whether one that is installed on selected repositories reaches this one is not told: it counts.
    """
    listed = part(document, "installations") if isinstance(document, dict) else None
    entries = [one for one in objects_of(listed, "installations") if text(one, "suspended_at") is None]
    return [f"app:{required_text(entry, 'app_slug')}".lower() for entry in entries]


def autolinks(document: Json) -> list[str]:
    """`PREFIX=ADDRESS` of every reference that GitHub makes a link of."""
    return [
        f"{required_text(entry, 'key_prefix')}={required_text(entry, 'url_template')}"
        for entry in objects_of(document, "autolinks")
    ]


def actor_of(entry: Body) -> str:
    """`user:login` of a user.

    Raises:
        UnexpectedShapeError: the user has no login.
    """
    return f"user:{required_text(entry, 'login')}".lower()


def _of_level(document: Json, level: str) -> list[str]:
    return [person.actor for person in people(document) if person.level == level]


def _person(entry: Body) -> Person:
    role = _role(text(entry, "role_name"))
    if part(entry, "permissions") is not None:
        held = {
            _GRANTS.get(name, name) for name in ("pull", "triage", "push", "maintain", "admin") if _may(entry, name)
        }
        level = next((one for one in reversed(LEVELS) if one in held), None)
    else:
        level = role if role in LEVELS else None
    if level is None:
        raise UnexpectedShapeError(f"collaborators: how far the role {role!r} of {actor_of(entry)} goes is not told")
    return Person(actor=actor_of(entry), role=role or level, level=level)


def _may(entry: Body, name: str) -> bool:
    return flag(entry, f"permissions.{name}") is True


def _role(name: str | None) -> str:
    return _GRANTS.get(name or "", name or "")


def _team(entry: Body) -> str:
    slug = required_text(entry, "slug")
    page = _TEAM_PAGE.search(text(entry, "html_url") or "")
    if page is None:
        raise UnexpectedShapeError(f"teams: the page of {slug} does not tell its organisation")
    return f"team:{page['organisation']}/{slug}".lower()
