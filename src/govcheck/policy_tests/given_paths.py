"""Paths that a test gives: each one that git could have tracked, none a file and a folder at once."""

from collections.abc import Iterator, Mapping

_LONGEST = 4096
_CONTROL = 0x20


def path_problems(
    files: Mapping[str, str], change: Mapping[str, str | None]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with them, each with its place below `given`."""
    good = True
    for name, paths in (("files", files), ("change", change)):
        for path in paths:
            trouble = _trouble(path)
            if trouble:
                good = False
                yield (name, path), f"no path of a repository: {trouble}"
    if not good:
        return
    after = set(files)
    for path, content in change.items():
        if content is None and path not in files:
            yield ("change", path), "there is no such file to delete"
        after = after - {path} if content is None else after | {path}
    yield from (_clash("files", path) for path in files if _folders(path) & files.keys())
    yield from (_clash("change", path) for path in change if path in after and _folders(path) & after)
    folders = {folder for path in after for folder in _folders(path)}
    yield from (_clash("change", path) for path in change if path in after and path in folders)


def _clash(name: str, path: str) -> tuple[tuple[str | int, ...], str]:
    return (name, path), "one path cannot be a file and a folder"


def _folders(path: str) -> set[str]:
    parts = path.split("/")
    return {"/".join(parts[:count]) for count in range(1, len(parts))}


def _trouble(path: str) -> str:
    parts = path.split("/")
    if path.startswith("/"):
        return "paths begin at the repository's root, without a `/`"
    if ".." in parts:
        return "`..` leads out of it"
    if any(part.casefold() == ".git" for part in parts):
        return "git keeps `.git` for itself"
    if not all(parts) or "." in parts:
        return "a part of it is empty or `.`"
    if any(ord(character) < _CONTROL for character in path):
        return "it has control characters"
    return "it is too long" if len(path) > _LONGEST else ""
