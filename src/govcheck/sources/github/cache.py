"""Answers kept on disk from run to run, for conditional requests: what is answered 304 costs nothing of the rate limit.

Nothing here is trusted: an entry that is not whole is dropped, and what GitHub says with 304 is the only thing that
makes one an answer. Entries are kept apart by API, token and version, and are readable by their owner only.
"""

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from govcheck.records import frozen
from govcheck.sources.github.exchange import ACCEPT, API_VERSION

_FORMAT = 1
_MOST_ENTRIES = 2000
_SUFFIX = ".json"


@frozen(kw_only=True)
class Entry:
    """One answer that was kept."""

    etag: str
    link: str
    """The `Link` header that came with it."""

    body: bytes


class Cache:
    """A folder of answers. Safe for several threads and processes: an entry is replaced as a whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, url: str, root: str, identity: str) -> Entry | None:
        """What was kept of a URL for this token; None where there is nothing whole."""
        path = self._path(url, root, identity)
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return None
        entry = _entry(raw, url)
        if entry is None:
            path.unlink(missing_ok=True)
        return entry

    def write(self, url: str, root: str, identity: str, entry: Entry) -> None:
        """Keeps an answer in place of an earlier one. Raises OSError where the folder cannot be written to."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        document = {"format": _FORMAT, "url": url, "etag": entry.etag, "link": entry.link}
        head = json.dumps({**document, "sha256": hashlib.sha256(entry.body).hexdigest()})
        # mkstemp makes the file readable by its owner only.
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(head.encode() + b"\n" + entry.body)
            Path(name).replace(self._path(url, root, identity))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def prune(self) -> None:
        """Drops the oldest entries beyond a bounded number. Raises OSError where that cannot be done."""
        if not self._folder.is_dir():
            return
        entries = []
        for path in self._folder.glob(f"*{_SUFFIX}"):
            # Another process may have dropped it.
            with suppress(FileNotFoundError):
                entries.append((path.stat().st_mtime_ns, path))
        for _, path in sorted(entries, reverse=True)[_MOST_ENTRIES:]:
            path.unlink(missing_ok=True)

    def _path(self, url: str, root: str, identity: str) -> Path:
        # As JSON, no part can run into the next one.
        name = json.dumps([root, identity, API_VERSION, ACCEPT, url])
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()}{_SUFFIX}"


def _entry(raw: bytes, url: str) -> Entry | None:
    head, _, body = raw.partition(b"\n")
    try:
        document = json.loads(head)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.get("format") != _FORMAT or document.get("url") != url:
        return None
    etag, link = document.get("etag"), document.get("link")
    whole = document.get("sha256") == hashlib.sha256(body).hexdigest()
    if (
        not whole
        or not isinstance(etag, str)
        or not isinstance(link, str)
        or not (etag.isascii() and etag.isprintable())
    ):
        return None
    return Entry(etag=etag, link=link, body=body)
