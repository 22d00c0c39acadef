"""Files of JSON, YAML and TOML, and front matter, parsed, with the place of every node."""

from collections.abc import Mapping

from govcheck.facts import Fact
from govcheck.facts.document import Node
from govcheck.facts.workflows import Unreadable
from govcheck.records import frozen

SUFFIXES = (".json", ".jsonc", ".jsonl", ".ndjson", ".yaml", ".yml", ".toml", ".md")
"""Names of files that are parsed; of `.md` it is the front matter."""


@frozen(eq=False)
class DataFile:
    """One file."""

    path: str
    """From the repository's root."""

    document: tuple[Node, ...] | Unreadable
    """Its documents: one; in YAML any number, of JSON lines one a line, of Markdown none or one.

    `Unreadable.reason` is None where the file is not what its name says, and nobody else could read it either.
    """

    text: str
    """The file's text; empty where it could not be read."""


@frozen
class DataFiles(Fact):
    """Every tracked file that a glob of the request (a `BlobsRequest`) matches. Offered at every stage."""

    files: Mapping[str, DataFile]
    """By path. Files of other names are not parsed: their document is `Unreadable`, with the reason."""
