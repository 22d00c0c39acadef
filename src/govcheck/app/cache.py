"""Files that only save time: written whole or not at all, and never missed."""

import os
import zlib


def place(git_dir: str, what: str, key: str) -> str:
    """The file for what is kept under a key. Keys may share a file, so the file has to hold its key whole."""
    return os.path.join(git_dir, "govcheck", f"{what}-{zlib.crc32(key.encode('utf-8', 'surrogatepass')):08x}.json")


def replace_file(name: str, data: bytes) -> bool:
    """Writes a private file in one step, with the folders above it. False where that is not allowed here."""
    import contextlib  # noqa: PLC0415 - the warm hook writes nothing
    import tempfile  # noqa: PLC0415 - see above
    from pathlib import Path  # noqa: PLC0415 - see above

    path = Path(name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, other = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError:
        return False
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(other).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(other).unlink()
        return False
    return True


def prune(folder: str, what: str, most: int) -> None:
    """Takes away the oldest files of a sort, so that no more than `most` stay."""
    try:
        with os.scandir(folder) as entries:
            found = [(entry.stat().st_mtime_ns, entry.path) for entry in entries if _is(entry.name, what)]
        for _, path in sorted(found, reverse=True)[most:]:
            os.unlink(path)
    except OSError:
        return  # another run takes them away as well, or nobody may


def _is(name: str, what: str) -> bool:
    return name.startswith(f"{what}-") and name.endswith(".json")
