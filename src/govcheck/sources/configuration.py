"""Reads `.govcheck.yaml`."""

from typing import NamedTuple

from govcheck import __version__
from govcheck.configuration import Configuration, satisfies
from govcheck.errors import OtherVersionError, PolicyError, Problem
from govcheck.facts.document import Mapping, Scalar, Sequence
from govcheck.sources.document_validation import validate
from govcheck.sources.yaml_document import POLICY, load, load_as_far_as_possible
from govcheck.sources.yaml_errors import shown

_NOT_HERE = {
    **dict.fromkeys(("token", "tokens", "github_token"), "a secret has no place in a file: set GH_TOKEN"),
    **dict.fromkeys(
        ("host", "hosts", "api_url", "github_api_url", "base_url"),
        "a pull request could send the token elsewhere: set GITHUB_API_URL",
    ),
    "unknown": "a pull request could let unknowns pass: give `--unknown`",
    **dict.fromkeys(("fail_on", "severity"), "a pull request could let findings pass: give `--fail-on`"),
}
"""Keys that somebody may look for here, and why they are not."""


def load_configuration(path: str, data: bytes, *, version: str = __version__) -> Configuration:
    """The configuration in a file's bytes; the defaults where it is empty.

    Args:
        path: as messages name it.
        data: the file.
        version: of this govcheck.

    Raises:
        PolicyError: with every problem of the file; also where it asks for another govcheck than this one.
    """
    sources = {path: data.decode("utf-8", "replace")}
    documents, errors = load_as_far_as_possible(data, POLICY)
    unreadable = [Problem(path, error.line, error.column, error.message) for error in errors]
    if unreadable and not (len(documents) == 1 and isinstance(documents[0], Mapping)):
        raise PolicyError(tuple(unreadable), sources=sources)
    if not documents or (isinstance(documents[0], Scalar) and documents[0].value is None and len(documents) == 1):
        return Configuration()
    document = documents[0]
    if len(documents) > 1:
        raise PolicyError(
            (Problem(path, documents[1].line, 1, "a second document begins here: there can be only one"),),
            sources=sources,
        )
    if not isinstance(document, Mapping):
        problem = Problem(path, document.line, document.column, "the configuration must be a mapping")
        raise PolicyError((problem,), sources=sources)
    return _checked(path, document, version, _Text(sources, unreadable))


class _Text(NamedTuple):
    """What a file says, and what makes it hard to read."""

    sources: dict[str, str]
    problems: list[Problem]


def item_places(data: bytes, key: str) -> list[tuple[int, int]]:
    """Line and column of each item of a list, in a valid file with one mapping."""
    document = load(data, POLICY)[0]
    node = document.get(key) if isinstance(document, Mapping) else None
    return [(item.line, item.column) for item in node] if isinstance(node, Sequence) else []


def _checked(path: str, document: Mapping, version: str, text: _Text) -> Configuration:
    configuration, found = validate(Configuration, path, document)
    problems = [*text.problems, *(_explained(problem, document) for problem in found)]
    if problems:
        raise PolicyError(
            tuple(sorted(problems, key=lambda problem: (problem.line, problem.column))), sources=text.sources
        )
    valid: Configuration = configuration
    if not satisfies(version, valid.requires):
        node = document.get("requires")
        line, column = (node.line, node.column) if node else (0, 0)
        message = f"this repository requires govcheck {valid.requires}, and this is {version}"
        hint = "install a version that it allows"
        raise OtherVersionError((Problem(path, line, column, message),), hint, sources=text.sources)
    return valid


def _explained(problem: Problem, document: Mapping) -> Problem:
    """Says of a key that is left out on purpose why it is."""
    for name, (key, _) in document.entries.items():
        why = _NOT_HERE.get(name.lower().replace("-", "_"))
        if why and (key.line, key.column) == (problem.line, problem.column):
            return Problem(
                problem.path, problem.line, problem.column, f"`{shown(name)}` cannot be set in this file: {why}"
            )
    return problem
