"""`govcheck test`: policies held to what their tests expect, by the code that `check` judges with."""

import json
from pathlib import Path

import jsonschema
import pytest

from fake_github import FakeGitHub, State
from govcheck.app import testing
from govcheck.app.options import Setting
from govcheck.facts.document import plain
from govcheck.findings import Finding
from govcheck.judged_examples import JudgedExample
from govcheck.records import frozen
from govcheck.rules.allowed_paths import AllowedPaths
from govcheck.sources.yaml_document import load
from program import Govcheck, program
from repositories import Repository

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*(ROOT / "policies/tests").glob("*.yaml"), *(ROOT / "examples").glob("*/tests/*.yaml")])
GOOD = """
test: pages have their place
policy: docs-only
given: {change: {docs/a.md: "a"}}
expect: {outcome: pass, findings: []}
"""
BAD = """
test: nothing is told
policy: docs-only
given: {change: {notes.txt: "a", docs/b.md: ""}}
expect: {outcome: pass, findings: [{control: path, subject: docs/b.md}]}
"""


def test_each_test_has_a_line_and_a_difference_is_shown_as_one(repository: Repository, govcheck: Govcheck):
    repository.write("policies/tests/docs.yaml", f"{GOOD}---{BAD}")
    ran = govcheck("test")
    message = "`notes.txt` is added outside the allowed paths"
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "ok      policies/tests/docs.yaml:2 pages have their place",
        "FAILED  policies/tests/docs.yaml:7 nothing is told",
        "  --- expected",
        "  +++ found",
        "  @@ -1,4 +1,4 @@",
        "   outcome:",
        "  -  docs-only: pass",
        "  +  docs-only: fail",
        "   findings:",
        "  -  - {control: path, subject: docs/b.md}",
        f'  +  - {{control: path, subject: notes.txt, severity: error, message: "{message}"}}',
        "no test shows that these fail: docs-only",
        "2 tests: 1 passed, 1 failed",
    ]


def test_what_was_found_can_be_copied_into_the_test(repository: Repository, govcheck: Govcheck):
    repository.write("policies/tests/docs.yaml", BAD)
    found = govcheck("test", "--format", "json").report["tests"][0]["found"]
    head, _, _ = BAD.partition("expect:")
    repository.write("policies/tests/docs.yaml", "\n".join([f"{head}expect:", *(f"  {line}" for line in found)]))
    ran = govcheck("test", "--format", "json")
    assert (ran.code, ran.report["untested"]) == (0, [])
    assert ran.report["tests"][0]["verdict"] == "pass"
    assert ran.report["summary"] == {"pass": 1, "fail": 0, "unknown": 0}


def test_a_test_is_no_policy_at_any_stage(repository: Repository, govcheck: Govcheck):
    repository.write("policies/tests/docs.yaml", GOOD)
    assert govcheck("check", "--staged").code == 0
    repository.stage()
    assert govcheck("check", "--staged").code == 0
    repository.commit()
    assert govcheck("check", "--rev", "HEAD").code == 0
    assert [one["id"] for one in govcheck("check", "--format", "json").report["policies"]] == ["docs-only"]


