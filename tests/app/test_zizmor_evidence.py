"""What zizmor gets is the state that is judged, and at a commit also the one that it starts from."""

import os
import stat
from pathlib import Path

import pytest

from program import Govcheck
from repositories import Repository

PATH = ".github/workflows/a.yml"
POLICY = "kind: workflow-security\nid: z\nzizmor: {}\n"
WORKFLOW = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n# "
STAND_IN = """#!/bin/sh
cat .github/workflows/a.yml >> "$(dirname "$0")/seen"
echo "completed ./.github/workflows/a.yml" >&2
echo '[]'
"""


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a stand-in for zizmor was given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "zizmor"
    program.write_text(STAND_IN)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    return folder / "seen"


@pytest.fixture
def governed(repository: Repository) -> Repository:
    repository.commit_file("policies/z.yaml", POLICY)
    repository.commit_file(PATH, WORKFLOW + "committed\n")
    repository.write(PATH, WORKFLOW + "staged\n")
    repository.stage(PATH)
    repository.write(PATH, WORKFLOW + "on the disk\n")
    return repository


@pytest.mark.parametrize(
    ("arguments", "states"),
    [((), ["on the disk"]), (("--rev", "HEAD"), ["committed"]), (("--staged",), ["staged", "committed"])],
)
def test_it_reads_what_is_judged(governed: Repository, govcheck: Govcheck, seen: Path, arguments, states):
    ran = govcheck("check", *arguments, "--format", "json")
    assert [line[2:] for line in seen.read_text().splitlines() if line.startswith("# ")] == states
    assert [policy["outcome"] for policy in ran.report["policies"] if policy["id"] == "z"] == ["pass"]
    assert governed.path.exists()


def test_a_commit_that_leaves_the_workflows_alone_does_not_run_it(governed: Repository, govcheck: Govcheck, seen: Path):
    governed.run("reset", "--quiet", "--hard")
    governed.write("docs/b.md", "b")
    governed.stage("docs/b.md")
    assert govcheck("check", "--staged").code == 0
    assert not seen.exists()
