"""Reads `.github/workflows`: every file as GitHub would, one by one, so that a broken file is never the end of a run.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

import re
from collections.abc import Iterable, Mapping

from govcheck.actions.composite import folder_named
from govcheck.actions.structure import refusals
from govcheck.actions.workflow import read
from govcheck.facts import Missing
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.workflows import ActionFile, Unreadable, WorkflowFile, Workflows, linked
from govcheck.findings import Reason
from govcheck.sources.workflow_paths import ACTION_NAMES, is_action_path, is_workflow_path
from govcheck.sources.yaml_document import WORKFLOW, load_one
from govcheck.sources.yaml_errors import YamlError

_LOCAL = re.compile(rb"uses[\"']?[ \t]*:[ \t]*[\"']?(\./[^\s\"'#]*)")
_FLOW_END = re.compile(rb"[],}]")


def actions_named(contents: Iterable[bytes | Missing]) -> frozenset[str]:
    """Where the actions may be that these files use: `.github/actions/deploy/action.yml`, and the other name of it.

    The text is searched, not read, so that a name in a comment is among them.
    """
    found = {match[1] for content in contents if isinstance(content, bytes) for match in _LOCAL.finditer(content)}
    written = {one for uses in found for one in (uses, _FLOW_END.split(uses, maxsplit=1)[0])}
    folders = {folder_named(uses.decode("utf-8", "replace")) for uses in written} - {None}
    return frozenset(f"{folder}/{name}".removeprefix("/") for folder in folders for name in ACTION_NAMES)


def read_workflows(contents: Mapping[str, bytes | Missing]) -> Workflows:
    """All workflow files by path, and the actions among the files.

    Args:
        contents: The bytes of tracked files; those that are neither are left out.
    """
    workflows = (read_file(path, contents[path]) for path in sorted(filter(is_workflow_path, contents)))
    actions = (read_action(path, contents[path]) for path in sorted(filter(is_action_path, contents)))
    return linked(tuple(workflows), tuple(actions))


def read_action(path: str, content: bytes | Missing) -> ActionFile:
    """One action of the repository's own, or why it is none."""
    if isinstance(content, Missing):
        return ActionFile(path, Unreadable(content.message, 0, 0, content.reason), "")
    text = content.decode("utf-8", "replace")
    try:
        document = load_one(content, WORKFLOW)
    except YamlError as error:
        reason = None if error.github_rejects else Reason.UNPARSEABLE
        return ActionFile(path, Unreadable(error.message, error.line, error.column, reason), text)
    if isinstance(document, MappingNode):
        return ActionFile(path, document, text)
    return ActionFile(path, Unreadable("the file is not a mapping", document.line, document.column, None), text)


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
