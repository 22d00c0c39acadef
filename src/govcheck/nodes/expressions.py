"""CEL expressions over single nodes, by `cel-expr-python` (the extra `cel`), which is imported where one is compiled.

https://github.com/cel-expr/cel-python. It has no I/O, RE2 for its patterns, and bounds of its own: 10,000 iterations,
32 levels. Errors are values there: anything but a true or false that was worked out is an `ExpressionError` here.
"""

import importlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

from govcheck.nodes.shapes import types_named
from govcheck.paths import display
from govcheck.records import frozen

LONGEST = 4096
"""Characters of an expression."""

_LARGEST_TEXT = 1024 * 1024
"""Characters of a text that an expression is given."""

_QUOTED = re.compile(
    r"//[^\n]*"
    r"|[bB]?[rR][bB]?(?:'''.*?'''|\"\"\".*?\"\"\"|'[^']*'|\"[^\"]*\")"
    r"|[bB]?(?:'''(?:\\.|.)*?'''|\"\"\"(?:\\.|.)*?\"\"\"|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")",
    re.DOTALL,
)
"""Comments and texts, in which no `+` and no name counts."""

_WORD = re.compile(r"[A-Za-z_]\w*\b(?!\s*\()")
"""A name that is not called: `size(path)` does not read the size."""

_NAME = re.compile(r"[A-Za-z_]\w*|`[^`]*`")
_TOKEN = re.compile(r"[A-Za-z_]\w*|`[^`]*`|''|\S")
_VALUE_ENDS = re.compile(r"[\w\])}'`]\Z")
"""How a token ends behind which `[` is an index, and no list."""

_MACRO = re.compile(r"\.\s*(all|exists|exists_one|filter|map)\s*\(")
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_STATUS = re.compile(r"^[A-Z_]+: |\s*\[[A-Z_]+\]\s*$")
_SUFFIX = " (in container '')"


class ExpressionError(ValueError):
    """An expression that is none, or that came to no true or false: why, in a clause."""


class EngineMissingError(ExpressionError):
    """The extra that evaluates expressions is not installed."""


class _Type(Protocol):
    def name(self) -> str: ...


class _Value(Protocol):
    def type(self) -> _Type: ...
    def value(self) -> object: ...


class _Compiled(Protocol):
    def return_type(self) -> _Type: ...
    def eval(self, *, data: Mapping[str, Any]) -> _Value: ...


@frozen(eq=False)
class Expression:
    """A compiled expression."""

    source: str
    compiled: _Compiled
    reads: tuple[str, ...]
    """The values of a node that it may look at."""

    def holds(self, node: Mapping[str, Any]) -> bool:
        """Whether it is true of a node.

        Raises:
            ExpressionError: where it is neither true nor false.
        """
        try:
            found = self.compiled.eval(data={name: _given(node[name]) for name in self.reads})
        except RuntimeError as error:
            raise ExpressionError(_clause(str(error))) from None
        kind, value = found.type().name(), found.value()
        if kind == "BOOL" and isinstance(value, bool):
            return value
        said = _clause(str(value)) if kind == "ERROR" else f"it comes to {_said_kind(kind)}, not to true or false"
        raise ExpressionError(said)


@lru_cache(maxsize=1024)
def compile_expression(source: str, each: str) -> Expression:
    """An expression over the nodes of one name, with their types.

    Raises:
        EngineMissingError: where the extra `cel` is not installed.
        ExpressionError: where it is not valid, or can come to something else than true or false.
    """
    bare = _bare(source)
    if len(source) > LONGEST:
        raise ExpressionError(f"it has {len(source):,} characters, more than the {LONGEST:,} that are read")
    macro = _MACRO.search(bare)
    if macro is not None and (grower := _grower(bare)):
        raise ExpressionError(f"{grower} and `{macro[1]}` in one expression could make a value of any size")
    cel, environment = _environment(each)
    try:
        compiled: _Compiled = environment.compile(source)
    except RuntimeError as error:
        raise ExpressionError(_compile_error(str(error), source)) from None
    kind = compiled.return_type()
    if kind not in (cel.Type.BOOL, cel.Type.DYN):
        raise ExpressionError(f"it comes to {_said_kind(kind.name())}, not to true or false")
    return Expression(source, compiled, reads(source, each))


