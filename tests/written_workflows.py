"""Workflow files written in a test, read as govcheck reads them."""

from textwrap import dedent

from govcheck.actions.workflow import Workflow, read
from govcheck.facts.workflows import Workflows
from govcheck.sources.workflow_files import read_workflows


def workflows(files: dict[str, str]) -> Workflows:
    """The files by name, below `.github/workflows`."""
    return read_workflows(
        {f".github/workflows/{name}": dedent(text).lstrip("\n").encode() for name, text in files.items()}
    )


def workflow(text: str) -> Workflow:
    """One file, which has to be readable."""
    (file,) = workflows({"w.yml": text}).files
    found = read(file)
    assert found.jobs, file.document
    return found


def with_step(step: str) -> Workflow:
    """A workflow with one job and that step, whose first line is line 6 of the file."""
    indented = "\n".join(f"      {line}" if line else "" for line in dedent(step).strip("\n").split("\n"))
    return workflow(f"on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n{indented}\n")


def with_script(script: str) -> Workflow:
    """A workflow whose one step runs that script, whose first line is line 7 of the file, from column 11."""
    body = "\n".join(f"    {line}" if line else "" for line in dedent(script).strip("\n").split("\n"))
    return with_step(f"- run: |\n{body}")
