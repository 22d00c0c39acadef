"""One way to write actors, whichever mechanism names them."""

import pytest

from govcheck.settings.actors import (
    Passer,
    app_name,
    dismissing_actors,
    implied,
    is_group,
    listed_actors,
    listed_names,
    problem,
    ruleset_passers,
)
from govcheck.settings.bodies import UnexpectedShapeError
from live_branches import actors


@pytest.mark.parametrize(
    ("kind", "number", "written"),
    [
        ("RepositoryRole", 2, "role:maintain"),
        ("RepositoryRole", 4, "role:write"),
        ("RepositoryRole", 5, "role:admin"),
        ("RepositoryRole", 7, "role:id-7"),
        ("Team", 12, "team:id-12"),
        ("Team", 1, "team:octo-org/justice-league"),
        ("User", 3, "user:id-3"),
        ("Integration", 15368, "app:github-actions"),
        ("Integration", 99, "app:id-99"),
        ("OrganizationAdmin", None, "organization-admin"),
        ("OrganizationAdmin", 1, "organization-admin"),
        ("EnterpriseOwner", 0, "enterprise-owner"),
        ("DeployKey", None, "deploy-key"),
        ("EnterpriseRole", 8, "enterpriserole:id-8"),
        ("Team", None, "team:id-none"),
    ],
)
def test_bypass_actors_are_named_and_never_skipped(kind, number, written):
    """Traps 28 and 29: numbers of single actors differ by server; an unknown type is reported under its own name."""
    names = {("team", 1): "team:octo-org/justice-league"}
    entry = {"actor_type": kind, "actor_id": number, "bypass_mode": "always"}
    assert ruleset_passers([entry], names) == {Passer(written)}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ({}, "always"),
        ({"bypass_mode": None}, "always"),
        ({"bypass_mode": "exempt"}, "exempt"),
        ({"bypass_mode": "pull_request"}, "pull_request"),
        ({"bypass_mode": "someday"}, "always"),
    ],
)
def test_a_mode_that_is_absent_or_unknown_is_the_widest(mode, expected):
    assert ruleset_passers([{"actor_type": "DeployKey"} | mode], {}) == {Passer("deploy-key", expected)}


@pytest.mark.parametrize(
    "entry", [{}, {"actor_type": None}, {"actor_type": 5}, {"actor_type": "Team", "actor_id": "x"}]
)
def test_an_odd_bypass_actor_is_said(entry):
    with pytest.raises(UnexpectedShapeError):
        ruleset_passers([entry], {})


def test_classic_lists_are_named_in_lower_case():
    body = {"restrictions": actors(["Octocat"], ["justice-league"], ["OctoApp"])}
    found = listed_actors(body, "restrictions", "GitHub")
    assert found == {"user:octocat", "team:github/justice-league", "app:octoapp"}
    assert listed_names(body, ["restrictions", "absent"], "GitHub")["team", 1] == "team:github/justice-league"


def test_an_absent_list_restricts_nobody_and_an_empty_one_everybody():
    """Trap 13: the two look alike and are opposites."""
    assert listed_actors({}, "restrictions", "o") is None
    assert listed_actors({"restrictions": None}, "restrictions", "o") is None
    assert listed_actors({"restrictions": actors()}, "restrictions", "o") == frozenset()


@pytest.mark.parametrize(
    "value", [{}, {"url": "x"}, [], "nobody", {"users": "octocat"}, {"users": [1]}, {"users": [{"id": 1}]}]
)
def test_an_odd_list_is_said(value):
    with pytest.raises(UnexpectedShapeError):
        listed_actors({"restrictions": value}, "restrictions", "o")


def test_a_list_that_cannot_be_read_names_nobody():
    assert listed_names({"restrictions": {"users": "octocat"}}, ["restrictions"], "o") == {}


def test_dismissing_actors_are_compared_by_name_and_installations_are_not():
    assert dismissing_actors(
        [{"type": "RepositoryRole", "id": 5}, {"type": "User", "id": 3}], {("user", 3): "user:a"}
    ) == {
        "role:admin",
        "user:a",
    }
    with pytest.raises(UnexpectedShapeError):
        dismissing_actors([{"type": "IntegrationInstallation", "id": 3}], {})


def test_an_owner_is_an_admin_and_an_admin_can_what_a_writer_can():
    assert implied("organization-admin") == {"organization-admin", "role:admin", "role:maintain", "role:write"}
    assert implied("role:write") == {"role:write"}
    assert implied("team:o/a") == {"team:o/a"}
    assert [is_group(one) for one in ("team:o/a", "role:admin", "user:a", "app:a", "deploy-key")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_apps_by_number():
    assert [app_name(15368), app_name(7), app_name(7, {("app", 7): "app:seven"})] == [
        "app:github-actions",
        "app:id-7",
        "app:seven",
    ]


@pytest.mark.parametrize(
    "written",
    ["role:admin", "role:id-7", "team:o/slug", "team:id-3", "app:x", "user:x", "organization-admin", "deploy-key"],
)
def test_well_written_actors(written):
    assert problem(written) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("admin", "role:admin"),
        ("org-admin", "organization-admin"),
        ("role-admin", "role:admin"),
        ("DeployKey", "deploy-key"),
    ],
)
def test_the_nearest_actor_is_offered(written, meant):
    assert problem(written).endswith(f"did you mean {meant}?")


@pytest.mark.parametrize(
    "written", ["", "octocat", "team:slug", "team:a/b/c", "user:", "user: x", "group:x", "@octocat"]
)
def test_anything_else_is_not_an_actor(written):
    assert problem(written).startswith(f"{written!r} is not an actor: write role:NAME")
