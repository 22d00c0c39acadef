"""Which variables programs read of their environment, as far as their text says so by name.

`process.env.NAME`, `process.env['NAME']`, `import.meta.env.NAME`, `Deno.env.get("NAME")`, `os.environ["NAME"]`,
`os.environ.get("NAME")`, `os.getenv("NAME")`. Lines that are a comment as a whole are left out. A name that is put
together, or comes by taking `process.env` apart, is not seen.
"""

import re
from collections.abc import Iterator, Mapping

from govcheck.facts import Missing
from govcheck.records import frozen

_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,200}"
_READS = re.compile(
    rf"""(?:process\.env|import\.meta\.env)(?:\??\.(?P<dotted>{_NAME})|(?:\?\.)?\[\s*["'](?P<quoted>{_NAME})["']\s*\])"""
    rf"""|(?:Deno\.env\.get|os\.getenv|os\.environ\.get)\(\s*["'](?P<called>{_NAME})["']"""
    rf"""|os\.environ\[\s*["'](?P<keyed>{_NAME})["']\s*\]"""
)
_DEFAULT = re.compile(r"\s*(?:\?\?|\|\||,)")
"""What follows where there is something in its place: `process.env.A ?? 5`, `os.getenv("A", "5")`."""

_COMMENTS = (b"//", b"#", b"*", b"/*", b"<!--")
_LONGEST_LINE = 10_000
"""A longer line is made by a machine of what is read elsewhere."""


@frozen
class Read:
    """One place that reads one variable."""

    name: str
    path: str
    line: int
    needed: bool
    """False where the program has something in its place."""


def reads(contents: Mapping[str, bytes | Missing]) -> Iterator[Read]:
    """Every place, file by file; what could not be read has none."""
    for path, content in sorted(contents.items()):
        if isinstance(content, bytes) and b"env" in content:
            yield from _of_file(path, content)


def _of_file(path: str, content: bytes) -> Iterator[Read]:
    for number, line in enumerate(content.splitlines(), start=1):
        if b"env" not in line or len(line) > _LONGEST_LINE or line.lstrip().startswith(_COMMENTS):
            continue
        text = line.decode("utf-8", "replace")
        for found in _READS.finditer(text):
            instead = _DEFAULT.match(text, found.end()) is not None
            yield Read(next(filter(None, found.groups())), path, number, needed=not instead)
