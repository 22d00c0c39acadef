"""What a document says of itself at its top: front matter, and lines such as `- **Owner:** manager`.

Front matter is YAML between two lines of `---` at the very beginning, as Jekyll and GitHub have it:
https://docs.github.com/en/contributing/writing-for-github-docs/using-yaml-frontmatter
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from govcheck.documents.markdown import Line, lines
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Node, Scalar
from govcheck.records import frozen

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADER = re.compile(r"([^\W\d_][\w ./-]{0,39}?)\s*:\s*(.*)")


@frozen(kw_only=True)
class Said:
    """One thing that a document says of itself."""

    value: str
    """Without marks of emphasis and code; empty where the key stands alone."""

    line: int


def front_matter(text: str) -> str | None:
    """The front matter, with an empty line in place of its first mark; None where a text has none.

    Args:
        text: With plain line ends.
    """
    found = _FRONT_MATTER.match(text)
    return f"\n{found[1]}" if found else None


def without_front_matter(text: str) -> str:
    """The text with blank lines in the place of its front matter, so that every line keeps its number."""
    return _FRONT_MATTER.sub(lambda found: "\n" * found[0].count("\n"), text)


def name_of(key: str) -> str:
    """What a key is looked up by: case and blanks do not count."""
    return " ".join(key.casefold().replace("_", " ").replace("-", " ").split())


def said_of_itself(documents: Iterable[Node], shown: Sequence[Line]) -> Mapping[str, Said]:
    """What a document says of itself, by `name_of` its key; front matter before lines, and what stands first of these.

    Args:
        documents: The front matter.
        shown: The document without it. What stands below its second heading is not its header any more.
    """
    found: dict[str, Said] = {}
    for key, said in (*_of_front_matter(documents), *_of_lines(shown)):
        found.setdefault(name_of(key), said)
    return found


def said_in_text(text: str) -> Mapping[str, Said]:
    """The same from a text alone: of its front matter the keys with a value on their own line, as it is written."""
    found = {name_of(key): said for key, said in _of_rows(front_matter(text) or "")}
    return {**said_of_itself((), lines(without_front_matter(text))), **found}


def _of_rows(front: str) -> Iterator[tuple[str, Said]]:
    for number, row in enumerate(front.split("\n"), start=1):
        found = _HEADER.fullmatch(row)
        if found is not None:
            yield found[1], Said(value=found[2].strip().strip("\"'"), line=number)


def _of_front_matter(documents: Iterable[Node]) -> Iterator[tuple[str, Said]]:
    for document in documents:
        for key, node in document.items() if isinstance(document, MappingNode) else ():
            if isinstance(node, Scalar):
                yield key, Said(value=node.text if node.value is not None else "", line=node.line)
            else:
                yield key, Said(value="", line=node.line)


def _of_lines(shown: Sequence[Line]) -> Iterator[tuple[str, Said]]:
    headings = [place for place, line in enumerate(shown) if line.kind == "heading"]
    end = next((place for place in headings if place > 0), len(shown))
    for line in shown[:end]:
        found = _HEADER.fullmatch(line.plain.replace("\n", " ")) if line.kind == "text" else None
        if found is not None:
            yield found[1], Said(value=found[2].strip(), line=line.number)
