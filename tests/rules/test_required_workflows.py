"""`required-workflows`: files, triggers, schedules, steps, and whether they are switched on."""

from datetime import UTC, datetime

import pytest

from govcheck.facts import Missing
from govcheck.facts.live import LiveWorkflows
from govcheck.facts.now import Now
from govcheck.facts.tree import Tree
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.required_workflows import (
    RequiredSchedule,
    RequiredStep,
    RequiredTrigger,
    RequiredWorkflow,
    RequiredWorkflowsPolicy,
    enabled,
    exists,
    listed,
    schedule,
    steps,
    triggers,
)
from govcheck.sources.workflow_files import read_workflows
from live_branches import REPOSITORY, answer, refused, unread
from written_workflows import workflows

NOW = Now(datetime(2026, 11, 20, 12, tzinfo=UTC))
PATH = ".github/workflows/ci.yml"
CI = "on: [push, pull_request]\njobs:\n  build:\n    runs-on: x\n    steps:\n    - uses: actions/checkout@v4\n"


def policy(*required, **keys):
    return RequiredWorkflowsPolicy(id="ours", workflows=required or (RequiredWorkflow(**{"file": "ci.yml", **keys}),))


def told(check, asked, files, *facts):
    found = workflows(files) if isinstance(files, dict) else files
    said = list(check.judge(asked, found, *facts))
    assert sum(isinstance(one, Judged) for one in said) == 1
    return [one for one in said if not isinstance(one, Judged)]


def messages(said):
    assert all(isinstance(one, Finding) for one in said), said
    return [one.message for one in said]


def on(events, rest=""):
    return f"on: {events}\njobs:\n  build:\n    runs-on: x\n{rest}    steps:\n    - run: make\n"


# --- exists


def test_a_file_that_is_there_is_all_that_its_name_asks():
    assert told(exists, policy(), {"ci.yml": CI}) == []


def test_a_file_that_is_missing_is_told_with_the_nearest():
    (finding,) = told(exists, policy(file="deploy-staging-flyio.yml"), {"deploy-staging.yml": CI, "ci.yml": CI})
    assert finding.message == "there is no workflow file deploy-staging-flyio.yml; the nearest is deploy-staging.yml"
    assert (finding.control, finding.subject) == ("exists", ".github/workflows/deploy-staging-flyio.yml")
    assert finding.fix.text == ("add .github/workflows/deploy-staging-flyio.yml, or correct the name in the policy")


def test_a_glob_wants_one_file_at_least_and_holds_each():
    assert messages(told(exists, policy(file="deploy-*.yml"), {"ci.yml": CI})) == [
        "there is no workflow file deploy-*.yml"
    ]
    both = policy(file="deploy-*.yml", triggers=("push",))
    said = told(triggers, both, {"deploy-a.yml": on("push"), "deploy-b.yml": on("release")})
    assert [one.subject for one in said] == [".github/workflows/deploy-b.yml:push"]


def test_a_file_that_github_rejects_does_not_exist_in_effect():
    (finding,) = told(exists, policy(triggers=("push",)), {"ci.yml": "on: push\n"})
    assert finding.message == "GitHub rejects this workflow file: the file has no `jobs`"
    assert told(triggers, policy(triggers=("push",)), {"ci.yml": "on: push\n"}) == []


def test_a_file_that_only_we_cannot_read_makes_everything_in_it_unknown():
    files = read_workflows({PATH: Missing(reason=Reason.MISSING_OBJECT, message="a shallow clone")})
    asked = policy(
        triggers=("push",), schedule=RequiredSchedule(every="24h"), steps=(RequiredStep(run="make"),), enabled=True
    )
    assert told(exists, asked, files) == []
    said = [*told(triggers, asked, files), *told(schedule, asked, files, NOW), *told(steps, asked, files)]
    assert [(one.control, one.reason) for one in said] == [
        ("trigger", Reason.MISSING_OBJECT),
        ("schedule", Reason.MISSING_OBJECT),
        ("step", Reason.MISSING_OBJECT),
    ]


# --- triggers


