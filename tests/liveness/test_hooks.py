"""pre-commit's configuration and other hooks: read, run and heard."""

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.tree import OwnPrograms, TrackedFiles
from govcheck.findings import Held
from govcheck.liveness.gate import State
from govcheck.liveness.hooks import gates
from govcheck.sources.hook_configuration import read_hook_configuration
from govcheck.sources.own_programs import read_own_programs
from written_workflows import workflows

NAME = ".pre-commit-config.yaml"
CI = "on: pull_request\njobs: {lint: {runs-on: x, steps: [{run: pre-commit run --all-files}]}}\n"
REMOTE = """
    repos:
      - repo: https://github.com/pre-commit/pre-commit-hooks
        rev: v4.6.0
        hooks: [{id: check-added-large-files}]
    """


def judged(files, ci=CI, executable=(), **more_workflows):
    """Subject to gate, of a repository that has these files."""
    contents = {
        path: dedent(text).lstrip("\n").encode() if isinstance(text, str) else text for path, text in files.items()
    }
    modes = {path: "100755" if path in executable else "100644" for path in contents}

    def blobs(paths):
        return {path: contents[path] for path in paths if path in contents}

    flows = workflows({"ci.yml": ci, **more_workflows} if ci else more_workflows)
    programs = read_own_programs(flows, modes, blobs) if contents else OwnPrograms({})
    found = list(gates(read_hook_configuration(modes, blobs), TrackedFiles(modes), flows, programs))
    return {gate.subject: gate for gate in found}


def local(hook, top="", **files):
    """A repository whose configuration has this one local hook, `guard`."""
    lines = "\n".join(f"        {line}" for line in dedent(hook).strip().splitlines())
    text = f"{top}repos:\n- repo: local\n  hooks:\n      - id: guard\n        name: n\n{lines}\n"
    return judged({NAME: text, "a.py": "", **files})


def told(found, subject):
    """The finding of a gate: its message, severity and place."""
    (one,) = found[subject].said()
    return one


def test_a_living_configuration_is_alive_and_says_how():
    found = judged({NAME: REMOTE})
    assert {subject: gate.state for subject, gate in found.items()} == {
        f"{NAME}:check-added-large-files": State.ALIVE,
        f"{NAME}:runs": State.ALIVE,
    }
    assert found[f"{NAME}:runs"].why == "job `lint` of `ci.yml` runs its hooks"
    assert all(isinstance(said, Held) for gate in found.values() for said in gate.said())


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        ("pre-commit-config.yaml", None),
        (".pre-commit-config.yml", None),
        ("_pre-commit-config.yaml", None),
        (".Pre-Commit-Config.yaml", None),
        ("service/.pre-commit-config.yaml", "warning"),
    ],
)
def test_a_file_that_is_never_read(path, severity):
    one = told(judged({path: REMOTE}), path)
    assert "pre-commit never reads this file" in one.message
    assert one.severity == severity
    assert one.fix.command == f"git mv {path} {NAME}"
    also = told(judged({path: REMOTE, NAME: REMOTE}), path)
    assert also.severity == "note"


@pytest.mark.parametrize("path", ["templates/x/.pre-commit-config.yaml", "tests/data/.pre-commit-config.yml"])
def test_what_is_meant_for_somebody_else(path):
    assert not judged({path: REMOTE})


def test_prek_reads_more_names():
    assert ".pre-commit-config.yml" not in judged({".pre-commit-config.yml": REMOTE, "prek.toml": ""})


def test_a_short_name_counts_where_it_has_repositories():
    assert "pre-commit.yml" in judged({"pre-commit.yml": REMOTE})
    assert not judged({"pre-commit.yml": "jobs: {}\n"})


def test_a_file_that_is_no_yaml_still_tells_which_scripts_are_missing():
    text = """
        repos:
          - repo: local
            hooks:
              - id: lint
                entry: python3 scripts/hooks/lint.py
        - repo: local
        """
    found = judged({NAME: text, "old/lint.py": ""})
    one = told(found, f"{NAME}:yaml")
    assert (one.location.line, one.location.column) == (6, 1)
    assert "no YAML that pre-commit can read" in one.message
    missing = told(found, f"{NAME}:scripts/hooks/lint.py")
    assert (missing.location.line, missing.location.column) == (5, 16)
    assert missing.evidence[0].location.path == "old/lint.py"


