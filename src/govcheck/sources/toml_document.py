"""TOML with the place of every node: what it says is the standard library's answer, where it says it is scanned here.

https://toml.io/en/v1.0.0. Dates and times are text, as YAML's are here.
"""

import re
import tomllib
from collections.abc import Mapping as MappingOf
from datetime import date, datetime, time
from typing import Any

from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.findings import Reason
from govcheck.sources.document_errors import DEEPEST, DocumentError, Places, decoded
from govcheck.sources.toml_places import Place, Steps, scan

_WHERE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def load(content: bytes) -> Mapping:
    """The document.

    Raises:
        DocumentError: where it is no TOML.
    """
    text = decoded(content)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _error(str(error), text) from None
    except (RecursionError, ValueError) as error:
        raise DocumentError(0, 0, f"it cannot be parsed: {error}", Reason.UNPARSEABLE) from None
    found = _Made(scan(text.replace("\r\n", "\n"))).node(document, ())
    return found if isinstance(found, Mapping) else Mapping({}, 1, 1)


def _error(said: str, text: str) -> DocumentError:
    where = _WHERE.search(said)
    message = _WHERE.sub("", said)
    message = message[:1].lower() + message[1:]
    if where is None or where[1] is None:
        return DocumentError(*Places(text).of(len(text)), message)
    return DocumentError(int(where[1]), int(where[2]), message)


class _Made:
    """Nodes of what was parsed, each at the place that was scanned for it."""

    def __init__(self, places: MappingOf[Steps, tuple[Place, Place]]) -> None:
        self._places = places

    def node(self, value: Any, steps: Steps) -> Node:  # noqa: ANN401 - whatever TOML has
        line, column = self._at(steps)[1]
        if len(steps) > DEEPEST:
            raise DocumentError(line, column, f"nested more than {DEEPEST} deep", Reason.UNPARSEABLE)
        if isinstance(value, dict):
            entries = {key: (self._key(key, steps), self.node(one, (*steps, key))) for key, one in value.items()}
            return Mapping(entries, line, column)
        if isinstance(value, list):
            items = tuple(self.node(one, (*steps, number)) for number, one in enumerate(value))
            return Sequence(items, line, column)
        known = value.isoformat() if isinstance(value, date | datetime | time) else value
        return Scalar(known, str(known), "double" if isinstance(value, str) else "plain", line, column, -1)

    def _key(self, key: str, steps: Steps) -> Scalar:
        line, column = self._at((*steps, key))[0]
        return Scalar(key, key, "plain", line, column, -1)

    def _at(self, steps: Steps) -> tuple[Place, Place]:
        while steps and steps not in self._places:
            steps = steps[:-1]
        return self._places.get(steps, ((1, 1), (1, 1)))
