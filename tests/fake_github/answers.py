"""What the fake answers to a GET: documents, refusals in GitHub's own words, pages, rights of tokens."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode

from fake_github import check_shapes, run_shapes, shapes
from fake_github.protection_shapes import protection
from fake_github.state import Document

UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."
_DOCS = "https://docs.github.com/rest"
_PER_PAGE, _MOST_PER_PAGE = 30, 100


@dataclass(slots=True)
class Reply:
    """One answer."""

    status: int
    document: Any
    headers: dict[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """An answer that is no document."""

    def __init__(self, status: int, message: str, needs: str = "") -> None:
        super().__init__(message)
        document = {"message": message, "documentation_url": _DOCS, "status": str(status)}
        self.reply = Reply(status, document, {"X-Accepted-GitHub-Permissions": needs} if needs else {})


@dataclass(frozen=True, slots=True)
class Question:
    """One request, taken apart."""

    root: str
    """The API's root, as it stands in links."""

    document: Document
    token: Document | None
    path: str
    """Below the root, as it came."""

    query: dict[str, str]

    def level(self, permission: str) -> str:
        """What the token may do: `none`, `read` or `write`."""
        if self.token is None:
            return "none" if permission == "administration" else "read"
        if self.token["class"] == "classic":
            role = self.token["role"]
            if permission in {"administration", "secret_scanning_alerts"}:
                return "write" if role == "admin" else "none"
            return "read" if role == "read" else "write"
        held: str = self.token["permissions"].get(permission, "read" if permission == "metadata" else "none")
        return held


def reply(question: Question) -> Reply:
    """The answer to a GET."""
    parts = [unquote(part) for part in question.path.split("/")]
    if parts[0] == "repositories":
        parts = _by_number(question, parts)
    if parts[0] in {"orgs", "organizations"} and len(parts) > 1:
        return _of_organisation(question, parts)
    if len(parts) < 3 or parts[0] != "repos":
        raise RefusedError(404, "Not Found")
    name = f"{parts[1]}/{parts[2]}"
    if name in question.document["renamed"]:
        return _moved(question, name)
    settings = question.document["repositories"].get(name)
    if settings is None or not _is_visible(question, name, settings):
        raise RefusedError(404, "Not Found")
    below = "/".join(quote(part, safe="") for part in parts[3:])
    for pattern, answer in _ROUTES:
        found = re.fullmatch(pattern, below)
        if found:
            return answer(question, name, settings, *map(unquote, found.groups()))
    raise RefusedError(404, "Not Found")


def _by_number(question: Question, parts: list[str]) -> list[str]:
    for name in question.document["repositories"]:
        if str(shapes.number(name)) == parts[1]:
            return ["repos", *name.split("/"), *parts[2:]]
    raise RefusedError(404, "Not Found")


def _moved(question: Question, name: str) -> Reply:
    new = question.document["renamed"][name]
    rest = question.path.split("/", 3)[3:]
    url = "/".join([question.root, "repositories", str(shapes.number(new)), *rest])
    query = f"?{urlencode(question.query)}" if question.query else ""
    document = {"message": "Moved Permanently", "url": url, "documentation_url": _DOCS}
    return Reply(301, document, {"Location": url + query})


def _is_visible(question: Question, name: str, settings: Document) -> bool:
    if not settings["private"]:
        return True
    if question.token is None:
        return False
    reached = question.token["repositories"]
    return reached is None or name in reached


def _need(question: Question, permission: str, level: str = "read") -> None:
    """Refuses in the words that GitHub has for this class of token."""
    held = question.level(permission)
    if held in {"write", level}:
        return
    if question.token is None:
        raise RefusedError(401, "Requires authentication")
    if question.token["class"] == "classic":
        raise RefusedError(404, "Not Found")
    who = "integration" if question.token["class"] == "app" else "personal access token"
    raise RefusedError(403, f"Resource not accessible by {who}", f"{permission}={level}")


def _need_plan(settings: Document) -> None:
    if settings["private"] and settings["plan"] == "free":
        raise RefusedError(403, UPGRADE)


def _repository(question: Question, name: str, settings: Document) -> Reply:
    writes = question.token is not None and question.level("contents") == "write"
    administers = question.level("administration") in {"read", "write"}
    found = shapes.repository(question.root, name, settings, may_see_merging=writes, may_see_security=administers)
    return Reply(200, found)


def _branch_of(settings: Document, branch: str) -> Document:
    if branch not in settings["branches"]:
        raise RefusedError(404, "Branch not found")
    found: Document = settings["branches"][branch]
    return found


def _branch(question: Question, name: str, settings: Document, branch: str) -> Reply:
    _need(question, "contents")
    found = _branch_of(settings, branch)
    protected = found["protection"] is not None or bool(_applying(settings, branch))
    return Reply(200, shapes.branch(question.root, name, branch, found, protected=protected))


