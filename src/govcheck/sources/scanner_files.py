"""Gathers what secret scanners read: the configurations and baselines that scans name, and what those extend."""

from collections.abc import Callable, Iterable, Mapping

from govcheck.facts import Missing
from govcheck.facts.scanners import ScannerFiles
from govcheck.facts.tree import Mode, OwnPrograms
from govcheck.facts.workflows import Workflows
from govcheck.findings import Reason
from govcheck.liveness.scanner_choices import extensions, wanted_paths
from govcheck.liveness.scanner_steps import scans

_MOST = 200
"""How many files are read in all."""

_NOT_FOLLOWED = Missing(reason=Reason.UNPARSEABLE, message="it is a symbolic link, which is not followed")


def read_scanner_files(
    workflows: Workflows,
    programs: OwnPrograms,
    tracked: Mapping[str, str],
    blobs: Callable[[Iterable[str]], Mapping[str, bytes | Missing]],
) -> ScannerFiles:
    """Every tracked file that a scan of a workflow reads.

    Args:
        workflows: Of the state that is judged.
        programs: What they run.
        tracked: Paths with their modes.
        blobs: Reads the bytes of paths in that state.
    """
    found = tuple(scans(workflows, programs))
    folders = sorted({scan.folder for scan in found} | {""})
    contents: dict[str, bytes | Missing] = {}
    waiting = set(wanted_paths(found, tracked))
    while waiting := {path for path in waiting if path in tracked and path not in contents}:
        chosen = sorted(waiting)[: _MOST - len(contents)]
        links = {path for path in chosen if tracked[path] == Mode.SYMLINK}
        contents |= dict.fromkeys(links, _NOT_FOLLOWED)
        contents |= blobs([path for path in chosen if path not in links])
        known = [path for path in chosen if path in contents]
        waiting = {
            one for path in known for folder in folders for one in extensions(path, contents, folder).values() if one
        }
        if len(contents) >= _MOST or not known:
            break
    return ScannerFiles(contents)
