"""What is imported, held against the state that it was exported from, is clean; anything weaker is seen."""

import copy
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcheck.app.init import writing
from govcheck.app.init.importing import read_import
from govcheck.app.init.importing.told import Left
from govcheck.app.init.proposal import Proposal, Settled
from govcheck.facts.document import plain
from govcheck.findings import Finding, Judged
from govcheck.rules.branch_protection import controls
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.yaml_document import load_one
from live_branches import ADMIN, actors, classic, live, pull_request, reviews, role, ruleset, status_checks
from live_rulesets import branch_rule, node


def rule(kind, **parameters):
    return {"type": kind, "parameters": parameters}


RULES = [
    pull_request(2, required_review_thread_resolution=True, allowed_merge_methods=["squash"]),
    status_checks("build", ("lint", 15368), strict=True),
    rule("required_deployments", required_deployment_environments=["staging"]),
    rule("workflows", workflows=[{"path": "a.yml", "repository_id": 1, "ref": "main"}]),
    rule("commit_message_pattern", operator="starts_with", pattern="issue: #", negate=False, name="issues"),
    rule("branch_name_pattern", operator="regex", pattern="^(main|\"x')\\d+$"),
    rule("update", update_allows_fetch_and_merge=False),
    *({"type": kind} for kind in ("required_signatures", "required_linear_history")),
    *({"type": kind} for kind in ("non_fast_forward", "deletion", "creation")),
]
RULES_GIVEN = st.lists(st.sampled_from(RULES), min_size=1, unique_by=lambda one: one["type"])
BYPASSES = st.sampled_from([(), (ADMIN,), (role(4, "exempt"),), (role(2, "pull_request"), ADMIN)])

SWITCHES = ("required_linear_history", "required_conversation_resolution", "block_creations", "lock_branch")
CHECKS = {"strict": True, "contexts": ["build"], "checks": [{"context": "build", "app_id": None}]}
PARTS = st.fixed_dictionaries(
    {"enforce_admins": st.booleans().map(lambda on: {"enabled": on})},
    optional={
        **{key: st.just({"enabled": True}) for key in SWITCHES},
        "allow_force_pushes": st.just({"enabled": True}),
        "required_status_checks": st.just(CHECKS),
        "required_pull_request_reviews": st.builds(
            lambda count, more: reviews(count, **more),
            st.integers(0, 6),
            st.sampled_from(
                [
                    {},
                    {"dismissal_restrictions": actors(["octocat"], ["crew"], ["bot"])},
                    {"bypass_pull_request_allowances": actors(["mona"]), "require_code_owner_reviews": True},
                ]
            ),
        ),
        "restrictions": st.just(actors(["octocat"], ["crew"], ["bot"])),
    },
)


