"""Records of data files: the mappings that stand there one by one, in a list or a line each."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence

from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.facts.document import Sequence as ListNode
from govcheck.records import frozen


@frozen(kw_only=True)
class Wanting:
    """One record that is not whole; or that there is none."""

    number: int
    """Which one, from 1; 0 where there is none."""

    message: str
    """What it lacks, beginning with a verb."""

    line: int | None


def wanting(documents: Sequence[Node], keys: Sequence[str]) -> Iterator[Wanting]:
    """The records of a file's documents that lack a text under a key; a list's items are records."""
    return _wanting([(node.line, _texts(node)) for node in _all(documents)], keys)


def wanting_added(rows: Sequence[tuple[int, bytes]], keys: Sequence[str]) -> Iterator[Wanting]:
    """The same of lines of JSON lines, each with its number in the file."""
    return _wanting([(number, _parsed(row)) for number, row in rows if row.strip()], keys)


def _wanting(records: Sequence[tuple[int, Collection[str] | None]], keys: Sequence[str]) -> Iterator[Wanting]:
    """The records, each with the keys that it has a text under, or None where it is none."""
    if not records:
        yield Wanting(number=0, message="", line=None)
    for number, (line, texts) in enumerate(records, 1):
        lacking = [key for key in keys if texts is not None and key not in texts]
        if texts is None:
            yield Wanting(number=number, message="cannot be read as JSON", line=line)
        elif lacking:
            named = ", ".join(f"`{key}`" for key in lacking)
            yield Wanting(number=number, message=f"has no text under {named}", line=line)


def _parsed(row: bytes) -> Collection[str] | None:
    try:
        record = json.loads(row)
    except (ValueError, RecursionError):
        return None
    pairs = record.items() if isinstance(record, dict) else ()
    return {key for key, value in pairs if _is_text(value)}


def _all(documents: Iterable[Node]) -> Iterator[Node]:
    for document in documents:
        yield from document.items if isinstance(document, ListNode) else (document,)


def _texts(node: Node) -> Collection[str]:
    pairs = node.items() if isinstance(node, Mapping) else ()
    return {key for key, value in pairs if isinstance(value, Scalar) and _is_text(value.value)}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
