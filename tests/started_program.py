"""The program as a process of its own for each run, forked from one that has imported it already.

What takes longest of a short run is Python's start. The process that is forked is as fresh as `python -m govcheck`
after its imports: it has seen nothing of any test. What a run imports is held by tests that start Python themselves.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from repositories import ENVIRONMENT

_SERVER = """
import gc, io, json, os, sys

import govcheck.app.change, govcheck.app.record, govcheck.app.sweep, govcheck.app.tree, govcheck.app.waiving
import govcheck.cli.check, govcheck.cli.explain, govcheck.cli.run, govcheck.cli.sweep
import govcheck.reporters.json, govcheck.reporters.text, govcheck.sources.policy_files
from govcheck import registry
from govcheck.__main__ import main

for name in registry.kinds():
    registry.kind(name)


def child(ask):
    for number, name in ((0, os.devnull), (1, ask["out"]), (2, ask["errors"])):
        opened = os.open(name, os.O_RDWR)
        os.dup2(opened, number)
        os.close(opened)
    code = 70
    try:
        os.chdir(ask["directory"])
        os.environ.clear()
        os.environ.update(ask["environment"])
        sys.argv = [sys.modules["govcheck.__main__"].__file__, *ask["arguments"]]
        sys.stdin = io.TextIOWrapper(open(0, "rb", closefd=False), "utf-8", "surrogateescape")
        sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), "utf-8", "surrogateescape")
        sys.stderr = io.TextIOWrapper(open(2, "wb", closefd=False), "utf-8", "backslashreplace", write_through=True)
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(code)


gc.freeze()
answers = os.fdopen(os.dup(1), "w")
for line in sys.stdin.buffer:
    process = os.fork()
    if not process:
        child(json.loads(line))
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    answers.write(f"{code}\\n")
    answers.flush()
"""


class Started:
    """One process that forks runs, one after the other."""

    def __init__(self) -> None:
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **ENVIRONMENT}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self._lock = threading.Lock()

    def run(self, arguments: Sequence[str], directory: Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
        """The exit code, and what was written to standard output and standard error."""
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as errors:
            ask = {
                "arguments": list(arguments),
                "directory": str(directory),
                "environment": dict(environment),
                "out": out.name,
                "errors": errors.name,
            }
            code = self._ask(ask)
            return code, out.read().decode("utf-8"), errors.read().decode("utf-8")

    def _ask(self, ask: Mapping[str, object]) -> int:
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(f"{json.dumps(ask)}\n".encode())
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        assert answer, "the process that runs govcheck has ended"
        return int(answer)


def anew(arguments: Sequence[str], directory: Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """The same by a Python of its own, which heeds Python's own variables."""
    command = [sys.executable, "-m", "govcheck", *arguments]
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@cache
def started() -> Started:
    """The one of this test process."""
    return Started()