def _protection(question: Question, name: str, settings: Document, branch: str) -> Reply:
    _need(question, "administration")
    _need_plan(settings)
    found = _branch_of(settings, branch)
    if found["protection"] is None:
        raise RefusedError(404, "Branch not protected")
    url = f"{question.root}/repos/{name}/branches/{quote(branch, safe='')}/protection"
    return Reply(200, protection(url, found["protection"]))


def _rules(question: Question, name: str, settings: Document, branch: str) -> Reply:
    _need_plan(settings)
    return _paged(question, shapes.rules(name, _applying(settings, branch)))


def _rulesets(question: Question, name: str, settings: Document) -> Reply:
    _need_plan(settings)
    found = [
        shapes.ruleset(question.root, name, ruleset, whole=False, may_write=False) for ruleset in settings["rulesets"]
    ]
    return _paged(question, found)


def _ruleset(question: Question, name: str, settings: Document, identity: str) -> Reply:
    _need_plan(settings)
    found = next((ruleset for ruleset in settings["rulesets"] if str(ruleset["id"]) == identity), None)
    if found is None:
        raise RefusedError(404, "Not Found")
    writes = question.token is not None and question.level("administration") == "write"
    return Reply(200, shapes.ruleset(question.root, name, found, whole=True, may_write=writes))


def _at(settings: Document, ref: str) -> Document:
    for branch, found in settings["branches"].items():
        if ref in {branch, found["sha"]}:
            return dict(found)
    raise RefusedError(422, f"No commit found for SHA: {ref}")


def _check_runs(question: Question, name: str, settings: Document, ref: str) -> Reply:
    if question.token is not None and question.token["class"] == "fine-grained":
        # There is no such permission for these tokens.
        raise RefusedError(403, "Resource not accessible by personal access token", "checks=read")
    _need(question, "checks")
    found = _at(settings, ref)
    runs = [check_shapes.check_run(question.root, name, found["sha"], run) for run in found["check_runs"]]
    return _paged(question, runs, lambda page: {"total_count": len(runs), "check_runs": page})


def _status(question: Question, name: str, settings: Document, ref: str) -> Reply:
    _need(question, "statuses")
    found = _at(settings, ref)
    all_of_it = [check_shapes.status(question.root, name, found["sha"], status) for status in found["statuses"]]
    root, sha = question.root, found["sha"]

    def envelope(page: list[Any]) -> Document:
        return check_shapes.combined_status(root, name, settings, sha=sha, page=page, all_of_it=all_of_it)

    return _paged(question, all_of_it, envelope)


def _codeowners_errors(question: Question, _: str, settings: Document) -> Reply:
    _need(question, "contents")
    if settings["codeowners_errors"] is None:
        raise RefusedError(404, "Not Found")
    return Reply(200, {"errors": [shapes.codeowners_error(error) for error in settings["codeowners_errors"]]})


def _workflows(question: Question, name: str, settings: Document) -> Reply:
    _need(question, "actions")
    found = [run_shapes.workflow(question.root, name, one) for one in settings.get("workflows", [])]
    return _paged(question, found, lambda page: {"total_count": len(found), "workflows": page})


def _workflow_runs(question: Question, name: str, settings: Document, file: str) -> Reply:
    _need(question, "actions")
    one = next((one for one in settings.get("workflows", []) if one["path"].endswith(f"/{file}")), None)
    if one is None:
        raise RefusedError(404, "Not Found")
    wanted = question.query.get("status")
    runs = [run for run in one["runs"] if wanted in {None, run.get("status", "completed")}]
    found = [run_shapes.run(question.root, name, one["path"], run) for run in runs]
    return _paged(question, found, lambda page: {"total_count": len(found), "workflow_runs": page})


def _run_jobs(question: Question, name: str, settings: Document, identity: str) -> Reply:
    _need(question, "actions")
    runs = (run for one in settings.get("workflows", []) for run in one["runs"])
    run = next((run for run in runs if str(run["id"]) == identity), None)
    if run is None:
        raise RefusedError(404, "Not Found")
    found = [run_shapes.job(question.root, name, run, job) for job in run["jobs"]]
    return _paged(question, found, lambda page: {"total_count": len(found), "jobs": page})


def _run_logs(question: Question, _: str, settings: Document, identity: str) -> Reply:
    """Leads to where the log lies: the run's `log`, an address; `gone` where it was deleted."""
    _need(question, "actions")
    runs = (run for one in settings.get("workflows", []) for run in one["runs"])
    log = next((run.get("log") for run in runs if str(run["id"]) == identity), None)
    if log is None:
        raise RefusedError(404, "Not Found")
    if log == "gone":
        raise RefusedError(410, "Server Error")
    return Reply(302, {}, {"Location": log})


def _written(question: Question, _: str, settings: Document, path: str) -> Reply:
    """What a test wrote down for an endpoint below the repository; see `Repository.answer`."""
    return _as_written(question, settings["answers"], unquote(path))


