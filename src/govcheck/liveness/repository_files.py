"""Which files a repository tracks, and which of them git ignores."""

import posixpath
from collections.abc import Mapping
from functools import lru_cache

from govcheck.facts.tree import Mode
from govcheck.findings import Evidence, Location
from govcheck.globs import Globs, compile_globs, problems
from govcheck.records import frozen


@frozen(kw_only=True)
class Files:
    """Which files there are, and which of them git ignores."""

    tracked: Mapping[str, str]
    ignored: Mapping[str, str]
    """Path of a `.gitignore` to its text."""

    def has(self, path: str) -> bool:
        """Whether a path is tracked, or may be there because of a submodule or a link to a folder."""
        if path in self.tracked:
            return True
        above = posixpath.dirname(path)
        while above and above != "/":
            if self.tracked.get(above) in {Mode.SUBMODULE, Mode.SYMLINK}:
                return True
            above = posixpath.dirname(above)
        return False

    def folder_has_files(self, folder: str) -> bool:
        """Whether anything below a folder is tracked."""
        return not folder or any(path.startswith(f"{folder}/") for path in self.tracked)

    def why_ignored(self, path: str) -> Evidence | None:
        """The line that makes git ignore a path."""
        for name, content in self.ignored.items():
            base = posixpath.dirname(name)
            if base and not path.startswith(f"{base}/"):
                continue
            below = path.removeprefix(f"{base}/") if base else path
            lines = content.split("\n")
            decided = _compiled(content).which(below)
            if decided is not None and not decided.startswith("!"):
                line = next((number for number, one in enumerate(lines, start=1) if one.rstrip() == decided), None)
                return Evidence(text=f"git ignores it by `{decided}`", location=Location(path=name, line=line))
        return None


@lru_cache(maxsize=256)
def _compiled(content: str) -> Globs:
    """The patterns of a `.gitignore`; what is no pattern matches nothing, as git has it."""
    lines = (line.rstrip() for line in content.split("\n"))
    return compile_globs(tuple(line for line in lines if line and _is_pattern(line)), "gitignore")


def _is_pattern(line: str) -> bool:
    return not line.startswith("#") and problems(line, "gitignore") is None