def test_what_only_govcheck_cannot_read_is_not_told_as_broken():
    found = judged({NAME: "repos: []\nrepos: []\n"})
    assert found[f"{NAME}:yaml"].state is State.UNTOLD


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("repos: {}\n", "`repos` is not a list"),
        ("a: 1\n", "the key `repos` is missing"),
        ("repos: [1]\n", "an entry of `repos` is not a mapping"),
        ("repos: [{hooks: []}]\n", "has no `repo`"),
        ("repos: [{repo: local}]\n", "has no list `hooks`"),
        ("repos: [{repo: local, rev: v1, hooks: []}]\n", "`rev` cannot stand here"),
        ("repos: [{repo: 'https://x/y', hooks: []}]\n", "`rev` is missing"),
        ("repos: [{repo: 'https://x/y', rev: 1.0, hooks: []}]\n", "`rev` is not text"),
        ("repos: [{repo: local, hooks: [{id: a, name: b, entry: c}]}]\n", "`language` is missing"),
        ("repos: [{repo: local, hooks: [a]}]\n", "an entry of `hooks` is not a mapping"),
        ("repos: [{repo: local, hooks: [{id: a, name: b, entry: c, language: pyton}]}]\n", "knows no language `pyton`"),
        ("repos: [{repo: 'u', rev: v1, hooks: [{id: a, stages: [comit]}]}]\n", "names `comit`"),
        ("repos: [{repo: 'u', rev: v1, hooks: [{id: a, stages: commit}]}]\n", "`stages` is not a list"),
        ("repos: [{repo: 'u', rev: v1, hooks: [{id: a, args: [1]}]}]\n", "`args` holds something that is not text"),
        ("repos: [{repo: 'u', rev: v1, hooks: [{id: a, files: '('}]}]\n", "no regular expression of Python's"),
        ("repos: [{repo: 'u', rev: v1, hooks: [{id: a, always_run: 1}]}]\n", "neither true nor false"),
        ("repos: [{repo: 'u', rev: v1, hooks: [{id: a, files: [x]}]}]\n", "is a list and should be"),
        ("repos: [{repo: 'u', rev: v1, hooks: [{id: a, files: {x: y}}]}]\n", "is not a single value"),
        ("repos: []\nci: 3\n", "`ci` is not a mapping"),
        ("default_install_hook_types: [manual]\nrepos: []\n", "names `manual`"),
    ],
)
def test_what_pre_commit_refuses(text, message):
    one = told(judged({NAME: text}), f"{NAME}:shape")
    assert message in one.message
    assert one.location.line
    assert one.fix.command == f"pre-commit validate-config {NAME}"


def test_a_merged_hook_is_not_called_incomplete():
    text = "repos: [{repo: local, hooks: [{id: a, <<: {name: b, entry: c, language: system}}]}]\n"
    assert f"{NAME}:shape" not in judged({NAME: text})


def test_what_pre_commit_only_warns_of():
    one = told(local("entry: make x\nlanguage: system\nstages: [commit, push]"), f"{NAME}:warnings")
    assert one.severity == "note"
    assert "`commit` is the old name of the stage `pre-commit`" in one.message
    assert one.fix.command == "pre-commit migrate-config"
    assert "means nothing to pre-commit" in told(judged({NAME: "repos: []\nx: 1\n"}), f"{NAME}:warnings").message


@pytest.mark.parametrize(
    ("hook", "dead"),
    [
        ("entry: python3 scripts/x.py\nlanguage: system", True),
        ("entry: ./scripts/x.sh\nlanguage: script", True),
        ("entry: tool\nlanguage: script", True),
        ("entry: python3 a.py\nlanguage: system", False),
        ("entry: node_modules/.bin/eslint\nlanguage: system", False),
        ("entry: python3 -m x\nlanguage: system", False),
        ("entry: python3 -c 'import x.py'\nlanguage: system", False),
        ("entry: ../x.py\nlanguage: system", False),
        ('entry: "\'"\nlanguage: system', False),
    ],
)
def test_a_script_that_is_not_tracked(hook, dead):
    found = local(hook)
    assert (f"{NAME}:guard:entry" in found) is dead
    if dead:
        assert "no such file is tracked" in told(found, f"{NAME}:guard:entry").message


