import os
from pathlib import Path

import pytest

from git_server import GitServer
from govcheck.errors import SourceError
from govcheck.policy_sets import Remote
from govcheck.sources.git import set_fetching
from govcheck.sources.git.set_fetching import Server, fetch
from govcheck.sources.git.set_store import SetStore
from repositories import Repository, isolate


def shared(folder: Path, size: int = 10) -> Remote:
    made = Repository(folder / "acme" / "policies")
    made.write("policy.yaml", os.urandom(size))
    made.stage()
    return Remote(owner="acme", name="policies", revision=made.commit())


def test_what_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)
    monkeypatch.setattr(set_fetching, "LARGEST", 100_000)
    store = SetStore(str(tmp_path / "git"))
    with GitServer(tmp_path / "served") as server:
        named = shared(server.folder, 300_000)
        with pytest.raises(SourceError) as caught:
            fetch(store, Server(server.url, ()), named)
    assert "cannot be fetched" in caught.value.message
    assert store.commit(named) is None


def test_nothing_of_the_users_repository_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)
    here = Repository(tmp_path / "here")
    monkeypatch.setenv("GIT_DIR", str(here.path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(here.path / ".git" / "index"))
    here.run("config", "remote.origin.url", "ext::false")
    here.write(".git/hooks/reference-transaction", "#!/bin/sh\nexit 1\n", executable=True)
    store = SetStore(str(here.path / ".git"))
    with GitServer(tmp_path / "served") as server:
        named = shared(server.folder)
        assert fetch(store, Server(server.url, ()), named) == named.revision
    assert store.commit(named) == named.revision
    assert here.run("for-each-ref") == b""


@pytest.mark.parametrize("content", ["", "0" * 40, "x" * 40, "\xff"])
def test_a_damaged_marker_is_no_set(content: str, tmp_path: Path):
    store = SetStore(str(tmp_path))
    named = Remote(owner="acme", name="policies", revision="1" * 40)
    marker = Path(store.marker(named))
    marker.parent.mkdir(parents=True)
    marker.write_text(content, encoding="latin-1")
    assert store.commit(named) is None
