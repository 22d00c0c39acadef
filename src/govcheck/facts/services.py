"""What services other than GitHub answered: Fly.io, Supabase, Prometheus, Alertmanager. Kept raw, without secrets.

Each answer is an `Answer`, as GitHub's are: status, message, and the document. What an answer means is said by
`govcheck.services`. A service for which the environment has no variables is not on offer.
"""

from collections.abc import Mapping

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen
class FlyAppsRequest(Request):
    """What Fly.io knows of some apps. Its answer is a `FlyApps`."""

    names: tuple[str, ...]


@frozen(kw_only=True)
class LiveFlyApp:
    """One app at Fly.io. Values of variables and secrets, and tokens themselves, are in none of it."""

    app: Answer
    """`GET /v1/apps/{app}`."""

    machines: Answer
    """`GET /v1/apps/{app}/machines`: of each machine its state, region, image, size and checks."""

    secrets: Answer
    """`GET /v1/apps/{app}/secrets`: names and instants."""

    addresses: Answer
    """`GET /v1/apps/{app}/ip_assignments`."""

    history: Answer
    """A GraphQL query: the newest releases, and the tokens of the app with their ends."""


@frozen
class FlyApps(Fact):
    """The apps that were asked for, by name."""

    apps: Mapping[str, LiveFlyApp]


@frozen
class SupabaseBackupsRequest(Request):
    """The backups of a project. Its answer is a `SupabaseBackups`."""

    project: str
    """Its reference: the first part of its host."""


@frozen(kw_only=True)
class SupabaseBackups(Fact):
    """The backups of one project."""

    backups: Answer
    """`GET /v1/projects/{ref}/database/backups`."""

    schedule: Answer
    """`GET /v1/projects/{ref}/database/backups/schedule`."""


@frozen
class PrometheusSeriesRequest(Request):
    """A PromQL expression. Its answer is a `PrometheusSeries`."""

    query: str
    seconds: int
    """How far back the range goes from the instant that is judged by; 0 asks for that instant alone."""

    step: int
    """Seconds from one point of the range to the next."""


@frozen(kw_only=True)
class PrometheusSeries(Fact):
    """What an expression came to."""

    answer: Answer
    """`GET /api/v1/query_range` or `GET /api/v1/query`, the whole document."""

    start: int
    """The first instant asked for, in seconds since 1970."""

    end: int
    """The last one."""


@frozen(kw_only=True)
class AlertReceivers(Fact):
    """Whom an Alertmanager tells. Of its configuration only its receivers are kept, without credentials."""

    receivers: Answer
    """`GET /api/v2/receivers`: names."""

    status: Answer
    """`GET /api/v2/status`; of the configuration, which is YAML, `receivers` and `routed`: see
    `sources.services.alertmanager`."""
