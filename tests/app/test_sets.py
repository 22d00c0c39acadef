"""Sets of policies that a repository extends: folders, packaged sets, and what the repository makes of them."""

import json
import os
from pathlib import Path

import pytest

from program import Govcheck, Ran, program
from repositories import Repository

BASE = """kind: allowed-paths
id: no-text
why: Text is for books.
allow: ["**"]
deny: ["**/*.txt"]
---
kind: allowed-paths
id: no-archives
allow: ["**"]
deny: ["**/*.zip"]
"""
OWN = "kind: allowed-paths\nid: own\nallow: ['**']\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.write("shared/base/a.yaml", BASE)
    made.write("policies/own.yaml", OWN)
    made.write(".govcheck.yaml", "extends: [./shared/base]\n")
    made.write("notes.txt")
    made.stage()
    made.commit()
    return made


@pytest.fixture
def govcheck(repository: Repository) -> Govcheck:
    return program(repository.path)


def failed(ran: Ran) -> list[str]:
    return sorted({finding["policy"] for finding in ran.report["findings"]})


def ids(ran: Ran) -> list[str]:
    return [policy["id"] for policy in ran.report["policies"]]


def test_an_extended_set_holds_beside_the_repositorys_own(govcheck: Govcheck):
    for _ in range(2):  # the second time from the plan
        ran = govcheck("check", "--format", "json")
        assert (ran.code, failed(ran), ids(ran)) == (1, ["no-text"], ["no-text", "no-archives", "own"])
        assert ran.report["policies_from"] == "the set shared/base of the work tree; policies of the work tree"


def test_a_set_alone_is_enough(repository: Repository, govcheck: Govcheck):
    repository.remove("policies/own.yaml")
    assert ids(govcheck("check", "--format", "json")) == ["no-text", "no-archives"]


def test_what_changes_in_a_set_or_in_the_configuration_changes_the_verdict(repository: Repository, govcheck: Govcheck):
    assert govcheck("check").code == 1
    repository.write("shared/base/a.yaml", BASE.replace("txt", "rst"))
    assert govcheck("check").code == 0
    repository.write("shared/base/a.yaml", BASE)
    repository.write(".govcheck.yaml", "extends: [./shared/base]\ndisable: [no-text]\n")
    ran = govcheck("check", "--format", "json")
    assert (ran.code, ids(ran)) == (0, ["no-archives", "own"])
    assert "left out of the sets by `disable`: no-text" in ran.report["notes"]
    repository.write("shared/base/_set.yaml", "final: {no-text: true}\n")
    ran = govcheck("check")
    assert (
        ran.code,
        ".govcheck.yaml:2:11: `disable`: `no-text` (shared/base/a.yaml:1) is final: shared/base/_set.yaml:1" in ran.err,
    ) == (2, True)


def test_a_repository_overrides_by_id(repository: Repository, govcheck: Govcheck):
    repository.write("policies/own.yaml", "kind: allowed-paths\nid: no-text\nseverity: warning\n")
    ran = govcheck("check", "--format", "json")
    (found,) = ran.report["findings"]
    assert (ran.code, found["severity"], found["policy"]) == (0, "warning", "no-text")


