"""A sweep's open things as issues: nothing in them is a mention, a reference or a tag, whatever a subject says."""

from collections.abc import Iterator

from govcheck.reporters.escape import cut, markdown, visible
from govcheck.reporters.wording import counted
from govcheck.telling.issues import Per, Wanted
from govcheck.telling.sweep import Item, Sweep

_LONGEST_TITLE = 200
_LONGEST = 1000
_MOST = 50
"""Things that one issue lists."""

_NOTHING = "&#8203;"
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
    shown = [line for item in items[:_MOST] for line in (*_told(item), "")]
    if len(items) > _MOST:
        shown.append(f"and {len(items) - _MOST} more\n")
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
        yield f"- mend: {safe(item.fix)}"
    yield f"- policy {safe(item.policy)} ({safe(item.kind)}); more: `govcheck why {item.fingerprint}`"


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
    return shown.replace("-", f"{_NOTHING}-{_NOTHING}").replace("/", f"/{_NOTHING}")


def _title(text: str) -> str:
    return cut(f"govcheck: {visible(text)}".replace("@", "@\u200b").replace("#", "#\u200b"), _LONGEST_TITLE)
