"""Dangerfiles, path gates that were written by hand, and what judges a pull request's text."""

import fnmatch
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts.tree import TrackedFiles
from govcheck.liveness.danger import gates
from govcheck.liveness.gate import State
from govcheck.liveness.glob_chains import judged as conversions
from govcheck.liveness.script_tree import read
from govcheck.sources.own_programs import read_own_programs
from written_workflows import workflows

CI = """
    on: {pull_request: {types: [opened, synchronize, reopened, edited]}}
    permissions: {contents: read}
    jobs:
      danger:
        runs-on: x
        steps:
          - run: npx danger ci --failOnErrors
            env: {GITHUB_TOKEN: "${{ github.token }}"}
    """
CHAIN = r"s.replace(/\./g,'\\.').replace(/\*\*/g,'.*').replace(/\*/g,'[^/]*').replace(/\?/g,'.')"
GOOD_CHAIN = (
    r"s.replace(/[.+^${}()|[\]\\]/g,'\\$&').replace(/\*\*/g,'\u0001').replace(/\*/g,'[^/]*').replace(/\u0001/g,'.*')"
)
PATHS = """
    const changed = [...danger.git.modified_files, ...danger.git.created_files, ...danger.git.deleted_files];
    const regs = patterns.map(s => new RegExp('^' + CHAIN + '$'));
    const bad = changed.filter(f => !regs.some(r => r.test(f)));
    if (bad.length) fail('outside: ' + bad.join());
    """


def judged(dangerfile, ci=CI, path="Dangerfile.js", **files):
    """Subject to gate, of a repository with that Dangerfile and these other files."""
    texts = {path: dangerfile, **files} if dangerfile is not None else files
    contents = {name: dedent(text).encode() if isinstance(text, str) else text for name, text in texts.items()}
    modes = dict.fromkeys(contents, "100644")
    flows = workflows({"danger.yml": ci} if ci else {})

    def blobs(paths):
        return {name: contents[name] for name in paths if name in contents}

    programs = read_own_programs(flows, modes, blobs)
    return {gate.subject: gate for gate in gates(flows, programs, TrackedFiles(modes))}


JOB = ".github/workflows/danger.yml:danger"


def test_a_living_dangerfile():
    found = judged("fail('no')\n")
    assert found["Dangerfile.js"].state is State.ALIVE
    assert "calls `fail` in line 1" in found["Dangerfile.js"].why
    assert found[JOB].state is State.ALIVE


RUBY_CI = CI.replace("npx danger ci --failOnErrors", "bundle exec danger")


@pytest.mark.parametrize(
    ("text", "path", "ci", "state", "words"),
    [
        ("warn('x')\n", "Dangerfile.js", CI, State.DEAD, "never calls `fail`"),
        ("import x from './rules.js'\nwarn('x')\n", "Dangerfile.js", CI, State.UNTOLD, "throws or imports"),
        ("if (x) throw new Error('y')\n", "Dangerfile.js", CI, State.UNTOLD, "throws or imports"),
        ("fail('x')\n", "Dangerfile.js", "", State.DEAD, "no workflow runs this Dangerfile"),
        (
            "fail 'x'\n",
            "Dangerfile",
            RUBY_CI,
            State.UNTOLD,
            "a language that govcheck does not read",
        ),
        (
            "warn 'x'\n",
            "Dangerfile",
            RUBY_CI,
            State.DEAD,
            "never calls `fail`",
        ),
        (
            'let d = Danger()\nd.fail("x")\n',
            "Dangerfile.swift",
            CI.replace("danger ci", "danger-swift ci"),
            State.UNTOLD,
            "language",
        ),
        ("fail('x')\n" + "x;" * 200_000, "Dangerfile.js", CI, State.UNTOLD, "too large"),
    ],
)
def test_a_dangerfile_as_a_whole(text, path, ci, state, words):
    gate = judged(text, ci, path)[path]
    assert gate.state is state
    assert words in gate.why


