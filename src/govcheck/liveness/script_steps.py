"""Steps that promise something and are scripts for `actions/github-script`.

Such a step fails where the script throws, or where it says `core.setFailed`; `core.error` and `core.warning` only
speak. Sources: https://github.com/actions/github-script and https://github.com/actions/toolkit/tree/main/packages/core
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from typing import TYPE_CHECKING

from govcheck.actions.embedded import embedded, masked
from govcheck.actions.steps import scalar_at
from govcheck.actions.workflow import Step, Workflow, location, text
from govcheck.facts.document import Scalar
from govcheck.facts.workflows import Workflows
from govcheck.findings import Evidence, Fix, Reason
from govcheck.liveness.chances import Site, chance
from govcheck.liveness.counting import as_it_counts
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.promises import promises_by_name
from govcheck.liveness.script_tree import ancestors, arguments, below, called, method, read, source
from govcheck.records import replace

if TYPE_CHECKING:  # the parser is dear to load
    from tree_sitter import Node

_RUNS_IT = "actions/github-script@"
_MAY_THROW = frozenset({"exec", "getExecOutput", "assert", "strictEqual", "deepStrictEqual", "ok"})
_LOADS = frozenset({"require", "import", "eval"})
_DOES = re.compile(
    r"setOutput|exportVariable|saveState|(?:create|add|update|set|remove|delete|merge|dispatch|request|upload|lock|close)"
    r"(?!Comment)(?:[A-Z]\w*)?"
)
"""Methods of scripts that make something be so, or tell other steps."""


def gates(readable: list[Workflow], workflows: Workflows, contents: MappingOf[str, object]) -> Iterator[Gate]:
    """Every step that promises something and is such a script.

    Args:
        readable: Every workflow that can be read.
        workflows: All workflow files, for what calls what.
        contents: Path to bytes of the repository's own programs.
    """
    told: set[str] = set()
    for workflow in readable:
        for job in workflow.jobs:
            for step in job.steps:
                script = _script(step)
                if script is not None and step.origin not in told and promises_by_name(_name(step)):
                    told.update([step.origin] if step.origin else [])
                    yield from _judged(Site(workflow, job, step, contents), script, workflows)


def _script(step: Step) -> Scalar | None:
    if step.uses is None or not text(step.uses).strip().startswith(_RUNS_IT) or step.with_ is None:
        return None
    return scalar_at(step.with_, "script")


def _name(step: Step) -> str:
    return " ".join(text(step.name).split()) if step.name is not None else ""


def _judged(site: Site, script: Scalar, workflows: Workflows) -> Iterator[Gate]:
    name = _name(site.step)
    gate = Gate(
        family="promise",
        subject=f"{site.workflow.path}:{site.job.id}:{name}",
        state=State.ALIVE,
        why="",
        location=location(site.workflow.path, site.step.name or site.step.node),
        reason=Reason.UNPARSEABLE,
    )
    said = text(script)
    tree = read(masked(said, embedded(said), "x").encode())
    if tree is None or tree.damaged:
        yield replace(gate, state=State.UNTOLD, why=f'the step "{name}": its script cannot be read')
        return
    how = next(_failing(tree.root), None)
    verdict = chance(site, workflows)
    if how is not None:
        yield as_it_counts(replace(gate, why=f"`{how}` fails it"), verdict, site.workflow.path, name)
    elif not any(_does_something(one) for one in below(tree.root, "call_expression", "return_statement")):
        why = f'the step "{name}": its script calls no `core.setFailed`, and throws nothing that ends it'
        here = Evidence(text="the script stands here", location=location(site.workflow.path, script))
        fix = Fix(text="call `core.setFailed` where it finds something wrong, or take the step out")
        yield replace(gate, state=State.DEAD, why=why, fix=fix, evidence=(here,))


def _failing(root: "Node") -> Iterator[str]:
    """What ends the script as failed."""
    kinds = ("call_expression", "throw_statement", "assignment_expression")
    for node in below(root, *kinds):
        shown = " ".join(source(node).split())
        named = method(node) if node.type == "call_expression" else None
        name = named[1] if named is not None else called(node) if node.type == "call_expression" else ""
        if (
            (name == "setFailed")
            or (name == "exit" and [source(one) for one in arguments(node)] not in ([], ["0"]))
            or (node.type == "assignment_expression" and "exitCode" in shown.partition("=")[0])
            or ((node.type == "throw_statement" or name in _MAY_THROW or name == "reject") and not _is_caught(node))
            or name in _LOADS
            or (node.type == "call_expression" and source(node).startswith("import("))
        ):
            yield shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004 - as long as fits in a sentence


def _is_caught(node: "Node") -> bool:
    """Whether a `catch` around it ends there what it throws."""
    before = node
    for one in ancestors(node):
        if one.type == "try_statement" and one.child_by_field_name("handler") is not None:
            body, handler = one.child_by_field_name("body"), one.child_by_field_name("handler")
            if body == before and handler is not None and not any(below(handler, "throw_statement")):
                return True
        before = one
    return False


def _does_something(node: "Node") -> bool:
    """Whether it changes something, or says something to other steps."""
    if node.type == "return_statement":
        return bool(node.named_children)
    named = method(node)
    return named is not None and _DOES.fullmatch(named[1]) is not None
