"""Where files may be: the folders that there are, and no file that belongs to one person or one machine."""

from collections import Counter
from collections.abc import Iterator

from govcheck import globs
from govcheck.app.init.proposal import Ladder, Proposal
from govcheck.facts.tree import TrackedFiles
from govcheck.findings import Json

_KIND = "allowed-paths"
_PRIVATE = (
    "**/.env",
    "**/.env.local",
    "**/.netrc",
    "**/.git-credentials",
    "**/.aws/credentials",
    "**/id_rsa",
    "**/id_dsa",
    "**/id_ecdsa",
    "**/id_ed25519",
)
_STRAY = ("**/.DS_Store", "**/Thumbs.db", "**/node_modules/**", "**/__pycache__/**", "**/*.swp")
_MOST_PLACES = 80
_SPECIAL = str.maketrans({character: f"\\{character}" for character in "*?[]\\"})
_MOVES: list[Json] = ["add", "modify", "rename"]


def propose(tracked: TrackedFiles, coming: tuple[str, ...] = ()) -> Iterator[Proposal]:
    """What is tracked today, as a list.

    Args:
        tracked: Every path.
        coming: Paths that are about to be written as well.
    """
    paths = list(tracked.modes)
    if not paths:
        return
    yield _kept_out(
        "no-private-files", _PRIVATE, "Whoever can read the repository can read these, and history keeps them."
    )
    yield _kept_out("no-stray-files", _STRAY, "They belong to one machine, and change whenever somebody else's does.")
    places = _places([*paths, *coming])
    if len(places) <= _MOST_PLACES:
        yield Proposal(
            kind=_KIND,
            id="known-places",
            file="files.yaml",
            why="A new place for files is a decision, and somebody should make it.",
            fixed={"severity": "note", "changes": ["add", "rename"]},
            tried=(Ladder(key="allow", rungs=([*places],)),),
            explained=(f"The places that files are in today: {len(places)} of them.",),
            tighten=_tighten(paths),
        )


def _kept_out(name: str, deny: tuple[str, ...], why: str) -> Proposal:
    return Proposal(
        kind=_KIND,
        id=name,
        file="files.yaml",
        why=why,
        fixed={"allow": ["**"], "changes": _MOVES},
        tried=(Ladder(key="deny", rungs=([*deny],)),),
    )


def _places(paths: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for path in paths:
        top, slash, _ = path.partition("/")
        glob = top.translate(_SPECIAL) + ("/**" if slash else "")
        if not globs.problems(glob) and top.isprintable():
            found[glob] = None
    return sorted(found)


def _tighten(paths: list[str]) -> tuple[str, ...]:
    """A list for documents alone, where they are in few places."""
    documents = Counter(path.partition("/")[0] if "/" in path else path for path in paths if path.endswith(".md"))
    lines = ["take `severity: note` away, so that a file in a new place stops a commit."]
    if documents:
        most = ", ".join(top for top, _ in documents.most_common(6) if top.isprintable())
        lines.append(
            f'a list for documents alone: `applies_to: ["**/*.md"]`, and in `allow` where they belong ({most}).'
        )
    return tuple(lines)
