"""What deploys, and whether a gate stands before it that can stop it."""

import pytest

from govcheck.actions.clock_checks import clock_checks
from govcheck.actions.deploy_jobs import Scope, governed
from govcheck.actions.deploys import deploys
from govcheck.actions.enforcement import enforcement, explained
from govcheck.actions.gates import gates
from govcheck.actions.workflow import read
from written_workflows import with_script, with_step, workflow, workflows


def deployed(found):
    return [one.by for one in deploys(found, found.jobs[0]) if not one.unclear]


@pytest.mark.parametrize(
    ("script", "by"),
    [
        ("flyctl deploy --remote-only --app x", "flyctl deploy"),
        ("fly -c fly.toml deploy", "fly deploy"),
        ("npx vercel@latest --prod --token=$T", "vercel --prod"),
        ("vercel deploy --prebuilt", "vercel deploy"),
        ("netlify deploy --dir x --prod", "netlify deploy --prod"),
        ("npx wrangler pages deploy dist", "wrangler pages deploy"),
        ("heroku container:release web", "heroku container:release"),
        ("git push heroku main", "git push heroku"),
        ("kubectl -n web apply -f x.yaml", "kubectl apply"),
        ("helm upgrade --install x ./chart", "helm upgrade"),
        ("terraform -chdir=infra apply -auto-approve", "terraform apply"),
        ("pulumi up --yes", "pulumi up"),
        ("aws ecs update-service --cluster x", "aws ecs update-service"),
        ("aws s3 sync dist s3://bucket", "aws s3 sync"),
        ("gcloud run deploy x", "gcloud run deploy"),
        ("az webapp deploy -n x", "az webapp deploy"),
        ("supabase db push", "supabase db push"),
        ("npm run deploy:production", "npm deploy:production"),
        ("make deploy", "make deploy"),
        ("./scripts/deploy-app.sh production", "./scripts/deploy-app.sh"),
        ("bash scripts/deploy.sh", "bash scripts/deploy.sh"),
        ("if [ x ]; then sudo -E kamal deploy; fi", "kamal deploy"),
    ],
)
def test_commands_that_deploy(script, by):
    assert deployed(with_script(script)) == [by]


@pytest.mark.parametrize(
    "script",
    [
        "flyctl status --app x",
        "echo flyctl deploy",
        "# flyctl deploy",
        "vercel pull --prod",
        "vercel build --prod",
        "netlify deploy",
        "kubectl apply --dry-run=client -f x",
        "kubectl get deployments",
        "terraform plan",
        "helm plugin install https://example.com/helm-diff",
        "terraform workspace select apply",
        "wrangler deploy --dry-run",
        "aws s3 sync s3://bucket dist",
        "npm run test:deploy",
        "cat deploy.sh",
        "git push origin deploy",
        "kind create cluster\nkubectl apply -f x\nhelm install y z",
    ],
)
def test_commands_that_do_not(script):
    assert deployed(with_script(script)) == []


@pytest.mark.parametrize(
    ("step", "by"),
    [
        ("- uses: superfly/flyctl-actions@1\n  with: {args: deploy --remote-only}", ["superfly/flyctl-actions"]),
        ("- uses: superfly/flyctl-actions@1\n  with: {args: status}", []),
        ("- uses: superfly/flyctl-actions/setup-flyctl@master", []),
        ("- uses: cloudflare/wrangler-action@v3", ["cloudflare/wrangler-action"]),
        ("- uses: cloudflare/wrangler-action@v3\n  with: {command: whoami}", []),
        ("- uses: Azure/webapps-deploy@v3", ["Azure/webapps-deploy"]),
        ("- uses: actions/checkout@v4", []),
    ],
)
def test_actions_that_deploy(step, by):
    assert deployed(with_step(step)) == by


def test_a_reusable_workflow_of_somebody_else_that_is_called_deploy():
    found = workflow("on: push\njobs:\n  a:\n    uses: o/r/.github/workflows/deploy-app.yml@v1\n")
    assert deployed(found) == ["o/r/.github/workflows/deploy-app.yml@v1"]
    found = workflow("on: push\njobs:\n  a:\n    uses: ./.github/workflows/deploy.yml\n")
    assert deployed(found) == []


