"""Alerts as GitHub writes them: the shapes of its own examples, with names of nobody."""

from typing import Any

from fake_github.shapes import user
from fake_github.state import Document

SECRET = "made" + "-up-" + "a1b2c3d4e5f6a7b8c9d0"
"""What stands in an alert of secret scanning where the secret is not hidden."""


def dependabot_alert(number: int, severity: str, opened: str, state: str = "open", **more: Any) -> Document:
    """An alert of Dependabot."""
    package = {"ecosystem": "pip", "name": f"package-{number}"}
    vulnerability = {
        "package": package,
        "severity": severity,
        "vulnerable_version_range": "< 2.0.2",
        "first_patched_version": {"identifier": "2.0.2"},
    }
    advisory = {
        "ghsa_id": "GHSA-2222-2222-2222",
        "cve_id": None,
        "summary": "Something is wrong",
        "description": "Something is wrong, at length",
        "severity": severity,
        "identifiers": [],
        "references": [],
        "published_at": opened,
        "updated_at": opened,
        "withdrawn_at": None,
        "vulnerabilities": [vulnerability],
        "cvss": {"vector_string": None, "score": 0},
        "cwes": [],
    }
    return {
        **_common("dependabot", number, opened, state),
        "dependency": {"package": package, "manifest_path": "requirements.txt", "scope": "runtime"},
        "security_advisory": advisory,
        "security_vulnerability": vulnerability,
        **dict.fromkeys(("dismissed_at", "dismissed_by", "dismissed_reason", "dismissed_comment", "fixed_at")),
        **more,
    }


def code_scanning_alert(number: int, level: str | None, opened: str, severity: str = "error") -> Document:
    """An alert of code scanning; `level` is how severe it is where it bears on security."""
    rule = {"id": f"py/rule-{number}", "name": f"py/rule-{number}", "severity": severity, "description": "A rule"}
    common = _common("code-scanning", number, opened, "open")
    return {
        **common,
        "instances_url": f"{common['url']}/instances",
        "rule": {**rule, "security_severity_level": level, "tags": []},
        "tool": {"name": "CodeQL", "guid": None, "version": "2.4.0"},
        "most_recent_instance": {"ref": "refs/heads/main", "state": "open", "classifications": []},
        **dict.fromkeys(("fixed_at", "dismissed_by", "dismissed_at", "dismissed_reason")),
    }


def secret_alert(number: int, opened: str, state: str = "open", bypassed_by: str | None = None) -> Document:
    """An alert of secret scanning, with its secret."""
    common = _common("secret-scanning", number, opened, state)
    return {
        **common,
        "locations_url": f"{common['url']}/locations",
        "secret_type": "adafruit_io_key",
        "secret_type_display_name": "Adafruit IO Key",
        "secret": SECRET,
        "resolution": None if state == "open" else "used_in_tests",
        "resolution_comment": None if state == "open" else f"it is only {SECRET}",
        "push_protection_bypassed": bypassed_by is not None,
        "push_protection_bypassed_by": None if bypassed_by is None else user(bypassed_by),
        "push_protection_bypassed_at": None if bypassed_by is None else opened,
        "validity": "unknown",
        "publicly_leaked": False,
        "multi_repo": False,
    }


def _common(kind: str, number: int, opened: str, state: str) -> Document:
    return {
        "number": number,
        "state": state,
        "url": f"https://api.github.com/repos/octo/app/{kind}/alerts/{number}",
        "html_url": f"https://github.com/octo/app/security/{kind}/{number}",
        "created_at": opened,
        "updated_at": opened,
    }
