"""Files that are a list of entries, or documents of one entry each: waivers, overrides."""

from collections.abc import Iterable, Iterator

from govcheck.errors import Problem
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.sources.yaml_document import POLICY, load
from govcheck.sources.yaml_errors import YamlError


def entries(path: str, data: bytes, problems: list[Problem], what: str) -> Iterator[Mapping]:
    """The entries of a file; what is none joins the problems.

    Args:
        path: As messages name it.
        data: Its bytes.
        problems: Of all files so far.
        what: What an entry is: `a waiver is a mapping with ...`.
    """
    try:
        documents = load(data, POLICY)
    except YamlError as error:
        problems.append(Problem(path, error.line, error.column, error.message))
        return
    for node in (node for document in documents for node in _listed(document)):
        if isinstance(node, Mapping):
            yield node
        else:
            problems.append(Problem(path, node.line, node.column, what))


def _listed(document: Node) -> Iterable[Node]:
    if isinstance(document, Sequence):
        return document.items
    empty = isinstance(document, Scalar) and document.style == "plain" and not document.text
    return () if empty else (document,)
