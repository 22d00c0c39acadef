"""Values of GitHub's expressions, how GitHub coerces and compares them, and `Unknown` for what only a run can tell.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions, and for what that page leaves
open the parser that GitHub published: https://github.com/actions/runner/tree/main/src/Sdk/Expressions
"""

import math
import re
from collections.abc import Mapping

from govcheck.records import frozen

_SIGNIFICANT_DIGITS = 15
_SMALLEST_FIXED_EXPONENT = -5
_LOOKS_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LOOKS_HEXADECIMAL = re.compile(r"0x([0-9a-fA-F]{1,8})")
_LOOKS_OCTAL = re.compile(r"0o([0-7]{1,11})")
_NAMED_NUMBERS = {"infinity": math.inf, "+infinity": math.inf, "-infinity": -math.inf, "nan": math.nan}
_BITS = 32


@frozen(kw_only=True)
class Unknown:
    """A value that cannot be told from the files."""

    expression: str
    """The part of the expression that is not known: `github.head_ref`."""

    constant: bool = False
    """True where every run in this repository has the same value: `vars.IMAGE`, `github.repository`."""

    truth: bool | None = None
    """Whether it counts as true, where that much is known."""

    shape: tuple[str | None, ...] = (None,)
    """As text: what is known of it, in order; None stands for any characters, or for none."""


@frozen(eq=False)
class Array:
    """A list. Compared by identity, as GitHub does."""

    items: tuple["Value", ...]
    filtered: bool = False
    """Whether `.*` made it, so that an index goes to each item."""


@frozen(eq=False)
class Object:
    """A mapping whose keys are found without regard to case. Compared by identity, as GitHub does."""

    entries: Mapping[str, "Value"]
    rest: Unknown | None = None
    """What keys have that are not in `entries`: None means that there are no others."""

    def get(self, key: str) -> "Value":
        """The value of a key; None where there is no such key."""
        found = self.entries.get(key, self)
        if found is not self:
            return found
        folded = fold(key)
        for name, value in self.entries.items():
            if fold(name) == folded:
                return value
        return self.rest

    def __contains__(self, key: str) -> bool:
        """Whether there certainly is such a key."""
        if key in self.entries:
            return True
        folded = fold(key)
        return any(fold(name) == folded for name in self.entries)


Value = None | bool | int | float | str | Array | Object | Unknown
Primitive = None | bool | int | float | str


def is_primitive(value: Value) -> bool:
    """Whether a known value is neither a list nor a mapping."""
    return not isinstance(value, Array | Object | Unknown)


def to_text(value: Value) -> str:
    """A known value as text: nothing is empty, numbers have at most 15 digits, lists and mappings their kind's name."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value)
    return type(value).__name__


def shape_of(value: Value) -> tuple[str | None, ...]:
    """A value as text, as far as it is known; see `Unknown.shape`."""
    return value.shape if isinstance(value, Unknown) else (to_text(value),)


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None where that is not known."""
    if isinstance(value, Unknown):
        return True if value.truth is None and any(value.shape) else value.truth
    if isinstance(value, Array | Object):
        return True
    return bool(value) and value == value  # noqa: PLR0124 - NaN counts as false, and is the value that differs from itself


def to_number(value: Value) -> float:
    """A known value as a number, by JavaScript's rules: text that is not a number is NaN, so are lists and mappings."""
    if value is None:
        return 0.0
    if isinstance(value, str):
        return parse_number(value)
    if isinstance(value, int | float):
        return _float(value)
    return math.nan


def parse_number(characters: str) -> float:
    """Text as a number: decimal, `0x` and `0o` of 32 bits, `Infinity`; empty is 0, everything else NaN."""
    stripped = characters.strip()
    if not stripped:
        return 0.0
    if _LOOKS_DECIMAL.fullmatch(stripped):
        return float(stripped)
    if match := _LOOKS_HEXADECIMAL.fullmatch(stripped):
        return _signed(int(match[1], 16))
    if match := _LOOKS_OCTAL.fullmatch(stripped):
        return _signed(int(match[1], 8))
    return _NAMED_NUMBERS.get(stripped.lower(), math.nan)


def fold(characters: str) -> str:
    """Text as comparisons see it: each character on its own in upper case, where that is one character."""
    if characters.isascii():
        return characters.upper()
    return "".join(upper if len(upper := character.upper()) == 1 else character for character in characters)


