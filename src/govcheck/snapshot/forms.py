"""The forms of a snapshot, and how a document of an older one is read: defaults for what it does not have yet. Pure.

Form 1 got keys without becoming another form, so that each of them may be missing:

    api_versions                     the versions of the API
    coverage/uncovered_security      settings that bear on security and that nobody asserts
    unknowns/*/waiver                what excuses an unknown

Form 2 has them always, and `drift`; its content hash is over the compact bytes.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

_FAMILY = "urn:govcheck:snapshot:"
_SCHEMA = re.compile(rf"{_FAMILY}([1-9][0-9]{{0,5}})")

FORM = 2
"""The form that is written. What the reports' findings, unknowns, policies or coverage get as a new key needs another
one, with a migration: `tests/store/test_forms.py` holds a document of each form against the schema."""

SNAPSHOT_SCHEMA = f"{_FAMILY}{FORM}"
"""The name of that form, as `schema` has it."""

Document = Mapping[str, Any]


class ForeignFormError(ValueError):
    """A document of no form that this govcheck can read; its text says why."""


def form_of(document: Document) -> int | None:
    """The number of a snapshot's form; None for what is no snapshot."""
    match = _SCHEMA.fullmatch(str(document.get("schema")))
    return int(match[1]) if match else None


def migrated(document: Document) -> Document:
    """The document in the newest form, `hash` as it was. The given one is left alone.

    Raises:
        ForeignFormError: where it is no snapshot, or a newer govcheck wrote it.
    """
    form = form_of(document)
    if form is None:
        raise ForeignFormError("it is no snapshot")
    if form > FORM:
        raise ForeignFormError(
            f"it was written by a newer govcheck: it has form {form}, and this one knows them up to {FORM}"
        )
    while form < FORM:
        document = {**MIGRATIONS[form](document), "schema": f"{_FAMILY}{form + 1}"}
        form += 1
    return document


def _to_2(document: Document) -> Document:
    coverage = document.get("coverage")
    unknowns = document.get("unknowns")
    return {
        "api_versions": [],
        "drift": None,
        **document,
        "coverage": {"uncovered_security": [], **coverage} if isinstance(coverage, dict) else coverage,
        "unknowns": [_with_waiver(one) for one in unknowns] if isinstance(unknowns, list) else unknowns,
    }


def _with_waiver(entry: Any) -> Any:  # noqa: ANN401 - whatever stands in a document that no schema has seen yet
    return {"waiver": None, **entry} if isinstance(entry, dict) else entry


MIGRATIONS: Mapping[int, Callable[[Document], Document]] = {1: _to_2}
"""From each older form to the next one."""
