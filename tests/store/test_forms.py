"""Documents of every form so far, made by hand: they are read for ever, under the hash that they were written with."""

import hashlib
import json

import pytest

from govcheck.errors import SourceError
from govcheck.report import Phase
from govcheck.snapshot.document import hash_of
from govcheck.snapshot.forms import FORM, MIGRATIONS, migrated
from govcheck.snapshot.summary import summary
from govcheck.store.files import load
from govcheck.store.opening import open_store
from govcheck.store.packing import snapshot_in
from reports import MORNING
from snapshots import snapshot

UNKNOWN = {
    "fingerprint": "8f2b6d1c0a9e4f37",
    "policy": "main-protected",
    "kind": "branch-protection",
    "control": "approvals",
    "subject": "main",
    "reason": "permission",
    "permission": "administration:read",
    "endpoint": "repos/o/r/branches/main/protection",
    "status": 403,
    "message": "HTTP 403",
    "location": None,
    "pre_existing": False,
}
FINDING = {
    "fingerprint": "0123456789abcdef",
    "policy": "main-protected",
    "kind": "branch-protection",
    "control": "force_pushes",
    "subject": "main",
    "severity": "error",
    "outcome": "fail",
    "pre_existing": False,
    "message": "force pushes are allowed",
    "plane": "live",
    "location": {"setting": "branches/main/force_pushes", "url": None},
    "expected": "forbidden",
    "actual": "allowed",
    "direction": "weakened",
    "fix": {"text": "Forbid them.", "command": None},
    "evidence": [{"text": "the ruleset", "location": None}],
    "waiver": None,
}
POLICY = {
    "id": "main-protected",
    "kind": "branch-protection",
    "severity": "error",
    "file": "policies/main.yaml",
    "line": 1,
    "outcome": "fail",
    "reason": None,
    "subjects": 2,
    "not_offered": [],
}
FIRST = {
    "schema": "urn:govcheck:snapshot:1",
    "govcheck": "0.1.0",
    "repository": "o/r",
    "phase": "startup",
    "commit": "c0ffee",
    "started_at": "2026-11-01T08:59:58.000Z",
    "finished_at": "2026-11-01T09:00:00.000Z",
    "tokens": ["a classic token"],
    "answers": [],
    "settings": {"branches/main/force_pushes": {"value": True, "unknown": None, "sources": ["ruleset 1"]}},
    "policies": [POLICY],
    "findings": [FINDING],
    "unknowns": [UNKNOWN],
    "coverage": {"requests": 3, "not_modified": 0, "graphql_points": 0, "uncovered": ["topics"]},
    "exit_code": 1,
    "previous": None,
    "open_since": {"0123456789abcdef": "2026-11-01T09:00:00.000Z"},
}
LATER = {
    **FIRST,
    "api_versions": ["2022-11-28"],
    "coverage": {**FIRST["coverage"], "uncovered_security": ["vulnerability-alerts"]},
    "unknowns": [{**UNKNOWN, "waiver": None}],
}
SECOND = {**LATER, "schema": "urn:govcheck:snapshot:2", "drift": 4}


def as_written_then(document):
    """The bytes of form 1: indented by one, the hash over these bytes without it."""
    content = json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    digest = hashlib.sha256(content.encode()).hexdigest()
    return (json.dumps({**document, "hash": digest}, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def as_written_now(document):
    """The bytes of form 2: the hash over one line without blanks; the file itself is indented."""
    content = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(content.encode()).hexdigest()
    return (json.dumps({**document, "hash": digest}, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


WRITTEN = {"first": as_written_then(FIRST), "later": as_written_then(LATER), "second": as_written_now(SECOND)}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_snapshot_of_every_form_is_read_under_its_own_hash(tmp_path, name):
    path = tmp_path / "old.json"
    path.write_bytes(WRITTEN[name])
    read = load(path)
    assert hash_of(read) == json.loads(WRITTEN[name])["hash"]
    assert read.unknowns[0]["waiver"] is None
    assert read.findings[0]["message"] == "force pushes are allowed"
    assert read.coverage["uncovered_security"] == ([] if name == "first" else ["vulnerability-alerts"])
    assert read.api_versions == (() if name == "first" else ("2022-11-28",))
    assert read.drift == (4 if name == "second" else None)


def test_there_is_a_way_from_every_older_form():
    assert sorted(MIGRATIONS) == list(range(1, FORM))


def test_a_migration_leaves_the_document_alone_and_is_made_once():
    before = json.loads(WRITTEN["first"])
    newest = migrated(before)
    assert before == json.loads(WRITTEN["first"])
    assert migrated(newest) == newest
    assert newest["hash"] == before["hash"]


@pytest.mark.parametrize("name", ["first", "later"])
def test_an_old_snapshot_that_was_changed_is_told(name):
    with pytest.raises(SourceError, match="its content is not what its hash says"):
        snapshot_in(WRITTEN[name].replace(b"allowed", b"refused"), "old.json")


def test_a_newer_form_is_refused_by_its_name():
    newer = as_written_now({**SECOND, "schema": "urn:govcheck:snapshot:3", "what": "nobody knows"})
    with pytest.raises(SourceError, match="written by a newer govcheck: it has form 3"):
        snapshot_in(newer, "new.json")


def test_a_store_of_an_older_version_carries_on(tmp_path):
    digest = json.loads(WRITTEN["first"])["hash"]
    old = tmp_path / "snapshots" / f"20261101T090000.000Z-startup-{digest[:12]}.json"
    old.parent.mkdir()
    old.write_bytes(WRITTEN["first"])
    store = open_store(None, tmp_path)
    earlier = store.earlier(Phase.SHUTDOWN, "o/r")
    assert earlier.notes == ()
    assert hash_of(earlier.base) == digest
    kept = store.add(snapshot(phase=Phase.SHUTDOWN, finished=MORNING, previous=earlier.last)).snapshot
    assert kept.previous == digest
    assert store.verify().broken == ()
    assert store.document(store.find(digest[:8], "o/r")) == json.loads(WRITTEN["first"])
    assert [row.summary.form for row in store.rows("o/r")] == [2, 1]
    store.close()


def test_a_summary_of_what_is_no_snapshot_after_all_is_an_error():
    for document in ({**SECOND, "hash": "", "policies": 1}, {"schema": SECOND["schema"]}, {**SECOND, "answers": [1]}):
        with pytest.raises(ValueError, match="it has not what a snapshot has"):
            summary(document)
