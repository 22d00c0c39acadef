"""What deploys: commands and actions. Data, no logic.

Left out on purpose: `ssh`, `scp`, `rsync` and their like, which do too much else, and the publishing of packages.
"""

import re

COMMANDS: dict[str, tuple[str, ...]] = {
    "flyctl": ("deploy", "machine run", "machines run", "machine update", "machines update"),
    "fly": ("deploy", "machine run", "machines run", "machine update", "machines update"),
    "vercel": ("--prod", "deploy", "promote", "rollback", "redeploy", "alias", ""),
    "now": ("--prod",),
    "netlify": ("deploy --prod", "deploy -p", "deploy --prodIfUnlocked"),
    "ntl": ("deploy --prod", "deploy -p"),
    "wrangler": ("pages deploy", "pages publish", "versions deploy", "deploy", "publish", "rollback"),
    "heroku": ("container:release", "releases:rollback", "rollback", "pipelines:promote", "deploy:jar"),
    "git": ("push heroku", "push dokku", "push production"),
    "kubectl": ("apply", "replace", "set image", "rollout restart", "rollout undo"),
    "oc": ("apply", "replace", "set image", "rollout restart", "rollout latest", "rollout undo", "start-build"),
    "helm": ("upgrade", "install", "rollback"),
    "helmfile": ("apply", "sync"),
    "kustomize": ("apply",),
    "terraform": ("apply", "destroy"),
    "tofu": ("apply", "destroy"),
    "terragrunt": ("run-all apply", "apply", "apply-all", "destroy"),
    "pulumi": ("up", "update", "destroy"),
    "cdk": ("deploy", "destroy"),
    "sam": ("deploy",),
    "serverless": ("deploy", "remove", "rollback"),
    "sls": ("deploy", "remove", "rollback"),
    "aws": (
        *("ecs update-service", "ecs deploy", "s3 sync", "cloudformation deploy", "cloudformation update-stack"),
        *("cloudformation create-stack", "lambda update-function-code", "deploy create-deployment", "deploy push"),
        *("elasticbeanstalk update-environment", "amplify start-deployment", "amplify start-job"),
        *("apprunner start-deployment", "lambda update-alias"),
    ),
    "gcloud": ("run deploy", "app deploy", "functions deploy", "run services update", "run services update-traffic"),
    "az": (
        *("webapp deploy", "webapp up", "webapp deployment", "containerapp update", "containerapp up"),
        *("functionapp deployment", "deployment group create", "deployment sub create", "staticwebapp deploy"),
    ),
    "firebase": ("deploy", "hosting:clone", "hosting:channel:deploy"),
    "eb": ("deploy",),
    "supabase": ("db push", "functions deploy", "migration up", "db reset --linked"),
    "argocd": ("app sync", "app rollback", "app set"),
    "docker": ("stack deploy", "service update"),
    "railway": ("up", "redeploy"),
    "render": ("deploys create", "deploy"),
    "kamal": ("deploy", "redeploy", "rollback", "setup"),
    "cap": ("production deploy", "deploy"),
    "doctl": ("apps create-deployment", "apps update", "apps create"),
    "nomad": ("job run", "run"),
    "skaffold": ("run", "deploy"),
    "copilot": ("svc deploy", "app deploy", "deploy"),
    "shopify": ("app deploy", "theme push", "theme publish", "hydrogen deploy"),
    "convox": ("deploy", "releases promote"),
    "swa": ("deploy",),
    "werf": ("converge", "deploy"),
    "deployctl": ("deploy",),
}
"""Program to the words that its first arguments have to be, options aside; `--prod` and its like may stand anywhere."""

_TERRAFORM_READS = frozenset({"fmt", "init", "output", "plan", "show", "state", "validate", "workspace"})

OTHERWISE = {
    "helm": frozenset(
        {
            "plugin",
            "repo",
            "registry",
            "dependency",
            "get",
            "history",
            "lint",
            "list",
            "package",
            "pull",
            "push",
            "search",
            "show",
            "status",
            "template",
            "test",
        }
    ),
    "pulumi": frozenset({"config", "login", "plugin", "preview", "stack"}),
    "terraform": _TERRAFORM_READS,
    "tofu": _TERRAFORM_READS,
    "vercel": frozenset(
        {
            "build",
            "pull",
            "env",
            "link",
            "inspect",
            "logs",
            "ls",
            "list",
            "dev",
            "whoami",
            "login",
            "project",
            "domains",
        }
    ),
}
"""First words with which a program does something else, whatever options follow."""

