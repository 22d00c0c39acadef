"""What the tokens at hand can decide of a policy set, and the least that it needs: what `doctor` has to say. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from govcheck.findings import Reason, Undecided
from govcheck.policy import LoadedPolicy
from govcheck.records import frozen
from govcheck.report import PolicyResult
from govcheck.settings.needs import Need
from govcheck.settings.permissions import (
    FINE_GRAINED_NEVER_HOLDS,
    METADATA,
    WORKFLOW_CAN_HOLD,
    least,
    parts,
)

_OF_FILES = frozenset({Reason.DYNAMIC, Reason.TOOL_MISSING, Reason.UNPARSEABLE, Reason.MISSING_OBJECT})
"""Reasons that are no matter of tokens, unless an endpoint is named."""

_NOT_FOUND = 404


@frozen(kw_only=True)
class SeenToken:
    """One token, without its value."""

    name: str
    """`classic token of GH_TOKEN`."""

    short: str
    """The variable that it was found in, for the head of a column."""

    scopes: tuple[str, ...] | None = None
    """Of a classic token: the scopes that GitHub says it has; None where it does not say."""

    expires: str | None = None
    """As GitHub says it."""

    trouble: str | None = None
    """What GitHub said where it does not take the token at all."""


@frozen(kw_only=True)
class Gap:
    """One thing that could not be decided, or that is known to be out of reach."""

    control: str
    """Empty for everything that an endpoint tells."""

    subject: str
    reason: Reason
    message: str
    permission: str | None = None
    endpoint: str | None = None
    status: int | None = None
    accepted: str | None = None
    """What `X-Accepted-GitHub-Permissions` said of the endpoint."""

    proven: bool = False
    """Whether another endpoint was read with the same permission: then that is not what is missing."""


@frozen(kw_only=True)
class Reach:
    """How far one token, or all of them together, can decide one policy."""

    subjects: int
    gaps: tuple[Gap, ...]

    @property
    def decided(self) -> int:
        """How many subjects are decided, as far as they can be counted."""
        return max(0, self.subjects - len(self.gaps))


@frozen(kw_only=True)
class PolicyReach:
    """One policy that reads from GitHub."""

    policy: LoadedPolicy
    needs: tuple[Need, ...]
    in_ci: bool
    """Whether `check --base --live` reads all of it too, which a workflow's own token would have to."""

    by_token: tuple[Reach, ...]
    """One for each token, in their order."""

    together: Reach


@frozen(kw_only=True)
class ServiceSeen:
    """One service other than GitHub that some policies ask."""

    title: str
    """`Fly.io`."""

    variables: tuple[str, ...]
    """Of which one makes it askable."""

    found: str | None
    """The one that is set; None where none is, so that nobody asks it."""

    policies: tuple[str, ...]
    """Who asks it, by id."""


@frozen(kw_only=True)
class GateSeen:
    """What `gate deploy` asks GitHub for a policy, beside what a run asks."""

    policy: str
    permissions: tuple[str, ...]
    """`checks:read`."""


