"""`rollback`: the way back, who verifies it, when it was exercised, and how long that took."""

from datetime import UTC, datetime

import pytest

from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.facts.workflow_runs import RunsOfWorkflow, WorkflowRuns
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.rollback import Rollback, RollbackScope, RollbackWith, exercised, way_back
from written_workflows import workflows

NOW = Now(datetime(2026, 11, 1, tzinfo=UTC))
PRODUCTION = RollbackScope(environments=("production",))


def policy(**keys):
    return Rollback(**{"id": "reversible", **keys})


def said(judged):
    found = list(judged)
    assert sum(isinstance(one, Judged) for one in found) == 1
    return [one for one in found if not isinstance(one, Judged)]


def about(files, given=None):
    facts = files if isinstance(files, Workflows) else workflows(files)
    return said(way_back.judge(given or policy(), facts))


def words(files, given=None):
    return [(type(one).__name__, one.control, one.subject) for one in about(files, given)]


DEPLOY = """
on: push
jobs:
  deploy:
    environment: production
    runs-on: x
    steps: [{run: flyctl deploy --app shop}]
"""
UNDO = """
  undo:
    needs: deploy
    if: failure()
    runs-on: x
    steps:
      - run: flyctl deploy --app shop --image old
      - run: curl --fail https://shop.example
"""
ROLLBACK = """
on: workflow_dispatch
jobs:
  back:
    runs-on: x
    steps:
      - run: flyctl deploy --app shop --image old
  verify:
    needs: back
    runs-on: x
    steps: [{run: exit 1}]
"""
SUBJECT = ".github/workflows/deploy.yml:deploy"


@pytest.mark.parametrize(
    "files",
    [
        {"deploy.yml": DEPLOY + UNDO},
        {"deploy.yml": DEPLOY + UNDO.replace("failure()", "always() && needs.deploy.result == 'failure'")},
        {"deploy.yml": DEPLOY, "rollback.yml": ROLLBACK},
        {"deploy.yml": DEPLOY, "back.yml": f"name: Rollback of the shop\n{ROLLBACK.lstrip()}"},
        {"deploy.yml": DEPLOY.replace("flyctl deploy --app shop", "helm upgrade shop . --atomic")},
        {
            "deploy.yml": DEPLOY.replace(
                "[{run: flyctl deploy --app shop}]",
                "[{run: flyctl deploy}, {run: flyctl deploy --image old && curl -f x.example, if: failure()}]",
            )
        },
        {"ci.yml": "on: push\njobs: {a: {runs-on: x, steps: [{run: make}]}}"},
    ],
    ids=["job", "job-by-result", "workflow", "workflow-by-title", "atomic", "step", "nothing-deploys"],
)
def test_a_verified_way_back_passes(files):
    assert words(files) == []


def test_without_a_way_back_the_finding_says_what_to_add():
    (found,) = about({"deploy.yml": DEPLOY})
    assert (found.control, found.subject, found.location.line) == ("way_back", SUBJECT, 6)
    assert found.message == (
        "nothing leads back from `flyctl deploy` to Fly.io app shop: no job deploys after it failed, and no workflow "
        "calls itself a rollback"
    )
    assert found.fix.text.endswith("    if: failure() && needs.deploy.outputs.began == 'true'")


@pytest.mark.parametrize(
    ("files", "instead"),
    [
        (
            {"deploy.yml": DEPLOY, "rollback.yml": ROLLBACK.replace("flyctl deploy --app shop", "flyctl releases")},
            ".github/workflows/rollback.yml:back calls itself a rollback and deploys nothing",
        ),
        (
            {"deploy.yml": DEPLOY, "rollback.yml": ROLLBACK.replace("--app shop", "--app other")},
            ".github/workflows/rollback.yml:back deploys to Fly.io app other",
        ),
        (
            {"deploy.yml": DEPLOY + UNDO.replace("failure()", "success()")},
            "no job deploys after it failed, and no workflow calls itself a rollback",
        ),
    ],
)
def test_what_is_none(files, instead):
    found = [one for one in about(files) if one.subject == SUBJECT and one.control == "way_back"]
    assert [one.message.partition(": ")[2] for one in found] == [instead]


def test_only_the_named_workflow_counts_where_one_is_named():
    files = {"deploy.yml": DEPLOY, "rollback.yml": ROLLBACK}
    assert words(files, policy(with_=RollbackWith(workflow="roll*.yml"))) == []
    (found,) = about({"deploy.yml": DEPLOY}, policy(with_=RollbackWith(workflow="undo.yml")))
    assert found.message.endswith("and no workflow is named undo.yml")


@pytest.mark.parametrize(
    ("given", "count"),
    [
        (policy(applies_to=PRODUCTION), 1),
        (policy(applies_to=RollbackScope(environments=("staging",))), 0),
        (policy(applies_to=RollbackScope(workflows=("deploy.yml",))), 1),
        (policy(applies_to=RollbackScope(jobs=("other",))), 0),
    ],
)
def test_what_is_governed(given, count):
    judged = list(way_back.judge(given, workflows({"deploy.yml": DEPLOY})))
    assert next(one.subjects for one in judged if isinstance(one, Judged)) == count