@pytest.mark.parametrize(
    ("events", "trigger", "message"),
    [
        ("[push, pull_request]", "pull_request", None),
        ("push", "pull_request", "ci.yml does not start on `pull_request`; it starts on push"),
        (
            "pull_request_target",
            "pull_request",
            "ci.yml does not start on `pull_request`; it starts on `pull_request_target`",
        ),
        ("{pull_request: {branches: [main]}}", RequiredTrigger(event="pull_request", branches=("main",)), None),
        (
            "{pull_request: {branches: ['release/**']}}",
            RequiredTrigger(event="pull_request", branches=("release/1",)),
            None,
        ),
        ("pull_request", RequiredTrigger(event="pull_request", branches=("main",)), None),
        (
            "{pull_request: {branches: [dev]}}",
            RequiredTrigger(event="pull_request", branches=("main",)),
            "ci.yml does not start on `pull_request` for main: `branches: [dev]` leaves `main` out",
        ),
        (
            "{push: {branches-ignore: [main]}}",
            RequiredTrigger(event="push", branches=("main",)),
            "ci.yml does not start on `push` for main: `branches-ignore: [main]` leaves `main` out",
        ),
        (
            "{push: {tags: ['v*']}}",
            RequiredTrigger(event="push", branches=("main",)),
            "ci.yml does not start on `push` to main: it names tags only",
        ),
        ("pull_request", RequiredTrigger(event="pull_request", types=("synchronize",)), None),
        (
            "pull_request",
            RequiredTrigger(event="pull_request", types=("opened", "edited")),
            "ci.yml does not start on `edited` of `pull_request`, only on opened, synchronize, reopened",
        ),
        ("release", RequiredTrigger(event="release", types=("published",)), None),
        (
            "{release: {types: [created]}}",
            RequiredTrigger(event="release", types=("published",)),
            "ci.yml does not start on `published` of `release`, only on created",
        ),
    ],
    ids=str,
)
def test_triggers(events, trigger, message):
    said = told(triggers, policy(triggers=(trigger,)), {"ci.yml": on(events)})
    assert messages(said) == ([] if message is None else [message])


def test_the_fix_of_a_type_keeps_the_ones_that_are_there():
    asked = policy(triggers=(RequiredTrigger(event="pull_request", types=("edited",)),))
    (finding,) = told(triggers, asked, {"ci.yml": on("pull_request")})
    assert finding.fix.text == "write `types: [opened, synchronize, reopened, edited]`"


def test_a_filter_that_cannot_be_read_is_unknown():
    asked = policy(triggers=(RequiredTrigger(event="push", branches=("main",)),))
    (unknown,) = told(triggers, asked, {"ci.yml": on("{push: {branches: ['[a']}}")})
    assert isinstance(unknown, Undecided)
    assert unknown.reason is Reason.UNPARSEABLE


# --- schedule


def cron(*entries):
    listed = "".join(
        f"  - cron: '{one}'\n" if isinstance(one, str) else f"  - cron: '{one[0]}'\n    timezone: {one[1]}\n"
        for one in entries
    )
    return f"on:\n  schedule:\n{listed}jobs:\n  build:\n    runs-on: x\n"


NINE = RequiredSchedule(cron="0 9 * * 1-5", timezone="America/Los_Angeles")


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([("0 9 * * 1-5", "America/Los_Angeles")], None),
        ([("0 9 * * MON-FRI", "US/Pacific")], None),
        (["0 16 * * 1-5", "0 17 * * 1-5"], None),
        (["0 * * * *"], None),
        (
            ["0 17 * * 1-5"],
            (
                "ci.yml starts at 09:00 in America/Los_Angeles for a part of the year only: from 2027-03-15 on, when "
                "clocks "
                "have changed, `0 17 * * 1-5` in UTC is 10:00 there"
            ),
        ),
        (
            ["0 9 * * 1-5"],
            "ci.yml does not start at 09:00 in America/Los_Angeles: `0 9 * * 1-5` in UTC is 01:00 there",
        ),
        (
            [("0 9 * * 1-4", "America/Los_Angeles")],
            (
                "ci.yml does not start on every day that `0 9 * * 1-5` in America/Los_Angeles means: it has `0 9 * * "
                "1-4` in "
                "America/Los_Angeles"
            ),
        ),
        (
            ["@daily"],
            (
                "ci.yml has a cron that GitHub does not take: a cron has five fields (minute, hour, day of the "
                "month, month, day of the week), and this has 1"
            ),
        ),
        ([("0 9 * * *", "Mars/Olympus")], "ci.yml has a cron in 'Mars/Olympus', which is no time zone"),
    ],
    ids=str,
)
def test_a_cron_is_what_it_means(entries, message):
    said = told(schedule, policy(schedule=NINE), {"ci.yml": cron(*entries)}, NOW)
    assert messages(said) == ([] if message is None else [message])


