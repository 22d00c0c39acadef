"""Reads `_set.yaml`: what a set of policies says of itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from govcheck import __version__
from govcheck.configuration import are_conditions, satisfies
from govcheck.errors import PolicyError, Problem
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Scalar
from govcheck.policy_sets import SetDescription
from govcheck.sources.document_validation import validate
from govcheck.sources.yaml_document import POLICY, YamlError, load
from govcheck.sources.yaml_errors import shown


class SetFile(NamedTuple):
    """A set's own words, and where they are written."""

    said: SetDescription
    path: str = ""
    """Empty where the set has no such file."""

    lines: Mapping[str, int] = MappingProxyType({})
    """The id of a policy, or a key of the file, to the line that says something of it."""

    def place(self, policy: str) -> str:
        """Where it is said that something of a policy is final."""
        line = next((self.lines[name] for name in (policy, "*", "overridable") if name in self.lines), 1)
        return f"{self.path}:{line}"


UNDESCRIBED = SetFile(SetDescription())
"""A set without such a file."""


def load_set_file(path: str, data: bytes, *, version: str = __version__) -> SetFile:
    """What a set says of itself.

    Args:
        path: As messages name the file.
        data: The file.
        version: Of this govcheck.

    Raises:
        PolicyError: with every problem of the file; also where the set is for another govcheck than this one.
    """
    try:
        documents = load(data, POLICY)
    except YamlError as error:
        raise PolicyError((Problem(path, error.line, error.column, error.message),)) from None
    if not documents or (isinstance(documents[0], Scalar) and documents[0].value is None and len(documents) == 1):
        return SetFile(SetDescription(), path)
    document = documents[0]
    if len(documents) > 1 or not isinstance(document, MappingNode):
        raise PolicyError((Problem(path, document.line, document.column, "a set is described by one mapping"),))
    _ensure_known(path, document, version)
    said, problems = validate(SetDescription, path, document)
    if problems:
        raise PolicyError(tuple(sorted(problems, key=lambda problem: (problem.line, problem.column))))
    return SetFile(said, path, _lines(document))


def _ensure_known(path: str, document: MappingNode, version: str) -> None:
    """Comes before everything else: a newer set may have keys that this govcheck does not know."""
    node = document.get("requires")
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value:
        return
    if not are_conditions(node.value):
        message = f"`{shown(node.value)}` is no condition on a version: write it as `>=0.2` or `>=0.2,<1`"
        raise PolicyError((Problem(path, node.line, node.column, message),))
    if not satisfies(version, node.value):
        message = f"this set requires govcheck {node.value}, and this is {version}"
        raise PolicyError(
            (Problem(path, node.line, node.column, message),),
            "install a version that it allows, or pin an older commit of the set",
        )


def _lines(document: MappingNode) -> dict[str, int]:
    lines = {key: document.key(key).line for key in document.entries}
    for key in ("overridable", "final"):
        named = document.get(key)
        if isinstance(named, MappingNode):
            lines |= {name: named.key(name).line for name in named.entries}
    return lines