@pytest.mark.parametrize(
    ("entry", "dead"),
    [
        ("bash -c 'npm test || true'", True),
        ("bash -c 'npm test; exit 0'", True),
        ("echo checked", True),
        ("'true'", True),
        ("bash -c 'npm test'", False),
        ("bash -ec 'npm test; echo done'", False),
        ("npm test", False),
    ],
)
def test_an_entry_that_always_ends_well(entry, dead):
    found = local(f"entry: {entry}\nlanguage: system")
    assert (f"{NAME}:guard:exit" in found) is dead
    assert (f"{NAME}:guard" in found) is not dead


def test_an_operator_without_a_shell():
    one = told(local("entry: npm test || true\nlanguage: system"), f"{NAME}:guard:shell")
    assert (one.severity, one.location.line) == ("warning", 6)


def test_a_hook_whose_script_swallows_everything():
    hook = "entry: ./check.sh\nlanguage: script"
    assert "ends well always" in told(local(hook, **{"check.sh": "npm test || true\n"}), f"{NAME}:guard:exit").message
    assert f"{NAME}:guard" in local(hook, **{"check.sh": "npm test\n"})
    assert local(hook, **{"check.sh": "x" * 70_000})[f"{NAME}:guard:exit"].state is State.UNTOLD


@pytest.mark.parametrize(
    ("top", "stage", "state"),
    [
        ("", "[commit-msg]", State.DEAD),
        ("", "[pre-commit, commit-msg]", State.ALIVE),
        ("default_install_hook_types: [pre-commit, commit-msg]\n", "[commit-msg]", State.ALIVE),
        ("default_install_hook_types: [push]\n", "[pre-push]", State.ALIVE),
    ],
)
def test_a_stage_that_is_never_installed(top, stage, state):
    found = local(f"entry: make x\nlanguage: system\nstages: {stage}", top)
    assert (f"{NAME}:guard:stages" in found) is (state is State.DEAD)


def test_a_stage_that_people_are_told_to_install():
    hook = "entry: make x\nlanguage: system\nstages: [commit-msg]"
    one = told(
        local(hook, **{"CONTRIBUTING.md": "a\nRun `pre-commit install --hook-type commit-msg`.\n"}),
        f"{NAME}:guard:stages",
    )
    assert one.severity == "note"
    assert one.evidence[0].location.line == 2


def test_a_stage_that_a_workflow_runs():
    text = "repos: [{repo: local, hooks: [{id: a, name: b, entry: make x, language: system, stages: [manual]}]}]\n"
    assert told(judged({NAME: text}), f"{NAME}:a:stages").severity == "note"
    ci = CI.replace("--all-files", "--hook-stage manual")
    assert f"{NAME}:a:stages" not in judged({NAME: text}, ci)


def test_a_public_hook_for_messages():
    text = "repos: [{repo: 'https://github.com/commitizen-tools/commitizen', rev: v1, hooks: [{id: commitizen}]}]\n"
    assert "`commit-msg`" in told(judged({NAME: text}), f"{NAME}:commitizen:stages").message


