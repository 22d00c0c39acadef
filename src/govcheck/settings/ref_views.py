"""What guards all refs that a pattern means: one view for each region of them that is guarded in one way.

Each view is a branch as the other modules of this folder read it, put together from whole rulesets and, for branches,
from the rule of classic protection that wins there.
"""

from collections.abc import Iterator

from govcheck.facts.live import Answer, LiveBranch, LiveRulesets
from govcheck.findings import Reason
from govcheck.records import frozen, replace
from govcheck.settings.answers import State, Trouble, verdict
from govcheck.settings.bodies import UnexpectedShapeError
from govcheck.settings.classic import CLASSIC
from govcheck.settings.classic_rules import ClassicRule, as_branch_answer, as_rest, classic_rules
from govcheck.settings.control import Target
from govcheck.settings.controls import controls_of
from govcheck.settings.every_ruleset import EVERYTHING, WholeRuleset, whole_rulesets
from govcheck.settings.layers import Source, Unread
from govcheck.settings.places import encoded
from govcheck.settings.readers import NotToldError
from govcheck.settings.ref_patterns import RefPattern, is_pattern
from govcheck.settings.ref_regions import RefRegion, regions

ALL = "~ALL"
"""How a policy writes every tag."""

_PREFIXES = {"branch": "refs/heads/", "tag": "refs/tags/"}
_OK, _NOT_FOUND = 200, 404


@frozen(kw_only=True)
class RefView:
    """Refs that are all guarded in the same way."""

    witness: str
    """One of them, without `refs/tags/` before it."""

    alone: bool
    """Whether these are all that are meant."""

    branch: LiveBranch
    """What guards them."""

    unread: tuple[Unread, ...]
    """What may guard them, and could not be read."""


def ref_views(live: LiveRulesets, target: Target, pattern: str) -> tuple[RefView, ...] | None:
    """Every way in which refs that a pattern means are guarded; None where there are too many to tell.

    Args:
        live: Every ruleset, and for branches the rules of classic protection.
        target: `branch` or `tag`.
        pattern: `v*`, without `refs/tags/` before it, or `~ALL`.
    """
    prefix = _PREFIXES[target]
    rulesets, unread = whole_rulesets(live, target)
    rules, more = _classic(live) if target == "branch" else ((), ())
    patterns = [one for each in rulesets for one in (*each.include, *each.exclude)]
    patterns += [RefPattern.of(f"{prefix}{rule.pattern.text}") for rule in rules]
    meant = RefPattern.of(f"{prefix}{EVERYTHING.text if pattern == ALL else pattern}")
    if pattern != ALL and not is_pattern(pattern):
        matching = frozenset(number for number, one in enumerate(patterns) if one.matches(f"{prefix}{pattern}"))
        cut: tuple[RefRegion, ...] | None = (RefRegion(pattern, matching),)
    else:
        cut = regions(meant, prefix, patterns)
    if cut is None:
        return None
    return tuple(_view(live, region, rulesets, rules, (*unread, *more), alone=len(cut) == 1) for region in cut)


def push_view(live: LiveRulesets) -> RefView:
    """What guards every push."""
    rulesets, unread = whole_rulesets(live, "push")
    return RefView(witness="", alone=True, branch=as_branch(live, "pushes", rulesets), unread=unread)


def _view(
    live: LiveRulesets,
    region: RefRegion,
    rulesets: tuple[WholeRuleset, ...],
    rules: tuple[ClassicRule, ...],
    unread: tuple[Unread, ...],
    *,
    alone: bool,
) -> RefView:
    applying = tuple(_applying(region, rulesets))
    first_rule = sum(len(one.include) + len(one.exclude) for one in rulesets)
    rule = next((one for number, one in enumerate(rules, first_rule) if number in region.matching), None)
    try:
        branch = _branch(live, region.witness, applying, rule)
    except UnexpectedShapeError as error:
        branch = _branch(live, region.witness, applying, None)
        unread = (*unread, _odd_classic(live, error))
    return RefView(witness=region.witness, alone=alone, branch=branch, unread=unread)


def _applying(region: RefRegion, rulesets: tuple[WholeRuleset, ...]) -> Iterator[WholeRuleset]:
    """The rulesets that are for a region: exclude wins."""
    number = 0
    for one in rulesets:
        include = range(number, number + len(one.include))
        exclude = range(include.stop, include.stop + len(one.exclude))
        number = exclude.stop
        if not region.matching.isdisjoint(include) and region.matching.isdisjoint(exclude):
            yield one


def _classic(live: LiveRulesets) -> tuple[tuple[ClassicRule, ...], tuple[Unread, ...]]:
    if live.classic is None:
        return (), ()
    try:
        return classic_rules(live.classic), ()
    except NotToldError as error:
        return (), (_unread_classic(live, error),)
    except UnexpectedShapeError as error:
        return (), (_odd_classic(live, error),)


def _odd_classic(live: LiveRulesets, error: UnexpectedShapeError) -> Unread:
    message = f"GraphQL answered with an odd shape: {error}"
    return _unread_classic(live, NotToldError(message, reason=Reason.UNPARSEABLE))


def _unread_classic(live: LiveRulesets, error: NotToldError) -> Unread:
    trouble = Trouble(
        reason=error.reason,
        message=str(error),
        permission=error.permission,
        endpoint="graphql",
        status=live.classic.status if live.classic else None,
        grantable=live.classic.grantable if live.classic else True,
    )
    controls = frozenset(key for key, control in controls_of("branch").items() if control.classic)
    return Unread(source=Source(CLASSIC), controls=controls, trouble=trouble)


def as_branch(live: LiveRulesets, name: str, rulesets: tuple[WholeRuleset, ...]) -> LiveBranch:
    """What some rulesets do, in the shape of a branch that they all apply to, and nothing else does."""
    return _branch(live, name, rulesets, None)


def _branch(live: LiveRulesets, name: str, rulesets: tuple[WholeRuleset, ...], rule: ClassicRule | None) -> LiveBranch:
    root = live.repository.endpoint
    below = f"{root}/branches/{encoded(name)}"
    refused = verdict(live.listed).state is State.UNAVAILABLE
    protection = Answer(endpoint=f"{below}/protection", status=_NOT_FOUND, message="Branch not protected", body=None)
    if refused:
        protection = replace(live.listed, endpoint=protection.endpoint, body=None)
    beyond = None
    if rule is not None:
        protection = Answer(endpoint=f"{below}/protection", status=_OK, message="", body=dict(as_rest(rule)))
        beyond = Answer(endpoint="graphql", status=_OK, message="", body=as_branch_answer(rule))
    return LiveBranch(
        branch=name,
        repository=live.repository,
        summary=Answer(endpoint=below, status=_OK, message="", body={"name": name}),
        protection=protection,
        rules=live.listed
        if refused
        else Answer(
            endpoint=f"{root}/rulesets",
            status=_OK,
            message="",
            body=[dict(one) for each in rulesets for one in each.rules],
        ),
        rulesets=tuple(each.answer for each in rulesets),
        beyond_rest=beyond,
        teams=live.teams,
    )
