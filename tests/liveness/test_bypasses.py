"""Ways around a gate: what deploys although something refused, outside of its environment, or side by side."""

import pytest

from govcheck.findings import Finding, Held, Undecided
from govcheck.liveness import bypasses
from govcheck.liveness.gate import State
from written_workflows import workflows

PRODUCTION = """
on: push
jobs:
  check:
    runs-on: x
    steps:
      - name: Window
        run: |
          if [ "$(date +%u)" -gt 5 ]; then
            exit 1
          fi
  build:
    needs: check
    runs-on: x
    steps: [{run: make}]
  deploy:
    needs: [check, build]
    runs-on: x
    steps:
      - run: flyctl deploy --app shop
  health:
    needs: deploy
    runs-on: x
    steps: [{run: "curl -f https://shop.example"}]
  undo:
    needs: [deploy, health]
    if: failure()
    runs-on: x
    steps:
      - run: flyctl deploy --app shop --image old
"""
SUBJECT = ".github/workflows/deploy.yml:undo"


def judged(files):
    return {gate.subject: gate for gate in bypasses.gates(workflows(files))}


def undo(text):
    return judged({"deploy.yml": text})[SUBJECT]


def with_if(condition, text=PRODUCTION):
    return text.replace("if: failure()", f"if: {condition}")


def test_a_rollback_that_runs_where_the_deploy_was_refused_is_a_hole_told_step_by_step():
    gate = undo(PRODUCTION)
    assert gate.state is State.DEAD
    assert gate.why == (
        "undo deploys to Fly.io app shop by `flyctl deploy` although the deploy that it follows was refused: where "
        "check or build fails, the job deploy is skipped, and `if: failure()` still lets this one run"
    )
    assert [(one.text, one.location.line) for one in gate.evidence] == [
        ('1. check fails, for one by the step "Window"', 9),
        ("2. build needs it, and is skipped", 12),
        ("3. deploy needs it, and is skipped", 16),
        ("4. `if: failure()` is true, for a job before it failed: undo runs", 26),
        ("5. `flyctl deploy` deploys to Fly.io app shop", 29),
        ("the same where build fails", 11),
    ]
    assert gate.fix.text == "in line 26: `if: failure() && needs.deploy.result != 'skipped'`"
    assert gate.location.line == 26


def test_the_condition_of_the_fix_mends_it():
    mended = undo(with_if("failure() && needs.deploy.result != 'skipped'"))
    assert (mended.state, mended.why.partition(", and ")[2]) == (
        State.ALIVE,
        "it does not run where deploy was never begun",
    )


ENVIRONMENT = PRODUCTION.replace("  deploy:\n", "  deploy:\n    environment: production\n")


def test_an_environment_s_refusal_is_a_failure_too_and_the_fix_heeds_it():
    gate = undo(ENVIRONMENT)
    assert gate.why.endswith("lets this one run, outside of the environment production")
    assert gate.evidence[-1].text == "the same where the environment production refuses deploy"
    condition = gate.fix.text.rpartition("  if: ")[2]
    assert condition == "failure() && needs.deploy.outputs.began == 'true'"
    assert gate.fix.text.startswith("let deploy say that it began, and deploy in undo only then:\nin the job deploy")
    assert undo(with_if(condition, ENVIRONMENT)).state is State.ALIVE


def test_where_only_the_environment_may_refuse_nobody_can_tell():
    gate = undo(with_if("failure() && needs.deploy.result != 'skipped'", ENVIRONMENT))
    assert gate.state is State.UNTOLD
    assert "whether that environment asks anybody is not in the files" in gate.why


