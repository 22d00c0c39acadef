"""Nobody and nothing reaches the repository but who and what this policy names.

```yaml
kind: access
id: who-has-access
why: Whoever can push can deploy.
admins: [user:octocat]
writers: { subset_of: [user:hubot, user:monalisa] }
outside_collaborators: { subset_of: [] }
teams: { subset_of: [team:octo/core=write] }
deploy_keys: { write: forbidden, max_age: 365d }
webhooks: { secret: required, tls: required, hosts: { subset_of: [ci.example.com] } }
```

Lists are held member by member: each person who should not be there is a finding of its own, with the person as its
subject. People count once, in the strongest role they have by whatever way, so that an administrator is none of the
`writers`; a custom role counts as the strongest of GitHub's own that it comes to. People are written `user:login`,
teams `team:organisation/slug`, apps `app:slug`; an invitation, a team or an autolink may be named with or without what
it grants or leads to: `team:octo/core` or `team:octo/core=write`, `TICKET-` or `TICKET-=https://example.com/<num>`.

Keys and webhooks are never shown: a key is named by its title or its fingerprint (`SHA256:...`, as `ssh-keygen -l`
writes it), a webhook by scheme, host and number, because the paths of addresses often carry tokens.

GitHub shows people to whoever may push, keys, teams and invitations to administrators, and what an organisation demands
to its owners. What the token may not see is unknown, never empty. Where a user owns the repository, there are no teams,
no outside collaborators and no organisation: these keys are then not applicable, and the report says so.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from govcheck import constraints
from govcheck.constraints import SetBound, SetConstraint
from govcheck.facts import Request
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.now import Now
from govcheck.findings import Finding, Judged, Undecided
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import access, access_entries, assertions, durations
from govcheck.settings.access_entries import Listed
from govcheck.settings.registry import Setting, of_kind

_KIND = "access"
_CASED = frozenset({"autolinks", "custom_roles"})
"""Lists whose members tell cases apart."""

_ENTRIES = frozenset({"invitations", "deploy_keys", "webhooks"})
"""Lists of what has aspects of its own."""

_PREFIXES = {"teams": "team:", "apps": "app:", "autolinks": "", "custom_roles": ""}
"""How the members of a list begin, where they are no people."""

Allowance = Literal["allowed", "forbidden"]


@frozen(kw_only=True)
class Invitations:
    """What of invitations may be there."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    pending: Allowance = "allowed"
    """Whether invitations may be open."""

    expired: Allowance = "allowed"
    """Whether invitations may lie there that nobody took up in time."""

    subset_of: tuple[str, ...] | None = None
    """The only people who may be invited: `user:login`, or `user:login=write` with the role that they would get."""


@frozen(kw_only=True)
class DeployKeys:
    """What deploy keys there may be."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    write: Allowance = "allowed"
    """Whether a key may push."""

    max_age: str | None = None
    """No key is older than this: `365d`."""

    subset_of: tuple[str, ...] | None = None
    """The only keys, by title or fingerprint (`SHA256:...`). Whoever can add a key can call it what they like."""

    superset_of: tuple[str, ...] | None = None
    """Keys that have to be there, by title or fingerprint."""


@frozen(kw_only=True)
class Webhooks:
    """What webhooks there may be."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    secret: Literal["required"] | None = None
    """Whether each one signs what it sends."""

    tls: Literal["required"] | None = None
    """Whether each one has an `https` address, whose certificate is verified."""

    hosts: SetBound | None = None
    """The hosts that webhooks send to."""

    inactive: Allowance = "allowed"
    """Whether webhooks may lie there switched off."""

    failing: Allowance = "allowed"
    """Whether the last delivery of a webhook that is on may have failed."""


