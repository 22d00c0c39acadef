"""The repository is set as the policy says, by whatever the token at hand may see."""

import pytest

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.repository_settings import RepositorySettings, settings

BODY = {"full_name": "o/r", "html_url": "https://github.com/o/r", "visibility": "public", "allow_squash_merge": True}


def said(body, **keys):
    answer = Answer(endpoint="repos/o/r", status=200, message="", body=body, permission="metadata:read")
    policy = RepositorySettings(id="merging", **keys)
    return [one for one in settings.judge(policy, LiveAnswers(answer, {})) if not isinstance(one, Judged)]


@pytest.mark.parametrize("keys", [{"squash_merge": True}, {"visibility": "public"}, {"web_commit_signoff": False}])
def test_what_is_as_wanted_is_silent(keys):
    assert said(BODY, **keys) == []


@pytest.mark.parametrize(
    ("keys", "message", "direction"),
    [
        ({"squash_merge": False}, "squash merging: on, where the policy wants off", "changed"),
        (
            {"visibility": "private"},
            "who sees the repository: public, where the policy wants private",
            "weakened",
        ),
        (
            {"web_commit_signoff": True},
            "sign-off of commits made on the web: off, where the policy wants on",
            "weakened",
        ),
    ],
)
def test_what_is_not_is_a_finding(keys, message, direction):
    (found,) = said(BODY, **keys)
    assert isinstance(found, Finding)
    assert (found.control, found.message, found.direction) == (*keys, message, direction)
    assert found.location.setting == f"repository-settings/{found.control}"


def test_a_key_that_is_kept_back_is_unknown():
    (found,) = said({"full_name": "o/r"}, squash_merge=True)
    assert isinstance(found, Undecided)
    assert (found.reason, found.status) == (Reason.PERMISSION, 200)
    assert "could not be told, where the policy wants on" in found.message


def test_a_policy_asserts_something():
    assert [path for path, _ in RepositorySettings(id="empty").problems()] == [()]
