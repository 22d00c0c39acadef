"""`.govcheck.yaml`: what a repository may say about how govcheck is run in it. Every key has a default."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from govcheck.policy import MODEL_CONFIGURATION
from govcheck.policy_sets import Entry, extends_problems
from govcheck.records import frozen

_CONDITION = re.compile(r"\s*(>=|<=|==|>|<)\s*([0-9]{1,9}(?:\.[0-9]{1,9}){0,3})\s*")
_DAYS = re.compile(r"([1-9][0-9]{0,4})d")
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")


@frozen(kw_only=True)
class Configuration:
    """The configuration of one repository."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    requires: str = ""
    """The versions of govcheck that may judge here: `>=0.2`, or several conditions with commas."""

    policies: tuple[str, ...] = ()
    """Folders with policies, from the repository's root; `policies` where none is given."""

    extends: tuple[Entry, ...] = ()
    """Sets of policies that hold here too, in order: a later one may change what an earlier one says, and the
    repository's own policies what any of them says. `govcheck:NAME`, a folder, or `github:OWNER/NAME@COMMIT:FOLDER`."""

    disable: tuple[str, ...] = ()
    """Ids of policies of those sets that do not hold here."""

    repository: str = ""
    """The repository on GitHub, as OWNER/NAME; found out where it is left out."""

    retention: str = ""
    """How long sweeps keep snapshots, in days: `90d`. What is older is pruned by the next sweep; for ever where it is
    left out."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say."""
        if self.requires and not are_conditions(self.requires):
            yield (
                ("requires",),
                f"`{self.requires}` is no condition on a version: write it as `>=0.2` or `>=0.2,<1`",
            )
        if self.repository and not _REPOSITORY.fullmatch(self.repository):
            yield ("repository",), f"`{self.repository}` is not OWNER/NAME"
        yield from extends_problems(self.extends)
        if self.disable and not self.extends:
            yield ("disable",), "it leaves out policies of sets, and `extends` names none"
        if self.retention and kept_for(self.retention) is None:
            yield ("retention",), f"`{self.retention}` is no number of days: write it as `90d`"
        for number, folder in enumerate(self.policies):
            if not folder.strip() or folder.startswith("/") or ".." in folder.split("/"):
                yield ("policies", number), f"`{folder}` is not a folder below the repository's root"


def are_conditions(text: str) -> bool:
    """Whether a text is a list of conditions on a version."""
    return all(map(_CONDITION.fullmatch, text.split(",")))


def kept_for(written: str) -> timedelta | None:
    """The length of time that is written like `90d`; None for everything else."""
    match = _DAYS.fullmatch(written)
    return timedelta(days=int(match[1])) if match else None


def satisfies(version: str, conditions: str) -> bool:
    """Whether a version is within every condition; none is no condition."""
    matches = (_CONDITION.fullmatch(condition) for condition in conditions.split(",") if condition.strip())
    return all(match is not None and _holds(_numbers(version), match[1], _numbers(match[2])) for match in matches)


def _holds(version: tuple[int, ...], operator: str, bound: tuple[int, ...]) -> bool:
    if operator in {"==", "<=", ">="} and version == bound:
        return True
    return version > bound if operator[0] == ">" else operator[0] == "<" and version < bound


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, without zeros at the end: 0.2 and 0.2.0 are the same."""
    match = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    numbers = [int(part) for part in match.group().split(".")] if match else [0]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
