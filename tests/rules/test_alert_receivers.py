"""`alert-receivers`: whom a live Alertmanager tells."""

import pytest

from govcheck.facts.live import Answer
from govcheck.facts.services import AlertReceivers as Fact
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.alert_receivers import AlertReceivers, AllowedReceivers, receivers

MAIL = ("ops", "email", "email", "Ops@example.com")
SLACK = ("chat", "slack", "channel", "#alerts")
HOOK = ("hook", "webhook", "webhook", "https://hooks.example.com")
HIDDEN = ("hook", "webhook", "webhook", "")
PAGER = ("pager", "pagerduty", "other", "")


def answer(body=None, status=200, **keys):
    return Answer(endpoint="api/v2/status", status=status, message="", body=body, **keys)


def alertmanager(*told, routed=None, silent=(), names=None):
    named = [*dict.fromkeys([name for name, *_ in told]), *silent]
    listed = [
        {"name": name, "integrations": [
            {"type": type_, "kind": kind, "value": value} for of, type_, kind, value in told if of == name
        ]}
        for name in named
    ]  # fmt: skip
    status = {"receivers": listed, "routed": named if routed is None else routed}
    return Fact(receivers=answer(named if names is None else names), status=answer(status))


def judged(fact, **policy):
    said = list(receivers.judge(AlertReceivers(id="p", **policy), fact))
    assert sum(isinstance(one, Judged) for one in said) == 1
    return [one for one in said if not isinstance(one, Judged)]


@pytest.mark.parametrize(
    ("one", "allow"),
    [
        (MAIL, {"email": ("ops@example.com",)}),
        (MAIL, {"domain": ("example.com",)}),
        (("ops", "email", "email", "Ops <ops@example.com>"), {"email": ("ops@example.com",)}),
        (SLACK, {"channel": ("alerts",)}),
        (HOOK, {"webhook": ("hooks.example.com",)}),
        (HOOK, {"webhook": ("*.example.com",)}),
        (PAGER, {"type": ("pagerduty",)}),
    ],
)
def test_who_is_allowed(one, allow):
    assert judged(alertmanager(one), allow=AllowedReceivers(**allow)) == []
    (finding,) = judged(alertmanager(one), allow=AllowedReceivers())
    assert isinstance(finding, Finding)


def test_who_is_not_reached_is_nobodys_business():
    assert judged(alertmanager(MAIL, SLACK, routed=["chat"]), allow=AllowedReceivers(channel=("alerts",))) == []


def test_whom_it_has_to_tell():
    fact = alertmanager(MAIL, HOOK, routed=["ops", "hook"])
    assert judged(fact, require=("ops@example.com", "hooks.example.com")) == []
    assert [
        one.subject for one in judged(alertmanager(MAIL, SLACK, routed=["chat"]), require=("ops@example.com",))
    ] == ["ops@example.com"]


def test_a_route_that_leads_nowhere():
    (finding,) = judged(alertmanager(silent=("null",)))
    assert (finding.control, finding.subject) == ("told", "null")
    assert judged(alertmanager(silent=("null",)), silent=("null",)) == []


def test_what_is_hidden_is_unknown():
    for policy in ({"allow": AllowedReceivers()}, {"require": ("hooks.example.com",)}):
        (undecided,) = judged(alertmanager(HIDDEN), **policy)
        assert undecided.reason is Reason.REDACTED


@pytest.mark.parametrize(
    "fact",
    [
        Fact(receivers=answer(status=None, failure="network"), status=answer({})),
        Fact(receivers=answer(["ops"]), status=answer(status=401)),
        Fact(receivers=answer(["ops"]), status=answer(None)),
        Fact(receivers=answer({}), status=answer({"receivers": [], "routed": []})),
        alertmanager(MAIL, names=["other"]),
    ],
)
def test_what_alertmanager_does_not_tell_is_unknown(fact):
    (undecided,) = judged(fact, allow=AllowedReceivers())
    assert isinstance(undecided, Undecided)


def test_policies_that_are_none():
    wrong = AllowedReceivers(email=("ops",), webhook=("https://x/y",))
    assert len(list(AlertReceivers(id="p", allow=wrong).problems())) == 2
