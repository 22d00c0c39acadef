"""Classic protection: what `GET /repos/{owner}/{repo}/branches/{branch}/protection` answers, or is sent to change it.

The two differ in shape (`enforce_admins: true`, and `{"enabled": true}`; logins, and users); both are read.

Source: https://docs.github.com/en/rest/branches/branch-protection
"""

import re
from collections.abc import Iterator

from govcheck.app.init.importing.controls import bound, unnamed
from govcheck.app.init.importing.told import Left, Source, identity, key_left, left
from govcheck.app.init.proposal import Proposal
from govcheck.facts.document import Mapping, plain
from govcheck.facts.live import DEFAULT_BRANCH
from govcheck.findings import Json
from govcheck.settings.actors import ADMIN, listed_actors
from govcheck.settings.bodies import Body, UnexpectedShapeError
from govcheck.settings.classic import READ_KEYS
from govcheck.settings.controls import CONTROLS
from govcheck.settings.readers import NotToldError, Surroundings
from govcheck.settings.strength import Value

KEYS = frozenset(READ_KEYS)
"""What tells this shape from others."""

_SWITCHES = frozenset(key for key, inner in READ_KEYS.items() if not inner)
_LISTS = ("restrictions", "dismissal_restrictions", "bypass_pull_request_allowances")
_REVIEWS = "required_pull_request_reviews"
_ALLOWANCES = f"{_REVIEWS}.bypass_pull_request_allowances"
_ADDRESS = re.compile(r"/branches/(.+)/protection$")
_FORGIVEN = frozenset({"url", "name", "protection_url", "enabled"})


def read(document: Mapping, source: Source) -> Iterator[Proposal | Left]:
    """The protection of the branch that the document names, or else of the default branch."""
    found = plain(document)
    url = found.get("url") if isinstance(found, dict) else None
    named = _ADDRESS.search(url) if isinstance(url, str) else None
    yield from of_branch(document, named[1].replace("%2F", "/") if named else DEFAULT_BRANCH, source)


def of_branch(document: Mapping, branch: str, source: Source) -> Iterator[Proposal | Left]:
    """The protection of one branch."""
    for key in document.entries:
        if key not in KEYS | _FORGIVEN:
            yield key_left(source, document, key, "no such part of branch protection is known")
        yield from _unread(key, document, source)
    body = _as_answered(document)
    keys: dict[str, Json] = {}
    for control in CONTROLS.values():
        if control.classic is None:
            continue
        try:
            value = control.classic(body, Surroundings(source.owner, {}))
        except NotToldError:  # the document has no such part at all: there is nothing in it to import
            continue
        except UnexpectedShapeError as error:
            yield left(source, document, control.key, str(error))
            continue
        trouble = _trouble(value, source)
        one = bound(control, value)
        if trouble:
            yield left(source, document, control.key, trouble)
        elif one is not None:
            keys[control.key] = one
    yield from _proposals(body, branch, keys, source)


def _unread(key: str, document: Mapping, source: Source) -> Iterator[Left]:
    """What stands in a part and is not read."""
    part, known = document.get(key), READ_KEYS.get(key, frozenset())
    if not isinstance(part, Mapping) or not known:
        return
    for inner in part.entries:
        if inner not in known and not inner.endswith("url"):
            yield key_left(source, part, inner, f"no such part of {key} is known")


def _trouble(value: Value, source: Source) -> str:
    """Why a policy cannot name these actors; empty where it can."""
    actors = value if isinstance(value, frozenset) else frozenset()
    if not source.owner and any(one.startswith("team:/") for one in actors):
        return "whose teams these are is not known: give --repository OWNER/NAME"
    names = unnamed(value)
    return f"{', '.join(names)} has no name in it" if names else ""


def _proposals(body: Body, branch: str, keys: dict[str, Json], source: Source) -> Iterator[Proposal]:
    if not keys:
        return
    name = "default branch" if branch == DEFAULT_BRANCH else branch
    yield Proposal(
        kind="branch-protection",
        id=identity(name, "protected"),
        file="branches.yaml",
        why=f"As {source.name} says.",
        fixed={"branch": branch, **keys},
        explained=(f"Imported from {source.name}.",),
        declared=True,
    )
    # Who may force-push in spite of classic protection only GraphQL tells, and an administrator only.
    told = {key: one for key, one in keys.items() if key != "force_pushes"}
    passers = _passers(body, source)
    if told and passers is not None:
        yield Proposal(
            kind="branch-protection",
            id=identity(name, "without exceptions"),
            file="branches.yaml",
            why=f"As {source.name} says: nobody else goes around any of these.",
            fixed={"branch": branch, **told, "bypass": {"subset_of": [*passers]}},
            declared=True,
        )


def _passers(body: Body, source: Source) -> list[str] | None:
    """Who may go around it; None where a name is missing."""
    try:
        allowed = listed_actors(body, _ALLOWANCES, source.owner) or frozenset()
    except UnexpectedShapeError:
        return None
    if any(one.startswith("team:/") for one in allowed):
        return None
    switch = body.get("enforce_admins")
    enforced = switch.get("enabled") is True if isinstance(switch, dict) else False
    return sorted({*allowed, *([] if enforced else [ADMIN])})


def _as_answered(document: Mapping) -> Body:
    """The document as GitHub would answer it."""
    found = plain(document)
    body: Body = {key: _json(value) for key, value in found.items()} if isinstance(found, dict) else {}
    body = {key: value for key, value in body.items() if value is not None}
    for key in _SWITCHES:
        if not isinstance(body.get(key), dict):
            body[key] = {"enabled": body.get(key, False)}
    reviews = body.get(_REVIEWS)
    if isinstance(reviews, dict):
        # Without a number GitHub asks for one approval.
        body[_REVIEWS] = {"required_approving_review_count": 1, **_named(reviews)}
    return _named(body)


def _named(body: Body) -> Body:
    """Lists of actors with names as answers have them: objects in place of texts."""
    return {
        key: _actors(value) if key in _LISTS and isinstance(value, dict) else value
        for key, value in body.items()
        if not (key in _LISTS and value in (None, {}))
    }


def _actors(lists: Body) -> Json:
    made: dict[str, Json] = {}
    for key, name in (("users", "login"), ("teams", "slug"), ("apps", "slug")):
        entries = lists.get(key)
        made[key] = (
            [{name: one} if isinstance(one, str) else one for one in entries] if isinstance(entries, list) else []
        )
    return made


def _json(value: object) -> Json:
    return value  # type: ignore[return-value]  # what `plain` makes of a document is JSON
