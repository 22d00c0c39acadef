"""`schemas/report.schema.json`: the form of the JSON report (JSON Schema 2020-12). Generated from here."""

from typing import get_args

from govcheck.findings import SEVERITIES, Direction, Json, Outcome, Plane, Reason
from govcheck.report import DriftChange, DriftEventKind, Phase, Stage
from govcheck.report_json import REPORT_SCHEMA

Schema = dict[str, Json]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> Schema:
    """The whole schema."""
    return {
        "$schema": DIALECT,
        "$id": REPORT_SCHEMA,
        "title": "govcheck report",
        **closed(
            "What one run of govcheck has to say. Every key is always present.",
            {
                "schema": {"const": REPORT_SCHEMA, "description": "The version of this form."},
                "govcheck": string("The version of govcheck."),
                "repository": nullable("string", "`owner/name`, where it is known."),
                "stage": choice([stage.value for stage in Stage], "At which moment the run judged."),
                "phase": choice([phase.value for phase in Phase], "Which sweep of the day.", optional=True),
                "commit": nullable("string", "The commit that was judged; null before the first one."),
                "policies_from": string("Where the policies came from, in words."),
                "started_at": moment("When the run began."),
                "finished_at": moment("When everything was judged."),
                "policies": array(_policy(), "Every policy, exactly once."),
                "findings": array(finding(), "What is not as its policy says, most severe first."),
                "unknowns": array(unknown(), "What could not be told, and why. Never a pass."),
                "held": array(
                    _held(), "What was shown to be as its policy says, where that is worth telling, and how."
                ),
                "coverage": coverage(),
                "drift": {"anyOf": [_drift(), {"type": "null"}]},
                "notes": array(string(), "What a reader must know about the run itself."),
                "summary": _summary(),
                "exit_code": {"enum": [0, 1, 3], "description": "The process's exit code; docs/exit-codes.md."},
            },
        ),
    }


def policy_properties() -> Schema:
    """What is said of a policy and is the same in each run on the same facts."""
    return {
        "id": string(),
        "kind": string(),
        "severity": choice(list(SEVERITIES)),
        "file": string("Where the policy is written."),
        "line": count(),
        "outcome": choice([outcome.value for outcome in Outcome]),
        "reason": nullable("string", "For `unknown` and `not-applicable`: why, in words."),
        "subjects": count("How many things the policy was held against."),
        "not_offered": array(string(), "Parts of the policy that this stage or token can never judge."),
    }


def finding() -> Schema:
    """One finding."""
    return closed(
        "One thing that is not as its policy says.",
        {
            "fingerprint": string("The lasting name: of policy, control and subject."),
            "policy": string(),
            "kind": string(),
            "control": string("What is asserted."),
            "subject": string("What it is asserted of."),
            "severity": choice(list(SEVERITIES)),
            "outcome": choice(["fail", "waived"]),
            "pre_existing": flag("True where the base had it already: it does not fail the change."),
            "message": string("The observed fact, in one sentence."),
            "plane": choice(list(get_args(Plane))),
            "location": _location(),
            "expected": {"description": "What the policy asks for: a bare JSON value."},
            "actual": {"description": "What there is: a bare JSON value."},
            "direction": choice(list(get_args(Direction)), optional=True),
            "fix": {
                "anyOf": [
                    closed("What mends it.", {"text": string(), "command": nullable("string")}),
                    {"type": "null"},
                ]
            },
            "evidence": array(
                closed("A fact that the finding rests on.", {"text": string(), "location": _location()}),
            ),
            "waiver": _waiver(),
        },
    )


def _waiver() -> Schema:
    keys = ("reason", "owner", "approved_by", "ticket", "created", "expires")
    made = closed("The waiver that excuses it.", {key: string() for key in keys})
    return {"anyOf": [made, {"type": "null"}]}


def _held() -> Schema:
    return closed(
        "One thing that is as its policy says.",
        {
            "policy": string(),
            "kind": string(),
            "control": string(),
            "subject": string(),
            "message": string("How it was shown."),
            "location": _location(),
        },
    )


def unknown() -> Schema:
    """One thing that could not be told."""
    return closed(
        "One thing that could not be told.",
        {
            "fingerprint": string("The lasting name: of policy, control and subject."),
            "policy": string(),
            "kind": string(),
            "control": string(),
            "subject": string(),
            "reason": choice([reason.value for reason in Reason]),
            "permission": nullable("string", "The token permission that would help."),
            "endpoint": nullable("string"),
            "status": nullable("integer", "The HTTP status."),
            "message": string("What was tried, and what stood in the way."),
            "location": _location(),
            "pre_existing": flag("True where the base could not be told either."),
            "waiver": _waiver(),
        },
    )


def coverage() -> Schema:
    """What the run cost."""
    return closed(
        "What the run cost, and what is live yet asserted by nobody.",
        {
            "requests": count("Requests sent to the API."),
            "not_modified": count("Those of them that were answered 304."),
            "graphql_points": count(),
            "uncovered": array(string(), "Live settings that no policy asserts, by name."),
            "uncovered_security": array(string(), "Those of them that bear on security."),
        },
    )