def test_the_fix_is_the_cron_with_its_zone():
    (finding,) = told(schedule, policy(schedule=NINE), {"ci.yml": cron("0 17 * * 1-5")}, NOW)
    assert finding.fix.text == (
        'write this under `on.schedule`:\n- cron: "0 9 * * 1-5"\n  timezone: America/Los_Angeles'
    )
    assert (finding.subject, finding.location.line) == (PATH, 3)


def test_no_schedule_at_all():
    assert messages(told(schedule, policy(schedule=NINE), {"ci.yml": CI}, NOW)) == ["ci.yml has no schedule"]


@pytest.mark.parametrize(
    ("entries", "every", "message"),
    [
        (["0 9 * * *"], "24h", None),
        ([("0 9 * * *", "America/Los_Angeles")], "24h", None),
        (["0 0 * * *", "0 12 * * *"], "12h", None),
        (["0 * * * *"], "1h", None),
        (["0 9 * * 1-5"], "24h", "ci.yml starts 3 days at times apart by `0 9 * * 1-5` in UTC, more than 24h"),
        (["0 */2 * * *"], "1h", "ci.yml starts 2h at times apart by `0 */2 * * *` in UTC, more than 1h"),
        (["0 0 29 2 *"], "1d", "ci.yml starts years apart by `0 0 29 2 *` in UTC, more than 1d"),
    ],
    ids=str,
)
def test_every(entries, every, message):
    asked = policy(schedule=RequiredSchedule(every=every))
    said = told(schedule, asked, {"ci.yml": cron(*entries)}, NOW)
    assert messages(said) == ([] if message is None else [message])


# --- steps

VERIFY = RequiredStep(run="scripts/verify.sh")


def one_step(step, head="", events="push"):
    return {"ci.yml": f"on: {events}\njobs:\n  build:\n    runs-on: x\n{head}    steps:\n    {step}\n"}


@pytest.mark.parametrize(
    "step",
    [
        "- run: scripts/verify.sh",
        "- run: ./scripts/verify.sh --all",
        "- run: bash -eu scripts/verify.sh",
        "- run: cd scripts && ./verify.sh",
        "- {run: ./verify.sh, working-directory: scripts}",
        "- run: if ! scripts/verify.sh; then exit 1; fi",
        "- run: scripts/verify.sh || exit 1",
        "- {run: scripts/verify.sh, continue-on-error: false}",
        "- {run: scripts/verify.sh, if: failure()}",
        "- {run: scripts/verify.sh, if: github.actor != 'x'}",
    ],
)
def test_a_script_that_a_step_runs(step):
    assert told(steps, policy(steps=(VERIFY,)), one_step(step)) == []


@pytest.mark.parametrize(
    "step",
    [
        "- run: echo scripts/verify.sh",
        "- run: cat scripts/verify.sh",
        "- run: bash -n scripts/verify.sh",
        "- run: chmod +x scripts/verify.sh",
        "- run: 'true # scripts/verify.sh'",
        "- run: other/verify.sh",
        "- uses: actions/checkout@v4",
    ],
)
def test_a_script_that_no_step_runs(step):
    (finding,) = told(steps, policy(steps=(VERIFY,)), one_step(step))
    assert finding.message == "no step of ci.yml runs `scripts/verify.sh`"
    assert (finding.control, finding.subject) == ("step", f"{PATH}:scripts/verify.sh")
    assert finding.fix.text == "add the step `- run: scripts/verify.sh` to a job of ci.yml"