def reads(source: str, each: str) -> tuple[str, ...]:
    """The values of a node that an expression may look at, told without the engine."""
    words = frozenset(_WORD.findall(_bare(source)))
    return tuple(name for name in types_named(each) if name in words)


def _grower(bare: str) -> str | None:
    """What in an expression makes larger values of others: repeated by a loop, that has no bound of the engine's."""
    before, literals = "", [False]
    for word in _TOKEN.findall(bare):
        if word == "+":
            return "`+`"
        if word in {"[", "{"}:
            is_index = word == "[" and before != "in" and _VALUE_ENDS.search(before) is not None
            literals.append(literals[-1] or not is_index)
        elif word in {"]", "}"} and len(literals) > 1:
            literals.pop()
        elif literals[-1] and _NAME.fullmatch(word) and word not in {"true", "false", "null"}:
            return f"a list or mapping of something else than constants (`{word}`)"
        before = word
    return None


def _bare(source: str) -> str:
    """The expression without what its comments and texts say."""
    return _QUOTED.sub(lambda found: " " if found[0].startswith("//") else "''", source)


@lru_cache(maxsize=32)
def _environment(each: str) -> tuple[Any, Any]:
    try:
        cel = importlib.import_module("cel_expr_python.cel")
    except ImportError:
        raise EngineMissingError("`expr` needs the extra `cel`: pip install 'govcheck[cel]'") from None
    kinds = {
        "text": cel.Type.STRING,
        "number": cel.Type.INT,
        "truth": cel.Type.BOOL,
        "texts": cel.Type.List(cel.Type.STRING),
        "object": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
        "objects": cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)),
        "any": cel.Type.DYN,
    }
    variables = {name: kinds[kind] for name, kind in types_named(each).items()}
    return cel, cel.NewEnv(variables=variables)


_KINDS = {
    "STRING": "a text",
    "INT": "a number",
    "UINT": "a number",
    "DOUBLE": "a number",
    "LIST": "a list",
    "MAP": "a mapping",
    "NULL": "null",
    "BYTES": "bytes",
    "TIMESTAMP": "a time",
    "DURATION": "a length of time",
}


def _said_kind(name: str) -> str:
    return _KINDS.get(name.partition("<")[0], name)


def _given(value: Any) -> Any:  # noqa: ANN401 - JSON of any form
    """A value as the engine takes it: text that is no Unicode would not get through."""
    if isinstance(value, str):
        if len(value) > _LARGEST_TEXT:
            raise ExpressionError(f"a text of {len(value):,} characters is more than an expression is given")
        return value if value.isascii() else _sound(value)
    if isinstance(value, list):
        return [_given(item) for item in value]
    if isinstance(value, Mapping):
        return {_given(key): _given(item) for key, item in value.items()}
    return value


def _sound(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return display(text).encode("utf-8", "replace").decode()
    return text


def _compile_error(said: str, source: str) -> str:
    found = _ERROR.search(said)
    if found is None:
        return _clause(said)
    line, column, message = found.groups()
    message = _STATUS.sub("", message).replace(_SUFFIX, "")
    hint = ""
    if message.startswith("undeclared") and re.search(r"[A-Za-z_]-[A-Za-z_]", source):
        hint = '; `a-b` is a minus b: a key with a hyphen is read as `raw["timeout-minutes"]`'
    place = f"column {column}" if line == "1" else f"line {line}, column {column}"
    return f"{message} at {place}{hint}"


def _clause(said: str) -> str:
    return " ".join(_STATUS.sub("", said).split())[:300]
