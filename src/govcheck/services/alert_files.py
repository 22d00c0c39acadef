"""Whom an Alertmanager and a Grafana tell, by the files that configure them: receivers, and the routes that lead there.

Sources: https://prometheus.io/docs/alerting/latest/configuration/ (`route`, `receivers`) and
https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/
(`contactPoints`, `policies`, `notification_settings` of a rule, and variables in values). Grafana's policies are routes
in the same words as Alertmanager's.
"""

import re
from collections.abc import Iterable, Iterator

from govcheck.actions.recipient_tokens import Wanted
from govcheck.actions.recipients import Recipient, host_of
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.records import field, frozen, mutable, replace
from govcheck.services.integrations import FIXED, PEOPLE, WEBHOOK_KEYS

ALERT_FILES = (
    *("**/*alertmanager*.yml", "**/*alertmanager*.yaml", "**/alertmanager/**/*.yml", "**/alertmanager/**/*.yaml"),
    *("**/provisioning/alerting/**/*.yml", "**/provisioning/alerting/**/*.yaml", "**/provisioning/alerting/**/*.json"),
)
"""Globs of the files that may configure one. What is in them decides."""

_TRUE = frozenset({"true", "yes", "on", "y"})
_VARIABLE = re.compile(r"\$(?:__env)?\{(\w+)\}|\$([A-Za-z_]\w*)")
_HIDDEN = re.compile(r"\$\{|\$__|\$[A-Za-z_]|\{\{|<secret>")
_SEVERAL = re.compile(r"[,;\n]")
_NOBODY: tuple[Wanted, tuple[str, ...]] = ("webhook", ())
_MATCHERS = ("match", "match_re", "matchers", "object_matchers")


@frozen(eq=False)
class Integration:
    """One way in which a receiver tells somebody."""

    type: str
    """`email`, `slack`, `webhook`, `pagerduty`, ..."""

    given: Mapping
    line: int


@frozen(eq=False)
class Receiver:
    """A receiver of an Alertmanager, or a contact point of a Grafana."""

    name: str
    integrations: tuple[Integration, ...]


@mutable(eq=False)
class AlertFile:
    """What one file says."""

    path: str
    receivers: list[Receiver] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    """Names to which a route of the file leads."""

    has_routes: bool = False
    common: Mapping | None = None
    """Alertmanager's `global`."""

    is_grafana: bool = False


@frozen(kw_only=True)
class Sent:
    """What a receiver sends, and to whom."""

    path: str
    receiver: str
    by: str
    recipient: Recipient


def alert_file(path: str, documents: Iterable[Node]) -> AlertFile | None:
    """What a file says of receivers; None where it configures neither."""
    found = AlertFile(path)
    for document in documents:
        if not isinstance(document, Mapping):
            continue
        if isinstance(route := document.get("route"), Mapping) or isinstance(document.get("receivers"), Sequence):
            _alertmanager(found, document, route)
        if any(document.get(key) is not None for key in ("contactPoints", "policies", "groups")):
            _grafana(found, document)
    return found if found.receivers or found.reached or found.has_routes else None


def sent(files: Iterable[AlertFile]) -> Iterator[Sent]:
    """Everything that receivers send to which a route leads.

    An Alertmanager's file is a whole. Grafana reads all of its files together; where none of them has policies,
    somebody may lead alerts anywhere by hand, so that every contact point counts.
    """
    together = list(files)
    grafanas = [file for file in together if file.is_grafana]
    reached = {name for file in grafanas for name in file.reached}
    has_routes = any(file.has_routes for file in grafanas)
    for file in together:
        known, routed = (reached, has_routes) if file.is_grafana else (file.reached, file.has_routes)
        for receiver in file.receivers:
            if receiver.name in known or not routed:
                for one in receiver.integrations:
                    yield from (
                        Sent(path=file.path, receiver=receiver.name, by=one.type, recipient=recipient)
                        for recipient in _recipients(one, file.common)
                    )


def _alertmanager(found: AlertFile, document: Mapping, route: Node | None) -> None:
    common = document.get("global")
    found.common = common if isinstance(common, Mapping) else None
    for given in _mappings(document.get("receivers")):
        ways = tuple(
            Integration(key.removesuffix("_configs"), config, config.line)
            for key, configs in given.items()
            if key.endswith("_configs")
            for config in _mappings(configs)
        )
        found.receivers.append(Receiver(_text(given.get("name")), ways))
    if isinstance(route, Mapping):
        found.has_routes = True
        found.reached |= set(_reached(route, ""))


