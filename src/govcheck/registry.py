"""Which kinds there are, and what each of their checks reads. The folder `rules/` is the registry.

A rule module holds one policy model (a frozen record that derives from `Policy`) and its checks, functions
under `@check()`. A signature says what a check reads: its first parameter is the model, the others are facts.
"""

import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import Any

from govcheck.facts import Fact, Request
from govcheck.findings import Finding, Held, Judged, Settled, Undecided
from govcheck.policy import Policy
from govcheck.records import frozen

_PACKAGE = "govcheck.rules"

Said = Finding | Undecided | Settled | Held | Judged
"""What a check may yield."""

Wants = Callable[[Any], Iterable[tuple[Request, ...]]]
"""From a policy to the calls of a check: for each call the requests of those facts that take parameters.

No calls mean that the check does not apply to this policy; `[()]` is one call without such requests.
"""


def _one_call(_: Policy) -> Iterable[tuple[Request, ...]]:
    return [()]


@frozen
class Check:
    """One check of a kind: the function, and what it reads."""

    name: str
    judge: Callable[..., Iterator[Said]]
    facts: tuple[type[Fact], ...]
    wants: Wants

    def calls(self, policy: Policy) -> list[tuple[Request, ...]]:
        """The requests of every call that this policy asks for, one request for each parameter."""
        return [tuple(_request(fact, given) for fact in self.facts) for given in self.wants(policy)]


@frozen
class Kind:
    """A kind of policy: its model, its checks, its text."""

    name: str
    model: type[Policy]
    checks: tuple[Check, ...]
    text: str
    """The module's docstring, which is its docs page."""


def check(*, wants: Wants = _one_call) -> Callable[[Callable[..., Iterator[Said]]], Check]:
    """Makes a function of a rule module a check of its kind.

    Raises:
        TypeError: where a parameter is not annotated with a fact.
    """

    def make(judge: Callable[..., Iterator[Said]]) -> Check:
        _, *parameters = _parameters(judge)
        for name, annotation in parameters:
            if not (isinstance(annotation, type) and issubclass(annotation, Fact)):
                raise TypeError(f"{judge.__module__}.{judge.__name__}: {name} is not a fact")
        return Check(judge.__name__, judge, tuple(annotation for _, annotation in parameters), wants)

    return make


@cache
def kind(name: str) -> Kind | None:
    """The kind of that name, or None where `rules/` has no module for it."""
    if name not in kinds():
        return None
    module = importlib.import_module(f"{_PACKAGE}.{name.replace('-', '_')}")
    return Kind(name, _model(module), _checks(module), (module.__doc__ or "").strip())


@cache
def kinds() -> tuple[str, ...]:
    """The names of all kinds, sorted."""
    package = importlib.import_module(_PACKAGE)
    files = (file for folder in package.__path__ for file in os.listdir(folder))
    modules = (file.removesuffix(".py") for file in files if file.endswith(".py") and file != "__init__.py")
    return tuple(sorted(module.replace("_", "-") for module in modules))


def _parameters(function: Callable[..., object]) -> Iterator[tuple[str, Any]]:
    """What `inspect.signature` tells, without its import."""
    code = function.__code__
    for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        yield name, function.__annotations__.get(name)


def _request(fact: type[Fact], given: Sequence[Request]) -> Request:
    return next((request for request in given if request.fact is fact), Request(fact))


def _model(module: ModuleType) -> type[Policy]:
    classes = (value for value in vars(module).values() if isinstance(value, type))
    own = (value for value in classes if value.__module__ == module.__name__)
    (model,) = (value for value in own if issubclass(value, Policy))
    return model


def _checks(module: ModuleType) -> tuple[Check, ...]:
    return tuple(value for value in vars(module).values() if isinstance(value, Check))
