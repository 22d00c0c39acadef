"""Where the API is and with which tokens: from an environment that is passed in, never from the process's own."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed leaves it out

from govcheck.errors import UsageError
from govcheck.records import field, frozen
from govcheck.sources.github.hosts import PUBLIC_API, api_of, graphql_of, is_loopback, is_public, validated_url
from govcheck.sources.github.redaction import Redactor

TOKEN_VARIABLES = ("GOVCHECK_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")
"""Where tokens are looked for; the first one is asked first."""

ENTERPRISE_VARIABLES = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
"""Tokens of an Enterprise Server, as `gh` has them: never sent to github.com."""

APP_VARIABLE = "GOVCHECK_APP_ID"
KEY_VARIABLE = "GOVCHECK_APP_PRIVATE_KEY"
KEY_FILE_VARIABLE = "GOVCHECK_APP_PRIVATE_KEY_FILE"
INSTALLATION_VARIABLE = "GOVCHECK_APP_INSTALLATION_ID"

SECRET_VARIABLES = (*TOKEN_VARIABLES, *ENTERPRISE_VARIABLES, KEY_VARIABLE)
"""Every variable whose value is a secret of ours."""

DEFAULT_MAX_WAIT = 20.0

_TOKEN = re.compile(r"[A-Za-z0-9_.~+/=-]+")
_ISSUER = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_INSTALLATION = re.compile(r"[1-9][0-9]{0,18}")
_LARGEST_KEY = 64 * 1024


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
        if not self.value:
            return "no token"
        if self.token_class is TokenClass.UNKNOWN:
            return f"token of {self.variable}, of a kind that its first letters do not tell"
        return f"{self.token_class} token of {self.variable}"


@frozen
class App:
    """A GitHub App whose installation is to be asked. Its key is in no text that Python makes of it."""

    issuer: str
    """The App's id, or its client id."""

    key: str = field(repr=False)
    """Its private key, in PEM form."""

    installation: int | None
    """Where it is given; otherwise looked up by the repository."""

    repository: str = ""
    """`OWNER/NAME`, which the token is for and nothing else."""

    @property
    def variable(self) -> str:
        """Where it was found."""
        return APP_VARIABLE

    def __str__(self) -> str:
        """As people see it: `GitHub App of GOVCHECK_APP_ID`."""
        return f"GitHub App of {APP_VARIABLE}"


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

    app: App | None = None
    """An App, whose installation is asked before all of them."""

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
        secrets = [token.value for token in self.tokens] + ([self.app.key] if self.app else [])
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
    api_url = validated_url(environment.get("GITHUB_API_URL") or api_of(environment.get("GH_HOST", "")))
    certificates = environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE") or None
    if certificates and not Path(certificates).is_file():
        raise UsageError(f"the file of certificate authorities {certificates!r} does not exist")
    return Configuration(
        api_url=api_url,
        graphql_url=graphql_of(api_url),
        tokens=tuple(_tokens(environment, _variables(api_url, environment))),
        app=_app(environment),
        proxy=proxy_for(api_url, environment),
        certificates=certificates,
        cache=cache,
        max_wait=max_wait,
    )


def _variables(api_url: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Which tokens are this host's: one that was made for another never goes here.

    GITHUB_API_URL is set beside the tokens, by a runner or by hand, so that all of them are its own. Where GH_HOST
    alone names an Enterprise Server, GH_TOKEN and GITHUB_TOKEN are github.com's, as `gh` has it:
    https://cli.github.com/manual/gh_help_environment
    """
    if is_public(api_url):
        return TOKEN_VARIABLES
    if environment.get("GITHUB_API_URL"):
        return (*TOKEN_VARIABLES, *ENTERPRISE_VARIABLES)
    return (TOKEN_VARIABLES[0], *ENTERPRISE_VARIABLES)


def _app(environment: Mapping[str, str]) -> App | None:
    issuer = environment.get(APP_VARIABLE, "").strip()
    written, file = environment.get(KEY_VARIABLE, ""), environment.get(KEY_FILE_VARIABLE, "")
    number = environment.get(INSTALLATION_VARIABLE, "").strip()
    if not issuer:
        if written or file or number:
            raise UsageError(
                f"there is a GitHub App's key or installation, and no {APP_VARIABLE}", "set it to the App's id"
            )
        return None
    if not _ISSUER.fullmatch(issuer):
        raise UsageError(f"{APP_VARIABLE} is no App's id")
    if number and not _INSTALLATION.fullmatch(number):
        raise UsageError(f"{INSTALLATION_VARIABLE} is no number of an installation")
    if bool(written) is bool(file):
        both = "both are set" if written else "none is set"
        raise UsageError(f"the GitHub App's key is in {KEY_VARIABLE} or in {KEY_FILE_VARIABLE}, and {both}")
    # A key in one line, as some secret stores keep it.
    key = written.replace("\\n", "\n") if written else _key_of(file)
    return App(issuer, key, int(number) if number else None)


def _key_of(file: str) -> str:
    try:
        with Path(file).open("rb") as stream:
            return stream.read(_LARGEST_KEY).decode()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no text"
        raise UsageError(f"{KEY_FILE_VARIABLE} names {file!r}, which cannot be read: {said}") from error


def _tokens(environment: Mapping[str, str], variables: tuple[str, ...]) -> Iterator[Token]:
    seen = set()
    for variable in variables:
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


def proxy_for(api_url: str, environment: Mapping[str, str]) -> str | None:
    """The proxy by which an address is reached; None for none.

    Raises:
        UsageError: HTTPS_PROXY is no address of a proxy.
    """
    host = urlsplit(api_url).hostname or ""
    if is_loopback(host):
        return None
    proxy = environment.get("https_proxy") or environment.get("HTTPS_PROXY")
    excepted = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    if not proxy or proxy_bypass_environment(host, {"no": excepted}):
        return None
    if not re.fullmatch(r"https?://[!-~]+", proxy):
        raise UsageError("HTTPS_PROXY is not the address of a proxy", "Write it like http://proxy.example.com:3128.")
    return proxy
