"""JSON Schema (2020-12) for single nodes: nothing is fetched, and RE2 matches every pattern, so that none runs away.

`jsonschema` is imported where a schema is first used.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from govcheck.patterns import PatternError, compile_javascript
from govcheck.records import frozen

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

LARGEST = 64 * 1024
"""Characters of a schema as JSON."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFUSED = {
    "$id": "a schema here has no address of its own",
    "$dynamicRef": "only `$ref` is followed here",
    "$recursiveRef": "only `$ref` is followed here",
    "unevaluatedProperties": "write `additionalProperties`",
    "unevaluatedItems": "write `items: false` behind `prefixItems`",
}
_VALUES = frozenset({"const", "enum", "default", "examples"})
"""Keywords whose values are data, no schemas."""

_NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
"""Keywords whose values have schemas under free names."""

_MOST_STEPS = 10_000
"""How many schemas one node may be held to, references followed."""

_DEEPEST = 40

Place = tuple[str | int, ...]


class SchemaError(ValueError):
    """A schema that is not judged by, and where in it."""

    def __init__(self, message: str, place: Place = ()) -> None:
        super().__init__(message)
        self.place = place


@frozen(eq=False)
class Schema:
    """A compiled schema."""

    validator: "Validator"

    def against(self, node: Mapping[str, Any]) -> str | None:
        """What a node has against it: the worst of it, in words; None where the node is as the schema says.

        Raises:
            ArithmeticError, RecursionError: where the node cannot be held to it.
        """
        error = self.worst(node)
        if error is None:
            return None
        place, message = error
        written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
        return f"{written.removeprefix('.')}: {message}" if place else message

    def worst(self, node: Any) -> tuple[Place, str] | None:  # noqa: ANN401 - JSON of any form
        """The same, with where in the value it is; of a value of any form.

        Raises:
            ArithmeticError, RecursionError: where the value cannot be held to it.
        """
        from jsonschema.exceptions import best_match  # noqa: PLC0415 - see above

        error = best_match(self.validator.iter_errors(node))
        return None if error is None else (tuple(error.absolute_path), _said(error))


def _said(error: "ValidationError") -> str:
    """What is wrong, with values as JSON writes them: `true was expected`, where Python would say `True`."""
    value = _as_json(error.instance)
    if error.validator == "const":
        return f"{_as_json(error.validator_value)} was expected"
    if error.validator == "enum":
        return f"{value} is not one of {_as_json(error.validator_value)}"
    if error.validator == "type":
        named = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        return f"{value} is not of type {', '.join(map(_as_json, named))}"
    return str(error.message)


def _as_json(value: Any) -> str:  # noqa: ANN401 - JSON of any form
    return json.dumps(value, ensure_ascii=False, default=str)


def compile_schema(schema: Mapping[str, Any]) -> Schema:
    """A schema, checked whole, and kept.

    Raises:
        SchemaError: where it is none, is too large, or reads what is not its own.
    """
    try:
        text = json.dumps(schema)
    except (TypeError, ValueError, RecursionError) as error:
        raise SchemaError(f"it is not JSON: {error}") from error
    if len(text) > LARGEST:
        raise SchemaError(f"it has {len(text):,} characters, more than the {LARGEST:,} that are read")
    return _compiled(text)


def mentions(schema: Mapping[str, Any], key: str) -> bool:
    """Whether a schema may look at that value of a node. One that looks at the node as a whole looks at all of them."""
    return _is_whole(schema) or json.dumps(key) in json.dumps(schema)


def _is_whole(schema: object) -> bool:
    """Whether something other than single properties is asked of the node itself."""
    if not isinstance(schema, Mapping):
        return False
    single = {"type", "properties", "required", "title", "description", "$comment", "$schema", "$defs"}
    inner = {"allOf", "anyOf", "oneOf", "not", "if", "then", "else"}
    if any(key not in single | inner for key in schema):
        return True
    below = (schema[key] for key in inner if key in schema)
    return any(_is_whole(one) for value in below for one in (value if isinstance(value, list) else [value]))


@lru_cache(maxsize=512)
def _compiled(text: str) -> Schema:
    schema = json.loads(text)
    _ensure_own(schema, (), 0)
    _Steps(schema).of(schema, ())
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 - see above
    from jsonschema.exceptions import SchemaError as NotASchemaError  # noqa: PLC0415 - see above
    from referencing import Registry  # noqa: PLC0415 - see above

    try:
        Draft202012Validator.check_schema(schema, format_checker=FormatChecker([]))
    except NotASchemaError as error:
        place = "/".join(map(str, error.absolute_path))
        raise SchemaError(f"{place}: {error.message}" if place else error.message, tuple(error.absolute_path)) from None
    return Schema(_validator()(schema, registry=Registry()))


def _ensure_own(schema: object, place: Place, depth: int) -> None:
    """Refuses what reads something else than the schema itself, or could run away."""
    if depth > _DEEPEST:
        raise SchemaError("it is nested too deep", place)
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        below = (*place, keyword)
        _ensure_keyword(keyword, value, below)
        for at, inner in _inner(keyword, value):
            _ensure_own(inner, (*below, *at), depth + 1)


