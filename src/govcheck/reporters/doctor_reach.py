"""What tokens can decide of policies: a row for all policies of which each token decides as much."""

from govcheck.diagnosis import Diagnosis, PolicyReach, Reach
from govcheck.reporters.page import Page
from govcheck.reporters.wording import counted, said

_ALL, _PART, _NONE = "all", "part", "none"
_ORDER = (_ALL, _PART, _NONE)
_MOST_POLICIES = 4


def reaches(page: Page, diagnosis: Diagnosis) -> None:
    """A table: policies that are alike in a row, the tokens beside each other, and all of them together."""
    if not diagnosis.policies:
        return
    page.gap()
    several = len(diagnosis.tokens) > 1
    grouped: dict[tuple[str, ...], list[PolicyReach]] = {}
    for policy in diagnosis.policies:
        told = (*policy.by_token, policy.together) if several else policy.by_token
        grouped.setdefault(tuple(map(_word, told)), []).append(policy)
    heads = [*(said(token.short) for token in diagnosis.tokens), *(["together"] if several else [])]
    first = "What they can decide"
    widths = [len(first), *map(len, heads)]
    page.line(_row([first, *heads], widths), role="bold")
    for words in sorted(grouped, key=_rank):
        found = grouped[words]
        count = counted(len(found), "policy", "policies")
        page.line(_row([f"  {count}", *words], widths))
        page.paragraph(_named(found, cut=set(words) == {_ALL}), indent=4, role="faint")


def _rank(words: tuple[str, ...]) -> list[int]:
    """What is decided comes first: by all tokens together, then by each."""
    return [_ORDER.index(word) for word in reversed(words)]


def _row(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _word(reach: Reach) -> str:
    if not reach.gaps:
        return _ALL
    return _PART if reach.decided else _NONE


def _named(found: list[PolicyReach], *, cut: bool) -> str:
    names = [f"{said(one.policy.policy.id)}{_share(one.together)}" for one in found]
    more = f" and {len(names) - _MOST_POLICIES} more" if cut and len(names) > _MOST_POLICIES else ""
    return ", ".join(names[:_MOST_POLICIES] if cut else names) + more


def _share(reach: Reach) -> str:
    return f" ({reach.decided} of {reach.subjects})" if reach.gaps and reach.decided else ""
