"""Which parts of an event are text that somebody else writes, and whether a stranger's event gets to a job.

Who writes it decides how bad it is: `stranger`, anybody with an account; `branch`, the name of a branch of this
repository, which somebody with write access chose and a stranger's pull request may point at; `writer`, people with
write access.

Sources: https://docs.github.com/en/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks
and https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal

from govcheck.actions import scopes
from govcheck.actions.evaluation import Scope, asks_status, evaluate
from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.steps import scalar_at
from govcheck.actions.syntax import Context, Expression, Index
from govcheck.actions.syntax import Literal as LiteralNode
from govcheck.actions.templates import condition
from govcheck.actions.values import Object, Unknown, Value, to_text, truth
from govcheck.actions.workflow import Job, Trigger, Workflow, text
from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.records import frozen

Writer = Literal["stranger", "branch", "writer"]
Path = tuple[str | None, ...]
"""Names from the context down, in lower case; None stands for any."""

_PULL_REQUEST = "pull_request pull_request_target"
_REVIEWED = f"{_PULL_REQUEST} pull_request_review pull_request_review_comment"
_COMMENTS = "issue_comment pull_request_review_comment commit_comment discussion_comment"
_TABLE: tuple[tuple[Writer, str, str, str], ...] = (
    ("stranger", "github.head_ref", "the name of the pull request's branch", _PULL_REQUEST),
    ("stranger", "github.event.pull_request.title", "the pull request's title", _REVIEWED),
    ("stranger", "github.event.pull_request.body", "the pull request's text", _REVIEWED),
    ("stranger", "github.event.pull_request.head.ref", "the name of the pull request's branch", _REVIEWED),
    ("stranger", "github.event.pull_request.head.label", "the name of the pull request's branch", _REVIEWED),
    ("stranger", "github.event.pull_request.head.repo.default_branch", "a name in the fork", _REVIEWED),
    ("stranger", "github.event.pull_request.head.repo.description", "the fork's description", _REVIEWED),
    ("stranger", "github.event.pull_request.head.repo.homepage", "the fork's home page", _REVIEWED),
    ("stranger", "github.event.changes.title.from", "an earlier title", f"{_PULL_REQUEST} issues"),
    ("stranger", "github.event.changes.body.from", "an earlier text", f"{_PULL_REQUEST} issues issue_comment"),
    ("stranger", "github.event.review.body", "the review's text", "pull_request_review"),
    ("stranger", "github.event.comment.body", "the comment's text", _COMMENTS),
    ("stranger", "github.event.issue.title", "the issue's title", "issues issue_comment"),
    ("stranger", "github.event.issue.body", "the issue's text", "issues issue_comment"),
    ("stranger", "github.event.discussion.title", "the discussion's title", "discussion discussion_comment"),
    ("stranger", "github.event.discussion.body", "the discussion's text", "discussion discussion_comment"),
    ("stranger", "github.event.answer.body", "the answer's text", "discussion"),
    ("stranger", "github.event.pages.*.page_name", "a wiki page's name", "gollum"),
    ("stranger", "github.event.pages.*.title", "a wiki page's title", "gollum"),
    ("stranger", "github.event.pages.*.summary", "a wiki page's summary", "gollum"),
    ("stranger", "github.event.commits.*.message", "a commit's message", "push"),
    ("stranger", "github.event.commits.*.author.name", "a commit's author", "push"),
    ("stranger", "github.event.commits.*.author.email", "a commit's author", "push"),
    ("stranger", "github.event.commits.*.committer.name", "a commit's committer", "push"),
    ("stranger", "github.event.commits.*.committer.email", "a commit's committer", "push"),
    ("stranger", "github.event.head_commit.message", "the commit's message", "push"),
    ("stranger", "github.event.head_commit.author.name", "the commit's author", "push"),
    ("stranger", "github.event.head_commit.author.email", "the commit's author", "push"),
    ("stranger", "github.event.head_commit.committer.name", "the commit's committer", "push"),
    ("stranger", "github.event.head_commit.committer.email", "the commit's committer", "push"),
    ("stranger", "github.event.merge_group.head_commit.message", "the commit's message", "merge_group"),
    ("stranger", "github.event.merge_group.head_commit.author.name", "the commit's author", "merge_group"),
    ("stranger", "github.event.workflow_run.head_branch", "the name of the branch that ran", "workflow_run"),
    ("stranger", "github.event.workflow_run.display_title", "the title of the run", "workflow_run"),
    ("stranger", "github.event.workflow_run.head_commit.message", "the commit's message", "workflow_run"),
    ("stranger", "github.event.workflow_run.head_commit.author.name", "the commit's author", "workflow_run"),
    ("stranger", "github.event.workflow_run.head_commit.author.email", "the commit's author", "workflow_run"),
    ("stranger", "github.event.workflow_run.head_repository.description", "the fork's description", "workflow_run"),
    ("stranger", "github.event.workflow_run.pull_requests.*.head.ref", "a branch's name", "workflow_run"),
    ("stranger", "github.event.check_suite.head_branch", "a branch's name", "check_suite"),
    ("stranger", "github.event.check_run.check_suite.head_branch", "a branch's name", "check_run"),
    ("branch", "github.base_ref", "the name of the branch that the pull request goes to", _PULL_REQUEST),
    ("branch", "github.event.pull_request.base.ref", "the name of the branch that it goes to", _REVIEWED),
    ("writer", "github.ref_name", "the name of the branch or tag", "push create workflow_dispatch release"),
    ("writer", "github.ref", "the name of the branch or tag", "push create workflow_dispatch release"),
    ("writer", "github.event.ref", "the name of the branch or tag", "push create delete"),
    ("writer", "github.event.release.name", "the release's name", "release"),
    ("writer", "github.event.release.body", "the release's text", "release"),
    ("writer", "github.event.release.tag_name", "the release's tag", "release"),
    ("writer", "github.event.client_payload.*", "what was dispatched", "repository_dispatch"),
    ("writer", "github.event.inputs.*", "an input", "workflow_dispatch"),
    ("writer", "inputs.*", "an input", "workflow_dispatch"),
)
_PUSHED = frozenset({"github.ref_name", "github.ref", "github.event.ref"})
_BASES = frozenset({"github.base_ref", "github.event.pull_request.base.ref"})
_SPECIAL = frozenset("*?+[!\\")
_AUTHORED = ("comment", "issue", "review", "discussion")
_CARRYING = {
    "pull_request": frozenset(_REVIEWED.split()),
    "workflow_run": frozenset({"workflow_run"}),
    "comment": frozenset(_COMMENTS.split()),
    "issue": frozenset({"issues", "issue_comment"}),
    "review": frozenset({"pull_request_review"}),
    "discussion": frozenset({"discussion", "discussion_comment"}),
}
"""Part of a payload to the events that have it."""

_FREE_TEXT = frozenset({"", "string"})


@frozen
class Source:
    """A part of an event that is somebody's text."""

    writer: Writer
    expression: str
    """As GitHub names it: `github.event.pull_request.body`."""

    words: str
    path: Path
    events: frozenset[str]


