"""Who may be told: the lists of a policy, and whether they have a recipient."""

from collections.abc import Iterator
from typing import Any, ClassVar

from govcheck.actions.recipients import Recipient
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.records import frozen


@frozen(kw_only=True)
class Allowed:
    """Who may be told. What is on no list may not."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    email: tuple[str, ...] = ()
    """Addresses."""

    domain: tuple[str, ...] = ()
    """Domains whose every address is allowed: `example.com`, `*.example.com`."""

    channel: tuple[str, ...] = ()
    """Chat channels, by name or id."""

    webhook: tuple[str, ...] = ()
    """Hosts of webhooks (`hooks.slack.com`, `*.webhook.office.com`), or whole URLs."""

    secret: tuple[str, ...] = ()
    """Names of secrets that hold a recipient or a webhook."""


def list_problems(allow: Allowed) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What can match nothing, each with its place in the policy."""
    yield from ((("allow", "email", index), problem) for index, problem in address_problems(allow.email))
    for index, domain in enumerate(allow.domain):
        if "@" in domain or "/" in domain or "." not in domain:
            yield ("allow", "domain", index), f"{domain!r} is not a domain: write example.com or *.example.com"
    for index, secret in enumerate(allow.secret):
        if not secret.replace("_", "a").isalnum() or not secret.isascii():
            name = secret.removeprefix("secrets.")
            yield (
                ("allow", "secret", index),
                f"{secret!r} is not a secret's name: write {name or 'NAME'!r} as in settings",
            )


def address_problems(addresses: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """The texts that are no addresses, each with its number."""
    for index, address in enumerate(addresses):
        if address.count("@") != 1 or any(character.isspace() for character in address):
            yield index, f"{address!r} is not an address: write name@example.com"


def is_allowed(allow: Allowed, recipient: Recipient) -> bool:
    """Whether a list has a recipient."""
    value = recipient.value.casefold()
    match recipient.kind:
        case "email":
            return value in _folded(allow.email) or _under(recipient.known, allow.domain)
        case "channel":
            return value.removeprefix("#") in {name.removeprefix("#") for name in _folded(allow.channel)}
        case "webhook":
            return recipient.value in allow.webhook or _under(recipient.known, allow.webhook)
        case "secret":
            return value in _folded(allow.secret)
        case "unknown":
            names = _folded(recipient.secrets)
            return bool(names and names <= _folded(allow.secret)) or _known_part_is_enough(allow, recipient)


def _known_part_is_enough(allow: Allowed, recipient: Recipient) -> bool:
    if recipient.wanted == "webhook":
        return _under(recipient.known, allow.webhook)
    return recipient.wanted == "email" and _under(recipient.known, allow.domain)


def _folded(names: tuple[str, ...]) -> set[str]:
    return {name.casefold() for name in names}


def _under(host: str, names: tuple[str, ...]) -> bool:
    """Whether a host or domain is one of these; `*.example.com` stands for what is below."""
    return bool(host) and any(
        host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in _folded(names)
    )
