"""A branch is protected as the policy says, by whatever mechanism; and what cannot be told is never a pass."""

from dataclasses import MISSING, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck import registry
from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.facts.live import LiveBranch, LiveBranchRequest
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.policy import Policy
from govcheck.rules.branch_protection import BranchProtection, controls
from govcheck.settings import controls as settings_controls
from govcheck.settings.controls import ADMINS_INCLUDED, BYPASS, controls_of
from govcheck.settings.remedies import REMEDIES
from govcheck.settings.strength import Strength
from live_branches import (
    ADMIN,
    PAGE,
    REPOSITORY,
    actors,
    answer,
    classic,
    hidden,
    live,
    pull_request,
    refused,
    repository,
    reviews,
    role,
    ruleset,
    status_checks,
    summary,
    unread,
)

UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."
RULES = f"{REPOSITORY}/rules/branches/main"
NOBODY = SetConstraint(subset_of=())
CONTROLS = controls_of("branch")


def policy(**keys):
    return BranchProtection(id="main-protected", **{"branch": "main"} | keys)


def said(branch, **keys):
    return [one for one in controls.judge(policy(**keys), branch) if not isinstance(one, Judged)]


def the(branch, **keys):
    (one,) = said(branch, **keys)
    return one


GOVERNED = {
    "pull_requests": True,
    "approvals": NumberConstraint(min=2),
    "dismiss_stale_reviews": True,
    "status_checks": SetConstraint(superset_of=("build", "lint")),
    "conversation_resolution": True,
    "linear_history": True,
    "force_pushes": "forbidden",
    "bypass": NOBODY,
}
GOVERNING = [
    pull_request(2, required_review_thread_resolution=True),
    status_checks("build", "lint", "vitest"),
    {"type": "required_linear_history"},
    {"type": "non_fast_forward"},
]


def test_a_ruleset_that_does_it_all_passes():
    assert said(live(ruleset(42, *GOVERNING)), **GOVERNED) == []


def test_two_mechanisms_that_do_it_together_pass():
    body = classic(
        required_pull_request_reviews=reviews(2),
        required_conversation_resolution={"enabled": True},
        required_status_checks={
            "strict": False,
            "contexts": ["build"],
            "checks": [{"context": "build", "app_id": None}],
        },
    )
    rules = [status_checks("lint"), {"type": "required_linear_history"}, {"type": "non_fast_forward"}]
    assert said(live(ruleset(42, *rules), protection=body), **GOVERNED) == []


def test_a_branch_without_protection_fails_on_every_control():
    found = said(live(), **GOVERNED)
    assert all(isinstance(one, Finding) for one in found)
    assert [one.control for one in found] == [
        "pull_requests",
        "approvals",
        "dismiss_stale_reviews",
        "conversation_resolution",
        "status_checks",
        "linear_history",
        "force_pushes",
    ]
    assert {one.direction for one in found} == {"weakened"}


