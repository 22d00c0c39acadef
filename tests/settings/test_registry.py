"""The registry of settings against itself, against the kinds, and against GitHub's own description of its API.

A setting that GitHub's description gains at an endpoint of `LEFT_OUT` fails here by its name: register it, or say there
why it is left out.
"""

import gzip
import json
import re
from dataclasses import fields
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from govcheck.facts.live import Answer
from govcheck.policy import Policy
from govcheck.policy_keys import keys, literals, members
from govcheck.registry import kind
from govcheck.settings import assertions, registered
from govcheck.settings.endpoints import ACTIONS, ENDPOINTS, ENVIRONMENTS, GRAPHQL, REPOSITORY
from govcheck.settings.reading import deciding_endpoint, read_document, with_deciding
from govcheck.settings.registry import WHOLE, Absent, graphql_fields, named, settings
from govcheck.settings.strength import Strength

SHARED = Path(__file__).parents[2] / "../shared"
DESCRIPTION = SHARED / "data/github-openapi-get.json.gz"
FACTS = SHARED / "facts/github.json"
described = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="GitHub's OpenAPI description is not at ../shared/data: not part of a clone"
)
recorded = pytest.mark.skipif(not FACTS.exists(), reason="../shared/facts is not part of a clone")

EVERY = {one.name: one for one in settings()}
KINDS = sorted({one.kind for one in settings()})

OBSERVED: dict[tuple[str, str], str] = {
    (REPOSITORY, "security_and_analysis.secret_scanning_validity_checks.status"): (
        "published answers to administrators, such as btclib-org/.github's of 2026; GitHub's description has it as a"
        " text of a code security configuration only"
    ),
    (ENVIRONMENTS, "environments[].can_admins_bypass"): (
        "answers about one environment: PyGithub/PyGithub#3246 of 2025-02-24, to a PUT. The list of 2022-04-13 in"
        " PyGithub's tests/ReplayData/Environment.testGetEnvironments.txt is without it: absent is unknown"
    ),
}
"""Endpoint and path of what GitHub sends and does not describe, and where it was seen."""

SELECTORS: dict[str, frozenset[str]] = {"environment-protection": frozenset({"environment", "exists", "used"})}
"""Keys of a kind that are no settings: which environment is meant, and the like."""

_IDENTITY = "names the repository, or counts what is in it"
_LINKS = "an address"
_PERMISSIONS = f"{ACTIONS}/permissions"
_ORGANISATION = "orgs/{org}/actions/permissions"

LEFT_OUT: dict[str, dict[str, str]] = {
    REPOSITORY: {
        "*_url": _LINKS,
        "url": _LINKS,
        **dict.fromkeys(("id", "node_id", "name", "full_name", "language", "size", "*_count", "fork"), _IDENTITY),
        **dict.fromkeys(("forks", "watchers", "open_issues", "pushed_at", "created_at", "updated_at"), _IDENTITY),
        **dict.fromkeys(("parent.*", "source.*", "template_repository.*"), "another repository"),
        "organization.*": "the owner once more",
        "owner.*": "the account's own data; what kind of account it is, is registered",
        "license.*": "the same licence under its other names",
        "code_of_conduct*": "only with a preview header; a file's name, not a setting",
        "permissions.*": "what the token at hand may do",
        "private": "the same as visibility, with less to it",
        "disabled": "GitHub's own act, not a setting",
        "master_branch": "an older name of the default branch",
        "use_squash_pr_title_as_default": "closing down: squash_merge_commit_title tells it",
        "anonymous_access_enabled": "of GitHub Enterprise Server alone",
        "temp_clone_token": "a secret",
        "security_and_analysis*": "of the kind code-security",
    },
    f"{REPOSITORY}/pages": {
        **dict.fromkeys(("url", "html_url"), _LINKS),
        **dict.fromkeys(("status", "custom_404"), "what is there, not how it is set"),
        **dict.fromkeys(("protected_domain_state", "pending_domain_unverified_at"), "how far a check of GitHub's is"),
        "https_certificate*": "GitHub's own certificate",
        "source.path": "the folder beside the branch",
    },
    f"{REPOSITORY}/immutable-releases": {},
    f"{REPOSITORY}/interaction-limits": {
        "origin": "whether the owner or the repository set it",
        "expires_at": "when it ends by itself",
    },
    f"{REPOSITORY}/interaction-limits/pulls/creation-cap": {"enabled": "without it the number means nothing"},
    f"{ACTIONS}/cache/retention-limit": {},
    f"{ACTIONS}/cache/storage-limit": {},
    f"{ACTIONS}/cache/usage": {
        "full_name": _IDENTITY,
        "active_caches_count": "how many, where how much is what a limit is about",
    },
    f"{ACTIONS}/oidc/customization/sub": {"sub_claim_prefix": "what the other keys come to"},
    _PERMISSIONS: {"selected_actions_url": _LINKS},
    f"{_PERMISSIONS}/access": {},
    f"{_PERMISSIONS}/artifact-and-log-retention": {},
    f"{_PERMISSIONS}/fork-pr-contributor-approval": {},
    f"{_PERMISSIONS}/fork-pr-workflows-private-repos": {},
    f"{_PERMISSIONS}/selected-actions": {},
    f"{_PERMISSIONS}/workflow": {},
    f"{ACTIONS}/runners": {
        "total_count": "how many",
        **dict.fromkeys(("runners[].id", "runners[].labels[].id", "runners[].runner_group_id"), "a number"),
        **dict.fromkeys(("runners[].os", "runners[].busy", "runners[].version"), "what the machine is and does"),
        "runners[].ephemeral": "how it was registered; not a setting of the repository",
        "runners[].labels[].type": "whether GitHub gave it the label",
    },
    f"{ACTIONS}/workflows": {
        "total_count": "how many",
        "workflows[].*": "what the file says, or an address; its state is registered",
    },
    _ORGANISATION: {"*_url": _LINKS},
    f"{_ORGANISATION}/artifact-and-log-retention": {"maximum_allowed_days": "of the plan, or the enterprise"},
    f"{_ORGANISATION}/fork-pr-contributor-approval": {},
    f"{_ORGANISATION}/selected-actions": {
        **dict.fromkeys(("github_owned_allowed", "verified_allowed"), "seen in what the repository says"),
    },
    f"{_ORGANISATION}/self-hosted-runners": {"selected_repositories_url": _LINKS},
    f"{_ORGANISATION}/workflow": {},
    "organizations/{org}/actions/cache/storage-limit": {},
}
"""Of every endpoint whose settings are all registered: the paths that are no settings, as patterns, and why not."""


