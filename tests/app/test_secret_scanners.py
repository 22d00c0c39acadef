"""Secret scanners, by the real program: over a tree, in CI, and in the hook."""

import os
from pathlib import Path

import pytest

from program import Govcheck
from repositories import Repository

POLICY = "kind: gate-liveness\nid: gates\nfamilies: [secret-scan]\n"
SCAN = """
on: push
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}
      - run: gitleaks git .
"""
SCANNER = """#!/bin/sh
[ "$1" = version ] && { echo 8.30.1; exit 0; }
file=""; for word; do [ "$before" = --config ] && file=$word; before=$word; done
[ -z "$file" ] || grep -q useDefault "$file" || exit 0
exit 42
"""
ENTRY = '  "Fingerprint": "abc:a.py:x:1"\n'


@pytest.fixture
def scanned(repository: Repository) -> Repository:
    repository.remove("policies/docs.yaml")
    repository.write("policies/gates.yaml", POLICY)
    repository.write(".github/workflows/scan.yml", SCAN)
    repository.write(".gitleaks.toml", "[allowlist]\npaths = ['^docs/']\n")
    repository.stage()
    repository.commit()
    return repository


def test_a_whole_tree_is_judged_and_proved(scanned: Repository, govcheck: Govcheck, tmp_path: Path):
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gitleaks").write_text(SCANNER)
    (tools / "gitleaks").chmod(0o755)
    ran = govcheck("check", "--format", "json", PATH=f"{tools}{os.pathsep}{os.environ['PATH']}")
    (found,) = ran.report["findings"]
    assert (ran.code, found["control"], found["subject"]) == (1, "secret-scan", ".gitleaks.toml")
    assert "gitleaks 8.30.1 finds none of the secrets" in found["evidence"][0]["text"]
    scanned.commit_file(".gitleaks.toml", "[extend]\nuseDefault = true\n")
    assert govcheck("check", PATH=f"{tools}{os.pathsep}{os.environ['PATH']}").code == 0


def test_what_the_base_had_does_not_fail_and_what_grows_does(scanned: Repository, govcheck: Govcheck):
    scanned.checkout("feature", new=True)
    scanned.commit_file("docs/b.md", "b")
    assert govcheck("check", "--base", "main").code == 0
    scanned.commit_file("gitleaks-baseline.json", f"[{{\n{ENTRY}}}]\n")
    ran = govcheck("check", "--base", "main", "--format", "json")
    assert ran.code == 1
    assert ("gates", "gitleaks-baseline.json:entries", False) in ran.subjects
    assert ("gates", ".gitleaks.toml", True) in ran.subjects


def test_the_hook_sees_a_baseline_grow(scanned: Repository, govcheck: Govcheck):
    scanned.write("docs/b.md", "b")
    scanned.stage("docs/b.md")
    assert govcheck("check", "--staged").code == 0
    scanned.write("gitleaks-baseline.json", f"[{{\n{ENTRY}}}]\n")
    scanned.stage("gitleaks-baseline.json")
    ran = govcheck("check", "--staged", "--format", "json")
    assert (ran.code, ran.subjects) == (1, [("gates", "gitleaks-baseline.json:entries", False)])
