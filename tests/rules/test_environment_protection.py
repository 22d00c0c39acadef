"""`environment-protection`: live environments against the policy, and against the jobs that name them."""

from dataclasses import fields

import pytest

from govcheck.constraints import SetConstraint
from govcheck.facts.live_answers import LiveAnswers
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.policy import Policy
from govcheck.rules.environment_protection import EnvironmentProtection, WaitConstraint, protection, used
from govcheck.settings.endpoints import (
    ENVIRONMENT_BRANCHES,
    ENVIRONMENT_RULES,
    ENVIRONMENTS,
    PLAN,
    PROTECTED_BRANCHES,
    REPOSITORY,
    RULESETS,
)
from govcheck.settings.registry import of_kind
from live_answers import answer, live, refused
from written_workflows import workflows

BRANCHES = ENVIRONMENT_BRANCHES.replace("{environment_name}", "production")
RULES = ENVIRONMENT_RULES.replace("{environment_name}", "production")
REVIEWERS = {
    "type": "required_reviewers",
    "prevent_self_review": True,
    "reviewers": [
        {"type": "User", "reviewer": {"login": "Octocat"}},
        {"type": "Team", "reviewer": {"slug": "justice-league"}},
    ],
}
WAIT = {"type": "wait_timer", "wait_timer": 30}
CUSTOM = {"protected_branches": False, "custom_branch_policies": True}
PROTECTED = {"protected_branches": True, "custom_branch_policies": False}
DEPLOY = {
    "deploy.yml": """
    on: push
    jobs:
      deploy: {environment: Production, runs-on: x, steps: [{run: flyctl deploy}]}
    """
}
NOTHING = workflows({})


def environment(*rules, name="production", **keys):
    body = {"id": 7, "name": name, "protection_rules": list(rules), "deployment_branch_policy": None, **keys}
    return {"total_count": 1, "environments": [body]}


def policy(**keys):
    return EnvironmentProtection(**{"id": "approved", "environment": "production", **keys})


def said(given, answers, files=NOTHING, repository=None):
    found = list(protection.judge(given, files, live(answers, repository)))
    assert sum(isinstance(one, Judged) for one in found) == 1
    return [one for one in found if not isinstance(one, Judged)]


def words(found):
    return [(one.control, one.subject, one.message) for one in found]


def test_the_registry_and_the_policy_have_the_same_keys():
    own = {field.name for field in fields(EnvironmentProtection)} - {field.name for field in fields(Policy)}
    assert own - {"environment", "exists", "used"} == {setting.key for setting in of_kind("environment-protection")}


@pytest.mark.parametrize(
    ("keys", "rules", "more"),
    [
        ({"reviewers": SetConstraint(superset_of=("user:octocat",))}, [REVIEWERS], {}),
        ({"reviewers": ("team:O/Justice-League", "user:octocat")}, [REVIEWERS], {}),
        ({"min_reviewers": 2}, [REVIEWERS], {}),
        ({"self_review": "forbidden"}, [REVIEWERS], {}),
        ({"self_review": "allowed"}, [], {}),
        ({"wait": WaitConstraint(min="10m")}, [WAIT], {}),
        ({"wait": "30m"}, [WAIT], {}),
        ({"wait": WaitConstraint(max="1h")}, [], {}),
        ({"admin_bypass": "forbidden"}, [], {"can_admins_bypass": False}),
        ({"exists": True}, [], {}),
    ],
)
def test_what_is_as_wanted_is_silent(keys, rules, more):
    assert said(policy(**keys), {ENVIRONMENTS: environment(*rules, **more)}) == []


