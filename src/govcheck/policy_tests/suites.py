"""Examples that a policy brings along. A kind whose policies have any gives its model a method `judged_examples`."""

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from govcheck.judged_examples import JudgedExample
from govcheck.policy import LoadedPolicy


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
