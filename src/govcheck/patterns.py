"""Regular expressions that others wrote, for Python's or JavaScript's engine, matched by RE2: none of them runs away.

`re2` (https://github.com/google/re2) is imported where a pattern is first compiled. It has no look-around and no
back-references: what needs those is a `PatternError`, and nobody can tell what it matches.
"""

import importlib
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from govcheck.records import frozen

LONGEST_PATTERN = 16 * 1024
"""Characters."""

_LONGEST_FOR_PYTHON = 2048
_MEMORY = 8 * 1024 * 1024
"""Bytes that RE2 may use for one pattern."""

_VERBOSE = re.compile(r"\s*\(\?([aiLmsu]*)x([aiLmsu]*)\)")
_PYTHON_END = re.compile(r"(\\\\)|\\Z")
_JAVASCRIPT_CODE = re.compile(r"\\u\{?([0-9A-Fa-f]{1,6})\}?")
_FLAGS = re.compile(r"\(\?([aiLmsu]+)\)")
_OPENS_CLASS = re.compile(r"\[\^?\]?")
_SIMPLE = frozenset("aiLmsu")


class PatternError(ValueError):
    """A pattern that cannot be evaluated here, and why: a clause."""


@frozen
class Match:
    """One match: where it begins and ends, in characters."""

    start: int
    end: int
    groups: tuple[str, ...]
    """What the whole and each group matched; empty where a group took no part."""


class Pattern:
    """A compiled pattern. Made by `compile_python` and `compile_javascript`."""

    __slots__ = ("_compiled",)

    def __init__(self, compiled: "_Compiled") -> None:
        self._compiled = compiled

    def found(self, text: str) -> bool:
        """Whether it matches somewhere in a text, of whatever bytes that was made."""
        return self._compiled.search(_encodable(text)) is not None

    def matches(self, text: str) -> Iterator[Match]:
        """Every match, from left to right."""
        for match in self._compiled.finditer(_encodable(text)):
            whole = match.group(0) or ""
            yield Match(match.start(), match.end(), (whole, *(group or "" for group in match.groups())))


class _Matched(Protocol):
    def start(self) -> int: ...
    def end(self) -> int: ...
    def group(self, index: int, /) -> str | None: ...
    def groups(self) -> tuple[str | None, ...]: ...


class _Compiled(Protocol):
    def search(self, text: str, /) -> _Matched | None: ...
    def finditer(self, text: str, /) -> Iterator[_Matched]: ...


@lru_cache(maxsize=512)
def compile_python(source: str) -> Pattern:
    """A pattern that was written for Python's `re`.

    Raises:
        PatternError: where it is no valid pattern, or RE2 cannot say what it matches.
    """
    verbose = _VERBOSE.match(source)
    if verbose is not None:
        flags = "".join(sorted(set(verbose[1] + verbose[2]) - {"x"} & _SIMPLE))
        source = (f"(?{flags})" if flags else "") + _without_layout(source[verbose.end() :])
    return _compiled(_PYTHON_END.sub(lambda match: match[1] or r"\z", source))


@frozen
class Looks:
    """A pattern that begins with `^` and looks ahead: what must be there from the beginning, and what must not."""

    parts: tuple[tuple[Pattern, bool], ...]

    def found(self, text: str) -> bool:
        """Whether it matches a text."""
        return all(pattern.found(text) is wanted for pattern, wanted in self.parts)


