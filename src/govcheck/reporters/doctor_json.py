"""What `doctor` has to say, as a JSON document. Every key is always present."""

import json
from urllib.parse import urlencode

from govcheck import __version__
from govcheck.diagnosis import (
    Diagnosis,
    Gap,
    Grant,
    PolicyReach,
    Reach,
    for_fine_grained,
    for_workflow,
    grants,
    workflow_key,
)
from govcheck.findings import Json
from govcheck.report_json import maybe_text, text
from govcheck.settings.permissions import METADATA, title

DOCTOR_SCHEMA = "urn:govcheck:doctor:1"
"""The version of this form."""

_PUBLIC_API = "https://api.github.com"


def render(diagnosis: Diagnosis) -> str:
    """The document."""
    return json.dumps(as_json(diagnosis), indent=2, ensure_ascii=False) + "\n"


def as_json(diagnosis: Diagnosis) -> dict[str, Json]:
    """The document, not yet text."""
    return {
        "schema": DOCTOR_SCHEMA,
        "govcheck": __version__,
        "repository": maybe_text(diagnosis.repository),
        "api_url": text(diagnosis.api_url),
        "api_versions": [text(version) for version in diagnosis.api_versions],
        "asked": diagnosis.asked,
        "nothing_readable": maybe_text(diagnosis.nothing),
        "tokens": [
            {
                "name": text(token.name),
                "scopes": None if token.scopes is None else [text(scope) for scope in token.scopes],
                "expires": maybe_text(token.expires),
                "trouble": maybe_text(token.trouble),
            }
            for token in diagnosis.tokens
        ],
        "policies": [_policy(reach, diagnosis) for reach in diagnosis.policies],
        "policies_without_github": diagnosis.silent,
        "least": _least(diagnosis),
        "services": [
            {
                "name": service.title,
                "variables": list(service.variables),
                "found": service.found,
                "policies": [text(name) for name in service.policies],
            }
            for service in diagnosis.services
        ],
        "gate_deploy": [
            {"policy": text(gate.policy), "permissions": list(gate.permissions)} for gate in diagnosis.gates
        ],
        "notes": [text(note) for note in diagnosis.notes],
        "exit_code": diagnosis.exit_code,
    }


def _policy(reach: PolicyReach, diagnosis: Diagnosis) -> Json:
    policy = reach.policy.policy
    return {
        "id": text(policy.id),
        "kind": text(policy.kind),
        "needs": [
            {
                "endpoint": need.endpoint,
                "permission": need.permission,
                "controls": list(need.controls),
                "why": need.why or None,
                "optional": need.optional,
            }
            for need in reach.needs
        ],
        "tokens": [
            {"name": text(token.name), **_reach(one)}
            for token, one in zip(diagnosis.tokens, reach.by_token, strict=True)
        ],
        "together": _reach(reach.together),
    }


def _reach(reach: Reach) -> dict[str, Json]:
    return {"subjects": reach.subjects, "undecided": [_gap(gap) for gap in reach.gaps]}


def _gap(gap: Gap) -> Json:
    return {
        "control": text(gap.control),
        "subject": text(gap.subject),
        "reason": gap.reason.value,
        "permission": maybe_text(gap.permission),
        "endpoint": maybe_text(gap.endpoint),
        "status": gap.status,
        "accepted_permissions": maybe_text(gap.accepted),
        "message": text(gap.message),
    }


def _least(diagnosis: Diagnosis) -> Json:
    found = grants(diagnosis.policies)
    fine, never_fine = for_fine_grained(found)
    workflow, never_workflow = for_workflow(grants(reach for reach in diagnosis.policies if reach.in_ci))
    return {
        "fine_grained_token": {
            "permissions": [_grant(grant) for grant in fine],
            "never": [_grant(grant) for grant in never_fine],
        },
        "github_app": {
            "permissions": {grant.name: grant.level for grant in found},
            "registration_url": _registration(diagnosis, found),
        },
        "workflow": {
            "permissions": {workflow_key(grant.name): grant.level for grant in workflow},
            "never": [_grant(grant) for grant in never_workflow],
        },
    }


def _grant(grant: Grant) -> Json:
    return {
        "name": grant.name,
        "title": title(grant.name),
        "level": grant.level,
        "policies": [text(name) for name in grant.policies],
        "raised": grant.raised,
        "raised_for": [text(name) for name in grant.raised_for],
    }


def _registration(diagnosis: Diagnosis, found: tuple[Grant, ...]) -> str:
    """The page that registers such an App, filled in.

    Source: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-using-url-parameters
    """
    api = diagnosis.api_url
    host = "https://github.com" if api == _PUBLIC_API else api.removesuffix("/api/v3").replace("://api.", "://", 1)
    wanted = {grant.name: grant.level for grant in found if grant.name != METADATA}
    query = urlencode({"name": "govcheck", "public": "false", "webhook_active": "false", **wanted})
    return f"{host}/settings/apps/new?{query}"
