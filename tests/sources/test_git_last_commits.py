"""When files were last committed, asked of a real repository."""

from pathlib import Path

import pytest

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.sources.git.last_commits import MOST, read_last_commits
from govcheck.sources.git.repository import open_repository
from repositories import Repository, isolate


def test_the_newest_commit_of_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)
    made = Repository(tmp_path / "r")
    made.commit_file("a b.md")
    made.commit_file("c.md")
    opened = open_repository(str(made.path))
    found = read_last_commits(opened, ("a b.md", "c.md", "new.md"), opened.head).instants
    assert found["a b.md"] <= found["c.md"]
    assert isinstance(found["new.md"], Missing)
    many = read_last_commits(opened, ("c.md",) * (MOST + 1), opened.head).instants
    assert many["c.md"].reason == Reason.MISSING_OBJECT
