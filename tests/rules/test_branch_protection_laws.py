"""Laws of protection: what is imported is clean, what changes is seen, what is hidden is never green."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.drift import compare, settings_of
from govcheck.findings import Finding, Judged, Undecided
from govcheck.rules.branch_protection import CONTROLS, BranchProtection, controls
from govcheck.settings.bypass import admins_included, bypass
from govcheck.settings.controls import KEPT
from govcheck.settings.protection import effective_protection
from govcheck.settings.strength import Strength
from live_branches import ADMIN, REPOSITORY, actors, answer, classic, live, pull_request, reviews, role, ruleset
from live_branches import status_checks as checks
from live_rulesets import branch_rule, node, nodes
from snapshots import snapshot

RULES = f"{REPOSITORY}/rules/branches/main"
NOBODY = SetConstraint(subset_of=())


def rule(kind, **parameters):
    return {"type": kind, "parameters": parameters}


EVERY_RULE = [
    pull_request(
        2,
        required_review_thread_resolution=True,
        allowed_merge_methods=["squash", "rebase"],
        dismissal_restriction={"enabled": True, "allowed_actors": [{"id": 5, "type": "RepositoryRole"}]},
        required_reviewers=[{"file_patterns": ["*.js"], "minimum_approvals": 1, "reviewer": {"id": 7, "type": "Team"}}],
    ),
    checks("build", ("lint", 15368), strict=True),
    rule("required_deployments", required_deployment_environments=["staging"]),
    rule(
        "code_scanning",
        code_scanning_tools=[{"tool": "CodeQL", "alerts_threshold": "errors", "security_alerts_threshold": "critical"}],
    ),
    rule("workflows", workflows=[{"path": "a.yml", "repository_id": 1, "ref": "main", "sha": "7fd1a60"}]),
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
    rule("copilot_code_review", review_on_push=True, review_draft_pull_requests=False),
    rule("update", update_allows_fetch_and_merge=False),
    rule("commit_message_pattern", operator="starts_with", pattern="issue", negate=False, name="issues"),
    rule("commit_author_email_pattern", operator="contains", pattern="github", negate=True),
    rule("committer_email_pattern", operator="ends_with", pattern="@example.com"),
    rule("branch_name_pattern", operator="regex", pattern="^main$"),
    rule("file_path_restriction", restricted_file_paths=["secrets/**"]),
    rule("file_extension_restriction", restricted_file_extensions=["*.exe"]),
    rule("max_file_size", max_file_size=10),
    rule("max_file_path_length", max_file_path_length=200),
    *({"type": kind} for kind in ("license_compliance_scanning", "required_signatures", "required_linear_history")),
    *({"type": kind} for kind in ("non_fast_forward", "deletion", "creation")),
]
EVERY_CLASSIC = classic(
    required_status_checks={"strict": True, "contexts": [], "checks": [{"context": "danger", "app_id": 15368}]},
    required_pull_request_reviews=reviews(
        1,
        dismissal_restrictions=actors(["octocat"], ["crew"], ["bot"]),
        bypass_pull_request_allowances=actors(["mona"]),
    ),
    restrictions=actors(["octocat"], ["crew"], ["bot"]),
    required_conversation_resolution={"enabled": True},
    block_creations={"enabled": True},
    lock_branch={"enabled": True},
)


def said(branch, policy):
    return [one for one in controls.judge(policy, branch) if not isinstance(one, Judged)]


def imported(branch):
    """The live state as a policy: every control that has one value, who goes around them, and administrators."""
    protection = effective_protection(branch)
    found = {key: protection.controls[key] for key in CONTROLS}
    keys = {key: written(one) for key, one in found.items() if one.exact and written(one) is not None}
    around = {actor for key in keys for actor in bypass(found[key]).possible}
    return BranchProtection(
        id="imported",
        branch="main",
        bypass=SetConstraint(superset_of=(), subset_of=tuple(sorted(around))),
        admins_included=admins_included(protection),
        **keys,
    )


def written(effective):
    found = effective.json
    return tuple(found) if isinstance(found, list) else found


def whole(rules, body, **keys):
    return live(ruleset(42, *rules, bypass=[ADMIN]), protection=body, beyond_rest=branch_rule(node()), **keys)


RULES_GIVEN = st.lists(st.sampled_from(EVERY_RULE), max_size=6, unique_by=lambda one: one["type"])
BODIES = st.sampled_from([None, classic(), EVERY_CLASSIC, classic(enforce_admins={"enabled": False})])
BYPASSES = st.sampled_from([(), (ADMIN,), (role(4, "exempt"),), (role(2, "pull_request"), ADMIN)])


@given(st.lists(st.tuples(RULES_GIVEN, BYPASSES), max_size=3), BODIES)
def test_what_is_imported_is_clean(given_, body):
    rulesets = [ruleset(number, *rules, bypass=by) for number, (rules, by) in enumerate(given_, 1)]
    branch = live(*rulesets, protection=body, beyond_rest=branch_rule(node()))
    policy = imported(branch)
    assert list(policy.problems()) == []
    # Who is two groups at once is not told: that alone can stay open.
    assert [one.control for one in said(branch, policy) if one.control != "bypass"] == []
    assert not any(isinstance(one, Finding) for one in said(branch, policy))


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path


def changed(document, path):
    """A copy with one leaf changed: a switch turned over, a number one more, a text with something after it."""
    copied = copy.deepcopy(document)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    old = inner[path[-1]]
    other = {bool: lambda: not old, int: lambda: old + 1, str: lambda: _other_text(old)}
    inner[path[-1]] = other.get(type(old), lambda: 1)()
    return copied


def _other_text(text):
    known = {
        "errors": "all",
        "critical": "all",
        "SQUASH": "MERGE",
        "ALLGREEN": "HEADGREEN",
        "squash": "merge",
        "Team": "User",
        "RepositoryRole": "Team",
    }
    return known.get(text, f"{text}x")


RULE_LEAVES = [
    (number, path)
    for number, one in enumerate(EVERY_RULE)
    for path in leaves(one.get("parameters", {}), ("parameters",))
]
SOURCE_OF_A_CHECK = {"integration_id", "app_id"}
"""The kind `required-checks` asserts it; a snapshot keeps it in any case."""


def drifted(before, after):
    entries = compare(snapshot(settings=settings_of([before])), snapshot(settings=settings_of([after]))).entries
    return [entry.name for entry in entries]


@pytest.mark.parametrize(
    ("number", "path"), RULE_LEAVES, ids=[".".join(map(str, (EVERY_RULE[n]["type"], *p[1:]))) for n, p in RULE_LEAVES]
)
def test_no_parameter_of_a_rule_is_a_blind_spot(number, path):
    before = whole(EVERY_RULE, None)
    after = whole([*EVERY_RULE[:number], changed(EVERY_RULE[number], path), *EVERY_RULE[number + 1 :]], None)
    assert drifted(before, after)
    kept = (EVERY_RULE[number]["type"], path[-1]) in KEPT or path[-1] in SOURCE_OF_A_CHECK
    if not kept:
        assert said(after, imported(before))


@pytest.mark.parametrize("number", range(len(EVERY_RULE)), ids=[one["type"] for one in EVERY_RULE])
def test_a_rule_that_goes_away_is_seen(number):
    before, after = whole(EVERY_RULE, None), whole([*EVERY_RULE[:number], *EVERY_RULE[number + 1 :]], None)
    assert drifted(before, after)
    assert any(isinstance(one, Finding) for one in said(after, imported(before)))


UNREAD = {"url", "id", "name"}
CLASSIC_LEAVES = [path for path in leaves(EVERY_CLASSIC) if path[-1] not in UNREAD]


@pytest.mark.parametrize("path", CLASSIC_LEAVES, ids=[".".join(map(str, path)) for path in CLASSIC_LEAVES])
def test_no_part_of_classic_protection_is_a_blind_spot(path):
    before, after = whole([], EVERY_CLASSIC), whole([], changed(EVERY_CLASSIC, path))
    assert drifted(before, after)
    if path[-1] not in SOURCE_OF_A_CHECK:
        assert said(after, imported(before))


@pytest.mark.parametrize(
    "rule",
    [
        node(requiresDeployments=True, requiredDeploymentEnvironments=["staging"]),
        node(bypassForcePushAllowances=nodes("user:mona")),
    ],
    ids=["deployments", "force pushers"],
)
def test_what_only_graphql_tells_is_no_blind_spot(rule):
    before, after = (live(protection=classic(), beyond_rest=branch_rule(one)) for one in (node(), rule))
    assert drifted(before, after)
    assert said(after, imported(before))


STRONG = {
    Strength.TOGGLE: lambda _: True,
    Strength.BAN: lambda _: "forbidden",
    Strength.AT_LEAST: lambda found: NumberConstraint(min=max(found or 0, 1)),
    Strength.AT_MOST: lambda found: NumberConstraint(max=found or 50),
    Strength.DEMANDED: lambda found: SetConstraint(superset_of=tuple(found or ("x",))),
    Strength.CHOICE: lambda found: SetConstraint(subset_of=tuple(found or ("squash",))),
    Strength.ACTORS: lambda _: SetConstraint(subset_of=("role:admin",)),
}
PATTERNS = {key for key in CONTROLS if key.endswith("patterns")}
"""A pattern without `negate` is another pattern, not a hidden one."""


def strong(branch):
    """Everything at least as strong as it is, and nobody around it."""
    found = effective_protection(branch).controls
    asserted = {key: STRONG[one.strength](found[key].json) for key, one in CONTROLS.items() if key not in PATTERNS}
    return BranchProtection(id="p", branch="main", admins_included=True, bypass=NOBODY, **asserted)


def without(document, path):
    copied = copy.deepcopy(document)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return copied


def keys_of(value, path=()):
    """The path of every member of every object."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from keys_of(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from keys_of(inner, (*path, number))