@pytest.mark.parametrize(
    ("hook", "state"),
    [
        (r"files: ^src/.*\.py$", State.DEAD),
        (r"files: \.py$", State.ALIVE),
        ("files: '**/*.py'", None),
        ("exclude: .", State.DEAD),
        (r"files: ^(?!src/).*\.py$", State.ALIVE),
        (r"files: ^(?!.*\.py$).*\.py$", State.DEAD),
        (r"files: .*(?<!x)\.py$", State.UNTOLD),
        ("types: [rust]", State.DEAD),
        ("types: [shell]", State.ALIVE),
        ("types_or: [rust, python]", State.ALIVE),
        ("types: [not-known-here]", State.ALIVE),
        ("files: ^src/\nalways_run: true", State.ALIVE),
        ("files: ^src/\nstages: [commit-msg, pre-commit]", State.DEAD),
    ],
)
def test_what_a_hook_is_given(hook, state):
    text = f"entry: make x\nlanguage: system\n{hook}"
    found = judged(
        {
            NAME: "repos:\n- repo: local\n  hooks:\n  - id: lint\n    name: n\n"
            + "".join(f"    {line}\n" for line in text.splitlines()),
            "a.py": "",
            "run": "",
        },
        executable=("run",),
    )
    gate = found.get(f"{NAME}:lint:files") or found.get(f"{NAME}:lint")
    if state is None:
        assert "no regular expression" in found[f"{NAME}:shape"].why
    else:
        assert gate.state is state


@pytest.mark.parametrize("hook", ["language: fail", "language: pygrep"])
def test_what_must_not_be_there_need_not_be_there(hook):
    assert f"{NAME}:guard:files" not in local(f"entry: no such files\n{hook}\nfiles: nothing")


@pytest.mark.parametrize(
    ("more", "dead"),
    [("", True), ("pass_filenames: false", True), ("always_run: true", False), ("always_run: yes", False)],
)
def test_a_guard_of_paths_that_sees_no_deletions(more, dead):
    found = local(f"alias: path-guard\nentry: make path-guard\nlanguage: system\n{more}")
    assert (f"{NAME}:guard:deletions" in found) is dead


@pytest.mark.parametrize(
    ("ci", "files", "severity", "words"),
    [
        ("", {}, "note", "no workflow is seen to run these hooks"),
        (CI.replace("files", "files || true"), {}, "warning", "does not listen"),
        (CI.replace("run --all", "run black --all"), {}, None, "runs hooks of it by their names"),
        (CI.replace("files", "files black || true"), {}, "note", "no workflow is seen to run these hooks"),
        (CI.replace("--all-files", "--from-ref a --to-ref b"), {}, None, "runs its hooks"),
        ("on: push\njobs: {a: {runs-on: x, steps: [{uses: pre-commit/action@v3}]}}\n", {}, None, "job `a`"),
        ("on: push\njobs: {a: {uses: o/r/.github/workflows/pre-commit.yml@main}}\n", {}, None, "job `a`"),
        ("on: push\njobs: {a: {runs-on: x, steps: [{run: uvx prek run -a}]}}\n", {}, None, "job `a`"),
        (
            "on: push\njobs: {a: {runs-on: x, steps: [{run: make lint}]}}\n",
            {"Makefile": "lint:\n\tpre-commit run -a\n"},
            None,
            "`Makefile`",
        ),
        (
            "on: push\njobs: {a: {runs-on: x, steps: [{run: ./l.sh}]}}\n",
            {"l.sh": "pre-commit run -a\n"},
            None,
            "job `a`",
        ),
        ("on: [\n", {}, "note", "as far as can be told without"),
    ],
)
def test_who_runs_them(ci, files, severity, words):
    gate = judged({NAME: REMOTE, **files}, ci)[f"{NAME}:runs"]
    assert words in gate.why
    assert gate.severity == severity


def test_more_hooks_than_are_judged():
    text = "repos:\n- repo: u\n  rev: v1\n  hooks:\n" + "".join(f"  - id: h{number}\n" for number in range(301))
    assert judged({NAME: text})[f"{NAME}:hooks"].location.line == 305


def test_pre_commit_ci():
    assert "pre-commit.ci" in judged({NAME: dedent(REMOTE) + "ci: {}\n"}, "")[f"{NAME}:runs"].why


PREPARE = '{"scripts": {"prepare": "husky"}}'


