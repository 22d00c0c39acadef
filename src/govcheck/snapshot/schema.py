"""`schemas/snapshot.schema.json`: the form of a snapshot (JSON Schema 2020-12). Generated from here."""

from govcheck.report import Phase
from govcheck.report_schema import (
    DIALECT,
    Schema,
    array,
    choice,
    closed,
    count,
    coverage,
    finding,
    flag,
    moment,
    nullable,
    policy_properties,
    string,
    unknown,
)
from govcheck.snapshot.forms import SNAPSHOT_SCHEMA


def schema() -> Schema:
    """The whole schema."""
    return {
        "$schema": DIALECT,
        "$id": SNAPSHOT_SCHEMA,
        "title": "govcheck snapshot",
        **closed("What one sweep saw and said.", _properties()),
    }


def _properties() -> Schema:
    return {
        "schema": {"const": SNAPSHOT_SCHEMA, "description": "The version of this form."},
        "hash": {
            **string("SHA-256 over everything but this key, as UTF-8 JSON in one line without blanks, keys sorted."),
            "pattern": "^[0-9a-f]{64}$",
        },
        "govcheck": string("The version of govcheck."),
        "repository": nullable("string", "`owner/name`, where it is known."),
        "phase": choice([phase.value for phase in Phase], "Which sweep of the day."),
        "commit": nullable("string", "The commit that was judged."),
        "started_at": _instant("When the sweep began."),
        "finished_at": _instant("When everything was judged."),
        "tokens": array(string(), "What classes of token the sweep had, in words."),
        "api_versions": array(string(), "The versions of the API that the server answered by, where it said so."),
        "answers": array(_answer(), "Everything that the API answered, by endpoint."),
        "settings": _values(_setting(), "Live settings, by name."),
        "policies": array(_policy(), "Every policy and its outcome."),
        "findings": array(finding(), "As in the report."),
        "unknowns": array(unknown(), "As in the report."),
        "coverage": coverage(),
        "exit_code": {"enum": [0, 1, 3]},
        "previous": nullable("string", "The content hash of the sweep before this one."),
        "open_since": _values(_instant("An instant in UTC."), "Fingerprint to when the finding was first seen."),
        "drift": {
            "anyOf": [count(), {"type": "null"}],
            "description": "How many differences from the sweep that it was compared with were news.",
        },
    }


def _instant(description: str) -> Schema:
    return {**moment(description), "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}


def _policy() -> Schema:
    return closed("One policy, and what it came to.", policy_properties())


def _answer() -> Schema:
    return closed(
        "One answer of the API, or why there is none.",
        {
            "endpoint": string("The path below the API's root."),
            "status": nullable("integer", "The HTTP status; null where no answer came."),
            "message": string(),
            "body": {"description": "The JSON document, without credentials."},
            "complete": flag("False where a list's later pages could not be had."),
            "failure": nullable("string", "Why there is no answer."),
            "permission": nullable("string", "The token permission that reads this endpoint."),
            "grantable": flag("False where no token of this class can hold it."),
        },
    )


def _setting() -> Schema:
    return closed(
        "One live setting.",
        {
            "value": {"description": "A bare JSON value."},
            "unknown": nullable("string", "Why it could not be read, or not wholly."),
            "sources": array(string(), "The layers that give it."),
        },
    )


def _values(of: Schema, description: str) -> Schema:
    return {"type": "object", "description": description, "additionalProperties": of}
