"""What a gitleaks configuration comes to: which rules there are, and whether anything is left that they can find.

All that is told here was tried with gitleaks 8.30.1 (https://github.com/gitleaks/gitleaks#configuration):

- Without `[extend]`, the built-in rules do not apply. Without rules a scan says "no leaks found".
- `extend.path` is taken from the folder that gitleaks runs in, and is followed twice at most. With `useDefault` beside
  it gitleaks stops, as it does for a file that is not there. `extend.url` does nothing.
- Keys count whatever their case; where a list is wanted, a single text will do.
- `[allowlist]` and `[[allowlists]]` (since 8.25) are of all rules, but for those with `targetRules`; both together are
  refused.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from govcheck.facts import Missing
from govcheck.findings import Fix, Location, Reason
from govcheck.paths import display
from govcheck.records import frozen

LONGEST = 256 * 1024
"""Characters of a configuration that are read."""

USE_DEFAULT = "[extend]\nuseDefault = true"
_MOST_EXTENDS = 2
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_FLAGS = re.compile(r"\(\?[A-Za-z]+\)")
_GROUP = re.compile(r"\((?:\?:)?([^()]*)\)")
_START = re.compile(r"\^|\((?:\?:)?\^\|/\)")
_ANYTHING = {
    "",
    ".",
    ".?",
    ".*",
    ".+",
    ".*?",
    ".+?",
    r"[\s\S]*",
    r"[\s\S]+",
    r"[\S\s]*",
    r"[\S\s]+",
    r"\S*",
    r"\S+",
    r"\S",
}
_ALL_OF_IT = {one for one in _ANYTHING if one.rstrip("?").endswith(("*", "+"))}


@frozen(kw_only=True)
class Problem:
    """Why nothing is ever found by a configuration, or why nobody can tell."""

    message: str
    """A clause that begins with what it is about, without the file's name."""

    location: Location
    fix: Fix | None = None
    untold: Reason | None = None
    """Set where nobody can tell."""


@frozen(kw_only=True)
class Configuration:
    """What a configuration and everything that it extends come to."""

    path: str
    rules: int = 0
    """Rules of its own, and of the files that it extends."""

    built_in: bool = False
    """Whether the built-in rules apply."""

    problems: tuple[Problem, ...] = ()

    @property
    def in_words(self) -> str:
        """The rules, for people."""
        own = f"{self.rules} rule{'s' * (self.rules != 1)} of its own"
        return (f"{own} and the built-in ones" if self.rules else "the built-in rules") if self.built_in else own


@frozen
class Document:
    """One valid file."""

    text: str
    keys: Mapping[str, Any]
    """With its keys in lower case, at every depth."""