@pytest.mark.parametrize(
    ("files", "subject", "state"),
    [
        ({".husky/pre-commit": "npm test\n", "package.json": PREPARE}, ".husky/pre-commit:installed", State.ALIVE),
        ({".husky/pre-commit": "npm test\n", "package.json": "{}"}, ".husky/pre-commit:installed", State.DEAD),
        ({".husky/pre-commit": "npm test\n"}, ".husky/pre-commit:installed", State.DEAD),
        ({".husky/pre-commit": "npm test\necho ok\n", "package.json": PREPARE}, ".husky/pre-commit", State.ALIVE),
        ({".husky/pre-commit": "npm test || true\n", "package.json": PREPARE}, ".husky/pre-commit", State.DEAD),
        ({".husky/pre-commit": "#!/bin/sh\n# nothing\n", "package.json": PREPARE}, ".husky/pre-commit", State.DEAD),
        ({".husky/pre-commit": b"x" * 70_000, "package.json": PREPARE}, ".husky/pre-commit", State.UNTOLD),
        ({".githooks/pre-push": "make x\n"}, ".githooks/pre-push:installed", State.UNTOLD),
        (
            {".githooks/pre-push": "make x\n", "Makefile": "a:\n\tgit config core.hooksPath .githooks\n"},
            ".githooks/pre-push:installed",
            State.ALIVE,
        ),
        ({"lefthook.yml": "pre-commit: {}\n"}, "lefthook.yml:installed", State.ALIVE),
        ({"lefthook.yml": "a: ]\n"}, "lefthook.yml:yaml", State.DEAD),
        (
            {"lefthook.yml": "pre-commit: {}\n", "package.json": '{"devDependencies": {"lefthook": "1"}}'},
            "lefthook.yml:runs",
            State.ALIVE,
        ),
    ],
)
def test_hook_files_of_other_kinds(files, subject, state):
    assert judged(files)[subject].state is state


def test_a_lefthook_configuration_that_is_never_read():
    (one,) = judged({"web/lefthook.yml": "pre-commit: {commands: {a: {run: npm test}}}\n"}).values()
    assert (one.state, one.severity) == (State.DEAD, "warning")
    assert "lefthook never reads this file" in one.why
    assert "web/lefthook.yml:pre-commit:a" in judged(
        {"web/lefthook.yml": "pre-commit: {commands: {a: {run: npm test}}}\n", "lefthook.yml": "extends: [web/*.yml]\n"}
    )
    assert ".config/lefthook.yml:installed" in judged({".config/lefthook.yml": "pre-commit: {}\n"})


@pytest.mark.parametrize(
    "folder", ["vendor/github.com/a/b", "node_modules/a", "docs", "templates/app", "third_party/a"]
)
@pytest.mark.parametrize("name", ["lefthook.yml", NAME, ".husky/pre-commit", ".githooks/pre-push"])
def test_hooks_of_somebody_else(folder, name):
    assert judged({f"{folder}/{name}": "pre-commit: {commands: {a: {run: npm test}}}\nrepos: []\n"}) == {}


def test_hooks_that_a_script_links_are_told_as_what_they_are():
    installer = 'ROOT=$(pwd)\nln -sf "$ROOT/scripts/pre-commit.sh" "$ROOT/.git/hooks/pre-commit"\n'
    files = {"scripts/pre-commit.sh": "set -e\nnpm test\necho\n", "scripts/install-hooks.sh": installer}
    one = told(judged(files), "scripts/pre-commit.sh:installed")
    assert one.severity == "note"
    assert "no contributing guide" in one.message
    asked = told(judged({**files, "CONTRIBUTING.md": "x\nrun install-hooks.sh\n"}), "scripts/pre-commit.sh:installed")
    assert (asked.evidence[0].location.path, asked.evidence[0].location.line) == ("CONTRIBUTING.md", 2)
    run = judged({**files, "package.json": '{"scripts": {"postinstall": "sh scripts/install-hooks.sh"}}'})
    (said,) = run["scripts/pre-commit.sh:installed"].said()
    assert isinstance(said, Held)