@lru_cache(maxsize=512)
def compile_python_looks(source: str) -> Pattern | Looks:
    r"""A pattern for Python's `re` which may look ahead at its beginning: `^(?!docs/|tests/).*\.py$`.

    `^(?!a)b` matches where `^(?:b)` does and `^(?:a)` does not, and RE2 can tell both.

    Raises:
        PatternError: as `compile_python`; also where it looks around elsewhere.
    """
    try:
        return compile_python(source)
    except PatternError:
        flags, plain = _plain(source)
        if "m" in flags or not plain.startswith("^(?") or _end_of_group(plain, 0, "|") < len(plain):
            raise
        parts: list[tuple[Pattern, bool]] = []
        rest = plain[1:]
        while rest.startswith(("(?!", "(?=")):
            end = _end_of_group(rest, 3, ")")
            parts.append((_anchored(flags, rest[3:end]), rest[2] == "="))
            rest = rest[end + 1 :]
            if rest[:1] in {"*", "+", "?", "{"}:
                raise
        return Looks((*parts, (_anchored(flags, rest), True)))


def _plain(source: str) -> tuple[str, str]:
    """The flags that a pattern begins with, and the rest of it without layout."""
    verbose = _VERBOSE.match(source)
    if verbose is not None:
        return verbose[1] + verbose[2], _without_layout(source[verbose.end() :])
    flags = _FLAGS.match(source)
    return (flags[1], source[flags.end() :]) if flags is not None else ("", source)


def _anchored(flags: str, part: str) -> Pattern:
    kept = "".join(sorted(set(flags) - {"x"} & _SIMPLE))
    return compile_python(f"{f'(?{kept})' if kept else ''}^(?:{part})")


def _end_of_group(source: str, start: int, sign: str) -> int:
    """Where a sign stands outside of all groups and classes that begin after `start`; the length where nowhere."""
    depth, place, in_class = 0, start, False
    while place < len(source):
        character = source[place]
        if character == "\\":
            place += 1
        elif in_class:
            in_class = character != "]"
        elif character == sign and not depth:
            return place
        elif character == "[":
            in_class = True
            opening = _OPENS_CLASS.match(source, place)
            place = opening.end() - 1 if opening is not None else place
        elif character in "()":
            depth += 1 if character == "(" else -1
        place += 1
    return len(source)


@lru_cache(maxsize=512)
def compile_javascript(source: str, flags: str = "") -> Pattern:
    """A pattern that was written for JavaScript, without its slashes. Raises PatternError, as `compile_python` does."""
    unknown = set(flags) - set("gimsu")
    if unknown:
        raise PatternError(f"its flag `{min(unknown)}` is not understood here")
    source = _JAVASCRIPT_CODE.sub(r"\\x{\1}", source)
    kept = "".join(flag for flag in "ims" if flag in flags)
    return _compiled(f"(?{kept}){source}" if kept else source)


def refused_by_python(source: str) -> str | None:
    """What Python's `re` has against a pattern; None where it takes it, or where asking it might take too long."""
    try:
        compile_python(source)
    except PatternError:
        # A class of many letters takes Python long to compile; without these two no class has more than 256
        if len(source) > _LONGEST_FOR_PYTHON or not source.isascii() or re.search(r"\\[uUN]", source):
            return None
    else:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(source)
    except (re.error, OverflowError) as error:
        return str(error)
    except RecursionError:
        return None
    return None


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _compiled(source: str) -> Pattern:
    if len(source) > LONGEST_PATTERN:
        raise PatternError(f"it has {len(source):,} characters, more than the {LONGEST_PATTERN:,} that are read")
    re2 = importlib.import_module("re2")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        compiled: _Compiled = re2.compile(source, options)
    except (re2.error, UnicodeError) as error:
        said = error.args[0] if error.args else error
        raise PatternError(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)) from None
    return Pattern(compiled)


def _without_layout(source: str) -> str:
    """A verbose pattern without its blanks and comments."""
    kept: list[str] = []
    in_class = False
    place = 0
    while place < len(source):
        character = source[place]
        if character == "\\":
            kept.append(source[place : place + 2])
            place += 2
            continue
        if character == "#" and not in_class:
            place = source.find("\n", place) + 1 or len(source)
            continue
        in_class = character != "]" if in_class else character == "["
        if in_class or not character.isspace():
            kept.append(character)
        place += 1
    return "".join(kept)
