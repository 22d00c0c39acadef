"""CI: the change since the base, by the base's policies; what the base had does not fail."""

import json
from pathlib import Path

import pytest

from program import POLICY, WORKFLOW, Govcheck
from repositories import Repository

CHECKS = "kind: required-checks\nid: checks\nbranch: main\nchecks: [build, lint]\n"


@pytest.fixture
def branch(repository: Repository) -> Repository:
    repository.commit_file("old-sin.txt", "x")
    repository.checkout("feature", new=True)
    return repository


def test_only_the_change_is_judged(branch: Repository, govcheck: Govcheck):
    branch.commit_file("docs/b.md", "b")
    assert govcheck("check", "--base", "main").code == 0
    branch.commit_file("new-sin.txt", "x")
    ran = govcheck("check", "--base", "main", "--format", "json")
    assert (ran.code, ran.subjects) == (1, [("docs-only", "new-sin.txt", False)])
    assert ran.report["commit"] == branch.head()


def test_a_change_cannot_loosen_what_judges_it(branch: Repository, govcheck: Govcheck):
    branch.write("policies/docs.yaml", POLICY.replace('"docs/**"', '"**"'))
    branch.write("new-sin.txt", "x")
    branch.stage("policies/docs.yaml", "new-sin.txt")
    branch.commit()
    ran = govcheck("check", "--base", "main", "--format", "json")
    assert ran.code == 1
    assert ("docs-only", "new-sin.txt", False) in ran.subjects
    assert ("govcheck", "docs-only", False) in ran.subjects


def test_a_change_that_breaks_the_policies_fails(branch: Repository, govcheck: Govcheck):
    branch.commit_file("policies/docs.yaml", POLICY.replace("allow:", "alow:"))
    ran = govcheck("check", "--base", "main", "--format", "json")
    (found,) = ran.report["findings"]
    assert (ran.code, found["policy"], found["severity"]) == (1, "govcheck", "error")
    assert "alow" in found["message"]


def test_a_base_without_policies_lets_the_change_bring_them(repository: Repository, govcheck: Govcheck):
    repository.run("checkout", "-q", "--orphan", "bare")
    repository.run("rm", "-rfq", ".")
    repository.commit_file("docs/a.md")
    repository.checkout("with", new=True)
    repository.write("policies/docs.yaml", POLICY)
    repository.write("stray.txt", "")
    repository.stage("policies/docs.yaml", "stray.txt")
    repository.commit()
    ran = govcheck("check", "--base", "bare", "--format", "json")
    assert (ran.code, ran.subjects) == (1, [("docs-only", "stray.txt", False)])
    assert any("bootstrap" in note for note in ran.report["notes"])


def test_old_sins_of_the_workflows_are_shown_and_all_makes_them_fail(branch: Repository, govcheck: Govcheck):
    branch.checkout("main")
    branch.write("policies/checks.yaml", CHECKS)
    branch.write(".github/workflows/ci.yml", WORKFLOW)
    branch.stage("policies/checks.yaml", ".github/workflows/ci.yml")
    branch.commit()
    branch.checkout("later", new=True)
    branch.commit_file("docs/b.md", "b")
    ran = govcheck("check", "--base", "main", "--format", "json")
    assert (ran.code, ran.subjects) == (0, [("checks", "lint", True)])
    assert govcheck("check", "--base", "main", "--all").code == 1


def test_a_base_that_is_not_there_is_2_with_a_hint(govcheck: Govcheck):
    ran = govcheck("check", "--base", "origin/nowhere")
    assert ran.code == 2
    assert "fetch" in ran.err


def test_the_pull_requests_declaration_narrows(branch: Repository, govcheck: Govcheck, tmp_path: Path):
    branch.checkout("main")
    branch.commit_file("policies/declared.yaml", "kind: allowed-paths\nid: sandbox\ndeclared_in: pull-request\n")
    branch.checkout("feature")
    branch.run("merge", "-q", "--no-edit", "main")
    branch.commit_file("docs/b.md", "b")
    event = tmp_path / "event.json"
    codes = {}
    for body in ("Allowed paths: docs/**", "Allowed paths: app/**", "nothing", "Allowed paths: **"):
        event.write_text(json.dumps(payload(body)))
        codes[body] = govcheck("check", "--base", "main", GITHUB_EVENT_PATH=str(event)).code
    assert codes == {"Allowed paths: docs/**": 0, "Allowed paths: app/**": 1, "nothing": 1, "Allowed paths: **": 1}
    event.write_text("{")
    assert govcheck("check", "--base", "main", GITHUB_EVENT_PATH=str(event)).code == 3


def payload(body: str) -> dict[str, object]:
    side = {"ref": "main", "sha": "0" * 40, "repo": {"id": 1, "full_name": "o/r", "fork": False}}
    pull = {
        "number": 7,
        "title": "A change",
        "body": body,
        "draft": False,
        "user": {"login": "ada"},
        "labels": [],
        "base": side,
        "head": side,
    }
    return {"action": "opened", "number": 7, "pull_request": pull, "repository": {"id": 1, "full_name": "o/r"}}
