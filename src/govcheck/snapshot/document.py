"""A snapshot as a JSON document, its canonical bytes, its content hash; and back."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.report import Phase
from govcheck.report_json import instant
from govcheck.snapshot import Setting, Snapshot
from govcheck.snapshot.forms import SNAPSHOT_SCHEMA, form_of

_ENTRIES = 32
_encode = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


def as_document(snapshot: Snapshot) -> dict[str, Json]:
    """The document with its content hash, as it is written."""
    return with_bytes(snapshot)[0]


def with_bytes(snapshot: Snapshot) -> tuple[dict[str, Json], bytes]:
    """The same, and its bytes in one line with the hash first: what the hash is over is written only once."""
    content = _content(snapshot)
    written = compact(content)
    name = hashlib.sha256(written).hexdigest()
    return {**content, "hash": name}, b'{"hash":"%b",%b' % (name.encode(), written[1:])


def _in_parts(value: Json) -> str:
    """A long list is written some entries at a time: the encoder's pieces of thousands would not fit the cache."""
    if not isinstance(value, list) or len(value) <= _ENTRIES:
        return _encode(value)
    parts = (_encode(value[begin : begin + _ENTRIES])[1:-1] for begin in range(0, len(value), _ENTRIES))
    return f"[{','.join(parts)}]"


def _instants(moments: Mapping[str, datetime]) -> dict[str, Json]:
    """Thousands of findings were first seen at a few instants."""
    written = {moment: instant(moment) for moment in set(moments.values())}
    return {name: written[moment] for name, moment in moments.items()}


def _content(snapshot: Snapshot) -> dict[str, Json]:
    return {
        "schema": SNAPSHOT_SCHEMA,
        "govcheck": snapshot.govcheck,
        "repository": snapshot.repository,
        "phase": snapshot.phase.value,
        "commit": snapshot.commit,
        "started_at": instant(snapshot.started_at),
        "finished_at": instant(snapshot.finished_at),
        "tokens": list(snapshot.tokens),
        "api_versions": list(snapshot.api_versions),
        "answers": [_answer(answer) for answer in snapshot.answers],
        "settings": {name: _setting(setting) for name, setting in snapshot.settings.items()},
        "policies": [dict(entry) for entry in snapshot.policies],
        "findings": [dict(entry) for entry in snapshot.findings],
        "unknowns": [dict(entry) for entry in snapshot.unknowns],
        "coverage": dict(snapshot.coverage),
        "exit_code": snapshot.exit_code,
        "previous": snapshot.previous,
        "open_since": _instants(snapshot.open_since),
        "drift": snapshot.drift,
        "fixed": dict(snapshot.fixed),
    }


def canonical(document: Mapping[str, Json]) -> bytes:
    """The bytes of a document: keys sorted, UTF-8, a line's end at its end. Equal documents have equal bytes."""
    written = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1)
    return f"{written}\n".encode()


def compact(document: Mapping[str, Json]) -> bytes:
    """The same document in one line, without blanks and without the line's end."""
    keys = (f"{_encode(key)}:{_in_parts(document[key])}" for key in sorted(document))
    return f"{{{','.join(keys)}}}".encode()


def content_hash(document: Mapping[str, Json]) -> str:
    """SHA-256 over the bytes of everything but the hash itself: compact for snapshots, from form 2 on."""
    content = {key: value for key, value in document.items() if key != "hash"}
    form = form_of(document)
    written = canonical(content) if form is None or form == 1 else compact(content)
    return hashlib.sha256(written).hexdigest()


def hash_of(snapshot: Snapshot) -> str:
    """The content hash of a snapshot: its name in the chain."""
    return snapshot.written_as or str(as_document(snapshot)["hash"])


def parse(document: Mapping[str, Any], *, written_as: str | None = None) -> Snapshot:
    """The snapshot of a document that its schema and its hash have been held against.

    Args:
        document: Of the newest form; see `forms.migrated`.
        written_as: The content hash that it had in an older form.
    """
    return Snapshot(
        govcheck=document["govcheck"],
        repository=document["repository"],
        phase=Phase(document["phase"]),
        commit=document["commit"],
        started_at=datetime.fromisoformat(document["started_at"]),
        finished_at=datetime.fromisoformat(document["finished_at"]),
        tokens=tuple(document["tokens"]),
        api_versions=tuple(document["api_versions"]),
        answers=tuple(Answer(**answer) for answer in document["answers"]),
        settings={name: _parsed_setting(setting) for name, setting in document["settings"].items()},
        policies=tuple(document["policies"]),
        findings=tuple(document["findings"]),
        unknowns=tuple(document["unknowns"]),
        coverage=document["coverage"],
        exit_code=document["exit_code"],
        previous=document["previous"],
        open_since={name: datetime.fromisoformat(since) for name, since in document["open_since"].items()},
        drift=document["drift"],
        written_as=written_as,
        fixed=dict(document["fixed"]),
    )


def _answer(answer: Answer) -> Json:
    return {
        "endpoint": answer.endpoint,
        "status": answer.status,
        "message": answer.message,
        "body": answer.body,
        "complete": answer.complete,
        "failure": answer.failure,
        "permission": answer.permission,
        "grantable": answer.grantable,
    }


def _setting(setting: Setting) -> Json:
    return {"value": setting.value, "unknown": setting.unknown, "sources": list(setting.sources)}


def _parsed_setting(setting: Mapping[str, Any]) -> Setting:
    return Setting(value=setting["value"], unknown=setting["unknown"], sources=tuple(setting["sources"]))
