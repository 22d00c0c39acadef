"""Steps that promise something and are scripts for github-script."""

from textwrap import indent

import pytest

from gates import gates, steps, told


def judged(script, *, name="Verify the title", extra="", on="push"):
    body = indent(script.strip("\n"), "      ")
    uses = f"- name: {name}\n  uses: actions/github-script@v7\n{extra}  with:\n    script: |\n{body}"
    return told(gates(steps(uses, on=on)), "promise")


TWINS = {
    "a warning": ("if (!ok) core.warning('no')", "if (!ok) core.setFailed('no')"),
    "an error that is only said": ("if (!ok) core.error('no')", "if (!ok) { core.error('no'); core.setFailed('no') }"),
    "a comment": (
        "if (!ok) await github.rest.issues.createComment({body: 'no'})",
        "if (!ok) { await github.rest.issues.createComment({body: 'no'}); throw new Error('no') }",
    ),
    "caught": (
        "try {\n  if (!ok) throw new Error('no')\n} catch (error) {\n  console.log(error)\n}",
        "try {\n  if (!ok) throw new Error('no')\n} catch (error) {\n  console.log(error)\n  throw error\n}",
    ),
    "caught and said": (
        "try {\n  await exec.exec('make')\n} catch (error) {\n  core.warning(error)\n}",
        "try {\n  await exec.exec('make')\n} catch (error) {\n  core.setFailed(error)\n}",
    ),
    "the end": ("if (!ok) process.exit(0)", "if (!ok) process.exit(1)"),
    "in a text": ("console.log('core.setFailed()')", "core.setFailed(`${{ inputs.text }}`)"),
    "in a comment of its own": ("// core.setFailed('no')\nconsole.log(1)", "process.exitCode = ok ? 0 : 1"),
    "finally": ("try { x() } catch { y() }", "try { throw 1 } finally { y() }"),
}


@pytest.mark.parametrize(("deaf", "living"), TWINS.values(), ids=TWINS)
def test_a_script_that_only_speaks(deaf, living):
    assert judged(deaf) == [("promise", "dead")]
    assert judged(living) == [("promise", "alive")]


@pytest.mark.parametrize(
    ("extra", "state"),
    [
        ("  continue-on-error: true\n", "dead"),
        ("  if: github.event_name == 'schedule'\n", "dead"),
        ("  if: github.event_name == 'push'\n", "alive"),
    ],
)
def test_one_whose_failure_never_counts(extra, state):
    assert judged("core.setFailed('no')", extra=extra) == [("promise", state)]


@pytest.mark.parametrize(
    "script",
    [
        "core.setOutput('ok', ok)",
        "return ok",
        "await github.rest.issues.addLabels({labels: ['x']})",
        "await github.rest.pulls.update({state: 'closed'})",
    ],
)
def test_one_that_makes_something_be_so_is_no_gate(script):
    assert not judged(script)


def test_one_that_runs_another_script_may_fail():
    assert judged("const check = require('./check.js')\nawait check({core})") == [("promise", "alive")]


def test_one_that_cannot_be_read_and_one_that_promises_nothing():
    assert judged("if (((") == [("promise", "cannot-tell")]
    assert not judged("core.warning('no')", name="Comment on the pull request")
