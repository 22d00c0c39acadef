"""Outcomes, findings and unknowns as lines of a test's `expect`, so that what was found can be copied into a test."""

import json
import re

from govcheck import paths
from govcheck.policy_tests.model import ExpectedFinding, ExpectedUnknown
from govcheck.report import ReportedFinding, ReportedUnknown

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_MEANT_OTHERWISE = frozenset({"true", "false", "null"})
"""Words that YAML takes for something else than text."""


def outcome_line(policy: str, outcome: str) -> str:
    """`main-protected: pass`."""
    return f"{policy}: {outcome}"


def finding_line(one: ExpectedFinding | ReportedFinding, only: str = "") -> str:
    """A finding as an entry of `findings`; of one that was found with its message, and without its line.

    Args:
        one: The finding.
        only: The policy that needs no mention.
    """
    if isinstance(one, ReportedFinding):
        found = one.finding
        place = paths.display(found.location.path) if found.location.path is not None else ""
        one = ExpectedFinding(
            policy=one.policy.policy.id,
            control=found.control,
            subject=found.subject,
            severity=one.severity,
            message=found.message,
            path="" if place == found.subject else place,
            pre_existing=one.pre_existing,
        )
    return _entry(
        policy="" if one.policy == only else one.policy,
        control=one.control,
        subject=one.subject,
        severity=one.severity or "",
        path=one.path,
        line="" if one.line is None else str(one.line),
        pre_existing="true" if one.pre_existing else "",
        message=one.message,
    )


def unknown_line(one: ExpectedUnknown | ReportedUnknown, only: str = "") -> str:
    """The same of something that could not be told."""
    if isinstance(one, ReportedUnknown):
        said = one.undecided
        return _entry(
            policy="" if one.policy.policy.id == only else one.policy.policy.id,
            control=said.control,
            subject=said.subject,
            reason=said.reason.value,
            message=said.message,
        )
    return _entry(
        policy="" if one.policy == only else one.policy,
        control=one.control,
        subject=one.subject,
        reason=one.reason or "",
        message=one.message,
    )


def _entry(**parts: str) -> str:
    bare = {"line", "pre_existing"}
    said = ", ".join(f"{key}: {text if key in bare else _text(text)}" for key, text in parts.items() if text)
    return f"- {{{said}}}"


def _text(text: str) -> str:
    """Text as YAML has it within braces."""
    if _PLAIN.fullmatch(text) and text.lower() not in _MEANT_OTHERWISE:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