def test_what_asks_that_environment_itself_is_held_by_it():
    text = ENVIRONMENT.replace("  undo:\n", "  undo:\n    environment: Production\n")
    assert undo(with_if("failure() && needs.deploy.result != 'skipped'", text)).state is State.ALIVE


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        ("always()", State.DEAD),
        ("${{ always() && !cancelled() }}", State.DEAD),
        ("'!cancelled()'", State.DEAD),
        ("always() && needs.deploy.result != 'success'", State.DEAD),
        ("failure() && inputs.undo", State.UNTOLD),
        ("failure() && needs.deploy.outputs.began == 'true'", State.ALIVE),
        ("always() && needs.deploy.result == 'failure'", State.ALIVE),
        ("failure() && needs.health.result == 'failure'", State.ALIVE),
        ("always() && needs.health.result == 'failure'", State.ALIVE),
        ("success()", State.ALIVE),
        ("failure(", State.UNTOLD),
    ],
)
def test_by_its_condition(condition, state):
    assert undo(with_if(condition)).state is state


def test_a_health_check_that_runs_though_nothing_was_deployed_opens_the_way():
    text = PRODUCTION.replace("    needs: deploy\n", "    needs: deploy\n    if: always()\n")
    gate = undo(with_if("failure() && needs.health.result == 'failure'", text))
    assert gate.state is State.DEAD
    assert [one.text for one in gate.evidence][3:5] == [
        "4. health runs all the same, and fails",
        "5. `if: failure() && needs.health.result == 'failure'` is true, for a job before it failed: undo runs",
    ]


def test_a_gate_of_its_own_holds_it():
    text = PRODUCTION.replace("      - run: flyctl deploy --app shop --image old", "      - run: govcheck gate deploy\n"
                              "      - run: flyctl deploy --app shop --image old")  # fmt: skip
    assert undo(text).state is State.ALIVE
    assert undo(text.replace("gate deploy\n", "gate deploy || true\n")).state is State.DEAD


def test_a_job_whose_failure_counts_as_success_refuses_nothing():
    text = PRODUCTION.replace("  check:\n", "  check:\n    continue-on-error: true\n")
    text = text.replace("  build:\n", "  build:\n    continue-on-error: true\n")
    assert undo(text).state is State.ALIVE


def test_another_target_is_another_matter():
    gate = undo(PRODUCTION.replace("--app shop --image", "--app other --image"))
    assert gate.state is State.DEAD
    assert gate.why.startswith("undo deploys to Fly.io app other by `flyctl deploy` although ")
    assert ", which it needs, failed: `if: failure()` lets it run" in gate.why


def test_a_target_that_nobody_can_tell():
    gate = undo(PRODUCTION.replace("flyctl deploy --app shop --image old", "make deploy"))
    assert (gate.state, gate.why.partition(": ")[2]) == (
        State.UNTOLD,
        "it runs where deploy was skipped, and nothing says whether both deploy to one target",
    )


def test_a_plain_deploy_is_alive_and_says_what_stops_it():
    gate = judged({"deploy.yml": PRODUCTION})[".github/workflows/deploy.yml:deploy"]
    assert (gate.state, gate.why) == (
        State.ALIVE,
        "deploy deploys to Fly.io app shop by `flyctl deploy`, and it does not start where check or build failed",
    )


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        ("always()", State.DEAD),
        ("'!cancelled()'", State.DEAD),
        ("${{ !failure() && !cancelled() }}", State.ALIVE),
        ("always() && needs.test.result == 'success'", State.ALIVE),
        ("always() && vars.ON == 'true'", State.UNTOLD),
        ("github.ref == 'refs/heads/main'", State.ALIVE),
    ],
)
def test_a_deploy_that_does_not_heed_what_it_needs(condition, state):
    text = (
        "on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{run: make}]\n  deploy:\n    needs: test\n"
        f"    runs-on: x\n    if: {condition}\n    steps: [{{run: flyctl deploy}}]\n"
    )
    assert judged({"d.yml": text})[".github/workflows/d.yml:deploy"].state is state


