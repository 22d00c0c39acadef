"""What Prometheus answered: series of numbers, or why there are none.

Source: https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview. An answer with warnings is partial:
Prometheus, and Thanos and Mimir before it, give what they have where a part could not be read.
"""

import math
from collections.abc import Iterator, Mapping

from govcheck.facts.services import PrometheusSeries
from govcheck.findings import Json, Reason, Undecided
from govcheck.records import frozen, replace
from govcheck.services.answers import entries, member, undecided, word

SERVICE = "Prometheus"
_POINT = 2
_BAD_REQUEST = frozenset({400, 422})


@frozen(kw_only=True)
class Series:
    """One series."""

    name: str
    """Its labels, `{app="shop"}`; empty for a number without any."""

    points: tuple[tuple[float, float], ...]
    """Instants in seconds since 1970, each with its value; at least one."""


class UntoldError(Exception):
    """The answer tells nothing, and why."""

    def __init__(self, why: Undecided) -> None:
        super().__init__(why.message)
        self.why = why


def read(fact: PrometheusSeries, control: str, subject: str) -> tuple[Series, ...]:
    """Every series of a whole answer.

    Raises:
        UntoldError: there is no answer, it is partial, or it has no number in it.
    """
    answer, body = fact.answer, fact.answer.body
    if not answer.good:
        why = undecided(answer, SERVICE, control, subject)
        raise UntoldError(replace(why, reason=Reason.UNPARSEABLE) if answer.status in _BAD_REQUEST else why)
    if member(body, "status") != "success":
        raise UntoldError(undecided(answer, SERVICE, control, subject, f"{SERVICE}: {word(member(body, 'error'))}"))
    warnings = member(body, "warnings")
    if warnings:
        first = warnings[0] if isinstance(warnings, list) else warnings
        message = f"{SERVICE} gave a part of the answer only: {word(first) or 'with a warning'}"
        raise UntoldError(replace(undecided(answer, SERVICE, control, subject, message), reason=Reason.API_ERROR))
    try:
        found = tuple(_series(member(body, "data")))
    except ValueError as error:
        message = f"{SERVICE}: the answer has another form: {error}"
        raise UntoldError(undecided(answer, SERVICE, control, subject, message)) from error
    if not found:
        message = f"{SERVICE} has no data for it: nothing measures it, or it is called otherwise"
        raise UntoldError(replace(undecided(answer, SERVICE, control, subject, message), reason=Reason.MISSING_OBJECT))
    return found


def _series(data: Json) -> Iterator[Series]:
    kind, result = member(data, "resultType"), member(data, "result")
    if kind == "scalar":
        yield Series(name="", points=(_point(result),))
        return
    listed = entries(result)
    if kind not in {"matrix", "vector"} or listed is None:
        raise ValueError(f"a result of the type {word(kind)[:30] or 'that is not told'}")
    for one in listed:
        values = one.get("values") if kind == "matrix" else [one.get("value")]
        if not isinstance(values, list) or not values:
            raise ValueError("a series without values")
        yield Series(name=_name(one.get("metric")), points=tuple(map(_point, values)))


def _point(value: Json) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != _POINT:
        raise ValueError("a point that is no pair")
    at, written = value
    if not isinstance(at, int | float) or isinstance(at, bool) or not isinstance(written, str):
        raise ValueError("a point that is no instant and text")  # noqa: TRY004 - of a document, not of an argument
    return at, float(written)  # NaN, +Inf and -Inf are written as Python reads them


def _name(metric: Json) -> str:
    if not isinstance(metric, Mapping) or not metric:
        return ""
    return "{" + ", ".join(f'{key}="{word(value)}"' for key, value in sorted(metric.items())) + "}"


def finite(value: float) -> bool:
    """Whether a value is a number that can be held against another one."""
    return not math.isnan(value)
