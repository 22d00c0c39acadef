"""Which of many paths a pattern could match at all, told by its literal text: what makes hundreds of patterns cheap.

A choice that is too wide costs time and nothing else: the pattern itself is asked afterwards.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

_SPECIAL = re.compile(r"[*?\\]")


class PathIndex:
    """Paths by how they begin, and by the names of their segments."""

    # No slots: what is seldom asked for is made when it is.

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = sorted(paths)

    def candidates(self, pattern: str) -> Iterable[str]:
        """A superset of the paths that the pattern matches."""
        bare = pattern.removesuffix("/")
        if "/" in bare and (beginning := _SPECIAL.split(bare.removeprefix("/"), maxsplit=1)[0]):
            return _between(self.paths, beginning)
        names = [part for part in bare.split("/") if part and not _SPECIAL.search(part)]
        if names:
            return min((self._by_name.get(name, ()) for name in names), key=len)
        last = bare.rpartition("/")[2]
        return self._by_wildcard(last) if "\\" not in last and last.strip("*") else self.paths

    def _by_wildcard(self, part: str) -> Iterable[str]:
        """The paths that have a segment with the same literal text at its beginning, at its end or within."""
        first, *middle, last = _SPECIAL.split(part)
        beginning = _between(self._names, first)
        ending = _between(self._backward_names, last[::-1])
        if 2 * min(len(beginning), len(ending)) <= len(self._names):
            return self._having(beginning if len(beginning) < len(ending) else [name[::-1] for name in ending])
        within = max(middle, key=len, default="")
        return self._having([name for name in self._names if within in name]) if within else self.paths

    def _having(self, names: Iterable[str]) -> Iterable[str]:
        return dict.fromkeys(path for name in names for path in self._by_name[name])

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in self.paths:
            for name in set(path.split("/")):
                found[name].append(path)
        return dict(found)

    @cached_property
    def _names(self) -> list[str]:
        return sorted(self._by_name)

    @cached_property
    def _backward_names(self) -> list[str]:
        return sorted(name[::-1] for name in self._by_name)


def _between(texts: Sequence[str], beginning: str) -> Sequence[str]:
    """Those of some sorted texts that begin so."""
    start = bisect_left(texts, beginning)
    return texts[start : bisect_right(texts, beginning, start, key=lambda text: text[: len(beginning)])]