@given(st.data(), RULES_GIVEN, BYPASSES, st.sampled_from(["rules", "ruleset", "graphql", "repository"]))
def test_hiding_any_field_never_turns_a_failure_or_an_unknown_into_a_pass(data, rules, by, where):
    effective, own = ruleset(42, *rules, bypass=by)
    told = branch_rule(node(bypassForcePushAllowances=nodes("user:mona"), requiresDeployments=True))
    merging = {"allow_merge_commit": True, "allow_squash_merge": True, "allow_rebase_merge": True}
    bodies = {"rules": effective, "ruleset": own.body, "graphql": told.body, "repository": merging}

    def built(bodies):
        return live(
            ([], answer(own.endpoint, bodies["ruleset"])),
            rules=answer(RULES, bodies["rules"]),
            protection=classic(required_pull_request_reviews=reviews(1), enforce_admins={"enabled": False}),
            beyond_rest=answer("graphql", bodies["graphql"]),
            repository=answer(REPOSITORY, bodies["repository"]),
        )

    paths = list(keys_of(bodies[where]))
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    before, after = built(bodies), built(bodies | {where: without(bodies[where], path)})
    policy = strong(before)
    open_before = {one.control for one in said(before, policy)}
    open_after = {one.control for one in said(after, policy)}
    assert open_before - {"bypass"} <= open_after
    if "bypass" in open_before and "bypass" not in open_after:
        # What nobody goes around any more is not there any more, and told as that.
        assert open_after - open_before


