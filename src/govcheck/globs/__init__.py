"""Path globs: a list of patterns, compiled once, in govcheck's own dialect or in one that others know.

    compile_globs(("app/**", "docs/*.md")).matches("app/routes/x.tsx")

Paths are those of `govcheck.paths.decode`: from the root, with `/`, whatever bytes they hold.
"""

import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import filterfalse
from typing import Literal

from govcheck.globs import native
from govcheck.globs.segments import GlobError, union

Dialect = Literal["govcheck", "gitignore", "codeowners", "actions", "fnmatch"]
"""How a pattern is read. `govcheck` fails closed; the others are as their tools have them."""

LONGEST_PATTERN = 4096
"""As long as Linux lets a path be, so that matching has a bound."""

_NEGATING: frozenset[Dialect] = frozenset({"gitignore", "actions"})
"""Dialects in which a `!` takes back what patterns before it matched, and the last pattern wins."""

_MOST_FRUITLESS = 64
"""How many paths are held against each single pattern for nothing."""

_Test = Callable[[str], object]
"""From a path to something true where it is matched."""


class Globs:
    """A compiled list of patterns. Made by `compile_globs`."""

    __slots__ = ("_test", "dialect", "patterns")

    def __init__(self, patterns: tuple[str, ...], dialect: Dialect) -> None:
        self.patterns = patterns
        self.dialect: Dialect = dialect
        self._test = _test(patterns, dialect)

    def matches(self, path: str) -> bool:
        """Whether the list matches the path."""
        return bool(self._test(path))

    def accepted(self, paths: Iterable[str]) -> Iterator[str]:
        """Those paths that the list matches, in their order: the fast way to judge many."""
        return filter(self._test, paths)

    def rejected(self, paths: Iterable[str]) -> Iterator[str]:
        """Those paths that the list does not match, in their order."""
        return filterfalse(self._test, paths)

    def which(self, path: str) -> str | None:
        """The pattern that decided, for messages: the first that matches; where `!` counts the last, with its `!`."""
        if self.dialect in _NEGATING:
            return _decide(self.patterns, self.dialect)(path)
        return next((pattern for pattern in self.patterns if _test((pattern,), self.dialect)(path)), None)

    def unused(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The patterns that match none of these paths. One that only takes back (`!`) is not asked."""
        tests = {pattern: _test((pattern,), self.dialect) for pattern in self.patterns}
        left = [pattern for pattern in self.patterns if not self._takes_back(pattern)]
        remaining = iter(paths)
        while left:
            asked = len(left)
            fruitless = 0
            for path in filter(_test(tuple(left), self.dialect), remaining):
                before = len(left)
                left = [pattern for pattern in left if not tests[pattern](path)]
                fruitless += len(left) == before
                # An expression for all of them is compiled anew only when the last one lets too much through.
                if len(left) * 2 <= asked or fruitless == _MOST_FRUITLESS:
                    break
            else:
                break
        return tuple(left)

    def _takes_back(self, pattern: str) -> bool:
        return self.dialect in _NEGATING and pattern.startswith("!")


def compile_globs(patterns: Sequence[str], dialect: Dialect = "govcheck") -> Globs:
    """Compiles a list of patterns, and keeps it; an empty list matches nothing.

    Raises:
        GlobError: where a pattern is not valid; `problems` says so beforehand.
    """
    return _kept(tuple(patterns), dialect)


def problems(pattern: str, dialect: Dialect = "govcheck") -> str | None:
    """What is wrong with a pattern and what to write instead; None where it is valid."""
    if len(pattern) > LONGEST_PATTERN:
        return f"the pattern has {len(pattern)} characters and no path has that many: write a shorter one"
    try:
        _test((pattern,), dialect)
    except GlobError as error:
        return str(error)
    return None


def problems_of(patterns: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The place of each invalid pattern of a policy's list, with what to say of it."""
    for number, pattern in enumerate(patterns):
        if problem := problems(pattern):
            yield number, f"`{pattern}`: {problem}"


def literal(path: str) -> str:
    """The pattern, in govcheck's own dialect, that matches this path and no other."""
    return native.literal(path)


def has_brackets(pattern: str, dialect: Dialect = "govcheck") -> bool:
    """Whether a valid pattern has a class of characters in it: `[id].tsx` means `i.tsx` or `d.tsx`."""
    return bare_brackets(pattern, dialect) != pattern


def bare_brackets(pattern: str, dialect: Dialect = "govcheck") -> str:
    """The same pattern with its brackets meant literally, as a route file `[id].tsx` has them."""
    if dialect == "codeowners":
        return native.bare_brackets(pattern, closing=True)
    if dialect == "fnmatch":
        return pattern.replace("[", "[[]")
    return native.bare_brackets(pattern)


@lru_cache(maxsize=256)
def _kept(patterns: tuple[str, ...], dialect: Dialect) -> Globs:
    return Globs(patterns, dialect)


def _test(patterns: tuple[str, ...], dialect: Dialect) -> _Test:
    if dialect == "govcheck":
        return union(map(native.translate, patterns)).fullmatch
    if dialect == "actions" or (dialect == "gitignore" and any(pattern.startswith("!") for pattern in patterns)):
        return _unless_taken_back(_decide(patterns, dialect))
    foreign = importlib.import_module("govcheck.globs.foreign")
    translate: Callable[[str], str] = getattr(foreign, dialect)
    return union(map(translate, patterns)).fullmatch


def _decide(patterns: tuple[str, ...], dialect: Dialect) -> Callable[[str], str | None]:
    ordered = importlib.import_module("govcheck.globs.ordered")
    decide: Callable[[str], str | None] = (ordered.gitignore if dialect == "gitignore" else ordered.filters)(patterns)
    return decide


def _unless_taken_back(decide: Callable[[str], str | None]) -> _Test:
    def test(path: str) -> bool:
        pattern = decide(path)
        return pattern is not None and not pattern.startswith("!")

    return test
