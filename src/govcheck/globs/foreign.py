r"""The path dialects of gitignore, CODEOWNERS and fnmatch, for those who want theirs.

- gitignore: https://git-scm.com/docs/gitignore#_pattern_format
- CODEOWNERS: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax
- fnmatch: https://docs.python.org/3/library/fnmatch.html
"""

import re
from collections.abc import Iterator

from govcheck.globs.classes import ClassSyntax, read_class
from govcheck.globs.native import bare_brackets
from govcheck.globs.segments import ANY, STAR, GlobError, path, segment, starred

_GITIGNORE_CLASS = ClassSyntax(negations="!^", bracket_first=True, named=True)
_FNMATCH_CLASS = ClassSyntax(negations="!", escapes=False, bracket_first=True, slash=True)


def gitignore(pattern: str) -> str:
    """A path that gitignore's pattern matches, or that lies below a folder that it matches. Raises GlobError."""
    _refuse_gitignore(pattern)
    parts = _anchored(pattern)
    if parts[-1] == "":
        parts[-1:] = ["*", "**"] if parts[-2] == "**" else ["**"]
    return path(_segments(parts, classes=True), "prefix")


def codeowners(pattern: str) -> str:
    """A path that has the owners of this pattern's line. Raises GlobError where GitHub skips such a line."""
    _refuse_codeowners(pattern)
    parts = _anchored(pattern)
    if parts[-1] == "":
        parts[-1] = "**"
    return path(_segments(parts, classes=False), "exact" if parts[-1] == "*" else "prefix")


def fnmatch(pattern: str) -> str:
    """A path that the standard library's `fnmatchcase` matches: a star crosses slashes. Raises GlobError."""
    if not pattern:
        raise GlobError("an empty pattern matches nothing: write a path, or `*` for everything")
    return starred(list(_fnmatch_tokens(pattern)), ".", r"\Z")


def _refuse_gitignore(pattern: str) -> None:
    if not pattern.strip() or pattern == "/":
        raise GlobError("this pattern matches nothing: write a path, or `*` for everything")
    if pattern.startswith("#"):
        raise GlobError("a pattern that begins with `#` is a comment in gitignore's dialect: write `\\#`")
    if pattern.endswith(" ") and not pattern.endswith("\\ "):
        raise GlobError("gitignore drops a space at the end: remove it, or write `\\` before it")
    if "\n" in pattern:
        raise GlobError("gitignore has one pattern a line: write two patterns")


def _refuse_codeowners(pattern: str) -> None:
    """What GitHub's own list of errors names, or its documentation excepts from gitignore's rules."""
    if not pattern.strip() or pattern == "/":
        raise GlobError("this pattern matches nothing: write a path, or `*` for everything")
    if pattern[0] in "!#":
        raise GlobError(f"CODEOWNERS knows no pattern that begins with `{pattern[0]}`")
    if pattern.startswith("\\#"):
        raise GlobError("CODEOWNERS cannot escape a `#` that a pattern begins with: write `?` in its place")
    if "***" in pattern:
        raise GlobError("CODEOWNERS knows no `***`: write `**`")
    if bare_brackets(pattern, closing=True) != pattern:
        raise GlobError("CODEOWNERS has no classes of characters: write `\\[` and `\\]` for brackets in a name")


def _anchored(pattern: str) -> list[str]:
    """The pattern's segments from the root; one without a slash at its beginning or middle fits at any depth."""
    parts = pattern.removeprefix("/").split("/")
    if any(part in {".", ".."} for part in parts) or "" in parts[:-1]:
        raise GlobError("this pattern matches nothing: a tracked path has no empty segment, no `.` and no `..`")
    anywhere = not pattern.startswith("/") and len([part for part in parts if part]) == 1
    return ["**", *parts] if anywhere and parts[0] != "**" else parts


def _segments(parts: list[str], *, classes: bool) -> list[str | None]:
    return [None if part == "**" else segment(list(_tokens(part, classes=classes))) for part in parts]


def _tokens(part: str, *, classes: bool) -> Iterator[str]:
    place = 0
    while place < len(part):
        character = part[place]
        if character == "[" and classes:
            token, place = read_class(part, place, _GITIGNORE_CLASS)
            yield token
            continue
        if character == "\\":
            place += 1
            if place == len(part):
                raise GlobError("a backslash at the end of a segment escapes nothing: remove it")
            yield re.escape(part[place])
        else:
            yield STAR if character == "*" else ANY if character == "?" else re.escape(character)
        place += 1


def _fnmatch_tokens(pattern: str) -> Iterator[str]:
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "[":
            token, place = read_class(pattern, place, _FNMATCH_CLASS)
            yield token
            continue
        yield STAR if character == "*" else "." if character == "?" else re.escape(character)
        place += 1
