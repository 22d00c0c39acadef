"""Which issues a sweep opens, updates, closes and opens again. Pure.

An issue is known by a marker in the first line of its body, and belongs to govcheck where it has the label, which only
those can give who may triage. A person's say stays: what somebody closed by hand stays closed until it was fixed once.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal
from urllib.parse import quote, unquote

from govcheck.records import frozen
from govcheck.telling.news import Word, closing_word
from govcheck.telling.sweep import Sweep

LABEL = "govcheck"

Per = Literal["policy", "finding"]
State = Literal["open", "closed"]
Deed = Literal["open", "update", "close", "reopen", "note"]

_MARKER = re.compile(r"<!-- govcheck: (policy|finding) (\S+) (\S+) (open|closed) ([0-9a-f]{16}) -->")


@frozen(kw_only=True)
class Wanted:
    """One issue as it has to be."""

    key: str
    policy: str
    title: str
    text: str

    @property
    def digest(self) -> str:
        """Of what it says."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode("utf-8", "backslashreplace")).hexdigest()[:16]


@frozen(kw_only=True)
class Known:
    """One issue of ours as it is."""

    number: int
    is_open: bool
    per: Per
    key: str
    policy: str
    state: State
    """What we made it last."""

    digest: str
    title: str
    text: str


@frozen(kw_only=True)
class Action:
    """One thing to do on GitHub."""

    deed: Deed
    number: int | None
    title: str
    body: str
    comment: str = ""
    """What is said below it, to those who follow it."""


@frozen
class Plan:
    """Everything to be done."""

    actions: tuple[Action, ...]
    unchanged: int
    by_hand: tuple[int, ...]
    """Issues that somebody closed by hand though they are open in the sweep."""


def known(issues: Iterable[Mapping[str, object]]) -> list[Known]:
    """Ours among what GitHub lists under the label, the oldest first."""
    found = []
    for issue in issues:
        head, _, text = str(issue.get("body") or "").replace("\r\n", "\n").partition("\n")
        marker = _MARKER.fullmatch(head.strip())
        number = issue.get("number")
        if marker is None or "pull_request" in issue or not isinstance(number, int):
            continue
        found.append(
            Known(
                number=number,
                is_open=issue.get("state") == "open",
                per="policy" if marker[1] == "policy" else "finding",
                key=unquote(marker[2]),
                policy=unquote(marker[3]),
                state="open" if marker[4] == "open" else "closed",
                digest=marker[5],
                title=str(issue.get("title") or ""),
                text=text,
            )
        )
    return sorted(found, key=lambda one: one.number)


def plan(sweep: Sweep, per: Per, wanted: Sequence[Wanted], there: Iterable[Known]) -> Plan:
    """What to do, so that the issues say what the sweep says."""
    by_key: dict[str, Known] = {}
    for issue in there:
        if issue.per == per:
            by_key.setdefault(issue.key, issue)
    actions: list[Action] = []
    by_hand: list[int] = []
    for one in wanted:
        before = by_key.get(one.key)
        if before is not None and not before.is_open and before.state == "open":
            by_hand.append(before.number)
        else:
            actions += _kept(per, one, before)
    names = {one.key for one in wanted}
    for key, issue in by_key.items():
        if key not in names and issue.state == "open":
            actions += _ended(per, issue, closing_word("" if per == "policy" else key, issue.policy, sweep))
    unchanged = len(wanted) - sum(action.deed in {"open", "update", "reopen"} for action in actions) - len(by_hand)
    return Plan(tuple(actions), unchanged, tuple(by_hand))


def _kept(per: Per, one: Wanted, before: Known | None) -> list[Action]:
    body = f"{_marker(per, one.key, one.policy, 'open', one.digest)}\n{one.text}"
    if before is None:
        return [Action(deed="open", number=None, title=one.title, body=body)]
    if not before.is_open:
        return [Action(deed="reopen", number=before.number, title=one.title, body=body, comment="It came back.")]
    if before.digest == one.digest and before.state == "open":
        return []
    return [Action(deed="update", number=before.number, title=one.title, body=body)]


_ENDINGS = {
    "fixed": "It is fixed: the sweep judged it, and it holds.",
    "gone": "No policy asserts it any more.",
    "waived": "A waiver excuses it now.",
}


def _ended(per: Per, one: Known, word: Word | None) -> list[Action]:
    if word is None:
        return []
    body = f"{_marker(per, one.key, one.policy, 'closed', one.digest)}\n{one.text}"
    deed: Deed = "close" if one.is_open else "note"
    comment = _ENDINGS[word] if one.is_open else ""
    return [Action(deed=deed, number=one.number, title=one.title, body=body, comment=comment)]


def _marker(per: Per, key: str, policy: str, state: State, digest: str) -> str:
    return f"<!-- govcheck: {per} {_quoted(key)} {_quoted(policy)} {state} {digest} -->"


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="backslashreplace")
