"""A sweep's open things as issues: nothing in them is a mention, a reference or a tag, whatever a subject says."""

import re
from collections.abc import Iterator

from govcheck.reporters.escape import cut, markdown, visible
from govcheck.reporters.wording import counted
from govcheck.telling.issues import Per, Wanted
from govcheck.telling.sweep import Item, Sweep

_LONGEST_TITLE = 200
_LONGEST = 500
_LONGEST_BLOCK = 2000
_MOST_TEXT = 40_000
"""Characters after which an issue only counts what else there is: GitHub takes 65,536."""

_NOTHING = "&#8203;"
_ISSUE = re.compile(r"(gh)-(?=[0-9])", re.IGNORECASE)
_WHICH = {"fail": "fails", "unknown": "cannot be told"}


def wanted(sweep: Sweep, per: Per) -> list[Wanted]:
    """The issues that there have to be, the worst first."""
    if per == "finding":
        return [_of_finding(item) for item in sweep.items]
    by_policy: dict[str, list[Item]] = {}
    for item in sweep.items:
        by_policy.setdefault(item.policy, []).append(item)
    return [_of_policy(name, items) for name, items in by_policy.items()]


def _of_finding(item: Item) -> Wanted:
    return Wanted(
        key=item.fingerprint,
        policy=item.policy,
        title=_title(f"{item.policy}: {item.control} of {item.subject} {_WHICH[item.status]}"),
        text="\n".join([*_told(item), "", _foot()]),
    )


def _of_policy(name: str, items: list[Item]) -> Wanted:
    shown: list[str] = []
    length = 0
    for number, item in enumerate(items):
        if length > _MOST_TEXT:
            shown.append(f"and {len(items) - number} more\n")
            break
        shown += [*_told(item), ""]
        length = sum(map(len, shown))
    status = "fails" if any(item.status == "fail" for item in items) else "cannot be told"
    return Wanted(
        key=name,
        policy=name,
        title=_title(f"{name} {status}: {counted(len(items), 'thing')}"),
        text="\n".join([*shown, _foot()]),
    )


def _told(item: Item) -> Iterator[str]:
    yield f"**{safe(item.control)} of {safe(item.subject)}** {_WHICH[item.status]} ({item.severity})"
    yield f"- {safe(item.message)}"
    if item.count > 1:
        yield f"- and {item.count - 1} more of the same name"
    if item.where:
        yield f"- at {safe(item.where)}"
    if item.fix:
        first, *others = item.fix.split("\n")
        yield f"- mend: {safe(first)}"
        yield from _block(others)
    yield f"- policy {safe(item.policy)} ({safe(item.kind)}); more: `govcheck why {item.fingerprint}`"


def _block(lines: list[str]) -> Iterator[str]:
    """Lines to be copied, as code: GitHub looks for no mention in it."""
    if not lines:
        return
    text = "\n".join(f"  {visible(line)}" for line in lines)[:_LONGEST_BLOCK]
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=2) + 3)
    yield f"  {fence}\n{text}\n  {fence}"


def _foot() -> str:
    return "Kept by `govcheck issues`, which closes this once it holds."


def safe(text: str) -> str:
    """Text of an issue in which nobody is mentioned, and nothing referred to.

    GitHub looks for `@name`, `#1` and `GH-1` in what Markdown comes to, so that a numeric reference alone does not
    hide them: a space without width stands between.
    """
    shown = markdown(cut(text, _LONGEST))
    for sign in ("&#64;", "&#35;"):
        shown = shown.replace(sign, f"{sign}{_NOTHING}")
    return _ISSUE.sub(rf"\1{_NOTHING}-", shown)


def _title(text: str) -> str:
    return cut(f"govcheck: {visible(text)}".replace("@", "@\u200b").replace("#", "#\u200b"), _LONGEST_TITLE)
