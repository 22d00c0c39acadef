"""Whether later lines leave a line anything at all, in this tree or in any other.

A line is hidden where later lines match whatever it could match. That is tried on samples: paths that the pattern
matches, in which every wildcard stands for a character that no pattern has, so that only a wildcard can match it.
Wildcards are tried empty, short, and longer than anything that the other patterns count out.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from govcheck.codeowners.matching import Owners
from govcheck.codeowners.parsing import Rule
from govcheck.globs import Globs

_FRESH = "\ue000"
"""Of the private use area: it is no part of a name that somebody wrote."""

_MOST_PARTS = 64
"""A pattern of more wildcards is never called hidden: nothing is said, rather than waited for."""

_PART = re.compile(r"\*+|\?|(?:\\.|[^*?\\])+", re.DOTALL)


def hiding(rule: Rule, owners: Owners) -> tuple[Rule, ...]:
    """The later lines that together match whatever a line could; none where something would be left for it."""
    found: dict[int, Rule] = {}
    for sample in samples(rule.pattern, [one.pattern for one in owners.rules]):
        decides = owners.decides(sample)
        if decides is None or decides is rule:
            return ()
        found[decides.line] = decides
    return tuple(found[line] for line in sorted(found))


def samples(pattern: str, others: Sequence[str]) -> Iterator[str]:
    """Paths that the pattern matches, fit to tell it from the others; none where that is not to be told."""
    if any(_FRESH in one for one in (pattern, *others)):
        return
    deep = 2 + max((one.count("/") for one in others), default=0)
    long = 2 + max((len(one) for one in others), default=0)
    names = [_FRESH, "", _FRESH * 2, _FRESH * long]
    folders = ["/".join([name] * depth) for name in (_FRESH, _FRESH * 2, _FRESH * long) for depth in (1, 2, deep)]
    parts = list(_parts(pattern, names, folders))
    if len(parts) > _MOST_PARTS:
        return
    own = Globs((pattern,), "codeowners")
    made = ("".join(choice) for choice in _choices(parts))
    yield from (path for path in dict.fromkeys(made) if own.matches(path) and "" not in path.split("/"))


def _parts(pattern: str, names: list[str], folders: list[str]) -> Iterator[list[str]]:
    """What each part of the pattern may stand for. Some choices make none of its paths: those are not used."""
    above = ["", *(f"{path}/" for path in folders)]
    segments = pattern.removeprefix("/").removesuffix("/").split("/")
    if len(segments) == 1 and not pattern.startswith("/"):
        yield above
    for segment in segments[:-1]:
        if segment == "**":
            yield above
        else:
            yield from _named(segment, names)
            yield ["/"]
    if segments[-1] == "**":
        yield folders
    else:
        yield from _named(segments[-1], names)
        yield ["", *(f"/{path}" for path in folders)]


def _named(segment: str, names: list[str]) -> Iterator[list[str]]:
    for part in _PART.findall(segment):
        if part.startswith("*"):
            yield names
        else:
            yield [_FRESH if part == "?" else re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL)]


def _choices(parts: list[list[str]]) -> Iterator[list[str]]:
    """All parts in their first, second, ... form; and each part in every form beside those."""
    most = max(map(len, parts), default=0)
    bases = [[part[min(number, len(part) - 1)] for part in parts] for number in range(most)]
    turned = (
        [*base[:place], form, *base[place + 1 :]] for base in bases for place, part in enumerate(parts) for form in part
    )
    return chain(bases, turned)
