"""The events that start a workflow: what `on` says.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

from collections.abc import Iterator

from govcheck.actions.steps import Odd, scalar_at, text
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.records import frozen


@frozen(kw_only=True, eq=False)
class Patterns:
    """One list of a trigger: `branches`, `paths`, `types`, ..."""

    key: Scalar
    """The key's own node."""

    items: tuple[Scalar, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The list's items as text."""
        return tuple(text(item) for item in self.items)


@frozen(kw_only=True, eq=False)
class Cron:
    """One entry of `on.schedule`."""

    cron: Scalar
    timezone: Scalar | None


@frozen(kw_only=True, eq=False)
class Trigger:
    """One event that starts the workflow."""

    event: str
    key: Scalar
    """Where the event is named."""

    config: Mapping | None = None
    """Everything below the event, where there is something."""

    types: Patterns | None = None
    branches: Patterns | None = None
    branches_ignore: Patterns | None = None
    paths: Patterns | None = None
    paths_ignore: Patterns | None = None
    tags: Patterns | None = None
    tags_ignore: Patterns | None = None
    crons: tuple[Cron, ...] = ()


def triggers_of(on: Node | None, odd: list[Odd]) -> Iterator[Trigger]:
    """Every event that `on` names, in the order of the file; what names none is noted as odd."""
    if isinstance(on, Scalar) and isinstance(on.value, str):
        yield Trigger(event=on.value, key=on)
    elif isinstance(on, Sequence):
        for item in on:
            if isinstance(item, Scalar):
                yield Trigger(event=text(item), key=item)
            else:
                odd.append(Odd("an event is not a word", item))
    elif isinstance(on, Mapping):
        for event, (key, value) in on.entries.items():
            yield _trigger(event, key, value, odd)
    elif on is not None:
        odd.append(Odd("`on` names no event", on))


def _trigger(event: str, key: Scalar, value: Node, odd: list[Odd]) -> Trigger:
    if isinstance(value, Sequence) and event == "schedule":
        return Trigger(event=event, key=key, crons=tuple(_crons(value, odd)))
    if not isinstance(value, Mapping):
        if not (isinstance(value, Scalar) and value.value is None):
            odd.append(Odd(f"the settings of {event} are not a mapping", value))
        return Trigger(event=event, key=key)
    if not value.entries:
        return Trigger(event=event, key=key, config=value)
    return Trigger(
        event=event,
        key=key,
        config=value,
        types=_patterns(value, "types", odd),
        branches=_patterns(value, "branches", odd),
        branches_ignore=_patterns(value, "branches-ignore", odd),
        paths=_patterns(value, "paths", odd),
        paths_ignore=_patterns(value, "paths-ignore", odd),
        tags=_patterns(value, "tags", odd),
        tags_ignore=_patterns(value, "tags-ignore", odd),
    )


def _crons(items: Sequence, odd: list[Odd]) -> Iterator[Cron]:
    for item in items:
        cron = scalar_at(item, "cron", odd) if isinstance(item, Mapping) else None
        if isinstance(item, Mapping) and cron is not None:
            yield Cron(cron=cron, timezone=scalar_at(item, "timezone", odd))
        else:
            odd.append(Odd("an entry of `schedule` has no `cron`", item))


def _patterns(config: Mapping, name: str, odd: list[Odd]) -> Patterns | None:
    entry = config.entries.get(name)
    if entry is None:
        return None
    key, value = entry
    nodes = value.items if isinstance(value, Sequence) else (value,)
    items = tuple(node for node in nodes if isinstance(node, Scalar) and node.value is not None)
    if len(items) < len(nodes) and not (isinstance(value, Scalar) and value.value is None):
        odd.append(Odd(f"`{name}` holds something that is not text", value))
    return Patterns(key=key, items=items) if items else None
