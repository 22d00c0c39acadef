"""Facts in words for people."""

import importlib
import pkgutil
from collections.abc import Iterator

from govcheck import facts
from govcheck.facts import Fact
from govcheck.facts.in_words import needed, read


def below(one: type[Fact]) -> Iterator[str]:
    for other in one.__subclasses__():
        if other.__module__.startswith("govcheck."):
            yield other.__name__
        yield from below(other)


def test_every_fact_has_words():
    for module in pkgutil.iter_modules(facts.__path__):
        importlib.import_module(f"govcheck.facts.{module.name}")
    assert [name for name in below(Fact) if read([name]) == name] == []


def test_what_is_missing_is_told_once_for_each_way():
    absent = [["LiveBranch"], ["LiveBranch", "HeadChecks"], ["PullRequest"], ["Workflows"]]
    assert needed(absent) == "`--live` and a token, or a pull request"
