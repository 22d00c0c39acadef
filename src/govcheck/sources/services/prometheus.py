"""Prometheus: what an expression came to over a range.

Source: https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries
"""

from collections.abc import Mapping
from datetime import datetime

from govcheck.facts.services import PrometheusSeries, PrometheusSeriesRequest
from govcheck.sources.services.asking import Asking, Connect, Service, connect

VARIABLE = "PROMETHEUS_URL"
TOKEN_VARIABLE = "PROMETHEUS_TOKEN"  # noqa: S105 - the name of a variable


def is_configured(environment: Mapping[str, str]) -> bool:
    """Whether the environment says where it is."""
    return bool(environment.get(VARIABLE, "").strip())


def gather(
    request: PrometheusSeriesRequest, now: datetime, environment: Mapping[str, str], carrier: Connect = connect
) -> PrometheusSeries:
    """What the expression came to.

    Args:
        request: Which.
        now: The instant that is judged by, which ends the range.
        environment: Has the address, and the token where one is needed.
        carrier: Makes what carries requests.

    Raises:
        NotAskableError: the address or the token is none.
    """
    service = Service(
        name="Prometheus",
        root=environment[VARIABLE].strip(),
        token=environment.get(TOKEN_VARIABLE, "").strip(),
        variable=TOKEN_VARIABLE,
        permission=f"a token that may query, in {TOKEN_VARIABLE}",
    )
    end = int(now.timestamp())
    start = end - request.seconds
    asking = Asking(service, environment, carrier)
    try:
        if request.seconds:
            asked = {"query": request.query, "start": str(start), "end": str(end), "step": str(request.step)}
            answer = asking.get("api/v1/query_range", asked)
        else:
            answer = asking.get("api/v1/query", {"query": request.query, "time": str(end)})
    finally:
        asking.close()
    return PrometheusSeries(answer=answer, start=start, end=end)
