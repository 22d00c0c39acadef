"""Facts: frozen data that was gathered. A check says by its parameters' types which ones it reads.

A fact never says "fine" by an empty value: what could not be read is `Missing` in its place, or a part of the
fact that says so itself.
"""

from collections.abc import Mapping
from types import MappingProxyType

from govcheck.findings import Reason
from govcheck.records import field, frozen


class Fact:
    """The root of everything that a check can read. A fact is a frozen record without behaviour of its own."""

    __slots__ = ()


@frozen
class Request:
    """One fact that is wanted. Facts that take parameters (a branch, globs) have a request type of their own."""

    fact: type[Fact]


@frozen(kw_only=True)
class Missing:
    """A fact that was on offer and could not be had."""

    reason: Reason
    message: str
    permission: str | None = None
    endpoint: str | None = None
    status: int | None = None
    size: int | None = None
    """Of a file that is too large to be read: its bytes."""

    grantable: bool = True


@frozen(kw_only=True)
class Facts:
    """Everything that was gathered for one run."""

    offered: frozenset[type[Fact]]
    """What this stage can offer at all. A check that reads anything else is not applicable."""

    answers: Mapping[Request, Fact | Missing] = field(default_factory=lambda: MappingProxyType({}))
    unchanged: frozenset[Request] = frozenset()
    """At pre-commit: what is the same in the index as at HEAD."""
