"""Effective protection: what all layers of a branch add up to, strictest wins, control by control.

A layer that could not be read can only make a control stronger. So the value that the readable layers give is a floor
of the true one, and what is told of a constraint holds for that floor and for everything stronger.
"""

from collections.abc import Iterable, Iterator, Mapping

from govcheck.facts.live import LiveBranch
from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.settings import classic, pushes, rulesets
from govcheck.settings.answers import State, Trouble, unparseable, verdict
from govcheck.settings.control import Control
from govcheck.settings.controls import CONTROLS
from govcheck.settings.layers import NOBODY, Document, Given, Said, Source, Unread, say
from govcheck.settings.places import owner_of, page
from govcheck.settings.readers import Surroundings
from govcheck.settings.strength import Value

REPOSITORY = "repository settings"


@frozen(kw_only=True)
class EffectiveControl:
    """One control, over all layers."""

    control: Control
    floors: tuple[Value, ...]
    """What is known to be in force: one value; of `ACTORS` there may be several groups, each of which limits."""

    given: tuple[Given, ...]
    """The layers that say something about it, by name."""

    unread: tuple[Unread, ...]
    """The layers that may make it stronger, and could not be read."""

    @property
    def value(self) -> Value:
        """The (first) value that is known to be in force."""
        return self.floors[0]

    @property
    def exact(self) -> bool:
        """Whether the value is the whole truth."""
        return len(self.floors) == 1 and not self.unread

    @property
    def json(self) -> Json:
        """What is known to be in force, as policies and snapshots write it; several groups as a list of lists."""
        values = [self.control.strength.as_json(floor) for floor in self.floors]
        return values[0] if len(values) == 1 else values

    @property
    def words(self) -> str:
        """What is known to be in force, for people."""
        return ", and at once ".join(self.control.strength.words(floor) for floor in self.floors)


@frozen(kw_only=True)
class EffectiveProtection:
    """Everything that guards one branch, added up."""

    branch: str
    controls: Mapping[str, EffectiveControl]
    """By key, in the table's order; every control is in it."""

    missing_branch: bool
    """There is no such branch."""

    unavailable: str | None
    """What GitHub said where the account's plan cannot enforce protection at all."""


def effective_protection(branch: LiveBranch, more: Iterable[Said] = ()) -> EffectiveProtection:
    """What all layers of a branch add up to.

    Args:
        branch: What was read of the branch.
        more: What else is said of it.
    """
    said = [*classic.said(branch), *rulesets.said(branch), *pushes.said(branch), *_repository(branch), *more]
    return EffectiveProtection(
        branch=branch.branch,
        controls={key: fold(control, said) for key, control in CONTROLS.items()},
        missing_branch=_is_missing(branch),
        unavailable=_unavailable(branch),
    )


def fold(control: Control, said: list[Said]) -> EffectiveControl:
    """One control over all layers, in whatever order they come."""
    given = [one for one in said if isinstance(one, Given) and one.control == control.key]
    unread = [one for one in said if isinstance(one, Unread) and control.key in one.controls]
    return EffectiveControl(
        control=control,
        floors=control.strength.join(one.value for one in given),
        given=tuple(sorted(given, key=lambda one: (one.source.name, control.strength.words(one.value)))),
        unread=tuple(sorted(unread, key=lambda one: (one.source.name, one.trouble.message))),
    )


def main_trouble(unread: tuple[Unread, ...]) -> Trouble:
    """The trouble to name where several layers could not be read: one that somebody can do something about, first."""
    return min((one.trouble for one in unread), key=lambda trouble: (not trouble.grantable, trouble.permission is None))


def _repository(branch: LiveBranch) -> Iterator[Said]:
    source = Source(REPOSITORY, page(branch, "settings"))
    judged, body = verdict(branch.repository), branch.repository.body
    for control in CONTROLS.values():
        if control.repository is None:
            continue
        if isinstance(body, dict) and judged.state is State.ON:
            document = Document(body, branch.repository, Surroundings(owner_of(branch), {}), source)
            yield from say(control, control.repository, document, NOBODY)
        else:
            trouble = judged.trouble or unparseable(branch.repository, "expected a repository")
            yield Unread(source=source, controls=frozenset({control.key}), trouble=trouble, passers=NOBODY)


def _is_missing(branch: LiveBranch) -> bool:
    summary, protection = verdict(branch.summary).state, verdict(branch.protection).state
    return summary is State.MISSING_BRANCH or (protection is State.MISSING_BRANCH and summary is not State.ON)


def _unavailable(branch: LiveBranch) -> str | None:
    asked = (branch.protection, branch.rules)
    if all(verdict(answer).state is State.UNAVAILABLE for answer in asked):
        return branch.protection.message
    return None
