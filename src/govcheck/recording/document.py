"""A recording as a JSON document with its content hash, in the canonical form that snapshots have; and back. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from govcheck import __version__, snapshot
from govcheck.facts import Facts, Missing, Request
from govcheck.findings import Json
from govcheck.recording import Cost, EarlierSweeps, RecordedFile, Recording
from govcheck.recording.codec import Decoder, Encoder, NotRecordableError, Reread, fact_types, masked
from govcheck.recording.masks import Mask
from govcheck.report import Phase, Report, Stage
from govcheck.report_json import as_json
from govcheck.snapshot.document import as_document as snapshot_document
from govcheck.snapshot.document import content_hash, hash_of
from govcheck.snapshot.document import parse as snapshot_of

RECORDING_SCHEMA = "urn:govcheck:recording:1"
"""The version of this form."""

_FAMILY = "urn:govcheck:recording:"
_KEYS = frozenset(
    {
        "answers",
        "api_versions",
        "before",
        "commit",
        "configuration",
        "cost",
        "disabled",
        "earlier",
        "facts",
        "fail_on",
        "finished_at",
        "govcheck",
        "hash",
        "head_policies",
        "moment",
        "notes",
        "phase",
        "policies",
        "policies_from",
        "policy_notes",
        "report",
        "repository",
        "schema",
        "stage",
        "started_at",
        "tokens",
        "unknown",
    }
)


class NotARecordingError(Exception):
    """A document that is not a whole recording of this govcheck's; with a hint."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def as_document(recording: Recording, mask: Mask) -> dict[str, Json]:
    """The document with its content hash, without secrets.

    Raises:
        NotRecordableError: where a fact has a part that this form has no word for.
    """
    encoder = Encoder(mask)
    files = recording.head_policies
    document: dict[str, Json] = {
        "schema": RECORDING_SCHEMA,
        "govcheck": recording.govcheck,
        "stage": recording.stage.value,
        "phase": recording.phase.value if recording.phase else None,
        "repository": encoder.value(recording.repository),
        "commit": recording.commit,
        "started_at": recording.started_at.isoformat(),
        "finished_at": recording.finished_at.isoformat(),
        "moment": recording.moment.isoformat(),
        "configuration": _file(recording.configuration, encoder) if recording.configuration else None,
        "policies": [_file(file, encoder) for file in recording.policies],
        "head_policies": None if files is None else [_file(file, encoder) for file in files],
        "disabled": [encoder.value(name) for name in recording.disabled],
        "policies_from": encoder.value(recording.policies_from),
        "policy_notes": [encoder.value(note) for note in recording.policy_notes],
        "notes": [encoder.value(note) for note in recording.notes],
        "facts": _facts(recording.facts, encoder),
        "before": None if recording.before is None else _facts(recording.before, encoder),
        "fail_on": recording.fail_on,
        "unknown": recording.unknown,
        "cost": _cost(recording.cost) if recording.cost else None,
        "tokens": [encoder.value(token) for token in recording.tokens],
        "api_versions": [encoder.value(version) for version in recording.api_versions],
        "earlier": _earlier(recording.earlier) if recording.earlier else None,
        "report": dict(recording.report),
        "answers": encoder.answers,
    }
    return {**document, "hash": content_hash(document)}