def test_effective_tells_where_every_key_comes_from(repository: Repository, govcheck: Govcheck):
    repository.write("shared/team/_set.yaml", "extends: [../base]\n")
    repository.write("shared/team/t.yaml", "kind: allowed-paths\nid: no-text\nowner: team\nseverity: note\n")
    repository.write("policies/own.yaml", "kind: allowed-paths\nid: no-text\nseverity: warning\n")
    repository.write(".govcheck.yaml", "extends: [./shared/team]\n")
    ran = govcheck("explain", "no-text", "--effective")
    assert ran.code == 0
    assert [" ".join(line.split()) for line in ran.out.splitlines()] == [
        'kind: "allowed-paths" # policies/own.yaml:1, over shared/team/t.yaml:1, shared/base/a.yaml:1',
        'id: "no-text" # policies/own.yaml:2, over shared/team/t.yaml:2, shared/base/a.yaml:2',
        'why: "Text is for books." # shared/base/a.yaml:3',
        'allow: ["**"] # shared/base/a.yaml:4',
        'deny: ["**/*.txt"] # shared/base/a.yaml:5',
        'owner: "team" # shared/team/t.yaml:3',
        'severity: "warning" # policies/own.yaml:3, over shared/team/t.yaml:4',
    ]
    told = json.loads(govcheck("explain", "policy", "no-text", "--effective", "--format", "json").out)
    severity = next(key for key in told["keys"] if key["key"] == "severity")
    assert severity == {
        "key": "severity",
        "value": "warning",
        "set": None,
        "file": "policies/own.yaml",
        "line": 3,
        "over": [{"set": "shared/team", "file": "shared/team/t.yaml", "line": 4}],
    }
    repository.write("policies/copy.yaml", ran.out.replace("no-text", "copied"))
    assert "copied" in ids(govcheck("check", "--format", "json"))  # what it prints is YAML, and that policy
    assert govcheck("explain", "nothing", "--effective").code == 2


def test_a_diamond_is_one_set(repository: Repository, govcheck: Govcheck):
    for name in ("left", "right"):
        repository.write(f"shared/{name}/_set.yaml", "extends: [../base]\n")
    repository.write("shared/left/a.yaml", "kind: allowed-paths\nid: no-text\nowner: left\nseverity: note\n")
    repository.write("shared/right/a.yaml", "kind: allowed-paths\nid: no-text\nowner: right\n")
    repository.write(".govcheck.yaml", "extends: [shared/left, shared/right, shared/base]\n")
    ran = govcheck("explain", "no-text", "--effective")
    assert "# shared/right/a.yaml:3, over shared/left/a.yaml:3\n" in ran.out
    assert ran.out.count("shared/base/a.yaml:2") == 1


def test_a_circle_is_told_with_its_path(repository: Repository, govcheck: Govcheck):
    repository.write("shared/base/_set.yaml", "extends: [../b]\n")
    repository.write("shared/b/_set.yaml", "extends: [../c]\n")
    repository.write("shared/c/_set.yaml", "extends: [../base]\n")
    for _ in range(2):
        ran = govcheck("check")
        circle = "shared/base -> shared/b -> shared/c -> shared/base"
        assert (ran.code, f"shared/c/_set.yaml:1:11: `extends` goes in a circle: {circle}" in ran.err) == (2, True)


def test_a_set_for_a_newer_govcheck_says_so(repository: Repository, govcheck: Govcheck):
    repository.write("shared/base/_set.yaml", "requires: '>=99'\nkeys_of_the_future: 1\n")
    ran = govcheck("check")
    assert (ran.code, "shared/base/_set.yaml:1:11: this set requires govcheck >=99" in ran.err) == (2, True)
    assert "install a version that it allows" in ran.err
    assert "keys_of_the_future" not in ran.err


def test_a_condition_on_a_version_is_one(repository: Repository, govcheck: Govcheck):
    repository.write("shared/base/_set.yaml", "requires: newest\n")
    ran = govcheck("check")
    assert (ran.code, "`newest` is no condition on a version" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("./nothing", "`nothing`: there are no policies in nothing of the work tree"),
        ("../outside", "`../outside` leads out of the repository"),
        ("./policies", "`policies` lies in policies, where the repository's own policies are"),
        ("./policies/below", "where the repository's own policies are"),
        ("./linked", "`linked`: there are no policies"),
        ("govcheck:nothing", "govcheck comes with no set `nothing`"),
    ],
)
def test_a_set_that_cannot_be_is_told(entry: str, why: str, repository: Repository, govcheck: Govcheck, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "p.yaml").write_text(OWN)
    os.symlink(tmp_path / "elsewhere", repository.file("linked"))
    repository.write("policies/below/p.yaml", OWN.replace("own", "below"))
    repository.write(".govcheck.yaml", f"extends: ['{entry}']\n")
    ran = govcheck("check")
    assert (ran.code, why in ran.err) == (2, True), ran.err


