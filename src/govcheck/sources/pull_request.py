"""The pull request of a run, from the event file that GitHub Actions writes (`GITHUB_EVENT_PATH`).

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
"""

import json
from pathlib import Path
from typing import TypeVar

from govcheck.facts import Missing
from govcheck.facts.pull_request import PullRequest
from govcheck.findings import Reason

_Value = TypeVar("_Value")

_LARGEST_EVENT = 32 * 1024 * 1024
"""Bytes. GitHub caps a webhook's payload at 25 MB."""


class _UnexpectedShapeError(Exception):
    """A value of the payload is not what GitHub documents."""


def read_event(path: Path) -> PullRequest | Missing | None:
    """The pull request that an event file tells of.

    None where the event has none (a push, a schedule, a merge queue): its text is then not on offer. A file that is
    named and cannot be read is `Missing`: that is no reason to pass what the text would have shown.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_EVENT + 1)
    except OSError as error:
        return _missing(path, f"could not be read: {error.strerror or error}")
    if len(raw) > _LARGEST_EVENT:
        return _missing(path, f"has more than {_LARGEST_EVENT} bytes")
    try:
        event: object = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return _missing(path, f"is not JSON: {error}")
    try:
        return _pull_request(event)
    except _UnexpectedShapeError as error:
        return _missing(path, f"is not as GitHub documents it: {error}")


def _missing(path: Path, what: str) -> Missing:
    return Missing(reason=Reason.UNPARSEABLE, message=f"The event file {path} {what}")


def _pull_request(event: object) -> PullRequest | None:
    if not isinstance(event, dict):
        raise _UnexpectedShapeError("the document is not an object")
    if event.get("pull_request") is None:
        return None
    pull = _at(event, "pull_request", dict)
    base = _at(pull, "base", dict, "pull_request")
    head = _at(pull, "head", dict, "pull_request")
    return PullRequest(
        number=_at(pull, "number", int, "pull_request"),
        title=_text(pull, "title", "pull_request"),
        body="" if _present(pull, "body", "pull_request") is None else _text(pull, "body", "pull_request"),
        author=_author(pull),
        draft="draft" in pull and _at(pull, "draft", bool, "pull_request"),
        base_branch=_text(base, "ref", "pull_request.base"),
        base_commit=_text(base, "sha", "pull_request.base"),
        head_branch=_text(head, "ref", "pull_request.head"),
        head_commit=_text(head, "sha", "pull_request.head"),
        from_fork=_from_fork(base, head),
        labels=_labels(pull),
        repository=_of_base(base, "full_name"),
        default_branch=_of_base(base, "default_branch"),
    )


def _of_base(base: dict[str, object], key: str) -> str:
    """What the event tells of the repository, where it does."""
    return (
        _text(_at(base, "repo", dict, "pull_request.base"), key, "pull_request.base.repo") if _tells(base, key) else ""
    )


def _tells(base: dict[str, object], key: str) -> bool:
    repository = base.get("repo")
    return isinstance(repository, dict) and key in repository


def _author(pull: dict[str, object]) -> str:
    """GitHub has null for an account that is gone, and shows `ghost`."""
    if _present(pull, "user", "pull_request") is None:
        return "ghost"
    return _text(_at(pull, "user", dict, "pull_request"), "login", "pull_request.user")


def _from_fork(base: dict[str, object], head: dict[str, object]) -> bool:
    """GitHub has null for a head repository that is gone: it was a fork."""
    if _present(head, "repo", "pull_request.head") is None:
        return True
    of_head = _at(_at(head, "repo", dict, "pull_request.head"), "id", int, "pull_request.head.repo")
    return of_head != _at(_at(base, "repo", dict, "pull_request.base"), "id", int, "pull_request.base.repo")


def _labels(pull: dict[str, object]) -> tuple[str, ...]:
    labels: list[object] = _at(pull, "labels", list, "pull_request")
    named = [label for label in labels if isinstance(label, dict)]
    if len(named) != len(labels):
        raise _UnexpectedShapeError("`pull_request.labels` holds something that is no label")
    return tuple(_text(label, "name", "pull_request.labels") for label in named)


def _present(mapping: dict[str, object], key: str, where: str) -> object:
    if key not in mapping:
        raise _UnexpectedShapeError(f"`{where}.{key}` is not there")
    return mapping[key]


def _at(mapping: dict[str, object], key: str, expected: type[_Value], where: str = "event") -> _Value:
    value = _present(mapping, key, where)
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        raise _UnexpectedShapeError(f"`{where}.{key}` is of type {type(value).__name__}, not {expected.__name__}")
    return value


def _text(mapping: dict[str, object], key: str, where: str) -> str:
    """A string, with a replacement character for each half of a surrogate pair that JSON can carry alone."""
    value = _at(mapping, key, str, where)
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
