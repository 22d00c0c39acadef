"""Custom policies from end to end: at every stage the nodes that it has, of the state that it judges."""

import subprocess
import sys
from pathlib import Path

import pytest

from fake_github import FakeGitHub, State
from program import Govcheck
from repositories import ENVIRONMENT, Repository

TEXTS = """
kind: custom
id: short-texts
each: file
applies_to: ["docs/**"]
expr: size <= 10 && !text.contains("TODO")
message: "{path} has {size} bytes: {text}"
examples: {pass: [{size: 3, text: fine}], fail: [{size: 11}, {text: a TODO}]}
---
kind: custom
id: jobs-end
each: job
where: {properties: {uses: {const: ""}}}
assert: {properties: {timeout_minutes: {type: integer, maximum: 30}}}
message: "job {id} may run for {timeout_minutes} minutes"
examples: {pass: [{timeout_minutes: 5}], fail: [{id: hangs}]}
---
kind: custom
id: subjects
each: commit
expr: 'subject.matches("^(feat|fix|docs): ")'
message: "{subject} ({author_name})"
examples: {pass: [{subject: "fix: a"}], fail: [{subject: a}]}
---
kind: custom
id: no-debugging
each: change
expr: '!added_lines.exists(line, line.contains("breakpoint()"))'
examples: {pass: [{added_lines: [a]}], fail: [{added_lines: [breakpoint()]}]}
"""
WORKFLOW = "on: push\njobs: {build: {runs-on: x, steps: [{run: make}]}}\n"
SCHEMA = """
kind: custom
id: by-schema
each: file
where: {properties: {extension: {const: md}}}
assert: {properties: {path: {maxLength: 100, pattern: "^[a-z/.]+$"}}}
examples: {pass: [{path: a, extension: md}], fail: [{path: A, extension: md}]}
---
kind: custom
id: steps
each: step
expr: name != ""
examples: {pass: [{name: a}], fail: [{}]}
---
kind: custom
id: live
each: ruleset
expr: size(rules) > 0
examples: {pass: [{rules: [deletion]}], fail: [{}]}
"""


@pytest.fixture
def custom(repository: Repository) -> Repository:
    repository.commit_file("policies/custom.yaml", TEXTS)
    return repository


def test_the_hook_judges_what_is_staged_and_nothing_else(custom: Repository, govcheck: Govcheck):
    custom.write("docs/long.md", "much too long")
    custom.write("docs/short.md", "short")
    custom.write("docs/code.md", "breakpoint()\n")
    custom.stage("docs/long.md", "docs/short.md")
    custom.write("docs/long.md", "ok")
    custom.write("docs/short.md", "a TODO on the disk only")
    ran = govcheck("check", "--staged", "--format", "json")
    assert (ran.code, ran.subjects) == (1, [("short-texts", "docs/long.md", False)])
    assert ran.report["findings"][0]["message"] == "docs/long.md has 13 bytes: much too long"
    custom.stage()
    ran = govcheck("check", "--staged", "--format", "json")
    assert sorted(subject for policy, subject, _ in ran.subjects if policy == "no-debugging") == ["docs/code.md"]


def test_a_branch_is_judged_by_its_commits_and_by_what_it_leaves(custom: Repository, govcheck: Govcheck):
    custom.commit_file(".github/workflows/ci.yml", WORKFLOW)
    custom.checkout("feature", new=True)
    custom.write("docs/b.md", "too long by far")
    custom.stage()
    first = custom.commit("docs: b\n\nMuch about it.")
    custom.write("docs/b.md", "b")
    custom.stage()
    second = custom.commit("Shorter")
    ran = govcheck("check", "--base", "main", "--format", "json")
    assert ("subjects", second[:12], False) in ran.subjects
    assert ("jobs-end", ".github/workflows/ci.yml:build", True) in ran.subjects
    assert not [one for one in ran.subjects if first[:12] in one or one[0] == "short-texts"]
    messages = {one["policy"]: one["message"] for one in ran.report["findings"]}
    assert messages["subjects"] == "Shorter (Ada Author)"


def test_a_whole_tree(custom: Repository, govcheck: Govcheck):
    ran = govcheck("check", "--format", "json")
    assert [(one["control"], one["severity"]) for one in ran.report["findings"] if one["policy"] == "jobs-end"] == [
        ("selected", "warning")
    ]
    custom.commit_file(".github/workflows/broken.yml", "on: [push\n")
    assert govcheck("check").code == 3


def test_a_recording_of_custom_policies_replays(custom: Repository, govcheck: Govcheck, tmp_path: Path):
    custom.checkout("feature", new=True)
    custom.commit_file("docs/long.md", "ghp_" + "Secret0" * 5 + " much too long")
    file = str(tmp_path / "recording.json")
    recorded = govcheck("record", file, "check", "--base", "main")
    assert recorded.code == 1, recorded.err
    assert "Secret0Secret0" not in Path(file).read_text()
    assert govcheck("check", "--replay", file).code == 1


@pytest.mark.usefixtures("custom")
def test_audit_shows_the_example_that_fails(govcheck: Govcheck):
    ran = govcheck("audit")
    assert ran.code == 0
    assert "examples: example 1 of those that fail: job hangs may run for null minutes" in ran.out


def test_without_the_extra_an_expression_is_an_error(custom: Repository, govcheck: Govcheck, tmp_path: Path):
    (tmp_path / "hidden" / "cel_expr_python").mkdir(parents=True)
    (tmp_path / "hidden" / "cel_expr_python" / "__init__.py").write_text("raise ImportError('hidden')")
    ran = govcheck("check", PYTHONPATH=str(tmp_path / "hidden"))
    assert ran.code == 2
    assert "`expr` needs the extra `cel`: pip install 'govcheck[cel]'" in ran.err
    custom.write("docs/a.md", "b")
    custom.stage("docs/a.md")
    assert govcheck("check", "--staged").code == 0
    ran = govcheck("check", "--staged", PYTHONPATH=str(tmp_path / "hidden"))
    assert (ran.code, "govcheck[cel]" in ran.out) == (3, True), ran.out


def test_the_warm_hook_imports_no_engine_that_no_node_needs(repository: Repository, govcheck: Govcheck):
    repository.commit_file("policies/custom.yaml", SCHEMA)
    repository.write("docs/b.md", "b")
    repository.stage("docs/b.md")
    assert govcheck("check", "--staged").code == 0
    code = "import sys; from govcheck.__main__ import _run; code = _run(['check', '--staged']); "
    code += "print(code, *sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    variables = ENVIRONMENT | {"PATH": "/usr/bin:/bin"}
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=repository.path, capture_output=True, text=True, check=True, env=variables)
    exit_code, *modules = done.stderr.split()
    assert exit_code == "0"
    assert {"cel_expr_python", "jsonschema", "yaml", "pydantic", "dataclasses", "click"}.isdisjoint(modules)


def test_live_nodes(repository: Repository, govcheck: Govcheck):
    token = "ghp_" + "AdminOfTheRepository01"
    state = State()
    state.token(token, "classic", role="admin")
    app = state.repository("octo/app")
    app.ruleset("main", [{"type": "deletion"}])
    app.ruleset("odd", [])
    repository.commit_file("policies/custom.yaml", SCHEMA)
    with FakeGitHub(state) as server:
        environment = {"GITHUB_API_URL": server.url, "GH_TOKEN": token, "GITHUB_REPOSITORY": "octo/app"}
        ran = govcheck("check", "--live", "--format", "json", **environment)
    assert ("live", "odd", False) in ran.subjects