def path_of(expression: Expression) -> Path | None:
    """The names that lead from a context down; None where the expression is no such chain."""
    names: list[str | None] = []
    node = expression
    while isinstance(node, Index):
        index = node.index
        plain = isinstance(index, LiteralNode) and isinstance(index.value, str)
        names.append(to_text(index.value).lower() if plain and isinstance(index, LiteralNode) else None)
        node = node.target
    if not isinstance(node, Context):
        return None
    return (node.name.lower(), *reversed(names))


@cache
def sources() -> tuple[Source, ...]:
    """Every part of an event that is somebody's text."""
    return tuple(
        Source(writer, expression, words, path_of(parse(expression)) or (), frozenset(events.split()))
        for writer, expression, words, events in _TABLE
    )


@cache
def _contexts() -> frozenset[str | None]:
    """The contexts that such parts stand in: most expressions ask others."""
    return frozenset(source.path[0] for source in sources())


@lru_cache(maxsize=1024)
def found_at(path: Path, *, whole: bool) -> tuple[Source, ...]:
    """The sources that a path leads to; with `whole` also those below it, as `toJSON` writes them out."""
    return tuple(_found_at(path, whole=whole))


def _found_at(path: Path, *, whole: bool) -> Iterator[Source]:
    for source in sources() if path[0] in _contexts() else ():
        pairs = zip(path, source.path, strict=False)
        if all(one is None or other is None or one == other for one, other in pairs):
            deeper = len(path) - len(source.path)
            if deeper == 0 or (deeper < 0 and whole) or (deeper > 0 and source.path[-1] is None):
                yield source


def writes(source: Source, path: Path, workflow: Workflow, events: frozenset[str] | None) -> bool:
    """Whether an event that starts the workflow brings a source along, and its text is really free.

    Args:
        source: What is read.
        path: As it was asked for, with the name of an input.
        workflow: Where it is read.
        events: What starts the workflow; None where anything may.
    """
    if source.path[-2] == "inputs":
        return _free_input(workflow, path[len(source.path) - 1] if len(path) >= len(source.path) else None)
    if events is None:
        return source.writer != "writer"
    return any(_free(source, workflow.trigger(event)) for event in source.events & events)


