"""The table of controls against GitHub's own description of its API: nothing is read that is not there."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from govcheck.settings import classic
from govcheck.settings.check_controls import ALERTS, SECURITY_ALERTS
from govcheck.settings.controls import CONTROLS, KEPT
from govcheck.settings.protection import effective_protection
from live_branches import REPOSITORY, answer, live, protection_answer

DESCRIPTION = Path(__file__).parents[2] / "../shared/data/github-openapi-get.json.gz"

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="GitHub's OpenAPI description is not at ../shared/data: not part of a clone"
)


@cache
def description():
    return json.loads(gzip.decompress(DESCRIPTION.read_bytes()))


def schema(name):
    found = description()["components"]["schemas"][name]
    return {**found, **schema(found["$ref"].rsplit("/", 1)[1])} if "$ref" in found else found


def example(path):
    content = description()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    (found,) = content["examples"].values()
    if "$ref" in found:
        found = description()["components"]["examples"][found["$ref"].rsplit("/", 1)[1]]
    return found["value"]


def leaves(node, path):
    """The names of everything that a parameter has in it: `code_scanning_tools[].tool`."""
    if "$ref" in node:
        node = schema(node["$ref"].rsplit("/", 1)[1])
    if "properties" in node:
        for key, inner in node["properties"].items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif node.get("type") == "array" and node["items"].get("type") != "string":
        yield from leaves(node["items"], f"{path}[]")
    else:
        yield path


def rule_types():
    """From each type of rule to everything that its parameters have in them."""
    types = {}
    for alternative in schema("repository-rule-detailed")["oneOf"]:
        one = schema(alternative["allOf"][0]["$ref"].rsplit("/", 1)[1])["properties"]
        types[one["type"]["enum"][0]] = set(leaves(one.get("parameters", {"properties": {}}), ""))
    return types


def read_parameters():
    return {(one.type, name) for control in CONTROLS.values() for one in control.rules for name in one.parameters}


def test_every_type_of_rule_is_a_control():
    assert len(rule_types()) == 23
    assert {reading.type for control in CONTROLS.values() for reading in control.rules} == rule_types().keys()


def test_every_parameter_of_every_rule_is_a_control_or_kept_as_it_is():
    """A new one in GitHub's description fails here, by its name."""
    described = {(kind, name) for kind, names in rule_types().items() for name in names}
    assert read_parameters() | KEPT == described
    assert not read_parameters() & KEPT


def test_the_levels_of_code_scanning_are_those_that_github_has():
    tool = schema("repository-rule-params-code-scanning-tool")["properties"]
    assert tuple(tool["alerts_threshold"]["enum"]) == ALERTS
    assert tuple(tool["security_alerts_threshold"]["enum"]) == SECURITY_ALERTS


def test_every_part_of_classic_protection_that_is_read_is_one_that_github_sends():
    whole = schema("branch-protection")["properties"]
    assert classic.READ_KEYS.keys() <= whole.keys()
    reviews = schema("protected-branch-pull-request-review")["properties"]
    assert classic.READ_KEYS["required_pull_request_reviews"] <= reviews.keys()
    checks = schema("protected-branch-required-status-check")["properties"]
    assert classic.READ_KEYS["required_status_checks"] <= checks.keys()


def test_githubs_own_example_of_classic_protection():
    body = example("/repos/{owner}/{repo}/branches/{branch}/protection")
    protection = effective_protection(live(protection=protection_answer(body)))
    told = {key: one.json for key, one in protection.controls.items() if one.given and key != "merge_methods"}
    assert told == {
        "pull_requests": True,
        "approvals": 2,
        "dismiss_stale_reviews": True,
        "code_owner_reviews": True,
        "last_push_approval": True,
        "review_dismissals": ["app:octoapp", "team:octocat/justice-league", "user:octocat"],
        "conversation_resolution": True,
        "status_checks": ["continuous-integration/travis-ci"],
        "linear_history": True,
        "updates": "forbidden",
        "push_restrictions": ["app:octoapp", "team:octocat/justice-league", "user:octocat"],
    }


def test_githubs_own_examples_of_rules_and_a_ruleset():
    rules = answer(f"{REPOSITORY}/rules/branches/main", example("/repos/{owner}/{repo}/rules/branches/{branch}"))
    own = answer(f"{REPOSITORY}/rulesets/42", example("/repos/{owner}/{repo}/rulesets/{ruleset_id}"))
    controls = effective_protection(live(([], own), rules=rules)).controls
    (message,) = controls["commit_message_patterns"].given
    assert (message.value, message.source.name) == (
        {"starts_with issue"},
        'ruleset "super cool ruleset" (42) of monalisa/my-repo',
    )
    assert [passer.actor for passer in message.passers.known] == ["team:id-234"]
    (author,) = controls["commit_author_email_patterns"].given
    assert author.source.name == "ruleset 73 of my-org"
    assert author.passers.trouble is not None
