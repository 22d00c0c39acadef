"""`notification-recipients` in files: Alertmanager, Grafana, texts that promise, and what messages show."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.data_files import DataFiles
from govcheck.facts.tree import Blobs, TrackedFiles
from govcheck.findings import Judged, Reason, Undecided
from govcheck.rules.notification_recipients import (
    Allowed,
    NotificationRecipients,
    Required,
    alert_receivers,
    promised_addresses,
    required_words,
)
from govcheck.sources.data_files import read_data_files
from written_workflows import workflows

RECEIVERS = """
receivers:
  - name: ops
    email_configs: [{to: 'ops@x.io, Boss <boss@y.io>', headers: {Reply-To: answers@z.io, Subject: s@s.io}}]
  - name: chat
    slack_configs: [{channel: '#alerts'}]
  - name: hook
    webhook_configs: [{url: 'https://hooks.z.io/secret/path'}, {url_file: /etc/hook}]
  - name: pager
    pagerduty_configs: [{routing_key: k}]
  - name: chatless
    slack_configs: [{}]
global: {slack_api_url: 'https://hooks.slack.com/services/T/B/secret'}
"""
EVERYBODY = {"ops@x.io", "boss@y.io", "answers@z.io"}


def said(check, policy, *facts):
    read = next((one for one in facts if isinstance(one, Blobs | DataFiles)), None)
    if read is not None:
        paths = read.contents if isinstance(read, Blobs) else read.files
        facts = (*facts, TrackedFiles(dict.fromkeys(paths, "100644")))
    return [one for one in check.judge(policy, *facts) if not isinstance(one, Judged)]


def told(route, text=RECEIVERS, **allow):
    data = read_data_files({"monitoring/alertmanager.yml": f"route: {route}\n{text}".encode()})
    return said(alert_receivers, NotificationRecipients(id="p", allow=Allowed(**allow)), data)


def subjects(route, **allow):
    return {one.subject for one in told(route, **allow)}


@pytest.mark.parametrize(
    ("route", "found"),
    [
        ("{receiver: ops}", EVERYBODY),
        ("{receiver: chat, routes: [{match: {a: b}, receiver: ops}]}", {"#alerts", *EVERYBODY}),
        ("{receiver: ops, routes: [{receiver: chat}]}", {"#alerts"}),
        (
            "{receiver: ops, routes: [{receiver: chat, continue: true}, {matchers: [a=b], receiver: pager}]}",
            {"#alerts", "https://events.pagerduty.com/…"},
        ),
        ("{receiver: ops, routes: [{receiver: chat}, {receiver: pager}]}", {"#alerts"}),
        (
            "{receiver: chat, routes: [{match_re: {a: b}, routes: [{matchers: [c=d], receiver: pager}]}]}",
            {"#alerts", "https://events.pagerduty.com/…"},
        ),
        ("{receiver: chatless}", {"https://hooks.slack.com/…"}),
        ("{receiver: nobody}", set()),
    ],
)
def test_who_is_told_is_whom_a_route_leads_to(route, found):
    assert subjects(route) == found


def test_what_is_allowed_and_what_a_template_hides():
    assert subjects("{receiver: ops}", domain=("x.io",), email=("boss@y.io", "answers@z.io")) == set()
    hook, hidden = told("{receiver: hook}")
    assert "secret" not in hook.message
    assert (hidden.reason, isinstance(hidden, Undecided)) == (Reason.DYNAMIC, True)
    text = "receivers: [{name: ops, email_configs: [{to: '${OPS}'}, {to: '{{ .Values.to }}'}]}]\n"
    (finding, unknown) = told("{receiver: ops}", text)
    assert (finding.subject, unknown.reason) == ("secret:OPS", Reason.DYNAMIC)
    assert len(told("{receiver: ops}", text, secret=("OPS",))) == 1


GRAFANA = """
apiVersion: 1
contactPoints:
  - orgId: 1
    name: mail
    receivers:
      - {uid: a, type: email, settings: {addresses: 'ops@x.io;boss@y.io'}}
  - name: chat
    receivers: [{uid: b, type: slack, settings: {recipient: alerts, url: $SLACK}}]