def _of_organisation(question: Question, parts: list[str]) -> Reply:
    """What a test wrote down for an endpoint of an organisation; see `State.organisation`, and `Repository.answer`."""
    path = "/".join(parts)
    for name, settings in question.document["repositories"].items():
        if name.partition("/")[0] == parts[1] and _written_for(question, settings["answers"], path):
            return _written(question, name, settings, path)
    return _as_written(question, question.document.get("organisations", {}), "/".join(parts[1:]))


def _as_written(question: Question, answers: Document, path: str) -> Reply:
    written = _written_for(question, answers, path)
    if written is None:
        raise RefusedError(404, "Not Found")
    if written["permission"]:
        permission, _, level = written["permission"].partition(":")
        _need(question, permission, level or "read")
    body = written["body"]
    if isinstance(body, list):
        if question.query.get("hide_secret") == "true":
            body = [{**entry, "secret": None} if "secret" in entry else entry for entry in body]
        return _by_cursor(question, body) if written.get("cursor") else _paged(question, body)
    key = written["key"]
    if key is not None:
        return _paged(question, body[key], lambda page: {**body, "total_count": len(body[key]), key: page})
    return Reply(written["status"], body)


def _written_for(question: Question, answers: Document, path: str) -> Document | None:
    """What was written for this path, and for most of this query."""
    fitting = [
        (len(asked), written)
        for name, written in answers.items()
        if name.partition("?")[0] == path
        and (asked := query_of(name.partition("?")[2])).items() <= question.query.items()
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


_ROUTES: tuple[tuple[str, Callable[..., Reply]], ...] = (
    (r"", _repository),
    (r"branches/([^/]+)", _branch),
    (r"branches/([^/]+)/protection", _protection),
    (r"rules/branches/([^/]+)", _rules),
    (r"rulesets", _rulesets),
    (r"rulesets/([0-9]+)", _ruleset),
    (r"commits/([^/]+)/check-runs", _check_runs),
    (r"commits/([^/]+)/status", _status),
    (r"codeowners/errors", _codeowners_errors),
    (r"actions/workflows", _workflows),
    (r"actions/workflows/([^/]+)/runs", _workflow_runs),
    (r"actions/runs/([0-9]+)/jobs", _run_jobs),
    (r"actions/runs/([0-9]+)/logs", _run_logs),
    (r"(.+)", _written),
)


def _paged(question: Question, items: list[Any], envelope: Callable[[list[Any]], Any] = lambda page: page) -> Reply:
    size = min(int(question.query.get("per_page", _PER_PAGE)), _MOST_PER_PAGE)
    page = max(int(question.query.get("page", 1)), 1)
    last = max(1, -(-len(items) // size))
    links = [(last, "last"), (page + 1, "next")] if page < last else []
    header = ", ".join(
        f'<{question.root}/{question.path}?{urlencode({**question.query, "page": number})}>; rel="{relation}"'
        for number, relation in links
    )
    found = envelope(items[(page - 1) * size : page * size])
    return Reply(200, found, {"Link": header} if header else {})


def _by_cursor(question: Question, items: list[Any]) -> Reply:
    """Pages that no number names: the way on is only in the link."""
    if "page" in question.query:
        raise RefusedError(400, "Pagination using the `page` parameter is not supported.")
    size = min(int(question.query.get("per_page", _PER_PAGE)), _MOST_PER_PAGE)
    start = int((question.query.get("after") or "cursor-0").removeprefix("cursor-"))
    end = start + size
    query = urlencode({**question.query, "after": f"cursor-{end}"})
    header = {"Link": f'<{question.root}/{question.path}?{query}>; rel="next"'} if end < len(items) else {}
    return Reply(200, items[start:end], header)


def _applying(settings: Document, branch: str) -> list[Document]:
    return [
        ruleset
        for ruleset in settings["rulesets"]
        if ruleset["enforcement"] == "active"
        and ruleset["target"] == "branch"
        and _matches(ruleset["include"], branch, settings)
        and not _matches(ruleset["exclude"], branch, settings)
    ]


def _matches(patterns: list[str], branch: str, settings: Document) -> bool:
    return any(_matches_one(pattern, branch, settings) for pattern in patterns)


def _matches_one(pattern: str, branch: str, settings: Document) -> bool:
    if pattern in {"~ALL", "~DEFAULT_BRANCH"}:
        return pattern == "~ALL" or branch == settings["default_branch"]
    # As fnmatch with FNM_PATHNAME: a star stays within a segment.
    words = {"**/": "(?:.*/)?", "**": "[^/]*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    expression = "".join(words.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(expression, f"refs/heads/{branch}", re.DOTALL) is not None


def query_of(text: str) -> dict[str, str]:
    """The query's parameters; the last of several."""
    return {key: values[-1] for key, values in parse_qs(text, keep_blank_values=True).items()}
