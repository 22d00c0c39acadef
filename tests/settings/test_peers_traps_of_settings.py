"""The traps that lie in settings which are not about the protection of refs; `test_peers_traps.py` has the others."""

import pytest

from govcheck.constraints import SetConstraint
from govcheck.facts.workflows import Workflows
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.access import Access, lists
from govcheck.rules.code_security import CodeSecurity
from govcheck.rules.code_security import settings as security
from govcheck.rules.environment_protection import EnvironmentProtection, WaitConstraint, protection
from govcheck.rules.repository_settings import RepositorySettings
from govcheck.rules.repository_settings import settings as repository
from govcheck.settings.deploy_keys import fingerprint
from govcheck.settings.endpoints import ENVIRONMENTS, REPOSITORY, VULNERABILITY_ALERTS
from live_answers import answer, live, refused

FIXES = f"{REPOSITORY}/automated-security-fixes"
REPORTING = f"{REPOSITORY}/private-vulnerability-reporting"
TEAMS = f"{REPOSITORY}/teams"
NOT_FOUND = {"status": 404, "message": "Not Found"}
ORGANISATION = {"owner": {"login": "o", "type": "Organization"}, "visibility": "public"}


def without_counts(said):
    return [one for one in said if not isinstance(one, Judged)]


def secured(template, given, **keys):
    bodies = {template: given}
    return without_counts(security.judge(CodeSecurity(id="p", **keys), live(bodies, ORGANISATION)))


def of_repository(body, **keys):
    return without_counts(repository.judge(RepositorySettings(id="p", **keys), live({}, {**ORGANISATION, **body})))


def of_environment(*environments, **keys):
    policy = EnvironmentProtection(**{"id": "p", "environment": "production", **keys})
    listed = {"total_count": len(environments), "environments": list(environments)}
    return without_counts(protection.judge(policy, Workflows(files=()), live({ENVIRONMENTS: listed})))


def environment(name="production", **keys):
    return {"id": 7, "name": name, "protection_rules": [], "deployment_branch_policy": None, **keys}


def test_trap_07_a_204_is_on_a_404_is_off_only_where_github_says_so_and_paused_is_neither():
    on = answer(VULNERABILITY_ALERTS, status=204)
    off = answer(VULNERABILITY_ALERTS, status=404, message="Vulnerability alerts are disabled.")
    assert secured(VULNERABILITY_ALERTS, on, dependabot_alerts=True) == []
    assert isinstance(secured(VULNERABILITY_ALERTS, off, dependabot_alerts=True)[0], Finding)
    forbidden = refused(VULNERABILITY_ALERTS, "administration:read")
    (unknown,) = secured(VULNERABILITY_ALERTS, forbidden, dependabot_alerts=True)
    assert (type(unknown), unknown.reason) == (Undecided, Reason.PERMISSION)
    assert secured(FIXES, {"enabled": True, "paused": False}, dependabot_security_updates=True) == []
    assert isinstance(secured(FIXES, {"enabled": True, "paused": True}, dependabot_security_updates=True)[0], Finding)
    assert secured(REPORTING, {"enabled": True}, private_vulnerability_reporting=True) == []
    (odd,) = secured(REPORTING, answer(REPORTING, **NOT_FOUND), private_vulnerability_reporting=True)
    assert isinstance(odd, Undecided)


def test_trap_15_a_rule_that_is_not_there_protects_nothing():
    wanted = {"min_reviewers": 1, "self_review": "forbidden", "wait": WaitConstraint(min="1m")}
    found = of_environment(environment(), **wanted)
    assert {one.control for one in found if isinstance(one, Finding)} == set(wanted)
    (open_to_all,) = of_environment(environment(), branches=("main",))
    assert isinstance(open_to_all, Finding)
    (untold,) = of_environment(environment(), admin_bypass="forbidden")
    assert isinstance(untold, Undecided)


def test_trap_19_nothing_is_written_in_three_ways_and_topics_have_no_order():
    for empty in ("", None, "  "):
        assert of_repository({"description": empty, "homepage": empty}, has_description=False, has_homepage=False) == []
        assert isinstance(of_repository({"description": empty}, has_description=True)[0], Finding)
    topics = ("api", "shop")
    assert of_repository({"topics": ["shop", "api"]}, topics=topics) == []


def test_trap_19_internal_is_not_private():
    (found,) = of_repository({"private": True, "visibility": "internal"}, visibility="private")
    assert (type(found), found.actual) == (Finding, "internal")


def test_trap_20_a_keys_comment_is_no_part_of_it():
    blob = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZpcnN0"
    assert fingerprint(blob) == fingerprint(f"{blob} mona@laptop")
    assert fingerprint(blob) != fingerprint(f"{blob[:-4]}AAAA")


def test_trap_21_a_property_of_null_is_one_that_is_not_set_and_choices_have_no_order():
    absent, null = (
        of_repository({"custom_properties": given}, properties={"team": "a"}) for given in ({}, {"team": None})
    )
    assert [type(one) for one in absent] == [type(one) for one in null] == [Finding]
    assert absent[0].actual is null[0].actual is None
    chosen = {"custom_properties": {"tiers": ["gold", "silver"]}}
    assert of_repository(chosen, properties={"tiers": ("silver", "gold")}) == []


def test_trap_25_what_github_makes_by_itself_is_judged_as_all_else():
    made = environment("github-pages")
    found = of_environment(made, environment(), environment="**", min_reviewers=1)
    assert {one.subject for one in found if isinstance(one, Finding)} == {"github-pages", "production"}


@pytest.mark.parametrize(("github", "ours"), [("push", "write"), ("pull", "read"), ("admin", "admin")])
def test_trap_26_push_is_write_and_pull_is_read(github, ours):
    page = "https://github.com/orgs/o/teams/crew"
    teams = [{"id": 1, "slug": "crew", "name": "The crew", "permission": github, "html_url": page}]

    def said(role):
        policy = Access(id="p", teams=SetConstraint(subset_of=(f"team:o/crew={role}",)))
        return without_counts(lists.judge(policy, live({TEAMS: teams}, ORGANISATION)))

    assert said(ours) == []
    assert isinstance(said("maintain")[0], Finding)
