"""Code security: secret scanning, Dependabot, code scanning, and the configuration that may hold them.

Who may administer the repository sees `security_and_analysis`; for everybody else the whole object is absent. A key
that is absent inside of it is a feature that the account's plan does not have.
"""

from collections.abc import Mapping

from govcheck.findings import Json
from govcheck.settings.bodies import UnexpectedShapeError, flag, number, text
from govcheck.settings.endpoints import CODE_SCANNING_SETUP, CONFIGURATION, REPOSITORY, VULNERABILITY_ALERTS
from govcheck.settings.registry import WHOLE, Absent, Setting
from govcheck.settings.strength import Strength

KIND = "code-security"
CONFIGURED_TOO: Mapping[str, str] = {
    "secret_scanning": "secret_scanning",
    "push_protection": "secret_scanning_push_protection",
    "non_provider_patterns": "secret_scanning_non_provider_patterns",
    "validity_checks": "secret_scanning_validity_checks",
    "ai_detection": "secret_scanning_generic_secrets",
    "delegated_bypass": "secret_scanning_delegated_bypass",
    "delegated_alert_dismissal": "secret_scanning_delegated_alert_dismissal",
    "dependabot_alerts": "dependabot_alerts",
    "dependabot_security_updates": "dependabot_security_updates",
    "private_vulnerability_reporting": "private_vulnerability_reporting",
    "code_scanning_default_setup": "code_scanning_default_setup",
    "dependency_graph": "dependency_graph",
}
"""Settings that a code security configuration gives as well: by their key, its member."""

NOT_IN_FORCE = ("detached", "failed", "removed", "removed_by_enterprise")
"""The states in which a configuration that is named does nothing for the repository."""

_ADMINISTRATION = "administration:read"
_CODE_QUALITY = f"{REPOSITORY}/code-quality/setup"
_PATTERNS = f"{REPOSITORY}/secret-scanning/custom-patterns"
_PAGE = "settings/security_analysis"
_ROLES = {"TEAM": "team", "ROLE": "role"}
_SETUP: Mapping[Json, Json] = {"configured": True, "not-configured": False}
_STATUS: Mapping[Json, Json] = {"enabled": True, "disabled": False}
_VOID_CONFIGURATION = ("status", tuple[Json, ...](NOT_IN_FORCE))
_VOID_SETUP = ("state", tuple[Json, ...](("not-configured",)))
_REST = "https://docs.github.com/en/rest"
_REPOSITORY_DOCS = f"{_REST}/repos/repos#get-a-repository"
_CODE_SCANNING_DOCS = f"{_REST}/code-scanning/code-scanning#get-a-code-scanning-default-setup-configuration"
_CONFIGURATION_DOCS = (
    f"{_REST}/code-security/configurations#get-the-code-security-configuration-associated-with-a-repository"
)
_PATTERNS_DOCS = f"{_REST}/secret-scanning/custom-patterns#list-repository-custom-patterns"
_QUALITY_DOCS = f"{_REST}/code-quality/code-quality#get-a-code-quality-setup-configuration"


def _reviewer(entry: Mapping[str, Json]) -> str:
    """`team:id-12`, `role:id-5`: GitHub gives no names here."""
    prefix, found = _ROLES.get(text(entry, "reviewer_type") or ""), number(entry, "reviewer_id")
    if prefix is None or found is None:
        raise UnexpectedShapeError("a reviewer of bypasses that is neither a team nor a role")
    return f"{prefix}:id-{found}"


def _published(entry: Mapping[str, Json]) -> str | None:
    name, state = text(entry, "name"), text(entry, "state")
    if name is None or state not in {"published", "unpublished"}:
        raise UnexpectedShapeError("a custom pattern without a name, or in a state that this govcheck does not know")
    return name if state == "published" else None


