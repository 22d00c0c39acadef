"""The outputs in `docs/guides/ten-minutes.md`: made by running every command of it, one after the other.

`python tests/ten_minutes.py` writes them anew; a test says when they are stale.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from repositories import ENVIRONMENT, Repository

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "guides" / "ten-minutes.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)

TEST = """\
on:
  pull_request:
  push: {branches: [main]}
permissions: {contents: read}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - run: make test
"""
LINT = """\
on: pull_request
permissions: {contents: read}
jobs:
  lint:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - run: npx eslint . || true
"""
MAIL = """\
on:
  push: {branches: [main]}
permissions: {contents: read}
jobs:
  tell:
    runs-on: ubuntu-latest
    steps:
      - uses: dawidd6/action-send-mail@v3
        with: {to: team@example.com, subject: Merged}
"""


def sample(path: Path) -> Repository:
    """The repository that the guide is about."""
    made = Repository(path)
    for name, text in (("test", TEST), ("lint", LINT), ("mail", MAIL)):
        made.write(f".github/workflows/{name}.yml", text)
    made.write("README.md", "# A shop\n")
    made.write("Makefile", "test:\n\ttrue\n")
    made.stage()
    made.commit()
    return made


def written(text: str, folder: Path) -> str:
    """The guide with the outputs of today."""
    repository = sample(folder / "shop")
    programs = folder / "bin"
    programs.mkdir()
    shim = programs / "govcheck"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m govcheck "$@"\n')
    shim.chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": "/nonexistent", **ENVIRONMENT}

    def block(match: re.Match[str]) -> str:
        commands = [line for line in match[1].split("\n") if line.startswith("$ ")]
        return (
            "```console\n" + "".join(f"{one}\n{_output(one[2:], repository, environment)}" for one in commands) + "```"
        )

    return _BLOCK.sub(block, text)


def _output(command: str, repository: Repository, environment: dict[str, str]) -> str:
    ran = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=repository.path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ran.returncode not in {0, 1}:
        raise RuntimeError(f"{command!r} exited {ran.returncode}:\n{ran.stdout}")
    return f"{ran.stdout.rstrip()}\n" if ran.stdout.strip() else ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        GUIDE.write_text(written(GUIDE.read_text(), Path(temporary)))
