"""What a deploy deploys to, and which secrets reach it."""

import pytest

from govcheck.actions.deploy_targets import same_target, sites
from govcheck.actions.secret_uses import secrets_of
from written_workflows import with_script, with_step, workflow


def targets(found):
    return [(site.target.shown, site.target.certain) for site in sites(found, found.jobs[0])]


@pytest.mark.parametrize(
    ("script", "target", "certain"),
    [
        ("flyctl deploy --app shop --remote-only", "Fly.io app shop", True),
        ("fly deploy -a shop", "Fly.io app shop", True),
        ("flyctl deploy --app=shop", "Fly.io app shop", True),
        ("flyctl deploy", "Fly.io app fly.toml", True),
        ("flyctl deploy --config fly.eu.toml", "Fly.io app fly.eu.toml", True),
        ('APP=shop\nflyctl deploy --app "$APP"', "Fly.io app shop", True),
        ("APP=a\nAPP=b\nflyctl deploy --app $APP", "Fly.io app $APP", False),
        ("flyctl deploy --app ${{ vars.APP }}", "Fly.io app ${{ vars.APP }}", False),
        ("flyctl deploy --app ${{ inputs.app }}-eu", "Fly.io app ${{ inputs.app }}-eu", False),
        ("npx vercel --prod", "Vercel project ./production", False),
        ("npx vercel deploy --cwd web", "Vercel project web/preview", False),
        ("netlify deploy --prod --site x1", "Netlify site x1", True),
        ("npx wrangler deploy --env production", "Cloudflare project production", False),
        ("npx wrangler deploy", "Cloudflare project wrangler.toml", False),
        ("heroku container:release web -a shop", "Heroku app shop", True),
        ("git push heroku main", "Git remote heroku", False),
        ("kubectl --context prod -n web apply -f x.yaml", "Kubernetes prod/web", False),
        ("kubectl -n web apply -f x.yaml", "Kubernetes web", False),
        ("kubectl apply -f x.yaml", "Kubernetes", False),
        ("helm upgrade --install shop ./chart -n web", "Helm release shop/web", False),
        ("helm upgrade -n web shop ./chart", "Helm release shop/web", False),
        ("terraform -chdir=infra apply", "Terraform folder infra", False),
        ("aws ecs update-service --cluster c --service s", "AWS s/c", False),
        ("gcloud run deploy api --region eu --project p", "Google Cloud service api/p/eu", False),
        ("firebase deploy --only hosting", "Firebase project hosting", False),
        ("make deploy", "a target that nothing names", False),
    ],
)
def test_what_a_command_deploys_to(script, target, certain):
    assert targets(with_script(script)) == [(target, certain)]


@pytest.mark.parametrize(
    ("step", "target"),
    [
        ("- uses: superfly/flyctl-actions@v1\n  with: {args: deploy --app shop}", "Fly.io app shop"),
        (
            "- uses: amondnet/vercel-action@v1\n  with: {vercel-project-id: p, vercel-args: --prod}",
            "Vercel project p/--prod",
        ),
        ("- uses: azure/webapps-deploy@v2\n  with: {app-name: shop, slot-name: blue}", "Azure app shop/blue"),
        ("- uses: actions/deploy-pages@v4", "GitHub Pages"),
        ("- uses: einaregilsson/beanstalk-deploy@v1", "AWS"),
        ("- run: flyctl deploy\n  working-directory: api", "Fly.io app api/fly.toml"),
        ("- run: flyctl deploy\n  env: {FLY_APP: shop}", "Fly.io app shop"),
        ("- run: flyctl deploy -a ${{ env.APP }}\n  env: {APP: shop}", "Fly.io app shop"),
        ("- run: flyctl deploy -a $APP\n  env: {APP: $APP}", "Fly.io app $APP"),
        ("- run: flyctl deploy -a $A\n  env: {A: '${{ env.B }}', B: '${{ env.A }}'}", "Fly.io app ${{ env.B }}"),
        ("- uses: superfly/flyctl-actions@v1\n  with: {args: [deploy]}", None),
    ],
)
def test_what_a_step_deploys_to(step, target):
    assert [shown for shown, _ in targets(with_step(step))] == ([target] if target else [])


def test_the_workflow_s_environment_counts_too():
    found = workflow(
        "on: push\nenv: {APP: shop}\njobs:\n  a:\n    runs-on: x\n    steps: [{run: flyctl deploy -a $APP}]\n"
    )
    assert targets(found) == [("Fly.io app shop", True)]


def pair(first, second, heads=("", "")):
    jobs = "".join(
        f"  j{number}:\n    runs-on: x\n{head}    steps: [{{run: '{script}'}}]\n"
        for number, (script, head) in enumerate(zip((first, second), heads, strict=True))
    )
    found = workflow(f"on: push\njobs:\n{jobs}")
    return [sites(found, job)[0] for job in found.jobs]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("flyctl deploy -a x", "fly deploy --app x --image y", True),
        ("flyctl deploy -a x", "flyctl deploy -a y", False),
        ("flyctl deploy -a x", "flyctl deploy", None),
        ("flyctl deploy -a $X", "flyctl deploy -a $X", True),
        ("flyctl deploy -a $X", "flyctl deploy -a y", None),
        ("kubectl -n web apply -f x", "kubectl -n web rollout undo deploy/x", True),
        ("kubectl apply -f x", "kubectl rollout undo deploy/x", None),
        ("flyctl deploy -a x", "heroku container:release web -a x", False),
        ("flyctl deploy -a x", "make deploy", None),
    ],
)
def test_whether_two_deploys_have_one_target(first, second, same):
    assert same_target(*pair(first, second)) is same


def test_two_environments_may_give_the_same_words_another_meaning():
    heads = ("    environment: staging\n", "    environment: production\n")
    assert same_target(*pair("flyctl deploy -a x", "flyctl deploy -a x", heads)) is True
    assert same_target(*pair("flyctl deploy", "flyctl deploy", heads)) is None
    assert same_target(*pair("kubectl -n w apply -f x", "kubectl -n w apply -f x", heads)) is None
    assert same_target(*pair("flyctl deploy -a $X", "flyctl deploy -a $X", heads)) is None


def test_what_a_run_decides_is_not_the_same_in_two_files():
    one, _ = pair("flyctl deploy -a $X", "flyctl deploy -a $X")
    other, _ = pair("flyctl deploy -a $X", "flyctl deploy -a $X")
    assert same_target(one, other) is None


def test_secrets_by_env_of_workflow_job_and_step_by_with_and_in_the_script():
    found = workflow(
        """
        on: push
        env: {A: "${{ secrets.ONE }}", B: "${{ secrets.HIDDEN }}", G: "${{ secrets.GITHUB_TOKEN }}"}
        jobs:
          a:
            runs-on: x
            env: {C: "x${{ secrets['two'] || vars.X }}"}
            steps:
              - run: flyctl deploy -t ${{ secrets.FOUR }}
                env: {B: none, D: "${{ secrets.THREE }}"}
              - uses: a/b@v1
                with: {token: "${{ secrets.FIVE }}", other: "${{ broken", list: [x]}
        """
    )
    (job,) = found.jobs
    uses = [[(use.secret, use.key, use.of) for use in secrets_of(found, job, step)] for step in job.steps]
    assert sorted(uses[0]) == [
        ("FOUR", "", "run"),
        ("ONE", "A", "env"),
        ("THREE", "D", "env"),
        ("TWO", "C", "env"),
    ]
    assert ("FIVE", "token", "with") in uses[1]
