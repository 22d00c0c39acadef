"""What a change does to the policies that judge it: the fact for rules, and the words for people."""

from collections.abc import Callable, Iterator, Mapping

from govcheck.errors import PolicyError
from govcheck.facts import Missing
from govcheck.facts.policy_changes import Effect, PolicyChange, PolicyChanges
from govcheck.findings import Direction, Reason
from govcheck.policy import LoadedPolicy
from govcheck.policy_changes import compare, overall

_EFFECTS: Mapping[Direction | None, Effect] = {
    "weakened": "weakens",
    "strengthened": "strengthens",
    "changed": "changes",
    None: "changes",
}


def policy_moves(
    then: tuple[LoadedPolicy, ...], now: Callable[[], tuple[LoadedPolicy, ...]]
) -> PolicyChanges | Missing:
    """The fact: every policy that demands something else than before.

    Args:
        then: The policies of the base.
        now: Validates those of the head.
    """
    try:
        after = now()
    except PolicyError as error:
        problems = [f"{one.path}:{one.line}: {one.message}" for one in error.problems]
        why = f"this change makes the policies invalid: {problems[0] if problems else error.message}"
        return Missing(reason=Reason.UNPARSEABLE, message=why)
    found = moves(by_id(then), by_id(after))
    return PolicyChanges(tuple(one for one in found if one.effect != "changes" or one.keys))


def by_id(policies: tuple[LoadedPolicy, ...]) -> dict[str, LoadedPolicy]:
    """Policies by their ids."""
    return {one.policy.id: one for one in policies}


def moves(then: Mapping[str, LoadedPolicy], now: Mapping[str, LoadedPolicy]) -> Iterator[PolicyChange]:
    """Every policy that is not as it was; one of which only the words changed has no keys."""
    for name in sorted(then.keys() | now.keys()):
        old, new = then.get(name), now.get(name)
        loaded = new or old
        if loaded is None or (old is not None and new is not None and old.policy == new.policy):
            continue
        effect, keys = _effect(old, new)
        yield PolicyChange(policy=name, path=loaded.path, line=loaded.line, effect=effect, keys=keys)


def _effect(old: LoadedPolicy | None, new: LoadedPolicy | None) -> tuple[Effect, tuple[str, ...]]:
    if old is None or new is None:
        return ("adds" if old is None else "removes"), ()
    changes = compare(old.policy, new.policy)
    return _EFFECTS[overall(changes)], tuple(f"{change.key} {change.direction}" for change in changes)