@pytest.mark.parametrize(
    ("step", "head", "why"),
    [
        ("- run: scripts/verify.sh || true", "", "its failure is not heeded (as in `|| true`)"),
        ("- run: scripts/verify.sh | tee log", "", "it stands in a pipe, whose end hides its failure"),
        ("- {run: scripts/verify.sh, continue-on-error: true}", "", "its step has `continue-on-error: true`"),
        ("- run: scripts/verify.sh", "    continue-on-error: true\n", "its job has `continue-on-error: true`"),
        ("- run: scripts/verify.sh", "    if: false\n", "`if: false` of job build is never met"),
        ("- {run: scripts/verify.sh, if: '${{ false }}'}", "", "`if: ${{ false }}` of job build is never met"),
        (
            "- {run: scripts/verify.sh, if: github.event_name == 'schedule'}",
            "",
            "`if: github.event_name == 'schedule'` of job build is never met",
        ),
    ],
)
def test_a_step_that_nobody_heeds_or_reaches_counts_as_absent(step, head, why):
    (finding,) = told(steps, policy(steps=(VERIFY,)), one_step(step, head))
    assert finding.message == f"`scripts/verify.sh` in ci.yml counts as absent: {why}"


def test_a_job_that_needs_one_which_is_off_is_off_too():
    text = """
    on: push
    jobs:
      first: {runs-on: x, if: false, steps: [{run: make}]}
      second: {runs-on: x, needs: first, steps: [{run: scripts/verify.sh}]}
      third: {runs-on: x, needs: first, if: always(), steps: [{run: make test}]}
    """
    asked = policy(steps=(VERIFY, RequiredStep(run="make test")))
    assert messages(told(steps, asked, {"ci.yml": text})) == [
        "`scripts/verify.sh` in ci.yml counts as absent: `if: false` of job first is never met"
    ]


def test_each_listed_trigger_has_to_reach_the_step():
    files = one_step("- run: scripts/verify.sh", "    if: github.event_name == 'push'\n", "[push, pull_request]")
    assert told(steps, policy(steps=(VERIFY,)), files) == []
    (finding,) = told(steps, policy(triggers=("push", "pull_request"), steps=(VERIFY,)), files)
    assert finding.message.endswith("of job build is never met on `pull_request`")


@pytest.mark.parametrize(
    ("files", "reason", "message"),
    [
        (
            one_step("- {run: scripts/verify.sh, if: vars.SCAN == 'on'}"),
            Reason.DYNAMIC,
            (
                "`scripts/verify.sh` is there, and nobody can tell whether it counts: `if: vars.SCAN == 'on'` of job "
                "build "
                "depends on vars.SCAN, which the files do not tell"
            ),
        ),
        (
            one_step("- {run: scripts/verify.sh, continue-on-error: '${{ matrix.soft }}'}"),
            Reason.DYNAMIC,
            (
                "`scripts/verify.sh` is there, and nobody can tell whether it counts: its step has `continue-on-error: "
                "${{ matrix.soft }}`, which only a run can tell"
            ),
        ),
        (
            one_step("- run: OUT=$(scripts/verify.sh)"),
            Reason.DYNAMIC,
            (
                "`scripts/verify.sh` is there, and nobody can tell whether it counts: its output is put into a "
                "variable, so "
                "that its failure may be heeded or not"
            ),
        ),
        (
            one_step("- uses: ./.github/actions/verify"),
            Reason.DYNAMIC,
            (
                "no step of ci.yml that was read is `scripts/verify.sh`, and it may be in ./.github/actions/verify, "
                "an action "
                "of this repository, which is not read"
            ),
        ),
        (
            one_step("- {shell: pwsh, run: scripts/verify.sh}"),
            Reason.UNPARSEABLE,
            (
                "no step of ci.yml that was read is `scripts/verify.sh`, and `verify.sh` stands in a script that is "
                "for pwsh"
            ),
        ),
        (
            {"ci.yml": "on: push\njobs:\n  scan: {uses: o/r/.github/workflows/scan.yml@v1}\n"},
            Reason.DYNAMIC,
            (
                "no step of ci.yml that was read is `scripts/verify.sh`, and job scan calls "
                "o/r/.github/workflows/scan.yml@v1, another repository's workflow, which is not at hand"
            ),
        ),
    ],
    ids=["variable", "matrix", "captured", "action", "shell", "remote"],
)
def test_what_cannot_be_told_is_unknown(files, reason, message):
    (unknown,) = told(steps, policy(steps=(VERIFY,)), files)
    assert isinstance(unknown, Undecided)
    assert (unknown.reason, unknown.message) == (reason, message)