@pytest.mark.parametrize(
    ("keys", "rules", "more", "message", "direction"),
    [
        (
            {"reviewers": SetConstraint(superset_of=("user:boss",))},
            [],
            {},
            "required reviewers of production: none, where the policy wants at least user:boss",
            "weakened",
        ),
        (
            {"reviewers": SetConstraint(subset_of=("user:octocat",))},
            [REVIEWERS],
            {},
            (
                "required reviewers of production: team:o/justice-league, user:octocat, where the policy wants"
                " nothing but user:octocat"
            ),
            "weakened",
        ),
        (
            {"min_reviewers": 3},
            [REVIEWERS],
            {},
            "the number of required reviewers of production: 2, where the policy wants at least 3",
            "weakened",
        ),
        (
            {"self_review": "forbidden"},
            [{**REVIEWERS, "prevent_self_review": False}],
            {},
            "self-review of deployments to production: allowed, where the policy wants forbidden",
            "weakened",
        ),
        (
            {"wait": WaitConstraint(min="1h30m")},
            [WAIT],
            {},
            "the wait timer of production: 30m, where the policy wants at least 1h30m",
            "weakened",
        ),
        (
            {"wait": "10m"},
            [],
            {},
            "the wait timer of production: 0m, where the policy wants exactly 10m",
            "weakened",
        ),
        (
            {"admin_bypass": "forbidden"},
            [],
            {"can_admins_bypass": True},
            "administrators' bypass of the rules of production: allowed, where the policy wants forbidden",
            "weakened",
        ),
    ],
)
def test_what_is_not_is_a_finding(keys, rules, more, message, direction):
    (found,) = said(policy(**keys), {ENVIRONMENTS: environment(*rules, **more)})
    assert isinstance(found, Finding)
    (key,) = keys
    assert (found.control, found.subject, found.message, found.direction) == (key, "production", message, direction)
    assert found.location.setting == f"environments/production/{key}"
    assert found.location.url == "https://github.com/o/r/settings/environments/7/edit"


PRIVATE = {"private": True, "visibility": "private"}


ORGANISATION = {**PRIVATE, "owner": {"login": "o", "type": "Organization"}}
ENTERPRISE = "on a private repository that takes GitHub Enterprise"
FREE = answer(RULESETS, status=403, message="Upgrade to GitHub Pro or make this repository public to enable this.")


def plan(name):
    return {PLAN: {"login": "o", "plan": {"name": name, "seats": 3}}}


@pytest.mark.parametrize(
    ("repository", "answers"),
    [
        ({**PRIVATE, "owner": {"login": "o_corp", "type": "User"}}, {}),
        ({**PRIVATE, "html_url": "https://git.example.com/o/r"}, {}),
        ({"private": True, "visibility": "internal"}, {}),
        ({"private": False, "owner": {"login": "o", "type": "Organization"}}, {RULESETS: FREE}),
        (ORGANISATION, plan("enterprise")),
        (ORGANISATION, {**plan("enterprise"), RULESETS: []}),
    ],
    ids=["managed", "server", "internal", "public", "enterprise", "enterprise-with-rulesets"],
)
def test_rules_that_a_plan_enforces_hold(repository, answers):
    bodies = {ENVIRONMENTS: environment(REVIEWERS), **answers}
    assert said(policy(min_reviewers=1), bodies, repository=repository) == []


@pytest.mark.parametrize(
    ("repository", "answers", "who"),
    [
        (PRIVATE, {}, "the plan of o cannot enforce it"),
        (ORGANISATION, plan("team"), "the plan of o (team) cannot enforce it"),
        (ORGANISATION, plan("free"), "the plan of o (free) cannot enforce it"),
        (ORGANISATION, plan("gold"), "the plan of o (gold) cannot enforce it"),
        (ORGANISATION, {RULESETS: FREE}, "the plan of o cannot enforce it"),
        (ORGANISATION, {**plan("enterprise"), RULESETS: FREE}, "the plan of o (enterprise) cannot enforce it"),
    ],
)
@pytest.mark.parametrize(
    "case",
    [
        ({"min_reviewers": 1}, [REVIEWERS], 0),
        ({"reviewers": SetConstraint(superset_of=("user:octocat",))}, [REVIEWERS], []),
        ({"self_review": "forbidden"}, [REVIEWERS], "allowed"),
        ({"wait": "30m"}, [WAIT], 0),
    ],
)
def test_rules_that_a_plan_cannot_enforce_are_not_there(repository, answers, who, case):
    keys, rules, value = case
    bodies = {ENVIRONMENTS: environment(*rules), **answers}
    (found,) = said(policy(**keys), bodies, repository=repository)
    assert isinstance(found, Finding)
    assert found.message.endswith(f"; {who}: {ENTERPRISE}")
    assert (found.actual, found.direction) == (value, "weakened")
    assert "GitHub Enterprise" in found.fix.text