def _push_protected(entry: Mapping[str, Json]) -> str | None:
    protected = flag(entry, "push_protection_enabled")
    if protected is None:
        raise UnexpectedShapeError("a custom pattern that does not say whether it is push-protected")
    return _published(entry) if protected else None


def _analysis(key: str, title: str, member: str, absent: Absent = Absent.UNAVAILABLE) -> Setting:
    """A switch in `security_and_analysis`."""
    return Setting(
        kind=KIND,
        key=key,
        title=title,
        endpoint=REPOSITORY,
        path=f"security_and_analysis.{member}.status",
        strength=Strength.TOGGLE,
        default=False,
        absent=absent,
        permission=_ADMINISTRATION,
        values=_STATUS,
        security=True,
        page=_PAGE,
        docs=_REPOSITORY_DOCS,
    )


def _configuration(key: str, title: str, path: str, *order: str) -> Setting:
    return Setting(
        kind=KIND,
        key=key,
        title=title,
        endpoint=CONFIGURATION,
        path=path,
        strength=None,
        unless=None if path == "status" else _VOID_CONFIGURATION,
        order=order,
        security=True,
        page=_PAGE,
        docs=_CONFIGURATION_DOCS,
    )


def _scan(key: str, title: str, member: str, *order: str) -> Setting:
    """How the default setup of code scanning is set up. Of one that is not, GitHub tells what it would be."""
    return Setting(
        kind=KIND,
        key=key,
        title=title,
        endpoint=CODE_SCANNING_SETUP,
        path=member,
        strength=None,
        unless=_VOID_SETUP,
        order=order,
        security=True,
        page=_PAGE,
        docs=_CODE_SCANNING_DOCS,
    )


