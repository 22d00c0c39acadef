"""Environments and secrets against GitHub's own description of its API, and its own examples."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from govcheck.settings.endpoints import (
    DEPENDABOT_SECRETS,
    ENVIRONMENT_BRANCHES,
    ENVIRONMENT_RULES,
    ENVIRONMENT_SECRETS,
    ENVIRONMENTS,
    ORGANISATION_SECRETS,
    REPOSITORY_SECRETS,
)
from govcheck.settings.environments import environments, read_protection
from govcheck.settings.registry import of_kind
from govcheck.settings.secret_stores import actions_stores
from live_answers import live

DESCRIPTION = Path(__file__).parents[2] / "../shared/data/github-openapi-get.json.gz"

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="GitHub's OpenAPI description is not at ../shared/data: not part of a clone"
)


@cache
def description():
    return json.loads(gzip.decompress(DESCRIPTION.read_bytes()))


def example(template):
    content = description()["paths"][f"/{template}"]["get"]["responses"]["200"]["content"]["application/json"]
    (found,) = content["examples"].values()
    if "$ref" in found:
        found = description()["components"]["examples"][found["$ref"].rsplit("/", 1)[1]]
    return found["value"]


def named(template, name):
    return template.replace("{environment_name}", name)


@pytest.mark.parametrize(
    "template",
    [
        *(DEPENDABOT_SECRETS, ENVIRONMENT_BRANCHES, ENVIRONMENT_RULES, ENVIRONMENT_SECRETS),
        *(ENVIRONMENTS, ORGANISATION_SECRETS, REPOSITORY_SECRETS),
    ],
)
def test_every_endpoint_is_one_of_githubs(template):
    assert f"/{template}" in description()["paths"]


def test_githubs_own_example_of_an_environment():
    answers = {
        ENVIRONMENTS: example(ENVIRONMENTS),
        named(ENVIRONMENT_BRANCHES, "staging"): example(ENVIRONMENT_BRANCHES),
        named(ENVIRONMENT_RULES, "staging"): example(ENVIRONMENT_RULES),
    }
    facts = live(answers)
    (one,) = environments(facts).listed
    told = {setting.key: read_protection(setting, one, facts) for setting in of_kind("environment-protection")}
    assert {key: found.value for key, found in told.items() if found.trouble is None} == {
        "reviewers": ["team:o/justice-league", "user:octocat"],
        "min_reviewers": 2,
        "self_review": "allowed",
        "wait": 30,
        "branches": ["main", "release/*"],
        "custom_rules": ["a-custom-app", "another-custom-app"],
    }
    assert told["admin_bypass"].trouble is not None


def test_githubs_own_examples_of_secrets():
    owner = {"owner": {"login": "o", "type": "Organization"}}
    answers = {
        REPOSITORY_SECRETS: example(REPOSITORY_SECRETS),
        ORGANISATION_SECRETS: example(ORGANISATION_SECRETS),
        ENVIRONMENTS: example(ENVIRONMENTS),
        named(ENVIRONMENT_SECRETS, "staging"): example(ENVIRONMENT_SECRETS),
    }
    assert {store.name: sorted(store.written) for store in actions_stores(live(answers, owner))} == {
        "repository": ["GH_TOKEN", "GIST_ID"],
        "organisation": ["GH_TOKEN", "GIST_ID"],
        "environment:staging": ["GH_TOKEN", "GIST_ID"],
    }
