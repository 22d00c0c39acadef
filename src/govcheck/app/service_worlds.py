"""What other services answer in the worst world that a policy can meet, and in a good one."""

from collections.abc import Mapping

from govcheck.app.nothing_set import SUNDAY_NIGHT
from govcheck.app.world import Supplier
from govcheck.facts import Request
from govcheck.facts.live import Answer
from govcheck.facts.services import (
    AlertReceivers,
    FlyApps,
    FlyAppsRequest,
    LiveFlyApp,
    PrometheusSeries,
    PrometheusSeriesRequest,
    SupabaseBackups,
)
from govcheck.findings import Json
from govcheck.policy import Policy


def worst(policy: Policy) -> Mapping[str, Supplier]:
    """Services where nothing is as anybody wants it."""
    none: Json = {"pitr_enabled": False, "backups": []}
    return {
        "FlyApps": lambda request: FlyApps({name: _absent(name) for name in _names(request)}),
        "SupabaseBackups": lambda _: _backups(none, {}),
        "PrometheusSeries": lambda request: _constant(request, _bad_level(policy)),
        "AlertReceivers": lambda _: _telling("stranger@stranger.invalid", "nobody"),
    }


def good(policy: Policy) -> Mapping[str, Supplier]:
    """Services that a policy has nothing against."""
    secrets = getattr(getattr(policy, "secrets", None), "names", ())
    made: Json = {"status": "COMPLETED", "inserted_at": SUNDAY_NIGHT.isoformat()}
    fresh: Json = {"pitr_enabled": True, "backups": [made]}
    return {
        "FlyApps": lambda request: FlyApps({name: _sound(name, secrets) for name in _names(request)}),
        "SupabaseBackups": lambda _: _backups(fresh, {"schedule_for": "02:00:00"}),
        "PrometheusSeries": lambda request: _constant(request, _level(policy)),
        "AlertReceivers": lambda _: _telling(*_inboxes(policy)),
    }


def answer(endpoint: str, body: Json, status: int = 200) -> Answer:
    """What a service says."""
    return Answer(endpoint=endpoint, status=status, message="", body=body)


def _backups(backups: Json, schedule: Json) -> SupabaseBackups:
    return SupabaseBackups(backups=answer("backups", backups), schedule=answer("schedule", schedule))


def _inboxes(policy: Policy) -> tuple[str, ...]:
    """Addresses that a policy lets be told, or wants told."""
    allowed = getattr(getattr(policy, "allow", None), "email", ())
    required = getattr(policy, "require", ())
    return tuple(one for one in (*allowed, *required) if isinstance(one, str))


def _telling(*addresses: str) -> AlertReceivers:
    """An Alertmanager that tells these by mail; what is no address is a receiver that tells nobody."""
    integrations: list[Json] = [{"type": "email", "kind": "email", "value": one} for one in addresses if "@" in one]
    listed: list[Json] = [{"name": "inbox", "integrations": integrations}]
    listed += [{"name": one, "integrations": []} for one in addresses if "@" not in one]
    names: list[Json] = ["inbox", *(one for one in addresses if "@" not in one)]
    return AlertReceivers(
        receivers=answer("receivers", names), status=answer("status", {"receivers": listed, "routed": names})
    )


def _level(policy: Policy) -> float:
    """A number that a policy has nothing against."""
    least, most = getattr(policy, "min", None), getattr(policy, "max", None)
    return next((float(one) for one in (least, most) if isinstance(one, int | float)), 0.0)


def _bad_level(policy: Policy) -> float:
    """A number that it has something against."""
    least, most = getattr(policy, "min", None), getattr(policy, "max", None)
    return float(least) - 1.0 if isinstance(least, int | float) else float(most or 0.0) + 1.0


def _constant(request: Request, level: float) -> PrometheusSeries:
    """A series that has one value all the time."""
    seconds = request.seconds if isinstance(request, PrometheusSeriesRequest) else 0
    step = request.step if isinstance(request, PrometheusSeriesRequest) else 0
    end = int(SUNDAY_NIGHT.timestamp())
    values: list[Json] = [[at, str(level)] for at in range(end - seconds, end + 1, step or 1)]
    one: Json = {"metric": {}, "values": values} if seconds else {"metric": {}, "value": values[-1]}
    data: Json = {"resultType": "matrix" if seconds else "vector", "result": [one]}
    return PrometheusSeries(answer=answer("query", {"status": "success", "data": data}), start=end - seconds, end=end)


def _names(request: Request) -> tuple[str, ...]:
    return request.names if isinstance(request, FlyAppsRequest) else ()


def _absent(name: str) -> LiveFlyApp:
    nothing = answer(f"apps/{name}", None, 404)
    return LiveFlyApp(app=nothing, machines=nothing, secrets=nothing, addresses=nothing, history=nothing)


def _sound(name: str, secrets: tuple[str, ...]) -> LiveFlyApp:
    machine: Json = {"id": "m", "state": "started", "checks": [{"name": "up", "status": "passing"}]}
    connection: Json = {"nodes": [], "pageInfo": {"hasNextPage": False}}
    app: Json = {"name": name, "releases": {"nodes": []}, "limitedAccessTokens": connection}
    listed: list[Json] = [{"name": one, "updated_at": SUNDAY_NIGHT.isoformat()} for one in secrets]
    return LiveFlyApp(
        app=answer(f"apps/{name}", {"name": name}),
        machines=answer(f"apps/{name}/machines", [machine]),
        secrets=answer(f"apps/{name}/secrets", listed),
        addresses=answer(f"apps/{name}/ip_assignments", {"ips": []}),
        history=answer("graphql", {"data": {"app": app}}),
    )
