"""What a Markdown text names: paths, npm scripts, workflows, branches, and issues.

Only code and links name something, plain words do not; an issue is named behind its own words (`Current Issue: #12`).
"""

import re
from collections.abc import Collection, Iterator
from posixpath import normpath
from typing import Literal
from urllib.parse import unquote

from govcheck.documents.code_spans import code_spans, without_code
from govcheck.documents.markdown import Line, lines
from govcheck.records import frozen, replace

Sort = Literal["path", "link", "script", "workflow", "branch", "issue"]

_LINK = re.compile(r"\[[^\]\[]*\]\(<?([^()\s<>]+)>?(?:\s+\"[^\"]*\")?\)")
_SCRIPT = re.compile(r"(?:^|[\s;&|(`])(?:npm|pnpm|yarn) (?:run|run-script) (?:-s |--silent )?([A-Za-z0-9][\w:.-]*)")
_ELSEWHERE = re.compile(r"\bcd |--prefix|--workspace|(?:^|\s)-w ")
_WORKFLOW = re.compile(r"\bgh workflow (?:run|view|enable|disable) (?:\"([^\"]+)\"|'([^']+)'|([\w./-]+))")
_RUN = re.compile(r"\bgh workflow run\b")
_RUNS_FILE = re.compile(r"(?:^|[\s;&|(])(?:bash|sh|node|python3?|tsx|npx tsx) (?:\./)?([\w@.-]+(?:/[\w@.-]+)+\.\w+)")
_PATH = re.compile(r"(?:\./)?(?P<path>\.?[\w@()\[\]+-][\w@()\[\]+.-]*(?:/[\w@()\[\]+.-]+)*/?)(?::\d+(?:-\d+)?)?")
_ISSUE = re.compile(r"(?<![\w/])#(\d{1,12})\b")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_ENDING = re.compile(r"\.[a-z]{1,5}")
_BRANCH = re.compile(
    r"(?<![\w/.-])origin/(?P<remote>[\w./-]+)"
    r"|\bgh (?:workflow run|run list|pr list)\b[^;|&]{0,300}?\s(?:--ref|--branch|--base)[ =](?P<ref>[\w./-]+)"
    r"|\bgit (?:checkout|switch|merge|rebase) (?P<out>[A-Za-z][\w./-]*)\s*(?:$|[;|&#])"
    r"|\bgit (?:push|pull|fetch) (?:-\S+ )*origin (?P<with>[A-Za-z][\w./-]*)\s*(?:$|[;|&#])"
)
_MAKES_BRANCH = re.compile(r"\bgit (?:checkout -[bB]|switch -[cC]|branch) ([\w./-]+)")
_NO_BRANCH = re.compile(r"HEAD|[0-9a-f]{7,40}|v?\d+(?:\.\d+)+|.*[./-]")
"""What may be a commit or a version as well, or was cut at a placeholder."""

_MADE = re.compile(
    r"\b(?:archive|create|emit|export|generate|move|output|produce|publish|save|store|write)\b[^.;:!?]*\b(?:in|into|to|at|as|under)\s+(?:the\s+)?$"
    r"|\b(?:create|generate|archive|delete|remove|retire|drop)s?\s+(?:the\s+|a\s+)?(?:new\s+)?$",
    re.IGNORECASE,
)
"""What stands before the name of something that is to be made, or to be taken away."""

_AS_FAR_BACK = 200
"""Characters before a name in which that is looked for."""

_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}|YYYY|XXXX?|<|>|\.\.\.")


@frozen(kw_only=True)
class Mention:
    """One thing that a text names."""

    sort: Sort
    name: str
    line: int
    runs: bool = False
    """Of a workflow: whether the text starts it, which needs a `workflow_dispatch`."""

    is_ordered: bool = False
    """Of a path: whether the text orders to make it, or to take it away."""

    label: str = ""
    """What the line begins with, up to its colon, in small letters: `allowed paths`."""

    below: str = ""
    """The folder that the list's item above names, where this one is within it."""


def mentions(path: str, text: str, issue_words: Collection[str] = ()) -> Iterator[Mention]:
    """Everything that a text names, in order.

    Args:
        path: The text's own path, from which its links lead.
        text: Markdown.
        issue_words: What stands before the number of an issue, in small letters.
    """
    made = frozenset(_MAKES_BRANCH.findall(text))
    above: dict[int, str] = {}
    for line in lines(text):
        if line.kind == "heading":
            above.clear()
        if line.is_item:
            above = {group: folder for group, folder in above.items() if group < line.group}
        below = next(reversed(above.values()), "")
        for mention in _of_line(path, line, issue_words):
            if mention.sort != "branch" or mention.name not in made:
                yield replace(mention, below=below) if below else mention
            if mention.sort == "path" and mention.name.endswith("/") and line.is_item:
                above[line.group] = mention.name


def _of_line(path: str, line: Line, issue_words: Collection[str]) -> Iterator[Mention]:
    if line.kind == "code":
        yield from commands(line.raw, line.number)
        return
    label = line.plain.partition(":")[0].casefold() if ":" in line.plain else ""
    yield from (replace(mention, label=label) if label else mention for mention in _written(path, line))
    if label in issue_words:
        yield from (Mention(sort="issue", name=one, line=line.number) for one in _ISSUE.findall(line.plain))


def _written(path: str, line: Line) -> Iterator[Mention]:
    before, end = "", 0
    for span in code_spans(line.raw):
        before = f"{before}{line.raw[end : span.start]}"[-_AS_FAR_BACK:]
        inner = span.text.strip()
        yield from commands(inner, line.number)
        found = _PATH.fullmatch(inner)
        if found is not None and ("/" in found["path"] or "." in found["path"]) and not _is_no_name(inner):
            is_ordered = _MADE.search(before) is not None
            yield Mention(sort="path", name=found["path"], line=line.number, is_ordered=is_ordered)
        before, end = f"{before}x", span.end
    for link in _LINK.finditer(without_code(line.raw)):
        target = unquote(link[1].partition("#")[0].partition("?")[0])
        if target and not _SCHEME.match(link[1]) and not _DATE.search(target):
            yield Mention(sort="link", name=_resolved(path, target), line=line.number)


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

    if not _ELSEWHERE.search(text):
        for found in _BRANCH.finditer(text):
            name = next(part for part in found.groups() if part)
            if not _NO_BRANCH.fullmatch(name):
                yield Mention(sort="branch", name=name, line=line)


def _resolved(path: str, target: str) -> str:
    if target.startswith("/"):
        return normpath(target.lstrip("/") or ".")
    folder = path.rpartition("/")[0]
    slash = "/" if target.endswith("/") else ""
    return normpath(f"{folder}/{target}" if folder else target) + slash
