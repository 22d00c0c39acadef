"""Real git repositories for tests, apart from whatever git configuration and environment the machine has."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

BRANCH = "main"
_FIRST_COMMIT = 1_767_225_600  # 2026-01-01T00:00:00Z

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada Author",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Carl Committer",
    "GIT_COMMITTER_EMAIL": "carl@example.com",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


def isolate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the machine's git configuration and environment from the code that is tested."""
    for name in tuple(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, ENVIRONMENT[name])


class Repository:
    """A repository of its own, with helpers that read like a story. Paths are text or bytes, from the root."""

    def __init__(self, path: Path, *, object_format: str = "sha1", initialise: bool = True) -> None:
        self.path = path
        self._commits = 0
        if initialise:
            path.mkdir(parents=True, exist_ok=True)
            self.run("init", "--quiet", "--template=", f"--initial-branch={BRANCH}", f"--object-format={object_format}")

    @classmethod
    def at(cls, path: Path) -> "Repository":
        """One that is there already: a clone, a linked work tree."""
        return cls(path, initialise=False)

    def at_copy(self, path: Path) -> "Repository":
        """A copy of this one that lies there already, and goes on as this one would."""
        copied = Repository.at(path)
        copied._commits = self._commits
        return copied

    def run(self, *arguments: str | bytes, given: bytes = b"", variables: Mapping[str, str] | None = None) -> bytes:
        """Runs git and gives its output; fails the test where git fails."""
        result = self.ask(*arguments, given=given, variables=variables)
        assert result.returncode == 0, (arguments, result.stderr)
        return result.stdout

    def ask(
        self, *arguments: str | bytes, given: bytes = b"", variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs git, whatever comes of it."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        now = f"{_FIRST_COMMIT + 60 * self._commits} +0000"
        environment |= ENVIRONMENT | {"GIT_AUTHOR_DATE": now, "GIT_COMMITTER_DATE": now} | dict(variables or {})
        return subprocess.run(
            ["git", "-C", self.path, *arguments], input=given, env=environment, capture_output=True, check=False
        )

    def file(self, path: str | bytes) -> bytes:
        """Where a path lies on the disk."""
        return os.path.join(os.fsencode(self.path), os.fsencode(path))

    def write(self, path: str | bytes, content: str | bytes = "", *, executable: bool = False) -> None:
        """Writes a file, folders included."""
        file = self.file(path)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        os.chmod(file, 0o755 if executable else 0o644)

    def link(self, path: str | bytes, target: str | bytes) -> None:
        """Makes a symbolic link, which need not point anywhere."""
        file = self.file(path)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        os.symlink(os.fsencode(target), file)

    def delete(self, path: str | bytes) -> None:
        """Deletes a file on the disk and nowhere else."""
        os.unlink(self.file(path))

    def stage(self, *paths: str | bytes) -> None:
        """Stages these paths; without any everything, deletions too."""
        self.run("--literal-pathspecs", "add", "--all", "--force", "--", *(paths or (b".",)))

    def stage_entry(self, path: str | bytes, content: str | bytes, mode: str = "100644") -> str:
        """Stages a blob without touching the disk, and gives its id. A submodule's `content` is its commit."""
        blob = os.fsdecode(content) if mode == "160000" else self.store(content)
        self.run("update-index", "-z", "--index-info", given=f"{mode} {blob}\t".encode() + os.fsencode(path) + b"\0")
        return blob

    def store(self, content: str | bytes) -> str:
        """Stores a blob as an object and gives its id."""
        data = content.encode() if isinstance(content, str) else content
        return self.run("hash-object", "-w", "--stdin", given=data).decode().strip()

    def rename(self, old: str | bytes, new: str | bytes) -> None:
        """Moves a file, on the disk and in the index."""
        os.makedirs(os.path.dirname(self.file(new)), exist_ok=True)
        self.run("mv", "--", old, new)

    def remove(self, path: str | bytes) -> None:
        """Deletes a file, on the disk and in the index."""
        self.run("--literal-pathspecs", "rm", "--quiet", "--force", "--", path)

    def commit(self, message: str = "A commit") -> str:
        """Commits what is staged, even if that is nothing, and gives the id."""
        self._commits += 1
        self.run("commit", "--quiet", "--allow-empty", "--no-verify", "--message", message)
        return self.head()

    def commit_file(self, path: str | bytes, content: str | bytes = "") -> str:
        """Writes, stages and commits one file."""
        self.write(path, content)
        self.stage(path)
        return self.commit()

    def head(self) -> str:
        """The id of the commit that is checked out."""
        return self.run("rev-parse", "HEAD").decode().strip()

    def checkout(self, name: str, *, new: bool = False) -> None:
        """Goes to a branch or a commit."""
        self.run("checkout", "--quiet", *(["-b"] if new else []), name)

    def lose(self, blob: str) -> None:
        """Deletes a loose object, as a partial clone or a damaged one lacks it."""
        folder = self.run("rev-parse", "--absolute-git-dir").decode().removesuffix("\n")
        (Path(folder) / "objects" / blob[:2] / blob[2:]).unlink()

    def clone(self, path: Path, *options: str) -> "Repository":
        """A clone of this one, by the file protocol, so that depth and filters count."""
        self.run("clone", "--quiet", *options, f"file://{self.path}", os.fspath(path))
        return Repository.at(path)
