"""Who owns a path: the last line that matches it decides, and it may decide that nobody does."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from govcheck.codeowners.candidates import PathIndex
from govcheck.codeowners.parsing import Rule
from govcheck.globs import Globs
from govcheck.records import frozen


class State(StrEnum):
    """What CODEOWNERS says of a path."""

    OWNED = "owned"
    UNOWNED = "explicitly unowned"
    """A line without owners decides."""

    UNMATCHED = "unmatched"
    """No line matches."""


@frozen
class Ownership:
    """The answer for one path."""

    rule: Rule | None
    """The line that decides; None where none matches."""

    overridden: tuple[Rule, ...] = ()
    """The earlier lines that match as well, the nearest first."""

    @property
    def state(self) -> State:
        """Owned, explicitly unowned, or unmatched."""
        if self.rule is None:
            return State.UNMATCHED
        return State.OWNED if self.rule.owners else State.UNOWNED


class Owners:
    """The rules of one file, compiled once."""

    __slots__ = ("_backwards", "rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._backwards = [(rule, Globs((rule.pattern,), "codeowners")) for rule in reversed(self.rules)]

    def of(self, path: str) -> Ownership:
        """Who owns a path; it need not exist."""
        matching = [rule for rule, globs in self._backwards if globs.matches(path)]
        return Ownership(matching[0], tuple(matching[1:])) if matching else Ownership(None)

    def decides(self, path: str) -> Rule | None:
        """The line that decides a path."""
        return next((rule for rule, globs in self._backwards if globs.matches(path)), None)

    def deciding(self, index: PathIndex) -> dict[str, Rule]:
        """For many paths at once, the line that decides each; a path that no line matches has no entry."""
        decided: dict[str, Rule] = {}
        for rule, globs in self._backwards:
            undecided = [path for path in index.candidates(rule.pattern) if path not in decided]
            decided.update(dict.fromkeys(globs.accepted(undecided), rule))
        return decided

    def matched(self, rule: Rule, index: PathIndex) -> Iterator[str]:
        """Every path that a line matches, whoever decides it."""
        globs = next(globs for one, globs in self._backwards if one is rule)
        return globs.accepted(index.candidates(rule.pattern))