def closed(description: str, properties: Schema) -> Schema:
    """An object with exactly these keys."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def array(items: Schema, description: str = "") -> Schema:
    """A list."""
    return {"type": "array", "items": items, **_described(description)}


def string(description: str = "") -> Schema:
    """Text."""
    return {"type": "string", **_described(description)}


def moment(description: str) -> Schema:
    """An instant in UTC."""
    return {"type": "string", "format": "date-time", "description": description}


def flag(description: str) -> Schema:
    """True or false."""
    return {"type": "boolean", "description": description}


def count(description: str = "") -> Schema:
    """A whole number from 0."""
    return {"type": "integer", "minimum": 0, **_described(description)}


def nullable(kind: str, description: str = "") -> Schema:
    """One type, or null."""
    return {"type": [kind, "null"], **_described(description)}


def choice(values: list[str], description: str = "", *, optional: bool = False) -> Schema:
    """One of some words, or null where it is optional."""
    return {"enum": [*values, *([None] if optional else [])], **_described(description)}


def _described(description: str) -> Schema:
    return {"description": description} if description else {}


def _location() -> Schema:
    return {
        "anyOf": [
            closed(
                "In a file of the repository.",
                {
                    "path": string("Bytes that are not UTF-8 as `\\xNN`, a backslash doubled."),
                    "line": nullable("integer"),
                    "column": nullable("integer", "In characters, the first is 1."),
                },
            ),
            closed("In a live setting.", {"setting": nullable("string"), "url": nullable("string")}),
            {"type": "null"},
        ]
    }


def _policy() -> Schema:
    duration: Schema = {"duration_ms": {"type": "number", "description": "Milliseconds spent judging."}}
    return closed("One policy, and what it came to.", policy_properties() | duration)


def _drift() -> Schema:
    return closed(
        "What changed since another sweep.",
        {
            "since": moment("When that sweep finished."),
            "since_phase": choice([phase.value for phase in Phase]),
            "since_snapshot": string("The content hash of its snapshot."),
            "entries": array(_entry(), "Weakened first."),
            "events": array(_event(), "What else happened in between, where a setting moved and GitHub tells it."),
            "unchanged_findings": count("Findings that both sweeps have."),
            "told_at": {
                **nullable("string", "When a later sweep told part of this already."),
                "format": "date-time",
            },
            "told_phase": choice([phase.value for phase in Phase], optional=True),
            "told_snapshot": nullable("string"),
            "open_since": {
                "type": "object",
                "description": "Fingerprint to when the finding was first seen.",
                "additionalProperties": {"type": "string", "format": "date-time"},
            },
            "suspect": nullable("string", "Why to suspect the token or the network: almost everything vanished."),
            "notes": array(string(), "What casts doubt on the comparison."),
        },
    )


def _entry() -> Schema:
    return closed(
        "One difference between two sweeps.",
        {
            "plane": choice(["setting", "finding", "unknown"]),
            "name": string("A setting's name, or a fingerprint."),
            "change": choice(list(get_args(DriftChange))),
            "title": string("What it is, for people."),
            "direction": choice(list(get_args(Direction)), optional=True),
            "before": {"description": "A bare JSON value."},
            "after": {"description": "A bare JSON value."},
            "told": flag("True where a sweep in between has told it already."),
            "asserted": flag("False for a setting that no policy asserts: then it is a note."),
            "times": count("For a finding that returned: how often it was fixed before."),
            "complies": flag("True for a setting that moved while every policy that asserts it still passes."),
            "since": {
                **nullable("string", "Where the other sweep could not see it: when the last one finished that could."),
                "format": "date-time",
            },
            "by": {"anyOf": [_attribution(), {"type": "null"}]},
        },
    )


def _attribution() -> Schema:
    return closed(
        "Who moved a setting; null where nobody was asked.",
        {
            "actor": nullable("string", "A login, or `User 12`; null where GitHub does not tell."),
            "at": {**nullable("string", "When."), "format": "date-time"},
            "note": string("By what that is known, or why it is not."),
        },
    )


def _event() -> Schema:
    return closed(
        "One thing that happened between two sweeps.",
        {
            "kind": choice(list(get_args(DriftEventKind))),
            "at": moment("When."),
            "actor": nullable("string", "A login; null where GitHub does not tell."),
            "what": string("A branch, another ref, or a ruleset."),
            "changes": {
                "anyOf": [array(_step()), {"type": "null"}],
                "description": "Of a ruleset: what that change did, weakened first; null where GitHub does not tell.",
            },
        },
    )


def _step() -> Schema:
    return closed(
        "What one change of a ruleset did to one of its settings.",
        {
            "name": string("The setting's name."),
            "title": string("What it is, for people."),
            "direction": choice(list(get_args(Direction)), optional=True),
            "before": {"description": "A bare JSON value."},
            "after": {"description": "A bare JSON value."},
        },
    )


def _summary() -> Schema:
    return closed(
        "The report in figures.",
        {
            "policies": closed("Policies by outcome.", {outcome.value: count() for outcome in Outcome}),
            "findings": closed("Findings that count, by severity.", {severity: count() for severity in SEVERITIES}),
            "pre_existing": count("Findings that the base had already."),
            "unknowns": count(),
            "pre_existing_unknowns": count(),
            "waived": count("Findings and unknowns that a waiver excuses; in no other figure."),
            "subjects": count("How many things were looked at."),
        },
    )
