"""Services other than GitHub as a test of a policy gives them: nothing is sent anywhere."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from govcheck.app.given_live import response
from govcheck.policy_tests.given_parts import GivenAnswer, GivenServices
from govcheck.sources.github.configuration import Configuration
from govcheck.sources.github.exchange import HttpRequest, HttpResponse

_ROOTS: Mapping[str, str] = {
    "https://api.machines.dev/v1": "fly",
    "https://api.fly.io": "fly",
    "https://api.supabase.com": "supabase",
    "https://prometheus.invalid": "prometheus",
    "https://alertmanager.invalid": "alertmanager",
}
"""Where each of them is asked; two of these are nowhere."""

_VARIABLES: Mapping[str, Mapping[str, str]] = {
    "fly": {"FLY_API_TOKEN": "GivenByATestOfAPolicy"},
    "supabase": {"SUPABASE_ACCESS_TOKEN": "GivenByATestOfAPolicy"},
    "prometheus": {"PROMETHEUS_URL": "https://prometheus.invalid"},
    "alertmanager": {"ALERTMANAGER_URL": "https://alertmanager.invalid"},
}
_OF_TIME = frozenset({"time", "start", "end", "step"})
_REFUSED = 403


def variables(services: GivenServices | None) -> dict[str, str]:
    """The environment's variables that make these services askable."""
    given = services.by_name() if services else {}
    return {name: value for service in given for name, value in _VARIABLES[service].items()}


class ServiceAnswers:
    """Makes the transport of each service."""

    def __init__(self, services: GivenServices) -> None:
        self._given = services.by_name()

    def __call__(self, configuration: Configuration) -> "_Service":
        """The transport to one of them."""
        root = configuration.api_url
        return _Service(root, self._given.get(_ROOTS.get(root, ""), {}))


class _Service:
    def __init__(self, root: str, answers: Mapping[str, GivenAnswer]) -> None:
        self._root = urlsplit(root).path.strip("/")
        self._answers = {_written(name): answer for name, answer in answers.items()}

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer to a request: the test's own, else a refusal."""
        parts = urlsplit(request.url)
        path = unquote(parts.path).strip("/").removeprefix(f"{self._root}/" if self._root else "")
        query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] not in _OF_TIME])
        own = self._answers.get(f"{path}?{query}") or self._answers.get(path)
        if own is None:
            return response(_REFUSED, {"message": "the test does not say what this endpoint answers"})
        return response(own.status, own.body)

    def close(self) -> None:
        """Nothing is held."""


def _written(name: str) -> str:
    path, mark, query = name.strip("/").partition("?")
    return f"{path}{mark}{urlencode(parse_qsl(query))}"
