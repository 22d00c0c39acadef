"""Whether a step looks at how something went, so that it fails where it went badly.

Three-valued, and careful: True only where a command is there for that, False only where everything in the step is
known to pass whatever happens.
"""

import re
from collections.abc import Sequence

from govcheck.actions import deploy_target_table as table
from govcheck.actions.programs import Program, Shell, programs, script_of, shell_of
from govcheck.actions.shell import Script
from govcheck.actions.workflow import Job, Step, Workflow, text

_NAMED = re.compile(r"(?i)verif|health|smoke|check|test|probe|monitor|e2e|playwright|cypress")
_COMPARES = frozenset({"grep", "egrep", "test", "[", "[[", "diff", "cmp", "wget"})
_RUNS_TESTS = frozenset(
    {
        *(
            "npm",
            "npx",
            "pnpm",
            "yarn",
            "bun",
            "node",
            "pytest",
            "playwright",
            "cypress",
            "k6",
            "newman",
            "go",
            "cargo",
        ),
        *("make", "python", "python3", "deno", "rspec", "mocha", "vitest", "jest", "hurl", "schemathesis", "nc"),
    }
)
_ENDINGS = frozenset({"exit", "return"})
_WAITS = {
    "kubectl": ("rollout status", "wait"),
    "oc": ("rollout status", "wait"),
    "helm": ("test",),
    "aws": ("ecs wait", "cloudformation wait", "deploy wait", "elbv2 wait", "lambda wait"),
    "gh": ("run watch",),
    "argocd": ("app wait",),
}
_HARMLESS = frozenset(
    {
        *("echo", "printf", "sleep", "cat", "jq", "date", "mkdir", "true", ":", "curl", "awk", "sed", "tee", "head"),
        *("tail", "cut", "tr", "ls", "pwd", "cd", "export", "set", "wc", "sort", "local"),
    }
)
_CURL_FAILS = re.compile(r"--fail(?:-with-body|-early)?|-[a-zA-Z]*f[a-zA-Z]*")


def verifies(workflow: Workflow, job: Job, step: Step) -> bool | None:
    """Whether a step fails where what it looks at is not as it should be; None where nobody can tell."""
    if step.continue_on_error is not None and text(step.continue_on_error) != "false":
        return False
    said = " ".join(text(node) for node in (step.name, step.uses) if node is not None)
    untold = None if _NAMED.search(said) else False
    if step.uses is not None:
        return untold
    shell = shell_of(workflow, job, step)
    script = script_of(step, shell)
    if not isinstance(script, Script):
        return untold if step.run is not None else False
    answers = [_fails(program, shell) for program in programs(script)]
    if True in answers:
        return True
    return None if None in answers or script.damaged else False


def phrase_of(texts: Sequence[str], phrases: Sequence[str]) -> str:
    """The phrase with which these words begin, options aside; empty where there is none."""
    words = [word for word in texts if word and not word.startswith("-")]
    return next((phrase for phrase in phrases if words[: len(phrase.split())] == phrase.split()), "")


def _fails(program: Program, shell: Shell) -> bool | None:
    """Whether a program fails its step where something is wrong."""
    if _ends(program):
        return True
    if program.name in _ENDINGS or not _heeded(program, shell):
        return False
    if _is_a_check(program):
        return True
    reads = phrase_of(program.texts(), table.READS.get(program.name, ()))
    return False if program.name in _HARMLESS or reads else None


def _ends(program: Program) -> bool:
    """`exit 1`, `exit $code`, `false`."""
    status = program.texts()[:1]
    return program.name == "false" or (program.name in _ENDINGS and status not in ([], ["0"]))


def _is_a_check(program: Program) -> bool:
    texts = program.texts()
    if program.name == "curl":
        return any(map(_CURL_FAILS.fullmatch, texts))
    own = "/" in (program.command.words[0].literal or "")
    return own or program.name in _COMPARES | _RUNS_TESTS or bool(phrase_of(texts, _WAITS.get(program.name, ())))


def _heeded(program: Program, shell: Shell) -> bool:
    ends = program.command.ends
    return ends == "script" or (shell.errexit and (ends == "errexit" or (ends == "pipefail" and shell.pipefail)))
