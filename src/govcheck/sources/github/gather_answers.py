"""Gathers the answers of single endpoints: each asked once, whoever wants it, side by side."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, quote, unquote

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.findings import Json
from govcheck.records import replace
from govcheck.settings import reading
from govcheck.settings.endpoints import (
    DEFAULT_BRANCH,
    ENDPOINTS,
    ENVIRONMENT,
    ENVIRONMENTS,
    GRAPHQL,
    ORGANISATION,
    REPOSITORY,
    Endpoint,
)
from govcheck.settings.registry import graphql_fields
from govcheck.sources.github.client import Client
from govcheck.sources.github.credentials import without_credentials
from govcheck.sources.github.members import only_members
from govcheck.sources.github.silence import is_silent, stand_in

Known = Mapping[tuple[str, tuple[tuple[str, str], ...]], Answer]
"""What was answered already, by path and parameters: nothing is asked twice."""

_QUERY = "query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { %s } rateLimit { cost } }"
_THREADS = 8
_MOST_ENVIRONMENTS = 100


def gather_answers(
    client: Client, root: str, repository: Answer, requests: Sequence[LiveAnswersRequest], known: Known
) -> dict[Request, Fact]:
    """The facts that are asked for.

    Args:
        client: Asks.
        root: `repos/OWNER/NAME`.
        repository: What was answered about the repository: where that was nothing, nothing more is asked.
        requests: What is wanted.
        known: What was answered already.
    """
    wanted = list(dict.fromkeys(name for request in requests for name in _templates(request)))
    silent = is_silent(repository)
    found = _Asking(client, root, repository, known, silent=silent).all(wanted)
    return {request: LiveAnswers(repository, _of(request, found)) for request in requests}


def _of(request: LiveAnswersRequest, found: dict[str, dict[str, Answer]]) -> dict[str, Answer]:
    return {name: answer for template in _templates(request) for name, answer in found.get(template, {}).items()}


def _templates(request: LiveAnswersRequest) -> list[str]:
    return [name for name in (*request.endpoints, *request.beside) if name != REPOSITORY]


class _Asking:
    """One run over one repository."""

    def __init__(self, client: Client, root: str, repository: Answer, known: Known, *, silent: bool) -> None:
        self._client = client
        self._root = root
        self._repository = repository
        self._known = known
        self._silent = silent
        self._asked: dict[str, Answer] = {}

    def all(self, templates: Iterable[str]) -> dict[str, dict[str, Answer]]:
        """Of every template its answers, by the names that `LiveAnswers` gives them."""
        wanted = list(templates)
        plain = [name for name in wanted if ENVIRONMENT not in name and name != GRAPHQL]
        each = [name for name in wanted if ENVIRONMENT in name]
        first = dict.fromkeys((*plain, *([ENVIRONMENTS] if each else [])))
        answers = self._in_rounds(list(first))
        found = {name: {name: answers[name]} for name in plain}
        if each:
            found |= self._of_environments(each, answers[ENVIRONMENTS])
        if GRAPHQL in wanted and reading.keeps_back(self._repository, graphql_fields().values()):
            found[GRAPHQL] = {GRAPHQL: self._queried()}
        return found

    def _queried(self) -> Answer:
        """One query for all that REST keeps back."""
        _, owner, name = self._root.split("/")
        return self._client.query(_QUERY % " ".join(graphql_fields()), {"owner": unquote(owner), "name": unquote(name)})

    def _in_rounds(self, templates: list[str]) -> dict[str, Answer]:
        """Each asked after what tells whether it has anything to tell, and only where it has."""
        answers: dict[str, Answer] = {}
        waiting = templates
        while waiting:
            later = [name for name in waiting if reading.deciding_endpoint(name) in waiting]
            now = [name for name in waiting if name not in later] or waiting
            seen = LiveAnswers(self._repository, answers)
            rulings = {name: reading.ruled_out(name, seen) for name in now}
            answers |= self._ask({name: name for name, ruling in rulings.items() if ruling is None})
            answers |= {
                name: _not_asked(self._filled(name), ruling.message) for name, ruling in rulings.items() if ruling
            }
            waiting = [name for name in waiting if name not in now]
        return answers

    def _of_environments(self, templates: list[str], listed: Answer) -> dict[str, dict[str, Answer]]:
        names = _environments(listed)
        if not listed.good:
            return {name: {name: replace(listed, body=None)} for name in templates}
        filled = {
            template.replace(ENVIRONMENT, name): template.replace(ENVIRONMENT, quote(name, safe=""))
            for template in templates
            for name in names
        }
        origin = {template.replace(ENVIRONMENT, name): template for template in templates for name in names}
        answers = self._ask(filled, {name: ENDPOINTS[origin[name]] for name in filled})
        return {
            template: {name: answers[name] for name in filled if origin[name] == template} for template in templates
        }

    def _ask(self, paths: dict[str, str], endpoints: dict[str, Endpoint] | None = None) -> dict[str, Answer]:
        """The answers by name; a name's path has only the repository's parameters left to fill in."""
        if not paths:
            return {}
        known = endpoints or {name: ENDPOINTS[name] for name in paths}
        first = {self._url(path): name for name, path in reversed(paths.items())}
        new = [name for url, name in first.items() if url not in self._asked]
        with ThreadPoolExecutor(_THREADS) as pool:
            answers = pool.map(lambda name: self._answer(paths[name], known[name]), new)
            self._asked |= {self._url(paths[name]): answer for name, answer in zip(new, answers, strict=True)}
        return {name: self._shared(self._asked[self._url(path)], path, known[name]) for name, path in paths.items()}

    def _url(self, path: str) -> str:
        """What is sent: two templates may stand for one address, asked for different parts of what it says."""
        below, _, query = self._filled(path).partition("?")
        return f"{below}?{'&'.join(sorted(f'{key}={value}' for key, value in parse_qsl(query)))}"

    def _shared(self, answer: Answer, path: str, endpoint: Endpoint) -> Answer:
        """An answer by the name of one template, with the permission that this one takes."""
        permission = answer.permission and (endpoint.permission or answer.permission)
        return replace(answer, endpoint=self._filled(path), permission=permission)

    def _filled(self, path: str) -> str:
        filled = path.replace(REPOSITORY, self._root, 1).replace(ORGANISATION, self._root.split("/")[1], 1)
        return filled.replace(DEFAULT_BRANCH, quote(self._default_branch, safe=""))

    @property
    def _default_branch(self) -> str:
        body = self._repository.body
        found = body.get("default_branch") if isinstance(body, dict) else None
        return found if isinstance(found, str) else ""

    def _answer(self, path: str, endpoint: Endpoint) -> Answer:
        filled = self._filled(path)
        if self._silent:
            return stand_in(filled, self._repository)
        if DEFAULT_BRANCH in path and not self._default_branch:
            return _not_asked(filled, f"{self._repository.endpoint} names no default branch")
        below, _, query = filled.partition("?")
        parameters = {**dict(endpoint.parameters), **dict(parse_qsl(query))}
        known = self._known.get((below, tuple(sorted(parameters.items()))))
        if known is not None:
            body = only_members(known.body, endpoint.members)
            return replace(known, endpoint=filled, body=without_credentials(endpoint.template, body))
        if endpoint.pages:
            answer = self._client.get_list(
                below,
                key=endpoint.key,
                parameters=parameters,
                permission=endpoint.permission,
                keep=not endpoint.confidential,
            )
            body = only_members(answer.body, endpoint.members)
        else:
            answer = self._client.get(below, parameters=parameters, permission=endpoint.permission)
            body = answer.body
        return replace(answer, endpoint=filled, body=without_credentials(endpoint.template, body))


def _not_asked(endpoint: str, why: str) -> Answer:
    return Answer(endpoint=endpoint, status=None, message=f"not asked: {why}", body=None, failure="not-asked")


def _environments(listed: Answer) -> list[str]:
    body: Json = listed.body
    entries = body.get("environments") if isinstance(body, dict) else None
    names = [entry.get("name") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [name for name in names if isinstance(name, str) and name][:_MOST_ENVIRONMENTS]
