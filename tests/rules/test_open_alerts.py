"""Alerts are held to limits; what is off, empty, beyond the plan or not to be seen is never a zero."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_github.alert_shapes import SECRET, code_scanning_alert, dependabot_alert, secret_alert
from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.facts.now import Now
from govcheck.findings import Finding, Held, Judged, Reason, Undecided
from govcheck.rules.open_alerts import (
    AlertLimit,
    BypassLimit,
    CodeScanningLimits,
    DependabotLimits,
    OpenAlerts,
    SecretLimit,
    alerts,
)
from govcheck.settings.endpoints import ENDPOINTS, GENERIC_SECRET_ALERTS, REPOSITORY

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
NONE = AlertLimit(max=0)


def ago(**span):
    return (NOW - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(template, given, *, complete=True):
    status, body = given if isinstance(given, tuple) else (200, given)
    return Answer(
        endpoint=template.replace(REPOSITORY, "repos/o/r"),
        status=status,
        message=body["message"] if isinstance(body, dict) else "",
        body=body,
        complete=complete,
        permission=ENDPOINTS[template].permission if template in ENDPOINTS else None,
    )


def said(*lists, complete=True, **keys):
    """What is said, with the answers to the lists in the order in which they are asked; the last one for the rest."""
    policy = OpenAlerts(id="open", **keys)
    ((request, _),) = alerts.calls(policy)
    given = [*lists, *[lists[-1]] * len(request.endpoints)]
    found = {name: answer(name, one, complete=complete) for name, one in zip(request.endpoints, given, strict=False)}
    repository = answer(REPOSITORY, {"html_url": "https://github.com/o/r", "message": ""})
    return [
        one for one in alerts.judge(policy, LiveAnswers(repository, found), Now(NOW)) if not isinstance(one, Judged)
    ]


def only(kind, *lists, **keys):
    (found,) = said(*lists, **keys)
    assert isinstance(found, kind), found
    return found


DEPENDABOT = [
    dependabot_alert(12, "critical", ago(days=40)),
    dependabot_alert(13, "high", ago(days=2)),
    dependabot_alert(14, "high", ago(hours=3)),
    dependabot_alert(15, "low", ago(days=90), state="dismissed"),
]


@pytest.mark.parametrize(
    "limits",
    [
        {"max": 3},
        {"critical": AlertLimit(max=1), "high": AlertLimit(max=2, older_than="3d"), "low": NONE},
        {"older_than": "40d"},
        {"medium": AlertLimit(older_than="1d")},
    ],
    ids=["all", "severities", "exactly that old", "none of them"],
)
def test_what_is_within_its_limits_is_told_with_its_number(limits):
    held = only(Held, DEPENDABOT, dependabot=DependabotLimits(**limits))
    assert held.message == "3 open alerts (1 critical, 2 high); the oldest is open for 40 days"


@pytest.mark.parametrize(
    ("limits", "control", "message"),
    [
        (
            {"max": 2},
            "dependabot.max",
            "3 open alerts of Dependabot, where the policy wants at most 2; the oldest is open for 40 days",
        ),
        (
            {"critical": NONE},
            "dependabot.critical.max",
            "1 open critical alert of Dependabot, where the policy wants none; it is open for 40 days",
        ),
        (
            {"older_than": "30d"},
            "dependabot.older_than",
            "1 open alert of Dependabot is open for longer than 30d; it is open for 40 days",
        ),
        (
            {"high": AlertLimit(max=9, older_than="1h")},
            "dependabot.high.older_than",
            "2 open high alerts of Dependabot are open for longer than 1h; the oldest is open for 2 days",
        ),
    ],
)
def test_what_exceeds_a_limit_is_a_finding(limits, control, message):
    found = only(Finding, DEPENDABOT, dependabot=DependabotLimits(**limits))
    assert (found.control, found.subject, found.message) == (control, "repository", message)
    assert found.location.url == "https://github.com/o/r/security/dependabot"


def test_the_alerts_stand_below_the_finding_the_oldest_first_and_not_all_of_them():
    many = [dependabot_alert(number, "low", ago(days=number)) for number in range(1, 15)]
    texts = [one.text for one in only(Finding, many, dependabot=DependabotLimits(max=0)).evidence]
    assert texts[0] == "#14: low, package-14 in requirements.txt, opened 2026-10-06, 14 days ago"
    assert (len(texts), texts[-1]) == (11, "and 4 more")


def test_code_scanning_ranks_by_security_first():
    listed = [
        code_scanning_alert(1, "critical", ago(days=1)),
        code_scanning_alert(2, None, ago(days=1), "warning"),
        code_scanning_alert(3, None, ago(days=1), "none"),
    ]
    found = said(listed, code_scanning=CodeScanningLimits(error=NONE, warning=NONE, critical=NONE))
    assert [one.control for one in found] == ["code_scanning.critical.max", "code_scanning.warning.max"]
    assert found[0].evidence[0].text.startswith("#1: critical, py/rule-1 of CodeQL, opened")
    assert only(Finding, listed, code_scanning=CodeScanningLimits(max=2)).actual == 3


OFF = {
    "dependabot": (403, {"message": "Dependabot alerts are disabled for this repository."}),
    "archived": (403, {"message": "Dependabot alerts are not available for archived repositories."}),
    "code_scanning": (403, {"message": "Code scanning is not enabled for this repository. Please enable it."}),
    "secret_scanning": (404, {"message": "Secret scanning is disabled on this repository."}),
}
LIMITS = {
    "dependabot": {"dependabot": DependabotLimits(max=0, older_than="1d")},
    "archived": {"dependabot": DependabotLimits(max=0)},
    "code_scanning": {"code_scanning": CodeScanningLimits(critical=NONE)},
    "secret_scanning": {"secret_scanning": SecretLimit(max=0)},
}


@pytest.mark.parametrize("source", OFF)
def test_nothing_watched_is_a_finding_in_githubs_words(source):
    found = only(Finding, OFF[source], **LIMITS[source])
    assert (found.control, found.actual) == (next(iter(LIMITS[source])), "off")
    assert found.message.endswith(f'watches nothing: GitHub says "{OFF[source][1]["message"].rstrip(".")}"')


def test_beyond_the_plan_and_never_analysed_are_kept_apart():
    plan = (403, {"message": "Advanced Security must be enabled for this repository to use code scanning."})
    found = only(Finding, plan, **LIMITS["code_scanning"])
    assert (found.actual, "this account's plan does not have it" in found.message) == ("unavailable", True)
    found = only(Finding, (404, {"message": "no analysis found"}), **LIMITS["code_scanning"])
    assert found.message == 'code scanning has analysed nothing: GitHub says "no analysis found"'
    assert only(Held, [], **LIMITS["code_scanning"]).message == "no open alert"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((404, {"message": "Not Found"}), Reason.PERMISSION),
        ((403, {"message": "Resource not accessible by integration"}), Reason.PERMISSION),
        ((422, {"message": "Validation Failed"}), Reason.API_ERROR),
        ((500, None), Reason.API_ERROR),
        ({"message": ""}, Reason.UNPARSEABLE),
        ((204, None), Reason.UNPARSEABLE),
        ([None], Reason.UNPARSEABLE),
        ([{"state": "open"}], Reason.UNPARSEABLE),
        ([{"state": "sleeping", "number": 1}], Reason.UNPARSEABLE),
        ([{"state": "open", "number": 1, "created_at": "yesterday"}], Reason.UNPARSEABLE),
        ([{"state": "open", "number": 1, "created_at": "2026-10-01T00:00:00"}], Reason.UNPARSEABLE),
        ([{"state": "open", "number": "1", "created_at": "2026-10-01T00:00:00Z"}], Reason.UNPARSEABLE),
    ],
)
@pytest.mark.parametrize("key", ["dependabot", "code_scanning", "secret_scanning"])
def test_what_cannot_be_read_is_unknown(key, given, reason):
    found = said(given, **LIMITS[key])
    assert {(type(one), one.control.partition(".")[0]) for one in found} == {(Undecided, key)}
    assert {one.reason for one in found} == {reason}


def test_what_is_known_of_a_list_decides_where_it_is_enough():
    limits = DependabotLimits(max=2, critical=AlertLimit(max=1), older_than="60d")
    found = said(DEPENDABOT, complete=False, dependabot=limits)
    assert [(type(one), one.control) for one in found] == [
        (Finding, "dependabot.max"),
        (Undecided, "dependabot.older_than"),
        (Undecided, "dependabot.critical.max"),
    ]
    assert "later pages of the list could not be read" in found[2].message


def test_a_severity_that_nobody_knows_counts_for_the_total_and_leaves_the_others_open():
    listed = [dependabot_alert(1, "catastrophic", ago(days=9))]
    assert only(Finding, listed, dependabot=DependabotLimits(max=0)).evidence[0].text.startswith("#1: of unknown sev")
    found = only(Undecided, listed, dependabot=DependabotLimits(critical=NONE))
    assert "alert #1 has a severity that this govcheck does not know" in found.message
    assert only(Undecided, listed, dependabot=DependabotLimits(low=AlertLimit(older_than="1d")))
    assert only(Held, listed, dependabot=DependabotLimits(critical=AlertLimit(max=1)))


def test_generic_secrets_count_and_are_asked_for_by_name():
    one = [secret_alert(1, ago(days=3))]
    both = only(Finding, one, [secret_alert(1, ago(days=3)), secret_alert(2, ago(days=1))], **LIMITS["secret_scanning"])
    assert (both.actual, both.expected) == (2, 0)
    refused = (422, {"message": "Validation Failed"})
    found = only(Undecided, [], refused, **LIMITS["secret_scanning"])
    assert "secret_type=ec_private_key,generic_private_key," in found.message
    assert only(Held, [], refused, secret_scanning=SecretLimit(max=0, generic=False))
    assert "password" in GENERIC_SECRET_ALERTS


def test_no_secret_is_in_what_is_said():
    listed = [secret_alert(1, ago(days=3), bypassed_by="mallory")]
    found = only(Finding, listed, **LIMITS["secret_scanning"])
    assert SECRET not in repr(found)
    assert found.evidence[0].text == (
        "#1: Adafruit IO Key, opened 2026-10-17, 3 days ago; pushed past push protection by mallory"
    )


def test_bypasses_count_whatever_became_of_their_alerts():
    listed = [
        secret_alert(1, ago(days=3), state="resolved", bypassed_by="mallory"),
        secret_alert(2, ago(days=50), bypassed_by="mallory"),
        secret_alert(3, ago(days=1)),
    ]
    found = only(Finding, listed, bypassed=BypassLimit(max=1))
    assert found.message == "2 secrets were pushed past push protection, where the policy wants at most 1"
    found = only(Finding, listed, bypassed=BypassLimit(max=0, within="30d"))
    assert found.message == "1 secret was pushed past push protection within 30d, where the policy wants none"
    assert found.evidence[0].text.endswith("by mallory, resolved as used_in_tests")
    held = only(Held, listed, bypassed=BypassLimit(max=0, within="1d"))
    assert held.message == "no secret was pushed past push protection within 1d"
    assert only(Finding, OFF["secret_scanning"], bypassed=BypassLimit(max=9)).control == "bypassed"
    assert only(Undecided, (404, {"message": "Not Found"}), bypassed=BypassLimit(max=9)).control == "bypassed.max"
    silent = {key: value for key, value in listed[2].items() if key != "push_protection_bypassed"}
    assert only(Undecided, [silent], bypassed=BypassLimit(max=0)).reason is Reason.UNPARSEABLE


@pytest.mark.parametrize(
    ("keys", "paths"),
    [
        ({}, [()]),
        ({"dependabot": DependabotLimits()}, [("dependabot",)]),
        ({"dependabot": DependabotLimits(critical=AlertLimit())}, [("dependabot", "critical")]),
        ({"secret_scanning": SecretLimit(max=-1)}, [("secret_scanning", "max")]),
        (
            {"code_scanning": CodeScanningLimits(note=AlertLimit(older_than="soon"))},
            [("code_scanning", "note", "older_than")],
        ),
        ({"bypassed": BypassLimit(max=0, within="a month")}, [("bypassed", "within")]),
    ],
)
def test_limits_limit_something(keys, paths):
    assert [path for path, _ in OpenAlerts(id="x", **keys).problems()] == paths


SEVERITY = st.sampled_from(["critical", "high", "medium", "low", "other"])
LISTED = st.lists(st.tuples(SEVERITY, st.integers(0, 100)), max_size=6)


@given(LISTED, LISTED, st.integers(0, 4), st.booleans())
def test_more_alerts_and_less_knowledge_never_make_a_limit_hold(fewer, more, most, complete):
    limits = DependabotLimits(max=most, older_than="30d", high=AlertLimit(max=most, older_than="7d"))

    def judged(listed, complete):
        made = [dependabot_alert(number, severity, ago(days=days)) for number, (severity, days) in enumerate(listed)]
        return said(made, complete=complete, dependabot=limits)

    few, many = judged(fewer, complete=True), judged(fewer + more, complete)
    exceeded = {one.control for one in few if isinstance(one, Finding)}
    assert exceeded <= {one.control for one in many if isinstance(one, Finding)}
    if not isinstance(few[0], Held) or not complete:
        assert not isinstance(many[0], Held)


def analysis(created_at, error="", **more):
    return {"ref": "refs/heads/main", "created_at": created_at, "error": error, "tool": {"name": "CodeQL"}, **more}


def analysed(given, within="8d", **limits):
    return said([], given, code_scanning=CodeScanningLimits(analysed_within=within, **limits))


def test_a_default_branch_that_was_analysed_lately_holds():
    listed = [analysis(ago(days=2), error="no SARIF"), analysis(ago(days=30)), analysis(ago(days=8))]
    found = analysed(listed, critical=NONE)
    assert [type(one) for one in found] == [Held, Held]
    assert found[-1].message == "analysed by CodeQL on 2026-10-12"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            [analysis(ago(days=9)), analysis(ago(days=1), error="no SARIF")],
            "the newest analysis of the default branch is 9 days old, where the policy wants one within 8d",
        ),
        (
            (404, {"message": "no analysis found"}),
            'wants one within 8d: GitHub says "no analysis found"',
        ),
        (
            [],
            "code scanning has no analysis of the default branch, where the policy wants one within 8d: there is none",
        ),
        ([analysis(ago(days=1), error="no SARIF")], 'the newest of them ended in an error: "no SARIF"'),
        ((403, {"message": "Code Security must be enabled for this repository."}), "Code Security must be enabled"),
    ],
    ids=["old", "never", "empty", "failed", "plan"],
)
def test_a_default_branch_that_was_not_is_a_finding_whatever_the_alerts_are(given, message):
    (found,) = [one for one in analysed(given) if not isinstance(one, Held)]
    assert isinstance(found, Finding)
    assert (found.control, found.direction) == ("code_scanning.analysed_within", "weakened")
    assert message in found.message


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((403, {"message": "Resource not accessible by integration"}), Reason.PERMISSION),
        ((404, {"message": "Not Found"}), Reason.PERMISSION),
        ((503, {"message": "Service unavailable"}), Reason.API_ERROR),
        ([analysis("yesterday")], Reason.UNPARSEABLE),
        ([analysis("2026-10-20T10:00:00")], Reason.UNPARSEABLE),
        ({"message": "an object"}, Reason.UNPARSEABLE),
        (["an analysis"], Reason.UNPARSEABLE),
    ],
)
def test_analyses_that_cannot_be_read_are_unknown(given, reason):
    (found,) = [one for one in analysed(given) if not isinstance(one, Held)]
    assert isinstance(found, Undecided)
    assert (found.control, found.reason) == ("code_scanning.analysed_within", reason)


def test_alerts_that_nobody_asks_about_are_not_said_to_be_none():
    unread = (403, {"message": "Resource not accessible by integration"})
    found = said(unread, [analysis(ago(days=1))], code_scanning=CodeScanningLimits(analysed_within="8d"))
    assert [one.control for one in found] == ["code_scanning.analysed_within"]


def test_where_nothing_is_watched_that_is_said_once():
    nothing = (404, {"message": "no analysis found"})
    (found,) = said(nothing, nothing, code_scanning=CodeScanningLimits(analysed_within="8d"))
    assert found.control == "code_scanning"


def test_an_age_that_is_none_is_a_mistake_in_the_policy():
    policy = OpenAlerts(id="open", code_scanning=CodeScanningLimits(analysed_within="soon"))
    (problem,) = policy.problems()
    assert problem[0] == ("code_scanning", "analysed_within")
    assert not list(OpenAlerts(id="open", code_scanning=CodeScanningLimits(analysed_within="8d")).problems())
