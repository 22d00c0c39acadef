"""A JSON report that somebody hands in: read whole, and held to its schema before anybody believes it."""

import json
import sys
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry

from govcheck.errors import UsageError
from govcheck.report_json import REPORT_SCHEMA
from govcheck.report_schema import schema

_MOST = 64 * 1024 * 1024
_HINT = "hand in what `govcheck sweep --format json` wrote"


def read_report(name: str) -> dict[str, Any]:
    """The report in a file, or on standard input for `-`.

    Raises:
        UsageError: where it cannot be read, or is no report of this version.
    """
    shown = "standard input" if name == "-" else name
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_MOST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(_MOST + 1)
    except OSError as error:
        raise UsageError(f"cannot read the report {shown}: {error.strerror or error}") from error
    if len(data) > _MOST:
        raise UsageError(f"{shown} is too large for a report", _HINT)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{shown} is no report: it is not JSON", _HINT) from error
    if not isinstance(document, dict) or document.get("schema") != REPORT_SCHEMA:
        raise UsageError(f"{shown} is no report of this version ({REPORT_SCHEMA})", _HINT)
    problem = next(Draft202012Validator(schema(), registry=Registry()).iter_errors(document), None)
    if problem is not None:
        where = "/".join(map(str, problem.absolute_path)) or "the document"
        raise UsageError(f"{shown} is no report: {where}: {problem.message[:200]}", _HINT)
    return document