def test_a_called_workflow_of_this_repository_is_looked_through():
    called = {
        "ci.yml": "on: push\njobs:\n  a: {uses: ./.github/workflows/scan.yml}\n",
        "scan.yml": "on: workflow_call\njobs:\n  b: {runs-on: x, steps: [{run: scripts/verify.sh}]}\n",
    }
    assert told(steps, policy(steps=(VERIFY,)), called) == []
    off = {**called, "ci.yml": "on: push\njobs:\n  a: {if: false, uses: ./.github/workflows/scan.yml}\n"}
    assert messages(told(steps, policy(steps=(VERIFY,)), off)) == [
        "`scripts/verify.sh` in ci.yml counts as absent: `if: false` of job a is never met"
    ]


def test_a_called_workflow_that_calls_itself_ends():
    loop = {"ci.yml": "on: [push, workflow_call]\njobs:\n  a: {uses: ./.github/workflows/ci.yml}\n"}
    assert messages(told(steps, policy(steps=(VERIFY,)), loop)) == ["no step of ci.yml runs `scripts/verify.sh`"]


def test_actions_are_compared_by_name():
    checkout, scan = RequiredStep(uses="Actions/Checkout"), RequiredStep(uses="o/r/.github/workflows/scan.yml")
    sha = one_step("- uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8")
    assert told(steps, policy(steps=(checkout,)), sha) == []
    remote = {"ci.yml": "on: push\njobs:\n  scan: {uses: o/r/.github/workflows/scan.yml@v1}\n"}
    assert told(steps, policy(steps=(scan,)), remote) == []
    assert messages(told(steps, policy(steps=(RequiredStep(uses="o/scan"),)), sha)) == [
        "no step of ci.yml uses `o/scan`"
    ]


def test_a_step_that_another_workflow_has_is_told_with_its_place():
    files = {**one_step("- run: make"), "other.yml": one_step("- run: scripts/verify.sh")["ci.yml"]}
    (finding,) = told(steps, policy(steps=(VERIFY,)), files)
    assert [(one.text, one.location.path, one.location.line) for one in finding.evidence] == [
        ("another workflow runs it", ".github/workflows/other.yml", 6)
    ]


# --- enabled


def live(*states, **keys):
    listed_states = [
        {"path": f".github/workflows/{name}", "state": state, "html_url": "https://github.com/o/r/x"}
        for name, state in states
    ]
    body = {"total_count": len(listed_states), "workflows": listed_states}
    return LiveWorkflows(answer(f"{REPOSITORY}/actions/workflows", body, **keys))


ON = policy(enabled=True)
TREE = Tree({PATH: "100644"})


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("active", None),
        ("disabled_manually", "ci.yml is switched off: somebody disabled it by hand"),
        (
            "disabled_inactivity",
            "ci.yml is switched off: GitHub disabled it, because nothing happened in the repository for 60 days",
        ),
        ("disabled_fork", "ci.yml is switched off: it is off, as in every new fork"),
        ("deleted", "ci.yml is switched off: GitHub has it as deleted"),
        ("disabled_by_moonlight", "ci.yml is switched off: its state is disabled_by_moonlight"),
    ],
)
def test_enabled(state, message):
    said = told(enabled, ON, {"ci.yml": CI}, live(("ci.yml", state)))
    assert messages(said) == ([] if message is None else [message])
    for finding in said:
        assert (finding.control, finding.subject, finding.location.setting) == (
            "enabled",
            PATH,
            "workflows/ci.yml/state",
        )
        assert finding.fix.command == "gh workflow enable ci.yml"


def test_only_what_is_asked_for_is_judged():
    (judged,) = enabled.judge(policy(), workflows({"ci.yml": CI}), live(("ci.yml", "disabled_manually")))
    assert judged == Judged(0)