def test_another_ci_may_run_it():
    gate = judged("fail('x')\n", "", **{".circleci/config.yml": "x"})["Dangerfile.js"]
    assert gate.state is State.UNTOLD
    assert ".circleci/config.yml" in gate.why


def test_danger_looks_for_small_letters_first():
    found = judged("fail('x')\n", **{"dangerfile.ts": "fail('y')\n"})
    assert found["dangerfile.ts"].state is State.ALIVE
    assert found["Dangerfile.js"].state is State.DEAD


def test_a_conversion_that_matches_one_level_only():
    gate = judged(PATHS.replace("CHAIN", CHAIN))["Dangerfile.js:globs"]
    (one,) = gate.said()
    assert "`app/**` becomes `^app/.[^/]*$`, which matches `app/x.ts` and not `app/routes/x.tsx`" in one.message
    assert (one.location.line, one.location.column) == (3, 51)


@pytest.mark.parametrize(
    ("chain", "frame", "state", "words"),
    [
        (GOOD_CHAIN, "'^' + CHAIN + '$'", State.ALIVE, "`^app/.*$`"),
        (GOOD_CHAIN, "`^${CHAIN}$`", State.ALIVE, "`^app/.*$`"),
        (GOOD_CHAIN, "CHAIN", State.DEAD, "`app/**` becomes `app/.*`, which matches `lib/app/x.ts` as well"),
        (GOOD_CHAIN, "'^' + CHAIN", State.DEAD, "matches `docs/a.md.exe` as well"),
        (GOOD_CHAIN, "x + CHAIN + y", State.UNTOLD, "could not be followed"),
        ("s.replace('**', '.*').replace('*', '[^/]*')", "'^' + CHAIN + '$'", State.DEAD, "`^app/.[^/]*$`"),
        ("s.replaceAll('*', '.*')", "'^' + CHAIN + '$'", State.ALIVE, "`^app/.*.*$`"),
        (r"s.replace(/\*+/g, m => m.length > 1 ? '.*' : '[^/]*')", "'^' + CHAIN + '$'", State.UNTOLD, "hand-written"),
        (r"s.replace(/(?<!\*)\*/g, '[^/]*')", "'^' + CHAIN + '$'", State.UNTOLD, "could not be carried out"),
        (r"s.replace(/\*/g, '(')", "'^' + CHAIN + '$'", State.UNTOLD, "hand-written"),
    ],
)
def test_what_a_conversion_comes_to(chain, frame, state, words):
    text = PATHS.replace("'^' + CHAIN + '$'", frame.replace("CHAIN", chain))
    gate = judged(text)["Dangerfile.js:globs"]
    assert gate.state is state
    assert words in gate.why


def test_patterns_that_stand_written_need_no_conversion():
    text = "const bad = danger.git.created_files.filter(f => !/^app\\//.test(f));\nif (bad.length) fail('x ' + bad)\n"
    assert "Dangerfile.js:globs" not in judged(text)


def test_deletions_are_not_seen():
    text = PATHS.replace("CHAIN", GOOD_CHAIN).replace(", ...danger.git.deleted_files", "")
    gate = judged(text)["Dangerfile.js:deletions"]
    assert gate.state is State.DEAD
    assert (gate.location.line, gate.location.column) == (2, 32)
    assert "Dangerfile.js:deletions" not in judged(PATHS.replace("CHAIN", GOOD_CHAIN))


def test_what_asks_for_a_file_needs_no_deletions():
    text = "const changed = danger.git.modified_files;\nif (!changed.includes('CHANGELOG.md')) fail('no entry')\n"
    assert "Dangerfile.js:deletions" not in judged(text)


