"""Gathers the repository's own files that its workflows run, by following what each of them runs in turn."""

from collections.abc import Callable, Iterable, Mapping

from govcheck.actions.own_programs import Called, called_by, called_by_workflow
from govcheck.actions.workflow import read
from govcheck.facts import Missing
from govcheck.facts.tree import OwnPrograms
from govcheck.facts.workflows import Unreadable, Workflows

_DEEPEST = 6
"""How many files one after the other are followed."""

_MOST = 1000
"""How many files are read in all."""


def read_own_programs(
    workflows: Workflows,
    tracked: Mapping[str, str],
    blobs: Callable[[Iterable[str]], Mapping[str, bytes | Missing]],
) -> OwnPrograms:
    """Every tracked file that the workflows run, and what those run.

    Args:
        workflows: Of the state that is judged.
        tracked: Its paths.
        blobs: Reads the bytes of paths in that state.
    """
    readable = [read(file) for file in workflows.files if not isinstance(file.document, Unreadable)]
    waiting = [one for workflow in readable for one in called_by_workflow(workflow)]
    contents: dict[str, bytes | Missing] = {}
    seen: set[Called] = set()
    for _ in range(_DEEPEST):
        waiting = [one for one in dict.fromkeys(waiting) if one not in seen and one.path in tracked]
        seen.update(waiting)
        contents.update(blobs(list({one.path for one in waiting} - contents.keys())[: _MOST - len(contents)]))
        if not waiting:
            break
        known = ((one, contents.get(one.path)) for one in waiting)
        waiting = [next_ for one, data in known if isinstance(data, bytes) for next_ in called_by(one, data)]
    return OwnPrograms(contents)
