"""What a Markdown text names: paths, npm scripts, workflows. In code and in links only: plain words name nothing."""

import re
from collections.abc import Iterator
from posixpath import normpath
from typing import Literal
from urllib.parse import unquote

from govcheck.documents.markdown import Entry, entries
from govcheck.records import frozen

Sort = Literal["path", "link", "script", "workflow"]

_SPAN = re.compile(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)")
"""A code span begins and ends with a whole run of backticks: https://spec.commonmark.org/0.31.2/#code-spans"""

_LINK = re.compile(r"\[[^\]\[]*\]\(<?([^()\s<>]+)>?(?:\s+\"[^\"]*\")?\)")
_SCRIPT = re.compile(r"(?:^|[\s;&|(`])(?:npm|pnpm|yarn) (?:run|run-script) (?:-s |--silent )?([A-Za-z0-9][\w:.-]*)")
_ELSEWHERE = re.compile(r"\bcd |--prefix|--workspace|(?:^|\s)-w ")
_WORKFLOW = re.compile(r"\bgh workflow (?:run|view|enable|disable) (?:\"([^\"]+)\"|'([^']+)'|([\w./-]+))")
_RUN = re.compile(r"\bgh workflow run\b")
_RUNS_FILE = re.compile(r"(?:^|[\s;&|(])(?:bash|sh|node|python3?|tsx|npx tsx) (?:\./)?([\w@.-]+(?:/[\w@.-]+)+\.\w+)")
_PATH = re.compile(r"(?:\./)?(?P<path>\.?[\w@()\[\]+-][\w@()\[\]+.-]*(?:/[\w@()\[\]+.-]+)*/?)(?::\d+(?:-\d+)?)?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_ENDING = re.compile(r"\.[a-z]{1,5}")
_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}|YYYY|XXXX?|<|>|\.\.\.")


@frozen(kw_only=True)
class Mention:
    """One thing that a text names."""

    sort: Sort
    name: str
    line: int
    runs: bool = False
    """Of a workflow: whether the text starts it, which needs a `workflow_dispatch`."""


def mentions(path: str, text: str) -> Iterator[Mention]:
    """Everything that a text names, in order.

    Args:
        path: The text's own path, from which its links lead.
        text: Markdown.
    """
    for entry in entries(text):
        if entry.kind == "code":
            yield from commands(entry.raw, entry.line)
        else:
            yield from _written(path, entry)


def _written(path: str, entry: Entry) -> Iterator[Mention]:
    for span in _SPAN.finditer(entry.raw):
        inner = span[2].strip()
        yield from commands(inner, entry.line)
        found = _PATH.fullmatch(inner)
        if found is not None and ("/" in found["path"] or "." in found["path"]) and not _is_no_name(inner):
            yield Mention(sort="path", name=found["path"], line=entry.line)
    for link in _LINK.finditer(_SPAN.sub("", entry.raw)):
        target = unquote(link[1].partition("#")[0].partition("?")[0])
        if target and not _SCHEME.match(link[1]) and not _DATE.search(target):
            yield Mention(sort="link", name=_resolved(path, target), line=entry.line)


def _is_no_name(word: str) -> bool:
    """Whether it is a placeholder, or an ending alone: `.md`."""
    return _DATE.search(word) is not None or _ENDING.fullmatch(word) is not None


def commands(text: str, line: int) -> Iterator[Mention]:
    """What a line of commands names."""
    if not _ELSEWHERE.search(text):
        for found in _SCRIPT.finditer(text):
            yield Mention(sort="script", name=found[1], line=line)
        for found in _RUNS_FILE.finditer(text):
            yield Mention(sort="path", name=found[1], line=line)
    for found in _WORKFLOW.finditer(text):
        name = found[1] or found[2] or found[3]
        yield Mention(sort="workflow", name=name, line=line, runs=_RUN.match(found[0]) is not None)


def _resolved(path: str, target: str) -> str:
    if target.startswith("/"):
        return normpath(target.lstrip("/") or ".")
    folder = path.rpartition("/")[0]
    slash = "/" if target.endswith("/") else ""
    return normpath(f"{folder}/{target}" if folder else target) + slash
