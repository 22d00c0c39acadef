"""How programs and actions are told what to deploy to. Data, no logic.

Sources: the manuals of the programs; for Fly.io https://fly.io/docs/flyctl/deploy/ and for what `flyctl releases` takes
https://github.com/superfly/flyctl/blob/master/internal/command/apps/releases.go (it lists, and takes no arguments).
"""

from govcheck.records import frozen


@frozen(kw_only=True)
class Naming:
    """How one program is told its target."""

    platform: str
    """For people: `Fly.io app`."""

    options: tuple[tuple[str, ...], ...] = ()
    """Each part of the name, with the options that say it. The first part has to be said; others may be left out."""

    variables: tuple[str, ...] = ()
    """Variables of the environment that say the first part where no option does."""

    word: bool = False
    """Whether the first bare word after the command itself is the first part."""

    stages: tuple[str, ...] = ()
    """Options of which one makes it production; without them it is a preview."""

    file: str = ""
    """The file in the folder it runs in that says the name where nothing else does; `.` for the folder itself."""

    file_options: tuple[str, ...] = ()
    """Options that name another such file, or folder."""

    tokens: tuple[str, ...] = ()
    """Variables of the environment that hold what it may do."""


_AWS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_TERRAFORM = Naming(
    platform="Terraform folder",
    file=".",
    file_options=("-chdir", "--chdir", "--terragrunt-working-dir"),
    tokens=("TF_API_TOKEN", "TF_TOKEN_app_terraform_io", *_AWS, "ARM_CLIENT_SECRET", "GOOGLE_CREDENTIALS"),
)
_FLY = Naming(
    platform="Fly.io app",
    options=(("-a", "--app"),),
    variables=("FLY_APP",),
    file="fly.toml",
    file_options=("-c", "--config"),
    tokens=("FLY_API_TOKEN", "FLY_ACCESS_TOKEN"),
)
_KUBERNETES = Naming(
    platform="Kubernetes",
    options=(("--context", "--cluster", "--server", "-s", "--kubeconfig"), ("-n", "--namespace")),
    tokens=("KUBECONFIG", "KUBE_CONFIG", "KUBE_CONFIG_DATA", "KUBE_TOKEN"),
)
_NETLIFY = Naming(
    platform="Netlify site",
    options=(("-s", "--site"),),
    variables=("NETLIFY_SITE_ID",),
    tokens=("NETLIFY_AUTH_TOKEN",),
)
_VERCEL = Naming(
    platform="Vercel project",
    variables=("VERCEL_PROJECT_ID",),
    stages=("--prod", "--production", "promote", "rollback"),
    file=".",
    file_options=("--cwd",),
    tokens=("VERCEL_TOKEN",),
)
_SERVERLESS = Naming(
    platform="Serverless stage",
    options=(("-s", "--stage"),),
    tokens=("SERVERLESS_ACCESS_KEY", *_AWS),
)

