"""What somebody meant who wrote down a context that nothing reports."""

import difflib
from collections.abc import Iterable, Iterator

from govcheck.actions.contexts import Contexts, Reported
from govcheck.actions.job_names import Name, base_name
from govcheck.actions.reach import Level
from govcheck.actions.values import Unknown, fold
from govcheck.records import frozen

_SHOWN = 6
_CLOSE_ENOUGH = 0.65
_MOST_COMPARED = 2000
"""Comparing costs: beyond so many contexts the nearest one is not looked for."""


@frozen
class Hint:
    """A sentence's clause, and the contexts that it offers."""

    text: str
    offers: tuple[str, ...] = ()
    sure: bool = True
    """False where the offer is only spelled alike."""


def hint(context: str, contexts: Contexts) -> Hint | None:
    """The best guess at what was meant; None where nothing comes near."""
    live = [one for one in contexts.reported if one.reach.level < Level.NEVER]
    dead = [one for one in contexts.reported if one.reach.level is Level.NEVER]
    found = _guess(context, live) or _nearest(context, live)
    if found is not None:
        return found
    elsewhere = _guess(context, dead)
    if elsewhere is None:
        return None
    verb = "are" if "contexts are" in elsewhere.text else "is"
    return Hint(f"{elsewhere.text}, which {verb} reported at other times")


def _guess(context: str, reported: list[Reported]) -> Hint | None:
    return _workflow_name(context, reported) or _as_displayed(context, reported) or _job_id(context, reported)


def show(name: Name) -> str:
    """A context for people: what is not known of it as `*`."""
    return "".join("*" if piece is None else piece for piece in name.shape) if isinstance(name, Unknown) else name


def listed(names: Iterable[Name]) -> str:
    """Contexts in a sentence, each once, not too many."""
    shown = [f"`{name}`" for name in dict.fromkeys(map(show, names))]
    rest = len(shown) - _SHOWN
    return ", ".join(shown[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _workflow_name(context: str, reported: list[Reported]) -> Hint | None:
    folded = fold(context)
    group = [one for one in reported if fold(one.workflow.title) == folded]
    if not group:
        return None
    verb = "is" if len({show(one.name) for one in group}) == 1 else "are"
    noun = "context" if verb == "is" else "contexts"
    text = f"`{context}` is a workflow's name; its {noun} {verb} {listed(one.name for one in group)}"
    return Hint(text, _offers(group))


def _as_displayed(context: str, reported: list[Reported]) -> Hint | None:
    """`Workflow / job (event)` is what a pull request's page shows."""
    for one in reported:
        name = show(one.name)
        shown = f"{one.workflow.title} / {name}"
        if context == shown or (context.startswith(f"{shown} (") and context.endswith(")")):
            return Hint(f"that is how a pull request's page shows it; the context is `{name}`", _offers([one]))
    return None


def _job_id(context: str, reported: list[Reported]) -> Hint | None:
    """The id or the name of a job that reports under a longer name, or another one."""
    group = [one for one in reported if context in {one.job.id, base_name(one.job), *_called_by(one)}]
    if not group:
        return None
    return Hint(f"the job of that name reports as {listed(one.name for one in group)}", _offers(group))


def _called_by(one: Reported) -> Iterator[str | None]:
    for caller in one.callers:
        yield caller.id
        yield base_name(caller)


def _nearest(context: str, reported: list[Reported]) -> Hint | None:
    names = {fold(one.name): one.name for one in reported[:_MOST_COMPARED] if isinstance(one.name, str)}
    close = difflib.get_close_matches(fold(context)[:200], names, n=1, cutoff=_CLOSE_ENOUGH)
    return Hint(f"the nearest context is `{names[close[0]]}`", (names[close[0]],), sure=False) if close else None


def _offers(group: list[Reported]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in group if isinstance(one.name, str)))
