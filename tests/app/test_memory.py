"""What the last run came to is remembered: it is quicker, and never another answer."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import govcheck
from govcheck.app import memory
from govcheck.app.check import run_check
from govcheck.app.code_identity import code_identity
from govcheck.app.options import CheckOptions, Setting
from govcheck.report import Report
from govcheck.reporters import text
from govcheck.rules import notification_recipients
from repositories import Repository, isolate

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORKFLOW = """
on: pull_request
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{run: ./scripts/ci.sh}, {run: "gitleaks git . || true"}, {uses: ./scripts/tell}]
"""
TELL = "runs: {using: composite, steps: [{uses: dawidd6/action-send-mail@v3, with: {to: a@example.com}}]}\n"
SAFE = 'kind: workflow-security\nid: safe\npermissions: {"*": {contents: read}}\n'
DATES = "kind: dates\nid: due\nfiles: [docs/*.md]\nwords: [due]\n"
CONTENT = "kind: forbidden-content\nid: content\npatterns: [{name: key, assigned: [KEY]}]\nscope: tree\n"
FILES = {
    "policies/gates.yaml": [
        "kind: gate-liveness\nid: gates\n",
        f"kind: gate-liveness\nid: gates\nfamilies: [secret-scan]\n---\n{SAFE}",
    ],
    "policies/files.yaml": [
        'kind: allowed-paths\nid: paths\nallow: ["docs/**", "policies/**", "scripts/**", "*"]\n',
        CONTENT,
        f"kind: references\nid: named\nfiles: [docs/*.md]\n---\n{DATES}",
    ],
    "policies/told.yaml": ["kind: notification-recipients\nid: told\nallow: {}\n"],
    ".github/workflows/ci.yml": [WORKFLOW, WORKFLOW.replace("|| true", ""), "on: [\n"],
    ".github/workflows/told.yaml": [WORKFLOW.replace("build", "other"), "on: push\n"],
    "scripts/tell/action.yml": [TELL, TELL.replace("mail@v3", "nothing@v3"), "runs: [\n"],
    "scripts/ci.sh": ["#!/bin/sh\n./scripts/more.sh\n", "#!/bin/sh\nmake test || true\n", "#!/bin/sh\nexit 0\n"],
    "scripts/more.sh": ["#!/bin/sh\nmake\n", "#!/bin/sh\ntrue\n"],
    "docs/a.md": ["`scripts/more.sh` due 2026-03-01\nKEY=abcdef1\n", "`scripts/gone.sh` due 2026-04-01\n", "\xff\n"],
    ".pre-commit-config.yaml": ["repos: []\n", "repos:\n- repo: local\n  hooks: [{id: x, entry: 'true'}]\n"],
    ".gitleaks.toml": ["[extend]\nuseDefault = true\n", "[allowlist]\npaths = ['.*']\n"],
}
ALL = {"gates", "paths", "told"}
EDITS = st.lists(
    st.sampled_from([(path, content) for path, contents in FILES.items() for content in (*contents, None)]),
    min_size=1,
    max_size=4,
)


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch):
    isolate(monkeypatch)


@pytest.fixture
def made(tmp_path: Path) -> Repository:
    return filled(tmp_path / "made")


def filled(path: Path) -> Repository:
    repository = Repository(path)
    for name, contents in FILES.items():
        repository.write(name, contents[0])
    repository.stage()
    repository.commit()
    return repository


def judged(repository: Repository, *, at: datetime = MORNING, revision: str | None = None, **variables: str) -> Report:
    setting = Setting(directory=str(repository.path), at=at, environment=variables)
    return run_check(CheckOptions(setting=setting, revision=revision))


def anew(repository: Repository, **options: Any) -> Report:
    return judged(repository, GOVCHECK_REMEMBER="no", **options)


def said(report: Report) -> tuple[object, ...]:
    """Everything but times: findings, doubts, notes, and the text with its excerpts."""
    results = [{**plain_result(result), "duration_ms": 0} for result in report.results]
    return results, report.notes, report.exit_code, text.render(report, colour=False, width=100, verbose=True)


def plain_result(result: object) -> dict[str, Any]:
    names = ("outcome", "reason", "subjects", "findings", "unknowns", "not_offered", "settings", "held")
    found = {name: getattr(result, name) for name in names}
    found["findings"] = [(one.finding, one.fingerprint, one.severity, one.waiver) for one in found["findings"]]
    found["unknowns"] = [(one.undecided, one.fingerprint, one.waiver) for one in found["unknowns"]]
    return found


def remembered(report: Report) -> set[str]:
    return {result.policy.policy.id for result in report.results if type(result.policy.policy).__name__ == "Policy"}


def kept(repository: Repository) -> list[Path]:
    return sorted((repository.path / ".git" / "govcheck").glob("judged-*.json"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS, staged=st.booleans())
def test_after_every_edit_it_says_what_a_run_without_memory_says(tmp_path_factory: Any, edits: Any, *, staged: bool):
    repository = filled(tmp_path_factory.mktemp("edited") / "made")
    judged(repository)
    for path, content in edits:
        if content is not None:
            repository.write(path, content)
        elif (repository.path / path).exists():
            repository.delete(path)
        if staged:
            repository.stage()
        assert said(judged(repository)) == said(anew(repository))
        assert said(judged(repository)) == said(anew(repository))


def test_what_is_the_same_is_not_judged_again(made: Repository):
    assert remembered(judged(made)) == set()
    assert remembered(judged(made)) == ALL
    made.write("docs/b.md", "new, and not tracked")
    assert remembered(judged(made)) == ALL
    made.write("scripts/more.sh", "#!/bin/sh\nfalse\n")
    assert remembered(judged(made)) == {"paths", "told"}
    assert remembered(judged(made)) == ALL
    made.stage("docs/b.md")
    assert remembered(judged(made)) == set()


def test_a_policy_that_is_edited_is_judged_again_and_what_reads_policies(made: Repository):
    judged(made)
    made.write("policies/files.yaml", 'kind: allowed-paths\nid: paths\nallow: ["docs/**"]\n')
    report = judged(made)
    assert (remembered(report), said(report)) == ({"told"}, said(anew(made)))


def test_commits_are_remembered_by_their_objects(made: Repository):
    first = made.head()
    made.commit_file("scripts/ci.sh", "#!/bin/sh\nexit 0\n")
    judged(made, revision=first)
    assert remembered(judged(made, revision=first)) == ALL
    second = judged(made, revision="HEAD")
    assert (remembered(second), said(second)) == ({"paths", "told"}, said(anew(made, revision="HEAD")))


def test_a_link_is_not_the_file_that_has_its_bytes(made: Repository):
    made.write("policies/files.yaml", CONTENT)
    made.stage()
    made.stage_entry("docs/a.md", "KEY=abcdef1", "120000")
    linked = made.commit()
    made.stage_entry("docs/a.md", "KEY=abcdef1")
    plain_file = made.commit()
    for revision in (linked, plain_file, linked):
        assert said(judged(made, revision=revision)) == said(anew(made, revision=revision))


def test_an_object_that_was_lost_and_found_again(made: Repository):
    made.write("policies/files.yaml", CONTENT)
    made.write("docs/a.md", "KEY=abcdef1\n")
    made.stage()
    commit = made.commit()
    blob = made.run("rev-parse", "HEAD:docs/a.md").decode().strip()
    made.lose(blob)
    for _ in range(2):
        lost = judged(made, revision=commit)
        assert said(lost) == said(anew(made, revision=commit))
        assert [result.outcome for result in lost.results if result.policy.policy.id == "content"] == ["unknown"]
    made.store("KEY=abcdef1\n")
    assert said(judged(made, revision=commit)) == said(anew(made, revision=commit))


def test_the_clock_is_not_remembered(made: Repository):
    made.write("policies/files.yaml", FILES["policies/files.yaml"][2])
    made.write("docs/a.md", "`scripts/more.sh` due 2026-03-05\n")
    first, later = judged(made), judged(made, at=MORNING.replace(month=4))
    assert [one.outcome for report in (first, later) for one in report.results if one.policy.policy.id == "due"] == [
        "fail",
        "fail",
    ]
    assert said(later) == said(anew(made, at=MORNING.replace(month=4))) != said(first)


def test_a_rule_that_crashed_is_judged_again(made: Repository, monkeypatch: pytest.MonkeyPatch):
    def crash(*_: object) -> None:
        raise RuntimeError("not today")

    with monkeypatch.context() as broken:
        broken.setattr(notification_recipients, "read", crash)
        crashed = judged(made)
        assert "rule-crashed" in str([result.reason for result in crashed.results])
        assert said(judged(made)) == said(crashed)
    assert said(judged(made)) == said(anew(made))


SCANNER = """#!/bin/sh
[ "$1" = version ] && { echo 8.30.1; exit 0; }
for word; do [ "$word" = --config ] && exit %d; done
exit 42
"""


def test_what_a_scanner_says_is_asked_each_time(made: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made.write(".github/workflows/ci.yml", FILES[".github/workflows/ci.yml"][1])
    judged(made)
    assert "gates" in remembered(judged(made))
    program = tmp_path / "tools" / "gitleaks"
    program.parent.mkdir()
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    for code in (42, 0, 42):
        program.write_text(SCANNER % code)
        program.chmod(0o755)
        report = judged(made)
        assert (remembered(report), said(report)) == ({"paths", "told"}, said(anew(made)))
    program.unlink()
    assert said(judged(made)) == said(anew(made))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0), byte=st.integers(0, 255), is_cut=st.booleans())
def test_damaged_memory_is_made_anew(made: Repository, place: int, byte: int, *, is_cut: bool):
    expected = said(anew(made))
    judged(made)
    (file,) = kept(made)
    whole = file.read_bytes()
    at = place % len(whole)
    file.write_bytes(whole[:at] if is_cut else whole[:at] + bytes([byte]) + whole[at + 1 :])
    assert said(judged(made)) == expected
    assert kept(made)[0].read_bytes() == whole or remembered(judged(made)) == ALL


@pytest.mark.parametrize("content", ["[]", "{}", '{"made": 1, "facts": {"globs": {"x": [[1]]}}, "entries": {}}', "nan"])
def test_a_whole_file_of_another_form_is_made_anew(made: Repository, content: str):
    judged(made)
    (file,) = kept(made)
    file.write_bytes(memory.sha256(content.encode()).hexdigest().encode() + b"\n" + content.encode())
    assert said(judged(made)) == said(anew(made))


def test_other_code_knows_nothing(made: Repository, monkeypatch: pytest.MonkeyPatch):
    judged(made)
    with monkeypatch.context() as other:
        other.setattr(memory, "code_identity", lambda: "another version")
        assert remembered(judged(made)) == set()
        assert remembered(judged(made)) == ALL
    assert remembered(judged(made)) == set()


def test_code_is_known_by_its_files_and_by_what_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = tmp_path / "govcheck"
    shutil.copytree(Path(govcheck.__file__).parent / "text", package / "text")
    monkeypatch.setattr(govcheck, "__file__", str(package / "__init__.py"))
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    seen = {code_identity.__wrapped__()}
    module = next((package / "text").glob("*.py"))
    os.utime(module, ns=(1, 1))
    seen.add(code_identity.__wrapped__())
    module.write_bytes(module.read_bytes() + b"\n")
    seen.add(code_identity.__wrapped__())
    (package / "text" / "more.py").touch()
    seen.add(code_identity.__wrapped__())
    os.utime(tmp_path / "site", ns=(1, 1))
    seen.add(code_identity.__wrapped__())
    assert len(seen) == 5
    assert code_identity.__wrapped__() in seen


@pytest.mark.parametrize("variables", [{"CI": "true"}, {"GOVCHECK_REMEMBER": "no"}, {"GOVCHECK_REMEMBER": "0"}])
def test_it_is_gone_without(made: Repository, variables: dict[str, str]):
    for _ in range(2):
        assert remembered(judged(made, **variables)) == set()
    assert kept(made) == []


def test_where_nothing_may_be_written_it_is_slower_and_the_same(made: Repository):
    (made.path / ".git" / "govcheck").write_text("in the way")
    assert said(judged(made)) == said(judged(made)) == said(anew(made))


def test_files_do_not_pile_up(made: Repository, tmp_path: Path):
    for number in range(12):
        folder = tmp_path / f"policies-{number}"
        folder.mkdir()
        (folder / "paths.yaml").write_text(FILES["policies/files.yaml"][0])
        setting = Setting(directory=str(made.path), policies=(str(folder),), environment={})
        run_check(CheckOptions(setting=setting))
    assert len(kept(made)) == 8