@pytest.mark.parametrize(
    ("answers", "reason", "permission"),
    [
        ({}, Reason.UNPARSEABLE, None),
        ({PLAN: {"login": "o"}}, Reason.PERMISSION, "organization_plan:read"),
        ({PLAN: answer(PLAN, status=404, message="Not Found")}, Reason.PERMISSION, "organization_plan:read"),
        ({PLAN: answer(PLAN, status=500, message="Server Error")}, Reason.API_ERROR, None),
        (plan("titanium"), Reason.UNPARSEABLE, None),
        ({PLAN: {"plan": {"name": 3}}}, Reason.UNPARSEABLE, None),
        ({PLAN: {"login": "o"}, RULESETS: []}, Reason.PERMISSION, "organization_plan:read"),
    ],
)
def test_a_plan_that_is_not_told_lets_nothing_pass(answers, reason, permission):
    bodies = {ENVIRONMENTS: environment(REVIEWERS), **answers}
    (found,) = said(policy(min_reviewers=1), bodies, repository=ORGANISATION)
    assert isinstance(found, Undecided)
    assert (found.control, found.subject, found.reason) == ("min_reviewers", "production", reason)
    assert found.permission == permission
    assert "whether the owner's plan enforces it could not be told" in found.message


def test_what_no_plan_could_make_right_is_a_finding_and_what_every_plan_leaves_right_is_none():
    bare = {ENVIRONMENTS: environment()}
    (found,) = said(policy(min_reviewers=1), bare, repository=ORGANISATION)
    assert isinstance(found, Finding)
    assert said(policy(wait=WaitConstraint(max="1h")), bare, repository=ORGANISATION) == []
    assert said(policy(exists=True), bare, repository=ORGANISATION) == []


@pytest.mark.parametrize(
    ("repository", "answers", "told"),
    [
        (ORGANISATION, plan("team"), None),
        (ORGANISATION, {PLAN: {"login": "o"}, RULESETS: []}, None),
        (PRIVATE, {RULESETS: []}, None),
        (ORGANISATION, plan("free"), Finding),
        (PRIVATE, {RULESETS: FREE}, Finding),
        (PRIVATE, {RULESETS: answer(RULESETS, status=502, message="Bad Gateway")}, Undecided),
        (ORGANISATION, {PLAN: {"login": "o"}}, Undecided),
    ],
)
def test_which_branches_may_deploy_takes_a_plan_that_is_not_free(repository, answers, told):
    bodies = {
        ENVIRONMENTS: environment(deployment_branch_policy=CUSTOM),
        BRANCHES: {"branch_policies": [{"name": "main", "type": "branch"}]},
        **answers,
    }
    found = said(policy(branches=("main",)), bodies, repository=repository)
    assert [type(one) for one in found] == ([told] if told else [])
    if told is Finding:
        assert found[0].message.endswith("on a private repository that takes GitHub Pro, Team or Enterprise")


def test_a_repository_that_could_not_be_read_says_nothing_of_a_plan():
    bodies = {ENVIRONMENTS: answer(ENVIRONMENTS, environment(REVIEWERS))}
    facts = LiveAnswers(answer(REPOSITORY, status=404, message="Not Found"), bodies)
    found = [one for one in protection.judge(policy(min_reviewers=1), NOTHING, facts) if not isinstance(one, Judged)]
    assert [type(one) for one in found] == [Undecided]


@pytest.mark.parametrize(
    ("wanted", "rule", "answers", "message"),
    [
        (
            ("main",),
            None,
            {},
            "all of them, where the policy wants exactly main; no rule keeps any branch from deploying",
        ),
        (
            "protected",
            PROTECTED,
            {PROTECTED_BRANCHES: []},
            (
                "all of them, where the policy wants protected branches only; it is limited to protected branches, and"
                " no branch is protected, so that every branch may deploy"
            ),
        ),
        (
            ("main",),
            PROTECTED,
            {PROTECTED_BRANCHES: [{"name": "main"}]},
            "protected branches only, where the policy wants exactly main",
        ),
        ("protected", PROTECTED, {PROTECTED_BRANCHES: [{"name": "main", "protection": {"enabled": True}}]}, None),
        (
            ("main", "tag:v*"),
            CUSTOM,
            {BRANCHES: {"branch_policies": [{"name": "v*", "type": "tag"}, {"name": "main"}]}},
            None,
        ),
        (("main",), CUSTOM, {BRANCHES: {"branch_policies": []}}, "none, where the policy wants exactly main"),
        (
            SetConstraint(subset_of=("main",)),
            CUSTOM,
            {BRANCHES: {"branch_policies": [{"name": "main", "type": "branch"}, {"name": "release/*"}]}},
            "main, release/*, where the policy wants nothing but main",
        ),
    ],
)
def test_branches(wanted, rule, answers, message):
    bodies = {ENVIRONMENTS: environment(deployment_branch_policy=rule), **answers}
    found = said(policy(branches=wanted), bodies)
    title = "the branches and tags that may deploy to production: "
    assert words(found) == ([("branches", "production", title + message)] if message else [])


