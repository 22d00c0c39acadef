"""Waivers in a repository: the same file for the hook, in CI and over a tree; `waive` writes it."""

import os
import shlex

import pytest

from documentation import blocks
from program import Govcheck
from repositories import Repository

WAIVER = """
- policy: docs-only
  control: path
  subject: stray.txt
  reason: moves next week
  owner: "@ops"
  created: 2026-01-01
  expires: 2026-12-31
"""
NOW = ("--at", "2026-06-01T00:00:00Z")


@pytest.fixture
def sinful(repository: Repository) -> Repository:
    repository.commit_file("stray.txt")
    return repository


def own(ran) -> list[tuple[str, str]]:
    return [(one["control"], one["message"]) for one in ran.report["findings"] if one["policy"] == "waivers"]


def test_what_is_waived_is_shown_and_does_not_fail(sinful: Repository, govcheck: Govcheck):
    assert govcheck("check").code == 1
    sinful.write("policies/waivers.yaml", WAIVER)
    sinful.stage("policies/waivers.yaml")
    for _ in range(2):  # the second time by what the first one kept
        ran = govcheck("check", *NOW, "--format", "json")
        assert ran.code == 0
        (finding,) = (one for one in ran.report["findings"] if one["control"] == "path")
        assert (finding["outcome"], finding["waiver"]["reason"]) == ("waived", "moves next week")
        assert ran.report["summary"]["waived"] == 1
        assert [one["id"] for one in ran.report["policies"]] == ["docs-only", "waivers"]
    shown = govcheck("check", *NOW)
    assert "docs-only path (stray.txt): moves next week (until 2026-12-31, @ops)" in shown.out
    assert "1 waived" in shown.out
    later = govcheck("check", "--at", "2027-01-01T00:00:00Z")
    assert later.code == 1
    told = " ".join(later.out.split())
    assert "expired on 2026-12-31 (@ops): what it excused is still there" in told


def test_the_hook_goes_by_the_index(repository: Repository, govcheck: Govcheck):
    repository.write("stray.txt", "x")
    repository.write("policies/waivers.yaml", WAIVER)
    repository.stage("stray.txt")
    assert govcheck("check", "--staged", *NOW).code == 1
    repository.stage("policies/waivers.yaml")
    assert govcheck("check", "--staged", *NOW).code == 0


def test_in_a_pull_request_the_bases_waivers_count(repository: Repository, govcheck: Govcheck):
    repository.run("checkout", "-q", "-b", "feature")
    repository.write("policies/waivers.yaml", WAIVER)
    repository.write("stray.txt", "x")
    repository.stage("policies/waivers.yaml", "stray.txt")
    repository.commit()
    ran = govcheck("check", "--base", "main", *NOW, "--format", "json")
    assert ran.code == 1
    said = [one["message"] for one in ran.report["findings"] if one["policy"] == "govcheck"]
    adds = "this change adds the waiver for docs-only path (stray.txt), until 2026-12-31: moves next week"
    assert said == [f"{adds}; after the merge it would excuse 1 of this run"]
    repository.run("checkout", "-q", "main")
    repository.write("policies/waivers.yaml", WAIVER)
    repository.stage("policies/waivers.yaml")
    repository.commit()
    repository.run("checkout", "-q", "feature")
    assert govcheck("check", "--base", "main", *NOW).code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {reason: x}", "the key `owner` is missing"),
        ("- 3", "a waiver is a mapping"),
        ("- {[}", "malformed"),
        (WAIVER.replace("stray.txt", '"*"'), "would excuse everything"),
        (WAIVER + WAIVER, "is waived by policies/waivers.yaml:2 already"),
        (WAIVER.replace("owner", "ownr"), "`ownr`"),
    ],
)
def test_a_waiver_that_is_none_is_a_finding_with_its_place(sinful, govcheck: Govcheck, text: str, message: str):
    sinful.write("policies/waivers.yaml", text)
    ran = govcheck("check", *NOW, "--format", "json")
    assert ran.code == 1
    assert any((control == "malformed" and message in said) or message == "malformed" for control, said in own(ran))


