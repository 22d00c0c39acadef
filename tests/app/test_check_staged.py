"""The hook: what is staged, judged by what is staged, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from program import POLICY, WORKFLOW, Govcheck
from repositories import ENVIRONMENT, Repository

HEAVY = {
    "pydantic",
    "yaml",
    "git",
    "jsonschema",
    "click",
    "rich",
    "urllib3",
    "asyncio",
    "logging",
    "tree_sitter",
    "zoneinfo",
    "cronsim",
    "dataclasses",
    "inspect",
    "hashlib",
    "shutil",
    "pkgutil",
    "pathlib",
    "tempfile",
}

SCHEDULED = """
kind: required-workflows
id: scheduled
workflows: [{file: nightly.yml, schedule: {cron: "0 9 * * *", timezone: Europe/Berlin}}]
"""


def test_an_empty_change_is_0(govcheck: Govcheck):
    assert govcheck("check", "--staged").code == 0


def test_an_unrelated_commit_in_a_repository_with_old_sins_goes_through(repository: Repository, govcheck: Govcheck):
    repository.commit_file("sin.txt")
    repository.write("docs/b.md", "b")
    repository.stage("docs/b.md")
    assert govcheck("check", "--staged").code == 0
    assert govcheck("check").code == 1


def test_what_is_not_staged_is_not_judged(repository: Repository, govcheck: Govcheck):
    repository.write("stray.txt", "x")
    assert govcheck("check", "--staged").code == 0
    repository.stage("stray.txt")
    ran = govcheck("check", "--staged", "--format", "json")
    assert (ran.code, ran.subjects) == (1, [("docs-only", "stray.txt", False)])


def test_a_name_that_is_not_utf_8_is_seen(repository: Repository, govcheck: Govcheck):
    repository.stage_entry(b"src/\xff\n\x1b[31m.txt", "x")
    ran = govcheck("check", "--staged", "--format", "json")
    assert (ran.code, ran.subjects) == (1, [("docs-only", "src/\\xff\n\x1b[31m.txt", False)])
    shown = govcheck("check", "--staged")
    assert shown.code == 1
    assert "\x1b[31m" not in shown.out


def test_both_sides_of_a_rename_and_a_deletion_are_judged(repository: Repository, govcheck: Govcheck):
    repository.commit_file("app/x.ts", "content that is long enough to be found again\n" * 5)
    repository.rename("docs/a.md", "outside.md")
    repository.remove("app/x.ts")
    ran = govcheck("check", "--staged", "--format", "json")
    assert (ran.code, sorted(ran.subjects)) == (
        1,
        [("docs-only", "app/x.ts", False), ("docs-only", "outside.md", False)],
    )


def test_before_the_first_commit(tmp_path: Path):
    fresh = Repository(tmp_path / "fresh")
    fresh.write("policies/p.yaml", POLICY)
    fresh.write("stray", "")
    fresh.stage("policies/p.yaml", "stray")
    done = subprocess.run(
        [sys.executable, "-m", "govcheck", "check", "--staged"],
        cwd=fresh.path,
        env={"PATH": "/usr/bin:/bin", **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "stray" in done.stdout) == (1, True)


def test_policies_are_those_of_the_index(repository: Repository, govcheck: Govcheck):
    repository.write("policies/docs.yaml", POLICY.replace('"docs/**"', '"docs/**", "app/**"'))
    repository.write("app/x.ts", "")
    repository.stage("app/x.ts")
    assert govcheck("check", "--staged").code == 1
    repository.stage("policies/docs.yaml")
    assert govcheck("check", "--staged").code == 0


def test_policies_that_nobody_staged_are_named(govcheck: Govcheck, repository: Repository):
    repository.run("rm", "-q", "--cached", "policies/docs.yaml")
    ran = govcheck("check", "--staged")
    assert ran.code == 2
    assert "git add policies" in ran.err


def test_an_old_sin_in_a_workflow_does_not_block_a_new_line_in_it(repository: Repository, govcheck: Govcheck):
    policy = "kind: required-checks\nid: checks\nbranch: main\nchecks: [build, lint]\n"
    repository.write("policies/checks.yaml", policy)
    repository.write(".github/workflows/ci.yml", WORKFLOW)
    repository.stage("policies/checks.yaml", ".github/workflows/ci.yml")
    repository.commit()
    repository.write(".github/workflows/ci.yml", WORKFLOW.replace("make", "make all"))
    repository.stage(".github/workflows/ci.yml")
    ran = govcheck("check", "--staged", "--format", "json")
    assert (ran.code, ran.subjects) == (0, [("checks", "lint", True)])
    repository.write(".github/workflows/ci.yml", WORKFLOW.replace("build:", "compile:"))
    repository.stage(".github/workflows/ci.yml")
    ran = govcheck("check", "--staged", "--format", "json")
    assert (ran.code, sorted(ran.subjects)) == (1, [("checks", "build", False), ("checks", "lint", True)])


@pytest.mark.parametrize(
    "damage", [b"", b"{}", b"\xff\xfe", b"0" * 64 + b"\n{}"], ids=["empty", "json", "bytes", "hash"]
)
def test_a_damaged_plan_is_made_anew(repository: Repository, govcheck: Govcheck, damage: bytes):
    repository.write("stray.txt", "x")
    repository.stage("stray.txt")
    assert govcheck("check", "--staged").code == 1
    (plan,) = (repository.path / ".git" / "govcheck").glob("plan-*.json")
    plan.write_bytes(damage)
    assert govcheck("check", "--staged").code == 1
    assert plan.read_bytes() != damage


def test_a_git_directory_that_cannot_be_written_costs_only_time(repository: Repository, govcheck: Govcheck):
    (repository.path / ".git" / "govcheck").write_text("in the way")
    assert govcheck("check", "--staged").code == 0


SECRETS = "kind: required-secrets\nid: secrets\nsecrets: [API_KEY]\ncode: [docs/*.mjs]\nunlisted: forbidden\n"


def test_what_did_not_change_is_read_beside_what_did(repository: Repository, govcheck: Govcheck):
    repository.commit_file("policies/secrets.yaml", SECRETS)
    repository.commit_file(".github/workflows/ci.yml", WORKFLOW)
    repository.commit_file("docs/a.mjs", "process.env.API_KEY\n")
    repository.write("docs/a.mjs", "process.env.OTHER_KEY\n")
    repository.stage("docs/a.mjs")
    ran = govcheck("check", "--staged", "--format", "json")
    assert ran.report["unknowns"] == []
    assert {policy["id"]: policy["outcome"] for policy in ran.report["policies"]}["secrets"] == "fail"


def test_the_warm_hook_imports_nothing_heavy(repository: Repository, govcheck: Govcheck):
    policies = {
        "required-checks": "branch: main\nchecks: [build]",
        "branch-protection": "branch: main\napprovals: {min: 1}",
        "notification-recipients": "allow: {}",
        "deploy-window": 'timezone: Europe/Vienna\nallow: [{days: mon, from: "09:00", to: "17:00"}]',
        "required-workflows": 'workflows: [{file: "*.yml", schedule: {every: 24h}, steps: [{run: make}]}]',
        "workflow-hygiene": "timeout: {max: 5m}\ncaches: true\nretention: 90d",
    }
    for kind, keys in policies.items():
        repository.commit_file(f"policies/{kind}.yaml", f"kind: {kind}\nid: {kind}\n{keys}\n")
    repository.write("docs/b.md", "b")
    repository.stage("docs/b.md")
    assert govcheck("check", "--staged").code == 0
    code = "import sys; from govcheck.__main__ import _run; code = _run(['check', '--staged']); "
    code += "print(code, *sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repository.path,
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT | {"PATH": "/usr/bin:/bin"},
    )
    exit_code, *modules = done.stderr.split()
    assert exit_code == "0"
    assert HEAVY.isdisjoint(modules), HEAVY & set(modules)


def test_a_schedule_that_a_commit_changes_is_judged_by_the_time_at_hand(repository: Repository, govcheck: Govcheck):
    repository.commit_file("policies/scheduled.yaml", SCHEDULED)
    entry = "on: {schedule: [{cron: '0 9 * * *', timezone: Europe/Berlin}]}\njobs: {a: {runs-on: x}}\n"
    repository.commit_file(".github/workflows/nightly.yml", entry)
    repository.write(".github/workflows/nightly.yml", entry.replace(", timezone: Europe/Berlin", ""))
    repository.stage(".github/workflows/nightly.yml")
    ran = govcheck("check", "--staged", "--format", "json")
    assert (ran.code, ran.report["unknowns"]) == (1, [])
    assert ("scheduled", ".github/workflows/nightly.yml", False) in ran.subjects


DEPENDENCIES = "kind: dependencies\nid: stack\ndeny: [left-pad]\n"


def test_a_check_that_reads_two_facts_is_judged_where_one_of_them_changed(repository: Repository, govcheck: Govcheck):
    repository.commit_file("policies/stack.yaml", DEPENDENCIES)
    repository.commit_file("requirements.txt", "left-pad\n")
    repository.write("package.json", '{"dependencies": {"left-pad": "1"}}')
    repository.stage("package.json")
    ran = govcheck("check", "--staged", "--format", "json")
    assert ran.code == 1
    assert ("stack", "package.json: left-pad", False) in ran.subjects
    assert ("stack", "requirements.txt: left-pad", True) in ran.subjects