def test_a_finding_says_what_is_where_and_how_to_mend_it():
    found = the(live(ruleset(42, pull_request(1), bypass=[role(5, "exempt")])), approvals=NumberConstraint(min=2))
    assert (found.control, found.subject, found.plane) == ("approvals", "main", "live")
    assert found.message == "required approvals on main: 1, where the policy wants at least 2"
    assert (found.expected, found.actual, found.direction) == ({"min": 2}, 1, "weakened")
    assert (found.location.setting, found.location.url) == ("branches/main/approvals", f"{PAGE}/rules/42")
    assert found.fix.text == (
        'In Settings → Rules → Rulesets, open ruleset "main" (42) of octocat/hello-world '
        "and set “Required approvals” to at least 2"
    )
    assert [one.text for one in found.evidence] == [
        (
            'ruleset "main" (42) of octocat/hello-world: required approvals: 1; '
            "role:admin (exempt: it leaves no audit entry) may bypass it"
        ),
        "GET repos/octocat/hello-world/branches/main/protection answered 404: Branch not protected",
        (
            "GET repos/octocat/hello-world/rules/branches/main answered 200, with a rule `pull_request` whose "
            "`required_approving_review_count` is 1"
        ),
    ]


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        (
            {"approvals": 2},
            (
                "gh api -X PATCH repos/octocat/hello-world/branches/main/protection/required_pull_request_reviews "
                "-F required_approving_review_count=2"
            ),
        ),
        ({"signatures": True}, "gh api -X POST repos/octocat/hello-world/branches/main/protection/required_signatures"),
        (
            {"status_checks": SetConstraint(superset_of=("a b", "build"))},
            (
                "gh api -X POST repos/octocat/hello-world/branches/main/protection/required_status_checks/contexts "
                "-f 'contexts[]=a b'"
            ),
        ),
        ({"linear_history": True}, None),
        ({"approvals": NumberConstraint(min=1, max=1)}, None),
    ],
)
def test_a_command_where_one_endpoint_does_just_that(keys, command):
    """D12: a PUT of the whole protection switches off what it leaves out, so that is never offered."""
    checks = {"strict": False, "contexts": ["build"], "checks": []}
    body = classic(required_pull_request_reviews=reviews(1), required_status_checks=checks)
    found = said(live(protection=body), **keys)
    assert [one.fix.command for one in found] == ([command] if found else [])


def test_no_command_for_an_endpoint_that_is_not_there():
    found = the(live(protection=classic()), approvals=2)
    assert found.fix.command is None
    assert found.fix.text.startswith("In Settings → Branches, edit the rule for main and set")


def test_a_live_branch_that_is_stricter_than_the_policy_allows():
    found = the(live(ruleset(42, pull_request(3))), approvals=NumberConstraint(max=2))
    assert (found.direction, found.fix.text) == (
        "strengthened",
        'Relax it in ruleset "main" (42) of octocat/hello-world, or change the policy',
    )
    assert the(live(ruleset(42, {"type": "deletion"})), deletions="allowed").direction == "strengthened"
    assert the(live(ruleset(42, status_checks("a"))), status_checks=("b",)).direction == "changed"


@pytest.mark.parametrize(
    ("protection", "reason", "permission"),
    [
        (hidden(), Reason.PERMISSION, "administration:read"),
        (hidden(message="Not Found", status=404), Reason.PERMISSION, "administration:read"),
        (hidden(message="Bad credentials", status=401), Reason.API_ERROR, None),
        (hidden(message="API rate limit exceeded for user ID 1."), Reason.RATE_LIMITED, None),
        (hidden(message="Server Error", status=502), Reason.API_ERROR, None),
        (unread(f"{REPOSITORY}/branches/main/protection"), Reason.API_ERROR, None),
        (answer(f"{REPOSITORY}/branches/main/protection", "<html>"), Reason.UNPARSEABLE, None),
    ],
)
def test_protection_that_cannot_be_read_is_unknown_and_never_green(protection, reason, permission):
    """D1: a bad token, a rate limit, a token without admin. D6: an outage is no violation either."""
    found = said(live(protection=protection), **GOVERNED)
    assert found
    for one in found:
        assert isinstance(one, Undecided)
        assert (one.reason, one.permission, one.subject) == (reason, permission, "main")
        assert one.location.setting == f"branches/main/{one.control}"


def test_nothing_at_all_can_be_read():
    nothing = unread(REPOSITORY, "no-token", "no token was given")
    blind = LiveBranch(
        branch="~DEFAULT_BRANCH", repository=nothing, summary=nothing, protection=nothing, rules=nothing, rulesets=()
    )
    asserted = GOVERNED | {"admins_included": True}
    found = said(blind, **asserted)
    assert {type(one) for one in found} == {Undecided}
    assert {one.control for one in found} == asserted.keys()
    approvals = next(one.message for one in found if one.control == "approvals")
    assert approvals.startswith("required approvals on ~DEFAULT_BRANCH could not be told, where the policy wants")


