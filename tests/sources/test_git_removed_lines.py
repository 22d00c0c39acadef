"""How many lines a change takes away."""

from pathlib import Path

import pytest

from govcheck.facts import Missing
from govcheck.facts.change import Change, RemovedLines
from govcheck.sources.git.change import staged_change
from govcheck.sources.git.removed_lines import read_removed_lines
from govcheck.sources.git.repository import open_repository
from repositories import Repository, isolate


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    isolate(monkeypatch)
    return Repository(tmp_path / "r")


def staged(made: Repository) -> RemovedLines | Missing:
    opened = open_repository(str(made.path))
    return read_removed_lines(opened, staged_change(opened))


def test_lines_that_go_are_counted_and_a_missing_newline_is_none(made: Repository):
    for path, content in {
        "grow": "a\nb",
        "edit": "a\nb\n",
        "gone": "a\n",
        b"odd\xff": "\0\na\n",
        "old": "x\n" * 9,
    }.items():
        made.commit_file(path, content)
    made.write("grow", "a\nb\nc\n")
    made.write("edit", "a\nB\nc\n")
    made.write(b"odd\xff", "\0\nb\n")
    made.write("new", "n\n")
    made.stage("grow", "edit", b"odd\xff", "new")
    made.remove("gone")
    made.rename("old", "moved")
    told = staged(made)
    assert isinstance(told, RemovedLines)
    binary = told.counts["odd\udcff"]
    assert isinstance(binary, Missing)
    counted = {"grow": 0, "edit": 1, "gone": 1, "new": 0, "old": 9, "moved": 0}
    assert told.counts == {**counted, "odd\udcff": binary}


def test_what_git_cannot_compare_is_missing(made: Repository):
    made.commit_file("a", "a")
    assert isinstance(read_removed_lines(open_repository(str(made.path)), Change((), "f" * 40)), Missing)