@pytest.mark.parametrize(
    ("keys", "answers", "reason", "permission"),
    [
        (
            {"min_reviewers": 1},
            {ENVIRONMENTS: refused(ENVIRONMENTS, "actions:read")},
            Reason.PERMISSION,
            "actions:read",
        ),
        ({"min_reviewers": 1}, {ENVIRONMENTS: answer(ENVIRONMENTS, {"environments": "?"})}, Reason.UNPARSEABLE, None),
        ({"min_reviewers": 1}, {ENVIRONMENTS: answer(ENVIRONMENTS, [])}, Reason.UNPARSEABLE, None),
        ({"min_reviewers": 1}, {ENVIRONMENTS: {"environments": [{"name": 3}]}}, Reason.UNPARSEABLE, None),
        ({"min_reviewers": 1}, {ENVIRONMENTS: {"environments": [{"name": "production"}]}}, Reason.UNPARSEABLE, None),
        (
            {"min_reviewers": 1},
            {
                ENVIRONMENTS: environment(
                    {"type": "required_reviewers", "reviewers": [{"type": "Role", "reviewer": {}}]}
                )
            },
            Reason.UNPARSEABLE,
            None,
        ),
        (
            {"wait": "1m"},
            {ENVIRONMENTS: environment({"type": "wait_timer", "wait_timer": "1"})},
            Reason.UNPARSEABLE,
            None,
        ),
        ({"admin_bypass": "forbidden"}, {ENVIRONMENTS: environment()}, Reason.REDACTED, None),
        (
            {"branches": "protected"},
            {
                ENVIRONMENTS: environment(deployment_branch_policy=PROTECTED),
                PROTECTED_BRANCHES: [{"name": "main", "protection": {"enabled": False}}],
            },
            Reason.DYNAMIC,
            None,
        ),
        (
            {"branches": "protected"},
            {
                ENVIRONMENTS: environment(deployment_branch_policy=PROTECTED),
                PROTECTED_BRANCHES: refused(PROTECTED_BRANCHES, "contents:read"),
            },
            Reason.PERMISSION,
            "contents:read",
        ),
        (
            {"branches": ("main",)},
            {ENVIRONMENTS: environment(deployment_branch_policy=CUSTOM), BRANCHES: refused(BRANCHES, "actions:read")},
            Reason.PERMISSION,
            "actions:read",
        ),
        (
            {"branches": ("main",)},
            {ENVIRONMENTS: environment(deployment_branch_policy=CUSTOM)},
            Reason.UNPARSEABLE,
            None,
        ),
        ({"custom_rules": ("a",)}, {ENVIRONMENTS: environment(), RULES: {"x": []}}, Reason.UNPARSEABLE, None),
    ],
)
def test_what_could_not_be_told_is_unknown(keys, answers, reason, permission):
    (found,) = said(policy(**keys), answers)
    assert isinstance(found, Undecided)
    assert (found.reason, found.permission) == (reason, permission)
    assert "could not be told" in found.message


def test_custom_rules_count_where_they_are_enabled():
    rules = [{"enabled": True, "app": {"slug": "Gate"}}, {"enabled": False, "app": {"slug": "old"}}]
    answers = {ENVIRONMENTS: environment(), RULES: {"custom_deployment_protection_rules": rules}}
    assert said(policy(custom_rules=("gate",)), answers) == []
    (found,) = said(policy(custom_rules=SetConstraint(superset_of=("old",))), answers)
    assert found.message == "custom protection rules of production: gate, where the policy wants at least old"


