"""`deploy-window`: the policy, the command's answer, and enforcement in workflow files."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from govcheck import __version__
from govcheck.actions.calendar import Closed, Dates
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.policy import LoadedPolicy
from govcheck.rules.deploy_window import AllowedHours, AppliesTo, Denied, DeployWindow, enforced, gate, window_of
from written_workflows import workflows

BUSINESS_HOURS = (AllowedHours(days="mon-fri", from_="09:00", to="17:00"),)


def window(**keys):
    return DeployWindow(**{"id": "business-hours", "timezone": "America/Los_Angeles", "allow": BUSINESS_HOURS, **keys})


def judged(files, policy=None):
    said = list(enforced.judge(policy or window(), files if isinstance(files, Workflows) else workflows(files)))
    assert sum(isinstance(one, Judged) for one in said) == 1
    return [one for one in said if not isinstance(one, Judged)]


def subjects(files, policy=None):
    said = enforced.judge(policy or window(), workflows(files))
    return next(one.subjects for one in said if isinstance(one, Judged))


def job(steps, head=""):
    listed = "".join(f"      {line}\n" for line in steps.strip("\n").split("\n"))
    return f"on: push\njobs:\n  deploy:\n    runs-on: x\n{head}    steps:\n{listed}"


DEPLOY = job("- uses: actions/checkout@v4\n- run: flyctl deploy")
GATED = job("- run: govcheck gate deploy --environment production\n- run: flyctl deploy")
PRODUCTION = AppliesTo(environments=("production",))


def test_a_deploy_behind_the_gate_passes():
    assert judged({"deploy.yml": GATED}) == []
    assert subjects({"deploy.yml": GATED}) == 1


def test_nothing_that_deploys_is_nothing_judged():
    assert judged({"ci.yml": job("- run: make test")}) == []
    assert subjects({"ci.yml": job("- run: make test")}) == 0


def test_an_environment_that_no_job_deploys_to_is_a_warning():
    policy = window(applies_to=AppliesTo(environments=("production", "prodution")))
    files = {"deploy.yml": job(GATED.split("steps:\n")[1].replace("      ", ""), "    environment: production\n")}
    (found,) = judged(files, policy)
    assert (found.subject, found.severity) == ("prodution", "warning")
    assert found.message == "no job of any workflow deploys to prodution, so that this window governs nothing there"
    dynamic = {"deploy.yml": files["deploy.yml"].replace("environment: production", "environment: ${{ inputs.to }}")}
    assert not [one for one in judged(dynamic, policy) if isinstance(one, Finding)]


def test_a_deploy_without_a_gate_is_a_finding_with_the_step_to_add():
    (finding,) = judged({"deploy.yml": DEPLOY})
    assert isinstance(finding, Finding)
    assert (finding.control, finding.subject) == ("enforced", ".github/workflows/deploy.yml:deploy")
    assert finding.message == "`flyctl deploy` is not behind `govcheck gate deploy`: nothing stands before it"
    assert (finding.location.path, finding.location.line, finding.location.column) == (
        ".github/workflows/deploy.yml",
        7,
        14,
    )
    assert finding.fix.text == (
        "put these steps before the step in line 7, behind a checkout (OWNER is the account on GitHub that you have "
        "govcheck from, ENVIRONMENT the environment that you deploy to):\n"
        f"- run: pipx install git+https://github.com/OWNER/govcheck@v{__version__}\n"
        "- name: Deploy window\n"
        "  run: govcheck gate deploy --environment ENVIRONMENT"
    )


def test_the_fix_names_the_job_s_own_environment():
    (finding,) = judged({"deploy.yml": job("- run: flyctl deploy", "    environment: eu-west\n")})
    assert finding.fix.text.endswith("--environment eu-west")


def test_the_fix_quotes_an_environment_of_several_words():
    (finding,) = judged({"deploy.yml": job("- run: flyctl deploy", "    environment: the shop's tests\n")})
    assert finding.fix.text.endswith("""--environment 'the shop'"'"'s tests'""")


def test_the_step_of_the_fix_mends_it():
    (finding,) = judged({"deploy.yml": DEPLOY})
    step = finding.fix.text.partition("\n")[2]
    lines = DEPLOY.splitlines()
    mended = lines[:6] + [f"      {line}" for line in step.split("\n")] + lines[6:]
    assert judged({"deploy.yml": "\n".join(mended) + "\n"}) == []


def test_every_deploy_of_a_job_that_nothing_holds_is_evidence():
    (finding,) = judged({"deploy.yml": job("- run: flyctl deploy\n- run: terraform apply")})
    assert [(one.text, one.location.line) for one in finding.evidence] == [("`terraform apply` runs without it too", 7)]


def test_a_gate_that_does_not_hold_is_named_with_its_place():
    (finding,) = judged({"deploy.yml": job("- run: govcheck gate deploy || true\n- run: flyctl deploy")})
    assert finding.message.endswith("`govcheck gate deploy`: its failure is not heeded (as in `|| true`)")
    assert [(one.location.line, one.location.column) for one in finding.evidence] == [(6, 14)]


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ("--environment production", None),
        ("--environment=Production --policy business-hours", None),
        ("", None),
        ("--environment staging", "it asks about staging"),
        ("--environment production --policy other", "it asks only for the policy other"),
    ],
)
def test_a_gate_has_to_ask_for_this_window(options, verdict):
    files = {
        "deploy.yml": job(
            f"- run: govcheck gate deploy {options}\n- run: flyctl deploy", "    environment: production\n"
        )
    }
    said = judged(files, window(applies_to=PRODUCTION))
    messages = [one.message.partition(": ")[2] for one in said]
    assert messages == ([] if verdict is None else [verdict])


@pytest.mark.parametrize(
    ("script", "judged_too"),
    [
        ("flyctl deploy --app shop --image old", True),
        ("flyctl deploy --app staging", False),
        ("flyctl deploy", False),
        ("make deploy", False),
    ],
)
def test_a_deploy_to_a_governed_target_is_governed_in_any_workflow(script, judged_too):
    files = {
        "deploy.yml": job(
            "- run: govcheck gate deploy --environment production\n- run: flyctl deploy --app shop",
            "    environment: production\n",
        ),
        "quick.yml": job(f"- run: {script}"),
    }
    found = judged(files, window(applies_to=PRODUCTION))
    assert [one.subject for one in found] == [".github/workflows/quick.yml:deploy"] * judged_too


def test_what_an_expression_decides_is_unknown():
    steps = "- run: govcheck gate deploy --environment ${{ vars.E }}\n- run: flyctl deploy"
    (unknown,) = judged({"d.yml": job(steps, "    environment: production\n")}, window(applies_to=PRODUCTION))
    assert isinstance(unknown, Undecided)
    assert (unknown.reason, unknown.message) == (
        Reason.DYNAMIC,
        "it asks about ${{ vars.E }}, which only a run can tell",
    )
    (unknown,) = judged(
        {"d.yml": job("- run: flyctl deploy", "    environment: ${{ inputs.e }}\n")}, window(applies_to=PRODUCTION)
    )
    assert unknown.reason is Reason.DYNAMIC
    assert "${{ inputs.e }}" in unknown.message


def test_the_gate_may_ask_for_the_job_s_own_environment_expression():
    steps = "- run: govcheck gate deploy --environment ${{ inputs.e }}\n- run: flyctl deploy"
    files = {"d.yml": job(steps, "    environment: ${{ inputs.e }}\n")}
    assert judged(files, window(applies_to=PRODUCTION)) == []


def test_a_file_that_only_we_cannot_read_is_unknown_and_one_that_github_refuses_deploys_nothing():
    def file(reason):
        return Workflows((WorkflowFile(".github/workflows/d.yml", Unreadable("broken", 3, 1, reason), ""),))

    (unknown,) = judged(file(Reason.MISSING_OBJECT))
    assert (unknown.subject, unknown.reason) == (".github/workflows/d.yml", Reason.MISSING_OBJECT)
    assert judged(file(None)) == []


def test_a_script_that_cannot_be_read_is_unknown():
    (unknown,) = judged({"d.yml": job(f"- run: {'(a)' * 3000} ; flyctl deploy")})
    assert (unknown.subject, unknown.reason) == (".github/workflows/d.yml:deploy", Reason.UNPARSEABLE)


def test_a_step_that_may_deploy_before_the_gate_is_unknown_and_one_behind_it_is_fine():
    unread = f"- run: {'(a)' * 3000} ; flyctl deploy\n"
    gate_ = "- run: govcheck gate deploy\n"
    (unknown,) = judged({"d.yml": job(f"{unread}{gate_}- run: flyctl deploy")})
    assert unknown.reason is Reason.UNPARSEABLE
    assert judged({"d.yml": job(f"{gate_}{unread}- run: flyctl deploy")}) == []


def test_more_deploys_than_are_looked_at_are_unknown():
    held = "\n".join("    govcheck gate deploy && flyctl deploy" for _ in range(60))
    (unknown,) = judged({"d.yml": job(f"- run: |\n{held}\n    echo done")})
    assert "more than 50 places" in unknown.message


def test_a_workflow_that_is_not_there_is_a_finding():
    (finding,) = judged({"a.yml": GATED}, window(applies_to=AppliesTo(workflows=("deploy-*.yml",))))
    assert (finding.subject, finding.control) == ("deploy-*.yml", "enforced")


def test_one_finding_a_job_whatever_its_file_is_called():
    said = judged({"d\x07\n.yml": DEPLOY})
    assert [one.subject for one in said] == [".github/workflows/d\x07\n.yml:deploy"]


def loaded(*policies):
    return [LoadedPolicy(policy, "policies/p.yaml", 1) for policy in policies]


def at(written, zone="America/Los_Angeles"):
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))


def test_gate_says_open_until_when():
    answer = gate(loaded(window()), "production", at("2026-11-23T10:00"))
    assert answer.open
    assert answer.until == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert list(map(str, answer.windows)) == ["business-hours: open until Mon 2026-11-23 17:00 PST"]


def test_gate_says_closed_why_and_when_next():
    policy = window(deny=(Denied(from_="2026-12-22", to="2027-01-05", reason="holiday freeze"),))
    answer = gate(loaded(policy), "production", at("2026-12-22T10:00"))
    assert not answer.open
    assert answer.next_open == at("2027-01-06T09:00")
    assert answer.reasons == ("business-hours: holiday freeze (2026-12-22 to 2027-01-05)",)
    assert str(answer.windows[0]) == (
        "business-hours: closed, holiday freeze (2026-12-22 to 2027-01-05); opens Wed 2027-01-06 09:00 PST"
    )


def test_all_windows_have_to_be_open_and_the_next_opening_suits_all():
    europe = window(
        id="europe", timezone="Europe/London", allow=(AllowedHours(days="mon-thu", from_="12:00", to="20:00"),)
    )
    policies = loaded(window(), europe)
    answer = gate(policies, "production", at("2026-11-27T10:00"))  # Friday, open in one of the two
    assert not answer.open
    assert answer.reasons == ("europe: outside mon-thu 12:00 to 20:00",)
    assert answer.next_open == at("2026-11-30T09:00")
    assert gate(policies, "production", answer.next_open).until == at("2026-11-30T12:00")


def test_windows_that_are_never_open_together():
    night = window(id="night", allow=(AllowedHours(days="mon-fri", from_="20:00", to="06:00"),))
    answer = gate(loaded(window(), night), "production", at("2026-11-27T10:00"))
    assert (answer.open, answer.next_open) == (False, None)


def test_windows_of_other_environments_have_no_say():
    policies = loaded(window(applies_to=PRODUCTION))
    assert gate(policies, "staging", at("2026-11-23T10:00")) is None
    assert gate(policies, "PRODUCTION", at("2026-11-23T10:00")).open


def test_the_window_of_a_policy():
    policy = window(
        allow=(AllowedHours(), AllowedHours(dates=("2026-11-28",), from_="22:00", to="02:00")),
        deny=(Denied(days=("fri", "sat"), from_="15:00"), Denied(from_="2026-12-24", to="2026-12-24")),
    )
    found = window_of(policy)
    assert [(hours.start, hours.end, hours.text) for hours in found.allow] == [
        (0, 1440, "mon-sun 00:00 to 24:00"),
        (1320, 1560, "2026-11-28 22:00 to 02:00"),
    ]
    assert found.deny[0].days == {4, 5}
    assert found.deny[1] == Dates(first=date(2026, 12, 24), last=date(2026, 12, 24), text="2026-12-24")


@pytest.mark.parametrize(
    ("keys", "path", "says"),
    [
        ({"timezone": "PT"}, ("timezone",), "write America/Los_Angeles"),
        ({"allow": ()}, (), "never closes"),
        ({"allow": (AllowedHours(days="monday"),)}, ("allow", 0, "days"), "did you mean mon?"),
        ({"allow": (AllowedHours(from_="9:00"),)}, ("allow", 0, "from"), "did you mean 09:00?"),
        ({"allow": (AllowedHours(to="25:00"),)}, ("allow", 0, "to"), "00:00 to 24:00"),
        ({"allow": (AllowedHours(dates=("2026-13-01",)),)}, ("allow", 0, "dates", 0), "not in the calendar"),
        ({"allow": (AllowedHours(days="mon", dates=("2026-01-01",)),)}, ("allow", 0, "dates"), "write two entries"),
        ({"deny": (Denied(),)}, ("deny", 0), "no `from`"),
        ({"deny": (Denied(from_="2026-12-24"),)}, ("deny", 0), "no `to`"),
        ({"deny": (Denied(from_="2026-12-24", to="2026-12-23"),)}, ("deny", 0, "to"), "is before 2026-12-24"),
        ({"deny": (Denied(from_="22:00", to="23:00"),)}, ("deny", 0, "from"), "for times of day add `days: mon-fri`"),
        ({"deny": (Denied(days="fri", from_="2026-12-24"),)}, ("deny", 0, "from"), "is not a time of day"),
        ({"applies_to": AppliesTo(workflows=("a**b",))}, ("applies_to", "workflows", 0), "**"),
    ],
)
def test_problems_are_found_before_anything_is_judged(keys, path, says):
    (problem, *_) = window(**keys).problems()
    assert problem[0] == path
    assert says in problem[1]


def test_a_policy_without_problems():
    policy = window(deny=(Denied(dates=("2026-12-25",)), Denied(days="fri", from_="15:00", to="24:00")))
    assert list(policy.problems()) == []
    assert isinstance(gate(loaded(policy), "x", at("2026-12-25T10:00")).windows[0].state, Closed)
