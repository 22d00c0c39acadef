"""Which secrets reach which step: by `env` of workflow, job or step, by `with`, and by the script itself."""

from collections.abc import Iterator

from govcheck.actions.embedded import embedded
from govcheck.actions.expressions import ExpressionError, parse
from govcheck.actions.syntax import Context, Expression, Index, Literal, walk
from govcheck.actions.templates import OPENING
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.facts.document import Mapping, Node, Scalar
from govcheck.records import frozen

OWN_TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the name of a secret, not one


@frozen
class SecretUse:
    """One secret that one step is given."""

    secret: str
    """Its name, in upper case: GitHub does not tell cases apart."""

    key: str
    """What it is called where it is given: the variable, or the input; empty where it stands in the script."""

    node: Node
    """Where."""

    of: str
    """`env`, `with` or `run`."""


def secrets_of(workflow: Workflow, job: Job, step: Step) -> Iterator[SecretUse]:
    """Every secret that a step is given. The run's own token is none."""
    seen: set[str] = set()
    for mapping in (step.env, job.env, workflow.env):
        for key, node in mapping.items() if mapping is not None else ():
            if key not in seen:
                seen.add(key)
                yield from _in_value(key, node, "env")
    yield from _in_mapping(step.with_)
    if step.run is not None:
        yield from _in_value("", step.run, "run")


def secrets_in(source: str) -> Iterator[str]:
    """The names of the secrets in a text's expressions, in upper case."""
    for one in embedded(source):
        try:
            expression = parse(one.source)
        except ExpressionError:
            continue
        yield from _names(expression)


def _in_mapping(mapping: Mapping | None) -> Iterator[SecretUse]:
    for key, node in mapping.items() if mapping is not None else ():
        yield from _in_value(key, node, "with")


def _in_value(key: str, node: Node, of: str) -> Iterator[SecretUse]:
    if isinstance(node, Scalar) and OPENING in node.text and "secrets" in node.text.casefold():
        for name in dict.fromkeys(secrets_in(text(node))):
            yield SecretUse(name, key, node, of)


def _names(expression: Expression) -> Iterator[str]:
    for node in walk(expression):
        match node:
            case Index(Context(context), Literal(str() as name)) if context.casefold() == "secrets":
                if name.upper() != OWN_TOKEN:
                    yield name.upper()
