"""What `history`, `verify` and `prune` tell as JSON: the forms (JSON Schema 2020-12). Generated from here.

`show` gives a snapshot, and `drift` a report: `snapshot.schema.json` and `report.schema.json`.
"""

from collections.abc import Mapping

from govcheck.report import Phase
from govcheck.report_schema import DIALECT, Schema, array, choice, closed, count, flag, moment, nullable, string

HISTORY_SCHEMA = "urn:govcheck:history:1"
"""The version of this form; the same for the other two."""

VERDICT_SCHEMA = "urn:govcheck:verdict:1"
PRUNED_SCHEMA = "urn:govcheck:prune:1"

_FIRST_SEEN = "When the first sweep that saw it finished."
_LAST_SEEN = "When the last one did."
_NAME = "`owner/name` in lower case; empty where it is not known."


def schemas() -> Mapping[str, Schema]:
    """Each of them, by its name in `schemas/`."""
    return {"history": _history(), "verify": _verdict(), "prune": _pruned()}


def _history() -> Schema:
    return _whole(
        HISTORY_SCHEMA,
        "govcheck history",
        "The sweeps that are kept, the newest first.",
        {
            "repository": nullable("string", "Whose sweeps; null: those of every repository in the store."),
            "store": string("Where it is, without a password."),
            "sweeps": array(_sweep(), "The newest first."),
            "pruned": array(_tombstone(), "What was taken away, the oldest first."),
            "findings": array(_lifetime(), "With `--findings`: every finding and unknown that some sweep saw."),
        },
    )


def _verdict() -> Schema:
    return _whole(
        VERDICT_SCHEMA,
        "govcheck verify",
        "Whether every snapshot is whole and follows the one before it.",
        {
            "store": string("Where it is, without a password."),
            "snapshots": count("How many are whole."),
            "pruned": count("Of how many there is a record that they were taken away."),
            "is_whole": flag("Whether nothing is broken."),
            "broken": array(_said(), "What is damaged, missing or does not follow."),
            "remarks": array(_said(), "What somebody may want to know, and is no break."),
        },
    )


def _pruned() -> Schema:
    return _whole(
        PRUNED_SCHEMA,
        "govcheck prune",
        "What was taken away.",
        {"pruned": array(_tombstone(), "The oldest first.")},
    )


def _sweep() -> Schema:
    return closed(
        "One sweep.",
        {
            "hash": _hash("The content hash of its snapshot."),
            "repository": string(_NAME),
            "repository_id": nullable("integer", "GitHub's number of it; null where it was not told."),
            "phase": _phase(),
            "commit": nullable("string", "The commit that was judged."),
            "started_at": moment("When it began."),
            "finished_at": moment("When everything was judged."),
            "previous": nullable("string", "The content hash of the sweep before it."),
            "form": {"type": "integer", "minimum": 1, "description": "The form that its snapshot is written in."},
            "exit_code": {"enum": [0, 1, 3]},
            "outcomes": {
                "type": "object",
                "description": "How many policies came to each outcome.",
                "additionalProperties": count(),
            },
            "findings": count("Those that no waiver excuses."),
            "unknowns": count("The same."),
            "drift": {
                "anyOf": [count(), {"type": "null"}],
                "description": "How many differences from the sweep that it was compared with were news.",
            },
        },
    )


def _tombstone() -> Schema:
    return closed(
        "What is left of a sweep that was pruned.",
        {
            "hash": _hash("The content hash of its snapshot."),
            "stem": string("What its snapshot was called."),
            "repository": string(_NAME),
            "phase": _phase(),
            "finished_at": moment("When it finished."),
            "previous": nullable("string", "The content hash of the sweep before it."),
            "pruned_at": moment("When it was taken away."),
        },
    )


def _lifetime() -> Schema:
    return closed(
        "One finding, or one unknown, over all sweeps.",
        {
            "fingerprint": string("Its lasting name."),
            "policy": string(),
            "control": string(),
            "subject": string(),
            "first_seen": moment(_FIRST_SEEN),
            "last_seen": moment(_LAST_SEEN),
            "seen": {"type": "integer", "minimum": 1, "description": "By how many sweeps."},
            "is_there": flag("Whether the newest sweep sees it."),
        },
    )


def _said() -> Schema:
    return closed(
        "Something about one place of the chain.",
        {"where": string("In words that somebody can look for."), "what": string("What it is, in words.")},
    )


def _phase() -> Schema:
    return choice([phase.value for phase in Phase], "Which sweep of the day.")


def _hash(description: str) -> Schema:
    return {**string(description), "pattern": "^[0-9a-f]{64}$"}


def _whole(name: str, title: str, description: str, properties: Schema) -> Schema:
    schema: Schema = {"schema": {"const": name, "description": "The version of this form."}}
    return {"$schema": DIALECT, "$id": name, "title": title, **closed(description, schema | properties)}
