"""What live findings rest on."""

import pytest

from fake_github import FakeGitHub, State
from govcheck.facts.live import Answer, LiveBranch, LiveBranchRequest
from govcheck.settings.control_evidence import CLASSIC_FIELDS, of_bypass, of_control
from govcheck.settings.controls import CONTROLS
from govcheck.settings.evidence import answered
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather

ADMIN = "ghp_" + "AdminOfTheRepository01"
ROOT = "GET repos/octo/app"


def answer(status=200, body=None, message="", **keys):
    return Answer(endpoint="repos/o/r", status=status, message=message, body=body, **keys)


@pytest.mark.parametrize(
    ("given", "field", "text"),
    [
        (answer(body={"a": {"b": False}}), "a.b", "answered 200, and `a.b` is false"),
        (answer(body={"a": None}), "a", "answered 200, and `a` is absent"),
        (answer(body={"a": 1}), "a.b", "answered 200, and `a.b` is not as documented (a.b: expected an object above"),
        (answer(body={"a": list(range(100))}), "a", "answered 200, and `a` is 100 entries"),
        (answer(body={"a": "x" * 500}), "a", 'answered 200, and `a` is "' + "x" * 119 + "…"),
        (answer(404, message="Branch not protected"), "a", "answered 404: Branch not protected"),
        (answer(204), "", "answered 204"),
        (answer(None, failure="timeout", message="no answer in time"), "a", "was not answered (timeout)"),
    ],
    ids=["value", "absent", "odd", "long list", "long text", "refused", "no document", "no answer"],
)
def test_an_answer_in_one_line(given, field, text):
    assert answered(given, field).text.startswith(f"GET repos/o/r {text}")


def test_every_control_of_classic_protection_has_its_field():
    untold = {"deployments", "merge_queue"}
    assert CLASSIC_FIELDS.keys() == {key for key, one in CONTROLS.items() if one.classic} - untold


@pytest.fixture
def branch():
    state = State()
    state.token(ADMIN)
    repository = state.repository("octo/app")
    repository.protect("main", approvals=1)
    rules = [{"type": "pull_request", "parameters": {"required_approving_review_count": 2}}]
    repository.ruleset("main", rules, bypass_actors=({"actor_type": "DeployKey", "bypass_mode": "always"},))
    with FakeGitHub(state) as github:
        client = Client(from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN}))
        request = LiveBranchRequest(LiveBranch, "main")
        with client:
            return gather(client, "octo/app", [request])[request]


def test_a_control_names_every_endpoint_that_tells_it(branch):
    field = "required_pull_request_reviews.required_approving_review_count"
    assert [one.text for one in of_control(branch, "approvals")] == [
        f"{ROOT}/branches/main/protection answered 200, and `{field}` is 1",
        (
            f"{ROOT}/rules/branches/main answered 200, with a rule `pull_request` whose "
            "`required_approving_review_count` is 2"
        ),
    ]
    assert [one.text for one in of_control(branch, "force_pushes")] == [
        f"{ROOT}/branches/main/protection answered 200, and `allow_force_pushes.enabled` is false",
        f"{ROOT}/rules/branches/main answered 200, without a rule `non_fast_forward`",
    ]
    assert [one.text for one in of_control(branch, "merge_methods")][2:] == [
        f"{ROOT} answered 200, and `{field}` is true"
        for field in ("allow_merge_commit", "allow_squash_merge", "allow_rebase_merge")
    ]


def test_who_may_go_around_is_told_by_two_endpoints(branch):
    first, second = (one.text for one in of_bypass(branch, frozenset({1000, 7})))
    assert first == f"{ROOT}/branches/main/protection answered 200, and `enforce_admins.enabled` is false"
    assert second.startswith(f"{ROOT}/rulesets/1000 answered 200, and `bypass_actors` is [{{")
