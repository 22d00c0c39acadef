"""Files and changed paths as nodes."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from govcheck.facts import Missing
from govcheck.facts.change import AddedLines, Change, ChangeType
from govcheck.facts.tree import Mode, Tree
from govcheck.findings import Location, Undecided
from govcheck.nodes import shapes
from govcheck.nodes.judging import Node
from govcheck.paths import display
from govcheck.records import replace

CONTENT = ("size", "lines", "text", "binary")
"""The values of a file that take its content."""

_MODES: Mapping[str, str] = {
    Mode.FILE: "file",
    Mode.EXECUTABLE: "executable",
    Mode.SYMLINK: "symlink",
    Mode.SUBMODULE: "submodule",
}
_LOOKED_AT = 8000
"""Bytes in which git looks for a zero: https://github.com/git/git/blob/v2.39.5/xdiff-interface.c#L180."""


def tracked(tree: Tree, contents: Mapping[str, bytes | Missing] | None = None) -> Iterator[Node]:
    """Every tracked file; without contents, what takes these is empty."""
    return (_file(path, mode, contents) for path, mode in tree.modes.items())


def left_by(change: Change, contents: Mapping[str, bytes | Missing] | None = None) -> Iterator[Node]:
    """Every file that a change adds, modifies or renames."""
    for entry in change.paths:
        if entry.type is not ChangeType.DELETE:
            yield _file(entry.path, entry.mode or Mode.FILE, contents)


def changed(change: Change, added: AddedLines | None = None) -> Iterator[Node]:
    """Every path that a change touches; without lines, what takes these is empty."""
    for entry in change.paths:
        lines = added.lines.get(entry.path, ()) if added is not None else ()
        troubles = None
        if isinstance(lines, Missing):
            troubles = _troubles("change", entry.path, lines, ("added_lines", "added"))
            lines = ()
        node = shapes.Change(
            **_named(entry.path),
            previous_path=display(entry.previous_path or ""),
            change=str(entry.type),
            mode=_mode(entry.mode),
            previous_mode=_mode(entry.previous_mode),
            added_lines=tuple(line.decode("utf-8", "replace") for _, line in lines),
            added=len(lines),
        )
        yield Node(
            values=shapes.plain(node),
            subject=display(entry.path),
            goes_by=entry.path,
            location=Location(path=entry.path),
            troubles=troubles,
        )


def _file(path: str, mode: str, contents: Mapping[str, bytes | Missing] | None) -> Node:
    named = _of_name(path, mode)
    # A symbolic link has no content of its own; a regular file that was not asked for is not looked into either.
    content = contents.get(path) if contents is not None else None
    if isinstance(content, Missing):
        known = content.size is not None
        troubles = _troubles("file", path, content, [key for key in CONTENT if not (known and key == "size")])
        return replace(named, values={**named.values, "size": content.size or 0}, troubles=troubles)
    return named if content is None else replace(named, values={**named.values, **_read(content)})


@lru_cache(maxsize=8192)
def _of_name(path: str, mode: str) -> Node:
    """A file by what its path and mode tell. Remembered, so that several policies can share it."""
    return Node(
        values=shapes.plain(shapes.File(**_named(path), mode=_mode(mode))),
        subject=display(path),
        goes_by=path,
        location=Location(path=path),
    )


def _read(content: bytes) -> dict[str, Any]:
    text = content.decode("utf-8", "replace")
    lines = text.count("\n") + (not text.endswith("\n") and text != "")
    return {"size": len(content), "lines": lines, "text": text, "binary": b"\0" in content[:_LOOKED_AT]}


def _named(path: str) -> dict[str, Any]:
    shown = display(path)
    folder, _, name = shown.rpartition("/")
    stem, _, extension = name.rpartition(".")
    return {"path": shown, "folder": folder, "name": name, "extension": extension.lower() if stem else ""}


def _mode(mode: str | None) -> str:
    """The mode in a word: regular files of very old repositories have other ones."""
    return _MODES.get(mode, "file") if mode else ""


def _troubles(control: str, path: str, missing: Missing, keys: Iterable[str]) -> dict[str, Undecided]:
    told = Undecided(
        control=control,
        subject=display(path),
        reason=missing.reason,
        message=f"{display(path)} could not be read: {missing.message}",
        location=Location(path=path),
    )
    return dict.fromkeys(keys, told)
