"""The state that a proposal is held to: the tree on disk, as it will be once the policies are in it."""

from collections.abc import Mapping

from govcheck.app.init.trying import Trial
from govcheck.app.live import Live
from govcheck.app.offers import CLONE, LIVE, WHOLE_TREE
from govcheck.app.state import Reading
from govcheck.app.world import Gatherer, Supplier, clock, files, instant
from govcheck.facts import Fact, Missing, Request
from govcheck.facts.tree import Blobs, BlobsRequest, Mode, TrackedFiles, Tree
from govcheck.globs import compile_globs
from govcheck.sources.git.remote_branches import knows_branches

_PLACEHOLDER = b"kind: gate-liveness\nid: gates-bite\n"
"""What a file that is about to be written holds, for those who ask whether it is a policy."""


def trial_of(reading: Reading, live: Live | None, coming: tuple[str, ...]) -> Trial:
    """What proposals are held to.

    Args:
        reading: The repository.
        live: Its settings on GitHub; None offline.
        coming: Paths of the policies that are about to be written.
    """
    offered = WHOLE_TREE | (LIVE if live else CLONE if knows_branches(reading.repository) else frozenset())
    suppliers = clock(instant(None)) | files(reading)
    return Trial(Gatherer(suppliers=_with(suppliers, coming), live=live.gather if live else None), offered)


def _with(suppliers: Mapping[str, Supplier], coming: tuple[str, ...]) -> Mapping[str, Supplier]:
    modes = dict.fromkeys(coming, Mode.FILE.value)

    def tree(request: Request) -> Fact | Missing:
        found = suppliers["Tree"](request)
        return Tree({**found.modes, **modes}) if isinstance(found, Tree) else found

    def tracked(request: Request) -> Fact | Missing:
        found = suppliers["TrackedFiles"](request)
        return TrackedFiles({**found.modes, **modes}) if isinstance(found, TrackedFiles) else found

    def blobs(request: Request) -> Fact | Missing:
        found = suppliers["Blobs"](request)
        if not isinstance(found, Blobs) or not isinstance(request, BlobsRequest):
            return found
        matches = compile_globs(request.globs).matches
        # What is tracked and not on the disk is missing there, and about to be there again.
        lacking = [path for path in coming if not isinstance(found.contents.get(path), bytes)]
        new = {path: _PLACEHOLDER for path in lacking if matches(path)}
        return Blobs({**found.contents, **new})

    return {**suppliers, "Tree": tree, "TrackedFiles": tracked, "Blobs": blobs}
