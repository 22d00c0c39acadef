"""`check --message`: git's commit-msg hook."""

import sys
from pathlib import Path

from program import Govcheck
from repositories import Repository

POLICY = "kind: commit-message\nid: style\nconventional: true\n"


def test_git_stops_at_a_message_that_no_policy_allows(repository: Repository, govcheck: Govcheck):
    repository.commit_file("policies/style.yaml", POLICY)
    hook = f'#!/bin/sh\nexec "{sys.executable}" -m govcheck check --message "$1"\n'
    repository.write(".git/hooks/commit-msg", hook, executable=True)
    refused = repository.ask("commit", "--allow-empty", "-qm", "something")
    assert refused.returncode == 1
    assert b"The message is no conventional commit" in refused.stdout + refused.stderr
    assert repository.ask("commit", "--allow-empty", "-qm", "fix: something").returncode == 0
    assert govcheck("check", "--base", "HEAD~1").code == 0


def test_only_the_message_is_judged(repository: Repository, govcheck: Govcheck, tmp_path: Path):
    repository.write("stray.txt", "x")
    repository.stage("stray.txt")
    (tmp_path / "m").write_text("anything")
    ran = govcheck("check", "--message", str(tmp_path / "m"), "--format", "json")
    assert (ran.code, {result["outcome"] for result in ran.report["policies"]}) == (0, {"not-applicable"})
    assert govcheck("check", "--message", str(tmp_path / "none")).code == 0
    assert govcheck("check", "--message", str(tmp_path / "m"), "--staged").code == 2
