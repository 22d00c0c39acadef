"""What a policy came to, as JSON and back, exactly. What this has no word for is not remembered."""

from typing import Any

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
_PLAIN = frozenset({bool, int, float, str, type(None)})


def encode(result: PolicyResult) -> list[Any]:
    """What is said of a policy, without the policy and without how long it took.

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


def decode(encoded: list[Any], loaded: LoadedPolicy) -> PolicyResult:
    """The same of the same policy.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: where it is not what `encode` gave.
    """
    outcome, reason, subjects, findings, unknowns, not_offered, settings, held = map(_value, encoded)
    return PolicyResult(
        policy=loaded,
        outcome=Outcome(outcome),
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
        return {_CLASS: type(value).__name__} | {name: _plain(getattr(value, name)) for name in names(type(value))}
    raise TypeError(f"no word for a {type(value).__name__}")


def _value(encoded: Any) -> Any:  # noqa: ANN401 - whatever JSON holds, and what it stands for
    if isinstance(encoded, dict):
        if _TUPLE in encoded:
            return tuple([_value(item) for item in encoded[_TUPLE]])
        if _REASON in encoded:
            return Reason(encoded[_REASON])
        members = {key: _value(item) for key, item in encoded.items() if key != _CLASS}
        return _RECORDS[encoded[_CLASS]](**members) if _CLASS in encoded else members
    if isinstance(encoded, list):
        return [_value(item) for item in encoded]
    return encoded