def document(path: str, content: bytes | Missing) -> Document | Problem:
    """One file, or why it is none."""
    if isinstance(content, Missing):
        return Problem(
            message=f"cannot be read: {content.message}", location=Location(path=path), untold=content.reason
        )
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _not_toml(f"a byte that is not UTF-8 at line {line}", Location(path=path, line=line))
    if len(text) > LONGEST:
        message = f"has {len(text):,} characters, more than the {LONGEST:,} that are read"
        return Problem(message=message, location=Location(path=path), untold=Reason.UNPARSEABLE)
    try:
        return Document(text, _lowered(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        said, line, column = _error(str(error), text)
        return _not_toml(f"{said} at line {line}, column {column}", Location(path=path, line=line, column=column))
    except (ValueError, RecursionError):
        message = "has numbers or nesting that cannot be read here"
        return Problem(message=message, location=Location(path=path), untold=Reason.UNPARSEABLE)


def extended(path: str, content: bytes | Missing) -> str | None:
    """The file that a configuration extends, as it is written; None where it names none."""
    found = document(path, content)
    named = _extend(found).get("path") if isinstance(found, Document) else None
    return named if isinstance(named, str) and named else None


def read(
    path: str, contents: Mapping[str, bytes | Missing], resolve: Mapping[str, str | None], scanner: str = "gitleaks"
) -> Configuration:
    """What a configuration comes to.

    Args:
        path: Of a file in `contents`.
        contents: The tracked files.
        resolve: What an `extend.path` means, from the root; None where it is nothing of the repository's.
        scanner: Who reads it. betterleaks has no allow-lists of this kind.
    """
    return _read(path, contents, _Reader(scanner, resolve), 0)


@frozen
class _Reader:
    """Who reads a configuration, and what `extend.path` means there."""

    name: str
    resolve: Mapping[str, str | None]


def _read(path: str, contents: Mapping[str, bytes | Missing], reader: _Reader, depth: int) -> Configuration:
    found = document(path, contents[path])
    if isinstance(found, Problem):
        return Configuration(path=path, problems=(found,))
    rules = _tables(found.keys.get("rules"))
    extend = _extend(found) if depth < _MOST_EXTENDS else {}
    named, built_in = extend.get("path"), _truth(extend.get("usedefault"))
    problems = list(_refusals(path, found, named, reader, built_in=built_in))
    problems += _allows_everything(path, found) if reader.name == "gitleaks" else ()
    below = Configuration(path=path)
    if isinstance(named, str) and named and not built_in:
        target = reader.resolve.get(named)
        if target is None or target not in contents:
            problems.insert(0, _not_there(path, found, named, reader, outside=target is None))
        else:
            below = _read(target, contents, reader, depth + 1)
            problems += below.problems
    total, has_default = len(rules) + below.rules, built_in or below.built_in
    if not total and not has_default and not problems and not depth:
        problems.append(_no_rules(path, found, reader))
    return Configuration(path=path, rules=total, built_in=has_default, problems=tuple(problems))


def matches_everything(pattern: str) -> bool:
    """Whether a regular expression surely matches every text that is not empty. False where that is not sure."""
    rest = pattern
    while (flags := _FLAGS.match(rest)) is not None:
        rest = rest[flags.end() :]
    if (group := _GROUP.fullmatch(rest)) is not None and "|" not in group[1]:
        rest = group[1]
    start = _START.match(rest)
    rest = rest[start.end() :] if start else rest
    end = rest.endswith("$") and not rest.endswith("\\$")
    rest = rest[:-1] if end else rest
    if (group := _GROUP.fullmatch(rest)) is not None and "|" not in group[1]:
        rest = group[1]
    return rest in (_ALL_OF_IT if start and end else _ANYTHING)


def place(path: str, text: str, *words: str) -> Location:
    """Where the last of these words stands, each looked for behind the one before; as far as they are found."""
    lowered, position = text.lower(), 0
    for word in words:
        found = lowered.find(word.lower(), position)
        position = found if found >= 0 else position
    line_start = text.rfind("\n", 0, position) + 1
    return Location(path=path, line=text.count("\n", 0, position) + 1, column=position - line_start + 1)


def _no_rules(path: str, found: Document, reader: _Reader) -> Problem:
    named = _extend(found).get("path")
    extends = f"extends `{named}`, which brings none" if named else "does not extend the built-in ones"
    lists = "an allow-list" if {"allowlist", "allowlists"}.intersection(found.keys) else "nothing"
    return Problem(
        message=f"has {lists} but no `[[rules]]`, and {extends}: "
        f'{reader.name} scans with zero rules, and every scan says "no leaks found"',
        location=place(path, found.text, "[allowlist"),
        fix=Fix(text=f"Add these lines at the end of {display(path)}:\n{USE_DEFAULT}"),
    )


def _refusals(path: str, found: Document, named: object, reader: _Reader, *, built_in: bool) -> Iterator[Problem]:
    """What the scanner stops at."""
    if named and built_in:
        yield Problem(
            message="sets both `path` and `useDefault` in `[extend]`: "
            f"{reader.name} refuses that, and stops before it scans",
            location=place(path, found.text, "[extend", "path"),
            fix=Fix(text="Keep one of the two; the file that `path` names can set `useDefault` itself."),
        )
    if reader.name == "gitleaks" and found.keys.get("allowlist") and found.keys.get("allowlists"):
        yield Problem(
            message="has both `[allowlist]` and `[[allowlists]]`: gitleaks refuses that, and stops before it scans",
            location=place(path, found.text, "[allowlist]"),
            fix=Fix(text="Write `[[allowlists]]` in place of `[allowlist]`."),
        )


def _not_there(path: str, found: Document, named: str, reader: _Reader, *, outside: bool) -> Problem:
    location = place(path, found.text, "[extend", "path", named)
    if outside:
        message = f"extends `{named}`, which is outside of the repository"
        return Problem(message=message, location=location, untold=Reason.MISSING_OBJECT)
    return Problem(
        message=f"extends `{named}`, which is not tracked: {reader.name} stops before it scans",
        location=location,
        fix=Fix(text=f"Correct the path: it is taken from the folder that {reader.name} runs in."),
    )


def _allows_everything(path: str, found: Document) -> Iterator[Problem]:
    """Allow-lists of all rules that leave nothing to find."""
    for name in ("allowlist", "allowlists"):
        for table in _tables(found.keys.get(name)):
            if table.get("targetrules"):
                continue
            lists = {key: _texts(table.get(key)) for key in ("commits", "paths", "regexes", "stopwords")}
            both = str(table.get("condition", "")).upper() == "AND" and sum(map(bool, lists.values())) > 1
            for key, what in (("paths", "every path, so that no file is scanned"), ("regexes", "every secret")):
                pattern = next(filter(matches_everything, lists[key]), None)
                if pattern is not None and not both:
                    shown = pattern or "an empty text"
                    yield Problem(
                        message=f"allows everything: `{key}` of its allow-list has `{shown}`, which matches {what}",
                        location=place(path, found.text, f"[{name}", key, pattern),
                        fix=Fix(text=f"Take `{shown}` out of `{key}`, or write what it was meant for."),
                    )


def _not_toml(why: str, location: Location) -> Problem:
    return Problem(
        message=f"is not valid TOML, so that a scan with it stops before it looks at anything: {why}",
        location=location,
        fix=Fix(text="Write regular expressions between ''' and ''', where a backslash is a backslash."),
    )


def _error(said: str, text: str) -> tuple[str, int, int]:
    match = _AT.search(said)
    words = said[: match.start()] if match else said
    words = words[:1].lower() + words[1:]
    if match and match[1]:
        return words, int(match[1]), int(match[2])
    return words, text.count("\n") + 1, len(text) - text.rfind("\n")


def _extend(found: Document) -> Mapping[str, Any]:
    table = found.keys.get("extend")
    return table if isinstance(table, dict) else {}


def _truth(value: object) -> bool:
    return value.lower() in {"true", "t", "1"} if isinstance(value, str) else bool(value)


def _tables(value: object) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _lowered(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key.lower(): _lowered_value(value) for key, value in table.items()}


def _lowered_value(value: Any) -> Any:  # noqa: ANN401 - whatever TOML has
    if isinstance(value, dict):
        return _lowered(value)
    return [_lowered_value(one) for one in value] if isinstance(value, list) else value
