"""Records of data files: the mappings that stand there one by one, in a list or a line each."""

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


def wanting(documents: Sequence[Node], keys: Sequence[str], rows: Collection[int] | None) -> Iterator[Wanting]:
    """The records that lack a text under a key.

    Args:
        documents: A file's documents; a document that is a list has its items as records.
        keys: What each record has.
        rows: The lines that count; None for all of them.
    """
    counted = [(number, node) for number, node in enumerate(_all(documents), 1) if rows is None or node.line in rows]
    if not counted:
        yield Wanting(number=0, message="", line=None)
    for number, node in counted:
        lacking = [key for key in keys if not _says(node, key)]
        if lacking:
            named = ", ".join(f"`{key}`" for key in lacking)
            yield Wanting(number=number, message=f"has no text under {named}", line=node.line)


def _all(documents: Iterable[Node]) -> Iterator[Node]:
    for document in documents:
        yield from document.items if isinstance(document, ListNode) else (document,)


def _says(node: Node, key: str) -> bool:
    value = node.get(key) if isinstance(node, Mapping) else None
    return isinstance(value, Scalar) and isinstance(value.value, str) and bool(value.value.strip())
