"""zizmor as evidence: the run where it is installed, and the reading of its report everywhere."""

import json
import os
import shutil

import pytest

from govcheck.facts import Missing
from govcheck.facts.zizmor import Zizmor
from govcheck.findings import Reason
from govcheck.sources import zizmor
from written_workflows import workflows

NAME = ".github/workflows/w.yml"
TEXT = "on: push\njobs:\n  a:\n    steps:\n      - run: é ${{ github.head_ref }}\n"


def entry(**changes):
    location = {
        "symbolic": {
            "key": {"Local": {"verbatim_path": f"./{NAME}"}},
            "annotation": "may expand into attacker-controllable code",
            "route": {"route": [{"Key": "jobs"}, {"Key": "a"}, {"Key": "steps"}, {"Index": 0}]},
            "feature_kind": "Normal",
            "kind": "Primary",
        },
        "concrete": {
            "location": {
                "start_point": {"row": 4, "column": 20},
                "end_point": {"row": 4, "column": 35},
                "offset_span": {"start": 50, "end": 65},
            },
            "feature": "github.head_ref",
            "comments": [],
        },
    }
    whole = {
        "ident": "template-injection",
        "desc": "code injection via template expansion",
        "url": "https://docs.zizmor.sh/audits/#template-injection",
        "determinations": {"confidence": "High", "severity": "High", "persona": "Regular"},
        "locations": [{"symbolic": {"kind": "Related"}}, location],
        "ignored": False,
    }
    return whole | changes


def read(report, code=14, errors=f"INFO zizmor: zizmor v1.32.0\nINFO audit: zizmor: completed ./{NAME}\n"):
    output = report if isinstance(report, bytes) else json.dumps(report).encode()
    return zizmor.parse(code, output, errors.encode(), {NAME: NAME}, {NAME: TEXT})


def test_a_finding_is_read_with_its_place_in_characters():
    said = read([entry()])
    assert isinstance(said, Zizmor)
    (one,) = said.findings
    assert (said.version, said.unaudited, said.odd) == ("1.32.0", (), 0)
    assert (one.audit, one.weight, one.confidence, one.job) == ("template-injection", "high", "High", "a")
    assert (one.path, one.line, one.column, one.end_line) == (NAME, 5, 20, 5)
    assert one.annotation == "may expand into attacker-controllable code"
    assert not one.ignored


def test_a_comment_that_ignores_it_is_kept():
    location = entry()["locations"][1]
    location["concrete"]["comments"] = ["# zizmor: ignore[artipacked, template-injection] because"]
    said = read([entry(locations=[location])])
    assert isinstance(said, Zizmor)
    assert said.findings[0].ignored


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        "text",
        {},
        entry(ident=1),
        entry(locations=[]),
        entry(locations=None),
        entry(locations=[{"concrete": 3}]),
        entry(determinations={"severity": "Dreadful"}),
        entry(determinations=None),
    ],
)
def test_an_entry_of_another_shape_is_counted(odd):
    said = read([odd, entry()])
    assert isinstance(said, Zizmor)
    assert (len(said.findings), said.odd) == (1, 1)


@pytest.mark.parametrize("key", ["start_point", "end_point"])
def test_a_place_beyond_the_file_is_no_crash(key):
    one = entry()
    one["locations"][1]["concrete"]["location"][key] = {"row": 10**6, "column": 10**6}
    assert isinstance(read([one]), Zizmor)


def test_a_file_that_was_not_read_is_named():
    said = read([], code=0, errors="WARN failed to parse input\n")
    assert isinstance(said, Zizmor)
    assert said.unaudited == (NAME,)