def test_a_script_that_cannot_be_read_and_looks_like_a_deploy():
    found = with_script("if (((\nkubectl apply -f x | (((")
    (one,) = deploys(found, found.jobs[0])
    assert one.by == "kubectl apply" or one.unclear
    found = with_script("(a)" * 3000 + "\nflyctl deploy")
    (one,) = deploys(found, found.jobs[0])
    assert one.unclear.endswith("and it has words in it that deploy")


def held(found, job="deploy", others=()):
    """Whether a gate holds every deploy of a job, and else what stands there instead."""
    (one,) = [one for one in governed(found, Scope()) if one.job.id == job]
    answers = [enforcement([found, *others], one, deploy, lambda _: "") for deploy in one.deploys]
    assert answers
    return next((explained(answer) for answer in answers if not answer.held), True)


def one_job(steps, job=""):
    return workflow(
        f"on: push\njobs:\n  deploy:\n    runs-on: x\n{job}    steps:\n"
        + "".join(f"      {line}\n" for line in steps.strip("\n").split("\n"))
    )


GATE = "- run: govcheck gate deploy --environment production\n"
DEPLOY = "- run: flyctl deploy\n"


@pytest.mark.parametrize(
    "steps",
    [
        GATE + DEPLOY,
        "- run: uvx govcheck -C . gate deploy --environment production\n" + DEPLOY,
        "- run: |\n    govcheck gate deploy\n    flyctl deploy\n",
        "- run: govcheck gate deploy && flyctl deploy\n",
        "- run: |\n    govcheck gate deploy && flyctl deploy\n    echo done\n",
        "- run: |\n    if govcheck gate deploy; then\n      flyctl deploy\n    fi\n    echo done\n",
        "- run: |\n    set -e\n    govcheck gate deploy || exit 1\n    flyctl deploy\n",
        "- run: |\n    if ! govcheck gate deploy; then\n      echo closed\n      exit 1\n    fi\n" + DEPLOY,
        "- run: |\n    govcheck gate deploy | tee log\n  shell: bash\n" + DEPLOY,
        GATE + "- run: flyctl deploy\n  if: github.ref == 'refs/heads/main'\n",
        (
            "- id: gate\n  run: govcheck gate deploy\n- run: flyctl deploy\n"
            "  if: always() && steps.gate.outcome == 'success'\n"
        ),
        "- run: govcheck gate deploy\n  if: success()\n" + DEPLOY,
    ],
)
def test_gates_of_the_same_job_that_hold(steps):
    assert held(one_job(steps)) is True


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (DEPLOY, "nothing stands before it"),
        (DEPLOY + GATE, "it comes after the deploy"),
        (
            GATE.rstrip() + " --at 2026-01-05T10:00:00Z\n" + DEPLOY,
            "it is given `--at`, so that it judges another time than now",
        ),
        (
            GATE.rstrip() + " --policies-from=HEAD\n" + DEPLOY,
            "it is given `--policies-from`, so that other policies judge than the default branch's",
        ),
        (GATE.rstrip() + " || true\n" + DEPLOY, "its failure is not heeded (as in `|| true`)"),
        (GATE + "  continue-on-error: true\n" + DEPLOY, "its step has `continue-on-error: true`"),
        (GATE + "  continue-on-error: ${{ inputs.x }}\n" + DEPLOY, "its step has `continue-on-error: ${{ inputs.x }}`"),
        (
            GATE + "  if: inputs.force != true\n" + DEPLOY,
            "its step has `if: inputs.force != true`, so that it may be skipped",
        ),
        (
            GATE + "- run: flyctl deploy\n  if: always()\n",
            "the deploy's step has `if: always()`, which lets it run although the gate refused",
        ),
        (
            GATE + "- run: flyctl deploy\n  if: ${{ !cancelled() }}\n",
            "the deploy's step has `if: ${{ !cancelled() }}`, which lets it run although the gate refused",
        ),
        (
            '- run: |\n    if [ "$FORCE" = 1 ]; then exit 0; fi\n    govcheck gate deploy\n' + DEPLOY,
            "the script may end as a success before it",
        ),
        (
            "- run: |\n    if x; then\n      govcheck gate deploy\n    fi\n" + DEPLOY,
            "the script comes by it only under a condition",
        ),
        ("- run: |\n    govcheck gate deploy | tee log\n" + DEPLOY, "it stands in a pipe, whose end hides its failure"),
        (
            "- run: |\n    set +e\n    govcheck gate deploy\n    echo done\n" + DEPLOY,
            "the script goes on after its failure",
        ),
        (
            "- run: |\n    govcheck gate deploy\n    echo done\n  shell: bash {0}\n" + DEPLOY,
            "the script goes on after its failure",
        ),
        (
            "- run: |\n    govcheck gate deploy; flyctl deploy\n  shell: bash {0}\n",
            "the script goes on after its failure",
        ),
        (
            "- run: |\n    govcheck gate deploy && flyctl deploy; flyctl deploy\n",
            "its failure is not heeded (as in `|| true`)",
        ),
        (
            "- run: govcheck gate deploy --at 2026-01-05T10:00:00Z && flyctl deploy\n",
            "it is given `--at`, so that it judges another time than now",
        ),
        ("- run: govcheck gate --help deploy\n" + DEPLOY, "nothing stands before it"),
        ("- run: echo govcheck gate deploy\n" + DEPLOY, "nothing stands before it"),
    ],
)
def test_gates_of_the_same_job_that_do_not(steps, why):
    assert held(one_job(steps)) == why


