"""Which words a script has in it: one look that spares several searches for dozens of names."""

import re
from collections.abc import Iterable
from functools import lru_cache

from govcheck.liveness.executions import Execution

_WORD = re.compile(r"\w+")
NOTHING = re.compile(r"\0(?!)")
"""Matches no text; it begins with a character so that a search runs through the text at once."""


@lru_cache(maxsize=1024)
def words_of(source: str) -> frozenset[str]:
    """Every run of letters, digits and `_`, each as long as it goes."""
    return frozenset(_WORD.findall(source))


def first_words(names: Iterable[str]) -> frozenset[str]:
    """Of each name a word that a text has which has the name, with no letter before or behind it: `golangci-lint`."""
    return frozenset(match[0] for name in names if (match := _WORD.match(name)) is not None)


def may_say(execution: Execution, words: frozenset[str], pattern: re.Pattern[str]) -> bool:
    """The same as `execution.may_say(pattern)`, sooner where none of these words stands in its script.

    Args:
        execution: The step.
        words: Of these one stands, by itself, in every text in which the pattern finds something.
        pattern: What is looked for.
    """
    return execution.may_say(NOTHING if words.isdisjoint(words_of(execution.source)) else pattern)
