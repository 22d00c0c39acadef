"""Alertmanager: whom it tells.

Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml (`/receivers`, `/status`) and
https://prometheus.io/docs/alerting/latest/configuration/. Of its configuration, which is YAML in a text of the answer,
only this is kept:

    {"receivers": [{"name": "ops", "integrations": [{"type": "email", "kind": "email", "value": "ops@example.com"}]}],
     "routed": ["ops"]}

An address of the web is cut to its scheme and host, because the path of a webhook is a secret.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from govcheck.facts.document import plain
from govcheck.facts.services import AlertReceivers
from govcheck.findings import Json
from govcheck.sources.services.asking import Asking, Connect, Service, connect
from govcheck.sources.yaml_document import load_one
from govcheck.sources.yaml_errors import YamlError
from govcheck.sources.yaml_events import Limits

VARIABLE = "ALERTMANAGER_URL"
TOKEN_VARIABLE = "ALERTMANAGER_TOKEN"  # noqa: S105 - the name of a variable

_LIMITS = Limits(size=4 * 1024 * 1024, depth=50, nodes=200_000, merge_keys=False)
"""Of its configuration; 300 bytes of aliases can stand for more than any memory holds."""

_ADDRESSES = ("url", "api_url", "webhook_url", "service_url")
_PEOPLE: Mapping[str, tuple[str, str]] = {
    "email": ("email", "to"),
    "slack": ("channel", "channel"),
    "discord": ("webhook", "webhook_url"),
    "msteams": ("webhook", "webhook_url"),
    "webhook": ("webhook", "url"),
}
"""Type of an integration to the sort of its recipient, and to the key that names it."""


def is_configured(environment: Mapping[str, str]) -> bool:
    """Whether the environment says where it is."""
    return bool(environment.get(VARIABLE, "").strip())


def gather(environment: Mapping[str, str], carrier: Connect = connect) -> AlertReceivers:
    """Whom the Alertmanager tells.

    Raises:
        NotAskableError: the address or the token is none.
    """
    service = Service(
        name="Alertmanager",
        root=environment[VARIABLE].strip(),
        token=environment.get(TOKEN_VARIABLE, "").strip(),
        variable=TOKEN_VARIABLE,
        permission=f"a token that may read, in {TOKEN_VARIABLE}",
    )
    asking = Asking(service, environment, carrier)
    try:
        return AlertReceivers(
            receivers=asking.get("api/v2/receivers", clean=_names), status=asking.get("api/v2/status", clean=_status)
        )
    finally:
        asking.close()


def _names(document: Json) -> Json:
    if not isinstance(document, list):
        return None
    return [one.get("name") if isinstance(one, dict) else None for one in document]


def _status(document: Json) -> Json:
    """What is kept of the status; None where its configuration cannot be read."""
    config = document.get("config") if isinstance(document, dict) else None
    original = config.get("original") if isinstance(config, dict) else None
    if not isinstance(original, str):
        return None
    try:
        parsed = plain(load_one(original, _LIMITS))
    except YamlError:
        return None
    if not isinstance(parsed, dict) or not isinstance(parsed.get("receivers"), list):
        return None
    sends = {str(key): str(value) for key, value in _mapping(parsed.get("global")).items() if "url" in str(key)}
    receivers: list[Json] = [_receiver(one, sends) for one in parsed["receivers"]]
    return {"receivers": receivers, "routed": [*dict.fromkeys(_routed(parsed.get("route")))]}


def _receiver(receiver: object, common: Mapping[str, str]) -> Json:
    given = _mapping(receiver)
    integrations: list[Json] = []
    for key, configured in given.items():
        if str(key).endswith("_configs") and isinstance(configured, list):
            kind = str(key).removesuffix("_configs")
            integrations += [one for config in configured for one in _recipients(kind, _mapping(config), common)]
    return {"name": str(given.get("name", "")), "integrations": integrations}


def _recipients(kind: str, config: Mapping[object, object], common: Mapping[str, str]) -> Iterator[Json]:
    sort, key = _PEOPLE.get(kind, ("other", ""))
    value = str(config.get(key) or "")
    if sort == "webhook" or (sort == "other" and any(config.get(name) for name in _ADDRESSES)):
        address = value or str(next((config[name] for name in _ADDRESSES if config.get(name)), ""))
        yield {"type": kind, "kind": "webhook", "value": _host(address)}
    elif sort == "email":
        for address in value.split(","):
            yield {"type": kind, "kind": "email", "value": address.strip()}
    elif sort == "channel":
        yield {"type": kind, "kind": "channel", "value": value}
    else:
        yield {"type": kind, "kind": "other", "value": _host(common.get(f"{kind}_url", ""))}


def _host(address: str) -> str:
    """Scheme and host; empty where Alertmanager hides it (`<secret>`), or it is no address."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}" if parts.scheme in {"http", "https"} and host else ""


def _routed(root: object) -> Iterator[str]:
    """Every receiver that a route names."""
    waiting = [root]
    while waiting:
        given = _mapping(waiting.pop())
        if given.get("receiver") is not None:
            yield str(given["receiver"])
        nested = given.get("routes")
        waiting += reversed(nested) if isinstance(nested, list) else ()


def _mapping(value: object) -> Mapping[object, object]:
    return value if isinstance(value, dict) else {}
