"""What compares with nothing."""

import pytest

from gates import PATH, gates, steps, told

INDEX = "it looks at what is staged (`git diff --cached`), and in CI nothing ever is: it finds nothing to judge"


@pytest.mark.parametrize(
    "script",
    [
        "git diff --cached --name-only | xargs -r ./judge",
        "git diff --staged --quiet",
        "git diff --cached HEAD",
        "git diff --cached -- '*.md' | grep . && exit 1",
    ],
)
def test_the_index_holds_nothing_new(script):
    found = gates(steps(f"- uses: actions/checkout@v4\n- name: Docs\n  run: {script}"))
    (gate,) = [one for one in found if one.family == "comparison"]
    assert (gate.state, gate.why) == ("dead", INDEX)
    assert (gate.subject, gate.location.line) == (f"{PATH}:one:Docs", 8)
    assert gate.evidence[0].text == 'the step "Docs" runs it'
    assert gate.fix.text.startswith("compare with the base")


@pytest.mark.parametrize(
    "workflow",
    [
        steps("- run: git diff --cached origin/main --name-only | ./judge"),
        steps('- run: git diff --cached "$BASE" --name-only | ./judge'),
        steps("- run: git add . && git diff --cached --quiet"),
        steps("- run: git add .\n- run: git diff --cached --quiet"),
        steps("- uses: someone/formats@v1\n- run: git diff --cached --quiet"),
        steps("- run: git diff --cached --quiet; git diff HEAD~1 --quiet"),
        steps("- run: echo git diff --cached"),
        steps("- run: 'exit 0; git diff --cached --quiet'"),
    ],
)
def test_what_may_find_something(workflow):
    assert not told(gates(workflow), "comparison")


PROGRAM = "const out = execSync(`git diff --cached --name-only -- ${pattern}`, { encoding: 'utf8' });\n"


@pytest.mark.parametrize(
    ("source", "dead"),
    [
        (PROGRAM, True),
        ("execFileSync('git', ['diff', '--cached', '--name-only'])\n", True),
        ("execFileSync('git', ['diff', '--cached', base])\n", False),
        ("execSync('git diff --cached origin/main')\n", False),
        ("const staged = process.argv.includes('--staged');\n" + PROGRAM, False),
        ("if (process.env.CI) all(); else " + PROGRAM, False),
        ("execSync('git ls-files');\n" + PROGRAM, False),
        ("console.log([...files]);\n" + PROGRAM, True),
        ("console.log('nothing')\n", False),
    ],
)
def test_programs_in_other_languages(source, dead):
    found = gates(steps("- run: node check.mjs"), {"check.mjs": source})
    assert told(found, "comparison") == ([("comparison", "dead")] if dead else [])


CHECKOUT = "- uses: actions/checkout@v4\n"
COMPARE = "- name: Changes\n  run: git diff --name-only origin/main...HEAD | ./judge"


def test_a_base_that_was_never_fetched():
    found = gates(steps(CHECKOUT + COMPARE))
    (gate,) = [one for one in found if one.family == "comparison"]
    assert gate.why == (
        "`git diff --name-only origin/main...HEAD` compares with a base that was never fetched: "
        "the checkout has one commit"
    )
    assert (gate.location.line, gate.fix.text) == (8, "give the checkout `fetch-depth: 0`")


@pytest.mark.parametrize(
    "text",
    [
        COMPARE,
        "- uses: actions/checkout@v4\n  with: {fetch-depth: 0}\n" + COMPARE,
        "- uses: actions/checkout@v4\n  with: {fetch-depth: '${{ inputs.depth }}'}\n" + COMPARE,
        CHECKOUT + "- run: git fetch origin main\n" + COMPARE,
        CHECKOUT + "- uses: nrwl/nx-set-shas@v4\n" + COMPARE,
        CHECKOUT + "- run: git diff origin/main...HEAD || git diff HEAD",
        CHECKOUT + "- run: git diff $BASE...HEAD",
        CHECKOUT + "- run: git diff HEAD",
    ],
)
def test_a_base_that_is_there_or_may_be(text):
    assert not told(gates(steps(text)), "comparison")


def test_a_promise_that_compares_with_nothing_is_told_once():
    assert told(gates(steps("- name: Check docs\n  run: git diff --cached --quiet"))) == [("comparison", "dead")]
