"""What ended a run before anything was judged, as a JSON document, and `schemas/errors.schema.json`, its form."""

from govcheck import __version__, paths
from govcheck.errors import GovcheckError, PolicyError, Problem, SourceError
from govcheck.findings import Json
from govcheck.report_json import text
from govcheck.report_schema import DIALECT, Schema, array, choice, closed, nullable, string

ERRORS_SCHEMA = "urn:govcheck:errors:1"
"""The version of this form; see `report_json.REPORT_SCHEMA`."""


def as_json(error: GovcheckError) -> dict[str, Json]:
    """The document. Its `schema` tells it from a report."""
    return {
        "schema": ERRORS_SCHEMA,
        "govcheck": __version__,
        "kind": kind(error),
        "errors": [_problem(problem) for problem in problems(error)],
        "hint": text(error.hint) or None,
        "exit_code": error.exit_code,
    }


def kind(error: GovcheckError) -> str:
    """What sort of error it is, in one word."""
    if isinstance(error, PolicyError):
        return "policy"
    return "source" if isinstance(error, SourceError) else "usage"


def problems(error: GovcheckError) -> tuple[Problem, ...]:
    """Everything that is wrong; an error that is of no file has one problem without a place."""
    return error.problems if isinstance(error, PolicyError) else (Problem("", 0, 0, error.message),)


def schema() -> Schema:
    """The whole schema."""
    number: Schema = {"type": ["integer", "null"], "minimum": 1}
    problem = closed(
        "One thing that is wrong.",
        {
            "path": nullable("string", "The file; null where it is none's."),
            "line": {**number, "description": "The first is 1; null where the whole file is meant."},
            "column": {**number, "description": "In characters, the first is 1."},
            "message": string("What is wrong, with the legal values and the nearest one meant."),
        },
    )
    return {
        "$schema": DIALECT,
        "$id": ERRORS_SCHEMA,
        "title": "govcheck errors",
        **closed(
            "Why a run of govcheck judged nothing. Every key is always present.",
            {
                "schema": {"const": ERRORS_SCHEMA, "description": "The version of this form."},
                "govcheck": string("The version of govcheck."),
                "kind": choice(["policy", "usage", "source"], "Policies or configuration, the call, or a source."),
                "errors": array(problem, "All problems of all files."),
                "hint": nullable("string", "What to do next."),
                "exit_code": {"enum": [2, 3], "description": "The process's exit code; docs/exit-codes.md."},
            },
        ),
    }


def _problem(problem: Problem) -> Json:
    return {
        "path": text(paths.display(problem.path)) or None,
        "line": problem.line or None,
        "column": problem.column or None,
        "message": text(problem.message),
    }
