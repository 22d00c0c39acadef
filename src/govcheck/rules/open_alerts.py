"""No more alerts are open than this policy allows, and none for longer: of Dependabot, code and secret scanning.

```yaml
kind: open-alerts
id: nothing-left-lying
why: A secret that was found is revoked today; a hole that is known is closed within a month.
secret_scanning: {max: 0}
bypassed: {max: 0, within: 30d}
dependabot:
  critical: {max: 0}
  high: {max: 3, older_than: 7d}
  older_than: 30d
code_scanning: {critical: {max: 0}, error: {max: 10}, analysed_within: 8d}
```

Each limit stands for itself: `max` is how many may be open, `older_than` how long one of them may be. In a severity
they count its alerts, beside it those of all severities together.

**Nothing watched is no zero.** Where alerts are switched off, where the account's plan does not have them, or where
code scanning never analysed anything, that is the finding. What the token may not see is unknown: Dependabot needs
vulnerability_alerts:read, code scanning security_events:read, secret scanning secret_scanning_alerts:read. A list whose
later pages cannot be had decides only what its first ones exceed already.

**Secret scanning** lists generic patterns and passwords only to those who ask for them by name, so that is asked as
well; `generic: false` leaves it out, for servers that do not know all the names. Secrets themselves are never asked
for, kept or shown: only number, type, age, and who pushed it past push protection. **Bypassed** counts resolved alerts
too: whoever says "used in tests" while pushing past push protection makes an alert that was never open.

**Controls** are the keys of the limits: `dependabot.max`, `dependabot.critical.older_than`, `bypassed.max`; and
`dependabot`, `code_scanning`, `secret_scanning` and `bypassed` where nothing is watched.

**Code scanning** is asked about the default branch. `analysed_within` holds the newest analysis of it, by whatever
tool, to an age: what was not looked at for long has no new alert. Alerts that bear on security are `critical`, `high`,
`medium` or `low`; all others are `error`, `warning` or `note`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from govcheck.facts import Request
from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.now import Now
from govcheck.findings import Judged, Location
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations
from govcheck.settings.alert_limits import Limit, Watch, Watcher, judged, past_push_protection
from govcheck.settings.alerts import (
    RULE_SEVERITIES,
    SEVERITIES,
    bypassed_secret,
    code_scanning_alert,
    dependabot_alert,
    read_alerts,
    secret_alert,
)
from govcheck.settings.analyses import judged_age
from govcheck.settings.endpoints import (
    BYPASSED_GENERIC_SECRETS,
    BYPASSED_SECRETS,
    CODE_SCANNING_ALERTS,
    CODE_SCANNING_ANALYSES,
    DEPENDABOT_ALERTS,
    GENERIC_SECRET_ALERTS,
    SECRET_ALERTS,
)

_KEYS = ("dependabot", "code_scanning", "secret_scanning", "bypassed")
_REVOKE = "Revoke the secrets at their providers, and resolve the alerts"
_WATCHERS = {
    "dependabot": Watcher(
        key="dependabot",
        name="Dependabot",
        fix="Update the dependencies, or dismiss the alerts with a reason",
        switch="Switch on Dependabot alerts in the repository's settings, or change the policy",
        page="security/dependabot",
    ),
    "code_scanning": Watcher(
        key="code_scanning",
        name="code scanning",
        fix="Fix the code, or dismiss the alerts with a reason",
        switch="Set code scanning up in the repository's settings, or change the policy",
        page="security/code-scanning",
    ),
    "secret_scanning": Watcher(
        key="secret_scanning",
        name="secret scanning",
        fix=_REVOKE,
        switch="Switch on secret scanning in the repository's settings, or change the policy",
        page="security/secret-scanning",
    ),
    "bypassed": Watcher(
        key="bypassed",
        name="push protection",
        fix=f"{_REVOKE}; `delegated_bypass` of `code-security` has somebody approve it beforehand",
        switch="Switch on secret scanning and push protection in the repository's settings, or change the policy",
        page="security/secret-scanning?query=bypassed%3Atrue",
    ),
}
_READERS = {
    "dependabot": dependabot_alert,
    "code_scanning": code_scanning_alert,
    "secret_scanning": secret_alert,
    "bypassed": bypassed_secret,
}


@frozen(kw_only=True)
class AlertLimit:
    """A limit of alerts."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    max: int | None = None
    """How many may be open."""

    older_than: str | None = None
    """None of them may be open for longer than this, such as `30d`."""


@frozen(kw_only=True)
class SecretLimit(AlertLimit):
    """A limit of secret scanning's alerts."""

    generic: bool = True
    """Whether alerts of generic patterns (private keys, connection strings) and of passwords count."""


@frozen(kw_only=True)
class BypassLimit:
    """A limit of bypasses."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    max: int
    """How many secrets may have been pushed past push protection."""

    within: str | None = None
    """How far back to count, such as `30d`. Left out: as far as GitHub's alerts go."""


@frozen(kw_only=True)
class DependabotLimits(AlertLimit):
    """Limits of Dependabot's alerts, all together and by severity."""

    critical: AlertLimit | None = None
    """Of critical ones."""

    high: AlertLimit | None = None
    """Of high ones."""

    medium: AlertLimit | None = None
    """Of medium ones."""

    low: AlertLimit | None = None
    """Of low ones."""