def chain(gate_job="", middle="", deploy=""):
    """gate <- middle <- deploy."""
    return workflow(
        f"""
on: push
jobs:
  gate:
    runs-on: x
{gate_job}
    steps:
      - run: govcheck gate deploy
  middle:
    runs-on: x
    needs: gate
{middle}
    steps:
      - run: make
  deploy:
    runs-on: x
    needs: [middle]
{deploy}
    steps:
      - run: flyctl deploy
"""
    )


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"deploy": "    if: github.ref == 'refs/heads/main'"},
        {"deploy": "    if: success() && inputs.go"},
        {"middle": "    if: always()"},
        {"gate_job": "    if: github.event_name == 'push'"},
        {"deploy": "    if: always() && needs.middle.result == 'success'"},
    ],
)
def test_gates_of_earlier_jobs_that_hold(parts):
    assert held(chain(**parts)) is True


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (
            {"deploy": "    if: always()"},
            "the deploy's job has `if: always()`, which lets it run although the gate refused",
        ),
        (
            {"deploy": "    if: failure()"},
            "the deploy's job has `if: failure()`, which lets it run although the gate refused",
        ),
        (
            {"deploy": "    if: ${{ !cancelled() && needs.middle.result != 'failure' }}"},
            (
                "the deploy's job has `if: ${{ !cancelled() && needs.middle.result != 'failure' }}`, "
                "which lets it run although the gate refused"
            ),
        ),
        ({"gate_job": "    continue-on-error: true"}, "its job has `continue-on-error: true`"),
        (
            {"middle": "    if: always()", "deploy": "    if: always() && needs.middle.result == 'success'"},
            (
                "the deploy's job has `if: always() && needs.middle.result == 'success'`, which lets it run "
                "although the gate refused"
            ),
        ),
    ],
)
def test_gates_of_earlier_jobs_that_do_not(parts, why):
    assert held(chain(**parts)) == why


def test_a_gate_in_a_job_that_is_not_needed_is_none():
    found = workflow(
        "on: push\njobs:\n  gate:\n    runs-on: x\n    steps:\n      - run: govcheck gate deploy\n"
        "  deploy:\n    runs-on: x\n    steps:\n      - run: flyctl deploy\n"
    )
    assert held(found) == "nothing stands before it"


def named(name, text):
    (file,) = workflows({name: text}).files
    return read(file)