def test_what_a_gate_leaves_out_is_evidence():
    text = PATHS.replace("CHAIN", CHAIN).replace("changed.filter", "changed.filter(f => !f.endsWith('.md')).filter")
    (evidence,) = judged(text)["Dangerfile.js:globs"].evidence
    assert evidence.text == "files with `.md` are not judged at all"


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("const m = /x/.exec(pr.body);\nif (m) { fail('a') } else { warn('b') }\n", True),
        ("const m = /x/.exec(pr.body);\nif (!m) { warn('b') } else { fail('a') }\n", True),
        ("const m = /x/.exec(pr.body);\nif (m) { fail('a') } else { fail('b') }\n", False),
        ("const m = other();\nif (m) { fail('a') } else { warn('b') }\n", False),
        ("try { if (x) fail('a') } catch (e) { warn('b') }\n", True),
        ("try { if (x) fail('a') } catch (e) { warn('b'); throw e }\n", False),
        ("try { if (x) fail('a') } catch (e) { fail('b') }\n", False),
    ],
)
def test_what_is_missing_only_gets_a_warning(text, dead):
    found = judged(text)
    assert ("Dangerfile.js:warn:b" in found) is dead
    if dead:
        assert "only gets a warning, `b`" in found["Dangerfile.js:warn:b"].why


@pytest.mark.parametrize(
    ("old", "new", "state", "words"),
    [
        ("--failOnErrors", "-f", State.ALIVE, "`--failOnErrors`"),
        (" --failOnErrors", "", State.ALIVE, "by its exit code"),
        ("ci --failOnErrors", "ci --id mine", State.ALIVE, "exit code"),
        (" --failOnErrors", " --text-only", State.DEAD, "only prints"),
        ("--failOnErrors", "--failOnErrors || true", State.DEAD, "does not listen"),
        ("permissions: {contents: read}", "permissions: {statuses: write}", State.ALIVE, "`--failOnErrors`"),
    ],
)
def test_whether_the_job_goes_red(old, new, state, words):
    gate = judged("fail('x')\n", CI.replace(old, new))[JOB]
    assert gate.state is state
    assert words in gate.why


@pytest.mark.parametrize(
    ("permissions", "state"),
    [("{statuses: write}", State.DEAD), ("write-all", State.DEAD), ("read-all", State.ALIVE), ("", State.UNTOLD)],
)
def test_a_commit_status_of_its_own_leaves_the_job_green(permissions, state):
    ci = CI.replace(" --failOnErrors", "").replace("{contents: read}", permissions)
    gate = judged("fail('x')\n", ci)[JOB]
    assert gate.state is state
    if state is State.DEAD:
        assert "posts the commit status `Danger`" in gate.why
        assert (gate.location.line, gate.location.column) == (7, 14)


@pytest.mark.parametrize(
    ("env", "state", "words"),
    [
        ("{GITHUB_TOKEN: '${{ github.token }}'}", State.ALIVE, "can only read"),
        ("{DANGER_GITHUB_API_TOKEN: '${{ secrets.BOT }}'}", State.ALIVE, "has no secrets"),
        ("{OTHER: x}", State.DEAD, "has no token"),
    ],
)
def test_its_token(env, state, words):
    gate = judged("fail('x')\n", CI.replace('{GITHUB_TOKEN: "${{ github.token }}"}', env))[f"{JOB}:token"]
    assert gate.state is state
    assert words in gate.why
    assert gate.severity == ("note" if state is State.ALIVE else None)


def test_an_action_and_an_npm_script_run_it_too():
    ci = CI.replace(
        "run: npx danger ci --failOnErrors", "uses: danger/danger-js@13\n            with: {args: --failOnErrors}"
    )
    assert judged("fail('x')\n", ci)[JOB].state is State.ALIVE
    ci = CI.replace("npx danger ci --failOnErrors", "npm run danger")
    found = judged("fail('x')\n", ci, **{"package.json": '{"scripts": {"danger": "danger ci -f"}}'})
    assert found[JOB].state is State.ALIVE


def test_a_script_of_a_workflow_that_converts_globs():
    ci = CI.replace("npx danger ci --failOnErrors", "node gate.mjs")
    script = f"const r = g.map(s => new RegExp('^' + {CHAIN} + '$'));\n"
    assert judged(None, ci, **{"gate.mjs": script})["gate.mjs:globs"].state is State.DEAD


