"""Reads `.github/workflows`: every file as GitHub would, one by one, so that a broken file is never the end of a run.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from collections.abc import Mapping

from govcheck.actions.structure import refusals
from govcheck.actions.workflow import read
from govcheck.facts import Missing
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Reason
from govcheck.sources.workflow_paths import is_workflow_path
from govcheck.sources.yaml_document import WORKFLOW, load_one
from govcheck.sources.yaml_errors import YamlError


def read_workflows(contents: Mapping[str, bytes | Missing]) -> Workflows:
    """All workflow files, by path.

    Args:
        contents: The bytes of tracked files; those that are no workflows are left out.
    """
    paths = sorted(filter(is_workflow_path, contents))
    return Workflows(tuple(read_file(path, contents[path]) for path in paths))


def read_file(path: str, content: bytes | Missing) -> WorkflowFile:
    """One workflow file, or why it is none."""
    if isinstance(content, Missing):
        return WorkflowFile(path, Unreadable(content.message, 0, 0, content.reason), "")
    text = content.decode("utf-8", "replace")
    try:
        document = load_one(content, WORKFLOW)
    except YamlError as error:
        reason = None if error.github_rejects else Reason.UNPARSEABLE
        return WorkflowFile(path, Unreadable(error.message, error.line, error.column, reason), text)
    if not isinstance(document, MappingNode):
        message = "the file is not a mapping with `on` and `jobs`"
        return WorkflowFile(path, Unreadable(message, document.line, document.column, None), text)
    file = WorkflowFile(path, document, text)
    refusal = next(refusals(read(file)), None)
    if refusal is None:
        return file
    return WorkflowFile(path, Unreadable(refusal.message, refusal.node.line, refusal.node.column, None), text)
