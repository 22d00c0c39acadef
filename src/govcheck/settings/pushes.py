"""What guards every push, and so every branch: rulesets for pushes, which GitHub may leave out of a branch's rules."""

from collections.abc import Iterator

from govcheck.facts.live import LiveBranch
from govcheck.records import replace
from govcheck.settings import rulesets
from govcheck.settings.every_ruleset import whole_rulesets
from govcheck.settings.layers import Said


def said(branch: LiveBranch) -> Iterator[Said]:
    """What rulesets for pushes say about a branch, where they were asked for."""
    if branch.pushes is None:
        return
    found, unread = whole_rulesets(branch.pushes, "push")
    known = {answer.endpoint for answer in branch.rulesets}
    more = tuple(one.answer for one in found if one.answer.endpoint not in known)
    around = replace(branch, rulesets=(*branch.rulesets, *more))
    for ruleset in found:
        if ruleset.answer.endpoint not in known:
            for rule in ruleset.rules:
                yield from rulesets.of_rule(around, rule)
    yield from unread
