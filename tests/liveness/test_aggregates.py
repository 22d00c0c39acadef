"""Jobs that stand for others."""

import pytest

from gates import gates


def aggregate(job, name="all-green"):
    text = f"on: pull_request\njobs:\n  test: {{runs-on: ubuntu-latest, steps: [{{run: ./x}}]}}\n  {name}:\n{job}"
    return [gate for gate in gates(text) if gate.family == "aggregate"]


BODY = "    needs: [test]\n    runs-on: ubuntu-latest\n"
ALWAYS = "    if: always()\n"
JUDGES = "    steps: [{if: \"contains(needs.*.result, 'failure')\", run: exit 1}]\n"


def test_one_that_is_skipped_when_another_fails():
    (gate,) = aggregate(BODY + JUDGES)
    assert gate.why == "job all-green is skipped when one of test fails, and GitHub counts skipped as success"
    assert (gate.state, gate.location.line) == ("dead", 4)
    assert gate.evidence[0].text == "job all-green stands for others by its name"
    assert "if: always()" in gate.fix.text


@pytest.mark.parametrize(
    "steps",
    [
        "    steps: [{run: echo fine}]\n",
        "    steps: [{run: exit 0}]\n",
        "    steps: [{continue-on-error: true, run: exit 1}]\n",
        "    steps: [{if: false, run: exit 1}]\n",
        "    steps: [{uses: actions/checkout@v4}]\n",
        "    steps: [{continue-on-error: true, uses: re-actors/alls-green@v1}]\n",
    ],
)
def test_one_that_turns_red_into_green(steps):
    (gate,) = aggregate(BODY + ALWAYS + steps)
    assert gate.why == (
        "job all-green runs whatever became of test, and none of its steps can fail: it turns red into green"
    )
    assert (gate.state, gate.location.line) == ("dead", 7)


@pytest.mark.parametrize(
    ("rest", "how"),
    [
        (ALWAYS + JUDGES, 'the step "exit 1" can fail it, and it runs although one of test failed'),
        ("    if: '!cancelled()'\n" + JUDGES, 'the step "exit 1" can fail it, and it runs although one of test failed'),
        (ALWAYS + "    steps: [{uses: re-actors/alls-green@v1}]\n", "re-actors/alls-green@v1 decides"),
    ],
)
def test_living_ones(rest, how):
    (gate,) = aggregate(BODY + rest)
    assert (gate.state, gate.why) == ("alive", how)


def test_one_with_a_shell_that_is_not_read():
    (gate,) = aggregate(BODY + ALWAYS + "    steps: [{shell: pwsh, run: x}]\n")
    assert (gate.state, gate.why) == ("cannot-tell", "job all-green has a step for a shell that is not read")


@pytest.mark.parametrize(
    ("name", "stands"),
    [
        ("all-green", True),
        ("ci-ok", True),
        ("required", True),
        ("tests_passed", True),
        ("merge-gate", True),
        ("deploy", False),
        ("test", False),
        ("build", False),
    ],
)
def test_names_that_stand_for_others(name, stands):
    assert bool(aggregate(BODY + JUDGES, name)) is stands


def test_one_that_needs_nothing_stands_for_nothing():
    assert not aggregate("    runs-on: ubuntu-latest\n" + JUDGES)


def test_a_long_list_is_cut():
    others = "".join(f"  {name}: {{runs-on: x, steps: [{{run: x}}]}}\n" for name in "abcde")
    needs = "    needs: [a, b, c, d, e]\n    runs-on: ubuntu-latest\n"
    (gate,) = aggregate(needs + JUDGES + others)
    assert "one of a, b, c, d, ... fails" in gate.why


def judged(if_or_run):
    text = f"""
on: pull_request
jobs:
  test: {{runs-on: ubuntu-latest, steps: [{{run: ./x}}]}}
  other: {{runs-on: ubuntu-latest, steps: [{{run: ./z}}]}}
  all-green:
    needs: test
    if: always()
    runs-on: ubuntu-latest
    steps:
      - {if_or_run}
"""
    (gate,) = [one for one in gates(text) if one.family == "aggregate"]
    return gate