def test_names_do_not_tell_cases_apart():
    assert said(policy(min_reviewers=1), {ENVIRONMENTS: environment(REVIEWERS, name="PRODUCTION")}) == []


def test_an_environment_that_a_run_would_create():
    (found,) = said(policy(min_reviewers=1), {ENVIRONMENTS: environment(name="productoin")}, workflows(DEPLOY))
    assert words([found]) == [
        (
            "exists",
            "production",
            (
                "there is no environment production, so that nothing protects it; the next run of the job deploy"
                " creates it without any protection; the nearest that exists is productoin"
            ),
        )
    ]
    assert [one.text for one in found.evidence] == ["the job deploy names it"]


@pytest.mark.parametrize(
    ("answers", "note"),
    [
        ({ENVIRONMENTS: {"environments": []}}, "on GitHub Free a private repository cannot have one"),
        (
            {
                ENVIRONMENTS: answer(
                    ENVIRONMENTS, status=403, message="Upgrade to GitHub Pro or make this repository public"
                )
            },
            "this account's plan has no environments for this repository",
        ),
    ],
)
def test_an_empty_list_may_be_the_plan(answers, note):
    (found,) = said(policy(exists=True), answers, repository=PRIVATE)
    assert isinstance(found, Finding)
    assert found.message == f"there is no environment production, so that nothing protects it; {note}"


def test_globs_govern_what_exists_and_what_jobs_name():
    files = workflows(
        {
            "deploy.yml": """
            on: {workflow_dispatch: {inputs: {to: {type: choice, options: [eu, us]}}}}
            jobs:
              deploy: {environment: "prod-${{ inputs.to }}", runs-on: x, steps: [{run: "true"}]}
              preview: {environment: "${{ github.head_ref }}", runs-on: x, steps: [{run: "true"}]}
            """
        }
    )
    found = said(policy(environment=("prod-*",), min_reviewers=1), {ENVIRONMENTS: environment(name="prod-eu")}, files)
    assert [(type(one).__name__, one.control, one.subject) for one in found] == [
        ("Finding", "min_reviewers", "prod-eu"),
        ("Finding", "exists", "prod-us"),
        ("Undecided", "exists", ".github/workflows/deploy.yml:preview"),
    ]


def test_a_glob_that_governs_nothing():
    (found,) = said(policy(environment="live-*", exists=True), {ENVIRONMENTS: environment()})
    assert (found.severity, found.message) == (
        "warning",
        "no environment matches live-*, so that this policy governs nothing there",
    )


@pytest.mark.parametrize("pattern", ["production", "prod*"])
@pytest.mark.parametrize("exists", [True, False])
def test_a_list_that_cannot_be_read_lets_nothing_pass(pattern, exists):
    found = said(policy(environment=pattern, exists=exists), {ENVIRONMENTS: refused(ENVIRONMENTS, "actions:read")})
    assert [(type(one), one.control, one.subject) for one in found] == [(Undecided, "exists", pattern)]


def test_a_list_that_is_cut_off_lets_nothing_pass():
    cut = answer(ENVIRONMENTS, environment(REVIEWERS, name="prod-eu"), complete=False, failure="network")
    found = said(policy(environment=("production", "prod-*"), min_reviewers=1), {ENVIRONMENTS: cut})
    assert [(type(one), one.subject) for one in found] == [(Undecided, "production"), (Undecided, "prod-*")]


def test_an_environment_that_must_not_exist():
    (found,) = said(policy(exists=False), {ENVIRONMENTS: environment()})
    assert found.message == "there is an environment production, where the policy wants none"
    assert said(policy(exists=False), {ENVIRONMENTS: {"environments": []}}) == []


def about_use(files, **keys):
    facts = files if isinstance(files, Workflows) else workflows(files)
    return [one for one in used.judge(policy(**keys), facts) if not isinstance(one, Judged)]


def test_an_environment_that_a_job_names_is_used():
    assert about_use(DEPLOY) == []
    assert about_use({}, environment="prod*") == []
    assert used.calls(policy(used=False, exists=True)) == []