def test_what_the_readable_layers_satisfy_passes_whatever_the_others_say():
    branch = live(ruleset(42, *GOVERNING), protection=hidden(grantable=False))
    assert said(branch, **GOVERNED) == []
    exact = the(branch, approvals=2)
    assert (type(exact), exact.grantable) == (Undecided, False)
    assert isinstance(the(branch, approvals=NumberConstraint(max=1)), Finding)


def test_a_plan_that_cannot_enforce_protection_fails_and_says_so():
    branch = live(protection=hidden(message=UPGRADE), rules=refused(RULES, 403, UPGRADE))
    found = the(branch, approvals=NumberConstraint(min=1))
    assert isinstance(found, Finding)
    assert found.message == (
        f"required approvals on main: 0, where the policy wants at least 1; this plan cannot enforce it ({UPGRADE})"
    )
    assert found.fix.text.startswith("Move the account to a plan")


def test_a_branch_that_does_not_exist_is_one_finding():
    found = the(live(summary=refused(f"{REPOSITORY}/branches/main", 404, "Branch not found")), **GOVERNED)
    assert (found.control, found.subject, found.actual) == ("branch", "main", None)


def test_bypass_is_judged_control_by_control():
    """D4 and D8."""
    branch = live(ruleset(1, pull_request(2), bypass=[ADMIN]), ruleset(2, {"type": "non_fast_forward"}))
    found = the(branch, approvals=NumberConstraint(min=2), force_pushes="forbidden", bypass=NOBODY)
    assert (found.control, found.actual, found.expected) == ("bypass", {"approvals": ["role:admin"]}, {"subset_of": []})
    assert found.message == "role:admin can go around approvals on main, where the policy lets nobody"
    assert found.fix.text == 'Take role:admin off the bypass list of ruleset "main" (1) of octocat/hello-world'
    assert said(branch, force_pushes="forbidden", bypass=NOBODY) == []


@pytest.mark.parametrize("rulesets", [(), (ruleset(1, pull_request(1)),)], ids=["nothing", "too few approvals"])
def test_who_goes_around_a_control_that_only_a_hidden_layer_may_give_is_unknown(rulesets):
    both = said(live(*rulesets, protection=hidden()), approvals=NumberConstraint(min=2), bypass=NOBODY)
    assert [(type(one), one.control, one.permission) for one in both] == [
        (Undecided, "approvals", "administration:read"),
        (Undecided, "bypass", "administration:read"),
    ]


@pytest.mark.parametrize(
    ("keys", "fix"),
    [
        (
            {"enforce_admins": {"enabled": False}},
            "Tick “Do not allow bypassing the above settings” in Settings → Branches",
        ),
        (
            {
                "required_pull_request_reviews": reviews(2, bypass_pull_request_allowances=actors(["octocat"])),
            },
            "Take user:octocat off “Allow specified actors to bypass required pull requests” in Settings → Branches",
        ),
    ],
    ids=["administrators", "allowances"],
)
def test_classic_protection_has_its_own_ways_around(keys, fix):
    body = classic(**({"required_pull_request_reviews": reviews(2)} | keys))
    found = the(live(protection=body), approvals=NumberConstraint(min=2), bypass=NOBODY)
    assert (found.control, found.fix.text) == ("bypass", fix)


def test_bypass_actors_that_are_hidden_are_unknown():
    """D7."""
    found = the(live(ruleset(42, pull_request(2), bypass=None)), approvals=2, bypass=())
    assert (type(found), found.control, found.reason, found.permission) == (
        Undecided,
        "bypass",
        Reason.REDACTED,
        "administration:write",
    )


