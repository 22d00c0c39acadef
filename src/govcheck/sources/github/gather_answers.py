"""Gathers the answers of single endpoints: each asked once, whoever wants it, side by side."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, quote

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.findings import Json
from govcheck.records import replace
from govcheck.settings.endpoints import ENDPOINTS, ENVIRONMENT, ENVIRONMENTS, ORGANISATION, REPOSITORY, Endpoint
from govcheck.settings.owners import is_owned_by_user
from govcheck.sources.github.client import Client
from govcheck.sources.github.credentials import without_credentials
from govcheck.sources.github.members import only_members
from govcheck.sources.github.silence import is_silent, stand_in

_THREADS = 8
_MOST_ENVIRONMENTS = 100


def gather_answers(
    client: Client, root: str, repository: Answer, requests: Sequence[LiveAnswersRequest]
) -> dict[Request, Fact]:
    """The facts that are asked for.

    Args:
        client: Asks.
        root: `repos/OWNER/NAME`.
        repository: What was answered about the repository: where that was nothing, nothing more is asked.
        requests: What is wanted.
    """
    wanted = list(dict.fromkeys(name for request in requests for name in request.endpoints if name != REPOSITORY))
    found = _Asking(client, root, repository, silent=is_silent(repository)).all(wanted)
    return {request: LiveAnswers(repository, _of(request, found)) for request in requests}


def _of(request: LiveAnswersRequest, found: dict[str, dict[str, Answer]]) -> dict[str, Answer]:
    return {name: answer for template in request.endpoints for name, answer in found.get(template, {}).items()}


class _Asking:
    """One run over one repository."""

    def __init__(self, client: Client, root: str, repository: Answer, *, silent: bool) -> None:
        self._client = client
        self._root = root
        self._repository = repository
        self._silent = silent

    def all(self, templates: Iterable[str]) -> dict[str, dict[str, Answer]]:
        """Of every template its answers, by the names that `LiveAnswers` gives them."""
        wanted = list(templates)
        plain = [name for name in wanted if ENVIRONMENT not in name]
        each = [name for name in wanted if ENVIRONMENT in name]
        first = dict.fromkeys((*plain, *([ENVIRONMENTS] if each else [])))
        answers = self._ask({name: name for name in first})
        found = {name: {name: answers[name]} for name in plain}
        if each:
            found |= self._of_environments(each, answers[ENVIRONMENTS])
        return found

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
        with ThreadPoolExecutor(min(_THREADS, len(paths))) as pool:
            answers = pool.map(lambda name: self._answer(paths[name], known[name]), paths)
            return dict(zip(paths, answers, strict=True))

    def _answer(self, path: str, endpoint: Endpoint) -> Answer:
        filled = path.replace(REPOSITORY, self._root, 1).replace(ORGANISATION, self._root.split("/")[1], 1)
        if self._silent:
            return stand_in(filled, self._repository)
        if endpoint.organisation and is_owned_by_user(self._repository):
            message = "not asked: a user owns the repository, and only an organisation has this"
            return Answer(endpoint=filled, status=None, message=message, body=None, failure="not-asked")
        below, _, query = filled.partition("?")
        parameters = {**dict(endpoint.parameters), **dict(parse_qsl(query))}
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


def _environments(listed: Answer) -> list[str]:
    body: Json = listed.body
    entries = body.get("environments") if isinstance(body, dict) else None
    names = [entry.get("name") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [name for name in names if isinstance(name, str) and name][:_MOST_ENVIRONMENTS]
