"""What an answer means: status and message together (facts of `github.md` 1b), and never green on blind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.live import Answer
from govcheck.findings import Location, Reason
from govcheck.settings.answers import State, incomplete, unparseable, verdict
from live_branches import answer, refused, unread

PROTECTION = "repos/o/r/branches/main/protection"
UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."


@pytest.mark.parametrize(
    ("endpoint", "status", "message", "state"),
    [
        (PROTECTION, 404, "Branch not protected", State.OFF),
        (PROTECTION, 404, "Branch not found", State.MISSING_BRANCH),
        ("repos/o/r/branches/main", 404, "Branch not found", State.MISSING_BRANCH),
        (f"{PROTECTION}/required_status_checks", 404, "Required status checks not enabled", State.OFF),
        (f"{PROTECTION}/restrictions", 404, "Push restrictions not enabled", State.OFF),
        ("repos/o/r/vulnerability-alerts", 404, "Vulnerability alerts are disabled.", State.OFF),
        ("repos/o/r/dependabot/alerts", 403, "Dependabot alerts are disabled for this repository.", State.OFF),
        ("repos/o/r/secret-scanning/alerts", 404, "Secret scanning is disabled on this repository.", State.OFF),
        (
            "repos/o/r/code-scanning/alerts",
            403,
            "Code scanning is not enabled for this repository. Please enable code scanning in the repository settings.",
            State.OFF,
        ),
        (
            "repos/o/r/code-scanning/alerts",
            403,
            "Advanced Security must be enabled for this repository to use code scanning.",
            State.UNAVAILABLE,
        ),
        ("repos/o/r/code-scanning/alerts", 404, "no analysis found", State.EMPTY),
        (PROTECTION, 403, UPGRADE, State.UNAVAILABLE),
        ("repos/o/r/rules/branches/main", 403, "Upgrade to GitHub Team to enable this feature.", State.UNAVAILABLE),
        ("repos/o/r/vulnerability-alerts", 204, "", State.ON),
    ],
)
def test_a_known_message_is_a_definite_answer(endpoint, status, message, state):
    assert verdict(refused(endpoint, status, message)).state is state


@pytest.mark.parametrize(
    ("status", "message", "reason"),
    [
        (404, "Not Found", Reason.PERMISSION),
        (403, "Resource not accessible by integration", Reason.PERMISSION),
        (403, "Resource not accessible by personal access token", Reason.PERMISSION),
        (403, "Must have admin rights to Repository.", Reason.PERMISSION),
        (403, "Something new that nobody has seen", Reason.PERMISSION),
        (401, "Bad credentials", Reason.API_ERROR),
        (403, "You have exceeded a secondary rate limit. Please wait a few minutes", Reason.RATE_LIMITED),
        (429, "You have exceeded a secondary rate limit.", Reason.RATE_LIMITED),
        (403, "API rate limit exceeded for user ID 1.", Reason.RATE_LIMITED),
        (429, "", Reason.RATE_LIMITED),
        (500, "", Reason.API_ERROR),
        (502, "Server Error", Reason.API_ERROR),
        (301, "Moved Permanently", Reason.API_ERROR),
        (422, "Validation Failed", Reason.API_ERROR),
    ],
)
def test_any_other_refusal_is_unknown_with_its_reason(status, message, reason):
    """D1 of the peers: an unexpected status is not "nothing found"."""
    found = verdict(refused(PROTECTION, status, message, "administration:read"))
    assert found.state is State.UNKNOWN
    assert found.trouble is not None
    assert (found.trouble.reason, found.trouble.status, found.trouble.endpoint) == (reason, status, PROTECTION)
    assert found.trouble.permission == ("administration:read" if reason is Reason.PERMISSION else None)
    assert str(status) in found.trouble.message


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ("network", Reason.API_ERROR),
        ("timeout", Reason.API_ERROR),
        ("rate-limited", Reason.RATE_LIMITED),
        ("not-json", Reason.UNPARSEABLE),
        ("no-token", Reason.PERMISSION),
        (None, Reason.API_ERROR),
    ],
)
def test_no_answer_is_unknown(failure, reason):
    found = verdict(unread(PROTECTION, failure))
    assert (found.state, found.trouble.reason) == (State.UNKNOWN, reason)


def test_a_good_status_without_a_document_is_unparseable():
    found = verdict(answer(PROTECTION, None))
    assert (found.state, found.trouble.reason) == (State.UNKNOWN, Reason.UNPARSEABLE)


@pytest.mark.parametrize("endpoint", ["repos/o/r/rules/branches/main", "repos/o/r/environments"])
def test_an_off_message_counts_only_where_github_says_it(endpoint):
    assert verdict(refused(endpoint, 404, "Branch not protected")).state is State.UNKNOWN


def test_an_off_message_counts_only_with_its_status():
    assert verdict(refused(PROTECTION, 403, "Branch not protected")).state is State.UNKNOWN


def test_a_permission_that_no_token_of_the_class_can_have_is_not_grantable():
    told = verdict(refused(PROTECTION, 403, "Resource not accessible by integration", grantable=False)).trouble
    limited = verdict(refused(PROTECTION, 429, "", grantable=False)).trouble
    assert (told.grantable, limited.grantable) == (False, True)


def test_trouble_becomes_an_undecided():
    trouble = verdict(refused(PROTECTION, 404, "Not Found", "administration:read")).trouble
    said = trouble.undecided("approvals", "main", "in short", Location(setting="branches/main/approvals"))
    assert (said.control, said.subject, said.reason, said.permission, said.status) == (
        "approvals",
        "main",
        Reason.PERMISSION,
        "administration:read",
        404,
    )


def test_a_list_that_was_cut_off_says_so():
    cut = answer("repos/o/r/rules/branches/main", [], complete=False, failure="rate-limited", message="used up")
    assert incomplete(cut).reason is Reason.RATE_LIMITED
    assert "later pages" in incomplete(cut).message
    assert unparseable(cut, "expected a list").reason is Reason.UNPARSEABLE


@given(st.integers(100, 599) | st.none(), st.text(max_size=40), st.sampled_from(["", PROTECTION, "repos/o/r"]))
def test_only_a_document_or_a_204_is_ever_on(status, message, endpoint):
    found = verdict(Answer(endpoint=endpoint, status=status, message=message, body={"message": message}))
    assert (found.state is State.ON) == (status in {200, 204})
    assert (found.state is State.UNKNOWN) == (found.trouble is not None)