def test_one_control_can_be_decided_and_another_not():
    branch = live(ruleset(1, pull_request(2), bypass=[ADMIN]), ruleset(2, {"type": "deletion"}, bypass=None))
    fails, open_ = said(branch, approvals=2, deletions="forbidden", bypass=NOBODY)
    assert (type(fails), fails.actual) == (Finding, {"approvals": ["role:admin"]})
    assert isinstance(open_, Undecided)
    assert "deletions" in open_.message


def test_actors_are_compared_without_regard_to_case():
    body = classic(restrictions=actors(["OctoCat"], ["Release"]))
    allowed = SetConstraint(subset_of=("user:octocat", "team:Octocat/release"))
    assert said(live(protection=body), push_restrictions=allowed) == []


def test_an_actor_that_must_be_able_to_go_around():
    found = the(live(ruleset(1, pull_request(2))), approvals=2, bypass=SetConstraint(superset_of=("role:admin",)))
    assert (found.direction, found.actual) == ("strengthened", {"approvals": []})
    assert found.fix.text == "Add role:admin to the bypass list of each layer"


def test_who_is_several_actors_at_once_is_not_told():
    team = {"actor_id": 12, "actor_type": "Team"}
    user = {"actor_id": 3, "actor_type": "User"}
    branch = live(ruleset(1, pull_request(2), bypass=[team]), ruleset(2, pull_request(2), bypass=[user]))
    found = the(branch, approvals=2, bypass=NOBODY)
    assert (type(found), found.grantable) == (Undecided, False)
    assert found.message.endswith("several of these: team:id-12, user:id-3")


TEAM = {"actor_id": 12, "actor_type": "Team"}
CREW = SetConstraint(subset_of=("team:octocat/crew",))


def test_a_team_is_known_by_the_name_that_the_list_of_teams_has():
    teams = answer(f"{REPOSITORY}/teams", [{"id": 12, "slug": "Crew"}, {"id": "x"}, 1])
    branch = live(ruleset(1, pull_request(2), bypass=[TEAM]), teams=teams)
    assert said(branch, approvals=2, bypass=CREW) == []
    assert the(branch, approvals=2, bypass=NOBODY).actual == {"approvals": ["team:octocat/crew"]}


def test_an_actor_that_github_gives_by_number_may_be_the_one_that_is_named():
    branch = live(ruleset(1, pull_request(2), bypass=[TEAM]))
    found = the(branch, approvals=2, bypass=CREW)
    assert (type(found), found.reason) == (Undecided, Reason.REDACTED)
    assert found.message.endswith("where they are the ones that the policy names, write the number: team:id-12")
    demanded = the(branch, approvals=2, bypass=SetConstraint(superset_of=("team:octocat/crew",)))
    assert isinstance(demanded, Undecided)
    assert said(branch, approvals=2, bypass=SetConstraint(subset_of=("team:id-12",))) == []
    for other in (NOBODY, SetConstraint(subset_of=("user:crew",)), SetConstraint(subset_of=("team:id-13",))):
        assert isinstance(the(branch, approvals=2, bypass=other), Finding)


def test_two_lists_of_actors_that_overlap_nobody_knows_how():
    restricted = {"enabled": True, "allowed_actors": [{"id": 5, "type": "RepositoryRole"}]}
    body = classic(required_pull_request_reviews=reviews(2, dismissal_restrictions=actors(["octocat"])))
    branch = live(ruleset(1, pull_request(2, dismissal_restriction=restricted)), protection=body)
    assert said(branch, review_dismissals=SetConstraint(subset_of=("role:admin",))) == []
    assert isinstance(the(branch, review_dismissals=NOBODY), Undecided)
    found = the(branch, review_dismissals=("role:admin",))
    assert found.message == (
        "who may dismiss reviews on main: role:admin, and at once user:octocat, "
        "where the policy wants exactly role:admin"
    )
    assert found.actual == [["role:admin"], ["user:octocat"]]


