"""Builds workflow facts out of texts, through the real reader."""

from textwrap import dedent

from govcheck.actions.contexts import Contexts, Moment, derive
from govcheck.actions.nearest import show
from govcheck.facts.workflows import Workflows
from govcheck.sources.workflow_files import read_workflows

FOLDER = ".github/workflows/"


def workflows(**texts: str) -> Workflows:
    """`workflows(ci="on: ...")` is the file `.github/workflows/ci.yml`."""
    return read_workflows({f"{FOLDER}{name}.yml": dedent(text).encode() for name, text in texts.items()})


def contexts(branch: str | None = "main", moment: Moment = "pull-request", **texts: str) -> Contexts:
    return derive(workflows(**texts), branch, moment)


def levels(found: Contexts) -> dict[str, str]:
    """Context to how sure it is."""
    return {show(one.name): one.reach.level.name.lower() for one in found.reported}


def jobs(text: str, on: str = "pull_request") -> str:
    """A workflow of these jobs."""
    return f"on: {on}\njobs:\n" + "\n".join(f"  {line}" for line in dedent(text).strip().splitlines())
