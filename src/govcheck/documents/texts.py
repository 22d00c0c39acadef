"""The texts of files, and why one says nothing. Hooks import it."""

import re

from govcheck.facts import Missing
from govcheck.facts.tree import Blobs
from govcheck.findings import Reason
from govcheck.records import frozen

LARGEST = 2 * 1024 * 1024
"""Bytes of a text that is read."""

_LINE_END = re.compile(r"\r\n|\r|\n")


@frozen(kw_only=True)
class Unsaid:
    """Why a place tells nothing."""

    why: str
    reason: Reason | None = None
    """None: that is for certain, and the place is not what the policy takes it for."""

    line: int | None = None


def text_of(path: str, blobs: Blobs) -> str | Unsaid:
    """The text of a file."""
    content = blobs.contents.get(path)
    if content is None:
        return Unsaid(why="there is no such file")
    if isinstance(content, Missing):
        return Unsaid(why=content.message, reason=content.reason)
    if len(content) > LARGEST:
        return Unsaid(why=f"it has {len(content):,} bytes, more than are read", reason=Reason.UNPARSEABLE)
    return _LINE_END.sub("\n", content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"))