def test_admins():
    branch = live(protection=classic(enforce_admins={"enabled": False}))
    found = the(branch, admins_included=True)
    assert (found.control, found.expected, found.actual, found.direction) == (
        "admins_included",
        True,
        False,
        "weakened",
    )
    assert found.fix.command == "gh api -X POST repos/octocat/hello-world/branches/main/protection/enforce_admins"
    assert said(branch, admins_included=False) == []
    assert said(live(protection=classic()), admins_included=True) == []
    assert isinstance(the(live(protection=hidden()), admins_included=True), Undecided)
    assert "not bound by all that" in the(live(), admins_included=True).message


def test_administrators_may_be_stopped_by_what_rest_does_not_tell():
    deployments = {"type": "required_deployments", "parameters": {"required_deployment_environments": ["staging"]}}
    body = classic(allow_force_pushes={"enabled": True})
    found = the(live(ruleset(1, deployments, bypass=[ADMIN]), protection=body), admins_included=True)
    assert (type(found), found.reason) == (Undecided, Reason.REDACTED)
    assert "which deployments classic protection requires" in found.message


def test_the_number_of_subjects_and_the_settings_that_are_asserted():
    (judged, *_) = controls.judge(policy(approvals=2, admins_included=True, bypass=()), live())
    assert judged == Judged(
        3, ("branches/main/approvals", "branches/main/admins_included", "branches/main/bypass/approvals")
    )


def test_the_policy_asks_for_its_branch():
    kind = registry.kind("branch-protection")
    assert kind.model is BranchProtection
    assert [check.calls(policy(branch="~DEFAULT_BRANCH", approvals=1)) for check in kind.checks] == [
        [(LiveBranchRequest(LiveBranch, "~DEFAULT_BRANCH"),)]
    ]


def test_every_control_is_a_key_and_every_key_a_control():
    own = {field.name for field in fields(BranchProtection)} - {field.name for field in fields(Policy)}
    assert own == {"branch", ADMINS_INCLUDED, BYPASS, *CONTROLS}
    assert REMEDIES.keys() == settings_controls.CONTROLS.keys()


TYPES = {
    Strength.TOGGLE: bool | None,
    Strength.AT_LEAST: int | NumberConstraint | None,
    Strength.AT_MOST: int | NumberConstraint | None,
    Strength.DEMANDED: tuple[str, ...] | SetConstraint | None,
    Strength.CHOICE: tuple[str, ...] | SetConstraint | None,
    Strength.ACTORS: tuple[str, ...] | SetConstraint | None,
}


@pytest.mark.parametrize("control", CONTROLS.values(), ids=list(CONTROLS))
def test_a_key_takes_what_its_control_can_be(control):
    (field,) = (field for field in fields(BranchProtection) if field.name == control.key)
    assert field.default is None
    assert field.default_factory is MISSING
    if control.strength is Strength.BAN:
        assert "forbidden" in repr(field.type)
    else:
        assert field.type == TYPES[control.strength]


WANTED = {
    Strength.TOGGLE: True,
    Strength.BAN: "forbidden",
    Strength.AT_LEAST: NumberConstraint(min=1),
    Strength.AT_MOST: NumberConstraint(max=10),
    Strength.DEMANDED: SetConstraint(superset_of=("x",)),
    Strength.CHOICE: SetConstraint(subset_of=("squash",)),
    Strength.ACTORS: SetConstraint(subset_of=("role:admin",)),
}


