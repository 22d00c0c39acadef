"""Which services other than GitHub a run may ask, by what its environment has, and who asks them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from govcheck.app.world import Supplier
from govcheck.facts import Fact, Missing, Request
from govcheck.facts.services import AlertReceivers, FlyApps, PrometheusSeries, SupabaseBackups
from govcheck.findings import Reason
from govcheck.records import frozen

if TYPE_CHECKING:  # most runs ask no service
    from govcheck.sources.services.asking import Connect

_Gather = Callable[[Request, Mapping[str, str], datetime, "Connect"], Fact]


@frozen(kw_only=True)
class Offer:
    """One service."""

    title: str
    """As people call it."""

    fact: type[Fact]
    asked_by: tuple[str, ...]
    """Variables of which one makes it askable: the address, or the token where the address is fixed."""

    secrets: tuple[str, ...]
    """Variables that hold a secret of it."""

    gather: _Gather

    def set_in(self, environment: Mapping[str, str]) -> str | None:
        """The variable by which an environment makes it askable; None where none does."""
        return next((name for name in self.asked_by if environment.get(name, "").strip()), None)

    def has(self, environment: Mapping[str, str]) -> bool:
        """Whether an environment makes it askable."""
        return self.set_in(environment) is not None


def _fly(request: Request, environment: Mapping[str, str], _: datetime, carrier: "Connect") -> Fact:
    from govcheck.facts.services import FlyAppsRequest  # noqa: PLC0415 - see SERVICES
    from govcheck.sources.services import fly  # noqa: PLC0415 - see SERVICES

    if not isinstance(request, FlyAppsRequest):
        raise TypeError("apps are asked for by name")
    return fly.gather(request, environment, carrier)


def _supabase(request: Request, environment: Mapping[str, str], _: datetime, carrier: "Connect") -> Fact:
    from govcheck.facts.services import SupabaseBackupsRequest  # noqa: PLC0415 - see SERVICES
    from govcheck.sources.services import supabase  # noqa: PLC0415 - see SERVICES

    if not isinstance(request, SupabaseBackupsRequest):
        raise TypeError("backups are asked for by project")
    return supabase.gather(request, environment, carrier)


def _prometheus(request: Request, environment: Mapping[str, str], now: datetime, carrier: "Connect") -> Fact:
    from govcheck.facts.services import PrometheusSeriesRequest  # noqa: PLC0415 - see SERVICES
    from govcheck.sources.services import prometheus  # noqa: PLC0415 - see SERVICES

    if not isinstance(request, PrometheusSeriesRequest):
        raise TypeError("series are asked for by an expression")
    return prometheus.gather(request, now, environment, carrier)


def _alertmanager(_: Request, environment: Mapping[str, str], __: datetime, carrier: "Connect") -> Fact:
    from govcheck.sources.services import alertmanager  # noqa: PLC0415 - see SERVICES

    return alertmanager.gather(environment, carrier)


SERVICES: tuple[Offer, ...] = (
    Offer(
        title="Fly.io",
        fact=FlyApps,
        asked_by=("GOVCHECK_FLY_TOKEN", "FLY_API_TOKEN"),
        secrets=("GOVCHECK_FLY_TOKEN", "FLY_API_TOKEN"),
        gather=_fly,
    ),
    Offer(
        title="Supabase",
        fact=SupabaseBackups,
        asked_by=("SUPABASE_ACCESS_TOKEN",),
        secrets=("SUPABASE_ACCESS_TOKEN",),
        gather=_supabase,
    ),
    Offer(
        title="Prometheus",
        fact=PrometheusSeries,
        asked_by=("PROMETHEUS_URL",),
        secrets=("PROMETHEUS_TOKEN",),
        gather=_prometheus,
    ),
    Offer(
        title="Alertmanager",
        fact=AlertReceivers,
        asked_by=("ALERTMANAGER_URL",),
        secrets=("ALERTMANAGER_TOKEN",),
        gather=_alertmanager,
    ),
)
"""Every one of them. What asks is imported when it is asked: most runs ask none."""

ALL: frozenset[type[Fact]] = frozenset(one.fact for one in SERVICES)


def offered(environment: Mapping[str, str]) -> frozenset[type[Fact]]:
    """The facts of the services that an environment has variables of."""
    return frozenset(one.fact for one in SERVICES if one.has(environment))


def suppliers(environment: Mapping[str, str], now: datetime, carrier: "Connect | None" = None) -> dict[str, Supplier]:
    """What gathers these facts.

    Args:
        environment: Has addresses and tokens.
        now: The instant that is judged by.
        carrier: What stands in for the network, in tests of policies.
    """
    return {one.fact.__name__: _supplier(one, environment, now, carrier) for one in SERVICES if one.has(environment)}


def secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Every secret of a service that an environment has; of several tokens in one variable each by itself, too."""
    found = [environment.get(name, "").strip() for one in SERVICES for name in one.secrets]
    return tuple(part for value in found for part in (value, *value.replace(",", " ").split()) if part)


def _supplier(offer: Offer, environment: Mapping[str, str], now: datetime, carrier: "Connect | None") -> Supplier:
    from govcheck.sources.services.asking import NotAskableError, connect  # noqa: PLC0415 - see SERVICES

    def supply(request: Request) -> Fact | Missing:
        try:
            return offer.gather(request, environment, now, carrier or connect)
        except NotAskableError as error:
            return Missing(reason=Reason.API_ERROR, message=str(error))

    return supply
