"""Settings and alerts of code security against GitHub's own description: nothing is read that is not there."""

import gzip
import json
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from govcheck.settings import registry
from govcheck.settings.alerts import (
    bypassed_secret,
    code_scanning_alert,
    dependabot_alert,
    read_alerts,
    secret_alert,
)
from govcheck.settings.endpoints import ENDPOINTS
from live_branches import answer

DESCRIPTION = Path(__file__).parents[2] / "../shared/data/github-openapi-get.json.gz"

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="GitHub's OpenAPI description is not at ../shared/data: not part of a clone"
)


@cache
def description():
    return json.loads(gzip.decompress(DESCRIPTION.read_bytes()))


def resolved(node):
    """A part of the description, where it is told by reference too."""
    if "$ref" not in node:
        return node
    _, group, name = node["$ref"].rsplit("/", 2)
    return {**node, **resolved(description()["components"][group][name])}


def get(template):
    return description()["paths"][f"/{template.partition('?')[0]}"]["get"]


def content(template):
    return resolved(get(template)["responses"]["200"])["content"]["application/json"]


def example(template):
    (found,) = content(template)["examples"].values()
    return resolved(found)["value"]


ROWS = [one for one in registry.of_kind("code-security") if one.path]
UNDOCUMENTED = {"validity_checks"}
"""In recordings of answers, and in no description."""


def below(node, path):
    """The schema at a dotted path, through references, lists and alternatives; None where there is none."""
    found = resolved(node)
    for key in filter(None, path.removeprefix("[]").split(".")):
        found = resolved(found["items"]) if "items" in found else found
        alternatives = [resolved(one) for one in (found, *found.get("anyOf", ()), *found.get("allOf", ()))]
        inner = next((one["properties"][key] for one in alternatives if key in one.get("properties", {})), None)
        if inner is None:
            return None
        found = resolved(inner)
    return found


@pytest.mark.parametrize("setting", ROWS, ids=lambda setting: setting.key)
def test_every_setting_of_code_security_is_one_that_github_describes(setting):
    found = below(content(setting.endpoint)["schema"], setting.path)
    assert (found is None) is (setting.key in UNDOCUMENTED)
    if found and setting.values is not None:
        assert set(found["enum"]) == set(setting.values)
    if found and setting.order:
        assert set(found["enum"]) == set(setting.order)
    if setting.unless is not None:
        assert below(content(setting.endpoint)["schema"], setting.unless[0]) is not None


@pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS.values() if one.members], ids=lambda one: one.template)
def test_every_member_that_is_kept_of_a_list_is_one_that_github_describes(endpoint):
    assert {
        member for member in endpoint.members if below(content(endpoint.template)["schema"], member) is None
    } == set()


@pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS.values() if one.members], ids=lambda one: one.template)
def test_every_parameter_of_a_list_is_one_that_github_describes(endpoint):
    named = {resolved(one)["name"] for one in get(endpoint.template)["parameters"]}
    asked = {*dict(endpoint.parameters), *dict(parse_qsl(endpoint.template.partition("?")[2]))}
    assert asked <= named


def test_githubs_own_examples_of_alerts():
    dependabot = example("repos/{owner}/{repo}/dependabot/alerts")
    scanned = example("repos/{owner}/{repo}/code-scanning/alerts")
    secrets = example("repos/{owner}/{repo}/secret-scanning/alerts")
    told = [
        [(one.number, one.severity, one.what) for one in read_alerts([answer("x", listed)], read).alerts]
        for listed, read in (
            (dependabot, dependabot_alert),
            (scanned, code_scanning_alert),
            (secrets, secret_alert),
            (secrets, bypassed_secret),
        )
    ]
    assert told == [
        [(1, "medium", "ansible in path/to/requirements.txt")],
        [(4, "error", "js/zipslip of CodeQL")],
        [],
        [(2, "none", "Adafruit IO Key")],
    ]