def test_waive_writes_what_counts(sinful: Repository, govcheck: Govcheck):
    found = next(one for one in govcheck("check", "--format", "json").report["findings"] if one["control"] == "path")
    arguments = ("waive", found["fingerprint"][:6], "--reason", 'a "reason"', "--for", "14d")
    assert "nobody answers for this waiver" in govcheck(*arguments).err
    dry = govcheck(*arguments, "--owner", "@ops", "--dry-run")
    assert dry.code == 0
    assert "Would write to policies/waivers.yaml" in dry.out
    assert not (sinful.path / "policies/waivers.yaml").exists()
    written = govcheck(*arguments, "--owner", "@ops", *NOW)
    assert (written.code, 'expires: "2026-06-15"' in written.out) == (0, True)
    assert (sinful.path / "policies/waivers.yaml").read_text().startswith("# yaml-language-server: $schema=")
    assert govcheck("check", *NOW).code == 0
    again = govcheck(*arguments, "--owner", "@ops", *NOW)
    assert (again.code, "is waived already, until 2026-06-15" in again.err) == (2, True)


def test_waive_does_what_the_guide_shows(sinful: Repository, govcheck: Govcheck):
    command, entry = (one for one in blocks("docs/guides/waivers.md", "console", "yaml") if one.marker == "waive")
    ran = [govcheck(*shlex.split(line)[1:], "--at", "2026-11-28T09:00:00Z") for line in command.commands]
    assert [one.code for one in ran] == [1, 0]
    assert shlex.split(command.commands[1])[2] in ran[0].out
    written = (sinful.path / "policies/waivers.yaml").read_text()
    assert written.partition("\n")[2] == entry.text


def test_waive_appends_and_keeps_what_is_there(sinful: Repository, govcheck: Govcheck):
    sinful.commit_file("other.txt")
    sinful.write("policies/waivers.yaml", f"# known sins\n{WAIVER.rstrip()}")
    found = {one["subject"]: one["fingerprint"] for one in govcheck("check", "--format", "json").report["findings"]}
    ran = govcheck("waive", found["other.txt"], "--reason", "x", "--for", "14d", "--owner", "@ops", *NOW)
    assert ran.code == 0, ran.err
    assert (sinful.path / "policies/waivers.yaml").read_text().startswith(f"# known sins\n{WAIVER.rstrip()}\n- policy:")
    assert govcheck("check", *NOW).code == 0


def test_waive_refuses_what_the_policy_does_not_allow(sinful: Repository, govcheck: Govcheck):
    found = next(one for one in govcheck("check", "--format", "json").report["findings"] if one["control"] == "path")
    arguments = ("waive", found["fingerprint"], "--reason", "x", "--owner", "@ops", "--for")
    text = (sinful.path / "policies/docs.yaml").read_text()
    sinful.write("policies/docs.yaml", f"{text}waivable_for: 7d\n")
    assert "allows a waiver of 7 days at most" in govcheck(*arguments, "14d").err
    sinful.write("policies/docs.yaml", f"{text}waivable: false\n")
    assert "cannot be waived" in govcheck(*arguments, "1d").err
    sinful.write("policies/docs.yaml", f"{text}waivable_for: soon\n")
    assert "`soon` is no number of days such as `90d`" in govcheck("check").err
    assert govcheck(*arguments, "2h").code == 2


def test_a_recorded_run_has_its_waivers(sinful: Repository, govcheck: Govcheck, tmp_path):
    sinful.write("policies/waivers.yaml", WAIVER)
    kept = str(tmp_path / "run.json")
    assert govcheck("record", kept, "check", *NOW).code == 0
    os.remove(sinful.path / "policies/waivers.yaml")
    ran = govcheck("check", "--replay", kept, "--format", "json")
    assert (ran.code, ran.report["summary"]["waived"]) == (0, 1)


def test_github_shows_what_is_waived(sinful: Repository, govcheck: Govcheck, tmp_path):
    sinful.write("policies/waivers.yaml", WAIVER)
    summary = tmp_path / "summary.md"
    ran = govcheck("check", *NOW, "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert (ran.code, "::error" in ran.out) == (0, False)
    assert "Waived&#58; 1" in summary.read_text()
