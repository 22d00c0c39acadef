"""Parses JSON, YAML, TOML and front matter, file by file, so that a broken one is never the end of a run."""

from collections.abc import Mapping

from govcheck.documents.headers import front_matter
from govcheck.facts import Missing
from govcheck.facts.data_files import SUFFIXES, DataFile, DataFiles
from govcheck.facts.document import Node
from govcheck.facts.workflows import Unreadable
from govcheck.findings import Reason
from govcheck.sources import json_document, toml_document
from govcheck.sources.document_errors import DocumentError
from govcheck.sources.yaml_document import Limits, load
from govcheck.sources.yaml_errors import YamlError

LIMITS = Limits(size=4 * 1024 * 1024, depth=100, nodes=500_000, merge_keys=True)


def read_data_files(contents: Mapping[str, bytes | Missing]) -> DataFiles:
    """All of them, by path."""
    return DataFiles({path: read_file(path, content) for path, content in contents.items()})


def read_file(path: str, content: bytes | Missing) -> DataFile:
    """One file, or why it is none."""
    if isinstance(content, Missing):
        return DataFile(path, Unreadable(content.message, 0, 0, content.reason), "")
    if len(content) > LIMITS.size:
        why = f"it has {len(content):,} bytes, more than the {LIMITS.size:,} that are parsed"
        return DataFile(path, Unreadable(why, 0, 0, Reason.UNPARSEABLE), "")
    text = content.decode("utf-8", "replace")
    try:
        return DataFile(path, _documents(path, content), text)
    except YamlError as error:
        bounded = error.message.startswith(("the file is larger", "nested more than"))
        reason = Reason.UNPARSEABLE if bounded else None
        return DataFile(path, Unreadable(error.message, error.line, error.column, reason), text)
    except DocumentError as error:
        return DataFile(path, Unreadable(error.message, error.line, error.column, error.reason), text)


def _documents(path: str, content: bytes) -> tuple[Node, ...]:
    name = path.lower()
    if name.endswith((".yaml", ".yml")):
        return load(content, LIMITS)
    if name.endswith((".json", ".jsonc")):
        return (json_document.load(content, comments=name.endswith(".jsonc")),)
    if name.endswith((".jsonl", ".ndjson")):
        return tuple(json_document.load_lines(content))
    if name.endswith(".md"):
        front = front_matter(content.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n"))
        return load(front, LIMITS) if front is not None else ()
    if name.endswith(".toml"):
        return (toml_document.load(content),)
    known = ", ".join(SUFFIXES)
    raise DocumentError(0, 0, f"files that are parsed end with {known}", Reason.UNPARSEABLE)