@pytest.mark.parametrize(
    ("files", "arguments", "said"),
    [
        ({}, (), "no tests found in"),
        ({"policies/tests/empty.yaml": "# later\n"}, (), "no tests found in policies/tests/empty.yaml"),
        ({}, ("nowhere.yaml",), "there is no nowhere.yaml"),
        ({"t.yaml": GOOD.replace("docs-only", "docs-onyl")}, ("t.yaml",), "did you mean `docs-only`?"),
        ({"t.yaml": GOOD.replace('{change: {docs/a.md: "a"}}', "{recording: gone.json}")}, ("t.yaml",), "no file"),
        ({"policies/docs.yaml": "kind: nothing"}, (), "unknown kind"),
    ],
)
def test_where_nothing_can_be_run_it_is_no_pass(
    repository: Repository, govcheck: Govcheck, files: dict[str, str], arguments: tuple[str, ...], said: str
):
    for path, content in files.items():
        repository.write(path, content)
    ran = govcheck("test", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_hook_that_runs_the_tests_does_not_lend_them_its_index(repository: Repository, govcheck: Govcheck):
    staged = GOOD.replace("pages", "staged pages").replace("given: {", "given: {stage: pre-commit, ")
    repository.write("policies/tests/docs.yaml", f"{GOOD}---{staged}")
    repository.stage("policies")
    index = repository.path / ".git" / "index"
    before = index.read_bytes()
    ran = govcheck("test", GIT_INDEX_FILE=str(index), GIT_DIR=str(index.parent), GIT_WORK_TREE=str(repository.path))
    assert ran.code == 0, ran.out + ran.err
    assert index.read_bytes() == before


def test_nothing_is_written_where_a_path_says(repository: Repository, govcheck: Govcheck, tmp_path: Path):
    hostile = GOOD.replace("docs/a.md", "../../escaped")
    repository.write("policies/tests/docs.yaml", hostile)
    ran = govcheck("test")
    assert ran.code == 2
    assert "policies/tests/docs.yaml:4:" in ran.err
    assert "`..` leads out of it" in ran.err
    assert not (tmp_path.parent / "escaped").exists()


def test_big_contents_and_odd_names_become_a_repository(repository: Repository, govcheck: Govcheck):
    big = "x" * 10_000_000
    names = ['docs/"quoted".md', "docs/back\\slash.md", "docs/ä ö.md", "docs/-a.md"]
    given = {"files": dict.fromkeys(names, big[:10]), "change": {**dict.fromkeys(names), "docs/big.md": big}}
    test = {"test": "big", "policy": "docs-only", "given": given, "expect": {"outcome": "pass", "findings": []}}
    repository.write("policies/tests/big.yaml", json.dumps(test))
    ran = govcheck("test")
    assert ran.code == 0, ran.out[:2000]


def test_a_recording_is_judged_by_the_policies_of_today(repository: Repository, govcheck: Govcheck):
    state = State()
    token = "ghp_" + "AdminOfTheRepository01"
    state.token(token, "classic", role="admin")
    state.repository("octo/app").protect("main", approvals=1)
    policy = "\n---\nkind: branch-protection\nid: main-protected\nbranch: main\napprovals: {min: 1}\n"
    repository.write("policies/main.yaml", policy)
    repository.stage()
    repository.commit()
    (repository.path / "policies" / "tests").mkdir()
    with FakeGitHub(state) as server:
        variables = {"GITHUB_API_URL": server.url, "GH_TOKEN": token, "GITHUB_REPOSITORY": "octo/app"}
        govcheck("record", "policies/tests/run.json", "check", "--live", **variables)
    test = "test: recorded\npolicy: main-protected\ngiven: {recording: run.json}\nexpect: {outcome: pass}\n"
    repository.write("policies/tests/main.yaml", test)
    assert govcheck("test").code == 0
    repository.write("policies/main.yaml", policy.replace("min: 1", "min: 2"))
    ran = govcheck("test")
    assert (ran.code, "required approvals on main: 1" in ran.out) == (1, True)
    repository.write("policies/main.yaml", policy.replace("branch: main", "branch: release"))
    ran = govcheck("test")
    assert (ran.code, "record it anew" in ran.out) == (1, True)
    recorded = (repository.path / "policies/tests/run.json").read_bytes()
    repository.write("policies/tests/run.json", recorded[: len(recorded) // 2] + b"}")
    ran = govcheck("test")
    assert (ran.code, "could not tell" in ran.out, "1 could not be told" in ran.out) == (3, True, True)


def test_an_endpoint_that_is_not_given_is_unknown_and_never_a_pass(repository: Repository, govcheck: Govcheck):
    policy = "kind: branch-protection\nid: main-protected\nbranch: main\nforce_pushes: forbidden\n"
    repository.write("policies/main.yaml", policy)
    given = "{live: {rules/branches/main: {body: []}}}"
    test = f"test: blind\npolicy: main-protected\ngiven: {given}\nexpect: {{outcome: pass}}\n"
    repository.write("policies/tests/main.yaml", test)
    ran = govcheck("test")
    assert ran.code == 1
    assert "+  main-protected: unknown" in ran.out


@pytest.mark.parametrize("folder", ["policies", "examples/governed-delivery"])
def test_the_tests_that_we_ship_hold(folder: str):
    ran = program(ROOT)("test", "--policies", folder)
    assert (ran.code, "FAILED" in ran.out) == (0, False), ran.out


def test_the_examples_of_the_guide_hold(tmp_path: Path):
    """The guide's first YAML block is a policy, every other one a test of it."""
    page = (ROOT / "docs" / "guides" / "testing-policies.md").read_text()
    policies, *tests = [block.partition("```")[0] for block in page.split("```yaml\n")[1:]]
    repository = Repository(tmp_path / "guide")
    repository.write("policies/policies.yaml", policies)
    for number, test in enumerate(tests):
        repository.write(f"policies/tests/{number}.yaml", test)
    ran = program(repository.path)("test")
    assert (ran.code, len(tests) > 3) == (0, True), ran.out + ran.err


@frozen(kw_only=True)
class Exemplary(AllowedPaths):
    """A policy as a kind with examples of its own would make them."""

    def judged_examples(self):
        found = Finding(control="path", subject="a", message="m", plane="repo")
        yield JudgedExample(name="holds", expected=("fail",), found=("fail",), line=3)
        yield JudgedExample(name="does not", expected=("pass",), found=(found.message,))
        yield JudgedExample(name="cannot", expected=("pass",), found=("unknown",), blind=("no engine",))


def test_examples_that_policies_bring_along_are_run_too(repository: Repository, monkeypatch: pytest.MonkeyPatch):
    real = testing.load

    def exemplary(*arguments):
        loaded = real(*arguments)
        policy = Exemplary(kind="allowed-paths", id="docs-only", allow=("docs/**",))
        only = tuple(type(one)(policy, one.path, one.line) for one in loaded.policies)
        return loaded._replace(policies=only)

    monkeypatch.setattr(testing, "load", exemplary)
    run = testing.run_tests(Setting(directory=str(repository.path), environment={}), ())
    assert [(one.name, one.verdict, one.line) for one in run.results] == [
        ("holds", "pass", 3),
        ("does not", "fail", 2),
        ("cannot", "unknown", 2),
    ]
    assert (run.exit_code, run.untested) == (1, ())


def test_nothing_of_a_test_run_is_left_behind(repository: Repository, govcheck: Govcheck, tmp_path: Path):
    repository.write("policies/tests/docs.yaml", GOOD)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert govcheck("test", TMPDIR=str(scratch)).code == 0
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("file", SHIPPED, ids=[file.name for file in SHIPPED])
def test_the_schema_takes_what_the_loader_takes(file: Path):
    schema = json.loads((ROOT / "schemas" / "test.schema.json").read_text())
    check = jsonschema.Draft202012Validator(schema)
    for node in load(file.read_bytes()):
        document = plain(node)
        assert list(check.iter_errors(document)) == []
        assert not check.is_valid({**document, "policys": []})
        assert not check.is_valid({key: value for key, value in document.items() if key != "expect"})
