"""Outputs that are asked for and that nothing sets."""

import pytest

from gates import PATH, gates, steps

ASKS = "- if: steps.a.outputs.x == 'yes'\n  run: make"


def outputs(text):
    return [gate for gate in gates(text) if gate.family == "output"]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo fine", "the step with that id sets no output"),
        ('echo "y=1" >> $GITHUB_OUTPUT', "the step with that id sets y"),
        ('echo "::set-output name=y::1"', "the step with that id sets y"),
        ("printf 'y=1\\nz=2\\n' >> $GITHUB_OUTPUT", "the step with that id sets y, z"),
    ],
)
def test_an_output_that_its_step_does_not_set(script, why):
    (gate,) = outputs(steps(f"- id: a\n  run: |\n    {script}\n{ASKS}"))
    assert (gate.state, gate.why) == ("dead", f"`steps.a.outputs.x` is always empty: {why}")
    assert (gate.subject, gate.location.line) == (f"{PATH}:one:steps.a.outputs.x", 9)
    assert gate.severity is None
    assert gate.fix.text == "set the output where it is meant to be set, or do not ask for it"


@pytest.mark.parametrize(
    "step",
    [
        "run: echo x=1 >> $GITHUB_OUTPUT",
        "run: echo X=1 >> $GITHUB_OUTPUT",
        "run: ./sets.sh",
        "run: 'echo y=1 >> $GITHUB_OUTPUT; ./sets.sh'",
        "run: 'echo y=1 >> $GITHUB_OUTPUT; node sets.js'",
        'run: echo "$name=1" >> $GITHUB_OUTPUT',
        "run: 'echo \"a_$i=1\" >> $GITHUB_OUTPUT'",
        "run: \"printf 'y=1\\\\nx=2\\\\n' >> $GITHUB_OUTPUT\"",
        "run: cat file >> $GITHUB_OUTPUT",
        "uses: some/action@v1",
        "{shell: pwsh, run: x}",
    ],
)
def test_an_output_that_is_set_or_may_be(step):
    step = step.strip("{}") if step.startswith("{shell") else step
    lines = "\n  ".join(step.split(", ")) if step.startswith("shell") else step
    assert not outputs(steps(f"- id: a\n  {lines}\n{ASKS}"))


@pytest.mark.parametrize(
    ("job", "expression", "why"),
    [
        ("needs: [a]", "needs.a.outputs.x", "job a has no outputs"),
        ("needs: [b]", "needs.b.outputs.z", "job b has no such output"),
        ("needs: [b]", "needs.b.outputs.verson", "job b has no such output; did you mean version?"),
        ("needs: [b]", "needs.a.outputs.x", "job c does not need a itself, only by way of other jobs"),
        ("timeout-minutes: 1", "needs.a.outputs.x", "job c does not need a"),
        ("needs: [a]", "needs.z.outputs.x", "there is no job z"),
        ("needs: [a]", "steps.q.outputs.x", "no step of job c has the id q"),
    ],
)
def test_outputs_of_other_jobs(job, expression, why):
    text = f"""
    on: push
    jobs:
      a: {{runs-on: x, steps: [{{run: x}}]}}
      b: {{needs: [a], runs-on: x, outputs: {{version: '1'}}, steps: [{{run: x}}]}}
      c: {{{job}, runs-on: x, steps: [{{run: 'echo ${{{{ {expression} }}}}'}}]}}
    """
    (gate,) = outputs(text)
    assert gate.why == f"`{expression}` is always empty: {why}"
    assert gate.severity == "note"


def test_a_called_workflow_may_set_anything():
    text = (
        "on: push\njobs:\n  a: {uses: ./x.yml}\n  b: {needs: a, if: needs.a.outputs.x, runs-on: x, steps: [{run: x}]}"
    )
    assert not outputs(text)


SETS = "- id: x\n  run: echo go=true >> $GITHUB_OUTPUT\n"


@pytest.mark.parametrize(
    ("before", "condition", "dead"),
    [
        (SETS, "steps.x.outputs.go == true", True),
        (SETS, "steps.x.outputs.go == 'true'", False),
        (SETS, "always() && steps.x.outputs.go == true", True),
        (SETS.replace("true", "1"), "steps.x.outputs.go == true", False),
        (SETS.replace("true", "$GO"), "steps.x.outputs.go == true", False),
        ("- id: x\n  uses: dorny/paths-filter@v3\n", "steps.x.outputs.go == true", True),
        ("- id: x\n  uses: other/action@v3\n", "steps.x.outputs.go == true", False),
    ],
)
def test_an_output_that_is_held_against_true_is_text(before, condition, dead):
    found = gates(steps(f"{before}- run: pytest\n  if: {condition}"))
    assert any(gate.why.startswith("`steps.x.outputs.go == true` is never so") for gate in found) is dead


def test_the_same_through_another_job():
    text = steps("- run: pytest", job="needs: a\n    if: needs.a.outputs.go == true\n    runs-on: ubuntu-latest")
    before = "    steps: [{id: x, run: 'echo go=false >> $GITHUB_OUTPUT'}]\n"
    text += f"  a:\n    runs-on: ubuntu-latest\n    outputs: {{go: '${{{{ steps.x.outputs.go }}}}'}}\n{before}"
    assert [gate.subject for gate in gates(text) if gate.family == "output"] == [
        ".github/workflows/ci.yml:one:needs.a.outputs.go == true"
    ]
