"""What a repository has that its texts may name: files, folders, npm scripts, workflows; and what need not be there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property

from govcheck import globs
from govcheck.actions.workflow import read
from govcheck.documents.data_paths import select
from govcheck.documents.mentions import Mention
from govcheck.facts import Missing
from govcheck.facts.data_files import DataFiles
from govcheck.facts.tree import TrackedFiles
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.globs import compile_globs

_EVERYWHERE = frozenset({"README.md", "package.json", "index.ts", "index.js", "index.md"})
"""Names of files that say nothing of which one is meant."""

_MOST_COMPARED = 20_000


class Alike:
    """Names that are known, by what they end with."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)

    @cached_property
    def _by_last(self) -> Mapping[str, str]:
        """The first name of each last part."""
        return {name.rpartition("/")[2].casefold(): name for name in reversed(self._names)}

    def nearest(self, name: str) -> str:
        """What was perhaps meant: the same name elsewhere, or one that is spelled alike."""
        last = name.rstrip("/").rpartition("/")[2]
        elsewhere = "" if last in _EVERYWHERE else self._by_last.get(last.casefold(), "")
        if elsewhere or len(self._names) > _MOST_COMPARED:
            return elsewhere
        same_folder = [one for one in self._names if one.rpartition("/")[0] == name.rpartition("/")[0]]
        close = get_close_matches(name, same_folder, 1, 0.75) or get_close_matches(name, self._names, 1, 0.85)
        return close[0] if close else ""


class Names:
    """What the repository has, by the names that texts may call it."""

    def __init__(
        self,
        ignore: Sequence[str],
        tracked: TrackedFiles,
        ignored: bytes | Missing | None,
        manifests: DataFiles,
        workflows: Workflows,
    ) -> None:
        self.files = tracked.modes
        self.like_files = Alike(tracked.modes)
        self.folders = {path[:at] for path in tracked.modes for at, mark in enumerate(path) if mark == "/"}
        self.roots = {path.partition("/")[0] for path in tracked.modes}
        self.names = {path.rpartition("/")[2] for path in (*tracked.modes, *self.folders)}
        self.scripts = dict(_scripts(manifests))
        self.like_scripts = Alike(self.scripts)
        self.blind = any(isinstance(file.document, Unreadable) for file in manifests.files.values())
        self.workflows = [read(file) for file in workflows.files]
        lines = ignored.decode("utf-8", "replace").splitlines() if isinstance(ignored, bytes) else []
        rules = [line.rstrip() for line in lines if line.strip() and not line.startswith("#")]
        self._ignored = compile_globs([rule for rule in rules if not globs.problems(rule, "gitignore")], "gitignore")
        self._not_looked_for = compile_globs(ignore)

    def is_excused(self, name: str) -> bool:
        """Whether git ignores it, or the policy says that it need not be there."""
        bare = name.rstrip("/")
        return self._ignored.matches(bare) or self._ignored.matches(f"{bare}/x") or self._not_looked_for.matches(bare)

    def is_known(self, mention: Mention) -> bool:
        """Whether it is in the folder that the list's item above names; or that folder need not be there."""
        name = f"{mention.below}{mention.name}"
        return bool(mention.below) and "/" not in mention.name and (self.has(name) or self.is_excused(name))

    def has(self, name: str) -> bool:
        """Whether a file or a folder has that path."""
        bare = name.rstrip("/")
        return bare in {"", "."} or bare in self.folders or (bare in self.files and not name.endswith("/"))


def _scripts(manifests: DataFiles) -> Iterator[tuple[str, str]]:
    for path, file in manifests.files.items():
        if not isinstance(file.document, Unreadable):
            yield from ((one.path.removeprefix("scripts."), path) for one in select(file.document, "scripts.*"))
