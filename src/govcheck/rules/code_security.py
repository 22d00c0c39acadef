"""Code security is set up as this policy says: secret scanning, push protection, Dependabot, code scanning.

```yaml
kind: code-security
id: secrets-are-watched
why: Push protection and secret scanning are never switched off.
secret_scanning: true
push_protection: true
dependabot_alerts: true
code_scanning_languages: {superset_of: [python]}
```

Only what is given is judged. Most of it is shown to whoever administers the repository (a fine-grained token or an App
needs administration:read, for custom patterns secret_scanning_alerts:read, for code quality administration:write); to
everybody else it is unknown, never off. What the account's plan does not have is not on, and the finding says so.

**Who holds it.** Where the organisation or the enterprise has attached a code security configuration that sets the same
thing, findings name it, and say whether it is enforced. A policy that gives `configuration_enforcement: enforced` asks
for just that: that nobody who administers the repository can switch off what the configuration switches on.

**Dependabot security updates** that are paused are off: nobody gets a pull request. **The dependency graph** has no
endpoint of its own: it is on where Dependabot alerts are, which need it, or as an enforced configuration says; else it
is unknown. **Code scanning** that a workflow does is no default setup: ask `open-alerts` whether anything was analysed.
**Bypass reviewers** are written `team:id-12` and `role:id-5`, as GitHub gives no names.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck.constraints import SetBound, SetConstraint, problems
from govcheck.facts import Request
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.findings import Finding, Fix, Held, Json, Location
from govcheck.policy import Policy
from govcheck.records import frozen, replace
from govcheck.registry import Said, check
from govcheck.settings import assertions
from govcheck.settings.code_security import Configuration, configuration_of, reading_of
from govcheck.settings.endpoints import CONFIGURATION, VULNERABILITY_ALERTS
from govcheck.settings.registry.code_security import CONFIGURED_TOO, KIND

_SUBJECT = "repository"


@frozen(kw_only=True)
class CodeSecurity(Policy):
    """How code security is set up."""

    kind: Literal["code-security"] = "code-security"

    secret_scanning: bool | None = None
    """Whether GitHub looks for secrets in the whole history."""

    push_protection: bool | None = None
    """Whether GitHub refuses pushes that have secrets in them."""

    non_provider_patterns: bool | None = None
    """Whether it looks for generic patterns too: private keys, connection strings."""

    validity_checks: bool | None = None
    """Whether it asks the providers if a secret that was found still works."""

    ai_detection: bool | None = None
    """Whether it looks for passwords too, by AI."""

    delegated_bypass: bool | None = None
    """Whether somebody else has to approve when a secret is to go past push protection."""

    bypass_reviewers: SetBound | None = None
    """Who may approve that: `team:id-12`, `role:id-5`."""

    delegated_alert_dismissal: bool | None = None
    """Whether somebody else has to approve when an alert of secret scanning is to be dismissed."""

    custom_patterns: SetBound | None = None
    """The names of the custom patterns that are published here."""

    push_protected_patterns: SetBound | None = None
    """The names of those custom patterns that push protection blocks."""

    dependabot_alerts: bool | None = None
    """Whether Dependabot tells of vulnerable dependencies."""

    dependabot_security_updates: bool | None = None
    """Whether Dependabot opens pull requests against them, and is not paused."""

    private_vulnerability_reporting: bool | None = None
    """Whether anybody can report a vulnerability in private."""

    code_scanning_default_setup: bool | None = None
    """Whether the default setup of code scanning is configured."""

    code_scanning_languages: SetBound | None = None
    """The languages that the default setup analyses."""

    code_scanning_query_suite: Literal["default", "extended"] | None = None
    """Which queries the default setup has."""

    code_scanning_threat_model: Literal["remote", "remote_and_local"] | None = None
    """Which sources the default setup takes for tainted."""

    code_scanning_schedule: Literal["weekly"] | None = None
    """How often the default setup analyses what did not change."""

    advanced_security: bool | None = None
    """Whether GitHub Advanced Security is on; public repositories always have it."""

    code_security: bool | None = None
    """Whether GitHub Code Security, a product of its own, is on."""

    dependency_graph: bool | None = None
    """Whether the dependency graph is on."""

    configuration: str | None = None
    """The name of the code security configuration that is in force."""

    configuration_status: (
        Literal[
            "attached", "attaching", "detached", "removed", "enforced", "failed", "updating", "removed_by_enterprise"
        ]
        | None
    ) = None
    """How that configuration is attached."""

    configuration_enforcement: Literal["enforced", "unenforced"] | None = None
    """Whether that configuration is enforced, so that nobody can change below it what it sets."""

    code_quality: bool | None = None
    """Whether code quality is set up."""

    code_quality_languages: SetBound | None = None
    """The languages that code quality analyses."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: a policy that asserts nothing, and bounds that nothing can meet."""
        wanted = assertions.asserted(KIND, self)
        if not wanted:
            yield (), "asserts nothing: give at least one setting"
        for setting, bound in wanted.items():
            if isinstance(bound, tuple | SetConstraint):
                yield from (((setting.key,), problem) for problem in problems(bound))


def _endpoints(policy: CodeSecurity) -> Iterable[tuple[Request, ...]]:
    wanted = assertions.asserted(KIND, policy)
    asked = dict.fromkeys(assertions.endpoints(wanted))
    if any(setting.key in CONFIGURED_TOO or setting.permission for setting in wanted):
        asked[CONFIGURATION] = None
    if policy.dependency_graph is not None:
        asked[VULNERABILITY_ALERTS] = None
    return [(LiveAnswersRequest(LiveAnswers, tuple(asked)),)]


@check(wants=_endpoints)
def settings(policy: CodeSecurity, live: LiveAnswers) -> Iterator[Said]:
    """Live: every setting that the policy gives."""
    configuration = configuration_of(live)
    wanted = assertions.asserted(KIND, policy)
    doubtful = set()
    for said in assertions.judge(wanted, live, _SUBJECT, reading_of):
        if isinstance(said, Finding):
            yield said if configuration is None else _with_source(said, configuration)
        else:
            yield said
        doubtful.add(getattr(said, "control", ""))
    if configuration is not None:
        held = (setting.key for setting in wanted if setting.key not in doubtful)
        yield from (one for key in held for one in _held(key, getattr(policy, key), configuration))


def _with_source(found: Finding, configuration: Configuration) -> Finding:
    """The finding with what the configuration says; where it holds the setting down, that is where to change it."""
    evidence = (*found.evidence, *configuration.evidence(found.control))
    if configuration.enforced and configuration.sets(found.control) is found.actual:
        change = f'Change the code security configuration "{configuration.name}" of {configuration.whose}'
        return replace(found, evidence=evidence, fix=Fix(text=f"{change}, which enforces this, or change the policy"))
    return replace(found, evidence=evidence)


def _held(key: str, wanted: Json, configuration: Configuration) -> Iterator[Held]:
    """What cannot be changed below the configuration is as wanted for longer than today."""
    if configuration.enforced and configuration.sets(key) is wanted:
        message = f'enforced by the code security configuration "{configuration.name}" of {configuration.whose}'
        yield Held(control=key, subject=_SUBJECT, message=message, location=Location(url=configuration.url))