@pytest.mark.parametrize(
    ("report", "code", "message"),
    [
        (b"", 1, "zizmor failed with exit code 1: fatal: it broke"),
        (b"[]", 2, "zizmor failed with exit code 2: fatal: it broke"),
        (b"[]", 3, "zizmor failed with exit code 3: fatal: it broke"),
        (b"[]", -9, "zizmor failed with exit code -9: fatal: it broke"),
        (b"not json", 0, "zizmor's report is not JSON"),
        (b"[" * 100_000, 0, "zizmor's report is not JSON"),
        (b"{}", 0, "zizmor's report is not a list of findings, as version 1 of its format is"),
    ],
)
def test_a_run_that_failed_is_no_pass(report, code, message):
    said = read(report, code, "noise\nfatal: it broke\n")
    assert said == Missing(reason=Reason.TOOL_MISSING, message=message)


def test_without_zizmor_it_is_a_missing_tool(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    said = zizmor.gather(workflows({"w.yml": TEXT.replace("    steps", "    runs-on: x\n    steps")}))
    assert isinstance(said, Missing)
    assert said.reason is Reason.TOOL_MISSING
    assert "pipx install zizmor" in said.message


def test_without_workflows_it_is_not_run(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert zizmor.gather(workflows({"w.yml": "a: ["})) == Zizmor(version="", findings=(), unaudited=(), odd=0)


def script(folder, text):
    program = folder / "zizmor"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)


def test_a_zizmor_that_lies_where_govcheck_was_started_is_not_run(monkeypatch, tmp_path):
    script(tmp_path, "echo '[]'")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    assert isinstance(zizmor.gather(workflows({"w.yml": GOOD})), Missing)


def test_a_zizmor_that_does_not_end_is_ended(monkeypatch, tmp_path):
    script(tmp_path, "exec sleep 600")
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.defpath]))
    monkeypatch.setattr(zizmor, "LONGEST", 0.05)
    said = zizmor.gather(workflows({"w.yml": GOOD}))
    assert isinstance(said, Missing)
    assert "did not end within" in said.message


def test_a_zizmor_that_cannot_be_started(monkeypatch, tmp_path):
    program = tmp_path / "zizmor"
    program.write_bytes(b"\x7fELF nothing")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    said = zizmor.gather(workflows({"w.yml": GOOD}))
    assert isinstance(said, Missing)
    assert "cannot be started" in said.message


GOOD = """
on: pull_request
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ github.head_ref }}"
"""


def test_it_gets_nothing_but_the_workflows_and_no_token(monkeypatch, tmp_path):
    seen = tmp_path / "seen"
    script(tmp_path, f'{{ env; find . -type f; echo "$@"; }} > {seen}; echo "[]"')
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.defpath]))
    monkeypatch.setenv("GH_TOKEN", "do-not-pass-this-on")
    said = zizmor.gather(workflows({"w.yml": GOOD, "odd\nname.yml": GOOD, "bad.yml": "a: ["}))
    assert isinstance(said, Zizmor)
    text = seen.read_text()
    assert "do-not-pass-this-on" not in text
    assert "--offline --no-config --no-ignores" in text
    assert sorted(line for line in text.splitlines() if line.startswith("./")) == [
        "./.github/workflows/govcheck-0.yml",
        "./.github/workflows/w.yml",
    ]
    assert set(said.unaudited) == {".github/workflows/odd\nname.yml", ".github/workflows/w.yml"}


@pytest.mark.skipif(shutil.which(zizmor.PROGRAM) is None, reason="zizmor is not installed: its real run is not tested")
def test_the_real_zizmor():
    ignored = GOOD.replace('"${{', "${{").replace('}}"', "}} # zizmor: ignore[template-injection]")
    said = zizmor.gather(workflows({"w.yml": GOOD, "i.yml": ignored, "odd\nname.yml": GOOD}))
    assert isinstance(said, Zizmor)
    assert said.version
    assert (said.unaudited, said.odd) == ((), 0)
    found = {one.path: one for one in said.findings if one.audit == "template-injection"}
    assert set(found) == {f".github/workflows/{name}.yml" for name in ("w", "i", "odd\nname")}
    assert (found[NAME].line, found[NAME].weight, found[NAME].job) == (7, "high", "a")
    assert found[".github/workflows/i.yml"].ignored
    assert not found[NAME].ignored