@cache
def description():
    return json.loads(gzip.decompress(DESCRIPTION.read_bytes()))


def fits(path, pattern):
    """Whether a path is what a pattern means: `*` is anything, `[]` stands for itself."""
    return fnmatchcase(path, pattern.replace("[", "[[]"))


def resolved(schema):
    while "$ref" in schema:
        found = description()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def leaves(schema, above="", depth=0):
    """The paths of everything that is not an object with keys of its own; `[]` for the items of a list."""
    schema = resolved(schema)
    for alternative in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from leaves(alternative, above, depth)
    for key, child in schema.get("properties", {}).items():
        inner, path = resolved(child), f"{above}{key}"
        while inner.get("type") == "array":
            items = resolved(inner["items"])
            if not {"properties", "anyOf"} & items.keys():
                break
            inner, path = items, f"{path}[]"
        nested = list(leaves(inner, f"{path}.", depth + 1)) if depth < 3 else []
        yield from nested or [path]


@cache
def paths_of(template):
    responses = description()["paths"][f"/{template}"]["get"]["responses"]
    content = resolved(responses["200"])["content"]["application/json"]
    return frozenset(leaves(content["schema"]))


@pytest.fixture(params=EVERY.values(), ids=EVERY)
def setting(request):
    return request.param


def test_names_are_unique():
    assert len(EVERY) == len(settings())


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_the_keys_of_the_registry(name):
    model = kind(name).model
    own = {field.name for field in fields(model)} - {field.name for field in fields(Policy)}
    registered = {one.key for one in settings() if one.kind == name}
    assert own - SELECTORS.get(name, frozenset()) == registered


def test_its_endpoint_is_in_the_table_and_is_asked(setting):
    assert setting.endpoint in ENDPOINTS
    asked = assertions.endpoints([setting])
    assert asked[0] == setting.endpoint
    assert set(asked) <= {*ENDPOINTS, GRAPHQL}


def test_it_has_a_title_that_fits_into_a_sentence(setting):
    assert re.fullmatch(r"(?:[a-z].*|Dependabot .*|GitHub .*|HTTPS .*)[^.]", setting.title)
    assert setting.docs.startswith("https://docs.github.com/en/")
    titles = [one.title for one in settings() if one.kind == setting.kind]
    assert titles.count(setting.title) == 1


def test_its_words_are_those_of_the_policy(setting):
    """What a policy may write is what the setting can be, and the other way round."""
    model = kind(setting.kind).model
    (key,) = (key for key in keys(model) if key.field == setting.key)
    words = {*setting.order, *(value for value in (setting.values or {}).values() if isinstance(value, str))}
    assert set(literals(key.type)) <= words or not words
    if setting.strength in {Strength.AT_LEAST, Strength.AT_MOST}:
        assert int in members(key.type) or setting.name in LENGTHS_OF_TIME
    if setting.strength is Strength.TOGGLE:
        assert members(key.type) == (bool,)


LENGTHS_OF_TIME = frozenset({"environment-protection/wait"})
"""What GitHub counts in minutes, and policies write as people do: `10m`."""


def test_its_order_has_all_its_values_each_once(setting):
    assert len(set(setting.order)) == len(setting.order)
    assert not (setting.order and setting.strength)
    values = [*(setting.values or {}).values(), *(setting.elsewhere or {}).values(), setting.default]
    if setting.order:
        assert {value for value in values if value is not None} <= set(setting.order)


