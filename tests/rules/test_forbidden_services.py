"""Forbidden services: manifests, workflows and lines in, services that are used out."""

import pytest

from govcheck.errors import PolicyError
from govcheck.facts import Missing
from govcheck.facts.change import AddedLines
from govcheck.facts.tree import Blobs, Tree
from govcheck.findings import Judged, Reason, Undecided
from govcheck.rules.forbidden_services import (
    ForbiddenServices,
    Service,
    actions,
    added_lines,
    packages,
    tracked_lines,
)
from govcheck.sources.data_files import read_data_files
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.workflow_files import read_workflows

SENTRY = Service(
    name="sentry", packages=("@sentry/*", "sentry-sdk"), actions=("getsentry/*",), hosts=("ingest.sentry.io",)
)
DATADOG = Service(name="datadog", packages=("github.com/DataDog/**", "dd-trace"), hosts=("datadoghq.com",))


def policy(**keys):
    return ForbiddenServices(id="p", services=(SENTRY, DATADOG), **keys)


def said(found):
    return [one for one in found if not isinstance(one, Judged)]


def told(found):
    return [(one.control, one.subject, one.location.line) for one in said(found)]


def in_lines(path, *lines, **keys):
    numbered = tuple((10 + 2 * place, line.encode()) for place, line in enumerate(lines))
    return told(added_lines.judge(policy(**keys), AddedLines({path: numbered})))


def in_tree(path, content, **keys):
    return tracked_lines.judge(policy(**keys), Tree({path: "100644"}), Blobs({path: content}))


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("a/package.json", '{"dependencies": {"@Sentry/node": "1", "sentry": "1"}}', [("sentry", "@Sentry/node")]),
        ("requirements.txt", "Sentry_SDK==1\n", [("sentry", "sentry-sdk")]),
        (
            "go.mod",
            "require github.com/DataDog/datadog-go/v5 v5.1.0\n",
            [("datadog", "github.com/DataDog/datadog-go/v5")],
        ),
        ("package-lock.json", '{"packages": {"node_modules/dd-trace": {}}}', [("datadog", "dd-trace")]),
    ],
)
def test_packages_of_manifests(path, text, found):
    is_data = path.endswith(".json")
    data, blobs = ({path: text.encode()}, {}) if is_data else ({}, {path: text.encode()})
    judged = told(packages.judge(policy(), read_data_files(data), Blobs(blobs)))
    assert [(control, subject) for control, subject, _ in judged] == [(one, f"{path}: {name}") for one, name in found]


def test_a_manifest_that_cannot_be_read_is_unknown_and_a_lock_can_be_left_out():
    broken = read_data_files({"package.json": b"{"})
    (found,) = said(packages.judge(policy(), broken, Blobs({})))
    assert isinstance(found, Undecided)
    lock = read_data_files({"package-lock.json": b'{"packages": {"node_modules/dd-trace": {}}}'})
    assert said(packages.judge(policy(direct_only=True), lock, Blobs({}))) == []


def test_actions_of_workflows():
    text = b"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: GetSentry/action-release@v1\n"
    workflows = read_workflows({".github/workflows/a.yml": text})
    assert told(actions.judge(policy(), workflows)) == [
        ("sentry", ".github/workflows/a.yml: GetSentry/action-release", 6)
    ]
    assert told(actions.judge(policy(allow=("sentry",)), workflows)) == []


def test_imports_and_hosts_of_added_lines_have_the_lines_of_the_file():
    assert in_lines("a.ts", 'import "@sentry/node/init";', "", 'x("https://k@o1.ingest.sentry.io/1")') == [
        ("sentry", "a.ts: o1.ingest.sentry.io", 14),
        ("sentry", "a.ts: @sentry/node/init", 10),
    ]
    assert in_lines("a.py", "import os, sentry_sdk.integrations as s") == [
        ("sentry", "a.py: sentry_sdk.integrations", 10)
    ]


def test_prose_is_looked_into_where_it_is_asked_for():
    assert in_lines("a.md", "datadoghq.com") == []
    assert in_lines("a.md", "datadoghq.com", paths=("**",)) == [("datadog", "a.md: datadoghq.com", 10)]
    assert in_lines("old/a.yml", "datadoghq.com", except_=("old/**",)) == []


def test_a_file_is_told_once_for_each_thing_and_utf_16_hides_nothing():
    (found,) = said(in_tree("a.yml", "site: datadoghq.com\nagain: DatadogHQ.com\n".encode("utf-16-le")))
    assert (found.subject, found.location.line, [one.location.line for one in found.evidence]) == (
        "a.yml: datadoghq.com",
        1,
        [2],
    )


def test_a_file_that_is_too_large_is_unknown():
    (found,) = said(in_tree("a.json", Missing(reason=Reason.UNPARSEABLE, message="100 MB")))
    assert (found.control, found.reason) == ("lines", Reason.UNPARSEABLE)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("services: []", "an empty list forbids nothing"),
        ("services: [{name: a}]", "nothing betrays it"),
        ("services: [{name: a, hosts: ['https://a.io']}]", "is no host"),
        ("services: [{name: a, hosts: ['*.a.io']}]", "is no host"),
        ("services: [{name: a, actions: [getsentry]}]", "is an owner"),
        ("services: [{name: a, hosts: [a.io]}, {name: a, hosts: [b.io]}]", "the name of another service"),
        ("services: [{name: a, hosts: [a.io]}]\nallow: [b]", "is none of `services`"),
    ],
)
def test_what_can_match_nothing_is_refused(written, why):
    text = f"kind: forbidden-services\nid: p\n{written}\n"
    with pytest.raises(PolicyError) as caught:
        load_policies([PolicySource("p.yaml", text.encode())])
    assert why in str(caught.value)
