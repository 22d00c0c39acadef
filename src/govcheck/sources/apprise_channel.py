"""Messages by apprise, where the extra `notify` is installed: it knows more services than anybody can list."""

import importlib
import logging
from types import ModuleType

from govcheck.errors import UsageError
from govcheck.sources.mail import NotDeliveredError

APPRISE_VARIABLE = "GOVCHECK_APPRISE_URLS"


def available() -> ModuleType:
    """Apprise.

    Raises:
        UsageError: where it is not installed.
    """
    try:
        return importlib.import_module("apprise")
    except ImportError as error:
        raise UsageError(
            f"{APPRISE_VARIABLE} is set, and apprise is not installed", "install govcheck with the extra `notify`"
        ) from error


def deliver(urls: str, title: str, text: str) -> None:
    """Tells all services that a list of apprise's addresses names (divided by spaces or lines).

    Raises:
        UsageError: where apprise is not installed, or takes one of them for no address.
        NotDeliveredError: where one of them did not take it.
    """
    apprise = available()
    # Its log has the addresses, and these are secrets.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    services = apprise.Apprise()
    if not all(services.add(url) for url in urls.split()):
        raise UsageError(f"{APPRISE_VARIABLE}: apprise takes one of the addresses for none", "they are apprise's own")
    if not services.notify(title=title, body=text, body_format=apprise.NotifyFormat.TEXT):
        raise NotDeliveredError(f"apprise could not tell every service of {APPRISE_VARIABLE}")
