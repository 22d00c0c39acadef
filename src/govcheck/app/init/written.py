"""Puts files into a repository: all of them, or none; never over what is there, unless that was asked for."""

import os
from collections.abc import Iterable, Mapping

from govcheck.errors import UsageError


def refuse_taken(root: str, names: Iterable[str]) -> None:
    """A usage error where one of these files is there already."""
    taken = [name for name in names if os.path.lexists(os.path.join(root, name))]
    if taken:
        raise UsageError(
            f"not written, because it is there already: {', '.join(taken)}",
            "`--force` writes over it, `--dry-run` prints what would be written",
        )


def write(root: str, files: Mapping[str, str]) -> None:
    """Writes every file, by its path from the root; nothing is left where one of them cannot be written.

    Raises:
        UsageError: a folder or a file cannot be written.
    """
    made: list[tuple[str, str]] = []
    try:
        for name, text in files.items():
            path = os.path.join(root, name)
            _ensure_inside(root, path, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            new = f"{path}.govcheck-new"
            with open(new, "xb") as file:
                made.append((new, path))
                file.write(text.encode())
        for new, path in made:
            os.replace(new, path)
    except OSError as error:
        for new, _ in made:
            if os.path.lexists(new):
                os.unlink(new)
        where = os.path.relpath(error.filename, root) if isinstance(error.filename, str) else "a file"
        raise UsageError(f"cannot write {where}: {os.strerror(error.errno or 0)}", "nothing was written") from error


def _ensure_inside(root: str, path: str, name: str) -> None:
    folder = os.path.realpath(os.path.dirname(path))
    if folder != root and not folder.startswith(f"{root}/"):
        raise UsageError(f"{name} would be outside of the repository: its folder is a link to {folder}")
