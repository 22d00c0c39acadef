"""What a run has to gather: every call of every check, with the facts that it reads. Pure."""

from collections.abc import Callable, Iterable, Iterator

from govcheck import registry
from govcheck.facts import Fact, Request
from govcheck.policy import LoadedPolicy
from govcheck.records import frozen
from govcheck.registry import Check, Kind

Outline = tuple[tuple[str, tuple[str, ...]], ...]
"""What the checks of a policy read, by names alone: each check that applies to it, with its facts."""

Asked = tuple[str, tuple[tuple[str, tuple[str, ...] | None], ...]]
"""One call of a check by names alone: each of its facts, and by which globs it is asked for; None where by none."""


@frozen
class PlannedCall:
    """One call of a check, with one request for each of its facts."""

    check: Check
    requests: tuple[Request, ...]

    def offered(self, offer: frozenset[type[Fact]]) -> bool:
        """Whether a stage that offers these facts can make the call."""
        return offer.issuperset(self.check.facts)


@frozen
class PlannedPolicy:
    """All calls that one policy asks for."""

    policy: LoadedPolicy
    calls: tuple[PlannedCall, ...]
    crash: str | None = None
    """A rule that could not even say what it reads: the exception in words."""


def plan(
    policies: Iterable[LoadedPolicy], kind: Callable[[str], Kind | None] = registry.kind
) -> tuple[PlannedPolicy, ...]:
    """The calls of all policies, in their order."""
    return tuple(_planned(loaded, kind) for loaded in policies)


def requests(planned: Iterable[PlannedPolicy], offer: frozenset[type[Fact]]) -> frozenset[Request]:
    """What has to be gathered at a stage that offers these facts."""
    return frozenset(_requests(planned, offer))


def changed_requests(
    planned: Iterable[PlannedPolicy], offer: frozenset[type[Fact]], unchanged: frozenset[Request]
) -> frozenset[Request]:
    """What has to be gathered where some facts are as they were: everything of a call that reads another one too."""
    calls = (call for policy in planned for call in policy.calls if call.offered(offer))
    return frozenset(request for call in calls if not unchanged.issuperset(call.requests) for request in call.requests)


def _planned(loaded: LoadedPolicy, kind: Callable[[str], Kind | None]) -> PlannedPolicy:
    found = kind(loaded.policy.kind)
    if found is None:
        return PlannedPolicy(loaded, (), f"this govcheck has no rule for kind {loaded.policy.kind!r}")
    try:
        calls = [PlannedCall(check, call) for check in found.checks for call in check.calls(loaded.policy)]
    except Exception as error:  # noqa: BLE001 - a rule that crashes is an unknown of its policy, never the end of the run
        return PlannedPolicy(loaded, (), f"{type(error).__name__}: {error}")
    return PlannedPolicy(loaded, tuple(calls))


def _requests(planned: Iterable[PlannedPolicy], offer: frozenset[type[Fact]]) -> Iterator[Request]:
    for policy in planned:
        for call in policy.calls:
            if call.offered(offer):
                yield from call.requests
