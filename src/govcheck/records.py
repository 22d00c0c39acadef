"""Records: what `@dataclass(slots=True)` makes, at a tenth of what that costs.

    @frozen                   an assignment raises; equal, and hashed, by value
    @frozen(kw_only=True)     the same, and its constructor takes keywords only
    @mutable                  may be assigned to: for what collects while it works

The standard library compiles seven methods for each class, a quarter of a millisecond and more, and brings `inspect`
along. Here the constructor is compiled when the first instance is made, and what copies when the first copy is. To
`dataclasses` and to pydantic a record is a dataclass all the same: see `_Standard`.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform, get_origin, overload

if TYPE_CHECKING:  # a type checker knows these by name: what each field takes, and that a copy takes the same
    from dataclasses import field, replace

__all__ = ["field", "frozen", "mutable", "names", "replace"]

_Class = TypeVar("_Class")
_MISSING: Any = object()


class _Field:
    """What a field begins with, and where it counts."""

    __slots__ = ("compared", "default", "factory", "kw_only", "shown")

    def __init__(
        self, default: object, factory: object = _MISSING, *, compared: bool = True, shown: bool = True
    ) -> None:
        self.default = default
        self.factory = factory
        self.compared = compared
        self.shown = shown
        self.kw_only = False


if not TYPE_CHECKING:

    def field(*, default=_MISSING, default_factory=_MISSING, compare=True, repr=True):  # noqa: A002, ANN001, ANN201 - as the standard library's
        """A field that is more than its default, as `dataclasses.field`."""
        return _Field(default, default_factory, compared=compare, shown=repr)

    def replace(record, /, **changes):  # noqa: ANN001, ANN003, ANN201 - as the standard library's
        """A copy with other values in some fields, as `dataclasses.replace`."""
        return _copier(type(record))(record, **changes)


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(record: type[_Class], /) -> type[_Class]: ...
@overload
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(*, kw_only: bool = False, eq: bool = True) -> Callable[[type[_Class]], type[_Class]]: ...
def frozen(record: type | None = None, /, *, kw_only: bool = False, eq: bool = True) -> Any:
    """Makes a class a record that nobody can write to. With `eq=False` each is equal to itself alone."""
    make = partial(_made, writable=False, kw_only=kw_only, eq=eq)
    return make(record) if record else make


@overload
@dataclass_transform(field_specifiers=(field,))
def mutable(record: type[_Class], /) -> type[_Class]: ...
@overload
@dataclass_transform(field_specifiers=(field,))
def mutable(*, kw_only: bool = False, eq: bool = True) -> Callable[[type[_Class]], type[_Class]]: ...
def mutable(record: type | None = None, /, *, kw_only: bool = False, eq: bool = True) -> Any:
    """Makes a class a record that can be written to. It has no hash; with `eq=False` each is equal to itself alone."""
    make = partial(_made, writable=True, kw_only=kw_only, eq=eq)
    return make(record) if record else make


def names(record: type) -> tuple[str, ...]:
    """The fields of a record, those that it inherits first.

    Raises:
        TypeError: where the class is not a record.
    """
    if "__record__" not in vars(record):
        raise TypeError(f"{record.__qualname__} is not a record")
    return tuple(_fields(record))


def _fields(record: type) -> dict[str, _Field]:
    fields: dict[str, _Field] = getattr(record, "__record__", {})
    return fields


def _made(record: type, *, writable: bool, kw_only: bool, eq: bool) -> type:
    """The class a second time: slots cannot be added to one that exists."""
    body = {name: value for name, value in vars(record).items() if name not in {"__dict__", "__weakref__"}}
    if "__init__" in body:
        raise TypeError(f"the constructor of {record.__qualname__} is made for it: write a `__post_init__`")
    own = {name: _own_field(body.pop(name, _MISSING), kw_only=kw_only) for name in _own_names(record)}
    inherited = _inherited(record)
    fields = inherited | own
    methods = _SHARED if writable else _SHARED | _FROZEN
    if eq:
        methods = methods | _by_value([name for name, one in fields.items() if one.compared], hashable=not writable)
    described = {
        "__slots__": tuple(name for name in own if name not in inherited),
        "__qualname__": record.__qualname__,
        "__match_args__": tuple(name for name, one in fields.items() if not one.kw_only),
        "__record__": fields,
    }
    return type(record)(record.__name__, record.__bases__, methods | body | described)


def _inherited(record: type) -> dict[str, _Field]:
    fields: dict[str, _Field] = {}
    for base in reversed(record.__mro__[1:]):
        if "__record__" in vars(base):
            fields |= _fields(base)
        elif "__dataclass_fields__" in vars(base):
            raise TypeError(f"a record inherits from records, and {base.__qualname__} is a dataclass")
    return fields


def _own_names(record: type) -> Iterator[str]:
    for name, annotation in record.__annotations__.items():
        origin: object = get_origin(annotation)
        if ClassVar not in (annotation, origin):
            yield name


def _own_field(written: object, *, kw_only: bool) -> _Field:
    made = written if isinstance(written, _Field) else _Field(written)
    if made.default.__hash__ is None:
        raise ValueError(f"all instances would share {made.default!r}: give a `default_factory`")
    made.kw_only = kw_only
    return made


def _nearest(some: type) -> type:
    """The record that a class is, or that it inherits from."""
    return next(one for one in some.__mro__ if "__record__" in vars(one))


def _is_writable(record: type) -> bool:
    return record.__setattr__ is not _refuse


def _construct(self: object, *arguments: object, **named: object) -> None:
    """The constructor of a record without instances: compiles the one that takes its place."""
    record: Any = _nearest(type(self))
    record.__init__ = _constructor(record)
    record.__init__(self, *arguments, **named)


def _constructor(record: type) -> Callable[..., None]:
    scope: dict[str, Any] = {"missing": _MISSING}
    plain, keywords, body = ["self"], ["*"], ["pass"]
    for name, one in _fields(record).items():
        given, value = name, name
        if one.factory is not _MISSING:
            scope[f"make_{name}"] = one.factory
            given, value = f"{name}=missing", f"make_{name}() if {name} is missing else {name}"
        elif one.default is not _MISSING:
            scope[f"default_{name}"] = one.default
            given = f"{name}=default_{name}"
        (keywords if one.kw_only else plain).append(given)
        body.append(_stored(record, name, value, scope))
    if hasattr(record, "__post_init__"):
        body.append("self.__post_init__()")
    return _compiled(record, "__init__", plain + keywords if len(keywords) > 1 else plain, body, scope)


@cache
def _copier(record: type) -> Callable[..., Any]:
    """The function that copies a record: one call in place of a dictionary, its union and the constructor.

    Its own names begin with two underscores, as no field's can: a class would mangle it.
    """
    scope: dict[str, Any] = {"__missing": _MISSING, "__class": record}
    parameters, body = ["__old", "/", "*"], ["self = __class.__new__(__class)"]
    for name in names(record):
        parameters.append(f"{name}=__missing")
        body.append(_stored(record, name, f"__old.{name} if {name} is __missing else {name}", scope))
    if hasattr(record, "__post_init__"):
        body.append("self.__post_init__()")
    return _compiled(record, "__replace__", parameters, [*body, "return self"], scope)


def _stored(record: type, name: str, value: str, scope: dict[str, Any]) -> str:
    """The statement that gives a field of `self` its value."""
    if _is_writable(record):
        return f"self.{name} = {value}"
    scope[f"set_{name}"] = getattr(record, name).__set__  # the slot itself, which no `__setattr__` stands before
    return f"set_{name}(self, {value})"


def _compiled(
    record: type, name: str, parameters: list[str], body: list[str], scope: dict[str, Any]
) -> Callable[..., Any]:
    exec(f"def {name}({', '.join(parameters)}):\n " + "\n ".join(body), scope)  # noqa: S102 - of names alone
    made: Callable[..., Any] = scope[name]
    made.__qualname__ = f"{record.__qualname__}.{name}"
    return made


def _repr(self: object) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, one in _fields(type(self)).items() if one.shown)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _by_value(compared: list[str], *, hashable: bool) -> dict[str, Any]:
    def tuple_of(record: object) -> tuple[object, ...]:
        return tuple(getattr(record, name) for name in compared)

    value = attrgetter(*compared) if len(compared) > 1 else tuple_of

    def equal(self: object, other: object) -> bool:
        return value(self) == value(other) if type(other) is type(self) else NotImplemented

    def hash_of(self: object) -> int:
        return hash(value(self))

    return {"__eq__": equal, "__hash__": hash_of if hashable else None}


def _refuse(_: object, name: str, *__: object) -> None:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - a program that is right never gets here

    raise FrozenInstanceError(f"`{name}` of a frozen record cannot be written to")


def _reduce(self: object) -> tuple[Callable[[], object], tuple[()]]:
    """How `copy` and `pickle` make another one: by its constructor, because they cannot assign."""
    return partial(type(self), **{name: getattr(self, name) for name in _fields(type(self))}), ()


class _Standard:
    """What `dataclasses` and pydantic know a dataclass by; made when one of them asks for it."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, _: object, asked: type) -> object:
        record = _nearest(asked)
        standard = _standard(record)
        for name in _STANDARD:
            setattr(record, name, getattr(standard, name))
        return getattr(record, self._name)


def _standard(record: type) -> type:
    """A dataclass of the standard library with the same fields, and nothing else."""
    import dataclasses  # noqa: PLC0415 - this is what the hook is spared

    types = {name: one for base in reversed(record.__mro__[:-1]) for name, one in base.__annotations__.items()}
    fields = []
    for name, one in _fields(record).items():
        given = {"default": one.default, "default_factory": one.factory}
        known: dict[str, Any] = {option: value for option, value in given.items() if value is not _MISSING}
        standard = dataclasses.field(**known, kw_only=one.kw_only, compare=one.compared, repr=one.shown)
        fields.append((name, types[name], standard))
    return dataclasses.make_dataclass(
        record.__name__, fields, init=False, repr=False, eq=False, match_args=False, frozen=not _is_writable(record)
    )


_STANDARD = ("__dataclass_fields__", "__dataclass_params__")
_SHARED: dict[str, Any] = {"__init__": _construct, "__repr__": _repr} | {name: _Standard(name) for name in _STANDARD}
_FROZEN: dict[str, Any] = {"__setattr__": _refuse, "__delattr__": _refuse, "__reduce__": _reduce}
