"""A service is as good as was promised: a PromQL expression, on the user's own Prometheus, against a threshold.

```yaml
kind: service-level
id: thirty-day-uptime
why: The service is up 99.9 % of 30 days.
query: avg_over_time(probe_success{job="shop"}[30d])
min: 0.999
```

```yaml
kind: service-level
id: p95-stays-below-300-ms
query: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
max: 0.3
window: 7d
step: 5m
share: 0.99
covered: 0.9
```

Without `window` the expression is asked at the instant that is judged by, and every series that it gives is held to
`min` and `max`. With `window` it is asked over that range, a point every `step`, and at least `share` of the points of
each series have to hold.

**No data is no pass.** An expression that gives no series, a series with `NaN` in it (nothing was counted), or with
fewer points than `covered` of the window is unknown. So are an answer with warnings, which is a part of one; a query
that Prometheus refuses; and a Prometheus that cannot be reached. What already breaks the promise is a finding all the
same: more points may come, and these stay bad.

Asked is the Prometheus at PROMETHEUS_URL, with the token in PROMETHEUS_TOKEN where it needs one: never one that a
policy names, because a change could then send the token elsewhere. Without PROMETHEUS_URL this is not on offer.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from math import isfinite
from typing import Literal

from govcheck.facts import Request
from govcheck.facts.services import PrometheusSeries, PrometheusSeriesRequest
from govcheck.findings import Evidence, Finding, Judged, Location, Reason, Undecided
from govcheck.policy import Policy
from govcheck.records import frozen, replace
from govcheck.registry import Said, check
from govcheck.services.answers import undecided
from govcheck.services.series import SERVICE, Series, UntoldError, finite, read
from govcheck.settings import durations

_CONTROL = "level"
_ROUNDING = 1e-9
_MOST_POINTS = 11_000
"""Points of a series that Prometheus gives at most: https://github.com/prometheus/prometheus/blob/main/web/api/v1/api.go"""


