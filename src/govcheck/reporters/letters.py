"""News as messages: a subject of one line, plain text, the same as simple HTML, and what chats take."""

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import urlsplit

from govcheck.findings import Json
from govcheck.reporters.escape import cut, visible
from govcheck.reporters.wording import counted
from govcheck.telling.news import CLOSING, News
from govcheck.telling.sweep import Sweep

_LONGEST_SUBJECT = 150
_LONGEST_LINE = 2000
_MOST_IN_CHAT = 20
_MOST_IN_MAIL = 100

_WORDS = {
    "new": "new",
    "returned": "came back",
    "unknown": "can no longer be told",
    "escalated": "still open",
    "fixed": "fixed",
    "gone": "no policy asserts it any more",
    "waived": "excused by a waiver",
    "event": "a setting got weaker, and no policy asserts it",
}


def subject(news: Sequence[News], sweep: Sweep) -> str:
    """One line."""
    where = f"[govcheck] {visible(sweep.repository)}: "
    if len(news) > 1:
        closing = sum(one.word in CLOSING for one in news)
        parts = [f"{counted(len(news) - closing, 'thing')} to look at"] if closing < len(news) else []
        parts += [f"{closing} closed"] if closing else []
        return where + ", ".join(parts)
    [one] = news
    return cut(f"{where}{_WORDS[one.word]}: {visible(one.policy)}: {visible(one.title)}", _LONGEST_SUBJECT)


def plain(news: Sequence[News], sweep: Sweep) -> str:
    """The whole message as text."""
    shown = ["\n".join(_lines(one)) + "\n" for one in news[:_MOST_IN_MAIL]]
    return "\n".join([*shown, *_more(news), *_foot(sweep)]) + "\n"


def html(news: Sequence[News], sweep: Sweep) -> str:
    """The same as HTML, with nothing in it that is loaded from anywhere."""
    parts = []
    for one in news[:_MOST_IN_MAIL]:
        head, *rest = _lines(one)
        shown = "<br>".join(escape(line.strip()) for line in rest)
        parts.append(f"<p><b>{escape(head)}</b><br>{shown}</p>")
    parts += [f"<p>{escape(line)}</p>" for line in _more(news)]
    foot = "<br>".join(map(escape, _foot(sweep)))
    return f'<!DOCTYPE html><html lang="en"><body>{"".join(parts)}<p><small>{foot}</small></p></body></html>\n'


def chat(news: Sequence[News], sweep: Sweep, url: str) -> Json:
    """What a webhook takes: Slack's and Teams' own form by their hosts, for everybody else plain keys."""
    host = urlsplit(url).hostname or ""
    title = subject(news, sweep)
    shown = [line for one in news[:_MOST_IN_CHAT] for line in ("\n".join(_lines(one)),)]
    if len(news) > _MOST_IN_CHAT:
        shown.append(f"and {len(news) - _MOST_IN_CHAT} more")
    if host == "hooks.slack.com" or host.endswith(".slack.com"):
        return {"text": "\n\n".join(map(_slack, [title, *shown])), "link_names": False}
    if host.endswith((".webhook.office.com", ".logic.azure.com", ".powerplatform.com")):
        return _teams([title, *shown])
    return {
        "title": title,
        "text": "\n\n".join(shown),
        "repository": visible(sweep.repository),
        "finished_at": sweep.finished_at.isoformat(),
        "news": [
            {
                "what": one.word,
                "fingerprint": one.fingerprint,
                "policy": visible(one.policy),
                "title": visible(one.title),
                "severity": one.item.severity if one.item else None,
                "message": visible(one.item.message) if one.item else None,
            }
            for one in news
        ],
    }


def _lines(one: News) -> Iterator[str]:
    yield cut(f"{_WORDS[one.word]}: {visible(one.title)}", _LONGEST_LINE)
    if one.event is not None:
        yield cut(f"  it was {visible(one.event.before)}, and is {visible(one.event.after)}", _LONGEST_LINE)
        if one.event.by:
            yield cut(f"  by: {visible(one.event.by)}", _LONGEST_LINE)
        return
    if one.item is not None:
        item = one.item
        yield cut(f"  {item.severity}: {visible(item.message)}", _LONGEST_LINE)
        if item.count > 1:
            yield f"  and {item.count - 1} more of the same name"
        if item.where:
            yield cut(f"  at: {visible(item.where)}", _LONGEST_LINE)
        if item.fix:
            first, *others = item.fix.split("\n")
            yield cut(f"  mend: {visible(first)}", _LONGEST_LINE)
            yield from (cut(f"    {visible(line)}", _LONGEST_LINE) for line in others)
        if item.since:
            yield f"  open since: {item.since:%Y-%m-%d %H:%M} UTC, {counted(one.sweeps, 'sweep')}"
    yield cut(f"  policy: {visible(one.policy)}", _LONGEST_LINE)
    yield f"  more: govcheck why {one.fingerprint}"


def _more(news: Sequence[News]) -> list[str]:
    left = len(news) - _MOST_IN_MAIL
    return [f"and {left} more, which the report of the sweep has"] if left > 0 else []


def _foot(sweep: Sweep) -> Iterator[str]:
    fails = sum(item.status == "fail" for item in sweep.items)
    yield f"{visible(sweep.repository)}, {sweep.phase} sweep of {sweep.finished_at:%Y-%m-%d %H:%M} UTC:"
    yield f"{fails} open, {len(sweep.items) - fails} could not be told, {len(sweep.waived)} waived."


def _slack(text: str) -> str:
    """Without Slack's links and mentions.

    Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(texts: Sequence[str]) -> Json:
    """An adaptive card, in the form that Teams' webhooks take.

    Source: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
    """
    blocks: list[Json] = [
        {
            "type": "RichTextBlock",
            "inlines": [{"type": "TextRun", "text": text, "weight": "Default" if number else "Bolder"}],
        }
        for number, text in enumerate(texts)
    ]
    card: Json = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }
