"""What the layers of a branch add up to, by GitHub's own documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.findings import Reason
from govcheck.settings.controls import CONTROLS
from govcheck.settings.protection import effective_protection
from live_branches import (
    ADMIN,
    REPOSITORY,
    actors,
    answer,
    classic,
    hidden,
    live,
    not_protected,
    protection_answer,
    pull_request,
    refused,
    repository,
    reviews,
    ruleset,
    status_checks,
    summary,
    unread,
)

UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."
RULES = f"{REPOSITORY}/rules/branches/main"


def control(branch, key):
    return effective_protection(branch).controls[key]


def values(branch):
    """Everything that is not at its weakest, as policies write it."""
    return {
        key: one.control.strength.as_json(one.value)
        for key, one in effective_protection(branch).controls.items()
        if one.given
    }


def test_a_branch_without_any_layer_has_the_weakest_of_everything():
    """D3: nothing set is not "not allowed"."""
    branch = live()
    assert values(branch) == {"merge_methods": ["merge", "rebase", "squash"]}
    assert all(one.exact for one in effective_protection(branch).controls.values())
    force_pushes = control(branch, "force_pushes")
    assert force_pushes.control.strength.as_json(force_pushes.value) == "allowed"


CLASSIC_WHOLE = classic(
    required_status_checks={
        "url": "https://api.github.com/x",
        "strict": True,
        "contexts": ["continuous-integration/travis-ci"],
        "contexts_url": "https://api.github.com/x",
        "checks": [{"context": "continuous-integration/travis-ci", "app_id": None}],
    },
    required_pull_request_reviews=reviews(
        2,
        dismissal_restrictions=actors(["octocat"], ["justice-league"], ["octoapp"]),
        require_code_owner_reviews=True,
        require_last_push_approval=True,
    ),
    restrictions=actors(["octocat"], ["justice-league"], ["octoapp"]),
    required_linear_history={"enabled": True},
    required_signatures={"enabled": True},
    required_conversation_resolution={"enabled": True},
    block_creations={"enabled": True},
    lock_branch={"enabled": True},
)
LISTED = ["app:octoapp", "team:octocat/justice-league", "user:octocat"]


def test_classic_protection_whole():
    assert values(live(protection=CLASSIC_WHOLE)) == {
        "pull_requests": True,
        "approvals": 2,
        "dismiss_stale_reviews": True,
        "code_owner_reviews": True,
        "last_push_approval": True,
        "review_dismissals": LISTED,
        "conversation_resolution": True,
        "merge_methods": ["rebase", "squash"],
        "status_checks": ["continuous-integration/travis-ci"],
        "strict_status_checks": True,
        "signatures": True,
        "linear_history": True,
        "force_pushes": "forbidden",
        "deletions": "forbidden",
        "creations": "forbidden",
        "updates": "forbidden",
        "fork_syncing": "forbidden",
        "push_restrictions": LISTED,
    }


def rule(kind, **parameters):
    return {"type": kind, "parameters": parameters} if parameters else {"type": kind}


RULES_WHOLE = [
    pull_request(
        3,
        require_code_owner_review=True,
        require_last_push_approval=True,
        required_review_thread_resolution=True,
        allowed_merge_methods=["squash"],
        dismissal_restriction={"enabled": True, "allowed_actors": [{"id": 5, "type": "RepositoryRole"}]},
        required_reviewers=[
            {"file_patterns": ["*.js", "!vendor/**"], "minimum_approvals": 2, "reviewer": {"id": 7, "type": "Team"}},
            {"file_patterns": ["docs/**"], "minimum_approvals": 0, "reviewer": {"id": 8, "type": "Team"}},
        ],
    ),
    status_checks("build", ("lint", 15368), strict=True),
    rule("required_deployments", required_deployment_environments=["staging"]),
    rule(
        "code_scanning",
        code_scanning_tools=[{"tool": "CodeQL", "alerts_threshold": "errors", "security_alerts_threshold": "all"}],
    ),
    rule(
        "workflows",
        workflows=[{"path": ".github/workflows/ci.yml", "repository_id": 1296269, "ref": "main", "sha": "7fd1a60"}],
    ),
    rule(
        "merge_queue",
        merge_method="SQUASH",
        grouping_strategy="ALLGREEN",
        check_response_timeout_minutes=60,
        max_entries_to_build=5,
        max_entries_to_merge=4,
        min_entries_to_merge=2,
        min_entries_to_merge_wait_minutes=5,
    ),
    rule("copilot_code_review", review_on_push=True, review_draft_pull_requests=True),
    rule("license_compliance_scanning"),
    rule("required_signatures"),
    rule("required_linear_history"),
    rule("non_fast_forward"),
    rule("deletion"),
    rule("creation"),
    rule("update", update_allows_fetch_and_merge=False),
    rule("commit_message_pattern", operator="starts_with", pattern="issue"),
    rule("commit_author_email_pattern", operator="contains", pattern="github", negate=True),
    rule("committer_email_pattern", operator="ends_with", pattern="@example.com"),
    rule("branch_name_pattern", operator="regex", pattern="^main$"),
    rule("tag_name_pattern", operator="starts_with", pattern="v"),
    rule("file_path_restriction", restricted_file_paths=["secrets/**"]),
    rule("file_extension_restriction", restricted_file_extensions=["*.exe"]),
    rule("max_file_size", max_file_size=10),
    rule("max_file_path_length", max_file_path_length=200),
]


def test_a_ruleset_whole():
    assert values(live(ruleset(42, *RULES_WHOLE))) == {
        "pull_requests": True,
        "approvals": 3,
        "dismiss_stale_reviews": True,
        "code_owner_reviews": True,
        "last_push_approval": True,
        "review_dismissals": ["role:admin"],
        "required_reviewers": ["1 of team:id-7 on *.js, !vendor/**", "2 of team:id-7 on *.js, !vendor/**"],
        "conversation_resolution": True,
        "merge_methods": ["squash"],
        "status_checks": ["build", "lint"],
        "strict_status_checks": True,
        "deployments": ["staging"],
        "code_scanning": ["CodeQL"],
        "code_scanning_alerts": ["CodeQL errors"],
        "code_scanning_security_alerts": [
            "CodeQL all",
            "CodeQL critical",
            "CodeQL high_or_higher",
            "CodeQL medium_or_higher",
        ],
        "workflows": ["1296269:.github/workflows/ci.yml"],
        "workflow_refs": ["1296269:.github/workflows/ci.yml@7fd1a60", "1296269:.github/workflows/ci.yml@main"],
        "merge_queue": True,
        "merge_queue_methods": ["squash"],
        "merge_queue_all_green": True,
        "merge_queue_check_timeout": 60,
        "merge_queue_max_entries_to_build": 5,
        "merge_queue_max_entries_to_merge": 4,
        "merge_queue_min_entries_to_merge": 2,
        "merge_queue_min_entries_wait": 5,
        "copilot_reviews": True,
        "copilot_reviews_on_push": True,
        "copilot_reviews_of_drafts": True,
        "license_compliance": True,
        "signatures": True,
        "linear_history": True,
        "force_pushes": "forbidden",
        "deletions": "forbidden",
        "creations": "forbidden",
        "updates": "forbidden",
        "fork_syncing": "forbidden",
        "push_restrictions": [],
        "commit_message_patterns": ["starts_with issue"],
        "commit_author_email_patterns": ["not contains github"],
        "committer_email_patterns": ["ends_with @example.com"],
        "branch_name_patterns": ["regex ^main$"],
        "tag_name_patterns": ["starts_with v"],
        "restricted_file_paths": ["secrets/**"],
        "restricted_file_extensions": ["*.exe"],
        "max_file_size": 10,
        "max_file_path_length": 200,
    }


def test_every_control_is_given_by_some_layer_of_these_tests():
    assert set(values(live(ruleset(42, *RULES_WHOLE)))) == set(CONTROLS)


def test_layers_add_up_and_the_strictest_wins():
    """Trap 32: rules of one type come once for each ruleset."""
    branch = live(
        ruleset(42, pull_request(1), status_checks("build")),
        ruleset(73, pull_request(3), status_checks("lint"), name="all", source="octo-org"),
        protection=classic(required_pull_request_reviews=reviews(2)),
    )
    approvals = control(branch, "approvals")
    assert (approvals.value, approvals.exact) == (3, True)
    assert [(one.source.name, one.value) for one in approvals.given] == [
        ("classic protection", 2),
        ('ruleset "all" (73) of octo-org', 3),
        ('ruleset "main" (42) of octocat/hello-world', 1),
    ]
    assert control(branch, "status_checks").value == {"build", "lint"}
    assert approvals.given[2].source.url == "https://github.com/octocat/hello-world/rules/42"
    assert approvals.given[0].source.url == "https://github.com/octocat/hello-world/settings/branches"


@pytest.mark.parametrize(
    "off",
    [
        {"enforcement": "evaluate"},
        {"enforcement": "disabled"},
        {"conditions": {"ref_name": {"include": [], "exclude": []}}},
    ],
)
def test_a_ruleset_that_enforces_nothing_does_not_count(off):
    assert control(live(ruleset(42, pull_request(2), **off)), "approvals").value == 0


def test_a_ruleset_of_everything_but_counts_because_github_says_so():
    """D9: an empty include with an exclude; no pattern is matched here, `rules/branches` is GitHub's own answer."""
    conditions = {"ref_name": {"include": [], "exclude": ["refs/heads/dev*"]}}
    assert control(live(ruleset(42, pull_request(2), conditions=conditions)), "approvals").value == 2


def test_a_ruleset_whose_rules_github_does_not_apply_here_does_not_count():
    """D9: `refs/heads/*` does not reach `release/v1`."""
    _, own = ruleset(42, pull_request(2), conditions={"ref_name": {"include": ["refs/heads/*"], "exclude": []}})
    assert control(live(([], own), branch="release/v1"), "approvals").value == 0


def test_required_checks_without_a_context_require_nothing():
    """D2 and D6: `contexts: [], checks: []`, and `strict` takes no effect without one."""
    empty = {"url": "https://api.github.com/x", "strict": True, "contexts": [], "checks": []}
    for branch in (
        live(protection=classic(required_status_checks=empty)),
        live(ruleset(1, status_checks(strict=True))),
    ):
        assert control(branch, "status_checks").value == frozenset()
        assert control(branch, "strict_status_checks").value is False


def test_nobody_is_kept_from_dismissing_reviews_where_none_is_required():
    """D2: an absent attribute is not a restriction."""
    assert control(live(protection=classic()), "review_dismissals").value is None


def test_an_empty_list_of_pushers_is_the_strongest_and_no_list_the_weakest():
    """Trap 13."""
    assert control(live(protection=classic(restrictions=actors())), "push_restrictions").value == frozenset()
    assert control(live(protection=classic()), "push_restrictions").value is None


def test_creations_are_blocked_only_where_pushes_are_restricted():
    """Trap 22: a child means nothing without its parent."""
    blocked = {"enabled": True}
    assert control(live(protection=classic(block_creations=blocked)), "creations").value is False
    assert control(live(protection=classic(block_creations=blocked, restrictions=actors())), "creations").value is True


@pytest.mark.parametrize("key", ["allow_force_pushes", "allow_deletions"])
def test_a_missing_permission_to_do_harm_is_unknown_and_not_forbidden(key):
    body = classic()
    del body[key]
    found = control(live(protection=body), {"allow_force_pushes": "force_pushes", "allow_deletions": "deletions"}[key])
    assert (found.value, found.exact, found.unread[0].trouble.reason) == (False, False, Reason.UNPARSEABLE)


def test_rest_does_not_tell_everything_of_classic_protection():
    branch = live(protection=classic())
    for key in ("deployments", "merge_queue"):
        found = control(branch, key)
        assert (found.exact, found.unread[0].trouble.reason, found.unread[0].trouble.grantable) == (
            False,
            Reason.REDACTED,
            False,
        )


def test_the_repositorys_own_merge_methods_bear_on_every_branch():
    squash = repository(allow_merge_commit=False, allow_rebase_merge=False)
    assert control(live(repository=squash), "merge_methods").value == {"squash"}
    without = answer(REPOSITORY, {"full_name": "octocat/hello-world"})
    found = control(live(repository=without), "merge_methods")
    assert (found.exact, found.unread[0].trouble.permission) == (False, "contents:write")


def test_an_empty_list_of_merge_methods_is_not_the_strongest():
    """GitHub wants one at least: so an empty list is no answer."""
    found = control(live(ruleset(42, pull_request(1, allowed_merge_methods=[]))), "merge_methods")
    assert (found.value, found.exact) == ({"merge", "squash", "rebase"}, False)


@pytest.mark.parametrize(
    "protection",
    [
        hidden(),
        hidden(message="Not Found", status=404),
        hidden(message="Bad credentials", status=401),
        unread(f"{REPOSITORY}/branches/main/protection"),
        answer(f"{REPOSITORY}/branches/main/protection", [1, 2]),
        answer(f"{REPOSITORY}/branches/main/protection", None),
    ],
)
def test_classic_protection_that_could_not_be_read_may_make_anything_stronger(protection):
    found = control(live(ruleset(42, pull_request(1)), protection=protection), "approvals")
    assert (found.value, found.exact) == (1, False)
    assert [one.source.name for one in found.unread] == ["classic protection"]


@pytest.mark.parametrize(
    "rules",
    [
        refused(RULES, 404, "Not Found"),
        answer(RULES, {"message": "not a list"}),
        answer(RULES, ["not an object"]),
        answer(RULES, [{"type": "pull_request", "ruleset_id": "42"}]),
        answer(RULES, [{"ruleset_id": 42}]),
        answer(RULES, [{"type": "pull_request", "ruleset_id": 42, "parameters": [1]}]),
        answer(RULES, [{"type": "pull_request", "ruleset_id": 42, "ruleset_source": 1}]),
        answer(RULES, [{"type": "pull_request", "ruleset_id": 42}]),
        answer(RULES, [], complete=False),
    ],
)
def test_rules_that_could_not_be_read_may_make_it_stronger(rules):
    assert not control(live(rules=rules), "approvals").exact


def test_pages_that_were_read_count_though_later_ones_were_not():
    effective, own = ruleset(42, pull_request(2))
    found = control(live((effective, own), rules=answer(RULES, effective, complete=False)), "approvals")
    assert (found.value, found.exact) == (2, False)


@pytest.mark.parametrize(
    ("protected", "protection"), [(False, None), (True, {"enabled": False})], ids=["unprotected", "classic-off"]
)
def test_a_branch_that_says_it_has_no_classic_protection_is_believed(protected, protection):
    found = control(live(protection=hidden(), summary=summary(protected=protected, protection=protection)), "approvals")
    assert (found.value, found.exact) == (0, True)


def test_a_branch_that_says_it_is_not_protected_has_no_rules_either():
    branch = live(protection=hidden(), rules=refused(RULES, 404, "Not Found"), summary=summary(protected=False))
    assert control(branch, "approvals").exact


def test_the_branch_tells_classic_contexts_to_those_who_cannot_read_the_protection():
    told = {
        "enabled": True,
        "required_status_checks": {
            "enforcement_level": "non_admins",
            "contexts": ["build"],
            "checks": [{"context": "build", "app_id": 15368}],
        },
    }
    branch = live(protection=hidden(), summary=summary(protection=told))
    checks = control(branch, "status_checks")
    assert (checks.value, checks.exact) == ({"build"}, True)
    assert [passer.actor for passer in checks.given[0].passers.known] == ["role:admin"]
    assert not control(branch, "strict_status_checks").exact


