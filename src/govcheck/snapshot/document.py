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

SNAPSHOT_SCHEMA = "urn:govcheck:snapshot:1"
"""The version of this form."""


def as_document(snapshot: Snapshot) -> dict[str, Json]:
    """The document with its content hash, as it is written."""
    document: dict[str, Json] = {
        "schema": SNAPSHOT_SCHEMA,
        "govcheck": snapshot.govcheck,
        "repository": snapshot.repository,
        "phase": snapshot.phase.value,
        "commit": snapshot.commit,
        "started_at": instant(snapshot.started_at),
        "finished_at": instant(snapshot.finished_at),
        "tokens": list(snapshot.tokens),
        **({"api_versions": list(snapshot.api_versions)} if snapshot.api_versions else {}),
        "answers": [_answer(answer) for answer in snapshot.answers],
        "settings": {name: _setting(setting) for name, setting in snapshot.settings.items()},
        "policies": [dict(entry) for entry in snapshot.policies],
        "findings": [dict(entry) for entry in snapshot.findings],
        "unknowns": [dict(entry) for entry in snapshot.unknowns],
        "coverage": dict(snapshot.coverage),
        "exit_code": snapshot.exit_code,
        "previous": snapshot.previous,
        "open_since": {name: instant(since) for name, since in snapshot.open_since.items()},
        **({"fixed": dict(snapshot.fixed)} if snapshot.fixed else {}),
    }
    return {**document, "hash": content_hash(document)}


def canonical(document: Mapping[str, Json]) -> bytes:
    """The bytes of a document: keys sorted, UTF-8, a line's end at its end. Equal documents have equal bytes."""
    written = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1)
    return f"{written}\n".encode()


def content_hash(document: Mapping[str, Json]) -> str:
    """SHA-256 over the canonical bytes of everything but the hash itself."""
    content = {key: value for key, value in document.items() if key != "hash"}
    return hashlib.sha256(canonical(content)).hexdigest()


def hash_of(snapshot: Snapshot) -> str:
    """The content hash of a snapshot."""
    return str(as_document(snapshot)["hash"])


def parse(document: Mapping[str, Any]) -> Snapshot:
    """The snapshot of a document that its schema and its hash have been held against."""
    return Snapshot(
        govcheck=document["govcheck"],
        repository=document["repository"],
        phase=Phase(document["phase"]),
        commit=document["commit"],
        started_at=datetime.fromisoformat(document["started_at"]),
        finished_at=datetime.fromisoformat(document["finished_at"]),
        tokens=tuple(document["tokens"]),
        api_versions=tuple(document.get("api_versions", ())),
        answers=tuple(Answer(**answer) for answer in document["answers"]),
        settings={name: _parsed_setting(setting) for name, setting in document["settings"].items()},
        policies=tuple(document["policies"]),
        findings=tuple(document["findings"]),
        unknowns=tuple(document["unknowns"]),
        coverage=document["coverage"],
        exit_code=document["exit_code"],
        previous=document["previous"],
        open_since={name: datetime.fromisoformat(since) for name, since in document["open_since"].items()},
        fixed=dict(document.get("fixed", {})),
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