def test_an_environment_that_no_job_names():
    (found,) = about_use({"d.yml": DEPLOY["deploy.yml"].replace("Production", "productions")})
    assert (found.control, found.subject, found.location.line) == ("used", "production", 3)
    assert found.message == (
        "no job of any workflow names the environment production, so that its rules hold nothing back; the job deploy"
        " names productions"
    )
    (found,) = about_use({})
    assert found.location.path == ".github/workflows"


def test_a_name_that_only_a_run_can_tell():
    (found,) = about_use({"d.yml": DEPLOY["deploy.yml"].replace("Production", "'${{ vars.TARGET }}'")})
    assert (type(found), found.reason) == (Undecided, Reason.DYNAMIC)
    assert found.message == "no job names production outright, and `${{ vars.TARGET }}` may come to it in some run"
    (found,) = about_use({"d.yml": DEPLOY["deploy.yml"].replace("Production", "'review-${{ vars.TARGET }}'")})
    assert isinstance(found, Finding)


def test_a_file_that_cannot_be_read():
    files = (WorkflowFile(".github/workflows/w.yml", Unreadable("too large", 0, 0, Reason.UNPARSEABLE), ""),)
    (found,) = about_use(Workflows(files))
    assert (type(found), found.control) == (Undecided, "used")
    assert [type(one) for one in said(policy(environment="**"), {ENVIRONMENTS: environment()}, Workflows(files))] == [
        Undecided
    ]


def hidden(document):
    """The document with each of its keys left out, one at a time."""
    if isinstance(document, dict):
        for key in document:
            yield {other: value for other, value in document.items() if other != key}
            yield from ({**document, key: smaller} for smaller in hidden(document[key]))
    elif isinstance(document, list):
        for index, one in enumerate(document):
            yield from ([*document[:index], smaller, *document[index + 1 :]] for smaller in hidden(one))


def test_hiding_any_field_lets_nothing_pass():
    whole = environment(REVIEWERS, WAIT, deployment_branch_policy=CUSTOM, can_admins_bypass=True)
    branches = {"branch_policies": [{"name": "main", "type": "branch"}, {"name": "release/*", "type": "branch"}]}
    apps = {"custom_deployment_protection_rules": [{"enabled": True, "app": {"slug": "gate"}}]}
    wanted = [
        policy(reviewers=SetConstraint(subset_of=("user:octocat",))),
        policy(reviewers=SetConstraint(superset_of=("user:boss",))),
        policy(min_reviewers=3),
        policy(wait=WaitConstraint(min="1h")),
        policy(branches=SetConstraint(subset_of=("main",))),
        policy(admin_bypass="forbidden"),
        policy(custom_rules=("other",)),
    ]
    for listed in hidden(whole):
        for given in wanted:
            assert said(given, {ENVIRONMENTS: listed, BRANCHES: branches, RULES: apps}), (given, listed)
    for smaller in hidden(branches):
        assert said(wanted[4], {ENVIRONMENTS: whole, BRANCHES: smaller}) or "type" not in str(smaller)
    for smaller in hidden(apps):
        assert said(wanted[6], {ENVIRONMENTS: whole, RULES: smaller})


@pytest.mark.parametrize(
    ("keys", "path", "part"),
    [
        ({"used": False}, (), "asserts nothing"),
        ({"environment": ""}, ("environment",), "give a name"),
        ({"environment": ()}, ("environment",), "at least one name"),
        ({"environment": ("a", "b**")}, ("environment", 1), "`**`"),
        ({"reviewers": ("octocat",)}, ("reviewers",), "user:LOGIN"),
        ({"reviewers": SetConstraint()}, ("reviewers",), "gives no bound"),
        ({"min_reviewers": 0}, ("min_reviewers",), "1 or more"),
        ({"wait": "90s"}, ("wait",), "is no wait"),
        ({"wait": WaitConstraint(min="40d")}, ("wait", "min"), "longer than GitHub waits"),
        ({"wait": WaitConstraint()}, ("wait",), "gives no bound"),
        ({"wait": WaitConstraint(min="2m", max="1m")}, ("wait",), "no wait is"),
        ({"exists": False, "min_reviewers": 1}, ("exists",), "nothing to protect"),
    ],
)
def test_policies_that_cannot_be_meant(keys, path, part):
    found = list(policy(**keys).problems())
    assert [one for one, _ in found] == [path]
    assert part in found[0][1]
