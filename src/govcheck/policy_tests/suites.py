"""Examples that a policy brings along. A kind whose policies have any gives its model a method `judged_examples`."""

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from govcheck.policy import LoadedPolicy
from govcheck.records import frozen


@frozen(kw_only=True)
class JudgedExample:
    """One example of a policy, and how it came out."""

    name: str
    """What it shows, in a few words."""

    expected: tuple[str, ...]
    """What was to be, a line each."""

    found: tuple[str, ...]
    """What is, likewise; the same lines where the example holds."""

    blind: tuple[str, ...] = ()
    """What could not be told; then nothing is said of the example."""

    line: int = 0
    """Where it stands in the policy's file; 0: where the policy begins."""


@runtime_checkable
class Exemplary(Protocol):
    """A policy with examples of its own."""

    def judged_examples(self) -> Iterable[JudgedExample]:
        """Each example, judged. Pure."""


def example_suites(policies: Iterable[LoadedPolicy]) -> Iterator[tuple[LoadedPolicy, tuple[JudgedExample, ...]]]:
    """The policies that have examples, each with them."""
    for loaded in policies:
        if isinstance(loaded.policy, Exemplary):
            yield loaded, tuple(loaded.policy.judged_examples())
