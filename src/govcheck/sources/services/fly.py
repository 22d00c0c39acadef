"""Fly.io: what it knows of some apps, without the values of variables and secrets.

Sources: the Machines API (https://fly.io/docs/machines/api/, https://docs.machines.dev), which is asked by GET only;
for releases and tokens, which it does not tell, the GraphQL API that `flyctl` itself asks
(https://github.com/superfly/fly-go, `resource_releases.go` and `resource_apps.go`), by one query. How a token is sent:
`tokens/tokens.go` there.
"""

from collections.abc import Mapping

from govcheck.facts.live import Answer
from govcheck.facts.services import FlyApps, FlyAppsRequest, LiveFlyApp
from govcheck.findings import Json
from govcheck.records import replace
from govcheck.sources.github.exchange import NO_PARTS, path
from govcheck.sources.services.asking import Asking, Connect, Service, connect

VARIABLES = ("GOVCHECK_FLY_TOKEN", "FLY_API_TOKEN")
"""Where the token is looked for; the first one that is set is sent."""

_REST = "https://api.machines.dev/v1"
_GRAPHQL_ROOT = "https://api.fly.io"
_PERMISSION = "a read-only token of the organisation (`fly tokens create readonly`)"
_SCHEMES = ("FlyV1 ", "Bearer ")
_MACAROONS = ("fm1r_", "fm1a_", "fm2_")
MOST = 50
"""Releases and tokens of an app that are read."""

_HISTORY = """
query ($app: String!, $most: Int!) {
  app(name: $app) {
    name
    releases: releasesUnprocessed(first: $most) {
      nodes { version status createdAt user { email name } }
    }
    limitedAccessTokens(first: $most) {
      nodes { id name expiresAt revokedAt }
      pageInfo { hasNextPage }
    }
  }
}
"""

_OF_MACHINE = ("id", "name", "state", "region", "created_at", "updated_at", "host_status")
_OF_CHECK = ("name", "status")
_OF_IMAGE = ("registry", "repository", "tag", "digest")


def is_configured(environment: Mapping[str, str]) -> bool:
    """Whether the environment has a token."""
    return any(environment.get(name, "").strip() for name in VARIABLES)


def gather(request: FlyAppsRequest, environment: Mapping[str, str], carrier: Connect = connect) -> FlyApps:
    """What Fly.io knows of the apps.

    Raises:
        NotAskableError: the token is none.
    """
    variable = next(name for name in VARIABLES if environment.get(name, "").strip())
    rest = _service(environment[variable].strip(), variable)
    graphql = replace(rest, root=_GRAPHQL_ROOT, graphql=f"{_GRAPHQL_ROOT}/graphql")
    asking, history = Asking(rest, environment, carrier), Asking(graphql, environment, carrier)
    try:
        return FlyApps({name: _app(asking, history, name) for name in request.names})
    finally:
        asking.close()
        history.close()


def _service(token: str, variable: str) -> Service:
    """How `flyctl` sends it: what begins with a scheme as it is, macaroons as `FlyV1`, anything else as a bearer."""
    scheme = "FlyV1" if token.startswith(_MACAROONS) else "Bearer"
    for given in _SCHEMES:
        if token.startswith(given):
            scheme, token = given.strip(), token.removeprefix(given).strip()
    return Service(name="Fly.io", root=_REST, token=token, variable=variable, permission=_PERMISSION, scheme=scheme)


def _app(asking: Asking, history: Asking, name: str) -> LiveFlyApp:
    if name in NO_PARTS:
        raise ValueError(f"{name!r} is no app's name")
    root = path("apps", name)
    app = asking.get(root, clean=lambda document: _kept(document, ("id", "name", "status", "organization")))
    if app.status is None or not app.good:
        beside = replace(app, message=app.message or "the app itself could not be read")
        return LiveFlyApp(app=app, machines=beside, secrets=beside, addresses=beside, history=beside)
    return LiveFlyApp(
        app=app,
        machines=asking.get(f"{root}/machines", clean=_machines),
        secrets=asking.get(f"{root}/secrets", clean=_secrets),
        addresses=asking.get(f"{root}/ip_assignments"),
        history=_whole(history.query(_HISTORY, {"app": name, "most": MOST})),
    )


def _whole(answer: Answer) -> Answer:
    """GraphQL refuses with status 200: what came with errors is no answer."""
    body = answer.body if isinstance(answer.body, dict) else {}
    errors = body.get("errors")
    if not answer.good or not errors:
        return answer
    first = errors[0] if isinstance(errors, list) and errors else None
    said = first.get("message") if isinstance(first, dict) else None
    message = said if isinstance(said, str) else "the query was refused"
    return replace(answer, status=None, body=None, failure="refused", message=message[:300])


def _machines(document: Json) -> Json:
    return [_machine(one) for one in document] if isinstance(document, list) else None


def _machine(machine: Json) -> Json:
    """A machine without its `config.env`, its files and its commands, which may hold secrets."""
    if not isinstance(machine, dict):
        return None
    configured = machine.get("config")
    config = configured if isinstance(configured, dict) else {}
    checks = machine.get("checks")
    services = config.get("services")
    listed = [_kept(one, _OF_CHECK) for one in checks] if isinstance(checks, list) else None
    return {
        **{name: machine[name] for name in _OF_MACHINE if name in machine},
        "checks": listed,
        "image_ref": _kept(machine.get("image_ref"), _OF_IMAGE),
        "guest": _kept(config.get("guest"), ("cpu_kind", "cpus", "memory_mb")),
        "services": len(services) if isinstance(services, list) else 0,
        "standby": bool(config.get("standbys")),
    }


def _secrets(document: Json) -> Json:
    """Names and instants; digests are left out, because short secrets can be guessed by them."""
    listed = document.get("secrets") if isinstance(document, dict) else document
    if not isinstance(listed, list):
        return None
    return [_kept(one, ("name", "created_at", "updated_at")) for one in listed]


def _kept(value: Json, names: tuple[str, ...]) -> Json:
    return {name: value[name] for name in names if name in value} if isinstance(value, dict) else None