PROGRAMS: dict[str, Naming] = {
    "flyctl": _FLY,
    "fly": _FLY,
    "vercel": _VERCEL,
    "now": _VERCEL,
    "netlify": _NETLIFY,
    "ntl": _NETLIFY,
    "wrangler": Naming(
        platform="Cloudflare project",
        options=(("--project-name", "--name", "-e", "--env"), ("--branch",)),
        file="wrangler.toml",
        file_options=("-c", "--config"),
        tokens=("CLOUDFLARE_API_TOKEN", "CF_API_TOKEN", "CLOUDFLARE_API_KEY"),
    ),
    "heroku": Naming(
        platform="Heroku app",
        options=(("-a", "--app", "-r", "--remote"),),
        variables=("HEROKU_APP",),
        tokens=("HEROKU_API_KEY",),
    ),
    "kubectl": _KUBERNETES,
    "oc": _KUBERNETES,
    "kustomize": _KUBERNETES,
    "helm": Naming(
        platform="Helm release",
        word=True,
        options=(("-n", "--namespace"), ("--kube-context",)),
        tokens=_KUBERNETES.tokens,
    ),
    "terraform": _TERRAFORM,
    "tofu": _TERRAFORM,
    "terragrunt": _TERRAFORM,
    "pulumi": Naming(
        platform="Pulumi stack",
        options=(("-s", "--stack"),),
        file_options=("-C", "--cwd"),
        tokens=("PULUMI_ACCESS_TOKEN",),
    ),
    "sam": Naming(platform="CloudFormation stack", options=(("--stack-name",),), tokens=_AWS),
    "cdk": Naming(platform="CDK stack", word=True, tokens=_AWS),
    "serverless": _SERVERLESS,
    "sls": _SERVERLESS,
    "aws": Naming(
        platform="AWS",
        options=(
            ("--service", "--function-name", "--stack-name", "--environment-name", "--app-id", "--application-name"),
            ("--cluster", "--deployment-group-name"),
        ),
        tokens=_AWS,
    ),
    "gcloud": Naming(
        platform="Google Cloud service",
        word=True,
        options=(("--project",), ("--region",)),
        tokens=("GOOGLE_CREDENTIALS", "GCP_SA_KEY", "GOOGLE_APPLICATION_CREDENTIALS"),
    ),
    "az": Naming(
        platform="Azure app",
        options=(("-n", "--name"), ("-g", "--resource-group"), ("-s", "--slot")),
        tokens=("AZURE_CREDENTIALS", "AZURE_CLIENT_SECRET"),
    ),
    "firebase": Naming(
        platform="Firebase project",
        options=(("-P", "--project"), ("--only",)),
        tokens=("FIREBASE_TOKEN",),
    ),
    "supabase": Naming(
        platform="Supabase project",
        options=(("--project-ref",),),
        variables=("SUPABASE_PROJECT_ID", "SUPABASE_PROJECT_REF"),
        tokens=("SUPABASE_ACCESS_TOKEN", "SUPABASE_DB_PASSWORD"),
    ),
    "railway": Naming(
        platform="Railway service",
        options=(("-s", "--service"), ("-e", "--environment")),
        tokens=("RAILWAY_TOKEN", "RAILWAY_API_TOKEN"),
    ),
    "kamal": Naming(platform="Kamal destination", options=(("-d", "--destination"),), file="config/deploy.yml"),
    "argocd": Naming(platform="Argo CD app", tokens=("ARGOCD_AUTH_TOKEN",)),
    "doctl": Naming(platform="DigitalOcean app", tokens=("DIGITALOCEAN_ACCESS_TOKEN",)),
    "shopify": Naming(
        platform="Shopify app",
        options=(("-c", "--config", "-t", "--theme"), ("-s", "--store")),
        tokens=("SHOPIFY_CLI_PARTNERS_TOKEN", "SHOPIFY_CLI_THEME_TOKEN", "SHOPIFY_APP_AUTOMATION_TOKEN"),
    ),
    "convox": Naming(platform="Convox app", options=(("-a", "--app"),), tokens=("CONVOX_DEPLOY_KEY",)),
    "render": Naming(platform="Render service", tokens=("RENDER_API_KEY",)),
}
"""Program to how it is told its target."""

_PAGES = "GitHub Pages"

