"""A sweep's figures in Prometheus' text format.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from govcheck.findings import SEVERITIES, Outcome, Reason
from govcheck.records import frozen
from govcheck.telling.sweep import Sweep

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_Labels = Mapping[str, str]


@frozen
class _Family:
    """One metric: its name without `govcheck_`, what it says, and its samples."""

    name: str
    about: str
    samples: tuple[tuple[_Labels, float], ...]


def render(sweep: Sweep) -> str:
    """The whole text. Whatever a sweep of this repository could count is there, also where it is 0."""
    return "".join(line for family in _families(sweep) for line in _lines(family, sweep.repository))


def _families(sweep: Sweep) -> Iterator[_Family]:
    about = {"version": sweep.govcheck, "phase": sweep.phase}
    yield _Family("sweep_info", "The sweep that these figures are of.", ((about, 1),))
    yield _one("last_sweep_timestamp_seconds", "When the last sweep had judged everything.", _second(sweep))
    yield _one(
        "sweep_duration_seconds",
        "How long the last sweep took.",
        (sweep.finished_at - sweep.started_at).total_seconds(),
    )
    yield _one("sweep_exit_code", "What the last sweep ended with: 0, 1 or 3.", sweep.exit_code)
    outcomes = Counter(policy.outcome for policy in sweep.policies)
    yield _Family(
        "policies", "Policies by outcome.", tuple(({"outcome": one.value}, outcomes[one.value]) for one in Outcome)
    )
    yield _Family("findings", "Findings that are open, by kind of policy and severity.", tuple(_findings(sweep)))
    reasons = {reason.value: sweep.unknown_reasons.get(reason.value, 0) for reason in Reason}
    yield _Family(
        "unknowns", "What could not be told, by reason.", tuple(({"reason": name}, n) for name, n in reasons.items())
    )
    yield _one("waived", "Findings and unknowns that a waiver excuses.", len(sweep.waived))
    opened = [item.since.timestamp() for item in sweep.items if item.since is not None and item.status == "fail"]
    if opened:
        yield _one("oldest_finding_timestamp_seconds", "When the oldest open finding was first seen.", min(opened))
    if sweep.drift is not None:
        yield _Family("drift_entries", "What changed since the sweep before, by plane.", tuple(_drift(sweep.drift)))
    yield _one("uncovered_settings", "Live settings that no policy asserts.", sweep.uncovered)
    yield _one("uncovered_security_settings", "Those of them that bear on security.", sweep.uncovered_security)
    yield _one("requests", "Requests that the last sweep sent to GitHub.", sweep.cost["requests"])
    yield _one("requests_not_modified", "Those of them that GitHub does not count (304).", sweep.cost["not_modified"])
    yield _one("graphql_points", "Points of GraphQL that the last sweep cost.", sweep.cost["graphql_points"])


def _one(name: str, about: str, value: float) -> _Family:
    return _Family(name, about, (({}, value),))


def _second(sweep: Sweep) -> float:
    return sweep.finished_at.timestamp()


def _findings(sweep: Sweep) -> Iterable[tuple[_Labels, float]]:
    counted: Counter[tuple[str, str]] = Counter()
    for item in sweep.items:
        if item.status == "fail":
            counted[item.kind, item.severity] += item.count
    kinds = sorted({policy.kind for policy in sweep.policies} | {kind for kind, _ in counted})
    for kind in kinds:
        for severity in SEVERITIES:
            yield {"kind": kind, "severity": severity}, counted[kind, severity]


def _drift(drift: Mapping[tuple[str, str, str], int]) -> Iterable[tuple[_Labels, float]]:
    # A setting that got weaker is what alerts ask for: it is there also where none did.
    for key in sorted({("setting", "changed", "weakened"), *drift}):
        plane, change, direction = key
        yield {"plane": plane, "change": change, "direction": direction}, drift.get(key, 0)


def _lines(family: _Family, repository: str) -> Iterator[str]:
    name = f"govcheck_{family.name}"
    yield f"# HELP {name} {family.about}\n# TYPE {name} gauge\n"
    for labels, value in family.samples:
        written = ",".join(f'{key}="{_escaped(text)}"' for key, text in {"repository": repository, **labels}.items())
        yield f"{name}{{{written}}} {value:.15g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
