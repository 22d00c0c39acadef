"""Reads `_controls.yaml`: which policy of a set holds which control of a published benchmark."""

from collections.abc import Iterator
from typing import Any, ClassVar

from govcheck.errors import PolicyError, Problem
from govcheck.facts.document import Mapping
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.records import frozen
from govcheck.sources.document_validation import validate
from govcheck.sources.yaml_document import POLICY, YamlError, load_one


@frozen(kw_only=True)
class Control:
    """One demand of a benchmark, and what becomes of it here. The words are govcheck's own."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    id: str
    """As it is published."""

    level: str = ""
    """The level or profile that it begins to count at."""

    title: str
    """What it is about, in a few words."""

    policies: tuple[str, ...] = ()
    """Ids of the set's policies that hold it."""

    partly: str = ""
    """What these policies hold of it, or leave out; empty where they hold all of it."""

    not_checkable: str = ""
    """Why no machine can tell."""

    not_covered: str = ""
    """Why no policy holds it, though a machine could tell."""

    @property
    def state(self) -> str:
        """In words, for a table."""
        if self.policies:
            return "held in part" if self.partly else "held"
        return "not checkable by machine" if self.not_checkable else "not covered yet"


@frozen(kw_only=True)
class Controls:
    """A benchmark, mapped to a set of policies."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    benchmark: str
    """Its name."""

    version: str
    """The version that the ids are of."""

    source: str
    """Where it is published."""

    controls: tuple[Control, ...]
    """Every one of them, in its order."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say."""
        seen = set()
        for number, control in enumerate(self.controls):
            said = [bool(control.policies), bool(control.not_checkable), bool(control.not_covered)]
            if said.count(True) != 1:
                yield ("controls", number), "exactly one of `policies`, `not_checkable` and `not_covered` is needed"
            if control.partly and not control.policies:
                yield ("controls", number, "partly"), "it goes with `policies`"
            if control.id in seen:
                yield ("controls", number, "id"), f"`{control.id}` is there twice"
            seen.add(control.id)


def load_controls(path: str, data: bytes) -> Controls:
    """The mapping of a file.

    Raises:
        PolicyError: with every problem of the file.
    """
    try:
        document = load_one(data, POLICY)
    except YamlError as error:
        raise PolicyError((Problem(path, error.line, error.column, error.message),)) from None
    if not isinstance(document, Mapping):
        raise PolicyError((Problem(path, document.line, document.column, "controls are one mapping"),))
    found, problems = validate(Controls, path, document)
    if problems:
        raise PolicyError(tuple(problems))
    valid: Controls = found
    return valid