def test_a_workflow_that_github_does_not_know_is_told_over_a_whole_tree_only():
    assert told(enabled, ON, {"ci.yml": CI}, live()) == []
    said = told(listed, ON, {"ci.yml": CI}, TREE, live())
    assert messages(said) == ["GitHub knows no workflow ci.yml: it lists those of the default branch"]
    assert told(listed, ON, {"ci.yml": CI}, TREE, live(("ci.yml", "active"))) == []


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (LiveWorkflows(refused("x", 403, "Resource not accessible by integration", "actions:read")), Reason.PERMISSION),
        (LiveWorkflows(refused("x", 404, "Not Found", "actions:read")), Reason.PERMISSION),
        (LiveWorkflows(unread("x")), Reason.API_ERROR),
        (live(complete=False, message="page 2"), Reason.API_ERROR),
        (LiveWorkflows(answer("x", [])), Reason.UNPARSEABLE),
        (LiveWorkflows(answer("x", {"workflows": [1]})), Reason.UNPARSEABLE),
        (LiveWorkflows(answer("x", {"workflows": [{"path": 1, "state": "active"}]})), Reason.UNPARSEABLE),
        (LiveWorkflows(answer("x", {"workflows": [{"path": PATH}]})), Reason.UNPARSEABLE),
    ],
    ids=["forbidden", "hidden", "network", "cut", "list", "numbers", "types", "no state"],
)
def test_a_list_that_cannot_be_read_is_unknown(facts, reason):
    (unknown,) = told(enabled, ON, {"ci.yml": CI}, facts)
    assert (unknown.control, unknown.subject, unknown.reason) == ("enabled", PATH, reason)
    assert told(listed, ON, {"ci.yml": CI}, TREE, facts) == []


def test_what_a_cut_list_does_have_is_judged():
    cut = live(("ci.yml", "disabled_manually"), complete=False)
    assert messages(told(enabled, ON, {"ci.yml": CI}, cut)) == ["ci.yml is switched off: somebody disabled it by hand"]


# --- the policy


@pytest.mark.parametrize(
    ("keys", "place", "message"),
    [
        ({"file": "ci"}, ("file",), "`ci` is no workflow file: its name ends with .yml or .yaml"),
        ({"triggers": ("pull-request",)}, ("triggers", 0, "event"), "did you mean pull_request?"),
        (
            {"triggers": (RequiredTrigger(event="release", branches=("main",)),)},
            ("triggers", 0, "branches"),
            "`release` has no branches",
        ),
        (
            {"triggers": (RequiredTrigger(event="push", branches=("release/*",)),)},
            ("triggers", 0, "branches", 0),
            "`release/*` is not a branch's name",
        ),
        (
            {"triggers": (RequiredTrigger(event="push", types=("opened",)),)},
            ("triggers", 0, "types"),
            "`push` has no activity types",
        ),
        ({"schedule": RequiredSchedule()}, ("schedule",), "write either `cron` or `every`"),
        (
            {"schedule": RequiredSchedule(cron="0 0 * * *", every="24h")},
            ("schedule",),
            "write either `cron` or `every`",
        ),
        ({"schedule": RequiredSchedule(cron="0 25 * * *")}, ("schedule", "cron"), "bad hour in `0 25 * * *`"),
        ({"schedule": RequiredSchedule(cron="0 0 31 2 *")}, ("schedule", "cron"), "bad day-of-month"),
        ({"schedule": RequiredSchedule(cron="0 0 * * MON#1")}, ("schedule", "cron"), "`MON#1` is not one of"),
        (
            {"schedule": RequiredSchedule(cron="0 0 * * *", timezone="PT")},
            ("schedule", "timezone"),
            "write America/Los_Angeles",
        ),
        ({"schedule": RequiredSchedule(every="daily")}, ("schedule", "every"), "`daily` is not a duration"),
        (
            {"schedule": RequiredSchedule(every="24h", timezone="Europe/Berlin")},
            ("schedule", "timezone"),
            "only a `cron` has a time zone",
        ),
        ({"steps": (RequiredStep(),)}, ("steps", 0), "write either `uses`"),
        ({"steps": (RequiredStep(uses="actions/checkout@v4"),)}, ("steps", 0, "uses"), "write actions/checkout"),
        ({"steps": (RequiredStep(run="a | b"),)}, ("steps", 0, "run"), "`a | b` is not one command"),
    ],
    ids=str,
)
def test_what_the_types_cannot_say(keys, place, message):
    ((where, said),) = policy(**keys).problems()
    assert where == ("workflows", 0, *place)
    assert message in said


def test_an_empty_list_asserts_nothing():
    assert [where for where, _ in RequiredWorkflowsPolicy(id="x", workflows=()).problems()] == [("workflows",)]