@pytest.mark.parametrize("control", CONTROLS.values(), ids=list(CONTROLS))
def test_every_control_fails_where_nothing_protects_and_is_unknown_where_nothing_can_be_read(control):
    """D5: a rule that can never fail is no rule."""
    wanted = {control.key: WANTED[control.strength]}
    found = the(live(), **wanted)
    assert (type(found), found.control) == (Finding, control.key)
    assert found.fix.text
    nothing = unread(REPOSITORY)
    blind = LiveBranch(
        branch="main", repository=nothing, summary=nothing, protection=nothing, rules=nothing, rulesets=()
    )
    assert isinstance(the(blind, **wanted), Undecided)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"approvals": 2}, []),
        ({"admins_included": True}, []),
        ({"approvals": 2, "bypass": NOBODY}, []),
        ({"branch": "", "approvals": 2}, [(("branch",), "an empty name: write a branch's name, or ~DEFAULT_BRANCH")]),
        ({"approvals": NumberConstraint()}, [(("approvals",), "gives no bound: write min, max or equals")]),
        (
            {"bypass": NOBODY},
            [(("bypass",), "says who may go around the controls that this policy gives, and it gives none")],
        ),
        (
            {"merge_methods": ("sqash",)},
            [(("merge_methods", 0), "'sqash' is none of merge, squash, rebase; did you mean squash?")],
        ),
    ],
)
def test_problems(keys, expected):
    assert list(policy(**keys).problems()) == expected


def test_a_policy_that_asserts_nothing_is_refused():
    ((place, message),) = policy().problems()
    assert place == ()
    assert message.startswith("asserts nothing: give at least one of pull_requests, approvals")


def test_actors_in_a_policy_are_written_as_live_ones_are():
    (bypass, push) = policy(
        approvals=1, bypass=SetConstraint(subset_of=("admin",)), push_restrictions=("x",)
    ).problems()
    places = {bypass[0], push[0]}
    assert places == {("bypass", "subset_of", 0), ("push_restrictions", 0)}
    assert any(message.endswith("did you mean role:admin?") for _, message in (bypass, push))


def test_pages_of_an_enterprise_server_are_its_own_and_no_other_scheme_is_a_page():
    server = repository(html_url="https://git.example.com/octocat/hello-world")
    assert the(live(repository=server), approvals=1).location.url == (
        "https://git.example.com/octocat/hello-world/settings/branches"
    )
    assert the(live(repository=repository(html_url="javascript:alert(1)")), approvals=1).location.url is None


REDACTIONS = st.sets(st.sampled_from(["bypass", "protection", "rules", "summary", "repository"]))
COUNTS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([(), (ADMIN,)])), max_size=3)


@given(COUNTS, st.sampled_from([None, 1, 2]), st.booleans(), REDACTIONS)
def test_hiding_anything_never_turns_a_failure_or_an_unknown_into_a_pass(counts, approvals, admins, redactions):
    body = None
    if approvals is not None:
        body = classic(required_pull_request_reviews=reviews(approvals), enforce_admins={"enabled": admins})
    whole = live(
        *(ruleset(n, pull_request(count), bypass=b) for n, (count, b) in enumerate(counts, 1)), protection=body
    )
    cut = live(
        *(
            ruleset(n, pull_request(count), bypass=None if "bypass" in redactions else b)
            for n, (count, b) in enumerate(counts, 1)
        ),
        protection=hidden() if "protection" in redactions else body,
        rules=refused(RULES, 404, "Not Found") if "rules" in redactions else None,
        summary=unread(f"{REPOSITORY}/branches/main") if "summary" in redactions else summary(),
        repository=unread(REPOSITORY) if "repository" in redactions else repository(),
    )
    asserted = {"approvals": NumberConstraint(min=2), "admins_included": True, "bypass": NOBODY}
    open_before = {one.control for one in said(whole, **asserted)}
    open_after = {one.control for one in said(cut, **asserted)}
    assert open_before - {"bypass"} <= open_after
    if "bypass" in open_before and "approvals" not in open_after:
        assert "bypass" in open_after


@given(COUNTS, COUNTS, st.sampled_from([NumberConstraint(min=1), NumberConstraint(min=2)]))
def test_one_more_ruleset_never_turns_a_pass_into_a_failure(counts, more, wanted):
    def passes(listed):
        layers = (ruleset(n, pull_request(count), bypass=b) for n, (count, b) in enumerate(listed, 1))
        return not said(live(*layers), approvals=wanted, bypass=NOBODY)

    if passes(counts):
        assert passes([*counts, *more])