def parse(document: object, reread: Mapping[str, Reread], *, any_version: bool = False) -> Recording:
    """The recording in a document.

    Args:
        document: JSON.
        reread: What reads the text of a parsed file again, by the record's name.
        any_version: Whether it may be of another govcheck, where nobody asks for the same report.

    Raises:
        NotARecordingError: where it is foreign, of another version, or not what its hash says.
    """
    if not isinstance(document, dict) or not str(document.get("schema")).startswith(_FAMILY):
        raise NotARecordingError("it is no recording", "`govcheck record FILE` makes one")
    is_ours = any_version or document.get("govcheck") == __version__
    if document["schema"] != RECORDING_SCHEMA or not is_ours:
        made_by = str(document.get("govcheck"))[:40]
        raise NotARecordingError(
            f"it was recorded by govcheck {made_by}, and this is {__version__}",
            f"another version may judge otherwise: replay it with govcheck {made_by}",
        )
    if document.keys() != _KEYS or content_hash(document) != document["hash"]:
        raise NotARecordingError(
            "its content is not what its hash says",
            "it was changed or cut off after it was recorded: nothing can be concluded from it",
        )
    try:
        return _parsed(document, Decoder(document["answers"], reread))
    except (NotRecordableError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotARecordingError(f"it cannot be read: {str(error)[:200]}", "record it anew") from error


def report_of(report: Report, mask: Mask) -> dict[str, Json]:
    """What a recording keeps of a report: everything but how long each policy took."""
    document = as_json(report)
    policies = document["policies"]
    document["policies"] = [_without_duration(entry) for entry in policies] if isinstance(policies, list) else policies
    return {key: masked(value, mask) for key, value in document.items()}


def difference(one: Json, other: Json, place: str = "") -> str | None:
    """Where two documents first differ: `findings/0/message`; None where they do not."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(key, one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(str(number), *both) for number, both in enumerate(zip(one, other, strict=True))]
    else:
        return None if type(one) is type(other) and one == other else place or "the document"
    return next((found for key, left, right in pairs if (found := difference(left, right, _join(place, key)))), None)


def _join(place: str, key: str) -> str:
    return f"{place}/{key}" if place else key


def _without_duration(entry: Json) -> Json:
    return {key: one for key, one in entry.items() if key != "duration_ms"} if isinstance(entry, dict) else entry


def _file(file: RecordedFile, encoder: Encoder) -> Json:
    kept = {"path": encoder.value(file.path), "data": encoder.value(file.data)}
    return {**kept, "set": encoder.value(file.set)} if file.set else kept


def _facts(facts: Facts, encoder: Encoder) -> Json:
    named = {_name(request, encoder): answer for request, answer in facts.answers.items()}
    return {
        "offered": [*sorted(fact.__name__ for fact in facts.offered)],
        "answers": [[json.loads(name), encoder.value(named[name])] for name in sorted(named)],
        "unchanged": [json.loads(name) for name in sorted(_name(one, encoder) for one in facts.unchanged)],
    }


def _name(request: Request, encoder: Encoder) -> str:
    return json.dumps(encoder.value(request), sort_keys=True)


def _cost(cost: Cost) -> Json:
    return {
        "requests": cost.requests,
        "not_modified": cost.not_modified,
        "graphql_points": cost.graphql_points,
    }


def _earlier(earlier: EarlierSweeps) -> Json:
    kept = {"base": earlier.base, "told": earlier.told, "last": earlier.last}
    # One of an older form is recorded under the name that it has in the chain: reports tell it.
    documents: dict[str, Json] = {name: _sweep(one) if one else None for name, one in kept.items()}
    return {**documents, "older": [_sweep(one) for one in earlier.older]}


def _sweep(one: snapshot.Snapshot) -> Json:
    return {**snapshot_document(one), "hash": hash_of(one)}


def _parsed(document: Mapping[str, Any], decoder: Decoder) -> Recording:
    head, before = document["head_policies"], document["before"]
    return Recording(
        govcheck=document["govcheck"],
        stage=Stage(document["stage"]),
        phase=Phase(document["phase"]) if document["phase"] else None,
        repository=decoder.value(document["repository"]),
        commit=document["commit"],
        started_at=datetime.fromisoformat(document["started_at"]),
        finished_at=datetime.fromisoformat(document["finished_at"]),
        moment=datetime.fromisoformat(document["moment"]),
        configuration=_parsed_file(document["configuration"], decoder) if document["configuration"] else None,
        policies=tuple(_parsed_file(file, decoder) for file in document["policies"]),
        head_policies=None if head is None else tuple(_parsed_file(file, decoder) for file in head),
        disabled=tuple(map(decoder.value, document["disabled"])),
        policies_from=decoder.value(document["policies_from"]),
        policy_notes=tuple(map(decoder.value, document["policy_notes"])),
        notes=tuple(map(decoder.value, document["notes"])),
        facts=_parsed_facts(document["facts"], decoder),
        before=None if before is None else _parsed_facts(before, decoder),
        fail_on=document["fail_on"],
        unknown=document["unknown"],
        cost=Cost(**document["cost"]) if document["cost"] else None,
        tokens=tuple(map(decoder.value, document["tokens"])),
        api_versions=tuple(map(decoder.value, document["api_versions"])),
        earlier=_parsed_earlier(document["earlier"]) if document["earlier"] else None,
        report=document["report"],
    )


def _parsed_file(file: Mapping[str, Any], decoder: Decoder) -> RecordedFile:
    of = decoder.value(file["set"]) if "set" in file else ""
    return RecordedFile(decoder.value(file["path"]), decoder.value(file["data"]), of)


def _parsed_facts(document: Mapping[str, Any], decoder: Decoder) -> Facts:
    types = fact_types()
    pairs = ((decoder.value(request), decoder.value(answer)) for request, answer in document["answers"])
    answers = {request: answer for request, answer in pairs if _is_answered(request, answer)}
    return Facts(
        offered=frozenset(types[name] for name in document["offered"]),
        answers=answers,
        unchanged=frozenset(map(decoder.value, document["unchanged"])),
    )


def _is_answered(request: object, answer: object) -> bool:
    if isinstance(request, Request) and (isinstance(answer, (Missing, request.fact))):
        return True
    raise NotRecordableError("a request with an answer of another sort")


def _parsed_earlier(document: Mapping[str, Any]) -> EarlierSweeps:
    kept: dict[str, snapshot.Snapshot | None] = {
        name: _parsed_snapshot(document[name]) if document[name] else None for name in ("base", "told", "last")
    }
    older = tuple(map(_parsed_snapshot, document.get("older", ())))
    return EarlierSweeps(base=kept["base"], told=kept["told"], last=kept["last"], older=older)


def _parsed_snapshot(document: Mapping[str, Any]) -> snapshot.Snapshot:
    own = content_hash(document) == document["hash"]
    return snapshot_of(document, written_as=None if own else document["hash"])
