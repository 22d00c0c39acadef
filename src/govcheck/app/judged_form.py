"""What a policy came to, as JSON and back, exactly. What this has no word for is not remembered."""

from typing import Any, NamedTuple

from govcheck.findings import Evidence, Finding, Fix, Held, Location, Outcome, Reason, Undecided
from govcheck.policy import LoadedPolicy
from govcheck.records import names
from govcheck.report import PolicyResult, ReportedFinding, ReportedUnknown

_RECORDS: dict[str, type] = {one.__name__: one for one in (Evidence, Finding, Fix, Held, Location, Undecided)}
_MARK = "\0"
"""Begins the keys that mean something here; a mapping with such a key of its own is refused."""

_CLASS = "\0class"
_TUPLE = "\0tuple"
_REASON = "\0reason"
_HOLDING = (dict, list)
_PLAIN = frozenset({bool, int, float, str, type(None)})


class Said(NamedTuple):
    """What is said of a policy, without the policy and without how long it took."""

    outcome: Outcome
    reason: str | None
    subjects: int
    findings: tuple[Finding, ...]
    unknowns: tuple[Undecided, ...]
    not_offered: tuple[str, ...]
    settings: tuple[str, ...]
    held: tuple[Held, ...]


def encode(result: PolicyResult) -> list[Any]:
    """What is said of a policy, as JSON.

    Raises:
        TypeError: where this form has no word for something.
    """
    said = (
        result.outcome.value,
        result.reason,
        result.subjects,
        tuple(one.finding for one in result.findings),
        tuple(one.undecided for one in result.unknowns),
        result.not_offered,
        result.settings,
        result.held,
    )
    return [_plain(one) for one in said]


def decode(encoded: list[Any]) -> Said:
    """The same, of which `result_of` makes a result again.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: where it is not what `encode` gave.
    """
    outcome, *rest = map(_value, encoded)
    return Said(Outcome(outcome), *rest)


def result_of(said: Said, loaded: LoadedPolicy) -> PolicyResult:
    """What a policy came to, by what was said of it."""
    outcome, reason, subjects, findings, unknowns, not_offered, settings, held = said
    return PolicyResult(
        policy=loaded,
        outcome=outcome,
        reason=reason,
        subjects=subjects,
        findings=tuple(ReportedFinding(policy=loaded, finding=one) for one in findings),
        unknowns=tuple(ReportedUnknown(policy=loaded, undecided=one) for one in unknowns),
        not_offered=not_offered,
        settings=settings,
        held=held,
    )


def _plain(value: object) -> object:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Reason):
        return {_REASON: value.value}
    if type(value) is tuple:
        return {_TUPLE: [_plain(item) for item in value]}
    if type(value) is list:
        return [_plain(item) for item in value]
    if type(value) is dict:
        if any(type(key) is not str or key.startswith(_MARK) for key in value):
            raise TypeError("a key that JSON does not have, or that means something here")
        return {key: _plain(item) for key, item in value.items()}
    if _RECORDS.get(type(value).__name__) is type(value):
        fields = ((name, getattr(value, name)) for name in names(type(value)))
        return {_CLASS: type(value).__name__} | {name: _plain(one) for name, one in fields if one is not None}
    raise TypeError(f"no word for a {type(value).__name__}")


def _value(encoded: Any) -> Any:  # noqa: ANN401 - whatever JSON holds, and what it stands for
    if isinstance(encoded, dict):
        if _TUPLE in encoded:
            return tuple([_value(item) for item in encoded[_TUPLE]])
        if _REASON in encoded:
            return Reason(encoded[_REASON])
        members = {key: _value(item) if type(item) in _HOLDING else item for key, item in encoded.items()}
        record = members.pop(_CLASS, None)
        return members if record is None else _RECORDS[record](**members)
    if isinstance(encoded, list):
        return [_value(item) for item in encoded]
    return encoded
