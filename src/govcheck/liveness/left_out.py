"""Scripts of a `package.json` that are run only if they are there, and are not.

Source: https://docs.npmjs.com/cli/commands/npm-run#if-present
"""

import posixpath

from govcheck.actions.own_programs import called, package_scripts
from govcheck.actions.programs import Program
from govcheck.liveness.executions import Execution, Ran

_ELSEWHERE = frozenset(
    {"-w", "--workspace", "--workspaces", "-ws", "-r", "--recursive", "--filter", "-F", "-C", "--dir", "--cwd"}
)
"""Options with which a package manager looks into other manifests."""


def left_out(execution: Execution, ran: Ran, program: Program) -> str:
    """Why a package manager that was told `--if-present` runs nothing: a clause; empty where it may run something."""
    texts = program.texts()
    if "--if-present" not in texts or not _ELSEWHERE.isdisjoint(texts) or not execution.checkout.is_own:
        return ""
    for one in called(program, _folder(execution, ran)):
        content = execution.checkout.contents.get(one.path)
        if one.script and isinstance(content, bytes) and one.script not in package_scripts(content):
            return f"{one.path} has no script `{one.script}`, and `--if-present` takes that for a success"
    return ""


def _folder(execution: Execution, ran: Ran) -> str:
    if ran.called is not None and ran.called.script:
        return posixpath.dirname(ran.called.path)
    return execution.checkout.folder or ""
