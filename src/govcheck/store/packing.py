"""A snapshot as bytes, packed for a store or plain for a file, and back: read only if it is whole."""

import gzip
import json
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry

from govcheck.errors import GovcheckError, SourceError
from govcheck.findings import Json
from govcheck.snapshot import Snapshot
from govcheck.snapshot.document import content_hash, parse, with_bytes
from govcheck.snapshot.forms import ForeignFormError, form_of, migrated
from govcheck.snapshot.schema import schema

_MAGIC = b"\x1f\x8b"
_LEVEL = 3
_LARGEST = 512 * 1024 * 1024
"""Bytes of a snapshot that is not packed any more: more than that is no snapshot, but an attack on the memory."""


def packed(snapshot: Snapshot) -> tuple[dict[str, Json], bytes]:
    """The document of a snapshot, and the bytes that a store keeps of it.

    Equal snapshots have equal bytes: the packing adds no name and no time.
    """
    document, written = with_bytes(snapshot)
    return document, gzip.compress(written, compresslevel=_LEVEL, mtime=0)


def document_in(data: bytes, where: str) -> dict[str, Any]:
    """The document in these bytes, in the form that it was written in, if its content is what its hash says.

    Raises:
        SourceError: where it is damaged, no snapshot, or a newer govcheck's; `where` is named.
    """
    try:
        document = json.loads(_plain(data))
    except (ValueError, RecursionError, EOFError, OSError, zlib.error) as error:
        raise damaged(where, f"it is not JSON: {str(error)[:200]}") from error
    if not isinstance(document, dict):
        raise damaged(where, "it is not JSON of type 'object'")
    try:
        migrated({"schema": document.get("schema")})
    except ForeignFormError as error:
        raise damaged(where, str(error)) from error
    if content_hash(document) != document.get("hash"):
        raise damaged(where, "its content is not what its hash says")
    return document


def snapshot_in(data: bytes, where: str) -> Snapshot:
    """The snapshot in these bytes, whatever form it was written in.

    Raises:
        SourceError: as `document_in` and `snapshot_of`.
    """
    return snapshot_of(document_in(data, where), where)


def snapshot_of(document: Mapping[str, Any], where: str) -> Snapshot:
    """The snapshot of a document that its hash has been held against, whatever form it was written in.

    Raises:
        SourceError: where it is not as its schema says.
    """
    newest = migrated(document)
    validator = Draft202012Validator(schema(), registry=Registry())
    problem = next(validator.iter_errors(newest), None)
    if problem is not None:
        place = "/".join(map(str, problem.absolute_path)) or "the document"
        raise damaged(where, f"{place}: {problem.message[:200]}")
    try:
        return parse(newest, written_as=None if form_of(document) == form_of(newest) else document["hash"])
    except ValueError as error:
        raise damaged(where, str(error)[:200]) from error


def damaged(where: str, why: str) -> GovcheckError:
    """What is said of a snapshot that cannot be used."""
    return SourceError(
        f"{where} is damaged or foreign: {why}",
        "`govcheck verify` names every such one; move it away once it is understood",
    )


def _plain(data: bytes) -> bytes:
    if not data.startswith(_MAGIC):
        return data
    with gzip.GzipFile(fileobj=BytesIO(data)) as file:
        plain = file.read(_LARGEST + 1)
    if len(plain) > _LARGEST:
        raise ValueError(f"more than {_LARGEST} bytes")
    return plain
