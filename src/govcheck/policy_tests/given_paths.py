"""Paths that a test gives: each one that git could have tracked, none a file and a folder at once."""

from collections.abc import Iterable, Iterator, Mapping

_LONGEST = 4096
_CONTROL = 0x20
_CLASH = "one path cannot be a file and a folder"


Place = tuple[str | int, ...]
Changes = Iterable[tuple[Place, Mapping[str, str | None]]]


def path_problems(files: Mapping[str, str], changes: Changes) -> Iterator[tuple[Place, str]]:
    """What is wrong with them, each with its place below `given`.

    Args:
        files: What is there.
        changes: What is made of it, one after the other: each with its place.
    """
    listed = list(changes)
    places = [(("files",), files), *listed]
    troubles = [((*place, path), _trouble(path)) for place, paths in places for path in paths]
    found = [(place, f"no path of a repository: {trouble}") for place, trouble in troubles if trouble]
    yield from found
    if found:
        return
    yield from ((("files", path), _CLASH) for path in files if _folders(path) & files.keys())
    after = set(files)
    for place, change in listed:
        for path in change:
            if change[path] is None and path not in after:
                yield (*place, path), "there is no such file to delete"
        gone = {path for path, content in change.items() if content is None}
        after = (after - gone) | (change.keys() - gone)
        folders = {folder for path in after for folder in _folders(path)}
        clashing = (path for path in change if path in after and (path in folders or _folders(path) & after))
        yield from ((((*place, path), _CLASH)) for path in clashing)


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
