"""The pre-commit hook and the CI workflow, as files."""

import importlib.metadata
import os

from govcheck import __version__
from govcheck.app.options import InitOptions
from govcheck.app.state import Reading

HOOK_FILE = ".pre-commit-config.yaml"
WORKFLOW_FILE = ".github/workflows/govcheck.yml"

_ENTRY = """\
  - repo: local
    hooks:
      - id: govcheck
        name: govcheck
        entry: govcheck check --staged
        language: system
        # The hook reads the index itself, deletions too.
        pass_filenames: false
        always_run: true
        require_serial: true
"""

HOOK = f"""\
# Run `pre-commit install` once in each clone. https://pre-commit.com
repos:
{_ENTRY}"""

_WORKFLOW = f"""\
# yaml-language-server: $schema=https://json.schemastore.org/github-workflow.json
# Require the check `govcheck` on the default branch, so that it can stop something.
name: govcheck
on:
  pull_request:
    types: [opened, synchronize, reopened, edited]
permissions:
  contents: read
jobs:
  govcheck:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0 # the base has to be there
          persist-credentials: false
      - run: pipx install git+{{address}}@v{__version__}
      # What the base has already fails nothing; what a change makes worse does.
      - run: govcheck check --base "origin/$GITHUB_BASE_REF" --fail-on warning --format github
"""


_UNNAMED = "https://github.com/OWNER/govcheck"
"""Where the package does not say where it comes from."""

_GITHUB = "https://github.com/"


def address() -> str:
    """Where govcheck can be installed from, as its own package says."""
    try:
        told = importlib.metadata.metadata("govcheck").get_all("Project-URL") or []
    except importlib.metadata.PackageNotFoundError:
        return _UNNAMED
    urls = [one.partition(",")[2].strip() for one in told]
    parts = (url.removeprefix(_GITHUB).split("/") for url in urls if url.startswith(_GITHUB))
    return next((f"{_GITHUB}{'/'.join(one[:2])}" for one in parts if len(one) > 1), _UNNAMED)


def workflow() -> str:
    """The workflow that runs `check` on pull requests."""
    return _WORKFLOW.replace("{address}", address())


def missing(path: str) -> str:
    """What a file that was written lacks, and only its reader knows; empty where nothing."""
    if path != WORKFLOW_FILE or address() != _UNNAMED:
        return ""
    return (
        f"{path} does not run yet: in its step `pipx install`, replace OWNER by the account on GitHub that you have "
        "govcheck from (this copy of govcheck does not say)"
    )


def asked(options: InitOptions) -> dict[str, str]:
    """Path from the root to text, of what was asked for."""
    return {
        **({HOOK_FILE: HOOK} if options.hook else {}),
        **({WORKFLOW_FILE: workflow()} if options.ci else {}),
    }


def instead(path: str) -> str:
    """What to do where the file is there already."""
    return f"add this to `repos` of {path}:\n{_ENTRY}" if path == HOOK_FILE else ""


def is_there(reading: Reading, path: str) -> bool:
    """Whether the repository has such a file already, which is somebody's own."""
    return os.path.lexists(os.path.join(reading.repository.root, path))