def steps(*listed):
    lines = "".join(f"      - {one}\n" for one in listed)
    found = judged({"d.yml": f"on: push\njobs:\n  d:\n    runs-on: x\n    steps:\n{lines}"})
    return next((gate for subject, gate in found.items() if subject.startswith(".github/workflows/d.yml:d:")), None)


TEST, UP = "{run: make test, id: test}", "{run: flyctl deploy -a x, id: up}"


@pytest.mark.parametrize(
    ("listed", "state"),
    [
        ((TEST, "{run: flyctl deploy, if: always()}"), State.DEAD),
        ((TEST, "{run: flyctl deploy, if: '!cancelled()'}"), State.DEAD),
        ((TEST, "{run: flyctl deploy, if: github.ref == 'x'}"), State.ALIVE),
        ((TEST, "{run: flyctl deploy, if: always() && steps.test.outcome == 'success'}"), State.ALIVE),
        ((TEST, "{run: flyctl deploy, if: always() && inputs.x}"), State.UNTOLD),
        ((TEST, UP, "{run: flyctl deploy -a x --image old, if: failure()}"), State.DEAD),
        (
            (TEST, UP, "{run: flyctl deploy -a x --image old, if: failure() && steps.up.outcome == 'failure'}"),
            State.ALIVE,
        ),
        ((UP, "{run: flyctl deploy -a x --image old, if: failure()}"), None),
        (("{uses: actions/checkout@v4}", "{run: flyctl deploy, if: always()}"), None),
        (("{run: make test, continue-on-error: true}", "{run: flyctl deploy, if: always()}"), None),
        ((TEST, UP), None),
    ],
)
def test_a_step_that_deploys_although_an_earlier_one_refused(listed, state):
    gate = steps(*listed)
    assert (None if gate is None else gate.state) is state


def test_a_rollback_step_is_told_with_the_condition_that_holds():
    gate = steps(TEST, UP, "{run: flyctl deploy -a x --image old, name: Undo, if: failure()}")
    assert gate.why == (
        'the step "Undo" of d deploys to Fly.io app x although the deploy that it follows was never begun where the '
        'step "make test" failed: `if: failure()` lets it run'
    )
    assert gate.fix.text == "in line 8: `if: failure() && steps.up.outcome == 'failure'`"


def reader(script, environment="", token="FLY_API_TOKEN"):
    head = f"    environment: {environment}\n" if environment else ""
    return (
        f"    runs-on: x\n{head}    steps:\n      - run: {script}\n"
        f"        env: {{{token}: '${{{{ secrets.{token} }}}}'}}\n"
    )


def tokens(*jobs, on="push"):
    text = f"on: {on}\njobs:\n" + "".join(f"  j{number}:\n{job}" for number, job in enumerate(jobs))
    return {key: gate for key, gate in judged({"w.yml": text}).items() if key.startswith("secrets/")}


def test_a_token_that_jobs_outside_of_its_environment_read():
    found = tokens(
        reader("flyctl deploy -a x", "production"), reader("flyctl status -a x"), reader("flyctl deploy -a x --image y")
    )
    gate = found["secrets/FLY_API_TOKEN"]
    assert gate.state is State.DEAD
    assert gate.why == (
        "2 of the 3 jobs that read `FLY_API_TOKEN` name no environment, and 1 of them deploys: so it has to be a "
        "secret of the repository, and a workflow on any branch can deploy to production with it, whatever those "
        "environments ask"
    )
    assert [one.text for one in gate.evidence] == [
        ".github/workflows/w.yml:j1 only reads with it (`flyctl status`)",
        ".github/workflows/w.yml:j2 deploys with it (`flyctl deploy` to Fly.io app x)",
    ]
    assert gate.location.line == 18


def test_what_is_no_deploy_and_no_reading_is_said_as_it_is():
    gate = tokens(reader("flyctl deploy", "production"), reader("flyctl scale count 3"), reader("./x.sh"))
    texts = [one.text for one in gate["secrets/FLY_API_TOKEN"].evidence]
    assert texts == [
        ".github/workflows/w.yml:j1 does something with it (`flyctl scale`)",
        ".github/workflows/w.yml:j2 is given it",
    ]