def _grafana(found: AlertFile, document: Mapping) -> None:
    found.is_grafana = True
    for given in _mappings(document.get("contactPoints")):
        integrations = tuple(
            Integration(_text(one.get("type")).casefold(), _settings(one), one.line)
            for one in _mappings(given.get("receivers"))
        )
        found.receivers.append(Receiver(_text(given.get("name")), integrations))
    for policy in _mappings(document.get("policies")):
        found.has_routes = True
        found.reached |= set(_reached(policy, ""))
    for group in _mappings(document.get("groups")):
        for rule in _mappings(group.get("rules")):
            settings = rule.get("notification_settings")
            if isinstance(settings, Mapping) and (name := _text(settings.get("receiver"))):
                found.reached.add(name)


def _settings(integration: Mapping) -> Mapping:
    settings = integration.get("settings")
    return settings if isinstance(settings, Mapping) else Mapping({}, integration.line, integration.column)


def _reached(route: Mapping, inherited: str) -> Iterator[str]:
    """The receivers that a route leads to. Who names none has its parent's.

    A parent tells its own only where no child takes the alert. A child without matchers takes each, and leaves none to
    those behind it, unless it says `continue`.
    """
    own = _text(route.get("receiver")) or inherited
    is_taken = False
    for child in _mappings(route.get("routes")):
        yield from _reached(child, own)
        if not any(_is_something(child.get(key)) for key in _MATCHERS):
            is_taken = True
            if _text(child.get("continue")).casefold() not in _TRUE:
                break
    if own and not is_taken:
        yield own


def _recipients(one: Integration, common: Mapping | None) -> Iterator[Recipient]:
    sort, keys = PEOPLE.get(one.type, _NOBODY)
    named = [node for key in keys if isinstance(node := one.given.get(key), Scalar) and node.text.strip()]
    if sort == "email":
        headers = one.given.get("headers")
        copies = [
            node
            for key, node in (headers.items() if isinstance(headers, Mapping) else ())
            if key.casefold() in {"cc", "bcc", "reply-to"} and isinstance(node, Scalar)
        ]
        named += copies
    for node in named:
        for value in _SEVERAL.split(node.text) if sort == "email" else [node.text]:
            if value.strip():
                yield _recipient(sort, value.strip(), node)
    if not named:
        yield _unnamed(one, common)


def _unnamed(one: Integration, common: Mapping | None) -> Recipient:
    """Of an integration that names no recipient: the webhook behind it, or the service."""
    shared = (f"{one.type}_api_url", f"{one.type}_url", f"{one.type}_webhook_url")
    for given, keys in ((one.given, WEBHOOK_KEYS), (common, shared)):
        for key in keys if given is not None else ():
            node = given.get(key) if given is not None else None
            if isinstance(node, Scalar) and node.text.strip():
                return _recipient("webhook", node.text.strip(), node)
    if one.type in FIXED:
        known = FIXED[one.type]
        return Recipient(
            kind="webhook", value=f"https://{known}", wanted="webhook", known=known, line=one.line, column=0
        )
    return Recipient(kind="unknown", value=f"somebody by {one.type}", wanted="webhook", line=one.line, column=0)


def _recipient(wanted: Wanted, value: str, node: Scalar) -> Recipient:
    """One recipient; `secret` where a variable of the environment stands in its place."""
    found = Recipient(kind=wanted, value=value, wanted=wanted, line=node.line, column=node.column)
    if variable := _VARIABLE.fullmatch(value):
        return replace(found, kind="secret", value=variable[1] or variable[2])
    known = host_of(value) if wanted == "webhook" else value.rpartition("@")[2].rstrip("> ").casefold()
    if _HIDDEN.search(value) or (wanted == "webhook" and not known):
        shown = f"{host_of(value) or 'an address'} with what a template fills in" if wanted == "webhook" else value
        return replace(found, kind="unknown", value=shown, known="" if _HIDDEN.search(known) else known)
    if wanted == "email":
        return replace(found, value=value.rpartition("<")[2].rstrip("> "), known=known)
    return replace(found, known=known)


def _mappings(node: Node | None) -> Iterator[Mapping]:
    yield from (item for item in (node.items if isinstance(node, Sequence) else ()) if isinstance(item, Mapping))


def _text(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, Scalar) and node.value is not None else ""


def _is_something(node: Node | None) -> bool:
    if isinstance(node, Mapping):
        return bool(node.entries)
    return bool(node.items) if isinstance(node, Sequence) else bool(_text(node))
