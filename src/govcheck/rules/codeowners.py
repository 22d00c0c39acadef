"""CODEOWNERS guards what it names, and what has to be reviewed has an owner.

```yaml
kind: codeowners
id: words-are-owned
why: Agents work by the directions, so nobody changes them alone.
owned: ["docs/**", "feedback/**"]
```

The file is read as GitHub reads it: the first of `.github/CODEOWNERS`, `CODEOWNERS` and `docs/CODEOWNERS` hides the
others, the last line that matches a path decides, and a line with wrong syntax is skipped. Findings are

- a tracked file of `owned` that no line gives an owner (`owned: ["**"]`: every file), and `owned` without any file;
- a file that another one hides, and one that GitHub does not load;
- a line that matches no tracked file, that later lines override altogether, or that is skipped;
- an owner that cannot exist; as a note, a user whose name sounds like a team's;
- the CODEOWNERS file itself, the workflows and the policies, where nobody owns them.

Where GitHub can be asked (a sweep, `--live`), owners that it does not know or that may not write are told as well and,
as a note, a default branch that does not require their review: then owners are asked and need not answer.

It is the family `codeowners` of [gate-liveness](gate-liveness.md), alone: use it where a set of policies says who has
to own what, and nothing else of gates. `govcheck explain path PATH` names the line that decides.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck import globs
from govcheck.codeowners.parsing import LOCATIONS
from govcheck.facts import Request
from govcheck.facts.live import DEFAULT_BRANCH, CodeownersErrors, LiveBranch, LiveBranchRequest
from govcheck.facts.tree import Blobs, BlobsRequest, TrackedFiles
from govcheck.findings import Judged
from govcheck.liveness import ownership, ownership_live
from govcheck.liveness.gate import Gate
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check


@frozen(kw_only=True)
class CodeOwners(Policy):
    """What has to have an owner."""

    kind: Literal["codeowners"] = "codeowners"

    owned: tuple[str, ...] = ()
    """Globs, from the repository's root, of tracked files that must have an owner."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        for number, pattern in enumerate(self.owned):
            if problem := globs.problems(pattern):
                yield ("owned", number), f"`{pattern}`: {problem}"


def _files(_: CodeOwners) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, ownership.BLOBS),)]


def _live(_: CodeOwners) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, LOCATIONS), LiveBranchRequest(LiveBranch, DEFAULT_BRANCH))]


@check(wants=_files)
def lines(policy: CodeOwners, tracked: TrackedFiles, blobs: Blobs) -> Iterator[Said]:
    """The file, its lines, and what has to have an owner."""
    yield from _said(ownership.gates(policy.owned, tracked, blobs))


@check(wants=_live)
def owners(
    _policy: CodeOwners, tracked: TrackedFiles, blobs: Blobs, errors: CodeownersErrors, branch: LiveBranch
) -> Iterator[Said]:
    """The owners exist and may write, and have to be asked."""
    yield from _said(ownership_live.gates(tracked, blobs, errors, branch))


def _said(gates: Iterable[Gate]) -> Iterator[Said]:
    found = list(gates)
    yield Judged(len(found))
    for gate in found:
        yield from gate.said()