def test_every_problem_of_every_set_is_told_at_once(repository: Repository, govcheck: Govcheck):
    repository.write("shared/base/a.yaml", "kind: allowed-path\nid: x\n")
    repository.write("shared/other/a.yaml", "kind: allowed-paths\nid: y\nalow: []\n")
    repository.write("policies/own.yaml", "kind: [\n")
    repository.write(".govcheck.yaml", "extends: [shared/base, shared/other]\n")
    ran = govcheck("check")
    assert ran.code == 2
    for place in ("shared/base/a.yaml:1:7", "shared/other/a.yaml:3:1", "policies/own.yaml:"):
        assert place in ran.err


def test_the_command_line_says_everything(govcheck: Govcheck):
    ran = govcheck("check", "--policies", "policies", "--format", "json")
    assert (ran.code, ids(ran)) == (0, ["own"])
    assert "osps-strangers" in ids(govcheck("check", "--policies", "govcheck:openssf-baseline", "--format", "json"))


def test_a_change_is_judged_by_the_sets_of_its_base(repository: Repository, govcheck: Govcheck):
    repository.checkout("loosen", new=True)
    repository.write(".govcheck.yaml", "{}\n")
    repository.write("shared/base/a.yaml", BASE.replace("txt", "rst"))
    repository.write("more.txt")
    repository.stage()
    repository.commit()
    ran = govcheck("check", "--base", "main", "--format", "json")
    assert (ran.code, "no-text" in failed(ran)) == (1, True)
    assert any(note.startswith("this change alters the configuration") for note in ran.report["notes"])
    changed = [finding["subject"] for finding in ran.report["findings"] if finding["policy"] == "govcheck"]
    assert changed == ["no-text"]


def test_the_first_change_brings_its_own_sets(tmp_path: Path):
    repository = Repository(tmp_path / "new")
    repository.commit()
    repository.checkout("begin", new=True)
    repository.write("shared/base/a.yaml", BASE)
    repository.write("policies/own.yaml", "kind: allowed-paths\nid: no-text\nseverity: warning\n")
    repository.write(".govcheck.yaml", "extends: [./shared/base]\ndisable: [no-archives]\n")
    repository.write("notes.txt")
    repository.stage()
    repository.commit()
    run = program(repository.path)
    ran = run("check", "--base", "main", "--format", "json")
    assert (ran.code, ids(ran), failed(ran)) == (0, ["no-text"], ["no-text"])
    assert ran.report["policies_from"].endswith("(bootstrap)")
    recorded = str(tmp_path / "run.json")
    assert run("record", recorded, "check", "--base", "main").code == 0
    assert failed(run("check", "--replay", recorded, "--format", "json")) == ["no-text"]


def test_a_hook_judges_by_the_sets_of_the_index(repository: Repository, govcheck: Govcheck):
    repository.write("more.txt")
    repository.stage("more.txt")
    repository.write("shared/base/a.yaml", BASE.replace("txt", "rst"))
    assert govcheck("check", "--staged").code == 1
    repository.stage("shared")
    assert govcheck("check", "--staged").code == 0


def test_a_run_with_sets_is_replayed(repository: Repository, govcheck: Govcheck, tmp_path: Path):
    repository.write("shared/base/_set.yaml", "final: {no-text: [deny]}\n")
    repository.write("policies/own.yaml", "kind: allowed-paths\nid: no-text\nseverity: warning\n")
    repository.write(".govcheck.yaml", "extends: [./shared/base, govcheck:starter]\ndisable: [no-archives]\n")
    repository.stage()
    repository.commit()
    recorded = str(tmp_path / "run.json")
    first = govcheck("record", recorded, "check", "--format", "json")
    again = govcheck("check", "--replay", recorded, "--format", "json")
    assert (first.code, failed(first)) == (again.code, failed(again))
    assert "no-archives" not in ids(again)
    assert "no-text" in failed(again)
