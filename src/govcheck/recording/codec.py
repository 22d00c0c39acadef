"""Facts as JSON and back, exactly: every record of `govcheck.facts`, and what these are made of. Pure.

    text, numbers, true, false, null     themselves
    {"$": "LiveBranch", ...}             a record, with its fields
    {"$text": ...}                       text with surrogates (a file's name that is not UTF-8), as base64
    {"$utf8": ...}, {"$base64": ...}     bytes, those that are not UTF-8 as base64
    {"$tuple": [...]}, {"$set": [...]}   what JSON has no word for; a list is a list
    {"$map": [[key, value], ...]}        a mapping, in its order
    {"$enum": [name, value]}, {"$instant": ...}
    {"$answer": 3}                       an answer of the API: see `Encoder.answers`

A parsed YAML file is its text, which is read again.
"""

import base64
import importlib
import json
import pkgutil
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from govcheck import facts
from govcheck.facts import Fact
from govcheck.facts.data_files import DataFile
from govcheck.facts.hooks import HookFile
from govcheck.facts.live import Answer
from govcheck.facts.workflows import ActionFile, Unreadable, WorkflowFile, Workflows, linked
from govcheck.findings import Json, Reason
from govcheck.recording.masks import Mask
from govcheck.records import names
from govcheck.report_json import plain
from govcheck.snapshot.redact import redacted

Reread = Callable[[str, bytes], object]
"""From a path and bytes to a file that is parsed anew."""

_DEEPEST = 50


class NotRecordableError(Exception):
    """A value that this form has no word for, or a document that is not of this form."""


@cache
def records() -> Mapping[str, type]:
    """Every record that facts are made of, by its name."""
    modules = [facts, *(importlib.import_module(f"{facts.__name__}.{module.name}") for module in _modules())]
    found = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    return {
        one.__name__: one for one in found if "__record__" in vars(one) and one.__module__.startswith("govcheck.facts")
    }


@cache
def enumerations() -> Mapping[str, type[Enum]]:
    """Every enumeration that facts have values of, by its name."""
    modules = (importlib.import_module(f"{facts.__name__}.{module.name}") for module in _modules())
    found = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    own = {one.__name__: one for one in found if issubclass(one, Enum) and one.__module__.startswith("govcheck.facts")}
    return {Reason.__name__: Reason, **own}


def fact_types() -> Mapping[str, type[Fact]]:
    """Every type of fact, by its name."""
    return {name: one for name, one in records().items() if issubclass(one, Fact)}