@frozen(kw_only=True)
class Access(Policy):
    """Who and what may reach the repository."""

    kind: Literal["access"] = "access"

    admins: SetBound | None = None
    """People whose role comes to admin."""

    maintainers: SetBound | None = None
    """People whose role comes to maintain, and no further."""

    writers: SetBound | None = None
    """People whose role comes to write, and no further."""

    outside_collaborators: SetBound | None = None
    """People who have access and are no members of the organisation."""

    custom_roles: SetBound | None = None
    """Names of roles that people have, and that are none of GitHub's own five."""

    teams: SetBound | None = None
    """Teams that have access: `team:organisation/slug`, or `team:organisation/slug=write` with their role."""

    invitations: Invitations | None = None
    """Invitations that were not answered yet."""

    deploy_keys: DeployKeys | None = None
    """Keys by which machines read or write."""

    webhooks: Webhooks | None = None
    """Where GitHub sends what happens here."""

    autolinks: SetBound | None = None
    """Prefixes of references that become links: `TICKET-`, or `TICKET-=https://example.com/<num>` with where to."""

    apps: SetBound | None = None
    """Apps that the organisation has installed, on all repositories or on some: `app:slug`."""

    two_factor: bool | None = None
    """Whether the organisation demands two-factor authentication of its members."""

    members_without_two_factor: SetBound | None = None
    """Members of the organisation who have none."""

    base_permission: Literal["none", "read", "write", "admin"] | None = None
    """What every member of the organisation may do in each of its repositories."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        given = assertions.asserted(_KIND, self)
        if not given:
            yield (), "asserts nothing: give at least one list"
        for setting, wanted in given.items():
            if isinstance(wanted, tuple | SetConstraint):
                yield from (((setting.key,), problem) for problem in _bound_problems(setting.key, wanted))
        yield from _entry_problems(self)


def _bound_problems(key: str, wanted: SetBound) -> Iterator[str]:
    yield from constraints.problems(wanted)
    prefix = _PREFIXES.get(key, "user:")
    for member in constraints.members(wanted):
        if not member.lower().startswith(prefix) or len(member) == len(prefix):
            yield f"{member!r} is not written as the members of this list are: `{prefix}NAME`"


def _entry_problems(policy: Access) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for key in sorted(_ENTRIES):
        wanted = getattr(policy, key)
        if wanted is not None and wanted == type(wanted)():
            yield (key,), "asserts nothing: give at least one key"
    keys, hooks, invited = policy.deploy_keys, policy.webhooks, policy.invitations
    if keys is not None and keys.max_age is not None and durations.parse(keys.max_age) is None:
        yield ("deploy_keys", "max_age"), f"{keys.max_age!r} is not a length of time: write it like 365d"
    if hooks is not None and hooks.hosts is not None:
        yield from ((("webhooks", "hosts"), problem) for problem in constraints.problems(hooks.hosts))
    if invited is not None and invited.subset_of is not None:
        yield from ((("invitations", "subset_of"), one) for one in _bound_problems("invitations", invited.subset_of))


def _asked(policy: Access, keys: Iterable[str]) -> dict[Setting, assertions.Wanted]:
    given = assertions.asserted(_KIND, policy)
    wanted = frozenset(keys)
    return {setting: value for setting, value in given.items() if setting.key in wanted}


_PLAIN = ("two_factor", "base_permission")
_LISTS = tuple(one.key for one in of_kind(_KIND) if one.key not in {*_PLAIN, *_ENTRIES})


def _request(settings: Iterable[Setting]) -> Iterable[tuple[Request, ...]]:
    endpoints = assertions.endpoints(settings)
    more = (access.ORGANISATION,) if access.MEMBERS in endpoints else ()
    return [(LiveAnswersRequest(LiveAnswers, (*endpoints, *more)),)] if endpoints else []


@check(wants=lambda policy: _request(_asked(policy, _LISTS)))
def lists(policy: Access, live: LiveAnswers) -> Iterator[Said]:
    """Live: who and what is in each list."""
    asked = _asked(policy, _LISTS)
    yield Judged(len(asked), tuple(setting.name for setting in asked))
    for setting, wanted in asked.items():
        if isinstance(wanted, tuple | SetConstraint):
            yield from access.judge_list(setting, wanted, live, folded=setting.key not in _CASED)


@check(wants=lambda policy: _request(_asked(policy, _PLAIN)))
def organisation(policy: Access, live: LiveAnswers) -> Iterator[Said]:
    """Live: what the organisation demands of its members, and what it lets all of them do."""
    asked = _asked(policy, _PLAIN)
    fitting = {setting: wanted for setting, wanted in asked.items() if not access.is_out_of_place(setting, live)}
    yield from assertions.judge(fitting, live, "organisation")
    yield from (access.out_of_place(setting, live) for setting in asked if setting not in fitting)


@check(wants=lambda policy: _request(_asked(policy, _ENTRIES)))
def machines(policy: Access, live: LiveAnswers, now: Now) -> Iterator[Said]:
    """Live: what keys, webhooks and invitations are like."""
    asked = {setting.key: setting for setting in _asked(policy, _ENTRIES)}
    yield Judged(len(asked), tuple(setting.name for setting in asked.values()))
    if policy.deploy_keys is not None:
        yield from _keys(policy.deploy_keys, Listed(asked["deploy_keys"], live), now)
    if policy.webhooks is not None:
        yield from _hooks(policy.webhooks, Listed(asked["webhooks"], live))
    if policy.invitations is not None:
        yield from _invited(policy.invitations, Listed(asked["invitations"], live))


def _keys(policy: DeployKeys, listed: Listed, now: Now) -> Iterator[Finding | Undecided]:
    named = policy.subset_of is not None or policy.superset_of is not None
    return access_entries.keys(
        listed,
        now.instant,
        may_write=policy.write == "allowed",
        max_age=durations.parse(policy.max_age) if policy.max_age else None,
        wanted=SetConstraint(subset_of=policy.subset_of, superset_of=policy.superset_of) if named else None,
    )


def _hooks(policy: Webhooks, listed: Listed) -> Iterator[Finding | Undecided]:
    return access_entries.webhooks(
        listed,
        secret=policy.secret == "required",  # noqa: S105 - the policy's word, not a secret
        tls=policy.tls == "required",
        hosts=None if policy.hosts is None else constraints.mapped(policy.hosts, str.lower),
        inactive=policy.inactive == "allowed",
        failing=policy.failing == "allowed",
    )


def _invited(policy: Invitations, listed: Listed) -> Iterator[Finding | Undecided]:
    people = None if policy.subset_of is None else tuple(map(str.lower, policy.subset_of))
    return access_entries.invitations(
        listed,
        pending=policy.pending == "allowed",
        expired=policy.expired == "allowed",
        wanted=None if people is None else SetConstraint(subset_of=people),
    )