@given(st.data(), RULES_GIVEN, BYPASSES, BODIES)
def test_order_unknown_fields_and_nulls_leave_the_verdict(data, rules, by, body):
    before = live(ruleset(42, *rules, bypass=by), protection=body, beyond_rest=branch_rule(node()))
    policy = imported(before)
    shuffled = data.draw(st.permutations(rules))
    more = [{**one, "brand_new": data.draw(st.sampled_from([None, 1, {"a": []}]))} for one in shuffled]
    noisy = None if body is None else body | {"brand_new": {"enabled": True}, "restrictions": body.get("restrictions")}
    own = ruleset(42, *more, bypass=data.draw(st.permutations(by)), node_id=None, brand_new="x")
    after = live(own, protection=noisy, beyond_rest=branch_rule(node(brand_new=1)))
    assert [(type(one), one.control) for one in said(after, policy)] == [
        (type(one), one.control) for one in said(before, policy)
    ]


@given(st.lists(st.tuples(RULES_GIVEN, BYPASSES), max_size=2), RULES_GIVEN, BYPASSES, BODIES)
def test_one_ruleset_more_never_weakens(given_, rules, by, body):
    def branch(listed):
        made = [ruleset(number, *each, bypass=actors_) for number, (each, actors_) in enumerate(listed, 1)]
        return live(*made, protection=body, beyond_rest=branch_rule(node()))

    before = branch(given_)
    policy = strong(before)
    passed = set(CONTROLS) - PATTERNS - {one.control for one in said(before, policy)}
    after = said(branch([*given_, (rules, by)]), policy)
    assert not passed & {one.control for one in after}
    assert not any(isinstance(one, Undecided) and one.control in passed for one in after)
