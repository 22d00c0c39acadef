"""Everything in the repository that is written from the code: schemas, the rules' docs, README's table of kinds.

The files are committed, so that readers and editors need not run anything; a test says when they are stale.
"""

from collections.abc import Callable
from pathlib import Path

from govcheck.generate import nodes, pages, schemas, set_pages

Files = dict[str, str]
"""Path from the repository's root to text."""

_FOLDERS = ("schemas", "docs/rules", "docs/sets")
"""Where every file is generated: whatever else lies here is left over."""

README = "README.md"

_IN_PART: dict[str, Callable[[str], str]] = {README: pages.readme, "docs/guides/waivers.md": pages.waivers}
"""Files that are written by hand but for what stands between their marks."""


def files(root: Path) -> Files:
    """Every generated file but those that are so only in part.

    Args:
        root: The repository, of which the examples are read.
    """
    return {**schemas.files(), **pages.files(root), **set_pages.files(), **nodes.files()}


def stale(root: Path) -> list[str]:
    """The generated files that are missing, differ from what the code says now, or are left over; sorted."""
    wanted = _wanted(root)
    different = {path for path, text in wanted.items() if _read(root / path) != text}
    return sorted(different | set(_left_over(root, wanted)))


def write(root: Path) -> list[str]:
    """Writes what is stale, removes what is left over, and says which files these were."""
    wanted = _wanted(root)
    names = stale(root)
    for name in names:
        if name in wanted:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(wanted[name].encode())
        else:
            (root / name).unlink()
    return names


def _wanted(root: Path) -> Files:
    old = {name: _read(root / name) for name in _IN_PART}
    in_part = {name: _IN_PART[name](text) for name, text in old.items() if text is not None}
    return {**files(root), **in_part}


def _read(path: Path) -> str | None:
    return path.read_bytes().decode(errors="replace") if path.is_file() else None


def _left_over(root: Path, wanted: Files) -> list[str]:
    found = (path for folder in _FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    names = (path.relative_to(root).as_posix() for path in found)
    return [name for name in names if name not in wanted]