def test_a_branch_that_does_not_exist():
    missing = refused(f"{REPOSITORY}/branches/main", 404, "Branch not found")
    assert effective_protection(live(summary=missing)).missing_branch
    assert effective_protection(
        live(protection=hidden(message="Branch not found", status=404), summary=missing)
    ).missing_branch
    assert not effective_protection(live(protection=hidden(message="Branch not found", status=404))).missing_branch
    assert not effective_protection(live()).missing_branch
    blind = live(
        protection=hidden(message="Branch not found", status=404), summary=unread(f"{REPOSITORY}/branches/main")
    )
    assert effective_protection(blind).missing_branch


def test_a_plan_that_cannot_enforce_it_enforces_nothing():
    branch = live(protection=hidden(message=UPGRADE), rules=refused(RULES, 403, UPGRADE))
    protection = effective_protection(branch)
    assert protection.unavailable == UPGRADE
    assert protection.controls["approvals"].exact
    assert effective_protection(live(protection=hidden(message=UPGRADE))).unavailable is None


BODIES = st.sampled_from(
    [
        classic(),
        CLASSIC_WHOLE,
        classic(required_pull_request_reviews=reviews(1), enforce_admins={"enabled": False}),
        None,
    ]
)
RULESETS = st.lists(
    st.lists(st.sampled_from(RULES_WHOLE), max_size=4).flatmap(
        lambda rules: st.tuples(st.just(rules), st.sampled_from([None, (), (ADMIN,)]))
    ),
    max_size=4,
)


def built(given, body, **keys):
    rulesets = [ruleset(number, *rules, bypass=bypass) for number, (rules, bypass) in enumerate(given, 1)]
    return live(*rulesets, protection=body, **keys)


@given(RULESETS, BODIES, st.randoms())
def test_the_order_of_rules_and_rulesets_does_not_matter(given_rulesets, body, random):
    branch = built(given_rulesets, body)
    rules, own = list(branch.rules.body), list(branch.rulesets)
    random.shuffle(rules)
    random.shuffle(own)
    shuffled = live(*(([], one) for one in own), protection=body, rules=answer(RULES, rules))
    assert effective_protection(shuffled) == effective_protection(branch)


@given(RULESETS, BODIES, st.sampled_from(RULES_WHOLE))
def test_one_ruleset_more_never_weakens_a_control(given_rulesets, body, one):
    before = effective_protection(built(given_rulesets, body)).controls
    after = effective_protection(built([*given_rulesets, ([one], ())], body)).controls
    for key, control_ in CONTROLS.items():
        assert all(any(control_.strength.at_least(new, old) for new in after[key].floors) for old in before[key].floors)


@given(RULESETS, BODIES)
def test_what_cannot_be_read_leaves_a_floor_of_what_could(given_rulesets, body):
    whole = effective_protection(built(given_rulesets, body)).controls
    blind = effective_protection(built(given_rulesets, hidden())).controls
    for key, control_ in CONTROLS.items():
        old, new = blind[key], whole[key]
        assert all(any(control_.strength.at_least(floor, weak) for floor in new.floors) for weak in old.floors)
        if old.exact:
            assert new.floors == old.floors


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(CLASSIC_WHOLE)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(list(CLASSIC_WHOLE)), JSON), JSON, JSON)
def test_a_document_of_any_shape_is_read_or_said_to_be_unreadable(body, rules, own):
    branch = live(
        ([], answer(f"{REPOSITORY}/rulesets/1", own)),
        protection=protection_answer(body),
        rules=answer(RULES, rules if isinstance(rules, list) else [rules]),
        summary=answer(f"{REPOSITORY}/branches/main", own),
        repository=answer(REPOSITORY, own),
    )
    assert set(effective_protection(branch).controls) == set(CONTROLS)


def test_no_classic_protection_is_what_github_says_by_its_message():
    assert control(live(protection=not_protected()), "approvals").exact