@frozen(kw_only=True)
class ServiceLevel(Policy):
    """A number that Prometheus tells, and what it has to be."""

    kind: Literal["service-level"] = "service-level"

    query: str
    """The expression, in PromQL."""

    min: float | None = None
    """The least that it may be."""

    max: float | None = None
    """The most that it may be."""

    window: str | None = None
    """The range over which it is asked, such as `30d`. Left out: at one instant."""

    step: str = "5m"
    """With `window`: from one point to the next."""

    share: float = 1.0
    """With `window`: which part of the points has to hold, from 0 to 1."""

    covered: float = 0.9
    """With `window`: which part of the points has to be there for a pass, from 0 to 1."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Thresholds that nothing can hold or break, and lengths of time that are none."""
        if not self.query.strip():
            yield ("query",), "an empty expression tells nothing"
        if self.min is None and self.max is None:
            yield (), "neither `min` nor `max`: this policy asserts nothing"
        if not all(isfinite(value) for value in (self.min, self.max) if value is not None):
            yield (), "`min` or `max` is no number that anything could be held to"
        elif self.min is not None and self.max is not None and self.min > self.max:
            yield ("min",), "greater than `max`: nothing can hold both"
        yield from self._range_problems()

    def _range_problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for key in ("share", "covered"):
            if not 0 < getattr(self, key) <= 1:
                yield (key,), "not a part of a whole: write a number above 0 and up to 1, such as 0.99"
        window, step = _seconds(self.window), _seconds(self.step)
        if self.window is not None and not window:
            yield ("window",), f"`{self.window}` is not a duration: write days, hours, minutes, such as 30d or 1h30m"
        if not step:
            yield ("step",), f"`{self.step}` is not a duration: write hours, minutes, seconds, such as 5m"
        elif window and window // step >= _MOST_POINTS:
            least = durations.show(timedelta(seconds=window // _MOST_POINTS + 1))
            yield ("step",), f"more than {_MOST_POINTS} points, which Prometheus refuses: write {least} or more"


def _asked(policy: ServiceLevel) -> Iterable[tuple[Request, ...]]:
    seconds, step = _seconds(policy.window), _seconds(policy.step) if policy.window else 0
    return [(PrometheusSeriesRequest(PrometheusSeries, policy.query, seconds, step),)]


@check(wants=_asked)
def level(policy: ServiceLevel, prometheus: PrometheusSeries) -> Iterator[Said]:
    """Every series that the expression gives."""
    try:
        found = read(prometheus, _CONTROL, policy.query)
    except UntoldError as error:
        yield Judged(1)
        yield error.why
        return
    yield Judged(len(found))
    for series in found:
        yield from _judge(policy, prometheus, series)


def _judge(policy: ServiceLevel, fact: PrometheusSeries, series: Series) -> Iterator[Finding | Undecided]:
    subject = series.name or policy.query
    bad = [(at, value) for at, value in series.points if finite(value) and not _holds(policy, value)]
    whole = max(len(series.points), _points(policy))
    if len(bad) <= (1 - policy.share if policy.window is not None else 0) * whole + _ROUNDING:
        yield from _doubts(policy, fact, series, subject)
    elif policy.window is None:
        yield _finding(policy, subject, f"{subject} is {_shown(bad[0][1])}, and {_wanted(policy)}", bad)
    else:
        part = f"{len(bad)} of {whole} points in {policy.window}"
        yield _finding(policy, subject, f"{part} of {subject} do not hold: {_wanted(policy)}", bad)


def _doubts(policy: ServiceLevel, fact: PrometheusSeries, series: Series, subject: str) -> Iterator[Undecided]:
    known = sum(finite(value) for _, value in series.points)
    if policy.window is None and not known:
        why = undecided(fact.answer, SERVICE, _CONTROL, subject, f"{subject} is NaN: nothing was counted")
        yield replace(why, reason=Reason.MISSING_OBJECT)
    elif policy.window is not None and known < policy.covered * _points(policy) - _ROUNDING:
        message = f"{subject} has {known} of the {_points(policy)} points of {policy.window}: too few"
        why = undecided(fact.answer, SERVICE, _CONTROL, subject, message)
        yield replace(why, reason=Reason.MISSING_OBJECT)


def _holds(policy: ServiceLevel, value: float) -> bool:
    return (policy.min is None or value >= policy.min) and (policy.max is None or value <= policy.max)


def _points(policy: ServiceLevel) -> int:
    """How many points a whole range has: Prometheus counts both of its ends."""
    return _seconds(policy.window) // _seconds(policy.step) + 1 if policy.window is not None else 1


def _finding(policy: ServiceLevel, subject: str, message: str, bad: list[tuple[float, float]]) -> Finding:
    worst = max(bad, key=lambda point: _distance(policy, point[1]))
    return Finding(
        control=_CONTROL,
        subject=subject,
        message=message,
        plane="live",
        location=Location(setting=f"service-level/{policy.id}"),
        expected={"min": policy.min, "max": policy.max},
        actual=_shown(worst[1]),
        evidence=(Evidence(text=f"the worst of them is {_shown(worst[1])}"),) if len(bad) > 1 else (),
    )


def _distance(policy: ServiceLevel, value: float) -> float:
    below = policy.min - value if policy.min is not None else 0.0
    return max(below, value - policy.max if policy.max is not None else 0.0)


def _wanted(policy: ServiceLevel) -> str:
    least = f"at least {_shown(policy.min)}" if policy.min is not None else ""
    most = f"at most {_shown(policy.max)}" if policy.max is not None else ""
    return f"the policy wants {' and '.join(filter(None, (least, most)))}"


def _shown(value: float) -> str:
    return f"{value:.6g}"


def _seconds(written: str | None) -> int:
    span = durations.parse(written or "")
    return int(span.total_seconds()) if span is not None else 0
