"""Scanners are let loose on secrets that were made up for them, and on nothing else."""

import os
import re
import shutil
from pathlib import Path

import pytest

from govcheck.facts import Missing
from govcheck.facts.scanners import CanaryOutcome, ScannerFiles
from govcheck.facts.tree import Mode, OwnPrograms
from govcheck.findings import Reason
from govcheck.sources import scanner_canaries
from govcheck.sources.scanner_canaries import made_up, read_scanner_canaries
from govcheck.sources.scanner_files import read_scanner_files
from written_workflows import workflows

DEFAULT = b"[extend]\nuseDefault = true\n"
TEXT = """
on: push
jobs:
  scan:
    runs-on: ubuntu-latest
    steps: [{run: gitleaks detect --config sub/a.toml, working-directory: sub}, {run: gitleaks git .}]
"""
# Says what gitleaks says: 42 where it has rules, 0 where it has none, 1 where it cannot read its configuration.
SCANNER = r"""#!/bin/sh
[ "$1" = version ] && { echo v8.30.1; exit 0; }
[ "$1" = dir ] || exit 126
env > "$HOME/../heard"; ls -R . >> "$HOME/../heard"
file=""; for word; do [ "$before" = --config ] && file=$word; before=$word; done
[ -z "$file" ] || [ -r "$file" ] || { echo "FTL no such file"; exit 1; }
[ -z "$file" ] || grep -q useDefault "$file" || { echo "no leaks found"; exit 0; }
grep -rqE 'gh[p]_[A-Za-z0-9]{36}' "$word" && { printf '10:00PM \033[33mWRN\033[0m leaks found\n'; exit 42; }
echo "no leaks found"
"""


def scanner(folder: Path, text: str = SCANNER, name: str = "gitleaks") -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(autouse=True)
def _nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("sh", "env", "ls", "grep", "printf", "sleep", "cat"):
        if (program := shutil.which(name)) is not None:
            (bare / name).symlink_to(program)
    monkeypatch.setenv("PATH", str(bare))
    monkeypatch.setenv("GITLEAKS_CONFIG", "/nonexistent")


def tried(files, path, root="/nonexistent"):
    return read_scanner_canaries(workflows({"w.yml": TEXT}), OwnPrograms({}), ScannerFiles(files), path, root)


def test_each_configuration_has_its_canary(tmp_path: Path):
    found = tried({".gitleaks.toml": DEFAULT, "sub/sub/a.toml": b"[allowlist]\n"}, scanner(tmp_path / "bin"))
    canaries = {path: (one.outcome, one.exit_code, one.said) for path, one in found.canaries.items()}
    assert canaries == {
        ".gitleaks.toml": (CanaryOutcome.FOUND, 42, "WRN leaks found"),
        "sub/sub/a.toml": (CanaryOutcome.MISSED, 0, "no leaks found"),
    }
    assert {(one.tool, one.version) for one in found.canaries.values()} == {("gitleaks", "8.30.1")}
    assert found.trouble == ""


def test_it_hears_nothing_of_the_environment_and_sees_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    secret = b'[{"Secret": "x"}]'
    path = scanner(tmp_path / "bin")
    tried({".gitleaks.toml": DEFAULT, "security/gitleaks-baseline.json": secret}, path)
    heard = (tmp_path / "heard").read_text()
    assert "GITLEAKS_CONFIG" not in heard
    assert "baseline" not in heard
    assert re.search(r"HTTPS_PROXY=http://127\.0\.0\.1:9\b", heard)
    assert [name.name for name in tmp_path.iterdir() if "canary" in name.name] == []


def test_none_is_installed():
    found = tried({".gitleaks.toml": DEFAULT}, os.environ["PATH"])
    assert (dict(found.canaries), found.trouble) == ({}, "neither gitleaks nor betterleaks is installed here")


def test_a_scanner_in_the_repository_is_not_run(tmp_path: Path):
    path = scanner(tmp_path / "bin")
    found = tried({".gitleaks.toml": DEFAULT}, f"bin{os.pathsep}{path}", root=str(tmp_path))
    assert found.trouble == "neither gitleaks nor betterleaks is installed here"


def test_a_scanner_that_does_not_find_them_by_itself_is_of_no_use(tmp_path: Path):
    found = tried({".gitleaks.toml": DEFAULT}, scanner(tmp_path / "bin", "#!/bin/sh\nexit 0\n"))
    assert found.trouble == "gitleaks, as installed here, does not find the made-up secrets by its built-in rules"


def test_a_scanner_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(scanner_canaries, "_SECONDS", 0.2)
    found = tried({".gitleaks.toml": DEFAULT}, scanner(tmp_path / "bin", "#!/bin/sh\nsleep 60 & sleep 60\n"))
    assert "does not find" in found.trouble


def test_betterleaks_under_gitleaks_name_is_known_by_what_it_can(tmp_path: Path):
    text = SCANNER.replace('"$1" = dir', '"$1" = fs').replace("v8.30.1", "2.0.0")
    found = tried({".gitleaks.toml": DEFAULT}, scanner(tmp_path / "bin", text))
    assert {(one.tool, one.version) for one in found.canaries.values()} == {("betterleaks", "2.0.0")}


def test_nothing_to_try_starts_nothing(tmp_path: Path):
    found = tried({}, scanner(tmp_path / "bin", "#!/bin/sh\nexit 1\n"))
    assert (dict(found.canaries), found.trouble) == ({}, "")


def test_a_configuration_that_is_not_at_hand_is_not_tried(tmp_path: Path):
    gone = Missing(reason=Reason.MISSING_OBJECT, message="gone")
    assert dict(tried({".gitleaks.toml": gone}, scanner(tmp_path / "bin")).canaries) == {}


def test_the_secrets_are_new_each_time():
    assert made_up() != made_up()


@pytest.mark.parametrize("name", ["gitleaks", "betterleaks"])
def test_the_real_one(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    files = {".gitleaks.toml": DEFAULT, "sub/sub/a.toml": b"title = 'x'\n"}
    found = tried(files, os.pathsep.join([os.path.dirname(program), os.environ["PATH"]]))
    assert {path: one.outcome for path, one in found.canaries.items()} == {
        ".gitleaks.toml": CanaryOutcome.FOUND,
        "sub/sub/a.toml": CanaryOutcome.MISSED,
    }


def test_which_files_are_gathered():
    own = {
        ".gitleaks.toml": b"[extend]\npath = 'base.toml'\n",
        "base.toml": b"[extend]\npath = 'more.toml'\n",
        "more.toml": DEFAULT,
        "sub/sub/a.toml": DEFAULT,
        "deep/x/gitleaks.toml": DEFAULT,
        ".github/gitleaks.toml": b"",
        "other.toml": b"",
    }
    tracked = dict.fromkeys(own, Mode.FILE) | {".github/gitleaks.toml": Mode.SYMLINK}
    found = read_scanner_files(
        workflows({"w.yml": TEXT}), OwnPrograms({}), tracked, lambda paths: {path: own[path] for path in paths}
    )
    assert set(found.contents) == {
        ".gitleaks.toml",
        "base.toml",
        "more.toml",
        "sub/sub/a.toml",
        ".github/gitleaks.toml",
    }
    assert isinstance(found.contents[".github/gitleaks.toml"], Missing)
