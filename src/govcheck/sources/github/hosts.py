"""Where the API is: the addresses of github.com, of enterprises there, and of an Enterprise Server.

Source: https://docs.github.com/en/enterprise-server@latest/rest/using-the-rest-api/getting-started-with-the-rest-api
"""

import ipaddress
import re
from urllib.parse import urlsplit

from govcheck.errors import UsageError

PUBLIC_API = "https://api.github.com"
_ENTERPRISE_REST = "/api/v3"
_ENTERPRISE_GRAPHQL = "/api/graphql"
_AUTHORITY = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
_LAST_PORT = 65535


def validated_url(url: str, named: str = "GITHUB_API_URL") -> str:
    """The API's root as it is used: no slash at its end, and nothing in it that two readers could read two ways.

    Raises:
        UsageError: it is not https, nor http to a loopback address; or has a user name, a query or odd characters.
    """
    scheme, found, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    path = (slash + path).rstrip("/")
    place = _AUTHORITY.fullmatch(authority)
    scheme = scheme.lower()
    if not found or scheme not in {"http", "https"} or place is None or not _PATH.fullmatch(path):
        raise UsageError(
            f"{named} is not the address of an API",
            "Write it like https://api.github.com or https://github.example.com/api/v3, without user or query.",
        )
    host, port = place["host"].lower(), place["port"]
    if port is not None and not 0 < int(port) <= _LAST_PORT:
        raise UsageError(f"{named}: there is no port {port}")
    if host.startswith("[") and _address(host) is None:
        raise UsageError(f"{named}: {host} is no address")
    if scheme == "http" and not is_loopback(host):
        raise UsageError(
            f"{named}: plain http would send the token readable to {host}",
            "Use https. Plain http is taken for loopback addresses only.",
        )
    return f"{scheme}://{host}{f':{int(port)}' if port else ''}{path}"


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    address = _address(host)
    # Versions of Python differ on an IPv4 address inside an IPv6 one; nobody needs it.
    is_mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    return address is not None and address.is_loopback and not is_mapped


def graphql_of(api_url: str) -> str:
    """Where an API takes GraphQL."""
    if api_url.endswith(_ENTERPRISE_REST):
        return api_url.removesuffix(_ENTERPRISE_REST) + _ENTERPRISE_GRAPHQL
    return f"{api_url}/graphql"


def is_public(api_url: str) -> bool:
    """Whether an API is github.com's, or that of an enterprise there: not one of an Enterprise Server."""
    host = urlsplit(api_url).hostname or ""
    return api_url == PUBLIC_API or host.endswith(".ghe.com")


def api_of(host: str) -> str:
    """The API of a host, as `gh` knows it by GH_HOST.

    Raises:
        UsageError: it is not the name of a host.
    """
    host = host.strip().lower()
    if host and not _AUTHORITY.fullmatch(host):
        raise UsageError("GH_HOST is not the name of a host", "Write it like github.example.com.")
    if host in {"", "github.com", "api.github.com"}:
        return PUBLIC_API
    return f"https://api.{host}" if host.endswith(".ghe.com") else f"https://{host}{_ENTERPRISE_REST}"