@pytest.mark.parametrize("ending", ["|| true", "|| :", "|| exit 0", "|| echo no"])
@pytest.mark.parametrize("hook", ["npm test", "make a && make b", "./x.sh | tee log"])
def test_a_living_hook_that_is_made_to_end_well_is_not_called_alive(hook, ending):
    files = {".husky/pre-commit": f"{hook.removesuffix(' | tee log')}\n", "package.json": PREPARE}
    assert judged(files)[".husky/pre-commit"].state is State.ALIVE
    files[".husky/pre-commit"] = f"{hook} {ending}\n"
    assert judged(files)[".husky/pre-commit"].state is not State.ALIVE


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"\xff\xfe", b"[]", b"1", b"repos: [[[[", b"\tx: y", b"a: &a [*a]", b"repos:\n"]
)
def test_hostile_files_are_told_and_nothing_breaks(content):
    found = judged({NAME: content, "lefthook.yml": content, "package.json": content, ".husky/pre-commit": content})
    assert [gate for subject, gate in found.items() if subject.startswith(NAME)]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["repos", "repo", "hooks", "id", "entry", "stages", "files", "language", "types", "ci"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_no_shape_breaks_it(document):
    import json  # noqa: PLC0415 - JSON is YAML

    judged({NAME: json.dumps(document)})


RUFF = "repos: [{repo: https://github.com/astral-sh/ruff-pre-commit, rev: v0.6.0, hooks: [{id: ruff%s}]}]\n"
RUN = "on: pull_request\njobs: {lint: {runs-on: x, steps: [{run: %s}]}}\n"


@pytest.mark.parametrize(
    ("deaf", "living", "subject"),
    [
        (RUFF % ", args: [--exit-zero]", RUFF % ", args: [--fix]", "ruff"),
        (RUFF % ", exclude: '.*'", RUFF % ", exclude: ^docs/", "ruff"),
        ("exclude: ^\n" + RUFF % "", "exclude: ^docs/\n" + RUFF % "", "ruff"),
    ],
)
def test_a_hook_that_its_own_keys_switch_off(deaf, living, subject):
    for text, dead in ((deaf, bool(subject)), (living, False)):
        found = judged({NAME: text, "a.py": ""})
        assert any(gate.state is State.DEAD for gate in found.values()) is dead


@pytest.mark.parametrize(("entry", "dead"), [("ruff check --exit-zero", True), ("ruff check", False)])
def test_a_local_hook_that_its_option_keeps_from_failing(entry, dead):
    found = local(f"language: system\nentry: {entry}")
    assert (f"{NAME}:guard:exit" in found) is dead


@pytest.mark.parametrize(
    ("command", "state"),
    [
        ("pre-commit run", State.DEAD),
        ("pre-commit run --show-diff-on-failure", State.DEAD),
        ("pre-commit run --all-files", State.ALIVE),
        ("pre-commit run --from-ref origin/main --to-ref HEAD", State.ALIVE),
        ("pre-commit run $ARGUMENTS", State.ALIVE),
        ("git add . && pre-commit run", State.ALIVE),
    ],
)
def test_a_run_that_looks_at_what_is_staged(command, state):
    assert judged({NAME: RUFF % "", "a.py": ""}, ci=RUN % command)[f"{NAME}:runs"].state is state


def test_a_hook_that_is_skipped_where_it_runs_is_told_of():
    ci = "on: push\nenv: {SKIP: 'ruff,other'}\njobs: {lint: {runs-on: x, steps: [{run: pre-commit run -a}]}}\n"
    gate = judged({NAME: RUFF % "", "a.py": ""}, ci=ci)[f"{NAME}:ruff:skip"]
    assert (gate.state, gate.severity) == (State.ALIVE, "note")
    assert f"{NAME}:ruff:skip" not in judged({NAME: RUFF % "", "a.py": ""}, ci=ci.replace("ruff,", ""))


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ("set +e\nnpm run lint\ntrue\n", State.DEAD),
        ("set +e\nset -e\nnpm run lint\ntrue\n", State.ALIVE),
        ("set +e\nnpm run lint\n", State.ALIVE),
    ],
)
def test_a_hook_file_that_goes_on_after_failures(script, state):
    manifest = '{"scripts": {"prepare": "husky", "lint": "eslint ."}}'
    found = judged({".husky/pre-commit": script, "package.json": manifest})
    assert found[".husky/pre-commit"].state is state
