"""Policy files: every document a valid policy of its kind, or every problem of every file at once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from govcheck.errors import PolicyError, Problem, UsageError
from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.policy import RESERVED_IDS, LoadedPolicy, Policy
from govcheck.registry import kind, kinds
from govcheck.sources.document_validation import validate
from govcheck.sources.validation_messages import nearest
from govcheck.sources.yaml_document import POLICY, load_as_far_as_possible
from govcheck.sources.yaml_errors import shown

_KEBAB_CASE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 100
_NO_POLICY_HINT = (
    "`govcheck init` writes a set that holds today, `govcheck explain policy allowed-paths` (or any other kind) shows "
    "how to write one, and `--policies govcheck:starter` is what is true of any well-kept repository"
)


class PolicySource(NamedTuple):
    """One policy file, from wherever it was read."""

    path: str
    """As messages and reports name it."""

    data: bytes


class Document(NamedTuple):
    """One document of a policy file."""

    path: str
    node: Node


def load_policies(sources: Sequence[PolicySource]) -> tuple[LoadedPolicy, ...]:
    """Every policy, in the order of files and documents.

    Raises:
        PolicyError: with every problem of every file.
        UsageError: where all of them together hold no policy.
    """
    return _loaded(tuple(sources))


@lru_cache(maxsize=4)
def _loaded(sources: tuple[PolicySource, ...]) -> tuple[LoadedPolicy, ...]:
    """The same. `test` and `audit` run the same files in hundreds of repositories that they make."""
    problems: list[Problem] = []
    documents = list(read_documents(sources, problems))
    loaded = [validated(document, problems) for document in documents]
    problems += _duplicate_ids(documents)
    if problems:
        order = {source.path: number for number, source in enumerate(sources)}
        unique = dict.fromkeys(problems)
        raise PolicyError(
            tuple(sorted(unique, key=lambda problem: (order[problem.path], problem.line, problem.column))),
            sources={source.path: source.data.decode("utf-8", "replace") for source in sources},
        )
    if not documents:
        named = (f"{source.path} (an empty file)" if not source.data.strip() else source.path for source in sources)
        names = ", ".join(named) or "policies/"
        raise UsageError(f"no policies found in {names}", _NO_POLICY_HINT)
    return tuple(policy for policy in loaded if policy is not None)


def read_documents(sources: Iterable[PolicySource], problems: list[Problem]) -> Iterator[Document]:
    """Every document that is not empty; what is no YAML joins the problems."""
    for source in sources:
        nodes, errors = load_as_far_as_possible(source.data, POLICY)
        problems += [Problem(source.path, error.line, error.column, error.message) for error in errors]
        # Nothing between two `---` is no policy, and no mistake either.
        yield from (Document(source.path, node) for node in nodes if not _is_empty(node))


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.style == "plain" and not node.text


def validated(document: Document, problems: list[Problem]) -> LoadedPolicy | None:
    """The policy of a document; None where it is not valid, and the reasons join the problems."""
    path, node = document
    if not isinstance(node, Mapping):
        what = "a list: separate policies by lines of `---`" if not isinstance(node, Scalar) else "a text"
        problems.append(
            Problem(path, node.line, node.column, f"a policy is a mapping with `kind` and `id`, not {what}")
        )
        return None
    id_problems = list(_id_problems(path, node))
    model, kind_problem = _model(path, node)
    problems += id_problems
    if model is None:
        problems += [kind_problem] if kind_problem else []
        return None
    policy, found = validate(model, path, node)
    problems += found
    if policy is not None and not policy.longest_waiver():
        place = node.get("waivable_for") or node
        message = f"`waivable_for`: `{shown(policy.waivable_for)}` is no number of days such as `90d`"
        problems.append(Problem(path, place.line, place.column, message))
    return LoadedPolicy(policy, path, node.line) if policy is not None else None


def _model(path: str, node: Mapping) -> tuple[type[Policy] | None, Problem | None]:
    legal = f"one of {', '.join(kinds())}"
    written = node.get("kind")
    if written is None:
        return None, Problem(path, node.line, node.column, f"the key `kind` is missing: {legal}")
    if not isinstance(written, Scalar) or not isinstance(written.value, str):
        return None, Problem(path, written.line, written.column, f"`kind` must be {legal}")
    found = kind(written.value)
    if found is not None:
        return found.model, None
    near = nearest(written.value, kinds())
    instead = f"did you mean `{near}`? `govcheck explain policy {near}` tells of it" if near else f"It must be {legal}"
    message = f"unknown kind `{shown(written.value)}`: {instead}"
    return None, Problem(path, written.line, written.column, message)


def _id_problems(path: str, node: Mapping) -> Iterator[Problem]:
    written = node.get("id")
    if not isinstance(written, Scalar) or not isinstance(written.value, str):
        if written is None and node.get("kind") is None:
            yield Problem(
                path, node.line, node.column, "the key `id` is missing: the policy's own name, such as `main-protected`"
            )
        return
    name = written.value
    if name in RESERVED_IDS:
        yield Problem(
            path, written.line, written.column, f"`id` cannot be `{name}`: govcheck's own findings have that name"
        )
    elif not _KEBAB_CASE.fullmatch(name) or len(name) > _LONGEST_ID:
        better = "-".join(re.findall(r"[a-z0-9]+", name[:_LONGEST_ID].lower()))
        meant = f", such as `{better}`" if better else ""
        message = f"`id` must be lower-case words joined by hyphens{meant}, not `{shown(name)}`"
        yield Problem(path, written.line, written.column, message)


def _duplicate_ids(documents: Iterable[Document]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for path, node in documents:
        written = node.get("id") if isinstance(node, Mapping) else None
        if not isinstance(written, Scalar) or not isinstance(written.value, str):
            continue
        place = f"{path}:{written.line}:{written.column}"
        if written.value in first:
            message = (
                f"the id `{shown(written.value)}` is taken by {first[written.value]}: ids are unique among all policies"
            )
            yield Problem(path, written.line, written.column, message)
        else:
            first[written.value] = place