def imported(document, owner="octocat", name="export.json"):
    """(what a file with this document is imported as, read back from its own YAML; what was left out)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(json.dumps(document))
        found = list(read_import(str(path), name, None, owner))
    proposals = [one for one in found if isinstance(one, Proposal)]
    texts = [
        writing.document(Settled(proposal=one, keys={"kind": one.kind, "id": one.id, "why": one.why, **one.fixed}))
        for one in proposals
    ]
    text = writing.file("policy.schema.json", texts)
    policies = load_policies([PolicySource("policies/x.yaml", text.encode())]) if texts else ()
    return [loaded.policy for loaded in policies], [one for one in found if isinstance(one, Left)]


def said(branch, policies):
    return [one for policy in policies for one in controls.judge(policy, branch) if not isinstance(one, Judged)]


@given(RULES_GIVEN, BYPASSES)
def test_an_imported_ruleset_is_clean_against_itself(rules, by):
    given_ = ruleset(42, *rules, bypass=by)
    policies, left = imported(given_[1].body)
    assert left == []
    assert said(live(given_, beyond_rest=branch_rule(node())), policies) == []


@given(st.data(), RULES_GIVEN)
def test_a_ruleset_that_loses_a_rule_fails(data, rules):
    policies, _ = imported(ruleset(42, *rules)[1].body)
    gone = data.draw(st.sampled_from(rules))
    weaker = live(ruleset(42, *(one for one in rules if one != gone)), beyond_rest=branch_rule(node()))
    # A linear history leaves the same methods as `squash` alone does, and more.
    if not ({"pull_request", "required_linear_history"} <= {one["type"] for one in rules}):
        assert any(isinstance(one, Finding) for one in said(weaker, policies))


@given(RULES_GIVEN)
def test_somebody_new_who_goes_around_it_fails(rules):
    policies, _ = imported(ruleset(42, *rules)[1].body)
    found = said(live(ruleset(42, *rules, bypass=[ADMIN]), beyond_rest=branch_rule(node())), policies)
    assert "bypass" in {one.control for one in found if isinstance(one, Finding)}


@given(PARTS)
def test_imported_classic_protection_is_clean_against_itself(parts):
    body = classic(**parts)
    policies, left = imported(body)
    assert left == []
    assert said(live(protection=body, beyond_rest=branch_rule(node())), policies) == []


WEAKER = {
    "required_linear_history": {"enabled": False},
    "required_conversation_resolution": {"enabled": False},
    "block_creations": {"enabled": False},
    "lock_branch": {"enabled": False},
    "allow_deletions": {"enabled": True},
    "allow_force_pushes": {"enabled": True},
    "enforce_admins": {"enabled": False},
    "required_status_checks": None,
    "restrictions": None,
    "required_pull_request_reviews": reviews(1),
}


@pytest.mark.parametrize("part", WEAKER)
def test_classic_protection_that_is_weakened_anywhere_fails(part):
    whole = classic(
        **{key: {"enabled": True} for key in SWITCHES},
        required_status_checks={
            "strict": True,
            "contexts": ["build"],
            "checks": [{"context": "build", "app_id": None}],
        },
        required_pull_request_reviews=reviews(2),
        restrictions=actors(["octocat"]),
    )
    policies, _ = imported(whole)
    weak = copy.deepcopy(whole) | {part: WEAKER[part]}
    weak = {key: value for key, value in weak.items() if value is not None}
    found = said(live(protection=weak, beyond_rest=branch_rule(node())), policies)
    assert any(isinstance(one, Finding) for one in found)


UTF_8 = st.text(st.characters(codec="utf-8"), max_size=30)


@given(UTF_8, UTF_8)
def test_every_text_is_read_back_as_it_was_written(text, key):
    written = f"value: {writing.value({'a': [text, {key: text}]})}\n"
    assert plain(load_one(written)) == {"value": {"a": [text, {key: text}]}}


@given(st.text())
def test_a_comment_stays_a_comment(text):
    written = "\n".join([*writing.comment(text), "key: value"])
    assert plain(load_one(written)) == {"key": "value"}


BRANCHES = {"custom_branches": ["main"]}
WHOLE = {
    "settings": {
        "repository": {
            "topics": "a, b",
            "private": True,
            "description": "x",
            "security": {"enableVulnerabilityAlerts": True},
        },
        "collaborators": [{"username": "mona", "permission": "push"}],
        "teams": [{"name": "core", "permission": "pull"}],
        "autolinks": [{"key_prefix": "T-", "url_template": "https://example.com/<num>"}],
        "custom_properties": [{"name": "tier", "value": "1"}],
        "environments": [
            {"name": "production", "wait_timer": 5, "deployment_branch_policy": {"custom_branches": ["main"]}}
        ],
        "branches": [{"name": "main", "protection": classic(required_pull_request_reviews=reviews(2))}],
        "rulesets": [ruleset(42, *RULES, bypass=[ADMIN])[1].body],
    },
    "branch-protection": classic(
        required_pull_request_reviews=reviews(2, dismissal_restrictions=actors(["octocat"], ["crew"], ["bot"])),
        required_status_checks=CHECKS,
        restrictions=actors(["octocat"], ["crew"]),
    ),
    "ruleset": ruleset(42, *RULES, bypass=[ADMIN])[1].body,
    "pre-commit": {"repos": [{"repo": "x", "hooks": [{"id": "check-added-large-files", "args": ["--maxkb", "5"]}]}]},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10) | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "id", "name", "enabled"]), inner),
    max_leaves=4,
)


def places(value, path=()):
    """The path of every part of a document."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


PLACES = [(form, path) for form, document in WHOLE.items() for path in places(document) if path]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PLACES), JSON)
def test_a_document_that_is_wrong_anywhere_is_left_and_never_a_crash(place, other):
    form, path = place
    document = copy.deepcopy(WHOLE[form])
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = other
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "x.json").write_text(json.dumps(document))
        for one in read_import(str(Path(folder) / "x.json"), "x.json", form, "octocat"):
            if isinstance(one, Proposal):
                keys = {"kind": one.kind, "id": one.id, "why": one.why, **one.fixed}
                text = writing.document(Settled(proposal=one, keys=keys))
                assert load_policies([PolicySource("p.yaml", text.encode())])
