"""Reads `.github/workflows`: every file as GitHub would, one by one, so that a broken file is never the end of a run.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from collections.abc import Mapping

from govcheck.actions.composite import folder_named, own_steps
from govcheck.actions.structure import refusals
from govcheck.actions.workflow import read, text
from govcheck.facts import Missing
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.workflows import ActionFile, Unreadable, WorkflowFile, Workflows, linked
from govcheck.findings import Reason
from govcheck.sources.workflow_paths import is_action_path, is_workflow_path
from govcheck.sources.yaml_document import WORKFLOW, load_one
from govcheck.sources.yaml_errors import YamlError


def read_workflows(contents: Mapping[str, bytes | Missing]) -> Workflows:
    """All workflow files by path, and those of the actions among the files that they use, or that these use.

    Args:
        contents: The bytes of tracked files; those that are neither are left out.
    """
    files = tuple(read_file(path, contents[path]) for path in sorted(filter(is_workflow_path, contents)))
    return linked(files, _used(files, contents))


def _used(files: tuple[WorkflowFile, ...], contents: Mapping[str, bytes | Missing]) -> tuple[ActionFile, ...]:
    """By what was read, not by how it is written: YAML has many ways to write `./deploy`."""
    paths = {path.rpartition("/")[0]: path for path in sorted(filter(is_action_path, contents))}
    found: dict[str, ActionFile] = {}
    named = [step.uses for file in files for job in read(file).jobs for step in job.own_steps] if paths else []
    while named:
        uses = named.pop()
        folder = folder_named(text(uses)) if uses is not None else None
        path = paths.get(folder) if folder is not None else None
        if path is not None and path not in found:
            found[path] = read_action(path, contents[path])
            named += [step.uses for step in own_steps(found[path])]
    return tuple(found[path] for path in sorted(found))


def read_action(path: str, content: bytes | Missing) -> ActionFile:
    """One action of the repository's own, or why it is none."""
    if isinstance(content, Missing):
        return ActionFile(path, Unreadable(content.message, 0, 0, content.reason), "")
    decoded = content.decode("utf-8", "replace")
    try:
        document = load_one(content, WORKFLOW)
    except YamlError as error:
        reason = None if error.github_rejects else Reason.UNPARSEABLE
        return ActionFile(path, Unreadable(error.message, error.line, error.column, reason), decoded)
    if isinstance(document, MappingNode):
        return ActionFile(path, document, decoded)
    return ActionFile(path, Unreadable("the file is not a mapping", document.line, document.column, None), decoded)


def read_file(path: str, content: bytes | Missing) -> WorkflowFile:
    """One workflow file, or why it is none."""
    if isinstance(content, Missing):
        return WorkflowFile(path, Unreadable(content.message, 0, 0, content.reason), "")
    decoded = content.decode("utf-8", "replace")
    try:
        document = load_one(content, WORKFLOW)
    except YamlError as error:
        reason = None if error.github_rejects else Reason.UNPARSEABLE
        return WorkflowFile(path, Unreadable(error.message, error.line, error.column, reason), decoded)
    if not isinstance(document, MappingNode):
        message = "the file is not a mapping with `on` and `jobs`"
        return WorkflowFile(path, Unreadable(message, document.line, document.column, None), decoded)
    file = WorkflowFile(path, document, decoded)
    refusal = next(refusals(read(file)), None)
    if refusal is None:
        return file
    return WorkflowFile(path, Unreadable(refusal.message, refusal.node.line, refusal.node.column, None), decoded)
