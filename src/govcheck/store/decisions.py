"""The log of decisions: one JSON object a line, each with the hash of the line before it. Nothing is ever rewritten.

The chain tells a line that was changed, taken out or put in between. Whoever may write the file can write it anew as a
whole: keep a copy, or the last hash, where others cannot write.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from govcheck.errors import SourceError, UsageError
from govcheck.facts.decisions import Answer, AuditLog, Decision, Overriding
from govcheck.findings import Json
from govcheck.store.files import make_folder

SCHEMA = "govcheck/decision/1"
START = "0" * 64
"""What stands for the line before the first one."""

_FILE_MODE = 0o600
_ANSWERS: Mapping[str, Answer] = {"open": "open", "closed": "closed", "unknown": "unknown"}


def append(path: Path, decision: Decision) -> None:
    """Appends one decision, flushed to the disk. Several processes may do so at once.

    Raises:
        SourceError: the file cannot be written, or its last line is no whole decision.
    """
    try:
        make_folder(path.parent)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, _FILE_MODE)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            line = _encoded(decision, _last_hash(path, file.read()))
            file.seek(0, os.SEEK_END)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SourceError(
            f"the decision cannot be appended to {path}: {error.strerror or error}",
            "a gate that keeps no record does not open: name a file that can be written with --audit-log",
        ) from error


def read(path: Path) -> AuditLog:
    """The log in a file.

    Raises:
        UsageError: there is no such file, or it cannot be read.
    """
    try:
        return parse(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(
            f"cannot read the log {path}: {error.strerror or error}", "`gate deploy` makes it with its first decision"
        ) from error


def parse(data: bytes, source: str) -> AuditLog:
    """The log in some bytes."""
    found: list[Decision] = []
    previous = START
    for number, line in enumerate(_lines(data), 1):
        try:
            decision, previous = _decoded(line, previous)
        except ValueError as error:
            return AuditLog(source=source, decisions=tuple(found), broken=f"line {number}: {error}")
        found.append(decision)
    return AuditLog(source=source, decisions=tuple(found))


def _lines(data: bytes) -> Iterator[bytes]:
    *whole, rest = data.split(b"\n")
    yield from whole
    if rest:
        yield rest + b" "  # a line without its end was cut off, which the decoder says of it


def _last_hash(path: Path, data: bytes) -> str:
    if not data:
        return START
    last = [*_lines(data)][-1]
    try:
        return _checked_hash(_whole(last))
    except ValueError as error:
        raise SourceError(
            f"the last line of {path} is no whole decision: {error}",
            "`govcheck gate log` shows what is whole; move the file away to begin a new one",
        ) from error


def _encoded(decision: Decision, previous: str) -> bytes:
    document = _as_document(decision, previous)
    return _canonical({**document, "hash": _hash(document)}) + b"\n"


def _decoded(line: bytes, previous: str) -> tuple[Decision, str]:
    """The decision in a line, and the line's hash.

    Raises:
        ValueError: it is no whole one, or does not follow the line before it.
    """
    document = _whole(line)
    own = _checked_hash(document)
    if document.get("previous") != previous:
        raise ValueError("it does not follow the line before it: something was taken out, put in or moved")
    try:
        return _as_decision(document), own
    except (KeyError, TypeError) as error:
        raise ValueError(f"it is no decision of this version: {error}") from error


def _whole(line: bytes) -> dict[str, Any]:
    if line.endswith(b" "):
        raise ValueError("it was cut off")
    try:
        found = json.loads(line)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise ValueError(f"it is no decision of this version ({SCHEMA})")
    return found


def _checked_hash(document: dict[str, Any]) -> str:
    own = document.get("hash")
    if not isinstance(own, str) or own != _hash({key: one for key, one in document.items() if key != "hash"}):
        raise ValueError("its content is not what its hash says")
    return own


def _hash(document: Mapping[str, Json]) -> str:
    return hashlib.sha256(_canonical(document)).hexdigest()


def _canonical(document: Mapping[str, Json]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _as_document(decision: Decision, previous: str) -> dict[str, Json]:
    override = decision.override
    return {
        "schema": SCHEMA,
        "previous": previous,
        "time": _instant(decision.time),
        "judged_at": _instant(decision.judged_at),
        "environment": decision.environment,
        "commit": decision.commit,
        "actor": decision.actor,
        "decision": decision.decision,
        "why": list(decision.why),
        "policies": list(decision.policies),
        "policies_from": decision.policies_from,
        "run": decision.run,
        "override": None
        if override is None
        else {
            "reason": override.reason,
            "approved_by": override.approved_by,
            "created": _instant(override.created),
            "expires": _instant(override.expires),
            "source": override.source,
        },
    }


def _as_decision(document: dict[str, Any]) -> Decision:
    override = document["override"]
    return Decision(
        time=_read_instant(document["time"]),
        judged_at=_read_instant(document["judged_at"]),
        environment=str(document["environment"]),
        commit=str(document["commit"]),
        actor=str(document["actor"]),
        decision=_ANSWERS[document["decision"]],
        why=tuple(map(str, document["why"])),
        policies=tuple(map(str, document["policies"])),
        policies_from=str(document["policies_from"]),
        run=str(document["run"]),
        override=None
        if override is None
        else Overriding(
            reason=str(override["reason"]),
            approved_by=str(override["approved_by"]),
            created=_read_instant(override["created"]),
            expires=_read_instant(override["expires"]),
            source=str(override["source"]),
        ),
    )


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def _read_instant(written: str) -> datetime:
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise ValueError("a time without its zone")
    return found
