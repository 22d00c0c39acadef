"""Policies that a run need not judge: their kinds, which are dear to import, are left alone.

A plan outlines what each policy reads. Where all of that is not on offer, or did not change, the policy comes as a bare
`Policy`, with the keys that all kinds have, and its outcome follows from the outline. So does one that the last run
judged by the same facts: its outcome is remembered.
"""

from typing import TYPE_CHECKING

from govcheck import engine
from govcheck.app.policies import PolicySet
from govcheck.plan import Outline
from govcheck.policy import LoadedPolicy, Policy
from govcheck.report import PolicyResult

if TYPE_CHECKING:  # the hook remembers nothing
    from govcheck.app.memory import Memory


def whole(policies: PolicySet) -> list[LoadedPolicy]:
    """Those that are not bare."""
    return [loaded for loaded in policies.policies if not is_bare(loaded)]


def is_bare(loaded: LoadedPolicy) -> bool:
    """Whether only the common keys are there."""
    return type(loaded.policy) is Policy


def in_order(
    policies: PolicySet,
    judged: tuple[PolicyResult, ...],
    offered: frozenset[str],
    memory: "Memory | None" = None,
) -> tuple[PolicyResult, ...]:
    """The results of all policies, from those of the whole ones."""
    results = iter(judged)
    return tuple(
        _unjudged(loaded, policies, offered, memory) if is_bare(loaded) else next(results)
        for loaded in policies.policies
    )


def _unjudged(
    loaded: LoadedPolicy, policies: PolicySet, offered: frozenset[str], memory: "Memory | None"
) -> PolicyResult:
    remembered = memory.result(loaded) if memory is not None else None
    return remembered or engine.not_applicable(loaded, policies.outlines[loaded.policy.id], offered)


def reads(outline: Outline) -> frozenset[str]:
    """The names of all facts that the checks of a policy read."""
    return frozenset(fact for _, facts in outline for fact in facts)