def test_its_default_is_never_a_guess(setting):
    """What only some may see has no default that could stand in for it: that is for refusals that say it is off."""
    if setting.absent is Absent.UNKNOWN and registered.is_kept(setting):
        whole = read_document(setting, Answer(endpoint="", status=200, message="", body={}))
        assert whole.trouble is not None or setting.unless is not None
        assert whole.value is None or whole.because


def sample(setting):
    if setting.order:
        return list(setting.order)
    if setting.values:
        return [value for value in setting.values.values() if value is not None]
    if setting.strength is Strength.TOGGLE:
        return [False, True]
    if setting.strength in {Strength.AT_LEAST, Strength.AT_MOST}:
        return [1, 2, 30]
    return [[], ["a"], ["a", "b"], ["c"]]


def test_its_directions_are_the_reverse_of_each_other(setting):
    back = {"weakened": "strengthened", "strengthened": "weakened", "changed": "changed", None: None}
    for before in sample(setting):
        for after in sample(setting):
            there = assertions.direction(setting, before, after)
            assert (there is None) is (before == after)
            assert assertions.direction(setting, after, before) == back[there]


def test_an_order_goes_from_weak_to_strong(setting):
    for weak, strong in zip(setting.order, setting.order[1:], strict=False):
        assert assertions.direction(setting, strong, weak) == "weakened"


def test_what_decides_about_an_endpoint_is_registered_and_decides_in_the_end():
    for template, endpoint in ENDPOINTS.items():
        if endpoint.only_where is not None:
            deciding = named(endpoint.only_where.setting)
            assert deciding is not None, template
            words = {*deciding.order, *(deciding.values or {}).values()} or {True, False}
            assert set(endpoint.only_where.values) < words, template
            assert deciding_endpoint(template) == deciding.endpoint
            assert len(set(with_deciding([template]))) == len(with_deciding([template]))


def test_what_it_comes_to_elsewhere_is_by_values_that_do_not_apply(setting):
    condition = ENDPOINTS[setting.endpoint].only_where
    for value in setting.elsewhere or {}:
        assert condition is not None
        assert value not in condition.values


def test_graphql_stands_in_for_what_graphql_has():
    assert graphql_fields()["squashMergeAllowed"] == "allow_squash_merge"
    assert all(one.graphql.startswith("Repository.") for one in settings() if one.graphql_too)


def test_its_graphql_field_is_written_as_a_type_and_a_field(setting):
    assert re.fullmatch(r"(?:[A-Z][A-Za-z]+\.[a-z][A-Za-z]+)?", setting.graphql)


@recorded
def test_its_graphql_field_is_one_that_was_looked_up(setting):
    known = {one.get("graphql") for one in json.loads(FACTS.read_text())["settings"]}
    assert setting.graphql in {"", "Repository.owner", *known}


@described
def test_its_path_is_one_that_github_describes(setting):
    if (setting.endpoint, setting.path) in OBSERVED or setting.path in {"", WHOLE}:
        assert f"/{setting.endpoint.partition('?')[0]}" in description()["paths"]
        return
    paths = paths_of(setting.endpoint)
    meant = re.sub(r"\[\w+\]", "[]", setting.path)
    assert any(path == meant or path.startswith((f"{meant}.", f"{meant}[")) for path in paths), sorted(paths)


@described
@pytest.mark.parametrize(("endpoint", "path"), OBSERVED, ids=str)
def test_what_was_observed_is_still_not_described(endpoint, path):
    assert path not in paths_of(endpoint)
    assert not any(one.startswith(path.removesuffix(".status")) for one in paths_of(endpoint))


@described
@pytest.mark.parametrize("template", LEFT_OUT)
def test_every_setting_that_github_describes_is_registered_or_left_out_for_a_reason(template):
    registered = {one.path for one in settings() if one.endpoint == template}
    new = [
        path
        for path in paths_of(template)
        if path not in registered and not any(fits(path, pattern) for pattern in LEFT_OUT[template])
    ]
    assert sorted(new) == [], f"{template}: register these, or say in LEFT_OUT why not"


@described
@pytest.mark.parametrize("template", LEFT_OUT)
def test_what_is_left_out_is_there(template):
    paths = paths_of(template)
    assert [one for one in LEFT_OUT[template] if not any(fits(path, one) for path in paths)] == []


@described
def test_the_words_of_a_setting_are_all_that_github_describes(setting):
    """An enumeration that grows in the description fails here."""
    enumerated = _enumeration(setting) if setting.path not in {"", WHOLE} else set()
    known = {*(setting.values or {}), *setting.order}
    if enumerated and known:
        assert enumerated <= known


def _enumeration(setting):
    found = description()["paths"][f"/{setting.endpoint}"]["get"]["responses"]["200"]
    schema = resolved(resolved(found)["content"]["application/json"]["schema"])
    for key in setting.path.split("."):
        properties = [one.get("properties", {}) for one in (schema, *map(resolved, schema.get("anyOf", ())))]
        schema = resolved(next((one[key] for one in properties if key in one), {}))
    return set(schema.get("enum", ()))
