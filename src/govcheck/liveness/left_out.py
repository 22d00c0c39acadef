"""Scripts of a `package.json` that are run only if they are there, and are not.

Source: https://docs.npmjs.com/cli/commands/npm-run#if-present
"""

import posixpath
import re

from govcheck.actions.own_programs import called, package_scripts
from govcheck.actions.programs import Program
from govcheck.liveness.executions import Execution, Ran

_ELSEWHERE = frozenset(
    {"-w", "--workspace", "--workspaces", "-ws", "-r", "--recursive", "--filter", "-F", "-C", "--dir", "--cwd"}
)
"""Options with which a package manager looks into other manifests."""

_MOVES = re.compile(r"(?:^|[\n;&|{(])\s*(?:cd|pushd)\b")


def left_out(execution: Execution, ran: Ran, program: Program) -> str:
    """Why a package manager that was told `--if-present` runs nothing: a clause; empty where it may run something."""
    texts = program.texts()
    if "--if-present" not in texts or not _ELSEWHERE.isdisjoint(texts) or not execution.checkout.is_own:
        return ""
    folder = _folder(execution, ran)
    if folder is None or _MOVES.search(ran.source[: program.command.offset]) is not None:
        return ""
    for one in called(program, folder):
        content = execution.checkout.contents.get(one.path)
        if one.script and isinstance(content, bytes) and one.script not in package_scripts(content):
            return f"{one.path} has no script `{one.script}`, and `--if-present` takes that for a success"
    return ""


def _folder(execution: Execution, ran: Ran) -> str | None:
    if ran.called is not None and ran.called.script:
        return posixpath.dirname(ran.called.path)
    return execution.checkout.folder
