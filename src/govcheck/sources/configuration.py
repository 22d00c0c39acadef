"""`.govcheck.yaml`: what a repository may say about how govcheck is run in it. Every key has a default."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from govcheck import __version__
from govcheck.errors import PolicyError, Problem
from govcheck.facts.document import Mapping, Scalar
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.sources.document_validation import validate
from govcheck.sources.yaml_document import POLICY, YamlError, load
from govcheck.sources.yaml_errors import shown

_CONDITION = re.compile(r"\s*(>=|<=|==|>|<)\s*([0-9]{1,9}(?:\.[0-9]{1,9}){0,3})\s*")
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The configuration of one repository."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    requires: str = ""
    """The versions of govcheck that may judge here: `>=0.2`, or several conditions with commas."""

    policies: tuple[str, ...] = ()
    """Folders with policies, from the repository's root; `policies` where none is given."""

    repository: str = ""
    """The repository on GitHub, as OWNER/NAME; found out where it is left out."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say."""
        if self.requires and not all(map(_CONDITION.fullmatch, self.requires.split(","))):
            yield (
                ("requires",),
                f"`{shown(self.requires)}` is no condition on a version: write it as `>=0.2` or `>=0.2,<1`",
            )
        if self.repository and not _REPOSITORY.fullmatch(self.repository):
            yield ("repository",), f"`{shown(self.repository)}` is not OWNER/NAME"
        for number, folder in enumerate(self.policies):
            if not folder.strip() or folder.startswith("/") or ".." in folder.split("/"):
                yield ("policies", number), f"`{shown(folder)}` is not a folder below the repository's root"


def load_configuration(path: str, data: bytes, *, version: str = __version__) -> Configuration:
    """The configuration in a file's bytes; the defaults where it is empty.

    Args:
        path: as messages name it.
        data: the file.
        version: of this govcheck.

    Raises:
        PolicyError: with every problem of the file; also where it asks for another govcheck than this one.
    """
    try:
        documents = load(data, POLICY)
    except YamlError as error:
        raise PolicyError((Problem(path, error.line, error.column, error.message),)) from None
    if not documents or (isinstance(documents[0], Scalar) and documents[0].value is None and len(documents) == 1):
        return Configuration()
    document = documents[0]
    if len(documents) > 1:
        raise PolicyError(
            (Problem(path, documents[1].line, 1, "a second document begins here: there can be only one"),)
        )
    if not isinstance(document, Mapping):
        raise PolicyError((Problem(path, document.line, document.column, "the configuration must be a mapping"),))
    return _checked(path, document, version)


def _checked(path: str, document: Mapping, version: str) -> Configuration:
    configuration, problems = validate(Configuration, path, document)
    problems = [_explained(problem, document) for problem in problems]
    if problems:
        raise PolicyError(tuple(sorted(problems, key=lambda problem: (problem.line, problem.column))))
    valid: Configuration = configuration
    if not satisfies(version, valid.requires):
        node = document.get("requires")
        line, column = (node.line, node.column) if node else (0, 0)
        message = f"this repository requires govcheck {valid.requires}, and this is {version}"
        raise PolicyError((Problem(path, line, column, message),), "install a version that it allows")
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


def satisfies(version: str, conditions: str) -> bool:
    """Whether a version is within every condition; none is no condition."""
    matches = (_CONDITION.fullmatch(condition) for condition in conditions.split(",") if condition.strip())
    return all(match is not None and _holds(_numbers(version), match[1], _numbers(match[2])) for match in matches)


def _holds(version: tuple[int, ...], operator: str, bound: tuple[int, ...]) -> bool:
    if operator in {"==", "<=", ">="} and version == bound:
        return True
    return version > bound if operator[0] == ">" else operator[0] == "<" and version < bound


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, without zeros at the end: 0.2 and 0.2.0 are the same."""
    match = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    numbers = [int(part) for part in match.group().split(".")] if match else [0]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
