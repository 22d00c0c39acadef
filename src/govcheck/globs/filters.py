"""The patterns of `branches:`, `tags:` and `paths:` filters in GitHub Actions.

They are small regular expressions in all but name: `?` and `+` repeat the character before. So they are run as an
automaton, whose time is the length of the path times the length of the pattern, whatever either holds.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
"""

from collections.abc import Callable

from govcheck.globs.segments import GlobError
from govcheck.records import frozen, replace

_Accepts = Callable[[str], bool]
_TABLE_LIMIT = 4096
"""Moves remembered for one pattern: more than a repository's names need, no more than a hostile one may fill."""


@frozen
class _Step:
    """One place of a pattern."""

    accepts: _Accepts
    skip: int = 0
    """How many steps, from this one on, may be left out."""

    stays: bool = False
    """Whether a character that is accepted leads back here."""


class Filter:
    """One pattern without its `!`, compiled. Raises GlobError where the pattern is not valid."""

    __slots__ = ("_start", "_steps", "_table")

    def __init__(self, pattern: str) -> None:
        self._steps = _steps(pattern)
        self._start = self._skipped(1)
        self._table: dict[tuple[int, str], int] = {}

    def matches(self, name: str) -> bool:
        """Whether the whole name is matched."""
        places = self._start
        for character in name:
            known = self._table.get((places, character))
            places = self._move(places, character) if known is None else known
            if not places:
                return False
        return bool(places >> len(self._steps) & 1)

    def _move(self, places: int, character: str) -> int:
        following = 0
        for number, step in enumerate(self._steps):
            if places >> number & 1 and step.accepts(character):
                following |= 1 << (number if step.stays else number + 1)
        following = self._skipped(following)
        if len(self._table) < _TABLE_LIMIT:
            self._table[places, character] = following
        return following

    def _skipped(self, places: int) -> int:
        for number, step in enumerate(self._steps):
            if step.skip and places >> number & 1:
                places |= 1 << (number + step.skip)
        return places


def _steps(pattern: str) -> list[_Step]:
    if not pattern.strip():
        raise GlobError("an empty pattern matches nothing: write a name, or `**` for everything")
    steps: list[_Step] = []
    place = 0
    repeatable = False
    while place < len(pattern):
        character = pattern[place]
        if character in "?+" and place > 0:
            if not repeatable:
                raise GlobError(
                    f"`{character}` repeats the character before it, and there is none: write `\\{character}`"
                )
            steps.extend(_repeated(steps.pop(), character))
            repeatable = False
            place += 1
            continue
        made, place = _stars(pattern, place) if character == "*" else _one(pattern, place)
        steps.extend(made)
        repeatable = character != "*"
    return steps


def _repeated(step: _Step, quantifier: str) -> list[_Step]:
    if quantifier == "?":
        return [replace(step, skip=1)]
    return [step, replace(step, skip=1, stays=True)]


def _stars(pattern: str, place: int) -> tuple[list[_Step], int]:
    """`**/` is nothing, or at least one character and a slash; `**` any characters; `*` any but slashes."""
    if pattern.startswith("**/", place):
        return [_Step(_anything, skip=3), _Step(_anything, skip=1, stays=True), _Step("/".__eq__)], place + 3
    if pattern.startswith("**", place):
        return [_Step(_anything, skip=1, stays=True)], place + 2
    return [_Step("/".__ne__, skip=1, stays=True)], place + 1


def _one(pattern: str, place: int) -> tuple[list[_Step], int]:
    character = pattern[place]
    if character == "[":
        return _class(pattern, place)
    if character == "\\":
        place += 1
        if place == len(pattern):
            raise GlobError("a backslash at the end escapes nothing: remove it")
    return [_Step(pattern[place].__eq__)], place + 1


def _class(pattern: str, start: int) -> tuple[list[_Step], int]:
    end = pattern.find("]", start)
    if end < 0:
        raise GlobError("a bracket is not closed: write `\\[` for a bracket in a name")
    inner = pattern[start + 1 : end]
    members: set[str] = set()
    place = 0
    while place < len(inner):
        low = inner[place]
        high = inner[place + 2 : place + 3] if inner[place + 1 : place + 2] == "-" else low
        if not (low + high).isascii() or not low.isalnum() or not high.isalnum() or low > high:
            raise GlobError(f"`[{inner}]` may list letters and digits, and ranges such as a-z, A-Z and 0-9")
        members.update(map(chr, range(ord(low), ord(high) + 1)))
        place += 1 if high is low else 3
    if not members:
        raise GlobError("an empty class matches nothing: write `\\[` for a bracket in a name")
    return [_Step(members.__contains__)], end + 1


def _anything(_: str) -> bool:
    return True
