"""The registry of settings: everything that a repository can be set to, once, whoever asserts it.

The folder is the registry: each module holds the `SETTINGS` of one domain. Policies, the plan of what to fetch, what a
snapshot keeps, how drift compares and what is left uncovered all follow from it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cache

from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings.strength import Strength


class Absent(StrEnum):
    """What it means where a document does not have the key at all."""

    DEFAULT = "default"
    """The setting has its default: GitHub leaves out what is not set."""

    UNKNOWN = "unknown"
    """The token may not see it."""

    UNAVAILABLE = "unavailable"
    """The account's plan does not have it, so it is not enforced. Where all that stands beside it is absent too, the
    token may not see it."""

    FREE = "free"
    """As UNAVAILABLE, but public repositories have it always, and need not be set to it."""


WHOLE = "[]"
"""The path of a setting that the whole answer is: a list."""


@frozen(kw_only=True, eq=False)
class Setting:
    """One setting. There is one of each, so that each is equal to itself alone, and can be a key whatever it holds."""

    kind: str
    """The kind of policy that asserts it: `repository-settings`."""

    key: str
    """Its key in that policy, which is its control too: `squash_merge`."""

    title: str
    """What it is, in words that fit into a sentence: `squash merging`."""

    endpoint: str
    """The template of the endpoint that tells it; see `settings.endpoints`."""

    path: str
    """Where it stands in the answer, keys joined by dots: `security_and_analysis.secret_scanning.status`. Empty where
    answering at all means yes, and a refusal in GitHub's own words means no, or where `members` works it out; `WHOLE`
    for a list."""

    strength: Strength | None
    """How its values compare; None where none is stronger than another."""

    default: Json = None
    """Its value where nothing is set, as policies write it."""

    absent: Absent = Absent.DEFAULT
    permission: str = ""
    """What it takes to see the key, where that is more than the endpoint needs: `administration:read`."""

    derived: Callable[[Mapping[str, Json]], Json] | None = None
    """Its value from the whole document, where no single key has it; None where the document does not tell it.

    May raise `UnexpectedShapeError`. `path` then says what the value rests on.
    """

    elsewhere: Mapping[Json, Json] | None = None
    """What it comes to where its endpoint has nothing to tell, by the value of the setting that decides about that:
    where every action may run, `{"all": "allowed"}`. See `settings.endpoints.Condition`."""

    empty_is_weakest: bool = False
    """Whether an empty list means no limit at all: where nobody is named to approve, nobody has to."""

    values: Mapping[Json, Json] | None = None
    """GitHub's value to the policy's, where they differ: `{"enabled": True, "disabled": False}`."""

    entry: Callable[[Mapping[str, Json]], str | None] | None = None
    """For a list of objects: what policies call one of them; None leaves it out.

    Raises:
        UnexpectedShapeError: an object is not of the documented shape.
    """

    capped_by: str = ""
    """The setting of the organisation that leaves no more than itself of this one: its key in the same kind."""

    unless: tuple[str, tuple[Json, ...]] | None = None
    """A place in the same answer, and what makes the setting void where it stands there: it then has its default."""

    order: tuple[str, ...] = ()
    """For texts that can be stronger or weaker: all of them, the weakest first."""

    members: Callable[[Json], Sequence[str]] | None = None
    """For a setting that is a list worked out of the whole answer: from the document to the members of the list.

    It raises `UnexpectedShapeError` where the document is not as GitHub documents it.
    """

    graphql: str = ""
    """The field of GraphQL that tells it too: `Repository.squashMergeAllowed`."""

    graphql_too: bool = False
    """Whether that field is read where REST keeps the key back. Only for fields that GraphQL shows to every reader."""

    security: bool = False
    """Whether it bears on security, so that it is named where no policy asserts it."""

    page: str = ""
    """Where a person sets it, below the repository's own page, where its endpoint alone does not say so."""

    measure: bool = False
    """Whether it moves by itself, as the size of a cache does: policies may bound it, snapshots do not keep it."""

    command: str = ""
    """What sets it, with `{repository}` and `{value}`: `gh api -X PATCH repos/{repository} -F has_wiki={value}`."""

    docs: str = ""

    @property
    def name(self) -> str:
        """Its name in snapshots and reports: `repository-settings/squash_merge`."""
        return f"{self.kind}/{self.key}"


@cache
def settings() -> tuple[Setting, ...]:
    """All settings, domain by domain."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(one for module in modules for one in module.SETTINGS)


@cache
def named(name: str) -> Setting | None:
    """The setting of that name; None where there is none."""
    return next((one for one in settings() if one.name == name), None)


@cache
def graphql_fields() -> Mapping[str, str]:
    """The fields of GraphQL's `Repository` that may be asked for, with the REST paths that they stand in for."""
    return {one.graphql.partition(".")[2]: one.path for one in settings() if one.graphql_too}


@cache
def of_kind(kind: str) -> tuple[Setting, ...]:
    """The settings that a kind of policy asserts, in the order of its keys."""
    return tuple(one for one in settings() if one.kind == kind)
