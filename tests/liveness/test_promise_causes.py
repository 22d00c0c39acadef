"""Why a promise is none, in the words of its own script, and what mends just that."""

import pytest

from gates import gates, steps


def promise(script, files=None, before=""):
    body = script.replace("\n", "\n    ")
    text = steps(f"{before}- name: Verify it\n  run: |\n    {body}")
    return next(gate for gate in gates(text, files) if gate.family == "promise")


@pytest.mark.parametrize(
    ("script", "why", "fix"),
    [
        (
            "cosign verify x || echo skip",
            "`|| echo` eats the failure of `cosign verify x`, and nothing else in it can fail",
            "take `|| echo` out, so that the failure of `cosign verify x` is the step's",
        ),
        (
            'ALL=true\nif [ "$ALL" = true ]; then\n  echo fine\nelse\n  exit 1\nfi',
            "its `exit 1` in line 12 is never reached: `ALL` is never anything but `true`",
            "set `ALL` to something else where the check fails, or take the step out",
        ),
        (
            'if [ "$(date +%u)" -gt 5 ]; then\n  echo "::warning::weekend"\nfi',
            "it only warns: where something is wrong it says `::warning::weekend` and goes on",
            "end the branch that warns with `exit 1`, or do not call the step a check",
        ),
        (
            'set +e\n./judge | tee x.txt\ngrep -q "100%" x.txt\necho done',
            "`set +e` in line 8 lets every failure pass, and its last command, `echo done`, ends well",
            "take `set +e` out, or end the script with the status of what judges",
        ),
        (
            'echo "all is well"',
            "it only prints: no path through its script ends as failed",
            "let it end with `exit 1` where it finds something wrong, or take it out",
        ),
    ],
)
def test_the_cause_is_told(script, why, fix):
    gate = promise(script)
    assert (gate.state, gate.why, gate.fix.text) == ("dead", f'the step "Verify it": {why}', fix)


def test_a_script_that_asks_for_the_branch_of_a_pull_request():
    branch = (
        "#!/bin/bash\nbranch=$(git rev-parse --abbrev-ref HEAD)\n"
        'if [[ "$branch" == HEAD ]]; then\n  exit 0\nfi\necho "bad name"\nexit 1\n'
    )
    gate = promise("./branch.sh", {"branch.sh": branch}, "- uses: actions/checkout@v4\n")
    assert "its `exit 1` in line 7 of branch.sh is never reached: `git rev-parse --abbrev-ref HEAD` prints" in gate.why
    assert gate.fix.text == "judge `${{ github.head_ref }}`, the pull request's branch, and not what git has here"
