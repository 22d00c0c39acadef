import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from govcheck import __version__
from govcheck.findings import Evidence, Fix, Location, Outcome, Reason
from govcheck.report import Drift, Phase, Stage
from govcheck.report_json import as_json, plain, text
from govcheck.report_schema import schema
from govcheck.reporters.json import render
from reports import EVENING, MORNING, found, hostile, json_values, policy, report, reports, result, unknown

VALIDATOR = Draft202012Validator(schema(), registry=Registry())


def no_constant(name):
    raise AssertionError(name)


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(reports)
def test_whatever_the_input_it_is_valid_utf8_json_of_the_schema(any_report):
    document = json.loads(render(any_report).encode("utf-8"), parse_constant=no_constant)
    assert document == as_json(any_report)
    VALIDATOR.validate(document)


@given(json_values)
def test_plain_values_survive_json(value):
    kept = plain(value)
    assert json.loads(json.dumps(kept, allow_nan=False).encode("utf-8")) == kept
    assert plain(kept) == kept


@given(st.text())
def test_text_without_surrogates_is_left_alone(value):
    assert text(value) == value


@given(hostile)
def test_text_is_always_utf8(value):
    assert text(value).encode("utf-8").decode("utf-8") == text(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (1.5, 1.5),
        (True, True),
        (2**2050, hex(2**2050)),
        ("\udcff", "\\xff"),
        ("\ud800", "\\ud800"),
        ("a\\b", "a\\b"),
        ({"\udcff": ["\udc80"]}, {"\\xff": ["\\x80"]}),
    ],
)
def test_values_that_json_cannot_hold(value, expected):
    assert plain(value) == expected


def test_deep_nesting_is_cut_and_said():
    value = []
    for _ in range(500):
        value = [value]
    kept = json.dumps(plain(value))
    assert kept.count("[") == 64
    assert "nested too deep" in kept


def test_every_key_of_a_finding():
    finding = found(
        policy("main-protected", "branch-protection"),
        control="approvals",
        subject="main",
        message="1 approval is required",
        plane="live",
        location=Location(setting="branches/main/approvals", url="u"),
        expected={"min": 2},
        actual=1,
        direction="weakened",
        fix=Fix(text="ask for 2", command="gh api"),
        evidence=(Evidence(text="classic protection", location=Location(path="b\udcff\\c", line=1)),),
    )
    assert as_json(report(result(finding)))["findings"] == [
        {
            "fingerprint": finding.fingerprint,
            "policy": "main-protected",
            "kind": "branch-protection",
            "control": "approvals",
            "subject": "main",
            "severity": "error",
            "outcome": "fail",
            "pre_existing": False,
            "message": "1 approval is required",
            "plane": "live",
            "location": {"setting": "branches/main/approvals", "url": "u"},
            "expected": {"min": 2},
            "actual": 1,
            "direction": "weakened",
            "fix": {"text": "Ask for 2.", "command": "gh api"},
            "evidence": [
                {"text": "classic protection", "location": {"path": "b\\xff\\\\c", "line": 1, "column": None}}
            ],
            "waiver": None,
        }
    ]


def test_the_whole_of_a_small_report():
    entry = unknown(reason=Reason.PERMISSION, permission="administration:read", endpoint="e", status=403)
    given_report = report(
        result(entry, reason="no rights", duration_ms=1.23456, not_offered=("required",)),
        stage=Stage.SWEEP,
        phase=Phase.SHUTDOWN,
        notes=("bootstrap",),
        drift=Drift(
            since=MORNING,
            since_phase=Phase.STARTUP,
            since_snapshot="0" * 64,
            entries=(),
            unchanged_findings=2,
            open_since={"f": MORNING},
        ),
    )
    assert as_json(given_report) == {
        "schema": "urn:govcheck:report:1",
        "govcheck": __version__,
        "repository": "o/r",
        "stage": "sweep",
        "phase": "shutdown",
        "commit": "a" * 40,
        "policies_from": "policies/",
        "started_at": "2026-11-23T17:01:58.000Z",
        "finished_at": "2026-11-23T17:02:00.000Z",
        "policies": [
            {
                "id": "docs",
                "kind": "allowed-paths",
                "severity": "error",
                "file": "policies/docs.yaml",
                "line": 3,
                "outcome": "unknown",
                "reason": "no rights",
                "subjects": 1,
                "duration_ms": 1.235,
                "not_offered": ["required"],
            }
        ],
        "findings": [],
        "unknowns": [
            {
                "fingerprint": entry.fingerprint,
                "policy": "docs",
                "kind": "allowed-paths",
                "control": "approvals",
                "subject": "main",
                "reason": "permission",
                "permission": "administration:read",
                "endpoint": "e",
                "status": 403,
                "message": "no answer",
                "location": None,
                "pre_existing": False,
                "waiver": None,
            }
        ],
        "held": [],
        "coverage": {
            "requests": 0,
            "not_modified": 0,
            "graphql_points": 0,
            "uncovered": [],
            "uncovered_security": [],
        },
        "drift": {
            "since": "2026-11-23T09:00:00.000Z",
            "since_phase": "startup",
            "since_snapshot": "0" * 64,
            "entries": [],
            "events": [],
            "unchanged_findings": 2,
            "told_at": None,
            "told_phase": None,
            "told_snapshot": None,
            "open_since": {"f": "2026-11-23T09:00:00.000Z"},
            "suspect": None,
            "notes": [],
        },
        "notes": ["bootstrap"],
        "summary": {
            "policies": {"fail": 0, "unknown": 1, "waived": 0, "pass": 0, "not-applicable": 0},
            "findings": {"error": 0, "warning": 0, "note": 0},
            "pre_existing": 0,
            "unknowns": 1,
            "pre_existing_unknowns": 0,
            "waived": 0,
            "subjects": 1,
        },
        "exit_code": 3,
    }


def test_nothing_of_the_sources_is_told():
    assert "SECRET" not in render(report(result(found()), sources={"a.md": "SECRET"}))


def test_what_cannot_be_seen_is_an_escape():
    shown = render(report(result(found(message="\x9b2J \u202e ##[add-path]x \u00e9"))))
    assert "\\u009b2J \\u202e #\\u0023[add-path]x é" in shown
    assert json.loads(shown)["findings"][0]["message"] == "\x9b2J \u202e ##[add-path]x é"


def test_a_whole_run_that_holds():
    document = as_json(report(result(outcome=Outcome.PASS), finished_at=EVENING))
    assert document["exit_code"] == 0
    assert document["drift"] is None
