"""Scripts that compare with the index, which holds nothing new in CI: what they look at is always empty."""

import re
from collections.abc import Iterator

from govcheck.facts.tree import OwnPrograms
from govcheck.facts.workflows import Workflows
from govcheck.findings import Location
from govcheck.liveness.gate import Gate, State

_INDEX = re.compile(rb"git diff[^\n;|&]{0,80}--(?:cached|staged)")


def gates(workflows: Workflows, programs: OwnPrograms) -> Iterator[Gate]:
    """Every comparison with the index that a workflow runs."""
    for path, content in programs.contents.items():
        if workflows.files and isinstance(content, bytes) and (match := _INDEX.search(content)):
            line = content.count(b"\n", 0, match.start()) + 1
            yield Gate(
                family="comparison",
                subject=path,
                state=State.DEAD,
                why="it reads `git diff --cached`, and nothing is staged in CI",
                location=Location(path=path, line=line),
            )
