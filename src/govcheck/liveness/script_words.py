"""Which words a script has in it: one look that spares several searches for dozens of names."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

_WORD = re.compile(r"\w+")


@lru_cache(maxsize=1024)
def words_of(source: str) -> frozenset[str]:
    """Every run of letters, digits and `_`, each as long as it goes."""
    return frozenset(_WORD.findall(source))


def first_words(names: Iterable[str]) -> frozenset[str]:
    """Of each name a word that a text has which has the name, with no letter before or behind it: `golangci-lint`."""
    return frozenset(match[0] for name in names if (match := _WORD.match(name)) is not None)


def saying(words: frozenset[str], pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Tells whether a pattern finds something in a script, sooner where none of these words stands in it.

    Args:
        words: Of these one stands, by itself, in every text in which the pattern finds something.
        pattern: What is looked for.
    """
    return lambda source: not words.isdisjoint(words_of(source)) and pattern.search(source) is not None
