"""How tests of policies came out, as JSON."""

import json

from govcheck import __version__
from govcheck.findings import Json
from govcheck.policy_tests.results import TestResult, TestRun
from govcheck.report_json import plain

SCHEMA = "urn:govcheck:test-run:1"
"""The version of this form."""


def render(run: TestRun) -> str:
    """The document; every key is always present."""
    document: dict[str, Json] = {
        "schema": SCHEMA,
        "govcheck": __version__,
        "tests": [_result(result) for result in run.results],
        "untested": [*run.untested],
        "summary": {
            "pass": run.count("pass"),
            "fail": run.count("fail"),
            "unknown": run.count("unknown"),
        },
        "exit_code": run.exit_code,
    }
    return json.dumps(plain(document), indent=2) + "\n"


def _result(result: TestResult) -> Json:
    comparison = result.comparison
    return {
        "test": result.name,
        "path": result.path,
        "line": result.line,
        "policies": [*result.policies],
        "verdict": result.verdict,
        "trouble": result.trouble or None,
        "blind": [*comparison.blind],
        "expected": [*comparison.expected],
        "found": [*comparison.found],
        "diff": [*comparison.diff],
        "duration_ms": round(result.seconds * 1000, 3),
    }
