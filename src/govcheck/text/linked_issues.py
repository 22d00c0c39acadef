"""The issues that a pull request names, as GitHub answers about them.

Source: https://docs.github.com/en/rest/issues/issues#get-an-issue (301 moved, 404 not found, 410 deleted)
"""

from collections.abc import Iterator, Sequence

from govcheck.actions.declared_paths import declarations, faults
from govcheck.facts.live import Answer
from govcheck.facts.pull_request import LinkedIssues, PullRequest
from govcheck.findings import Finding, Json, Location, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.settings.answers import unparseable, verdict
from govcheck.text.request_texts import finding

_MOVED = frozenset({301, 302, 307, 308})
_DELETED = 410
_WILD = frozenset("*?[")


def judge(linked: LinkedIssues, names: Sequence[str], *, must_be_open: bool) -> Iterator[Finding | Undecided]:
    """Whether each issue is one, is there, and is open where it must be."""
    for name in names:
        answer = linked.issues.get(name)
        if answer is None:
            message = f"the issue {name} was not asked for"
            yield Undecided(control="issue", subject=name, reason=Reason.RULE_CRASHED, message=message)
            continue
        said = _state(answer, name, must_be_open=must_be_open)
        if said is not None:
            yield said


def agree(linked: LinkedIssues, names: Sequence[str], pull_request: PullRequest) -> Iterator[Finding | Undecided]:
    """Whether what the pull request declares lies within what its issues declare."""
    own = declarations(pull_request.body)
    if tuple(faults(own)):
        return  # said of the text itself
    subject = f"#{pull_request.number}"
    allowed: list[str] = []
    for name in names:
        body = _text(linked.issues.get(name))
        if body is None:
            continue
        theirs = declarations(body)
        wrong = next(faults(theirs), None)
        if wrong is not None:
            message = f"The issue {name} {wrong}"
            mend = "Write `Allowed paths: ...` into the issue: whoever assigns the work says where it may reach"
            yield finding("issue-paths", name, message, mend)
            return
        allowed += theirs[0].patterns
    if not allowed:
        return
    for pattern in own[0].patterns:
        if not within(pattern, allowed):
            message = f"The pull request {subject} declares `{pattern}`, which its issue does not allow"
            mend = f"Narrow it to what the issue allows: {', '.join(f'`{one}`' for one in allowed)}"
            yield finding("issue-paths", f"{subject} {pattern}", message, mend, expected=[*allowed], actual=pattern)


def within(pattern: str, allowed: Sequence[str]) -> bool:
    """Whether everything that a pattern means is surely allowed: the same, below a folder, or a path that matches."""
    if pattern in allowed:
        return True
    folders = [one.removesuffix("**") for one in allowed if one.endswith("/**")]
    if any(pattern.startswith(folder) and _WILD.isdisjoint(folder) for folder in folders):
        return True
    return _WILD.isdisjoint(pattern) and compile_globs(allowed).matches(pattern)


def _state(answer: Answer, name: str, *, must_be_open: bool) -> Finding | Undecided | None:
    if answer.status in _MOVED:
        return finding(
            "issue", name, f"The issue {name} was moved to another repository", "Name the one that it is now"
        )
    if answer.status == _DELETED:
        return finding("issue", name, f"The issue {name} was deleted", "Name the issue that the change is for")
    trouble = verdict(answer).trouble
    body = answer.body
    if trouble is None and not isinstance(body, dict):
        trouble = unparseable(answer, "the issue is no object")
    if trouble is not None:
        hint = ": there is no such issue, or the token may not see it" if trouble.reason is Reason.PERMISSION else ""
        return trouble.undecided("issue", name, f"{trouble.message}{hint}", Location(url=_url(body)))
    return _of_body(body, name, must_be_open=must_be_open)


def _of_body(body: Json, name: str, *, must_be_open: bool) -> Finding | None:
    issue = body if isinstance(body, dict) else {}
    repository = name.partition("#")[0]
    at = str(issue.get("repository_url", "")).lower()
    if "pull_request" in issue:
        message = f"{name} is a pull request, which no keyword closes"
        return finding("issue", name, message, "Name the issue that the change is for")
    if at and not at.endswith(f"/{repository}"):
        return finding("issue", name, f"The issue {name} is in another repository now", "Name the one that it is now")
    if must_be_open and issue.get("state") != "open":
        return finding("issue", name, f"The issue {name} is closed", "Open it again, or name the one that is open")
    return None


def _text(answer: Answer | None) -> str | None:
    """The issue's text; None where it could not be read, which `judge` says."""
    if answer is None or not answer.good or not isinstance(answer.body, dict):
        return None
    text = answer.body.get("body")
    return text if isinstance(text, str) else ""


def _url(body: Json) -> str | None:
    url = body.get("html_url") if isinstance(body, dict) else None
    return url if isinstance(url, str) else None
