"""Gates of workflows that are written in a test."""

from textwrap import dedent

from govcheck.liveness.gate import Gate
from govcheck.liveness.steps import step_gates
from govcheck.sources.workflow_files import read_workflows

PATH = ".github/workflows/ci.yml"


def gates(workflow: str, files: dict[str, str] | None = None, ignoring: dict[str, str] | None = None) -> list[Gate]:
    """Every gate of one workflow file.

    Args:
        workflow: Its text.
        files: The repository's other files, all of them tracked, by path.
        ignoring: The text of every `.gitignore`, by path.
    """
    contents = {path: text.encode() for path, text in (files or {}).items()}
    tracked = dict.fromkeys((PATH, *contents), "100644")
    ignored = {path: text.encode() for path, text in (ignoring or {}).items()}
    return list(step_gates(read_workflows({PATH: dedent(workflow).encode()}), contents, tracked, ignored))


def steps(text: str, on: str = "pull_request", job: str = "") -> str:
    """A workflow with one job of these steps, the first of which begins in line 6."""
    lines = dedent(text).strip("\n").split("\n")
    body = "\n".join(f"      {line}" for line in lines)
    return f"on: {on}\njobs:\n  one:\n    {job or 'runs-on: ubuntu-latest'}\n    steps:\n{body}\n"


def told(found: list[Gate], family: str = "") -> list[tuple[str, str]]:
    """Family and state of every gate, or of those of one family."""
    return [(gate.family, gate.state.value) for gate in found if not family or gate.family == family]