def test_a_token_of_the_environment_only_is_alive():
    found = tokens(reader("flyctl deploy", "production"), reader("flyctl status", "production"))
    assert found["secrets/FLY_API_TOKEN"].state is State.ALIVE


def test_without_an_environment_there_is_nothing_to_go_around():
    assert tokens(reader("flyctl deploy"), reader("flyctl status")) == {}


def test_secrets_that_are_no_deploy_tokens_do_not_count():
    other = "SENTRY_AUTH_TOKEN"
    assert tokens(reader("flyctl deploy", "production", other), reader("make", token=other)) == {}


def test_a_workflow_that_is_only_called_has_the_secrets_of_its_callers():
    assert tokens(reader("flyctl deploy", "production"), reader("flyctl status"), on="workflow_call") == {}


def dispatched(job, files=None):
    text = f"on: workflow_dispatch\njobs:\n  d:\n    runs-on: x\n{job}"
    gate = judged({"d.yml": text, **(files or {})}).get(".github/workflows/d.yml:workflow_dispatch")
    return None if gate is None else (gate.state, gate.severity)


STEPS = "    steps: [{run: flyctl deploy -a x}]\n"


@pytest.mark.parametrize(
    ("job", "verdict"),
    [
        (STEPS, (State.DEAD, "warning")),
        (f"    environment: production\n{STEPS}", (State.DEAD, "note")),
        (f"    environment: github-pages\n{STEPS}", (State.ALIVE, None)),
        (f"    if: github.ref == 'refs/heads/main'\n{STEPS}", (State.ALIVE, None)),
        (f"    if: github.ref_name == 'main'\n{STEPS}", (State.ALIVE, None)),
        (f"    if: github.event_name == 'push'\n{STEPS}", (State.DEAD, "warning")),
        (
            "    steps: [{run: '[ \"$GITHUB_REF\" = refs/heads/main ] || exit 1'}, {run: flyctl deploy}]\n",
            (State.ALIVE, None),
        ),
        ("    steps: [{run: make}]\n", None),
    ],
)
def test_a_deploy_that_starts_from_any_branch(job, verdict):
    assert dispatched(job) == verdict


def lane(group, script="flyctl deploy -a x", job=""):
    group = f"concurrency: {group}\n" if group else ""
    return f"on: push\n{group}jobs:\n  d:\n    runs-on: x\n{job}    steps: [{{run: {script}}}]\n"


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (lane("a"), lane("b"), State.DEAD),
        (lane("a"), lane(""), State.DEAD),
        (lane(""), lane(""), State.DEAD),
        (lane("a"), lane("{group: a, cancel-in-progress: false}"), State.ALIVE),
        (lane("a"), lane("b", job="    concurrency: a\n"), State.ALIVE),
        (lane("a"), lane("'${{ github.workflow }}'"), State.UNTOLD),
        (lane("a"), lane("b", "flyctl deploy -a y"), None),
        (lane("a"), lane("b", "kubectl apply -f x"), None),
    ],
)
def test_deploys_of_one_target_wait_for_each_other(first, second, state):
    gate = judged({"a.yml": first, "b.yml": second}).get("Fly.io app x: concurrency")
    assert (None if gate is None else gate.state) is state


def rollback(script, name="Roll back", job="rollback"):
    body = "\n".join(f"          {line}" for line in script.splitlines())
    return (
        f"on: workflow_dispatch\njobs:\n  {job}:\n    runs-on: x\n    steps:\n"
        f"      - name: {name}\n        run: |\n{body}\n"
    )


