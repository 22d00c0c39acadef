"""What is read of people, keys, hooks and apps is what GitHub's own description says that it sends."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from govcheck.settings import deploy_keys, invitations, people, webhooks
from govcheck.settings.endpoints import ENDPOINTS
from govcheck.settings.registry import of_kind

DESCRIPTION = Path(__file__).parents[2] / "../shared/data/github-openapi-get.json.gz"

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="GitHub's OpenAPI description is not at ../shared/data: not part of a clone"
)


@cache
def description():
    return json.loads(gzip.decompress(DESCRIPTION.read_bytes()))


def operation(template):
    return description()["paths"][f"/{template.partition('?')[0]}"]["get"]


def example(template):
    content = operation(template)["responses"]["200"]["content"]["application/json"]
    (found,) = content["examples"].values()
    if "$ref" in found:
        found = description()["components"]["examples"][found["$ref"].rsplit("/", 1)[1]]
    return found["value"]


def of(path):
    return f"repos/{{owner}}/{{repo}}/{path}"


@pytest.mark.parametrize("endpoint", sorted({one.endpoint for one in of_kind("access")}))
def test_every_endpoint_is_one_that_github_has(endpoint):
    names = {parameter.get("name", parameter.get("$ref", "")) for parameter in operation(endpoint)["parameters"]}
    assert ENDPOINTS[endpoint].pages is any(name.endswith("page") for name in names)
    asked = [name for name, _ in ENDPOINTS[endpoint].parameters]
    query = endpoint.partition("?")[2].partition("=")[0]
    assert {*asked, *([query] if query else [])} <= names


@pytest.mark.parametrize(
    ("template", "read", "expected"),
    [
        (of("collaborators"), people.writers, ["user:octocat"]),
        (of("collaborators"), people.admins, []),
        (of("collaborators"), people.custom_roles, []),
        (of("teams"), people.teams, ["team:github/justice-league=admin"]),
        (of("autolinks"), people.autolinks, ["TICKET-=https://example.com/TICKET?query=<num>"]),
        (of("keys"), deploy_keys.keys, ["id-1=octocat@octomac (read)"]),
        (of("hooks"), webhooks.webhooks, ["https://example.com (12345678): no secret, TLS, active"]),
        (of("invitations"), invitations.invitations, ["user:octocat=write"]),
        ("orgs/{org}/installations", people.apps, ["app:github-actions"]),
        ("orgs/{org}/members", people.logins, ["user:octocat"]),
    ],
)
def test_githubs_own_examples_are_read(template, read, expected):
    assert read(example(template)) == expected


@pytest.mark.parametrize("key", ["two_factor_requirement_enabled", "default_repository_permission"])
def test_what_organisations_demand_is_where_github_has_it(key):
    assert key in example("orgs/{org}")