def test_a_name_that_no_file_has():
    (found,) = about({}, policy(applies_to=RollbackScope(workflows=("deploy.yml",))))
    assert found.message == "no workflow file is named deploy.yml, so that this policy governs nothing there"


def test_a_target_that_nobody_can_tell_is_unknown():
    (found,) = about({"deploy.yml": DEPLOY, "rollback.yml": ROLLBACK.replace("--app shop", "--app $APP")})
    assert (type(found), found.control, found.reason) == (Undecided, "way_back", Reason.DYNAMIC)
    assert found.message == (
        "whether .github/workflows/rollback.yml:back goes to the target of deploy (Fly.io app shop) cannot be told"
    )


def test_the_environment_that_both_name_is_the_target_where_nothing_else_tells():
    deploy = DEPLOY.replace("flyctl deploy --app shop", "make deploy")
    back = ROLLBACK.replace("flyctl deploy --app shop --image old", "make rollback")
    assert words({"deploy.yml": deploy, "rollback.yml": back}) == [("Undecided", "way_back", SUBJECT)]
    named = back.replace("  back:\n", "  back:\n    environment: production\n")
    assert words({"deploy.yml": deploy, "rollback.yml": named}) == []


def test_a_workflow_that_is_only_called_is_unknown():
    (found,) = about({"deploy.yml": DEPLOY.replace("on: push", "on: workflow_call")})
    assert (
        found.message == "other workflows call .github/workflows/deploy.yml, and a way back in them is not looked for"
    )


def test_a_file_that_only_we_cannot_read_is_unknown():
    file = WorkflowFile(".github/workflows/w.yml", Unreadable("too big", 1, 1, Reason.UNPARSEABLE), "")
    (found,) = about(Workflows((file,)))
    assert (found.reason, found.message) == (Reason.UNPARSEABLE, "the workflow file cannot be read: too big")


PRINTS = "curl -s https://shop.example || echo no"


def test_a_way_back_that_nothing_verifies():
    files = {"deploy.yml": DEPLOY + UNDO.replace("curl --fail https://shop.example", PRINTS)}
    (found,) = about(files)
    assert (found.control, found.subject) == ("verified", f"{SUBJECT} by .github/workflows/deploy.yml:undo")
    assert found.message == "nothing verifies the rollback in undo: no step after `flyctl deploy` can fail"
    assert about(files, policy(verified=False)) == []


VERIFY = """
  verify:
    needs: undo
    runs-on: x
    steps: [{run: exit 1}]
"""


def test_a_job_after_a_rollback_is_skipped_where_it_does_not_say_so():
    text = DEPLOY + UNDO.replace("curl --fail https://shop.example", PRINTS)
    assert words({"deploy.yml": text + VERIFY}) == words({"deploy.yml": text})
    said_so = VERIFY.replace("    needs: undo\n", "    needs: undo\n    if: always()\n")
    assert words({"deploy.yml": text + said_so}) == []
    by_result = said_so.replace("always()", "failure() && needs.undo.result == 'success'")
    assert words({"deploy.yml": text + by_result}) == []


def test_a_step_after_a_rollback_s_step_is_skipped_where_it_does_not_say_so():
    steps = "{run: flyctl deploy}, {run: flyctl deploy --image old, if: failure()}"
    text = DEPLOY.replace("{run: flyctl deploy --app shop}", f"{steps}, {{run: exit 1}}")
    assert [control for _, control, _ in words({"deploy.yml": text})] == ["verified"]
    assert words({"deploy.yml": text.replace("{run: exit 1}", "{run: exit 1, if: failure()}")}) == []


def test_whether_something_verifies_it_may_be_unknown():
    (found,) = about({"deploy.yml": DEPLOY + UNDO.replace("curl --fail https://shop.example", "some-probe")})
    assert (type(found), found.control) == (Undecided, "verified")
    assert found.message.endswith("after `flyctl deploy` in undo fails where it did not work cannot be told")


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"within": "soon"}, ("within",)),
        ({"exercised_within": "90 days"}, ("exercised_within",)),
        ({"applies_to": RollbackScope(workflows=("[",))}, ("applies_to", "workflows", 0)),
        ({"with_": RollbackWith(workflow="[")}, ("with", "workflow")),
    ],
)
def test_what_the_types_cannot_say(keys, place):
    assert [where for where, _ in policy(**keys).problems()] == [place]


# The runs.


def answer(body, **more):
    return Answer(endpoint="repos/o/r/actions", **{"status": 200, "message": "", "body": body, **more})


def runs_of(path, *runs, state="active"):
    """Runs: when, how it ended, jobs by name with their minutes; None for jobs that were not read."""
    listed, jobs = [], []
    for number, (day, conclusion, named) in enumerate(runs):
        listed.append({"id": number, "created_at": f"{day}T10:00:00Z", "conclusion": conclusion, "html_url": "u"})
        if named is not None:
            entries = [
                {
                    "name": name,
                    "conclusion": "success" if minutes else "skipped",
                    "started_at": f"{day}T10:00:00Z",
                    "completed_at": f"{day}T10:{minutes:02}:00Z",
                }
                for name, minutes in named.items()
            ]
            jobs.append((number, answer({"total_count": len(entries), "jobs": entries})))
    body = {"total_count": len(listed), "workflow_runs": listed}
    return RunsOfWorkflow(path=f".github/workflows/{path}", state=state, runs=answer(body), jobs=tuple(jobs))


