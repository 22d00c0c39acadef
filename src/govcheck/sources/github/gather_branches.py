"""All branches, a hundred for each request: names and newest commits by GraphQL, what guards them by REST.

An empty answer of GraphQL hides nothing here: whoever may read the repository may read its branches, their number is
told beside them, and the default branch has to be among them. What is protected and what has an open pull request is
asked of REST, which refuses in so many words.

Sources: https://docs.github.com/en/graphql/reference/objects#repository,
https://docs.github.com/en/rest/branches/branches#list-branches, https://docs.github.com/en/rest/pulls/pulls
"""

from concurrent.futures import ThreadPoolExecutor

from govcheck.facts.branches import LiveBranches
from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.records import replace
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path
from govcheck.sources.github.silence import is_silent, stand_in

MOST_BRANCHES = 5_000
"""How many are read: fifty requests, one after another."""

_ENDPOINT = "graphql (repository.refs)"
_PERMISSION = "contents:read"

_QUERY = """
query Branches($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    refs(refPrefix: "refs/heads/", first: 100, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        name
        target { ... on Commit { oid committedDate committer { name user { login } } author { name user { login } } } }
      }
    }
  }
}
"""


def gather_branches(client: Client, root: str, repository: Answer, protected: Answer) -> LiveBranches:
    """The branches of a repository.

    Args:
        client: Asks.
        root: `repos/OWNER/NAME`.
        repository: What was answered about the repository: where that was nothing, nothing more is asked.
        protected: The list of those that something protects.
    """
    pulls = f"{root}/{path('pulls')}"
    if is_silent(repository):
        refs, opened = (stand_in(endpoint, repository) for endpoint in (_ENDPOINT, pulls))
        return LiveBranches(repository=repository, refs=refs, protected=_named(protected), pulls=opened)
    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(_refs, client, root)
        open_ones = pool.submit(client.get_list, pulls, parameters={"state": "open"}, permission="pull_requests:read")
        refs, opened = asked.result(), open_ones.result()
    return LiveBranches(repository=repository, refs=refs, protected=_named(protected), pulls=_cut(opened))


def _refs(client: Client, root: str) -> Answer:
    """The pages, joined; what stood in the way of the next one is told with those that came."""
    _, owner, name = root.split("/")
    nodes: list[Json] = []
    total, after = None, None
    while True:
        answer = client.query(_QUERY, {"owner": owner, "name": name, "after": after})
        page = _page(answer.body)
        found = page.get("nodes")
        if not isinstance(found, list):
            return _joined(answer, total, nodes, answer.message or "the answer has no branches")
        nodes += found
        total = page.get("totalCount")
        info = page.get("pageInfo")
        going_on = info.get("hasNextPage") is True if isinstance(info, dict) else False
        cursor = info.get("endCursor") if isinstance(info, dict) else None
        if not answer.complete or not going_on:
            return _joined(answer, total, nodes, answer.message)
        if len(nodes) >= MOST_BRANCHES:
            return _joined(answer, total, nodes, f"one run reads at most {MOST_BRANCHES} branches")
        if not isinstance(cursor, str) or cursor == after or not found:
            return _joined(answer, total, nodes, "the pages have no end")
        after = cursor


def _joined(answer: Answer, total: Json, nodes: list[Json], message: str) -> Answer:
    body: Json = {"totalCount": total, "nodes": nodes} if nodes or not message else None
    return replace(answer, endpoint=_ENDPOINT, body=body, complete=not message, message=message, permission=_PERMISSION)


def _page(document: Json) -> dict[str, Json]:
    for key in ("data", "repository", "refs"):
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _named(answer: Answer) -> Answer:
    """A list of branches is asked for their names alone."""
    if not isinstance(answer.body, list):
        return replace(answer, endpoint=f"{answer.endpoint}?protected=true")
    names: list[Json] = [_only(entry, "name", "protected") for entry in answer.body]
    return replace(answer, endpoint=f"{answer.endpoint}?protected=true", body=names)


def _cut(answer: Answer) -> Answer:
    """A pull request is twenty kilobytes, and four words of it are wanted."""
    if not isinstance(answer.body, list):
        return answer
    return replace(answer, body=[_pull(entry) for entry in answer.body])


def _pull(entry: Json) -> Json:
    if not isinstance(entry, dict):
        return entry
    head, base = entry.get("head"), entry.get("base")
    source = head.get("repo") if isinstance(head, dict) else None
    # Of drafts only the text is wanted: what they declare.
    draft: dict[str, Json] = _only(entry, "draft", "body", "created_at", "html_url") if entry.get("draft") else {}
    return {
        **draft,
        "number": entry.get("number"),
        "head": {**_only(head, "ref"), "repo": _only(source, "full_name")},
        "base": _only(base, "ref"),
    }


def _only(entry: Json, *names: str) -> dict[str, Json]:
    return {name: entry[name] for name in names if name in entry} if isinstance(entry, dict) else {}