"""
POLICIES = "policies: [{orgId: 1, receiver: mail, routes: [{object_matchers: [[a, '=', b]], receiver: mail}]}]\n"
RULE = "groups: [{name: g, rules: [{title: t, notification_settings: {receiver: chat}}]}]\n"


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ({}, {"ops@x.io", "boss@y.io", "alerts"}),
        ({"policies": POLICIES}, {"ops@x.io", "boss@y.io"}),
        ({"policies": POLICIES, "rules": RULE}, {"ops@x.io", "boss@y.io", "alerts"}),
    ],
)
def test_grafana_reads_its_files_together(others, found):
    files = {"a/provisioning/alerting/points.yml": GRAFANA.encode()}
    files |= {f"a/provisioning/alerting/{name}.yaml": text.encode() for name, text in others.items()}
    policy = NotificationRecipients(id="p", allow=Allowed())
    assert {one.subject for one in said(alert_receivers, policy, read_data_files(files))} == found


@pytest.mark.parametrize("text", ["{{- if .x }}\nroute: {}\n", "receivers: [", "\0"])
def test_a_template_that_is_no_yaml_is_unknown(text):
    data = read_data_files({"alertmanager.yml": text.encode()})
    (found,) = said(alert_receivers, NotificationRecipients(id="p", allow=Allowed()), data)
    assert isinstance(found, Undecided)


@pytest.mark.parametrize("text", ["", "- x", "services: {alertmanager: {image: a}}", "groups: [{name: a}]", "route: 5"])
def test_a_file_that_configures_neither_says_nothing(text):
    data = read_data_files({"alertmanager.yml": text.encode()})
    assert said(alert_receivers, NotificationRecipients(id="p", allow=Allowed()), data) == []


ROUTES = st.recursive(
    st.fixed_dictionaries({"receiver": st.sampled_from(["ops", "chat"])}),
    lambda below: st.fixed_dictionaries(
        {"receiver": st.sampled_from(["ops", "chat"]), "routes": st.lists(below, max_size=3)},
        optional={"match": st.just({"a": "b"}), "continue": st.booleans()},
    ),
    max_leaves=8,
)


@given(ROUTES)
def test_an_alert_that_nothing_matches_reaches_somebody_and_matchers_only_add(route):
    def with_matchers(one):
        return {**one, "match": {"a": "b"}, "routes": [with_matchers(below) for below in one.get("routes", [])]}

    found = subjects(json.dumps(route))
    assert found
    assert found <= subjects(json.dumps({**with_matchers(route), "match": {}}))


def test_texts_promise_only_whom_the_policy_allows():
    policy = NotificationRecipients(id="p", allow=Allowed(email=("ops@x.io",)), documents=("SECURITY.md",))
    text = "# S\n\nMail **ops@x.io**, or <mallory@y.io>; not git@github.com:a/b or a@b.\n"
    found = said(promised_addresses, policy, Blobs({"SECURITY.md": text.encode()}))
    assert [(one.subject, one.location.line, one.location.column) for one in found] == [("mallory@y.io", 3, 24)]


TELLING = """
on: push
jobs:
  deploy: {runs-on: x, outputs: {version: v}, steps: [{id: s, run: make}]}
  other: {runs-on: x, steps: [{run: make}]}
  notify:
    needs: [deploy]
    runs-on: x
    steps:
      - uses: dawidd6/action-send-mail@v3
        with:
          to: ops@x.io
          body: |
            ${{ github.sha }} ${{ needs.deploy.outputs.VERSION }}
            ${{ needs.deploy.outputs.time }}
            ${{ needs.other.outputs.version }} ${{ needs.gone.outputs.x }} ${{ steps.s.outputs.x }}
"""


def test_what_a_message_shows_in_vain_and_what_it_does_not_show():
    required = Required(workflow="w.yml", shows=("github.sha", "github.actor"))
    policy = NotificationRecipients(id="p", require=(required,))
    found = said(required_words, policy, workflows({"w.yml": TELLING, "v.yml": TELLING}))
    assert [(one.control, one.subject.rpartition(": ")[2], one.location.line) for one in found] == [
        ("blank", "needs.deploy.outputs.time", 14),
        ("blank", "needs.other.outputs.version", 15),
        ("blank", "needs.gone.outputs.x", 15),
        ("blank", "steps.s.outputs.x", 15),
        ("shows", "github.actor", 9),
    ]
