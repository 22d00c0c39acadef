"""Tests and linters in plain scripts for PowerShell and cmd."""

import pytest

from gates import gates, steps, told


def judged(script, *, kind="pwsh", extra="", job=""):
    body = "".join(f"    {line}\n" for line in script.split("\n"))
    said = f"  shell: {kind}\n" if kind else ""
    return told(gates(steps(f"- run: |\n{body}{said}{extra}", job=job)), "judge")


@pytest.mark.parametrize("shell", ["pwsh", "powershell"])
@pytest.mark.parametrize(
    ("script", "states"),
    [
        ("pytest", ["alive"]),
        ("pytest\nexit 0", ["dead"]),
        ("pip install .\npytest", ["alive"]),
        ("pytest\npip list", ["dead"]),
        ("npm test\nnpm run lint", ["dead", "alive"]),
        (".\\node_modules\\.bin\\eslint .", ["alive"]),
        ("", []),
        ("echo hi", []),
    ],
)
def test_only_the_last_program_counts(script, states, shell):
    assert judged(script, kind=shell) == [("judge", state) for state in states]


@pytest.mark.parametrize(
    "last", ["Write-Host done", "# that is all", "$done = $true", 'Set-Content -Path a -Value "b"']
)
def test_what_is_no_program_changes_nothing(last):
    assert judged(f"pytest\n{last}") == [("judge", "alive")]


@pytest.mark.parametrize(
    "script",
    [
        "pytest\nif ($LASTEXITCODE -ne 0) { exit 1 }\npip list",
        "$PSNativeCommandUseErrorActionPreference = $x\npytest\npip list",
        "try { pytest } catch { }",
        "pytest | Out-Host",
        "pytest; pip list",
        "pytest `\n  -q\npip list",
        "pytest\nthrow 'x'",
    ],
)
def test_of_a_script_that_is_not_plain_nothing_is_said(script):
    assert not judged(script)


def test_the_shell_of_a_windows_runner():
    job = "runs-on: windows-latest"
    assert judged("pytest\npip list", kind="", job=job) == [("judge", "dead")]
    assert judged("pytest\npip list", kind="bash", job=job) == [("judge", "alive")]


@pytest.mark.parametrize(
    ("extra", "state"), [("  continue-on-error: true\n", "dead"), ("  if: false\n", "dead"), ("", "alive")]
)
def test_one_whose_failure_never_counts(extra, state):
    assert judged("pytest", extra=extra) == [("judge", state)]


def test_of_cmd_only_a_single_program_is_read():
    assert judged("pytest", kind="cmd") == [("judge", "alive")]
    assert judged("pytest", kind="cmd", extra="  continue-on-error: true\n") == [("judge", "dead")]
    assert judged("npm test\npip list", kind="cmd") == [("judge", "cannot-tell")]
    assert judged("npm test\nexit /b 0", kind="cmd") == [("judge", "cannot-tell")]
