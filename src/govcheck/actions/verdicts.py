"""Whether a context is reported for every pull request to a branch: one word, and what it rests on."""

from typing import Literal

from govcheck.actions.contexts import Contexts, Reported
from govcheck.actions.job_names import could_be
from govcheck.actions.reach import Condition, Level
from govcheck.actions.values import Unknown
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Reason
from govcheck.paths import display
from govcheck.records import frozen

Word = Literal["exact", "pattern", "remote", "missing", "conditional", "ambiguous", "wrong-trigger"]

PASSING: frozenset[Word] = frozenset({"exact"})
UNTOLD: frozenset[Word] = frozenset({"pattern", "remote"})


@frozen
class Verdict:
    """What the files say about one context."""

    word: Word
    origins: tuple[Reported, ...] = ()
    """The jobs that report it, or may."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What stands in the way, the decisive ones first."""
        found = [condition for origin in self.origins for condition in origin.reach.conditions]
        return tuple(sorted(found, key=lambda condition: -condition.level))


def judge(context: str, contexts: Contexts) -> Verdict:
    """The verdict on one context.

    A name that is known only in part counts for what it may be. It can excuse a missing context, never a context that
    is known to be reported only sometimes.
    """
    named = [one for one in contexts.reported if one.name == context]
    live = tuple(one for one in named if one.reach.level < Level.NEVER)
    if len(live) > 1:
        return Verdict("ambiguous", live)
    if live:
        return Verdict(_BY_LEVEL[live[0].reach.level], live)
    vague = [one for one in contexts.reported if isinstance(one.name, Unknown) and could_be(one.name, context)]
    possible = tuple(one for one in vague if one.reach.level <= Level.UNTOLD)
    if possible:
        return Verdict("remote" if all(one.remote for one in possible) else "pattern", possible)
    telling = [one for one in vague if isinstance(one.name, Unknown) and any(one.name.shape)]
    sometimes = tuple(one for one in telling if one.reach.level is Level.SOMETIMES)
    if sometimes:
        return Verdict("conditional", sometimes)
    never = tuple(named) or tuple(telling)
    return Verdict("wrong-trigger", never) if never else Verdict("missing")


def blind_spot(found: Verdict, contexts: Contexts, workflows: Workflows) -> tuple[Reason, str] | None:
    """Why a verdict cannot be trusted: something that was not read could report the context."""
    unread = None
    if found.word in UNTOLD:
        unread = next((one.unread for one in found.origins if one.unread is not None), None)
        if unread is None:
            return None
    elif found.word not in {"missing", "wrong-trigger"}:
        return None
    for file in workflows.files:
        document = file.document
        if isinstance(document, Unreadable) and document.reason and unread in {None, file.path}:
            return document.reason, f"{display(file.path)}, which may report it, cannot be read: {document.message}"
    if not contexts.complete:
        return Reason.UNPARSEABLE, "there are more jobs in these workflows than govcheck follows"
    return None


def worse(first: Verdict, second: Verdict) -> Verdict:
    """Of two verdicts that both have to be good, the one that decides; the first, where both are alike."""
    return max((first, second), key=lambda verdict: _WEIGHT.get(verdict.word, 2))


_BY_LEVEL: dict[Level, Word] = {
    Level.ALWAYS: "exact",
    Level.UNTOLD: "pattern",
    Level.SOMETIMES: "conditional",
}
_WEIGHT = dict.fromkeys(PASSING, 0) | dict.fromkeys(UNTOLD, 1)
