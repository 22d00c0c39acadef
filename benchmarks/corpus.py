"""Every workflow kind over many workflow files, in one process, timed as a whole.

    .venv/bin/python benchmarks/corpus.py FOLDER

FOLDER has one folder for each repository, each with workflow files below `.github/workflows`. First the files are read
and judged, as if nobody had ever judged them. Then each of them becomes a real repository, and `check` judges all of
these twice: the first time it remembers what it came to, the second time it knows. Both have git's own time in them.
Beside the wall clock stands the processor's time of this process, which a busy machine distorts less.
"""

import gc
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from govcheck.app.check import run_check
from govcheck.app.options import CheckOptions, Setting
from govcheck.engine import judge
from govcheck.facts import Fact, Facts
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, OwnPrograms, TrackedFiles
from govcheck.facts.workflows import Workflows
from govcheck.plan import plan, requests
from govcheck.report import Stage
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.workflow_files import read_workflows

POLICIES = Path(__file__).parent / "policies"


def main(folder: Path) -> None:
    repositories = list(read(folder))
    for names in (("ten.yaml",), ("ten.yaml", "workflow-kinds.yaml")):
        print(*names, sep=" and ")
        run(names, repositories)
        with tempfile.TemporaryDirectory() as place:
            run_remembering(names, repositories, Path(place))


def run(names: tuple[str, ...], repositories: list[dict[str, bytes]]) -> None:
    planned = plan(load_policies([PolicySource(name, (POLICIES / name).read_bytes()) for name in names]))
    files = sum(len(contents) for contents in repositories)
    gc.set_threshold(100_000, 50, 50)  # as the program does
    start, used = time.perf_counter(), time.process_time()
    parsed = [read_workflows(contents) for contents in repositories]
    middle = time.perf_counter()
    findings = unknowns = 0
    for workflows in parsed:
        known: dict[type[Fact], Fact] = {
            Workflows: workflows,
            OwnPrograms: OwnPrograms({}),
            TrackedFiles: TrackedFiles(dict.fromkeys((file.path for file in workflows.files), "100644")),
            Blobs: Blobs({}),
        }
        offered = frozenset({*known, Now})
        answers = {request: known[request.fact] for request in requests(planned, offered) if request.fact in known}
        facts = Facts(offered=offered, answers=answers)
        results = judge(planned, facts, Stage.TREE, time.perf_counter)
        findings += sum(len(result.findings) for result in results)
        unknowns += sum(len(result.unknowns) for result in results)
    end = time.perf_counter()
    each, processor = ((one / files) * 1000 for one in (end - start, time.process_time() - used))
    print(f"{files} files: parse {middle - start:.3f} s, judge {end - middle:.3f} s")
    print(f"{each:.2f} ms a file, {processor:.2f} ms of it the processor's; {findings} findings, {unknowns} unknowns")


def run_remembering(names: tuple[str, ...], repositories: list[dict[str, bytes]], place: Path) -> None:
    policies = place / "policies"
    policies.mkdir()
    for name in names:
        shutil.copy(POLICIES / name, policies)
    folders = [made(contents, place / str(number)) for number, contents in enumerate(repositories)]
    files = sum(len(contents) for contents in repositories)
    for title in ("check, the first time", "check, the second time"):
        start, used = time.perf_counter(), time.process_time()
        findings = unknowns = 0
        for folder in folders:
            setting = Setting(directory=str(folder), policies=(str(policies),), environment={})
            report = run_check(CheckOptions(setting=setting))
            findings += len(report.findings)
            unknowns += len(report.unknowns)
        each, processor = ((one / files) * 1000 for one in (time.perf_counter() - start, time.process_time() - used))
        print(f"{title}: {each:.2f} ms a file, {processor:.2f} ms of it the processor's without git's")
        print(f"{findings} findings, {unknowns} unknowns")


def made(contents: dict[str, bytes], folder: Path) -> Path:
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "add", "-A", "-f"], check=True)
    return folder


def read(folder: Path) -> Iterator[dict[str, bytes]]:
    for repository in sorted(path for path in folder.iterdir() if path.is_dir()):
        found = sorted(repository.rglob(".github/workflows/*.y*ml"))
        if found:
            yield {f".github/workflows/{path.name}": path.read_bytes() for path in found}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
