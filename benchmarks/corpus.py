"""Every workflow kind over many workflow files, in one process, timed as a whole.

    .venv/bin/python benchmarks/corpus.py FOLDER

FOLDER has one folder for each repository, each with workflow files below `.github/workflows`.
"""

import gc
import sys
import time
from collections.abc import Iterator
from pathlib import Path

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


def run(names: tuple[str, ...], repositories: list[dict[str, bytes]]) -> None:
    planned = plan(load_policies([PolicySource(name, (POLICIES / name).read_bytes()) for name in names]))
    files = sum(len(contents) for contents in repositories)
    gc.set_threshold(100_000, 50, 50)  # as the program does
    start = time.perf_counter()
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
    each = (end - start) / files * 1000
    print(f"{files} files: parse {middle - start:.3f} s, judge {end - middle:.3f} s, {each:.2f} ms a file")
    print(f"{findings} findings, {unknowns} unknowns")


def read(folder: Path) -> Iterator[dict[str, bytes]]:
    for repository in sorted(path for path in folder.iterdir() if path.is_dir()):
        found = sorted(repository.rglob(".github/workflows/*.y*ml"))
        if found:
            yield {f".github/workflows/{path.name}": path.read_bytes() for path in found}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
