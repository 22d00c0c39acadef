"""Runs that end before they judge: everything that is wrong, at once, in the format that was asked for."""

import json
from pathlib import Path

import pytest

from program import Govcheck
from repositories import Repository
from sarif_form import mistakes

POLICIES = """\
kind: allowed-paths
id: docs-only
alow: [a]
---
kind: allowd-paths
id: docs-only
---
kind: allowed-paths
id: other
allow: [a]
allow: [b]
allow: [c]
severity: eror
"""
PLACES = [
    (".govcheck.yaml", 1, 1),
    (".govcheck.yaml", 2, 11),
    ("policies/a.yaml", 3, 1),
    ("policies/a.yaml", 5, 7),
    ("policies/a.yaml", 6, 5),
    ("policies/a.yaml", 11, 1),
    ("policies/a.yaml", 12, 1),
    ("policies/a.yaml", 13, 11),
    ("policies/b.yaml", 3, 1),
    ("policies/b.yaml", 8, 1),
    ("policies/docs.yaml", 3, 5),
]


@pytest.fixture
def broken(repository: Repository) -> Repository:
    repository.write("policies/a.yaml", POLICIES)
    repository.write(
        "policies/b.yaml", "kind: allowed-paths\nid: more\nwy: no\nallow: [a]\n---\nkind: allowed-paths\nid: [\n"
    )
    repository.write(".govcheck.yaml", "tokn: 1\npolicies: 3\n")
    return repository


@pytest.mark.parametrize("arguments", [["check"], ["check", "--staged"], ["sweep"]])
def test_everything_is_told_at_once(arguments, broken: Repository, govcheck: Govcheck):
    broken.stage(".govcheck.yaml", "policies/a.yaml", "policies/b.yaml")
    broken.commit()
    ran = govcheck(*arguments, "--format", "json", GITHUB_REPOSITORY="o/r", GH_TOKEN="t" * 20)
    document = json.loads(ran.out)
    assert (ran.code, document["schema"], document["kind"]) == (2, "urn:govcheck:errors:1", "policy")
    told = [(one["path"], one["line"], one["column"]) for one in document["errors"]]
    assert [place for place in PLACES if place not in told] == []


@pytest.mark.usefixtures("broken")
def test_a_key_that_stands_three_times_names_its_first_line(govcheck: Govcheck):
    messages = [one["message"] for one in json.loads(govcheck("check", "--format", "json").out)["errors"]]
    assert messages.count("the key `allow` stands here and in line 10") == 2
    assert any("is taken by policies/a.yaml:2:5" in message for message in messages)
    assert any("did you mean `allow`?" in message for message in messages)
    assert any("did you mean `allowed-paths`?" in message for message in messages)


@pytest.mark.usefixtures("broken")
def test_people_see_the_line_and_a_caret_whatever_the_format(govcheck: Govcheck):
    plain, github = govcheck("check"), govcheck("check", "--format", "github")
    assert plain.err == github.err
    assert "\n3 | alow: [a]\n  | ^\n" in plain.err
    assert plain.out == ""


@pytest.mark.usefixtures("broken")
def test_every_format_and_every_file(govcheck: Govcheck, tmp_path: Path):
    files = {form: tmp_path / f"out.{form}" for form in ("json", "sarif", "junit", "github", "text")}
    outputs = [part for form, path in files.items() for part in ("--output", f"{form}={path}")]
    summary = tmp_path / "summary.md"
    ran = govcheck("check", "--format", "github", *outputs, GITHUB_STEP_SUMMARY=str(summary))
    assert ran.code == 2
    assert ran.out.startswith("::error file=.govcheck.yaml,line=1,col=1,")
    assert ran.out == files["github"].read_text()
    assert mistakes(json.loads(files["sarif"].read_text())) == []
    assert 'errors="' in files["junit"].read_text()
    assert files["text"].read_text() == ran.err
    assert summary.read_text().startswith("### govcheck: nothing was evaluated\n\n")
    assert "policies/a&#46;yaml" in summary.read_text() or "policies/a.yaml" in summary.read_text()


def test_a_usage_error_is_told_too(govcheck: Govcheck):
    ran = govcheck("check", "--rev", "nowhere", "--format", "json")
    document = json.loads(ran.out)
    assert (ran.code, document["kind"], document["errors"][0]["path"]) == (2, "usage", None)
    assert document["errors"][0]["message"] in ran.err


def test_another_version_says_nothing_of_the_policies(broken: Repository, govcheck: Govcheck):
    broken.write(".govcheck.yaml", 'requires: ">=99"\n')
    document = json.loads(govcheck("check", "--format", "json").out)
    assert [one["path"] for one in document["errors"]] == [".govcheck.yaml"]


def test_a_report_in_the_new_formats(repository: Repository, govcheck: Govcheck, tmp_path: Path):
    repository.write("rogue.md", "rogue")
    repository.stage("rogue.md")
    junit = tmp_path / "out.xml"
    ran = govcheck(
        "check", "--format", "sarif", "--output", f"junit={junit}", GITHUB_SERVER_URL="https://github.example.com"
    )
    log = json.loads(ran.out)
    assert (ran.code, mistakes(log)) == (1, [])
    results = log["runs"][0]["results"]
    [result] = [one for one in results if one["level"] == "error"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "rogue.md"
    assert 'failures="1" errors="0"' in junit.read_text()


@pytest.mark.usefixtures("broken")
def test_a_file_that_cannot_be_written_hides_no_error(govcheck: Govcheck, tmp_path: Path):
    ran = govcheck("check", "--output", f"json={tmp_path}")
    assert (ran.code, "unknown key `alow`" in ran.err, f"cannot write {tmp_path}" in ran.err) == (2, True, True)
