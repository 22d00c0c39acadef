"""The command that mends a setting."""

import pytest

from govcheck.constraints import NumberConstraint
from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.settings.commands import command
from govcheck.settings.registry import named, settings

PUT = "gh api -X PUT repos/o/r/actions/permissions"


def live(name):
    return LiveAnswers(Answer(endpoint="repos/o/r", status=200, message="", body={"full_name": name}), {})


@pytest.mark.parametrize(
    ("name", "wanted", "typed"),
    [
        ("repository-settings/squash_merge", True, "gh api -X PATCH repos/o/r -F allow_squash_merge=true"),
        ("repository-settings/wiki", False, "gh api -X PATCH repos/o/r -F has_wiki=false"),
        ("actions-settings/default_token", "read", f"{PUT}/workflow -F default_workflow_permissions=read"),
        (
            "actions-settings/approving_pull_requests",
            "forbidden",
            f"{PUT}/workflow -F can_approve_pull_request_reviews=false",
        ),
        ("actions-settings/retention_days", NumberConstraint(min=90), f"{PUT}/artifact-and-log-retention -F days=90"),
        ("actions-settings/retention_days", NumberConstraint(max=90), None),
        ("actions-settings/disabled_workflows", (), None),
        ("repository-settings/visibility", "private", None),
    ],
)
def test_what_to_type(name, wanted, typed):
    assert command(named(name), wanted, live("o/r")) == typed


@pytest.mark.parametrize("name", ["o/r; rm -rf ~", None, 7, "o"])
def test_a_name_that_is_none_is_never_typed(name):
    assert command(named("repository-settings/wiki"), wanted=False, live=live(name)) is None


def test_every_command_names_the_repository_and_the_value():
    given = [one.command for one in settings() if one.command]
    assert given
    assert all(one.format(repository="R", value="V").count("R") and one.endswith("={value}") for one in given)