def _free_input(workflow: Workflow, name: str | None) -> bool:
    """Whether an input of `workflow_dispatch` is text, and not a choice, a number or a switch."""
    trigger = workflow.trigger("workflow_dispatch")
    declared = trigger.config.get("inputs") if trigger is not None and trigger.config is not None else None
    if not isinstance(declared, Mapping):
        return False
    types = {key.lower(): _input_type(definition) for key, definition in declared.items()}
    return any(type_ in _FREE_TEXT for key, type_ in types.items() if name in {None, key})


def _input_type(definition: Node) -> str:
    kind = scalar_at(definition, "type") if isinstance(definition, Mapping) else None
    return text(kind) if kind is not None else ""


def _free(source: Source, trigger: Trigger | None) -> bool:
    """Whether the event's filters leave a choice: a list of branches without a pattern has only names of ours."""
    if trigger is None:
        return True
    if source.path[-2:] == ("workflow_run", "head_branch") or source.expression in _BASES:
        return not _listed(trigger)
    if source.expression in _PUSHED and trigger.event == "push":
        return trigger.tags is not None or trigger.tags_ignore is not None or not _listed(trigger)
    return True


def _listed(trigger: Trigger) -> bool:
    names = trigger.branches.values if trigger.branches is not None else ("*",)
    return not any(_SPECIAL.intersection(name) for name in names)


def reached(workflow: Workflow, job: Job, event: str) -> bool:
    """Whether an event of a stranger may get to a job: no condition of it, or of what it needs, refuses it."""
    if job.condition is None and not job.needs:
        return True
    waiting, seen = [job], {job.id}
    while waiting:
        one = waiting.pop()
        if _refused(one.condition, event):
            return False
        if not _runs_in_any_case(one.condition):
            needed = (workflow.job(text(need)) for need in one.needs)
            found = [earlier for earlier in needed if earlier is not None and earlier.id not in seen]
            seen.update(earlier.id for earlier in found)
            waiting += found
    return True


def step_reached(written: Scalar | None, event: str) -> bool:
    """The same for a step's `if`."""
    return not _refused(written, event)


def _refused(written: Scalar | None, event: str) -> bool:
    return written is not None and _is_false(text(written), event)


@lru_cache(maxsize=1024)
def _is_false(source: str, event: str) -> bool:
    """Whether a condition is certainly false for a stranger's event. Few conditions stand in a repository only once."""
    expression = _parsed(source)
    return expression is not None and truth(evaluate(expression, _scope(event))) is False


def _runs_in_any_case(written: Scalar | None) -> bool:
    return written is not None and _asks_status(text(written))


@lru_cache(maxsize=1024)
def _asks_status(source: str) -> bool:
    expression = _parsed(source)
    return expression is not None and asks_status(expression)


def _parsed(source: str) -> Expression | None:
    try:
        return condition(source)
    except ExpressionError:
        return None


@lru_cache(maxsize=64)
def _scope(event: str) -> Scope:
    """What a condition sees when a stranger caused the event: a fork's pull request, nobody's name.

    No repository is called as the fork is here: a name has a `/` in it.
    """
    github = scopes.scope(event, None).contexts["github"]
    entries = dict(github.entries) if isinstance(github, Object) else {}
    entries["repository"] = Unknown(expression="github.repository", constant=True, truth=True, shape=(None, "/", None))
    payload = entries.get("event")
    known = dict(payload.entries) if isinstance(payload, Object) else {}
    known |= {name: value for name, value in _strange().items() if event in _CARRYING[name]}
    entries["event"] = Object(known, None if isinstance(payload, Object) else Unknown(expression="github.event"))
    return Scope({"github": Object(entries, Unknown(expression="github"))})


@cache
def _strange() -> dict[str, Value]:
    """The parts of an event's payload by which conditions tell strangers from others."""
    fork = _open({"full_name": "fork", "fork": True}, "head.repo")
    nobody = {name: _open({"author_association": "NONE"}, f"github.event.{name}") for name in _AUTHORED}
    pull_request: dict[str, Value] = {"head": _open({"repo": fork}, "head"), "author_association": "NONE"}
    return {
        **nobody,
        "pull_request": _open(pull_request, "github.event.pull_request"),
        "workflow_run": _open({"head_repository": fork}, "github.event.workflow_run"),
    }


def _open(entries: dict[str, Value], name: str) -> Object:
    return Object(entries, Unknown(expression=name))