def test_a_reusable_workflow_can_be_the_gate_and_a_called_deploy_is_held_where_every_caller_is():
    gate = named(
        "gate.yml", "on: workflow_call\njobs:\n  g:\n    runs-on: x\n    steps:\n      - run: govcheck gate deploy\n"
    )
    deploy = named(
        "deploy.yml", "on: workflow_call\njobs:\n  deploy:\n    runs-on: x\n    steps:\n      - run: flyctl deploy\n"
    )
    calls = "    uses: ./.github/workflows/deploy.yml\n"
    good = named(
        "good.yml", f"on: push\njobs:\n  g:\n    uses: ./.github/workflows/gate.yml\n  d:\n    needs: g\n{calls}"
    )
    bad = named("bad.yml", f"on: push\njobs:\n  d:\n{calls}")
    assert held(deploy, others=[gate, good]) is True
    assert held(deploy, others=[gate, good, bad]) == "nothing stands before it"
    assert held(deploy, others=[gate]) == "nothing stands before it"


def test_workflows_that_call_each_other_in_a_circle_hold_nothing():
    text = (
        "on: workflow_call\njobs:\n  deploy:\n    runs-on: x\n    steps:\n"
        "      - run: flyctl deploy\n  c:\n    uses: ./.github/workflows/{}\n"
    )
    one, two = named("a.yml", text.format("b.yml")), named("b.yml", text.format("a.yml"))
    assert held(one, others=[two]) == "nothing stands before it"


CLOCK = r"""
- name: Validate deployment window
  run: |
    HOUR=$(TZ=America/Los_Angeles date +%H)
    DAY=$(TZ=America/Los_Angeles date +%u)
    if [ "$DAY" -gt 5 ]; then
      echo "::error::Production deployments only allowed Monday-Friday"
      exit 1
    fi
    if [ "$HOUR" -lt 9 ] || [ "$HOUR" -ge 17 ]; then
      echo "::warning::outside business hours"
      echo "Current time: $(date)"
    fi
"""


def test_a_step_that_looks_at_the_clock_is_named_and_where_it_only_warns():
    found = one_job(CLOCK + DEPLOY)
    (check,) = clock_checks(found, found.jobs[0])
    assert (check.title, check.line, check.warns, check.refuses) == (
        '"Validate deployment window"',
        6,
        ((15, 13),),
        True,
    )
    assert held(found) == 'the step "Validate deployment window" refuses at some times, and only warns in line 15'
    mild = one_job(CLOCK.replace("exit 1", "true") + DEPLOY)
    assert held(mild) == 'the step "Validate deployment window" only warns in line 15'


def test_one_that_refuses_by_itself_is_no_gate_either():
    stops = "- name: window\n  run: |\n    if [ $(date +%H) -lt 9 ]; then exit 1; fi\n"
    assert held(one_job(stops + DEPLOY)) == (
        'the step "window" looks at the clock itself, which nobody can compare with this window'
    )


def test_a_time_stamp_is_no_look_at_the_clock():
    assert held(one_job("- run: echo $(date +%Y-%m-%dT%H:%M:%SZ)\n" + DEPLOY)) == "nothing stands before it"


def test_the_options_of_a_gate():
    found = with_script("govcheck gate deploy --environment=${{ inputs.e }} --policy x")
    (gate,) = gates(found, found.jobs[0])
    assert (gate.environment.shown, gate.policy.shown) == ("${{ inputs.e }}", "x")


ENVIRONMENTS = """
on: push
jobs:
  production:
    runs-on: x
    environment: Production
    steps: [{run: echo hi}]
  staging:
    runs-on: x
    environment: {name: staging}
    steps: [{run: flyctl deploy}]
  rollback:
    runs-on: x
    steps: [{run: flyctl deploy}]
  either:
    runs-on: x
    environment: ${{ inputs.e }}
    steps: [{run: flyctl deploy}]
  test:
    runs-on: x
    steps: [{run: make test}]
"""


@pytest.mark.parametrize(
    ("scope", "jobs"),
    [
        (Scope(), ["staging", "rollback", "either"]),
        (Scope(environments=("production",)), ["production", "rollback", "either"]),
        (Scope(environments=("other",)), ["either"]),
        (Scope(("w.yml",), ("other",)), ["rollback", "either"]),
        (Scope((".github/workflows/w.*",)), ["staging", "rollback", "either"]),
        (Scope(("other.yml",)), []),
        (Scope(jobs=("TEST",)), ["test"]),
    ],
)
def test_which_jobs_are_governed(scope, jobs):
    assert [one.job.id for one in governed(workflow(ENVIRONMENTS), scope)] == jobs