NEVER = frozenset({"--dry-run", "--dry-run=client", "--dry-run=server", "--help", "-h", "--dryrun", "--noop"})
"""Options with which nothing is deployed."""

LOCAL_CLUSTER = re.compile(
    r"\b(?:kind create|minikube start|k3d cluster create|microk8s)\b|helm/kind-action|setup-minikube|k3s-action"
)
CLUSTER_PROGRAMS = frozenset({"kubectl", "helm", "helmfile", "oc", "kustomize", "skaffold"})
"""A job that makes a cluster of its own deploys to that one, with these programs."""

TASK_RUNNERS = frozenset(
    {"npm", "pnpm", "yarn", "bun", "make", "just", "task", "rake", "invoke", "fab", "lerna", "nx", "turbo"}
)
TASK = re.compile(r"(?:deploy|rollback)(?:[:_.-][\w:.-]*)?")
SCRIPT = re.compile(r"(?:[\w.-]*[_.-])?(?:deploy|rollback)(?:[_.-][\w.-]*)?\.(?:sh|py|rb|js|ts|mjs|bash)|deploy")
"""A task or a script of the repository's own that is called deploy, or rollback, which deploys what was before."""

ACTIONS: dict[str, str] = {
    "superfly/flyctl-actions": r"deploy",
    "amondnet/vercel-action": "",
    "nwtgck/actions-netlify": "",
    "netlify/actions/cli": r"deploy",
    "cloudflare/wrangler-action": r"^$|deploy|publish",
    "cloudflare/pages-action": "",
    "firebaseextended/action-hosting-deploy": "",
    "w9jds/firebase-action": r"deploy",
    "akhileshns/heroku-deploy": "",
    "azure/webapps-deploy": "",
    "azure/functions-action": "",
    "azure/k8s-deploy": "",
    "azure/container-apps-deploy-action": "",
    "azure/static-web-apps-deploy": "",
    "azure/arm-deploy": "",
    "aws-actions/amazon-ecs-deploy-task-definition": "",
    "aws-actions/aws-cloudformation-github-deploy": "",
    "aws-actions/aws-lambda-deploy": "",
    "einaregilsson/beanstalk-deploy": "",
    "jakejarvis/s3-sync-action": "",
    "google-github-actions/deploy-cloudrun": "",
    "google-github-actions/deploy-appengine": "",
    "google-github-actions/deploy-cloud-functions": "",
    "actions/deploy-pages": "",
    "peaceiris/actions-gh-pages": "",
    "jamesives/github-pages-deploy-action": "",
    "digitalocean/app_action": "",
    "digitalocean/app_action/deploy": "",
    "johnbeynon/render-deploy-action": "",
    "bervproject/railway-deploy": "",
    "dflook/terraform-apply": "",
    "hashicorp/tfc-workflows-github/actions/apply-run": "",
    "pulumi/actions": r"up|update|destroy",
    "serverless/github-action": r"deploy",
    "samkirkland/ftp-deploy-action": "",
    "easingthemes/ssh-deploy": "",
    "shopify/lighthouse-ci-action/deploy": "",
}
"""Actions in lower case to what their `args` or `command` has to say; empty: they always deploy."""

HINTS = (
    *(
        "deploy",
        "rollback",
        "fly machine",
        "flyctl machine",
        "vercel",
        "wrangler",
        "heroku",
        "kubectl",
        "helm",
        "kustomize",
        "terra",
    ),
    *(
        "tofu",
        "pulumi",
        "cdk",
        "sls ",
        "serverless",
        "aws ",
        "gcloud",
        "supabase",
        "argocd",
        "docker service",
        "railway",
    ),
    *(
        "render",
        "kamal",
        "doctl",
        "nomad",
        "skaffold",
        "shopify",
        "convox",
        "werf",
        "oc ",
        "dokku",
        "push production",
        "now ",
    ),
)
"""Of these one stands in every script that deploys."""
