"""Answers without what may be a credential in them: the addresses of webhooks are cut, keys become fingerprints.

What is taken out here is never in a fact, and so in no finding, snapshot or recording.
"""

from collections.abc import Callable, Mapping

from govcheck.findings import Json
from govcheck.settings.deploy_keys import fingerprint
from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.webhooks import scheme_and_host

_MASK = "********"
"""What GitHub itself writes in place of a webhook's secret."""

_KEPT = frozenset({"content_type", "insecure_ssl"})
"""What a webhook is configured with, and is no secret whatever stands there; hooks of services had passwords here."""


def without_credentials(template: str, document: Json) -> Json:
    """The document of an endpoint without credentials; any other is given back as it is."""
    clean = _CLEANERS.get(template)
    if clean is None or not isinstance(document, list):
        return document
    return [clean(entry) if isinstance(entry, dict) else None for entry in document]


def _hook(entry: dict[str, Json]) -> Json:
    configured = entry.get("config")
    if not isinstance(configured, dict):
        return {**entry, "config": None}
    kept: dict[str, Json] = {key: value for key, value in configured.items() if key in _KEPT}
    if configured.get("secret"):
        kept["secret"] = _MASK
    url = configured.get("url")
    if isinstance(url, str):
        kept["url"] = scheme_and_host(url)
    return {**entry, "config": kept}


def _key(entry: dict[str, Json]) -> Json:
    key = entry.get("key")
    kept = {name: value for name, value in entry.items() if name != "key"}
    return {**kept, "fingerprint": fingerprint(key)} if isinstance(key, str) else kept


_CLEANERS: Mapping[str, Callable[[dict[str, Json]], Json]] = {
    f"{REPOSITORY}/hooks": _hook,
    f"{REPOSITORY}/keys": _key,
}