@frozen(kw_only=True)
class Diagnosis:
    """Everything that `doctor` has to say."""

    repository: str | None
    api_url: str
    api_versions: tuple[str, ...]
    """The versions of the API that the server chose to answer by; none where it did not say."""

    asked: bool
    """False with `--offline`: then reach is what the tokens' classes rule out, and nothing more is known."""

    tokens: tuple[SeenToken, ...]
    policies: tuple[PolicyReach, ...]
    """Those that read from GitHub."""

    silent: int
    """How many policies read nothing from GitHub."""

    nothing: str | None = None
    """Why nothing at all can be read: no token, a token that GitHub does not take, no such repository."""

    notes: tuple[str, ...] = ()
    services: tuple[ServiceSeen, ...] = ()
    gates: tuple[GateSeen, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 where nothing is out of reach of the tokens together, else 3."""
        return 3 if self.policies and (self.nothing or any(reach.together.gaps for reach in self.policies)) else 0


@frozen(kw_only=True)
class Grant:
    """One permission of the least that a policy set needs."""

    name: str
    level: str
    """What reading takes."""

    policies: tuple[str, ...]
    """Who needs it."""

    raised: str | None = None
    """`write`, where some controls of some policies need that."""

    raised_for: tuple[str, ...] = ()
    """Which: `bypass and admins_included of main-protected`."""

    raised_why: str = ""


def gaps(result: PolicyResult, accepted: Mapping[str, str], proven: frozenset[str]) -> tuple[Gap, ...]:
    """What a policy could not decide for want of answers; what lies in its files is no matter of tokens.

    Args:
        result: What the engine said.
        accepted: `X-Accepted-GitHub-Permissions` by endpoint.
        proven: Permissions that other endpoints were read with.
    """
    undecided = (unknown.undecided for unknown in result.unknowns)
    return tuple(_gap(one, accepted, proven) for one in undecided if one.endpoint or one.reason not in _OF_FILES)


def _gap(one: Undecided, accepted: Mapping[str, str], proven: frozenset[str]) -> Gap:
    return Gap(
        control=one.control,
        subject=one.subject,
        reason=one.reason,
        message=one.message,
        permission=one.permission,
        endpoint=one.endpoint,
        status=one.status,
        accepted=accepted.get(one.endpoint or ""),
        proven=one.status == _NOT_FOUND and one.permission in proven,
    )


def grants(policies: Iterable[PolicyReach]) -> tuple[Grant, ...]:
    """The least permissions that policies need, by name."""
    reaches = list(policies)
    needed = [(need, reach) for reach in reaches for need in reach.needs if not need.controls and not need.optional]
    plain = [(need.permission, reach) for need, reach in needed]
    raising = [(need, reach) for reach in reaches for need in reach.needs if need.controls]
    levels = least(permission for permission, _ in plain)
    highest = least(need.permission for need, _ in raising)
    names = sorted(levels.keys() | highest.keys())
    return tuple(_grant(name, levels.get(name), plain, raising) for name in names)


def _grant(
    name: str, level: str | None, plain: list[tuple[str, PolicyReach]], raising: list[tuple[Need, PolicyReach]]
) -> Grant:
    wanting = [reach for permission, reach in plain if name in dict(parts(permission))]
    higher = [(need, reach) for need, reach in raising if _raises(need, name, level)]
    raised = max((dict(parts(need.permission))[name] for need, _ in higher), default=None)
    if level is None:  # nothing but these controls needs it
        level, raised = raised or "read", None
    return Grant(
        name=name,
        level=level,
        policies=_ids(wanting or [reach for _, reach in higher]),
        raised=raised,
        raised_for=tuple(dict.fromkeys(_controls(higher))) if raised else (),
        raised_why=next((need.why for need, _ in higher), "") if raised else "",
    )


def _raises(need: Need, name: str, level: str | None) -> bool:
    wanted = dict(parts(need.permission)).get(name)
    return wanted is not None and level not in {wanted, "write"}


def _controls(higher: list[tuple[Need, PolicyReach]]) -> Iterator[str]:
    for need, reach in higher:
        yield f"{' and '.join(need.controls)} of {reach.policy.policy.id}"


def _ids(reaches: Iterable[PolicyReach]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reach.policy.policy.id for reach in reaches))


def for_fine_grained(found: Iterable[Grant]) -> tuple[tuple[Grant, ...], tuple[Grant, ...]]:
    """What a fine-grained token can be given of these, and what it never can."""
    every = list(found)
    never = tuple(grant for grant in every if grant.name in FINE_GRAINED_NEVER_HOLDS)
    return tuple(grant for grant in every if grant not in never), never


def for_workflow(found: Iterable[Grant]) -> tuple[tuple[Grant, ...], tuple[Grant, ...]]:
    """What a workflow's `permissions` can give its token of these, and what they never can."""
    every = [grant for grant in found if grant.name != METADATA]
    given = tuple(grant for grant in every if grant.name in WORKFLOW_CAN_HOLD)
    return given, tuple(grant for grant in every if grant not in given)


def workflow_key(name: str) -> str:
    """A permission's key in a workflow."""
    return name.replace("_", "-")