def equal(left: Value, right: Value) -> bool | Unknown:
    """GitHub's `==`: text without regard to case, different types as numbers, lists and mappings by identity."""
    if isinstance(left, Unknown):
        return _maybe_equal(left, right)
    if isinstance(right, Unknown):
        return _maybe_equal(right, left)
    if isinstance(left, Array | Object) or isinstance(right, Array | Object):
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return fold(left) == fold(right)
    if left is None and right is None:
        return True
    return to_number(left) == to_number(right)


def less(left: Value, right: Value) -> bool | Unknown:
    """GitHub's `<`: false wherever the two cannot be ordered."""
    for value in (left, right):
        if isinstance(value, Unknown):
            return unknown(value)
    if isinstance(left, Array | Object) or isinstance(right, Array | Object):
        return False
    if isinstance(left, str) and isinstance(right, str):
        return _utf16(fold(left)) < _utf16(fold(right))
    return to_number(left) < to_number(right)


def unknown(of: Unknown, other: Value = None) -> Unknown:
    """What is made of an unknown value, and perhaps of another one: unknown as well, and nothing is known of it."""
    constant = of.constant and (other.constant if isinstance(other, Unknown) else True)
    named = other if isinstance(other, Unknown) and of.constant and not other.constant else of
    return Unknown(expression=named.expression, constant=constant)


def join_shapes(parts: list[Value]) -> Value:
    """The texts of values, one after another: text, or an unknown one that knows its known parts."""
    doubtful = [part for part in parts if isinstance(part, Unknown)]
    if not doubtful:
        return "".join(map(to_text, parts))
    shape: list[str | None] = []
    for part in parts:
        for piece in shape_of(part):
            if piece is None and shape and shape[-1] is None:
                continue
            if piece is not None and shape and shape[-1] is not None:
                shape[-1] += piece
            else:
                shape.append(piece)
    first = next((part for part in doubtful if not part.constant), doubtful[0])
    return Unknown(
        expression=first.expression,
        constant=all(part.constant for part in doubtful),
        shape=tuple(piece for piece in shape if piece != ""),
    )


def fits(shape: tuple[str | None, ...], characters: str) -> bool:
    """Whether text known in part could be this text. Compares exactly; takes time in proportion to the text."""
    if None not in shape:
        return "".join(piece or "" for piece in shape) == characters
    joined = _without_seams(shape)
    first, *middle, last = joined if len(joined) > 1 else (None, None)
    start, end = len(first or ""), len(characters) - len(last or "")
    if start > end or not characters.startswith(first or "") or not characters.endswith(last or ""):
        return False
    for piece in middle:
        if piece:
            found = characters.find(piece, start, end)
            if found < 0:
                return False
            start = found + len(piece)
    return True


def _without_seams(shape: tuple[str | None, ...]) -> list[str | None]:
    """The same shape without two known pieces side by side: what is between them is nothing, not anything."""
    joined: list[str | None] = []
    for piece in shape:
        if joined and piece is not None and joined[-1] is not None:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _maybe_equal(doubtful: Unknown, other: Value) -> bool | Unknown:
    if isinstance(other, str) and not fits(tuple(piece and fold(piece) for piece in doubtful.shape), fold(other)):
        return False
    return unknown(doubtful, other)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _signed(bits: int) -> float:
    bits &= (1 << _BITS) - 1
    return float(bits - (1 << _BITS) if bits >> (_BITS - 1) else bits)


def _utf16(characters: str) -> bytes:
    return characters.encode("utf-16-be", "surrogatepass")


def _number_text(value: float) -> str:
    """A number with at most 15 significant digits, as .NET's format `G15` writes it."""
    number = _float(value)
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    from decimal import ROUND_HALF_EVEN, Decimal  # noqa: PLC0415 - few workflows make text of a number

    exact = Decimal(number)
    quantum = Decimal(1).scaleb(exact.adjusted() - _SIGNIFICANT_DIGITS + 1)
    rounded = exact.quantize(quantum, rounding=ROUND_HALF_EVEN).normalize()
    exponent = rounded.adjusted()
    if _SMALLEST_FIXED_EXPONENT < exponent < _SIGNIFICANT_DIGITS:
        return f"{rounded:f}"
    sign, digits, _ = rounded.as_tuple()
    fraction = "".join(map(str, digits[1:]))
    mantissa = f"{digits[0]}.{fraction}" if fraction else str(digits[0])
    return f"{'-' if sign else ''}{mantissa}E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
