"""The steps of a job, and the reading of single keys that all parts of a workflow share."""

from functools import lru_cache

from govcheck.actions.values import to_text
from govcheck.facts.document import Mapping, Node, Scalar, Sequence
from govcheck.records import frozen


@frozen(eq=False)
class Odd:
    """A part whose shape GitHub does not know, so that it was left out."""

    message: str
    node: Node


@frozen(kw_only=True, eq=False)
class Step:
    """One step of a job."""

    index: int
    """The first is 0."""

    node: Mapping
    id: Scalar | None
    name: Scalar | None
    uses: Scalar | None
    run: Scalar | None
    shell: Scalar | None
    working_directory: Scalar | None
    with_: Mapping | None
    env: Mapping | None
    condition: Scalar | None
    """Its `if`."""

    continue_on_error: Scalar | None
    timeout: Scalar | None
    origin: str = ""
    """Where an action of the repository's own has it, `path:line`; empty for a step that the job itself has."""


@lru_cache(maxsize=4096)
def steps_of(job: Mapping) -> tuple[Step, ...]:
    """The steps of a job's mapping; entries that are not mappings are left out."""
    steps = job.get("steps")
    if not isinstance(steps, Sequence):
        return ()
    return tuple(step_of(index, node) for index, node in enumerate(steps) if isinstance(node, Mapping))


def step_of(index: int, node: Mapping) -> Step:
    """The step that a mapping says."""
    return Step(
        index=index,
        node=node,
        id=scalar_at(node, "id"),
        name=scalar_at(node, "name"),
        uses=scalar_at(node, "uses"),
        run=scalar_at(node, "run"),
        shell=scalar_at(node, "shell"),
        working_directory=scalar_at(node, "working-directory"),
        with_=mapping_at(node, "with"),
        env=mapping_at(node, "env"),
        condition=scalar_at(node, "if"),
        continue_on_error=scalar_at(node, "continue-on-error"),
        timeout=scalar_at(node, "timeout-minutes"),
    )


def scalar_at(node: Mapping, key: str, odd: list[Odd] | None = None) -> Scalar | None:
    """The single value of a key; what is none is noted as odd."""
    entry = node.entries.get(key)
    if entry is None:
        return None
    value = entry[1]
    if isinstance(value, Scalar):
        return value
    if odd is not None:
        odd.append(Odd(f"`{key}` is not a single value", value))
    return None


def mapping_at(node: Mapping, key: str, odd: list[Odd] | None = None) -> Mapping | None:
    """The mapping of a key; what is none, and no expression either, is noted as odd."""
    entry = node.entries.get(key)
    if entry is None:
        return None
    value = entry[1]
    if isinstance(value, Mapping):
        return value
    if odd is not None and not (isinstance(value, Scalar) and (value.value is None or "${{" in value.text)):
        odd.append(Odd(f"`{key}` is not a mapping", value))
    return None


def text(node: Scalar) -> str:
    """What GitHub makes of a value where it wants text: `1.10` is `1.1`, nothing is the empty string."""
    value = node.value
    return value if isinstance(value, str) else to_text(value)