TRIED = {
    "a word that is no result": ("if: contains(needs.*.result, 'failed')", "if: contains(needs.*.result, 'failure')"),
    "one that is spelt otherwise": (
        "if: contains(needs.*.result, 'canceled')",
        "if: contains(needs.*.result, 'failure')",
    ),
    "joined": (
        "if: contains(join(needs.*.result, ','), 'failed')",
        "if: contains(join(needs.*.result, ','), 'failure')",
    ),
    "a key that there is not": ("if: needs.test.conclusion == 'failure'", "if: needs.test.result == 'failure'"),
    "a key of steps": ("if: contains(needs.*.outcome, 'failure')", "if: contains(needs.*.result, 'failure')"),
    "a job that it does not need": ("if: needs.other.result == 'failure'", "if: needs.test.result == 'failure'"),
    "both at once": (
        "if: needs.test.result == 'failure' && needs.test.result == 'cancelled'",
        "if: needs.test.result == 'failure' || needs.test.result == 'cancelled'",
    ),
    "a step before it": ("if: failure()", "if: needs.test.result != 'success'"),
    "another end": ("if: needs.test.result == 'skipped'", "if: always()"),
    "in a script": (
        'run: if [ "${{ needs.test.result }}" = failed ]; then exit 1; fi',
        'run: if [ "${{ needs.test.result }}" = failure ]; then exit 1; fi',
    ),
    "in a script by a variable": (
        'env: {R: "${{ needs.test.result }}"}\n        run: test "$R" != failed',
        'env: {R: "${{ needs.test.result }}"}\n        run: test "$R" = success',
    ),
    "asked within a script": (
        "run: if [[ ${{ contains(needs.*.result, 'fail') }} == true ]]; then exit 1; fi",
        "run: if [[ ${{ contains(needs.*.result, 'failure') }} == true ]]; then exit 1; fi",
    ),
    "allowed to fail": (
        "uses: re-actors/alls-green@release/v1\n        with: {allowed-failures: 'test, other', jobs: x}",
        "uses: re-actors/alls-green@release/v1\n        with: {allowed-failures: other, jobs: x}",
    ),
}


@pytest.mark.parametrize(("deaf", "living"), TRIED.values(), ids=TRIED)
def test_one_that_asks_for_what_never_is(deaf, living):
    deaf, living = (f"{one}\n        run: exit 1" if one.startswith("if:") else one for one in (deaf, living))
    assert judged(deaf).state == "dead"
    assert judged(living).state == "alive"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("if: contains(needs.*.result, 'failed')", "`failed` is no result of a job"),
        ("if: needs.test.conclusion == 'failure'", "`needs.test.conclusion` is always empty"),
        ("if: failure()", "job all-green stays green where test fails: no step of it fails because of that"),
    ],
)
def test_the_mistake_is_named(step, words):
    assert words in judged(f"{step}\n        run: exit 1").why


@pytest.mark.parametrize(
    "step",
    [
        "run: ./judge",
        "run: echo '${{ toJSON(needs) }}' | jq -e 'all(.result == \"success\")'",
        "if: needs.test.outputs.verdict == 'bad'\n        run: exit 1",
        "env: {N: '${{ toJSON(needs) }}'}\n        run: ./judge",
    ],
)
def test_what_cannot_be_tried_may_notice(step):
    assert judged(step).state == "alive"


CHAIN = """\
on: pull_request
jobs:
  lint: {runs-on: ubuntu-latest, steps: [{run: ./lint}]}
  build: {runs-on: ubuntu-latest, steps: [{run: ./build}]}
  test: {needs: build, runs-on: ubuntu-latest, steps: [{run: ./test}]}
  flaky: {runs-on: ubuntu-latest, continue-on-error: true, steps: [{run: ./flaky}]}
  report: {needs: lint, if: always(), runs-on: ubuntu-latest, steps: [{run: ./report}]}
  all-green:
    needs: [NEEDS]
    if: IF
    runs-on: ubuntu-latest
    steps:
      - STEP
"""


def chain(step, needs="lint, test", condition="always()"):
    text = CHAIN.replace("NEEDS", needs).replace("IF", condition).replace("STEP", step)
    (gate,) = (gate for gate in gates(text) if gate.family == "aggregate")
    return gate


SKIPPED = "job all-green stays green where build fails: test is skipped then, and no step of it fails because of that"
UNSEEN = "job all-green stays green where {} fails: no step of it fails because of that"


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("{if: needs.lint.result != 'success', run: exit 1}", UNSEEN.format("test")),
        ("{if: \"contains(needs.*.result, 'failure')\", run: exit 1}", SKIPPED),
        ("{if: needs.lint.result == 'failure' || needs.test.result == 'failure', run: exit 1}", SKIPPED),
        ("{env: {L: '${{ needs.lint.result }}'}, run: '[ \"$L\" = success ] || exit 1'}", UNSEEN.format("test")),
        (
            "{run: 'if [ \"${{ needs.lint.result }}${{ needs.test.result }}\" = failure ]; then exit 1; fi'}",
            UNSEEN.format("lint"),
        ),
        (
            "{run: '[[ ${{ needs.lint.result }} != failure && ${{ needs.test.result }} != failure ]] || exit 1'}",
            SKIPPED,
        ),
        (
            "{env: {BAD: \"${{ contains(needs.*.result, 'failure') }}\"}, run: 'if [ $BAD = true ]; then exit 1; fi'}",
            SKIPPED,
        ),
        ("{uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}', allowed-skips: test}}", SKIPPED),
        (
            "{uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}', allowed-failures: 'lint, docs'}}",
            UNSEEN.format("lint"),
        ),
        (
            "{uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}', allowed-failures: '[\"lint\"]'}}",
            UNSEEN.format("lint"),
        ),
    ],
)
def test_one_that_does_not_see_every_failure(step, why):
    gate = chain(step)
    assert (gate.state, gate.why) == ("dead", why)
    assert ("add build to the `needs` of all-green" if why == SKIPPED else ".result` is not `success`") in gate.fix.text