class Encoder:
    """Encodes the facts of one recording; each answer of the API is kept once, whoever has it."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._numbers: dict[str, int] = {}
        self.answers: list[Json] = []
        """The answers that were met, in the order of `$answer`."""

    def value(self, value: object, depth: int = 0) -> Json:
        """A value as JSON.

        Raises:
            NotRecordableError: where it is of a type that facts are not made of.
        """
        if depth > _DEEPEST:
            raise NotRecordableError("nested too deep")
        if type(value) is enumerations().get(type(value).__name__) and isinstance(value, Enum):
            return {"$enum": [type(value).__name__, value.value]}
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self._text(str(value))
        if isinstance(value, bytes):
            return self._bytes(value)
        return self._whole(value, depth)

    def _whole(self, value: object, depth: int) -> Json:
        if isinstance(value, datetime):
            return {"$instant": value.isoformat()}
        if isinstance(value, Answer):
            return {"$answer": self._answer(value)}
        if isinstance(value, type) and issubclass(value, Fact):
            return {"$fact": value.__name__}
        if isinstance(value, WorkflowFile | ActionFile | HookFile | DataFile):
            return self._file(value, depth)
        if type(value) is records().get(type(value).__name__):
            fields = {name: self.value(getattr(value, name), depth + 1) for name in names(type(value))}
            return {"$": type(value).__name__, **fields}
        return self._collection(value, depth)

    def _collection(self, value: object, depth: int) -> Json:
        if isinstance(value, tuple):
            return {"$tuple": [self.value(item, depth + 1) for item in value]}
        if isinstance(value, list):
            return [self.value(item, depth + 1) for item in value]
        if isinstance(value, frozenset | set):
            return {"$set": sorted((self.value(item, depth + 1) for item in value), key=_order)}
        if isinstance(value, Mapping):
            return {"$map": [[self.value(key, depth + 1), self.value(item, depth + 1)] for key, item in value.items()]}
        raise NotRecordableError(f"a {type(value).__name__} cannot be recorded")

    def _text(self, value: str) -> Json:
        hidden = self._mask(value)
        try:
            hidden.encode()
        except UnicodeEncodeError:
            return {"$text": base64.b64encode(hidden.encode("utf-8", "surrogatepass")).decode()}
        return hidden

    def _bytes(self, value: bytes) -> Json:
        try:
            return {"$utf8": self._mask(value.decode())}
        except UnicodeDecodeError:
            hidden = self._mask(value.decode("latin-1")).encode("latin-1")
            return {"$base64": base64.b64encode(hidden).decode()}

    def _file(self, value: WorkflowFile | ActionFile | HookFile | DataFile, depth: int) -> Json:
        broken = value.document if isinstance(value.document, Unreadable) else None
        fields = {"path": value.path, "text": value.text, "unreadable": broken}
        return {"$": type(value).__name__, **{name: self.value(one, depth + 1) for name, one in fields.items()}}

    def _answer(self, answer: Answer) -> int:
        fields = {name: getattr(answer, name) for name in names(Answer) if name != "body"}
        kept = {name: self.value(one) for name, one in fields.items()}
        document: Json = {**kept, "body": masked(redacted(plain(answer.body)), self._mask)}
        name = _order(document)
        if name not in self._numbers:
            self._numbers[name] = len(self.answers)
            self.answers.append(document)
        return self._numbers[name]


class Decoder:
    """Decodes the facts of one recording."""

    def __init__(self, answers: list[Any], reread: Mapping[str, Reread]) -> None:
        """Takes the answers by number, and what reads the text of a parsed file again, by the record's name.

        Raises:
            NotRecordableError: where an answer is none.
        """
        self._reread = reread
        self._answers = [self._made(Answer, {**one, "body": None}, one.get("body")) for one in map(_object, answers)]

    def value(self, value: Any) -> Any:  # noqa: ANN401 - what was encoded
        """The value that was encoded.

        Raises:
            NotRecordableError: where the document is not of this form.
        """
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$" in value:
            return self._record(value)
        if len(value) != 1:
            raise NotRecordableError("an object that is neither a record nor a word of this form")
        ((word, inner),) = value.items()
        try:
            return self._word(word, inner)
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            raise NotRecordableError(f"{word}: {error}") from error

    def _word(self, word: str, inner: Any) -> Any:  # noqa: ANN401 - what was encoded
        if word == "$answer":
            return self._answers[inner]
        if word == "$map":
            return {self.value(key): self.value(item) for key, item in inner}
        if word in _COLLECTIONS:
            return _COLLECTIONS[word](self.value(item) for item in inner)
        if word in _SCALARS:
            return _SCALARS[word](inner)
        raise NotRecordableError(f"{word[:40]!r} is no word of this form")

    def _record(self, value: dict[str, Any]) -> object:
        name = value["$"]
        fields = {key: one for key, one in value.items() if key != "$"}
        found = records().get(name) if isinstance(name, str) else None
        if found is None:
            raise NotRecordableError(f"{str(name)[:40]!r} is no fact of this govcheck")
        if found in (WorkflowFile, ActionFile, HookFile, DataFile):
            return self._file(found, {key: self.value(one) for key, one in fields.items()})
        return self._made(found, fields)

    def _made(self, record: type, fields: Mapping[str, Any], body: Any = None) -> Any:  # noqa: ANN401 - any record
        if fields.keys() != set(names(record)):
            raise NotRecordableError(f"{record.__name__} has other fields in this govcheck")
        values = {name: self.value(one) for name, one in fields.items()}
        if record is Workflows:
            return linked(**values)
        return record(**(values | {"body": body} if record is Answer else values))

    def _file(self, record: type, fields: Mapping[str, Any]) -> object:
        if fields.keys() != {"path", "text", "unreadable"}:
            raise NotRecordableError(f"{record.__name__} has other fields in this govcheck")
        if fields["unreadable"] is not None:
            return record(fields["path"], fields["unreadable"], fields["text"])
        return self._reread[record.__name__](fields["path"], fields["text"].encode())


def _fact(name: str) -> type[Fact]:
    return fact_types()[name]


def _enumerated(value: list[Any]) -> Enum:
    name, member = value
    return enumerations()[name](member)


_COLLECTIONS: Mapping[str, Callable[..., object]] = {"$tuple": tuple, "$set": frozenset}
_SCALARS: Mapping[str, Callable[[Any], object]] = {
    "$text": lambda text: base64.b64decode(text, validate=True).decode("utf-8", "surrogatepass"),
    "$utf8": lambda text: text.encode(),
    "$base64": lambda text: base64.b64decode(text, validate=True),
    "$enum": _enumerated,
    "$instant": datetime.fromisoformat,
    "$fact": _fact,
}


def masked(value: Json, mask: Mask) -> Json:
    """A JSON value with every text of it masked."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [masked(item, mask) for item in value]
    if isinstance(value, dict):
        return {mask(key): masked(item, mask) for key, item in value.items()}
    return value


def _object(value: Any) -> dict[str, Any]:  # noqa: ANN401 - anything until it was looked at
    if not isinstance(value, dict):
        raise NotRecordableError("an answer that is no object")
    return value


def _order(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def _modules() -> list[pkgutil.ModuleInfo]:
    return sorted(pkgutil.iter_modules(facts.__path__), key=lambda module: module.name)