def _ensure_keyword(keyword: str, value: object, place: Place) -> None:
    if keyword in _REFUSED:
        raise SchemaError(f"`{keyword}` is not read: {_REFUSED[keyword]}", place)
    if keyword == "$schema" and value != _DIALECT:
        raise SchemaError(f"`$schema` can only be {_DIALECT}", place)
    if keyword == "$ref" and not (isinstance(value, str) and (value == "#" or value.startswith("#/"))):
        raise SchemaError("`$ref` leads out of the schema: only `#/...` is followed, nothing is fetched", place)
    if keyword == "pattern":
        _ensure_pattern(value, place)
    if keyword == "patternProperties" and isinstance(value, dict):
        for pattern in value:
            _ensure_pattern(pattern, place)


def _ensure_pattern(pattern: object, place: Place) -> None:
    if isinstance(pattern, str):
        try:
            compile_javascript(pattern)
        except PatternError as error:
            raise SchemaError(f"the pattern `{pattern[:100]}` cannot be matched by RE2: {error}", place) from None


def _inner(keyword: str, value: object) -> Iterator[tuple[Place, object]]:
    """The schemas directly below a keyword."""
    if keyword in _VALUES:
        return
    if keyword in _NAMED and isinstance(value, dict):
        yield from (((name,), one) for name, one in value.items())
    elif isinstance(value, list):
        yield from (((number,), one) for number, one in enumerate(value))
    elif isinstance(value, dict):
        yield (), value


class _Steps:
    """Counts what one node may be held to: references that lead to themselves have no end, doubling ones none soon."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._known: dict[str, int] = {}
        self._open: set[str] = set()

    def of(self, schema: object, place: Place) -> int:
        """How many schemas there are below one, references followed."""
        if not isinstance(schema, dict):
            return 1
        steps = 1
        for keyword, value in schema.items():
            if keyword == "$ref":
                steps += self._target(str(value), (*place, keyword))
            elif keyword not in {"$defs", "definitions"}:
                steps += sum(self.of(one, (*place, keyword, *at)) for at, one in _inner(keyword, value))
            if steps > _MOST_STEPS:
                raise SchemaError(f"it comes to more than {_MOST_STEPS:,} schemas, references followed", place)
        return steps

    def _target(self, reference: str, place: Place) -> int:
        if reference in self._open:
            raise SchemaError(f"`{reference}` leads to itself", place)
        if reference not in self._known:
            self._open.add(reference)
            self._known[reference] = self.of(self._found(reference, place), place)
            self._open.discard(reference)
        return self._known[reference]

    def _found(self, reference: str, place: Place) -> object:
        found: Any = self._root
        for step in reference.removeprefix("#").removeprefix("/").split("/") if reference != "#" else ():
            name = step.replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            elif isinstance(found, dict) and name in found:
                found = found[name]
            else:
                raise SchemaError(f"`{reference}` leads to nothing in the schema", place)
        return found


@lru_cache(maxsize=1)
def _validator() -> "type[Validator]":
    from jsonschema import Draft202012Validator, validators  # noqa: PLC0415 - see above

    own = {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
    }
    made: type[Validator] = validators.extend(Draft202012Validator, own)  # type: ignore[no-untyped-call]
    return made


def _pattern(_: Any, pattern: str, value: object, __: object) -> Iterator[Exception]:  # noqa: ANN401 - jsonschema's own
    if isinstance(value, str) and not compile_javascript(pattern).found(value):
        yield _error(f"{_short(value)} does not match '{pattern}'")


def _pattern_properties(
    validator: Any,  # noqa: ANN401 - jsonschema's own
    patterns: dict[str, Any],
    value: object,
    _: object,
) -> Iterator[Exception]:
    for pattern, inner in patterns.items() if isinstance(value, dict) else ():
        for name, one in value.items() if isinstance(value, dict) else ():
            if compile_javascript(pattern).found(name):
                yield from validator.descend(one, inner, path=name, schema_path=pattern)


def _additional_properties(
    validator: Any,  # noqa: ANN401 - jsonschema's own
    inner: object,
    value: object,
    schema: dict[str, Any],
) -> Iterator[Exception]:
    if not isinstance(value, dict):
        return
    patterns = [compile_javascript(pattern) for pattern in schema.get("patternProperties", {})]
    known = schema.get("properties", {})
    more = [name for name in value if name not in known and not any(one.found(name) for one in patterns)]
    if isinstance(inner, dict):
        for name in more:
            yield from validator.descend(value[name], inner, path=name)
    elif inner is False and more:
        yield _error(f"{', '.join(map(_short, more[:5]))} must not be there")


def _error(message: str) -> Exception:
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415 - see above

    return ValidationError(message)


def _short(value: str) -> str:
    return repr(value if len(value) <= 80 else f"{value[:80]}…")  # noqa: PLR2004 - what a line has room for
