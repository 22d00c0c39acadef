"""The message of a commit that is being made, held against what git itself then commits."""

from pathlib import Path

import pytest

from govcheck.errors import UsageError
from govcheck.sources.git.message import read_message
from govcheck.sources.git.repository import open_repository
from repositories import Repository, isolate

HOOK = '#!/bin/sh\ncp "$1" "{kept}"\nprintf %s "$GIT_EDITOR" > "{kept}.editor"\n'
EDITOR = '#!/bin/sh\n{{ printf "%b" "{text}"; cat "$1"; }} > "$1.new"; mv "$1.new" "$1"\n'
TEXT = "\\n  Subject  \\n\\n\\n\\n# said\\n; said\\nBody  \\n\\n"


def committed(made: Repository, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[str, str]:
    """What we read in the hook's place, and what git committed."""
    kept = made.path.parent / "kept"
    made.write(".git/hooks/commit-msg", HOOK.format(kept=kept), executable=True)
    editor = made.path.parent / "editor"
    editor.write_text(EDITOR.format(text=TEXT))
    editor.chmod(0o755)
    made.run("commit", "-q", "--allow-empty", *arguments, variables={"GIT_EDITOR": str(editor)})
    monkeypatch.setenv("GIT_EDITOR", Path(f"{kept}.editor").read_text())
    read = read_message(open_repository(str(made.path)), str(kept)).text
    return read.rstrip("\n"), made.run("log", "-1", "--format=%B").decode().rstrip("\n")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    isolate(monkeypatch)
    return Repository(tmp_path / "r")


@pytest.mark.parametrize("comment", ["#", ";", "auto"])
@pytest.mark.parametrize("cleanup", ["default", "strip", "whitespace", "verbatim", "scissors"])
@pytest.mark.parametrize("arguments", [("-m", "Sub \n\n# x\n; y\n\n\nz"), ("--edit",)], ids=["given", "edited"])
def test_it_is_what_git_commits(
    made: Repository, monkeypatch: pytest.MonkeyPatch, comment: str, cleanup: str, arguments: tuple[str, ...]
):
    made.run("config", "core.commentChar", comment)
    made.run("config", "commit.cleanup", cleanup)
    ours, gits = committed(made, monkeypatch, *arguments)
    assert ours == gits


def test_a_diff_below_the_scissors_is_not_read(made: Repository, monkeypatch: pytest.MonkeyPatch):
    made.write("a.txt", "WIP")
    made.stage("a.txt")
    ours, gits = committed(made, monkeypatch, "--verbose")
    assert ours == gits
    assert "WIP" not in ours


def test_the_author_and_a_merge(made: Repository, monkeypatch: pytest.MonkeyPatch):
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ada@example.com")
    made.write("m", "x")
    told = read_message(open_repository(str(made.path)), str(made.path / "m"))
    assert (told.author_name, told.author_email, told.is_merge) == ("Ada", "ada@example.com", False)
    made.write(".git/MERGE_HEAD", "0" * 40)
    assert read_message(open_repository(str(made.path)), str(made.path / "m")).is_merge


def test_a_file_that_is_not_there(made: Repository):
    with pytest.raises(UsageError, match="cannot be read"):
        read_message(open_repository(str(made.path)), str(made.path / "none"))
