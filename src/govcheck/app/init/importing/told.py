"""What an importer says beside its proposals."""

import re

from govcheck.facts.document import Mapping, Node
from govcheck.records import frozen


@frozen(kw_only=True)
class Source:
    """One file that is imported."""

    name: str
    owner: str
    """Who owns the repository; empty where nobody tells."""


@frozen(kw_only=True)
class Left:
    """Something that no policy says."""

    source: str
    line: int
    what: str
    why: str

    @property
    def text(self) -> str:
        """`settings.yml:12: labels: no policy holds labels`."""
        return f"{self.source}:{self.line}: {self.what}: {self.why}"


def left(source: Source, node: Node, what: str, why: str) -> Left:
    """What stands at a node, and why no policy says it."""
    return Left(source=source.name, line=node.line, what=what, why=why)


def key_left(source: Source, document: Mapping, key: str, why: str) -> Left:
    """The same of a key."""
    return Left(source=source.name, line=document.key(key).line, what=key, why=why)


def identity(*words: str) -> str:
    """Words as a policy's id: lower-case words joined by hyphens."""
    found = re.findall(r"[a-z0-9]+", " ".join(words).lower())
    return "-".join(found)[:90].strip("-") or "imported"