SETTINGS = (
    _analysis("secret_scanning", "secret scanning", "secret_scanning"),
    _analysis("push_protection", "push protection", "secret_scanning_push_protection"),
    _analysis("non_provider_patterns", "secret scanning for generic patterns", "secret_scanning_non_provider_patterns"),
    _analysis("validity_checks", "validity checks of found secrets", "secret_scanning_validity_checks"),
    _analysis("ai_detection", "secret scanning for passwords by AI", "secret_scanning_ai_detection"),
    _analysis("delegated_bypass", "delegated bypass of push protection", "secret_scanning_delegated_bypass"),
    Setting(
        kind=KIND,
        key="bypass_reviewers",
        title="who may let secrets past push protection",
        endpoint=REPOSITORY,
        path="security_and_analysis.secret_scanning_delegated_bypass_options.reviewers",
        strength=Strength.ACTORS,
        absent=Absent.UNKNOWN,
        permission=_ADMINISTRATION,
        entry=_reviewer,
        unless=("security_and_analysis.secret_scanning_delegated_bypass.status", ("disabled", None)),
        security=True,
        page=_PAGE,
        docs=_REPOSITORY_DOCS,
    ),
    _analysis(
        "delegated_alert_dismissal",
        "delegated dismissal of secret scanning alerts",
        "secret_scanning_delegated_alert_dismissal",
    ),
    Setting(
        kind=KIND,
        key="custom_patterns",
        title="custom patterns of secret scanning",
        endpoint=_PATTERNS,
        path=WHOLE,
        strength=Strength.DEMANDED,
        default=[],
        entry=_published,
        security=True,
        page=_PAGE,
        docs=_PATTERNS_DOCS,
    ),
    Setting(
        kind=KIND,
        key="push_protected_patterns",
        title="custom patterns that push protection blocks",
        endpoint=_PATTERNS,
        path=WHOLE,
        strength=Strength.DEMANDED,
        default=[],
        entry=_push_protected,
        security=True,
        page=_PAGE,
        docs=_PATTERNS_DOCS,
    ),
    Setting(
        kind=KIND,
        key="dependabot_alerts",
        title="Dependabot alerts",
        endpoint=VULNERABILITY_ALERTS,
        path="",
        strength=Strength.TOGGLE,
        default=False,
        graphql="Repository.hasVulnerabilityAlertsEnabled",
        security=True,
        page=_PAGE,
        docs=f"{_REST}/repos/repos#check-if-vulnerability-alerts-are-enabled-for-a-repository",
    ),
    Setting(
        kind=KIND,
        key="dependabot_security_updates",
        title="Dependabot security updates",
        endpoint=f"{REPOSITORY}/automated-security-fixes",
        path="enabled",
        strength=Strength.TOGGLE,
        default=False,
        absent=Absent.UNKNOWN,
        unless=("paused", (True,)),
        security=True,
        page=_PAGE,
        docs=f"{_REST}/repos/repos#check-if-dependabot-security-updates-are-enabled-for-a-repository",
    ),
    Setting(
        kind=KIND,
        key="private_vulnerability_reporting",
        title="private vulnerability reporting",
        endpoint=f"{REPOSITORY}/private-vulnerability-reporting",
        path="enabled",
        strength=Strength.TOGGLE,
        default=False,
        absent=Absent.UNKNOWN,
        security=True,
        page=_PAGE,
        docs=f"{_REST}/repos/repos#check-if-private-vulnerability-reporting-is-enabled-for-a-repository",
    ),
    Setting(
        kind=KIND,
        key="code_scanning_default_setup",
        title="the default setup of code scanning",
        endpoint=CODE_SCANNING_SETUP,
        path="state",
        strength=Strength.TOGGLE,
        default=False,
        absent=Absent.UNKNOWN,
        values=_SETUP,
        security=True,
        page=_PAGE,
        docs=_CODE_SCANNING_DOCS,
    ),
    Setting(
        kind=KIND,
        key="code_scanning_languages",
        title="languages that code scanning analyses",
        endpoint=CODE_SCANNING_SETUP,
        path="languages",
        strength=Strength.DEMANDED,
        default=[],
        unless=_VOID_SETUP,
        security=True,
        page=_PAGE,
        docs=_CODE_SCANNING_DOCS,
    ),
    _scan("code_scanning_query_suite", "the query suite of code scanning", "query_suite", "default", "extended"),
    _scan(
        "code_scanning_threat_model", "the threat model of code scanning", "threat_model", "remote", "remote_and_local"
    ),
    _scan("code_scanning_schedule", "the schedule of code scanning", "schedule", "weekly"),
    _analysis("advanced_security", "GitHub Advanced Security", "advanced_security", Absent.FREE),
    _analysis("code_security", "GitHub Code Security", "code_security"),
    Setting(
        kind=KIND,
        key="dependency_graph",
        title="the dependency graph",
        endpoint=CONFIGURATION,
        path="configuration.dependency_graph",
        strength=Strength.TOGGLE,
        absent=Absent.UNKNOWN,
        values={**_STATUS, "not_set": None},
        unless=_VOID_CONFIGURATION,
        security=True,
        page=_PAGE,
        docs=_CONFIGURATION_DOCS,
    ),
    _configuration("configuration", "the code security configuration", "configuration.name"),
    _configuration("configuration_status", "how the code security configuration is attached", "status"),
    _configuration(
        "configuration_enforcement",
        "whether the code security configuration is enforced",
        "configuration.enforcement",
        "unenforced",
        "enforced",
    ),
    Setting(
        kind=KIND,
        key="code_quality",
        title="code quality",
        endpoint=_CODE_QUALITY,
        path="state",
        strength=Strength.TOGGLE,
        default=False,
        absent=Absent.UNKNOWN,
        values=_SETUP,
        page=_PAGE,
        docs=_QUALITY_DOCS,
    ),
    Setting(
        kind=KIND,
        key="code_quality_languages",
        title="languages that code quality analyses",
        endpoint=_CODE_QUALITY,
        path="languages",
        strength=Strength.DEMANDED,
        default=[],
        unless=_VOID_SETUP,
        page=_PAGE,
        docs=_QUALITY_DOCS,
    ),
)
