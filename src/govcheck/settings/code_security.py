"""Who holds a setting of code security in place, and whether the dependency graph is on.

A code security configuration of the organisation or the enterprise sets many repositories at once. Where it is
enforced, who administers the repository cannot change what it sets; else it says how the setting began.
Source: https://docs.github.com/en/code-security/securing-your-organization/enabling-security-features-in-your-organization
"""

from collections.abc import Mapping

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Evidence, Json, Location, Reason
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, verdict
from govcheck.settings.bodies import UnexpectedShapeError, part, text
from govcheck.settings.endpoints import CONFIGURATION, VULNERABILITY_ALERTS
from govcheck.settings.reading import Reading, read
from govcheck.settings.registry import Setting
from govcheck.settings.registry.code_security import CONFIGURED_TOO, NOT_IN_FORCE

_NO_CONTENT = 204
_SET = {"enabled": True, "disabled": False}
_WHOSE = {"organization": "the organisation", "enterprise": "the enterprise", "global": "GitHub"}


@frozen(kw_only=True)
class Configuration:
    """The code security configuration that is in force for a repository."""

    name: str
    whose: str
    """`the organisation`, `the enterprise`, `GitHub`."""

    enforced: bool
    url: str | None
    body: Mapping[str, Json]

    def sets(self, key: str) -> bool | None:
        """What it sets the setting of that key to; None where it leaves it alone."""
        found = self.body.get(CONFIGURED_TOO.get(key, ""))
        return _SET.get(found) if isinstance(found, str) else None

    def evidence(self, key: str) -> tuple[Evidence, ...]:
        """What it says of a setting, and whether that can be changed below it."""
        value = self.sets(key)
        if value is None:
            return ()
        said = "enables" if value else "disables"
        held = "enforced" if self.enforced else "not enforced"
        text = f'the code security configuration "{self.name}" of {self.whose} {said} it, and is {held}'
        return (Evidence(text=text, location=Location(url=self.url)),)


def configuration_of(live: LiveAnswers) -> Configuration | None:
    """The configuration in force; None where there is none, or none that the token may see."""
    answer = live.answers.get(CONFIGURATION)
    if answer is None or verdict(answer).state is not State.ON or not isinstance(answer.body, dict):
        return None
    try:
        return _configuration(answer.body)
    except UnexpectedShapeError:
        return None


def reading_of(setting: Setting, live: LiveAnswers) -> Reading:
    """What a setting of this kind is."""
    return _dependency_graph(live) if setting.key == "dependency_graph" else read(setting, live)


def _configuration(body: Mapping[str, Json]) -> Configuration | None:
    name, inner = text(body, "configuration.name"), part(body, "configuration")
    if name is None or not isinstance(inner, dict) or text(body, "status") in NOT_IN_FORCE:
        return None
    address = text(inner, "html_url")
    return Configuration(
        name=name,
        whose=_WHOSE.get(text(inner, "target_type") or "", "the organisation"),
        enforced=text(inner, "enforcement") == "enforced",
        url=address if address is not None and address.startswith("https://") else None,
        body=inner,
    )


def _dependency_graph(live: LiveAnswers) -> Reading:
    """No endpoint tells it: it is on where Dependabot alerts are, which need it, and as an enforced configuration says.

    Source: https://docs.github.com/en/code-security/dependabot/dependabot-alerts/configuring-dependabot-alerts
    """
    alerts = live.answers[VULNERABILITY_ALERTS]
    on = alerts.status == _NO_CONTENT
    if on:
        return Reading(on)
    configuration = configuration_of(live)
    if configuration is not None and configuration.enforced:
        said = configuration.sets("dependency_graph")
        if said is not None:
            return Reading(said, because=f'set by the code security configuration "{configuration.name}"')
    return Reading(trouble=verdict(alerts).trouble or _untold(alerts))


def _untold(alerts: Answer) -> Trouble:
    return Trouble(
        reason=Reason.MISSING_OBJECT,
        message="the dependency graph shows only where Dependabot alerts are on, or a configuration enforces it",
        endpoint=alerts.endpoint,
        status=alerts.status,
    )
