"""Names that are given a value in some line: `KEY=...`, `"key": "..."`, `key: ...`, `key => "..."`.

A reference to a value is none: `process.env.KEY`, `${KEY}`, `${{ secrets.KEY }}`, the name of a variable in code. Nor
is what plainly stands in a value's place: `<your key>`, `changeme`, `xxxx`, or words of the name itself
(`SERVICE_KEY = "service-key"`).
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_CODE = frozenset(
    [
        ".c",
        ".cjs",
        ".cpp",
        ".cs",
        ".cts",
        ".dart",
        ".ex",
        ".exs",
        ".go",
        ".h",
        ".java",
        ".js",
        ".jsx",
        ".kt",
        ".lua",
        ".mjs",
        ".mts",
        ".php",
        ".pl",
        ".py",
        ".rb",
        ".rs",
        ".scala",
        ".sql",
        ".svelte",
        ".swift",
        ".ts",
        ".tsx",
        ".vue",
    ]
)
"""Ends of names of files in which a bare word is a variable, and text stands in quotes."""

_QUOTED = r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|`(?P<back>[^`]*)`"
_BARE = r"(?P<bare>[^\s\"'`,;)}\]#][^\s\"'`,;)}\]]*)"
_ROOTS = re.compile(
    r"(?:process\.env|import\.meta|os\.environ|os\.getenv|getenv|env|ENV|Deno\.env|secrets|vars|inputs|github|steps|"
    r"needs|config|settings|self|this|options|props|params|args|opts)\b"
)
_BETWEEN_WORDS = re.compile(r"[-_ ]+")
_DOTTED = re.compile(r"[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*(?:[(\[!].*)?")
_STANDS_IN = re.compile(
    r"<.*|\{.*|\[.*\]|%.*%|@.*@|\$.*|\.\.\..*|(.)\1*|(?:your|my|test|fake|dummy|mock|example|sample)[-_ ].*|"
    r"change[-_ ]?me|example|placeholder|redacted|"
    r"dummy|fake|test|none|null|nil|undefined|true|false|string|number|required|optional|todo|tbd|secret|missing|set",
    re.IGNORECASE,
)


def assigned(line: str, names: Iterable[str], path: str) -> Iterator[str]:
    """Each of the names that this line of the file `path` gives a value."""
    is_code = posixpath.splitext(path)[1].lower() in _CODE
    for found in _pattern(tuple(names)).finditer(line):
        if _is_value(found, is_code=is_code):
            yield found["name"]


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    between = r"[\"'\]]{0,2}[ \t]{0,40}(?:\?\?=|\|\|=|:=|=>|=(?![=>])|:)[ \t]{0,40}"
    return re.compile(rf"(?<![A-Za-z0-9])(?P<name>{words}){between}(?:{_QUOTED}|{_BARE})")


def _is_value(found: re.Match[str], *, is_code: bool) -> bool:
    quoted = next((found[name] for name in ("double", "single", "back") if found[name] is not None), None)
    value = (found["bare"] or "") if quoted is None else quoted
    value = value.strip()
    if not any(character.isalnum() for character in value) or _STANDS_IN.fullmatch(value) or _ROOTS.match(value):
        return False
    if _words(value) <= _words(found["name"]):
        return False
    return quoted is not None or not (is_code and _DOTTED.fullmatch(value))


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _BETWEEN_WORDS.split(text.lower()) if word)
