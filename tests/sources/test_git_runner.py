"""Git is run so that it only reads: nothing of the repository is started, nothing is fetched, nothing gets stuck."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from govcheck.errors import SourceError
from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.sources.git.blobs import read_blobs
from govcheck.sources.git.change import added_lines, change_between, staged_change
from govcheck.sources.git.listing import list_state, tree_at, tree_of_index
from govcheck.sources.git.process import Process
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.runner import Git
from govcheck.sources.git.states import AtRevision, InIndex, OnDisk
from repositories import Repository, isolate


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)


def test_much_in_and_much_out_at_once():
    data = os.urandom(3_000_000)
    result = Process(("cat",), os.environ).finish(data)
    assert (result.code, result.output == data, result.errors) == (0, True, b"")


def test_much_on_both_outputs():
    script = "head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero; exit 7"
    result = Process(("sh", "-c", script), os.environ).finish()
    assert (result.code, len(result.output), len(result.errors)) == (7, 1_000_000, 1 << 16)


def test_a_process_that_does_not_listen():
    assert Process(("true",), os.environ).finish(b"x" * 3_000_000).code == 0


def test_a_process_ended_by_a_signal():
    assert Process(("sh", "-c", "kill -9 $$"), os.environ).finish().code == -9


def descriptors() -> set[str]:
    return {path.name for path in Path("/dev/fd").iterdir()}


def test_no_descriptor_is_left_open():
    before = descriptors()
    Process(("true",), os.environ).finish(b"x")
    Process(("cat",), os.environ).stop()
    with pytest.raises(FileNotFoundError):
        Process(("no such program",), os.environ)
    assert descriptors() == before


def test_a_refusal_is_an_error_with_gits_words(tmp_path: Path):
    Repository(tmp_path / "made")
    with pytest.raises(
        SourceError, match=r"git cat-file failed in .*: fatal: Not a valid object name nothing"
    ) as raised:
        Git(str(tmp_path / "made"), os.environ).run("cat-file", "-p", "nothing")
    assert raised.value.exit_code == 3


def everything(made: Repository) -> None:
    """Reads all that can be read."""
    repository = open_repository(str(made.path))
    change = staged_change(repository)
    added_lines(repository, change)
    added_lines(repository, change_between(repository, "HEAD~1"))
    for state in (AtRevision(made.head()), InIndex(), OnDisk()):
        listing = list_state(repository, state)
        read_blobs(repository, listing, listing.modes)


def test_no_program_of_the_repository_is_run(tmp_path: Path):
    made = Repository(tmp_path / "made")
    made.write(".gitattributes", "* diff=evil filter=evil\n")
    made.write("a.txt", "one\n")
    made.stage()
    made.commit()
    made.commit_file("a.txt", "two\n")
    made.write("a.txt", "three\n")
    made.stage()
    made.write("a.txt", "four\n")
    program = tmp_path / "evil"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {tmp_path}/ran\ncat\n')
    program.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "pager.diff",
        "uploadpack.packObjectsHook",
    ):
        made.run("config", key, str(program))
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "query-watchman"):
        (hooks / name).symlink_to(program)
    made.run("config", "core.hooksPath", str(hooks))
    everything(made)
    assert not (tmp_path / "ran").exists()
    made.ask("diff", "HEAD")
    assert (tmp_path / "ran").exists(), "plain git runs them, so this test can fail"


def test_nothing_is_written(tmp_path: Path):
    made = Repository(tmp_path / "made")
    made.commit_file("a", "1\n")
    made.commit_file("a", "2\n")
    made.write("b", "x\n")
    made.stage()
    os.utime(made.file("a"), (1, 1))  # git would like to refresh its index
    before = {path: path.stat().st_mtime_ns for path in made.path.rglob("*")}
    everything(made)
    assert {path: path.stat().st_mtime_ns for path in made.path.rglob("*")} == before


def test_a_partial_clone_fetches_nothing(tmp_path: Path):
    made = Repository(tmp_path / "made")
    made.run("config", "uploadpack.allowFilter", "true")
    made.run("config", "uploadpack.allowAnySHA1InWant", "true")
    for number in range(5):
        made.write(f"{number}.txt", f"{number}\n" * 30)
    made.stage()
    made.commit()
    made.write("0.txt", "0\n" * 30 + "more\n")
    made.stage()
    made.commit()
    clone = made.clone(tmp_path / "clone", "--filter=blob:none", "--no-checkout")
    clone.run("read-tree", "HEAD")
    clone.run("update-index", "--force-remove", "1.txt")
    clone.stage_entry("new.txt", "1\n" * 30 + "edited\n")
    objects = sorted((clone.path / ".git/objects").rglob("*"))

    repository = open_repository(str(clone.path))
    listing = list_state(repository, InIndex())
    contents = read_blobs(repository, listing, listing.modes)
    assert contents.pop("new.txt") == b"1\n" * 30 + b"edited\n"
    missing = {path: blob.reason for path, blob in contents.items() if isinstance(blob, Missing)}
    assert missing == dict.fromkeys(["0.txt", "2.txt", "3.txt", "4.txt"], Reason.MISSING_OBJECT)

    change = staged_change(repository)
    assert [(changed.type, changed.path) for changed in change.paths] == [("delete", "1.txt"), ("add", "new.txt")]
    lines = added_lines(repository, change).lines
    assert list(lines) == ["new.txt"]
    new = lines["new.txt"]
    assert not isinstance(new, Missing)
    assert new[-1] == (31, b"edited")

    branch = added_lines(repository, change_between(repository, "HEAD~1")).lines["0.txt"]
    assert isinstance(branch, Missing)
    assert branch.reason is Reason.MISSING_OBJECT
    assert sorted((clone.path / ".git/objects").rglob("*")) == objects


def test_replaced_objects_are_judged_as_they_were_committed(tmp_path: Path):
    made = Repository(tmp_path / "made")
    made.commit_file("a", "true\n")
    true = made.run("rev-parse", "HEAD:a").decode().strip()
    made.run("replace", true, made.store("false\n"))
    repository = open_repository(str(made.path))
    listing = list_state(repository, AtRevision(made.head()))
    assert read_blobs(repository, listing, ["a"]) == {"a": b"true\n"}


@pytest.mark.parametrize("name", ["GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_NOGLOB_PATHSPECS"])
def test_the_users_variables_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    made = Repository(tmp_path / "made")
    made.commit_file("a", "1\n2\n3\n")
    made.write("a", "1\n2\nthree\n")
    made.stage()
    monkeypatch.setenv(name, "1")
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=3")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    repository = open_repository(str(made.path))
    assert tree_at(repository, made.head()) == tree_of_index(repository)
    assert added_lines(repository, staged_change(repository)).lines == {"a": ((3, b"three"),)}


def test_the_hooks_way_imports_nothing_heavy():
    code = "import sys; from govcheck.sources.git import change, listing, repository, states; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, env=_path(), check=True)
    heavy = {"subprocess", "pathlib", "git", "threading", "tempfile", "logging", "pydantic", "yaml"}
    assert heavy & set(run.stdout.split()) == set()


def _path() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
