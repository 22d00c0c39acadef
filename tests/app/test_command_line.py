"""The command line: options, outputs, exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema
import pytest
from referencing import Registry

from govcheck.cli.main import main
from govcheck.report_schema import schema
from program import Govcheck, program
from repositories import Repository

WINDOW = """
kind: deploy-window
id: hours
timezone: America/Los_Angeles
allow: [{days: mon-fri, from: "09:00", to: "17:00"}]
applies_to: {environments: [production]}
"""


def _commands(group: click.Group, *before: str) -> Iterator[list[str]]:
    yield [*before]
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        yield from _commands(command, *before, name) if isinstance(command, click.Group) else [[*before, name]]


@pytest.mark.parametrize("command", list(_commands(main)), ids=lambda command: " ".join(command) or "-")
def test_every_command_has_help(govcheck: Govcheck, command: list[str]):
    ran = govcheck(*command, "--help")
    assert (ran.code, "Usage: govcheck" in ran.out, "\\" in ran.out) == (0, True, False)


def test_global_options_stand_before_and_after_the_command(govcheck: Govcheck, tmp_path: Path):
    elsewhere = tmp_path / "policies"
    elsewhere.mkdir()
    (elsewhere / "p.yaml").write_text('kind: allowed-paths\nid: nothing\nallow: ["nothing/**"]\n')
    before = govcheck("--policies", str(elsewhere), "check", "--format", "json")
    after = govcheck("check", "--policies", str(elsewhere), "--format", "json")
    assert before.code == after.code == 1
    assert before.subjects == after.subjects
    assert "outside of the repository" in before.report["policies_from"]


def test_the_report_follows_its_schema_and_files_are_written(
    repository: Repository, govcheck: Govcheck, tmp_path: Path
):
    repository.commit_file("stray.txt")
    target = tmp_path / "report.json"
    ran = govcheck("check", "--output", f"json={target}")
    document = json.loads(target.read_text())
    jsonschema.Draft202012Validator(schema(), registry=Registry()).validate(document)
    assert (ran.code, document["exit_code"]) == (1, 1)


def test_github_annotations_and_the_step_summary(repository: Repository, govcheck: Govcheck, tmp_path: Path):
    repository.commit_file("stray.txt")
    summary = tmp_path / "summary.md"
    ran = govcheck("check", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert "::error file=stray.txt" in ran.out
    assert "stray.txt" in summary.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--staged", "--base", "main"], "--staged and --base do not go together"),
        (["check", "--head", "main"], "go with --base"),
        (["check", "--staged", "--live"], "never reads the network"),
        (["check", "--format", "xml"], "xml"),
        (["check", "--output", "xml=x"], "text, json, github"),
        (["check", "--at", "2026-01-01T00:00"], "time zone"),
        (["chekc"], "chekc"),
        (["-C", "/nowhere/at/all", "check"], "/nowhere/at/all"),
        (["check", "--policies", "no-such-folder"], "no-such-folder"),
        (["check", "--rev", "--output=x"], "--output=x"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_usage_error_is_2_and_says_what_is_wrong(govcheck: Govcheck, arguments: list[str], said: str):
    ran = govcheck(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())


def test_every_problem_of_every_policy_at_once(repository: Repository, govcheck: Govcheck):
    repository.write("policies/a.yaml", "kind: allowed-paths\nid: a\nalow: [x]\n")
    repository.write("policies/b.yaml", "kind: allowed-path\nid: b\n---\n- a list\n")
    ran = govcheck("check")
    assert ran.code == 2
    for said in ("policies/a.yaml:3:1", "allow", "policies/b.yaml:1:7", "allowed-paths", "policies/b.yaml:4:1"):
        assert said in ran.err


def test_a_repository_without_policies_is_told_how_to_begin(tmp_path: Path, govcheck: Govcheck):
    bare = Repository(tmp_path / "bare")
    bare.commit_file("README.md")
    ran = govcheck("-C", str(bare.path), "check")
    assert (ran.code, "govcheck:starter" in ran.err) == (2, True)
    assert govcheck("-C", str(bare.path), "--policies", "govcheck:starter", "check").code == 0
    ran = govcheck("-C", str(bare.path), "--policies", "govcheck:strict", "check")
    assert (ran.code, "the packaged sets are govcheck:cis-github" in ran.err) == (2, True)


def test_the_gate(repository: Repository, govcheck: Govcheck):
    repository.write("policies/window.yaml", WINDOW)
    gate = ("gate", "deploy", "--environment", "production", "--at")
    opened = govcheck(*gate, "2026-03-09T16:30:00Z")
    closed = govcheck(*gate, "2026-03-09T15:30:00Z")
    assert (opened.code, closed.code) == (0, 1)
    assert "open until Mon 2026-03-09 17:00 PDT" in opened.out
    assert "opens Mon 2026-03-09 09:00 PDT" in closed.out
    assert govcheck("gate", "deploy", "--environment", "staging").code == 2


def test_explain(repository: Repository, govcheck: Govcheck):
    repository.write(".github/workflows/ci.yml", "name: CI\non: pull_request\njobs: {build: {runs-on: x, steps: []}}\n")
    repository.stage(".github/workflows/ci.yml")
    assert govcheck("explain", "context", "build").code == 0
    missing = govcheck("explain", "context", "CI")
    assert (missing.code, "workflow's name" in " ".join(missing.out.split())) == (1, True)
    assert "allow" in govcheck("explain", "path", "docs/a.md").out
    assert "docs-only" in govcheck("explain", "policy", "docs-only").out
    assert govcheck("explain", "policy", "nonsense").code == 2


def test_explain_shows_a_policy_as_it_is_written(repository: Repository, govcheck: Govcheck):
    text = "kind: branch-protection\nid: p\nbranch: main\napprovals: {min: 2}\nbypass: {subset_of: []}\n"
    repository.write("policies/p.yaml", text)
    shown = govcheck("explain", "policy", "p").out.splitlines()
    assert {'  approvals: {"min": 2}', '  bypass: {"subset_of": []}', "  waivable: true"} <= set(shown)


def test_explain_leaves_a_path_to_the_pull_request_where_the_policy_does(repository: Repository, govcheck: Govcheck):
    repository.write("policies/p.yaml", "kind: allowed-paths\nid: sandbox\ndeclared_in: pull-request\n")
    shown = govcheck("explain", "path", "docs/a.md").out
    assert "sandbox: docs/a.md is allowed where the pull request declares it" in shown


def test_help_lists_the_commands_line_by_line(govcheck: Govcheck):
    assert "\n  govcheck check --staged              what is about to be committed\n" in govcheck("--help").out


def test_a_workflow_that_github_rejects_never_ends_the_run(repository: Repository, govcheck: Govcheck):
    repository.write("policies/checks.yaml", "kind: required-checks\nid: c\nbranch: main\nchecks: [build]\n")
    repository.write(".github/workflows/broken.yml", "on: [\n")
    repository.write(".github/workflows/list.yml", "- a\n")
    repository.stage(".github/workflows/broken.yml", ".github/workflows/list.yml", "policies/checks.yaml")
    ran = govcheck("check", "--format", "json")
    assert ran.code == 1
    named = {subject for _, subject, _ in ran.subjects}
    assert {".github/workflows/broken.yml", ".github/workflows/list.yml", "build"} <= named


def test_the_configuration_names_folders_and_refuses_what_a_file_must_not_set(
    repository: Repository, govcheck: Govcheck
):
    repository.write("rules/p.yaml", 'kind: allowed-paths\nid: nothing\nallow: ["nothing/**"]\n')
    repository.commit_file(".govcheck.yaml", "policies: [rules]\n")
    assert govcheck("check", "--staged").code == 2
    repository.commit_file("rules/p.yaml", 'kind: allowed-paths\nid: nothing\nallow: ["rules/**"]\n')
    for stage in (["check"], ["check", "--rev", "HEAD"]):
        ran = govcheck(*stage, "--format", "json")
        assert (ran.code, {policy for policy, _, _ in ran.subjects}) == (1, {"nothing"})
    for text, said in (("unknown: warn\n", "--unknown"), ("requires: '>=9'\n", ">=9"), ("token: x\n", "GH_TOKEN")):
        repository.write(".govcheck.yaml", text)
        ran = govcheck("check")
        assert (ran.code, ".govcheck.yaml:1" in ran.err, said in ran.err) == (2, True, True)
    assert govcheck("check", "--config", "nowhere.yaml").code == 2


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["chek"], "No such command 'chek': did you mean `check`?"),
        (["check", "README.md"], "`govcheck explain path README.md` tells what governs one file"),
        (["explain", "gate"], "did you mean `govcheck explain gates`?\n"),
        (["explain", "gate-livenes"], "did you mean `govcheck explain gate-liveness`?\n"),
        (["gate", "deploy", "--environment", "production"], "`govcheck explain policy deploy-window`"),
    ],
)
def test_what_was_nearly_right_names_what_was_meant(govcheck: Govcheck, command: list[str], told: str):
    ran = govcheck(*command)
    assert (ran.code, told in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("words", [["help"], ["help", "check"], ["version"]])
def test_help_and_version_are_words_too(govcheck: Govcheck, words: list[str]):
    options = {"help": "--help", "version": "--version"}
    meant = govcheck(*words[1:], options[words[0]])
    ran = govcheck(*words)
    assert (ran.code, ran.out) == (0, meant.out)


def test_a_file_that_is_passed_over_is_named(tmp_path: Path):
    bare = Repository(tmp_path / "bare")
    bare.write("policies/a.yaml.txt", "kind: allowed-paths\n")
    ran = program(bare.path)("check")
    assert "passed over, because its name is not one of a policy file: policies/a.yaml.txt" in ran.err
    bare.write("policies/b.yaml", "")
    assert "policies/b.yaml (an empty file)" in program(bare.path)("check").err