def test_one_that_is_skipped_after_one_failure_only():
    condition = "always() && needs.test.result != 'skipped'"
    gate = chain("{if: \"needs.test.result != 'success'\", run: exit 1}", needs="test", condition=condition)
    assert gate.why == "job all-green is skipped where build fails, and GitHub counts skipped as success"


@pytest.mark.parametrize(
    "step",
    [
        "{if: needs.lint.result != 'success' || needs.test.result != 'success', run: exit 1}",
        "{if: \"contains(needs.*.result, 'failure') || contains(needs.*.result, 'skipped')\", run: exit 1}",
        "{if: \"contains(needs.*.result, 'failure') || vars.STRICT\", run: exit 1}",
        "{if: needs.lint.result != 'success', run: exit 1}\n      - {if: needs.test.result != 'success', run: exit 1}",
        "{env: {NEEDS: '${{ toJSON(needs) }}'}, run: '[ \"$NEEDS\" = fine ] || exit 1'}",
        '{run: \'[ "${{ join(needs.*.result) }}" = "success, success" ] || exit 1\'}',
        "{run: './judge \"${{ needs.lint.result }}\"'}",
        "{run: 'echo \"${{ toJSON(needs) }}\" | grep -q failure && exit 1 || true'}",
        "{run: \"for one in ${{ join(needs.*.result, ' ') }}; do [ $one = success ] || exit 1; done\"}",
        "{run: 'if [ \"${{ needs.test.result }}${{ needs.lint.outputs.x }}\" = failure ]; then exit 1; fi'}",
        "{env: {R: \"${{ join(needs.*.result, ',') }}\"}, run: 'case $R in *failure*|*skipped*) exit 1;; esac'}",
        "{run: ./ask-github.sh}",
        "{uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}'}}",
        "{uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}', allowed-skips: '${{ inputs.skips }}'}}",
        "{uses: some/gatekeeper@v1}",
    ],
)
def test_one_that_sees_every_failure(step):
    assert chain(step).state == "alive"


def test_a_workflow_that_no_branch_can_require():
    step = "{if: needs.lint.result != 'success', run: exit 1}"
    text = CHAIN.replace("NEEDS", "lint, test").replace("IF", "always()").replace("STEP", step)
    found = gates(text.replace("on: pull_request", "on: issues"))
    assert [gate.state for gate in found if gate.family == "aggregate"] == ["alive"]


@pytest.mark.parametrize("needs", ["lint, build, test", "report", "lint, flaky"])
def test_failures_that_others_show_or_that_do_not_count(needs):
    assert chain("{if: \"contains(needs.*.result, 'failure')\", run: exit 1}", needs=needs).state == "alive"


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ("    steps: [{uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}'}}]\n", True),
        ("    steps: [{uses: re-actors/alls-green@v1}, {uses: codecov/codecov-action@v5}]\n", True),
        ("    steps: [{if: needs.test.result != 'success', run: exit 1}]\n", True),
        ("    steps: [{if: needs.test.result != 'success', run: ./tell-slack}]\n", False),
        ("    steps: [{if: needs.test.result != 'success', uses: some/issue@v1}]\n", False),
        ("    steps: [{uses: some/issue@v1, with: {failed: '${{ needs.test.result }}'}}]\n", False),
        ("    steps: [{run: '[ \"${{ needs.test.result }}\" = success ] || exit 1'}]\n", True),
        ("    steps: [{if: needs.test.result != 'success', run: exit 1}, {run: ./deploy}]\n", False),
    ],
)
def test_jobs_that_stand_for_others_by_what_they_do(steps, stands):
    found = aggregate(BODY + ALWAYS + steps, "last")
    assert [gate.evidence[0].text for gate in found] == ["job last stands for others by what it does"] * stands
    assert not aggregate(BODY + steps, "last")
