"""The functions of GitHub's expressions, over values that are known in part.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#functions
"""

import json
from collections.abc import Callable

from govcheck.actions.formatting import pieces
from govcheck.actions.values import (
    Array,
    Object,
    Unknown,
    Value,
    equal,
    fold,
    is_primitive,
    join_shapes,
    shape_of,
    to_text,
    unknown,
)

_MAX_JSON = 1024 * 1024


def _contains(arguments: list[Value]) -> Value:
    where, what = arguments
    if isinstance(where, Array):
        found = [equal(item, what) for item in where.items]
        doubt = next((one for one in found if isinstance(one, Unknown)), False)
        return True if True in found else doubt
    return _text_test(where, what, lambda text, part: part in text, _shape_contains)


def _starts_with(arguments: list[Value]) -> Value:
    where, what = arguments
    return _text_test(where, what, str.startswith, _shape_starts)


def _ends_with(arguments: list[Value]) -> Value:
    where, what = arguments
    return _text_test(where, what, str.endswith, _shape_ends)


def _text_test(
    where: Value,
    what: Value,
    test: Callable[[str, str], bool],
    in_part: Callable[[tuple[str | None, ...], str], bool | None],
) -> Value:
    if isinstance(where, Array | Object) or isinstance(what, Array | Object):
        return False
    if isinstance(what, Unknown):
        return unknown(what, where)
    if isinstance(where, Unknown):
        folded = tuple(piece and fold(piece) for piece in shape_of(where))
        decided = in_part(folded, fold(to_text(what)))
        return unknown(where) if decided is None else decided
    return test(fold(to_text(where)), fold(to_text(what)))


def _shape_contains(shape: tuple[str | None, ...], part: str) -> bool | None:
    return True if any(part in piece for piece in shape if piece is not None) else None


def _shape_ends(shape: tuple[str | None, ...], part: str) -> bool | None:
    last = shape[-1] or ""
    if last.endswith(part):
        return True
    return None if part.endswith(last) else False


def _shape_starts(shape: tuple[str | None, ...], part: str) -> bool | None:
    first = shape[0] or ""
    if first.startswith(part):
        return True
    return None if part.startswith(first) else False


def _format(arguments: list[Value]) -> Value:
    pattern, *values = arguments
    if isinstance(pattern, Unknown):
        return unknown(pattern)
    return join_shapes(
        [part if isinstance(part, str) else values[part] for part in pieces(to_text(pattern), len(values))]
    )


def _join(arguments: list[Value]) -> Value:
    items, separator = arguments[0], arguments[1] if len(arguments) > 1 else ","
    if isinstance(items, Unknown):
        return unknown(items)
    if not isinstance(items, Array):
        return to_text(items) if is_primitive(items) else ""
    between = "," if isinstance(separator, Array | Object) else separator
    parts: list[Value] = []
    for item in items.items:
        parts += [item] if not parts else [between, item]
    return join_shapes(parts)


def _to_json(arguments: list[Value]) -> Value:
    doubt = _first_unknown(arguments[0])
    return unknown(doubt) if doubt else _json_text(arguments[0], "\n")


def _first_unknown(value: Value) -> Unknown | None:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Unknown):
            return one
        if isinstance(one, Object):
            if one.rest is not None:
                return one.rest
            waiting.extend(one.entries.values())
        elif isinstance(one, Array):
            waiting.extend(one.items)
    return None


def _json_text(value: Value, line: str) -> str:
    below = line + "  "
    if isinstance(value, Array):
        items = ",".join(below + _json_text(item, below) for item in value.items)
        return f"[{items}{line}]" if items else "[]"
    if isinstance(value, Object):
        pairs = ",".join(
            f"{below}{_json_string(key)}: {_json_text(item, below)}" for key, item in value.entries.items()
        )
        return f"{{{pairs}{line}}}" if pairs else "{}"
    if isinstance(value, str):
        return _json_string(value)
    return "null" if value is None else to_text(value)


def _json_string(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return written.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _from_json(arguments: list[Value]) -> Value:
    (text,) = arguments
    if isinstance(text, Unknown):
        return unknown(text)
    source = to_text(text)
    if len(source) > _MAX_JSON:
        raise ValueError("longer than GitHub takes")
    return from_plain(json.loads(source, parse_int=float))


def from_plain(document: object) -> Value:
    """A JSON document as a value of expressions."""
    if isinstance(document, dict):
        return Object({str(key): from_plain(item) for key, item in document.items()})
    if isinstance(document, list):
        return Array(tuple(from_plain(item) for item in document))
    if document is None or isinstance(document, bool | int | float | str):
        return document
    raise ValueError(f"not JSON: {type(document).__name__}")


FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "contains": _contains,
    "startswith": _starts_with,
    "endswith": _ends_with,
    "format": _format,
    "join": _join,
    "tojson": _to_json,
    "fromjson": _from_json,
}
"""By name, in lower case. They raise ValueError where GitHub fails at run time."""
