"""Where the API is and with which tokens: from an environment that is passed in, never from the process's own."""

import hashlib
import ipaddress
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed leaves it out

from govcheck.errors import UsageError
from govcheck.records import field, frozen
from govcheck.sources.github.redaction import Redactor

PUBLIC_API = "https://api.github.com"
TOKEN_VARIABLES = ("GOVCHECK_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")
"""Where tokens are looked for; the first one is asked first."""

SECRET_VARIABLES = TOKEN_VARIABLES
"""Every variable whose value is a secret of ours."""

DEFAULT_MAX_WAIT = 20.0

_ENTERPRISE_REST = "/api/v3"
_ENTERPRISE_GRAPHQL = "/api/graphql"
_AUTHORITY = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
_TOKEN = re.compile(r"[A-Za-z0-9_.~+/=-]+")
_LAST_PORT = 65535


class TokenClass(StrEnum):
    """What sort of token it is, as far as its first letters tell."""

    CLASSIC = "classic"
    FINE_GRAINED = "fine-grained"
    ACTIONS = "actions"
    """A workflow run's own `GITHUB_TOKEN`."""

    APP_INSTALLATION = "app-installation"
    OAUTH = "oauth"
    UNKNOWN = "unknown"
    NONE = "none"


@frozen
class Token:
    """One token. Its value is in no text that Python makes of it."""

    value: str = field(repr=False)
    variable: str
    """The environment variable that it was found in; empty for no token at all."""

    token_class: TokenClass

    @property
    def identity(self) -> str:
        """A name for the token that does not give it away; empty for no token at all."""
        return hashlib.sha256(self.value.encode()).hexdigest()[:32] if self.value else ""

    def __str__(self) -> str:
        """As people see it: `classic token of GH_TOKEN`."""
        return f"{self.token_class} token of {self.variable}" if self.value else "no token"


ANONYMOUS = Token("", "", TokenClass.NONE)
"""No token: GitHub answers 60 such requests an hour, for public repositories."""


@frozen(kw_only=True)
class Configuration:
    """What a client has to know."""

    api_url: str = PUBLIC_API
    """The root of the REST API, without a slash at its end."""

    graphql_url: str = f"{PUBLIC_API}/graphql"
    tokens: tuple[Token, ...] = ()
    """In the order in which they are asked."""

    proxy: str | None = field(default=None, repr=False)
    certificates: str | None = None
    """A file of certificate authorities; None means the system's."""

    cache: Path | None = None
    """A folder that answers are kept in, for conditional requests; None keeps none."""

    max_wait: float = DEFAULT_MAX_WAIT
    """Seconds that one run may spend waiting."""

    @property
    def redactor(self) -> Redactor:
        """What keeps this configuration's secrets out of texts."""
        secrets = [token.value for token in self.tokens]
        if self.proxy and "@" in self.proxy:
            credentials = self.proxy.partition("//")[2].rpartition("@")[0]
            secrets += [credentials, credentials.partition(":")[2]]
        return Redactor(secrets)


def from_environment(
    environment: Mapping[str, str], *, cache: Path | None = None, max_wait: float = DEFAULT_MAX_WAIT
) -> Configuration:
    """The configuration as GitHub Actions and `gh` set the environment.

    Raises:
        UsageError: `GITHUB_API_URL` is no place that a token may be sent to, or a token is none.
    """
    api_url = validated_url(environment.get("GITHUB_API_URL") or PUBLIC_API)
    certificates = environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE") or None
    if certificates and not Path(certificates).is_file():
        raise UsageError(f"the file of certificate authorities {certificates!r} does not exist")
    return Configuration(
        api_url=api_url,
        graphql_url=_graphql_url(api_url),
        tokens=tuple(_tokens(environment)),
        proxy=_proxy(api_url, environment),
        certificates=certificates,
        cache=cache,
        max_wait=max_wait,
    )


def validated_url(url: str) -> str:
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
            "GITHUB_API_URL is not the address of an API",
            "Write it like https://api.github.com or https://github.example.com/api/v3, without user or query.",
        )
    host, port = place["host"].lower(), place["port"]
    if port is not None and not 0 < int(port) <= _LAST_PORT:
        raise UsageError(f"GITHUB_API_URL: there is no port {port}")
    if host.startswith("[") and _address(host) is None:
        raise UsageError(f"GITHUB_API_URL: {host} is no address")
    if scheme == "http" and not _is_loopback(host):
        raise UsageError(
            f"GITHUB_API_URL: plain http would send the token readable to {host}",
            "Use https. Plain http is taken for loopback addresses only.",
        )
    return f"{scheme}://{host}{f':{int(port)}' if port else ''}{path}"


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    address = _address(host)
    # Versions of Python differ on an IPv4 address inside an IPv6 one; nobody needs it.
    is_mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    return address is not None and address.is_loopback and not is_mapped


def _graphql_url(api_url: str) -> str:
    if api_url.endswith(_ENTERPRISE_REST):
        return api_url.removesuffix(_ENTERPRISE_REST) + _ENTERPRISE_GRAPHQL
    return f"{api_url}/graphql"


def _tokens(environment: Mapping[str, str]) -> Iterator[Token]:
    seen = set()
    for variable in TOKEN_VARIABLES:
        value = environment.get(variable, "").strip()
        if not value or value in seen:
            continue
        if not _TOKEN.fullmatch(value):
            raise UsageError(f"{variable} has characters in it that no token has")
        seen.add(value)
        yield Token(value, variable, _token_class(value, variable, environment))


_CLASSES = (
    ("ghp_", TokenClass.CLASSIC),
    ("github_pat_", TokenClass.FINE_GRAINED),
    ("ghs_", TokenClass.APP_INSTALLATION),
    ("gho_", TokenClass.OAUTH),
    ("ghu_", TokenClass.OAUTH),
)
_OLD_CLASSIC = re.compile(r"[0-9a-f]{40}")


def _token_class(value: str, variable: str, environment: Mapping[str, str]) -> TokenClass:
    found = next((kind for prefix, kind in _CLASSES if value.startswith(prefix)), TokenClass.UNKNOWN)
    if found is TokenClass.APP_INSTALLATION and variable != TOKEN_VARIABLES[0]:
        # An App's own token has the same first letters; who made one for govcheck names it GOVCHECK_TOKEN.
        return TokenClass.ACTIONS if environment.get("GITHUB_ACTIONS") == "true" else found
    if found is TokenClass.UNKNOWN and _OLD_CLASSIC.fullmatch(value):
        return TokenClass.CLASSIC
    return found


def _proxy(api_url: str, environment: Mapping[str, str]) -> str | None:
    host = urlsplit(api_url).hostname or ""
    if _is_loopback(host):
        return None
    proxy = environment.get("https_proxy") or environment.get("HTTPS_PROXY")
    excepted = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    if not proxy or proxy_bypass_environment(host, {"no": excepted}):
        return None
    if not re.fullmatch(r"https?://[!-~]+", proxy):
        raise UsageError("HTTPS_PROXY is not the address of a proxy", "Write it like http://proxy.example.com:3128.")
    return proxy
