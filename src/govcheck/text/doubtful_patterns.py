"""Globs that mean nothing that is tracked, or something else than was meant."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from govcheck import globs
from govcheck.globs import Dialect, compile_globs
from govcheck.paths import display

_POLICIES = "policies"
"""The folder that policies are in, unless somebody says otherwise."""


def doubts(
    used: Mapping[str, Sequence[str]], others: Sequence[str], tracked: Collection[str], dialect: Dialect
) -> Iterator[tuple[str, str, str]]:
    """Each doubtful pattern with a message and what to do.

    Args:
        used: Lists by their key, of which every pattern has to match something.
        others: Patterns that need not.
        tracked: Every tracked path.
        dialect: Of all of them.
    """
    everything = [*(pattern for patterns in used.values() for pattern in patterns), *others]
    meant = dict(_meant_literally(everything, tracked, dialect))
    for pattern, path in meant.items():
        message = f"`{pattern}` means one character of its brackets, and `{display(path)}` has them in its name"
        yield pattern, message, f"Write `{globs.bare_brackets(pattern, dialect)}`, if that file is meant"
    unused = {
        pattern: f"`{pattern}` in `{key}` matches no tracked path"
        for key, patterns in used.items()
        for pattern in compile_globs(patterns, dialect).unused(tracked)
        if pattern not in meant
    }
    for pattern, message in unused.items():
        yield pattern, message, _untracked(pattern) or "Correct it, or remove it"


def _untracked(pattern: str) -> str:
    """What to do where the policies themselves are what is not tracked."""
    folder = pattern.removesuffix("/**")
    return f"`git add {folder}`, if the policies there are not tracked yet" if folder == _POLICIES else ""


def _meant_literally(patterns: Sequence[str], tracked: Collection[str], dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Patterns with a class, each with a tracked path that has the same brackets in its name."""
    for pattern in dict.fromkeys(patterns):
        if globs.has_brackets(pattern, dialect):
            bare = compile_globs((globs.bare_brackets(pattern, dialect).removeprefix("!"),), dialect)
            path = next(bare.accepted(tracked), None)
            if path is not None and not compile_globs((pattern,), dialect).matches(path):
                yield pattern, path