def lately(files, *runs, listed=None, **keys):
    given = policy(**{"exercised_within": "90d", "within": "5m", **keys})
    fact = WorkflowRuns(listed=listed or answer({"total_count": 0, "workflows": []}), workflows=runs)
    return said(exercised.judge(given, workflows(files), fact, NOW))


BY_WORKFLOW = {"deploy.yml": DEPLOY, "rollback.yml": ROLLBACK}
BY_JOB = {"deploy.yml": DEPLOY + UNDO}


def test_exercised_lately_and_fast_enough_passes():
    assert lately(BY_WORKFLOW, runs_of("rollback.yml", ("2026-10-01", "success", {"back": 3, "verify": 4}))) == []
    assert lately(BY_JOB, runs_of("deploy.yml", ("2026-10-01", "failure", {"deploy": 1, "undo": 4}))) == []


def test_never_exercised():
    found = lately(BY_WORKFLOW, runs_of("rollback.yml", ("2026-10-01", "failure", {"back": 0})))
    assert [(one.control, one.subject) for one in found] == [("exercised", SUBJECT), ("duration", SUBJECT)]
    assert found[0].message == (
        "the way back was never exercised: no run of .github/workflows/rollback.yml:back succeeded"
    )
    assert found[0].fix.text == "run .github/workflows/rollback.yml:back once, and see that it works"
    assert isinstance(found[1], Undecided)


def test_exercised_long_ago():
    (found,) = lately(BY_WORKFLOW, runs_of("rollback.yml", ("2026-06-01", "success", {"back": 3})))
    assert (found.control, found.expected, found.actual) == ("exercised", "90d", "152d")
    assert found.message == "the way back was last exercised 152 days ago, by .github/workflows/rollback.yml:back"


def test_slower_than_it_may_be():
    (found,) = lately(BY_WORKFLOW, runs_of("rollback.yml", ("2026-10-01", "success", {"back": 3, "verify": 7})))
    assert isinstance(found, Finding)
    assert (found.control, found.expected, found.actual) == ("duration", "5m", "7m")
    assert found.message == "the last rollback by .github/workflows/rollback.yml:back took 7m, longer than 5m"


def test_what_was_not_looked_into_is_no_never():
    runs = runs_of("deploy.yml", ("2026-10-02", "failure", {"undo": 0}), ("2026-10-01", "failure", None))
    (found,) = lately(BY_JOB, runs, within=None)
    assert (type(found), found.reason) == (Undecided, Reason.MISSING_OBJECT)
    assert found.message == (
        "when .github/workflows/deploy.yml:undo was last exercised cannot be told: 1 of its 2 newest runs were looked "
        "into, and there are runs whose jobs were not read"
    )


def test_without_the_permission_it_is_unknown():
    refused = answer(None, status=403, message="Resource not accessible by integration", permission="actions:read")
    (found,) = lately(BY_WORKFLOW, listed=refused, within=None)
    assert (type(found), found.reason, found.permission) == (Undecided, Reason.PERMISSION, "actions:read")


def test_a_workflow_that_was_not_asked_for_is_unknown():
    (found,) = lately(BY_WORKFLOW, within=None)
    assert (type(found), found.control) == (Undecided, "exercised")


def test_a_disabled_workflow_is_exercised_by_nobody():
    runs = runs_of("rollback.yml", ("2026-10-01", "success", {"back": 3}), state="disabled_manually")
    (found,) = lately(BY_WORKFLOW, runs, within=None)
    assert [one.text for one in found.evidence] == [
        ".github/workflows/rollback.yml:back: its workflow is disabled_manually",
        "GET repos/o/r/actions answered 200",
    ]


def test_one_of_two_ways_is_enough():
    runs = (
        runs_of("rollback.yml", ("2026-10-01", "success", {"back": 3})),
        runs_of("deploy.yml", ("2026-10-01", "success", {"undo": 0})),
    )
    assert lately({"deploy.yml": DEPLOY + UNDO, "rollback.yml": ROLLBACK}, *runs) == []


def test_a_deploy_that_takes_itself_back_leaves_no_run_to_look_at():
    files = {"deploy.yml": DEPLOY.replace("flyctl deploy --app shop", "helm upgrade shop . --atomic")}
    (found,) = lately(files)
    assert found.message == "deploy takes itself back, and its runs do not tell whether it ever did"


def test_nothing_is_asked_of_github_where_the_policy_asks_for_nothing():
    assert exercised.calls(policy()) == []
    ((workflows_fact, request, now),) = exercised.calls(policy(within="5m", with_=RollbackWith(workflow="r.yml")))
    assert request.workflows == ("r.yml", "*[Dd]eploy*", "*[Rr]elease*")
    assert (workflows_fact.fact, now.fact) == (Workflows, Now)
