"""A repository with policies, and the real program run on it."""

import atexit
import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from repositories import ENVIRONMENT, Repository
from started_program import anew, started

POLICY = """
kind: allowed-paths
id: docs-only
allow: ["docs/**", "policies/**", ".github/**", ".govcheck.yaml"]
"""
WORKFLOW = """
on: pull_request
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{run: make}]
"""


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def subjects(self) -> list[tuple[str, str, bool]]:
        return [(found["policy"], found["subject"], found["pre_existing"]) for found in self.report["findings"]]


Govcheck = Callable[..., Ran]


def program(directory: Path) -> Govcheck:
    """The program itself, in a folder, with an environment that has nothing of the machine's."""

    def run(*arguments: str, **variables: str) -> Ran:
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **ENVIRONMENT, **variables}
        run_it = anew if any(name.startswith("PYTHON") for name in variables) else started().run
        return Ran(*run_it(arguments, directory, environment))

    return run


def kept_by(repository: Repository) -> bytes:
    """Everything that govcheck keeps under the git directory, unpacked: there is no secret in it."""
    paths = (path for path in (repository.path / ".git" / "govcheck").rglob("*") if path.is_file())
    return b"".join(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths)


def governed(path: Path) -> Repository:
    """A repository with one policy, which allows `docs/**`, and one commit: a copy of one that is made once."""
    model = _model()
    shutil.copytree(model.path, path, dirs_exist_ok=True, symlinks=True)
    return model.at_copy(path)


@cache
def _model() -> Repository:
    folder = tempfile.TemporaryDirectory(prefix="govcheck-model-")
    atexit.register(folder.cleanup)
    made = Repository(Path(folder.name) / "model")
    made.write("policies/docs.yaml", POLICY)
    made.write("docs/a.md", "a")
    made.stage("policies/docs.yaml", "docs/a.md")
    made.commit()
    return made
