"""All refs that a pattern means, cut into the regions in which every other pattern matches all of them or none.

So that of "every tag `v*`" it can be said which rulesets bear on which of them, with one name as a witness for each
region, whether such a tag is there yet or not.
"""

from collections import deque
from collections.abc import Iterable, Sequence

from govcheck.records import frozen
from govcheck.settings.ref_patterns import RefPattern, State

_MOST_STATES = 5_000
_FORBIDDEN = frozenset(" ~^:?*[\\\x7f")
"""What no ref has in its name: https://git-scm.com/docs/git-check-ref-format."""

_NICE = "x10ayzbcdefghijklmnopqrstuvw23456789-"
"""From what witnesses are made by preference."""


@frozen
class RefRegion:
    """Refs that no pattern tells apart."""

    witness: str
    """One of them, among the shortest."""

    matching: frozenset[int]
    """The patterns that match, by their number."""


def regions(meant: RefPattern, prefix: str, others: Sequence[RefPattern]) -> tuple[RefRegion, ...] | None:
    """The regions of everything below `prefix` (`refs/tags/`) that a pattern means; None where there are too many.

    Args:
        meant: The pattern, with the prefix in it.
        prefix: How every ref begins.
        others: What tells regions apart.
    """
    patterns = (meant, *others)
    alphabet = _alphabet(patterns)
    walks = [_Walk(one) for one in patterns]
    first = _after(walks, prefix)
    seen = {(first, "/")}
    waiting = deque([(first, "/", "")])
    found: dict[frozenset[int], RefRegion] = {}
    while waiting:
        states, last, name = waiting.popleft()
        if meant.accepts(states[0]) and last not in {"/", "."}:
            matching = frozenset(number for number, one in enumerate(others) if one.accepts(states[number + 1]))
            found.setdefault(matching, RefRegion(name, matching))
        for character in alphabet:
            if character in "/." and last in {"/", "."}:
                continue
            after = _step(walks, states, character)
            key = (after, character if character in "/." else "x")
            if after[0] and key not in seen:
                seen.add(key)
                waiting.append((after, character, name + character))
        if len(seen) > _MOST_STATES:
            return None
    return tuple(found.values())


class _Walk:
    """A pattern that remembers where each step led."""

    def __init__(self, pattern: RefPattern) -> None:
        self.pattern = pattern
        self._steps: dict[tuple[State, str], State] = {}

    def step(self, state: State, character: str) -> State:
        """After one character more."""
        found = self._steps.get((state, character))
        if found is None:
            found = self._steps[state, character] = self.pattern.step(state, character)
        return found


def _step(walks: Iterable[_Walk], states: tuple[State, ...], character: str) -> tuple[State, ...]:
    return tuple(walk.step(state, character) for walk, state in zip(walks, states, strict=True))


def _after(walks: Sequence[_Walk], prefix: str) -> tuple[State, ...]:
    states = tuple(walk.pattern.start for walk in walks)
    for character in prefix:
        states = _step(walks, states, character)
    return states


def _alphabet(patterns: Iterable[RefPattern]) -> tuple[str, ...]:
    """One character for all that no pattern tells apart, the nicest of them, and a slash."""
    edges = sorted({"!", *"/0.", chr(ord("/") + 1), chr(ord(".") + 1), *(e for one in patterns for e in one.edges())})
    chosen = [_representative(low, high) for low, high in zip(edges, (*edges[1:], None), strict=True)]
    legal = [one for one in chosen if one is not None]
    return tuple(sorted(legal, key=lambda one: _NICE.find(one) if one in _NICE else len(_NICE) + ord(one)))


def _representative(low: str, high: str | None) -> str | None:
    nice = next((one for one in _NICE if low <= one and (high is None or one < high)), None)
    if nice is not None:
        return nice
    end = ord(high) if high is not None else ord(low) + 1
    return next((chr(code) for code in range(ord(low), end) if code > ord(" ") and chr(code) not in _FORBIDDEN), None)
