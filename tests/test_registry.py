"""A check's signature is its declaration."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from govcheck import registry
from govcheck.facts import Fact, Request
from govcheck.facts.tree import Tree
from govcheck.findings import Judged
from govcheck.policy import Policy
from govcheck.registry import check


@dataclass(frozen=True, slots=True)
class PageRequest(Request):
    page: int


def test_a_check_reads_what_its_parameters_are():
    @check()
    def counts(_policy: Policy, tree: Tree) -> Iterator[Judged]:
        yield Judged(len(tree.modes))

    assert (counts.name, counts.facts) == ("counts", (Tree,))
    assert counts.calls(Policy(kind="x", id="x")) == [(Request(Tree),)]


def test_a_parameter_that_is_no_fact_is_refused_where_it_is_written():
    with pytest.raises(TypeError, match=r"reads_a_word: word is not a fact"):

        @check()
        def reads_a_word(_policy: Policy, word: str) -> Iterator[Judged]:
            yield Judged(len(word))


def test_wants_gives_one_call_for_each_tuple():
    class Page(Fact):
        pass

    @check(wants=lambda _: [(PageRequest(Page, 1),), (PageRequest(Page, 2),)])
    def pages(_policy: Policy, tree: Tree, _page: Page) -> Iterator[Judged]:
        yield Judged(len(tree.modes))

    assert pages.calls(Policy(kind="x", id="x")) == [
        (Request(Tree), PageRequest(Page, 1)),
        (Request(Tree), PageRequest(Page, 2)),
    ]


def test_an_unknown_kind_is_none():
    assert registry.kind("no-such-kind") is None
    assert registry.kind("../errors") is None