ACTIONS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "amondnet/vercel-action": ("Vercel project", (("vercel-project-id",), ("vercel-args",))),
    "nwtgck/actions-netlify": ("Netlify site", (("netlify-site-id",),)),
    "cloudflare/pages-action": ("Cloudflare project", (("projectname",), ("branch",))),
    "firebaseextended/action-hosting-deploy": ("Firebase project", (("projectid",), ("channelid",))),
    "akhileshns/heroku-deploy": ("Heroku app", (("heroku_app_name",),)),
    "azure/webapps-deploy": ("Azure app", (("app-name",), ("slot-name",))),
    "azure/functions-action": ("Azure app", (("app-name",), ("slot-name",))),
    "azure/k8s-deploy": ("Kubernetes", (("name",), ("namespace",))),
    "azure/container-apps-deploy-action": ("Azure app", (("containerappname",), ("resourcegroup",))),
    "aws-actions/amazon-ecs-deploy-task-definition": ("AWS", (("service",), ("cluster",))),
    "aws-actions/aws-cloudformation-github-deploy": ("AWS", (("name",),)),
    "einaregilsson/beanstalk-deploy": ("AWS", (("environment_name",), ("application_name",))),
    "google-github-actions/deploy-cloudrun": ("Google Cloud service", (("service",), ("project_id",), ("region",))),
    "google-github-actions/deploy-cloud-functions": ("Google Cloud service", (("name",), ("project_id",))),
    "digitalocean/app_action/deploy": ("DigitalOcean app", (("app_name",),)),
    "digitalocean/app_action": ("DigitalOcean app", (("app_name",),)),
    "bervproject/railway-deploy": ("Railway service", (("service",),)),
    "actions/deploy-pages": (_PAGES, ()),
    "peaceiris/actions-gh-pages": (_PAGES, ()),
    "jamesives/github-pages-deploy-action": (_PAGES, ()),
}
"""Actions in lower case: the platform, and the inputs that say each part of the name."""

ONLY_ONE = frozenset({_PAGES})
"""Platforms of which a repository has one target, which needs no name."""

UNIQUE = frozenset(
    {
        *("Fly.io app", "Vercel project", "Netlify site", "Heroku app", "Azure app", "Firebase project"),
        *("Supabase project", "Convox app", _PAGES),
    }
)
"""Platforms whose names mean one thing everywhere; elsewhere a name may stand in several accounts or clusters."""

RUNS_A_PROGRAM = {
    "superfly/flyctl-actions": ("flyctl", "args"),
    "cloudflare/wrangler-action": ("wrangler", "command"),
    "netlify/actions/cli": ("netlify", "args"),
    "w9jds/firebase-action": ("firebase", "args"),
    "serverless/github-action": ("serverless", "args"),
}
"""Actions in lower case that run a program: which, and the input with its arguments."""

TOKEN_INPUTS = frozenset(
    {
        *("vercel-token", "apitoken", "api-token", "netlify-auth-token", "firebaseserviceaccount", "heroku_api_key"),
        *("publish-profile", "azure_static_web_apps_api_token", "creds", "aws-access-key-id", "aws-secret-access-key"),
        *("aws_access_key", "aws_secret_key", "credentials_json", "service_account_key", "kubeconfig", "railway_token"),
        *("render-token", "api-key", "access-key", "ftp-password", "ssh_private_key"),
    }
)
"""Inputs of actions, in lower case, that hold what may be done. They count in jobs that deploy."""

READS: dict[str, tuple[str, ...]] = {
    "flyctl": (
        *("status", "releases", "logs", "checks", "version", "info", "apps list", "apps releases", "auth whoami"),
        *("machine list", "machines list", "machine status", "secrets list", "image show", "config show", "ips list"),
        *("doctor", "platform", "regions list", "volumes list", "history"),
    ),
    "kubectl": (
        *("get", "describe", "logs", "version", "config view", "cluster-info", "rollout status", "rollout history"),
        *("wait", "top", "explain", "diff", "api-resources"),
    ),
    "helm": ("list", "status", "history", "get", "lint", "template", "version", "show", "search"),
    "vercel": ("ls", "list", "inspect", "logs", "whoami", "pull", "env ls"),
    "heroku": ("releases", "ps", "logs", "apps:info", "config:get"),
    "railway": ("status", "logs", "list", "whoami"),
    "wrangler": ("whoami", "tail", "deployments list", "versions list"),
    "netlify": ("status", "sites:list"),
    "terraform": ("plan", "show", "output", "validate", "fmt", "version", "init", "state list"),
}
"""Program to what it does without changing anything."""
READS["fly"] = READS["flyctl"]
