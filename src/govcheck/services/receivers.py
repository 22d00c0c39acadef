"""Whom a live Alertmanager tells, by what is kept of its configuration."""

from collections.abc import Iterator

from govcheck.facts.services import AlertReceivers
from govcheck.findings import Undecided
from govcheck.records import frozen
from govcheck.services.answers import entries, member, undecided, word

SERVICE = "Alertmanager"


@frozen(kw_only=True)
class Receiver:
    """One recipient of one receiver."""

    name: str
    """The receiver's."""

    type: str
    """`email`, `slack`, `webhook`, `pagerduty`, ..."""

    kind: str
    """`email`, `channel`, `webhook`, `other`."""

    value: str
    """The address, the channel, or scheme and host; empty where Alertmanager does not tell it."""


class UntoldError(Exception):
    """The answers tell nothing, and why."""

    def __init__(self, why: Undecided) -> None:
        super().__init__(why.message)
        self.why = why


@frozen
class Told:
    """Everybody who is told, and which receivers a route leads to."""

    receivers: tuple[Receiver, ...]
    named: tuple[str, ...]
    """The names of all receivers, also of those that tell nobody."""

    routed: frozenset[str]


def told(fact: AlertReceivers, control: str) -> Told:
    """Whom it tells.

    Raises:
        UntoldError: a part could not be had, or the two answers do not agree.
    """
    for answer in (fact.receivers, fact.status):
        if not answer.good:
            raise UntoldError(undecided(answer, SERVICE, control, SERVICE))
    names, body = fact.receivers.body, fact.status.body
    listed, routed = entries(member(body, "receivers")), member(body, "routed")
    if not isinstance(names, list) or listed is None or not isinstance(routed, list):
        message = f"{SERVICE}: its configuration cannot be read in the answer"
        raise UntoldError(undecided(fact.status, SERVICE, control, SERVICE, message))
    named = tuple(word(one.get("name")) for one in listed)
    if sorted(map(word, names)) != sorted(named):
        message = f"{SERVICE}: its receivers are others than those of its configuration: it was being reloaded"
        raise UntoldError(undecided(fact.receivers, SERVICE, control, SERVICE, message))
    found = tuple(_receiver(word(one.get("name")), given) for one in listed for given in _integrations(one))
    return Told(found, named, frozenset(map(word, routed)))


def _integrations(receiver: object) -> Iterator[dict[str, object]]:
    given = receiver.get("integrations") if isinstance(receiver, dict) else None
    yield from (one for one in (given if isinstance(given, list) else ()) if isinstance(one, dict))


def _receiver(name: str, given: dict[str, object]) -> Receiver:
    texts = {key: str(given.get(key) or "") for key in ("type", "kind", "value")}
    return Receiver(name=name, **texts)
