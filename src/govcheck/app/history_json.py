"""What the store tells, as JSON documents. Every key is always present."""

import json
from collections.abc import Iterable

from govcheck.app.history import History
from govcheck.findings import Json
from govcheck.records import names
from govcheck.report_json import maybe_text, text
from govcheck.snapshot.summary import Summary
from govcheck.store.chain import Said, Verdict
from govcheck.store.history_schema import HISTORY_SCHEMA, PRUNED_SCHEMA, VERDICT_SCHEMA
from govcheck.store.index import Lifetime
from govcheck.store.shelf import Tombstone


def history(told: History) -> str:
    """The sweeps, the newest first."""
    return _written(
        {
            "schema": HISTORY_SCHEMA,
            "repository": maybe_text(told.repository),
            "store": text(told.store),
            "sweeps": [_summary(row.summary) for row in told.sweeps],
            "pruned": _tombstones(told.pruned),
            "findings": [_plain(lifetime, Lifetime) for lifetime in told.lifetimes],
        }
    )


def verdict(store: str, found: Verdict) -> str:
    """Whether the chain is whole."""
    return _written(
        {
            "schema": VERDICT_SCHEMA,
            "store": text(store),
            "snapshots": found.snapshots,
            "pruned": found.pruned,
            "is_whole": not found.broken,
            "broken": _said(found.broken),
            "remarks": _said(found.remarks),
        }
    )


def pruned(taken: Iterable[Tombstone]) -> str:
    """What was taken away."""
    return _written({"schema": PRUNED_SCHEMA, "pruned": _tombstones(taken)})


def _summary(summary: Summary) -> Json:
    return {**_plain(summary, Summary), "outcomes": dict(summary.outcomes)}


def _tombstones(tombstones: Iterable[Tombstone]) -> Json:
    return [_plain(tombstone, Tombstone) for tombstone in tombstones]


def _said(every: Iterable[Said]) -> Json:
    return [_plain(one, Said) for one in every]


def _plain(record: object, of: type) -> dict[str, Json]:
    values = {name: getattr(record, name) for name in names(of)}
    return {name: text(value) if isinstance(value, str) else value for name, value in values.items()}


def _written(document: Json) -> str:
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"
