"""The table of controls against GitHub's own description of its API: nothing is read that is not there."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from govcheck.settings import classic
from govcheck.settings.controls import CONTROLS
from govcheck.settings.protection import effective_protection
from live_branches import REPOSITORY, answer, live, protection_answer

DESCRIPTION = Path(__file__).parents[2] / "../shared/data/github-openapi-get.json.gz"

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="GitHub's OpenAPI description is not at ../shared/data: not part of a clone"
)

TAGS_ONLY = {"tag_name_pattern"}


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


def rule_types():
    """From each type of rule that can apply to a branch to the names of its parameters."""
    types = {}
    for alternative in schema("repository-rule-detailed")["oneOf"]:
        one = schema(alternative["allOf"][0]["$ref"].rsplit("/", 1)[1])["properties"]
        types[one["type"]["enum"][0]] = set(one.get("parameters", {}).get("properties", {}))
    return types


def test_every_type_of_rule_is_a_control():
    read = {reading.type for control in CONTROLS.values() for reading in control.rules}
    assert read == rule_types().keys() - TAGS_ONLY


def test_every_parameter_that_is_read_is_one_that_github_sends():
    types = rule_types()
    for control in CONTROLS.values():
        for reading in control.rules:
            assert set(reading.parameters) <= types[reading.type], control.key


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