@frozen(kw_only=True)
class CodeScanningLimits(DependabotLimits):
    """Limits of code scanning's alerts, all together and by severity."""

    error: AlertLimit | None = None
    """Of errors that do not bear on security."""

    warning: AlertLimit | None = None
    """Of warnings that do not."""

    note: AlertLimit | None = None
    """Of notes that do not."""

    analysed_within: str | None = None
    """How old the newest analysis of the default branch may be, such as `8d`. One that ended in an error is none."""


@frozen(kw_only=True)
class OpenAlerts(Policy):
    """How many alerts may be open."""

    kind: Literal["open-alerts"] = "open-alerts"

    dependabot: DependabotLimits | None = None
    """Vulnerable dependencies."""

    code_scanning: CodeScanningLimits | None = None
    """What code scanning found on the default branch."""

    secret_scanning: SecretLimit | None = None
    """Secrets that GitHub found."""

    bypassed: BypassLimit | None = None
    """Secrets that were pushed past push protection, whatever became of their alerts."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Limits that limit nothing, and durations that are none."""
        if all(getattr(self, key) is None for key in _KEYS):
            yield (), f"asserts nothing: give {', '.join(_KEYS[:-1])} or {_KEYS[-1]}"
        for key in _KEYS[:-1]:
            group = getattr(self, key)
            if group is not None and not limits(group) and _analysed_within(group) is None:
                yield (key,), "gives no limit: write max or older_than"
            for limit in limits(group) if group is not None else ():
                yield from _problems((key, limit.severity) if limit.severity else (key,), limit)
        yield from _no_duration(("code_scanning", "analysed_within"), _analysed_within(self.code_scanning))
        if self.bypassed is not None:
            limit = Limit(max=self.bypassed.max, older_than=None)
            yield from _problems(("bypassed",), limit)
            yield from _no_duration(("bypassed", "within"), self.bypassed.within)


def limits(group: AlertLimit) -> list[Limit]:
    """The limits that a group gives: of all its alerts, and of each severity."""
    below = [(name, getattr(group, name, None)) for name in (*SEVERITIES, *RULE_SEVERITIES)]
    named: list[tuple[str | None, AlertLimit]] = [(name, one) for name, one in below if one is not None]
    if group.max is not None or group.older_than is not None:
        named.insert(0, (None, group))
    return [Limit(severity=name, max=one.max, older_than=one.older_than) for name, one in named]


def _analysed_within(group: AlertLimit | None) -> str | None:
    return group.analysed_within if isinstance(group, CodeScanningLimits) else None


def _problems(path: tuple[str | int, ...], limit: Limit) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if limit.max is None and limit.older_than is None:
        yield path, "gives no limit: write max or older_than"
    if limit.max is not None and limit.max < 0:
        yield (*path, "max"), "is a number of alerts: 0 or more"
    yield from _no_duration((*path, "older_than"), limit.older_than)


def _no_duration(path: tuple[str | int, ...], written: str | None) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if written is not None and durations.parse(written) is None:
        yield path, f"`{written}` is not a duration: write days, hours, minutes, seconds, such as 90d or 1h30m"


def _asked(policy: OpenAlerts) -> dict[str, tuple[str, ...]]:
    """The lists that each key needs."""
    secrets = policy.secret_scanning
    generic = (GENERIC_SECRET_ALERTS,) if secrets is None or secrets.generic else ()
    analysed = _analysed_within(policy.code_scanning) is not None
    lists: dict[str, tuple[str, ...]] = {
        "dependabot": (DEPENDABOT_ALERTS,),
        "code_scanning": (CODE_SCANNING_ALERTS, *((CODE_SCANNING_ANALYSES,) if analysed else ())),
        "secret_scanning": (SECRET_ALERTS, *generic),
        "bypassed": (BYPASSED_SECRETS, *((BYPASSED_GENERIC_SECRETS,) if generic else ())),
    }
    return {key: lists[key] for key in _KEYS if getattr(policy, key) is not None}


def _endpoints(policy: OpenAlerts) -> Iterable[tuple[Request, ...]]:
    asked = tuple(name for names in _asked(policy).values() for name in names)
    return [(LiveAnswersRequest(LiveAnswers, asked),)]


@check(wants=_endpoints)
def alerts(policy: OpenAlerts, live: LiveAnswers, now: Now) -> Iterator[Said]:
    """Live: every limit that the policy gives."""
    asked = _asked(policy)
    yield Judged(len(asked))
    for key, names in asked.items():
        watcher = _WATCHERS[key]
        lists = [live.answers[name] for name in names if name != CODE_SCANNING_ANALYSES]
        found = read_alerts(lists, _READERS[key])
        watch = Watch(watcher=watcher, found=found, now=now.instant, place=_place(watcher, live.repository))
        if key == "bypassed" and policy.bypassed is not None:
            yield from past_push_protection(watch, policy.bypassed.max, policy.bypassed.within)
        elif watch.idle or limits(getattr(policy, key)):
            yield from judged(watch, limits(getattr(policy, key)))
        within = _analysed_within(policy.code_scanning)
        span = durations.parse(within or "")
        if key == "code_scanning" and within and span is not None and not watch.idle:
            yield from judged_age(live.answers[CODE_SCANNING_ANALYSES], within, span, now.instant, watch.place)


def _place(watcher: Watcher, repository: Answer) -> Location:
    body = repository.body
    page = body.get("html_url") if isinstance(body, dict) else None
    url = f"{page}/{watcher.page}" if isinstance(page, str) and page.startswith("https://") else None
    return Location(setting=f"open-alerts/{watcher.key}", url=url)
