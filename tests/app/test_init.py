"""`init` in a real repository, by the real program."""

import importlib.metadata
import os
from email.message import Message
from pathlib import Path

import pytest

import ten_minutes
from govcheck.app.init import snippets
from govcheck.sources.policy_files import PolicySource, load_policies
from program import Govcheck, program
from repositories import Repository

BUILD = """
on: {pull_request: , push: {branches: [main]}}
permissions: {contents: read}
jobs:
  build:
    runs-on: ubuntu-latest
    timeout-minutes: 12
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - run: make test
"""
DEAD = """
on: pull_request
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: npx eslint . || true
      - uses: dawidd6/action-send-mail@v3
        with: {to: ops@example.com, subject: hello, body: "${{ github.event.pull_request.title }}"}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.write(".github/workflows/build.yml", BUILD)
    made.write("README.md", "x")
    made.write("src/a.c", "x")
    made.stage()
    made.commit()
    return made


def texts(repository: Repository) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((repository.path / "policies").glob("*.yaml"))}


def policies(repository: Repository):
    sources = [PolicySource(name, text.encode()) for name, text in texts(repository).items()]
    return {loaded.policy.id: loaded.policy for loaded in load_policies(sources)}


def test_what_is_written_holds_now_and_once_it_is_committed(repository: Repository, govcheck: Govcheck):
    ran = govcheck("init")
    assert (ran.code, ran.err) == (0, "")
    assert govcheck("check").code == 0
    repository.stage()
    assert govcheck("check", "--staged").code == 0
    repository.commit()
    assert govcheck("check").code == 0
    assert govcheck("check", "--rev", "HEAD").code == 0


def test_it_says_what_is_true(repository: Repository, govcheck: Govcheck):
    assert govcheck("init").code == 0
    found = policies(repository)
    assert found["default-branch-checks"].checks == ("build",)
    assert found["default-branch-checks"].branch == "main"
    assert found["workflows-are-tidy"].timeout.max == "12m"
    assert found["workflows-are-tidy"].permissions == "declared"
    assert found["workflows-are-safe"].actions.pinned == "sha"
    assert set(found["known-places"].allow) == {".github/**", "README.md", "policies/**", "src/**"}


def test_what_is_stricter_than_today_is_a_comment_with_its_reason(repository: Repository, govcheck: Govcheck):
    repository.commit_file(".github/workflows/lint.yml", DEAD)
    ran = govcheck("init")
    assert ran.code == 0
    workflows = texts(repository)["workflows.yaml"]
    assert "# tighten: job lint has no `timeout-minutes`" in workflows
    assert policies(repository)["workflows-are-tidy"].timeout.required is False
    assert "# permissions: declared" in workflows
    assert policies(repository)["who-is-told"].allow.email == ("ops@example.com",)
    assert "workflows-are-tidy, timeout:" in ran.out


def test_dead_gates_are_told_first_and_warn_until_they_are_mended(repository: Repository, govcheck: Govcheck):
    repository.commit_file(".github/workflows/lint.yml", DEAD)
    ran = govcheck("init")
    told = ran.out.partition("Found on the way")[2]
    assert ".github/workflows/lint.yml:7" in told
    assert "judge" in policies(repository)["gates-to-mend"].families
    assert policies(repository)["gates-to-mend"].severity == "warning"
    assert "judge" not in policies(repository)["gates-bite"].families


def test_what_breaks_afterwards_fails(repository: Repository, govcheck: Govcheck):
    govcheck("init")
    repository.write(".github/workflows/build.yml", BUILD.replace("make test", "npx eslint . || true"))
    repository.stage()
    repository.commit()
    assert govcheck("check").code == 1


def test_a_dry_run_writes_nothing(repository: Repository, govcheck: Govcheck):
    ran = govcheck("init", "--dry-run")
    assert ran.code == 0
    assert "==> policies/gates.yaml <==" in ran.out
    assert "kind: gate-liveness" in ran.out
    assert not (repository.path / "policies").exists()


def test_policies_that_are_there_are_not_written_over(repository: Repository, govcheck: Govcheck):
    repository.write("policies/gates.yaml", "kind: gate-liveness\nid: own\n")
    ran = govcheck("init")
    assert ran.code == 2
    assert "policies/ has policies already: gates.yaml" in ran.err
    assert texts(repository) == {"gates.yaml": "kind: gate-liveness\nid: own\n"}
    assert govcheck("init", "--force").code == 0
    assert "own" not in policies(repository)


def test_an_id_that_another_file_has_stops_it(repository: Repository, govcheck: Govcheck):
    repository.write("policies/own.yaml", "kind: gate-liveness\nid: gates-bite\n")
    ran = govcheck("init", "--force")
    assert ran.code == 2
    assert "the id `gates-bite` is taken" in ran.err
    assert list(texts(repository)) == ["own.yaml"]


def test_every_file_has_a_schema_line_and_the_schema_is_there(repository: Repository, govcheck: Govcheck):
    govcheck("init")
    assert all(
        text.startswith("# yaml-language-server: $schema=policy.schema.json\n") for text in texts(repository).values()
    )
    assert (repository.path / "policies" / "policy.schema.json").stat().st_size > 10_000


def test_hook_and_workflow_are_written_where_there_is_none(repository: Repository, govcheck: Govcheck):
    ran = govcheck("init", "--hook", "--ci")
    assert ran.code == 0
    assert "govcheck check --staged" in (repository.path / ".pre-commit-config.yaml").read_text()
    repository.stage()
    repository.commit()
    # The workflow that was written holds to the policies that were written with it.
    after = govcheck("check")
    assert after.code == 0
    assert "no workflow runs `govcheck check`" not in after.out


def test_a_hook_configuration_that_is_there_stays(repository: Repository, govcheck: Govcheck):
    repository.commit_file(".pre-commit-config.yaml", "repos: []\n")
    ran = govcheck("init", "--hook")
    assert ran.code == 0
    assert "add this to `repos` of .pre-commit-config.yaml" in ran.out
    assert (repository.path / ".pre-commit-config.yaml").read_text() == "repos: []\n"


@pytest.mark.parametrize("commits", [False, True])
def test_an_empty_repository_gets_a_set_too(tmp_path: Path, *, commits: bool):
    made = Repository(tmp_path / "empty")
    if commits:
        made.commit()
    ran = program(made.path)("init")
    assert ran.code == 0, ran
    assert "gates-bite" in ran.out


def test_a_bare_repository_is_a_usage_error(tmp_path: Path):
    made = Repository(tmp_path / "source")
    made.commit()
    made.run("clone", "--quiet", "--bare", ".", str(tmp_path / "bare"))
    ran = program(tmp_path / "bare")("init")
    assert ran.code == 2
    assert not (tmp_path / "bare" / "policies").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(repository: Repository, govcheck: Govcheck):
    repository.path.chmod(0o500)
    try:
        ran = govcheck("init")
    finally:
        repository.path.chmod(0o700)
    assert ran.code == 2
    assert "cannot write policies" in ran.err


def test_policies_that_is_a_file_is_told_and_left(repository: Repository, govcheck: Govcheck):
    repository.write("policies", "mine")
    ran = govcheck("init", "--force")
    assert ran.code == 2
    assert "cannot write" in ran.err
    assert (repository.path / "policies").read_text() == "mine"


def test_a_folder_that_leads_out_of_the_repository_is_refused(
    repository: Repository, govcheck: Govcheck, tmp_path: Path
):
    (tmp_path / "elsewhere").mkdir()
    repository.link("policies", str(tmp_path / "elsewhere"))
    ran = govcheck("init")
    assert ran.code == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_hostile_names_break_nothing(repository: Repository, govcheck: Govcheck):
    for path in (
        b"a\nkind: x/b",
        b"\xff\xfe/x",
        b'"quote".md',
        b"[id].tsx",
        b"*",
        b"- item: 1",
        b"#x/y",
        "\u2028/z".encode(),
    ):
        repository.write(path, "x")
    hostile = BUILD.replace("  build:", '  build:\n    name: "x\\n# kind: y\\u2028: \'\\"[{"')
    repository.write(".github/workflows/build.yml", hostile)
    repository.stage()
    repository.commit()
    ran = govcheck("init")
    assert ran.code == 0, ran
    repository.stage("policies")
    assert govcheck("check").code == 0


def test_a_workflow_that_cannot_be_read_breaks_nothing(repository: Repository, govcheck: Govcheck):
    repository.commit_file(".github/workflows/bad.yml", "on: [push\njobs: {{{")
    ran = govcheck("init")
    assert ran.code == 0, ran
    repository.stage("policies")
    assert govcheck("check").code == 0


def test_the_guide_shows_what_its_commands_print(tmp_path: Path):
    text = ten_minutes.GUIDE.read_text()
    assert ten_minutes.written(text, tmp_path) == text, "run `python tests/ten_minutes.py`"


def test_hook_and_workflow_beside_policies_leave_them_as_they_are(repository: Repository, govcheck: Govcheck):
    repository.write("policies/own.yaml", "kind: gate-liveness\nid: own\n")
    assert govcheck("init", "--hook", "--ci", "--dry-run").code == 0
    assert not (repository.path / ".pre-commit-config.yaml").exists()
    ran = govcheck("init", "--hook", "--ci")
    assert ran.code == 0
    assert ran.out.startswith("Wrote .pre-commit-config.yaml\nWrote .github/workflows/govcheck.yml")
    assert list(texts(repository)) == ["own.yaml"]
    assert "nothing was written" not in ran.out


def test_a_gate_that_dies_later_fails_the_workflow_that_was_written(repository: Repository, govcheck: Govcheck):
    repository.commit_file(".github/workflows/lint.yml", DEAD)
    govcheck("init", "--ci")
    repository.stage()
    base = repository.commit()
    assert govcheck("check", "--base", base, "--fail-on", "warning").code == 0
    repository.commit_file(".github/workflows/build.yml", BUILD.replace("make test", "make test || true"))
    assert govcheck("check", "--base", base, "--fail-on", "warning").code == 1


def test_policies_that_were_staged_and_deleted_can_be_written_anew(repository: Repository, govcheck: Govcheck):
    govcheck("init")
    repository.stage()
    for path in (repository.path / "policies").iterdir():
        path.unlink()
    assert govcheck("init").code == 0
    repository.stage()
    assert govcheck("check").code == 0


CHECKS = """
on: pull_request
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: make test}]
  never:
    if: false
    runs-on: ubuntu-latest
    steps: [{run: make test}]
  hollow:
    runs-on: ubuntu-latest
    steps: [{run: npx eslint . || true}]
