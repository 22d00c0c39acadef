import json
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings

from govcheck.findings import Evidence, Fix, Location, Reason
from govcheck.policy import LoadedPolicy, Policy
from govcheck.report import Stage
from govcheck.reporters import sarif
from govcheck.reporters.sarif_places import address, message
from reports import found, policy, report, reports, result, unknown
from sarif_form import mistakes


def run_of(of, **options):
    log = json.loads(sarif.render(of, **options))
    assert mistakes(log) == []
    run, valid = log["runs"]
    assert (valid["automationDetails"]["id"], valid["results"]) == ("govcheck-errors/", [])
    return run


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports)
def test_whatever_the_report_it_is_sarif(any_report):
    shown = sarif.render(any_report)
    shown.encode("utf-8")
    assert "##[" not in shown
    run = run_of(any_report)
    assert len(run["results"]) == len(any_report.findings) + len(any_report.unknowns)


def test_a_finding_of_a_file():
    finding = found(
        policy(why="No rogue markdown."),
        location=Location(path="docs/a b.md", line=3, column=5),
        fix=Fix(text="move it\nto there", command="git mv"),
        expected=2,
        actual=1,
        evidence=(
            Evidence(text="seen here", location=Location(path="x.md", line=7)),
            Evidence(text="and nowhere"),
        ),
    )
    run = run_of(report(result(finding)))
    assert run["results"] == [
        {
            "ruleId": "docs/path",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "a.md is stray\nexpected 2, found 1\nFix: Move it\nto there\n$ git mv"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "docs/a%20b.md", "uriBaseId": "SRCROOT"},
                        "region": {"startLine": 3, "startColumn": 5},
                    }
                }
            ],
            "partialFingerprints": {"govcheck/v1": finding.fingerprint},
            "properties": {
                "policy": "docs",
                "kind": "allowed-paths",
                "control": "path",
                "subject": "a.md",
                "plane": "repo",
                "expected": 2,
                "actual": 1,
                "direction": None,
            },
            "relatedLocations": [
                {
                    "id": 0,
                    "physicalLocation": {
                        "artifactLocation": {"uri": "x.md", "uriBaseId": "SRCROOT"},
                        "region": {"startLine": 7},
                    },
                    "message": {"text": "seen here"},
                },
                {"id": 1, "message": {"text": "and nowhere"}},
            ],
        }
    ]
    [rule] = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"]) == ("docs/path", "DocsPath")
    assert rule["fullDescription"]["text"] == "No rogue markdown."
    assert rule["help"]["text"].startswith("Changes stay inside the paths")
    assert rule["helpUri"] == f"https://github.com/o/r/blob/{'a' * 40}/policies/docs.yaml#L3"


def test_a_live_setting_stands_at_the_policy_that_demands_it_and_is_an_alert_of_its_own():
    setting = Location(setting="branches/main/approvals", url="https://github.com/o/r/settings")
    findings = [found(location=setting, subject=name, plane="live") for name in ("main", "next")]
    run = run_of(report(result(*findings)))
    places = [one["locations"][0] for one in run["results"]]
    assert [(place["physicalLocation"]["region"], place["logicalLocations"]) for place in places] == [
        (
            {"startLine": 3},
            [
                {
                    "fullyQualifiedName": "branches/main/approvals",
                    "kind": "property",
                    "properties": {"url": "https://github.com/o/r/settings"},
                }
            ],
        )
    ] * 2
    assert [place["physicalLocation"]["artifactLocation"]["uri"] for place in places] == ["policies/docs.yaml"] * 2
    # GitHub tells alerts apart by rule, file and this; without it both would be one.
    names = [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]
    assert names == [finding.fingerprint for finding in findings]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("govcheck:starter/gates.yaml", "govcheck%3Astarter/gates.yaml"),
        ("/home/me/policies/a.yaml", "policies/a.yaml"),
        ("../a.yaml", "a.yaml"),
        ("", "policies"),
    ],
)
def test_a_policy_from_elsewhere_is_named_without_the_way_to_it(path, uri):
    of = LoadedPolicy(Policy(kind="allowed-paths", id="i"), path, 1)
    run = run_of(report(result(found(of))))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
    assert "helpUri" not in run["tool"]["driver"]["rules"][0]


def test_what_could_not_be_told_is_open_and_no_success():
    entry = unknown(reason=Reason.PERMISSION, permission="administration:read", message="no")
    run = run_of(report(result(entry)))
    [one] = run["results"]
    assert (one["kind"], one["level"], one["properties"]["permission"]) == ("open", "none", "administration:read")
    assert one["message"]["text"] == "could not tell (permission): no"
    [invocation] = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    [notification] = invocation["toolExecutionNotifications"]
    assert (notification["level"], notification["descriptor"]["id"]) == ("error", "permission")
    assert notification["associatedRule"] == {"id": "docs/approvals", "index": 0}


def test_only_a_change_is_held_against_a_baseline():
    both = result(found(), found(subject="b.md", pre_existing=True))
    states = [one["baselineState"] for one in run_of(report(both, stage=Stage.CI))["results"]]
    assert states == ["new", "unchanged"]
    assert all("baselineState" not in one for one in run_of(report(both))["results"])


def test_a_waiver_is_a_suppression():
    waiver = SimpleNamespace(reason="until the move", owner="ops", expires=date(2027, 1, 31))
    assert sarif._suppressions(SimpleNamespace(waiver=waiver)) == {
        "suppressions": [
            {"kind": "external", "status": "accepted", "justification": "until the move (ops, until 2027-01-31)"}
        ]
    }
    assert sarif._suppressions(SimpleNamespace(waiver=None)) == {}


def test_where_it_was_judged():
    run = run_of(report(result()), server="https://github.example.com")
    assert run["versionControlProvenance"] == [
        {
            "repositoryUri": "https://github.example.com/o/r",
            "revisionId": "a" * 40,
            "mappedTo": {"uriBaseId": "SRCROOT"},
        }
    ]
    assert "versionControlProvenance" not in run_of(report(result(), repository=None))
    assert run_of(report(result(), stage=Stage.SWEEP))["automationDetails"] == {"id": "govcheck-sweep/"}


def test_the_owners_link_is_the_help():
    of = policy(links=("javascript:alert(1)", "https://wiki.example.com/rules?a=b#c"))
    assert run_of(report(result(found(of))))["tool"]["driver"]["rules"][0]["helpUri"].startswith("https://wiki")


def test_no_more_results_than_github_takes(monkeypatch: pytest.MonkeyPatch):
    assert sarif.MOST_RESULTS == 25_000
    monkeypatch.setattr(sarif, "MOST_RESULTS", 100)
    many = [found(subject=str(number)) for number in range(sarif.MOST_RESULTS + 2)]
    run = run_of(report(result(*many, unknown())))
    assert len(run["results"]) == sarif.MOST_RESULTS
    told = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert told[-1].startswith("3 more results are left out")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[x](1) and [y]", "\\[x](1) and [y]"),
        ("{0} ${{ a }} {b}", "{{0}} ${{ a }} {b}"),
        ("a\x1b\nb", "a\\x1b\\nb"),
        ("", "(no message)"),
    ],
)
def test_nothing_in_a_message_is_markup(text, shown):
    assert message(text) == {"text": shown}


def test_paths_are_addresses():
    assert address("a b/ü:%?#.md") == "a%20b/%C3%BC%3A%25%3F%23.md"
    assert address("\udcff") == "%FF"
