"""What other services answer in the worst world that a policy can meet, and in a good one."""

from collections.abc import Mapping

from govcheck.app.nothing_set import SUNDAY_NIGHT
from govcheck.app.world import Supplier
from govcheck.facts import Request
from govcheck.facts.live import Answer
from govcheck.facts.services import FlyApps, FlyAppsRequest, LiveFlyApp, SupabaseBackups
from govcheck.findings import Json
from govcheck.policy import Policy


def worst(_: Policy) -> Mapping[str, Supplier]:
    """Services where nothing is as anybody wants it."""
    none: Json = {"pitr_enabled": False, "backups": []}
    return {
        "FlyApps": lambda request: FlyApps({name: _absent(name) for name in _names(request)}),
        "SupabaseBackups": lambda _: _backups(none, {}),
    }


def good(policy: Policy) -> Mapping[str, Supplier]:
    """Services that a policy has nothing against."""
    secrets = getattr(getattr(policy, "secrets", None), "names", ())
    made: Json = {"status": "COMPLETED", "inserted_at": SUNDAY_NIGHT.isoformat()}
    fresh: Json = {"pitr_enabled": True, "backups": [made]}
    return {
        "FlyApps": lambda request: FlyApps({name: _sound(name, secrets) for name in _names(request)}),
        "SupabaseBackups": lambda _: _backups(fresh, {"schedule_for": "02:00:00"}),
    }


def answer(endpoint: str, body: Json, status: int = 200) -> Answer:
    """What a service says."""
    return Answer(endpoint=endpoint, status=status, message="", body=body)


def _backups(backups: Json, schedule: Json) -> SupabaseBackups:
    return SupabaseBackups(backups=answer("backups", backups), schedule=answer("schedule", schedule))


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