"""
TARGET = "on: pull_request_target\njobs: {label: {runs-on: ubuntu-latest, steps: [{run: make label}]}}\n"
SOMETIMES = """
on: {pull_request: {paths: ["src/**"]}}
jobs:
  first: {runs-on: ubuntu-latest, steps: [{run: make test}]}
  second: {runs-on: ubuntu-latest, steps: [{run: make test}]}
"""


def test_only_checks_that_can_stop_a_change_are_required(repository: Repository, govcheck: Govcheck):
    repository.write(".github/workflows/build.yml", CHECKS)
    repository.write(".github/workflows/target.yml", TARGET)
    repository.stage()
    govcheck("init")
    written = (repository.path / "policies/default-branch.yaml").read_text()
    assert "\nchecks: [test]\n" in written
    assert not [name for name in ("never", "hollow", "label") if name in written]


def test_what_can_be_uncommented_is_one_line_with_the_whole_list(repository: Repository, govcheck: Govcheck):
    repository.write(".github/workflows/sometimes.yml", SOMETIMES)
    repository.stage()
    govcheck("init")
    written = (repository.path / "policies/default-branch.yaml").read_text()
    assert [line for line in written.splitlines() if "checks: [" in line] == [
        "checks: [build]",
        "# checks: [build, first, second]",
    ]


def test_a_family_with_dead_gates_is_to_be_mended_whatever_else_cannot_be_told(
    repository: Repository, govcheck: Govcheck
):
    repository.write(".github/workflows/build.yml", BUILD.replace("make test", "npx jest || true\n      - run: 'if ['"))
    repository.stage()
    govcheck("init")
    assert "judge" in policies(repository)["gates-to-mend"].families


def test_the_workflow_says_what_is_to_be_replaced(repository: Repository, govcheck: Govcheck):
    ran = govcheck("init", "--ci")
    written = (repository.path / ".github/workflows/govcheck.yml").read_text()
    assert ("github.com/OWNER/" in written) == ("replace OWNER by" in ran.out)


def test_the_address_that_the_package_names_is_installed_from(monkeypatch: pytest.MonkeyPatch):
    told = Message()
    told["Project-URL"] = "Documentation, https://example.com/docs"
    told["Project-URL"] = "Source, https://github.com/acme/govcheck/tree/main"
    monkeypatch.setattr(importlib.metadata, "metadata", lambda _: told)
    assert "pipx install git+https://github.com/acme/govcheck@v" in snippets.workflow()
    assert snippets.missing(snippets.WORKFLOW_FILE) == ""