TEXT = "if (!/Fixes #/.test(danger.github.pr.body)) fail('x')\n"


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("[pull_request]", State.DEAD),
        ("{pull_request: {types: [opened, synchronize]}}", State.DEAD),
        ("{pull_request: {types: [opened, synchronize, edited]}}", State.ALIVE),
        ("{pull_request: , pull_request_target: {types: [synchronize, edited]}}", State.ALIVE),
    ],
)
def test_an_edit_starts_what_judges_the_text(on, state):
    ci = CI.replace("{pull_request: {types: [opened, synchronize, reopened, edited]}}", on)
    gate = judged(TEXT, ci)[f"{JOB}:edited"]
    assert gate.state is state
    assert gate.evidence[0].location.path == "Dangerfile.js"


@pytest.mark.parametrize("on", ["{pull_request: {types: [opened]}}", "push"])
def test_what_greets_a_new_pull_request_is_no_gate(on):
    ci = CI.replace("{pull_request: {types: [opened, synchronize, reopened, edited]}}", on)
    assert f"{JOB}:edited" not in judged(TEXT, ci)


STEPS = """
    on: pull_request
    jobs:
      danger:
        runs-on: x
        steps:
STEP
    """


@pytest.mark.parametrize(
    ("step", "judges"),
    [
        ("- run: '[[ \"${{ github.event.pull_request.title }}\" = x ]] || exit 1'", True),
        ("- {env: {T: '${{ github.event.pull_request.body }}'}, run: 'echo $T | grep x || exit 1'}", True),
        ("- {env: {T: '${{ github.event.pull_request.body }}'}, run: 'echo $T'}", False),
        ("- {env: {T: '${{ github.event.pull_request.body }}'}, run: 'exit 1'}", False),
        ("- {if: 'failure()', env: {T: '${{ github.event.pull_request.body }}'}, run: 'echo $T; exit 1'}", False),
        ("- uses: amannn/action-semantic-pull-request@v5", True),
        (
            "- {uses: actions/github-script@v7, with: {script: 'context.payload.pull_request.body || setFailed(1)'}}",
            True,
        ),
        ("- {uses: actions/github-script@v7, with: {script: 'console.log(context.payload.pull_request.body)'}}", False),
    ],
)
def test_steps_that_judge_the_text(step, judges):
    found = judged(None, STEPS.replace("STEP", f"          {step}"))
    assert (f"{JOB}:edited" in found) is judges


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"\xff\xfe", b"{" * 5000, b"fail(" * 3000, b"`${" * 2000, b"x.replace(/(/,'*')", "fail('ü')".encode()],
)
def test_hostile_scripts_break_nothing(content):
    judged(content)


@given(st.text(alphabet="abc/.*", min_size=1, max_size=8), st.text(alphabet="abc/.x", max_size=8))
def test_a_conversion_is_carried_out_as_javascript_would(glob, path):
    """A star that crosses slashes is `fnmatch`'s: both have the same answer."""
    from govcheck.liveness.glob_chains import _apply, _calls, _step  # noqa: PLC0415 - the law is about its inside
    from govcheck.liveness.script_tree import below  # noqa: PLC0415 - as above
    from govcheck.patterns import compile_javascript  # noqa: PLC0415 - as above

    tree = read(rb"s.replace(/[.]/g, '\\$&').replace(/\*/g, '.*')")
    chain = next(below(tree.root, "call_expression"))
    pattern = _apply(glob, [_step(call) for call in reversed(list(_calls(chain)))])
    assert compile_javascript(f"^{pattern}$").found(path) is fnmatch.fnmatchcase(path, glob)


def test_two_conversions_in_one_script():
    text = f"f(s => new RegExp(`^${{{GOOD_CHAIN}}}$`));\ng(s => new RegExp('^' + {CHAIN} + '$'));\n"
    assert [bool(one.wrong) for one in conversions(read(text.encode()))] == [False, True]