def promised(text, job="rollback"):
    return judged({"r.yml": text}).get(f".github/workflows/r.yml:{job}:rollback")


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ("flyctl releases ${{ inputs.v }} --app shop", State.DEAD),
        ("flyctl releases rollback 41 --app shop --yes", State.DEAD),
        ("echo Rolling back", State.DEAD),
        ("curl -s https://shop.example", State.DEAD),
        ("flyctl deploy --app shop --image old", State.ALIVE),
        ("kubectl rollout undo deployment/web", State.ALIVE),
        ("./scripts/rollback.sh", State.ALIVE),
        ("npm run rollback", State.ALIVE),
        ("curl -X POST https://api.render.com/deploys", State.UNTOLD),
        ("psql -f down.sql", State.UNTOLD),
        ("$COMMAND", State.UNTOLD),
        ("if then fi (", State.UNTOLD),
    ],
)
def test_a_job_that_calls_itself_a_rollback_deploys_something(script, state):
    assert promised(rollback(script)).state is state


def test_a_rollback_that_only_lists_is_told_with_the_command_that_does_it():
    gate = promised(rollback("echo x\nflyctl releases ${{ inputs.v }} --app shop"))
    assert gate.why == (
        'the step "Roll back" of rollback promises a rollback and deploys nothing: `flyctl releases` only lists '
        "releases, and with a word behind it ends as an error"
    )
    assert [(one.text, one.location.line) for one in gate.evidence] == [
        ("`flyctl releases ${{ inputs.v }}` deploys nothing: `releases` takes no arguments", 9)
    ]
    assert gate.fix.text == ("deploy the image of the release to go back to: `flyctl deploy --app shop --image IMAGE`")


def test_an_action_may_do_anything():
    text = "on: push\njobs:\n  rollback:\n    runs-on: x\n    steps: [{uses: some/rollback@v1}]\n"
    assert promised(text).state is State.UNTOLD


@pytest.mark.parametrize("job", ["notify-rollback", "verify-rollback", "build"])
def test_a_job_that_only_speaks_of_one_promises_none(job):
    assert promised(rollback("echo x", job=job), job) is None


@pytest.mark.parametrize(
    ("script", "doubt"),
    [
        ("X=$(flyctl releases --app x --image | awk 'NR==2 {print $NF}')", True),
        ("fly releases | sed -n 2p", True),
        ("flyctl releases --json | jq -r '.[1].ImageRef'", False),
        ("flyctl releases | awk 'NR==3'", False),
    ],
)
def test_the_second_line_of_a_list_may_be_the_release_that_runs(script, doubt):
    text = rollback(f"{script}\nflyctl deploy --app shop --image $X")
    gate = judged({"r.yml": text}).get(".github/workflows/r.yml:rollback:previous release")
    assert (gate is not None) is doubt
    if gate is not None:
        (said,) = gate.said()
        assert isinstance(said, Undecided)


def test_every_word_of_it_is_a_finding_or_an_unknown_of_the_family():
    for gate in bypasses.gates(workflows({"deploy.yml": PRODUCTION, "r.yml": rollback("echo x")})):
        assert gate.family == "bypass"
        assert all(isinstance(one, Finding | Held | Undecided) and one.control == "bypass" for one in gate.said())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "on: push",
        "on: push\njobs: x",
        "on: push\njobs: {a: 1}",
        "on: push\njobs: {a: {needs: a, steps: [{run: flyctl deploy}], if: failure()}}",
        "on: push\njobs: {a: {needs: b, steps: [{run: flyctl deploy}]}, b: {needs: a, if: 'x x', steps: 3}}",
        "on: workflow_dispatch\nconcurrency: [x]\njobs: {a: {concurrency: {group: []}, steps: [{run: flyctl deploy}]}}",
        "on: push\nenv: x\njobs: {rollback: {env: [x], steps: [{run: [x]}, {uses: {}}, {with: x, env: 3, name: 5}]}}",
        "\t",
    ],
)
def test_files_of_any_shape_are_no_crash(text):
    list(bypasses.gates(workflows({"w.yml": text, "deploy.yml": PRODUCTION})))
