"""Tests, linters and scanners whose failure nothing heeds."""

import re
from collections.abc import Iterator

from govcheck.actions.programs import Program, program_of
from govcheck.actions.shell import Command
from govcheck.actions.workflow import location
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness.executions import Execution, Ran
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.heeding import never_runs, passes_anyway
from govcheck.liveness.outputs import WRITES

_ALWAYS = frozenset(
    {"eslint", "tsc", "jest", "vitest", "mocha", "ava", "pytest", "tox", "nox", "mypy", "pyright", "flake8", "pylint"}
    | {"golangci-lint", "staticcheck", "govulncheck", "gosec", "semgrep", "trivy", "snyk", "bandit", "safety"}
    | {"pip-audit", "hadolint", "shellcheck", "actionlint", "zizmor", "checkov", "tfsec", "tflint", "rspec", "phpunit"}
    | {
        "phpstan",
        "psalm",
        "rubocop",
        "brakeman",
        "commitlint",
        "cspell",
        "markdownlint",
        "stylelint",
        "ctest",
    }
    | {"yamllint", "ansible-lint", "conftest", "ktlint", "detekt", "swiftlint", "htmlhint", "depcheck", "knip"}
)
_WITH_WORDS: dict[str, re.Pattern[str]] = {
    "npm": re.compile(r"test|t|audit|(?:run|run-script) (?:test|lint|check|typecheck|verify|validate|audit|scan)\b.*"),
    "yarn": re.compile(r"(?:run )?(?:test|lint|check|typecheck|verify|validate|audit|npm audit)\b.*"),
    "pnpm": re.compile(r"(?:run )?(?:test|lint|check|typecheck|verify|validate|audit)\b.*"),
    "bun": re.compile(r"(?:run )?(?:test|lint|check|typecheck)\b.*"),
    "cargo": re.compile(r"(?:test|clippy|audit|deny|nextest|check)\b.*"),
    "go": re.compile(r"(?:test|vet)\b.*"),
    "ruff": re.compile(r"check\b.*"),
    "playwright": re.compile(r"test\b.*"),
    "cypress": re.compile(r"run\b.*"),
    "mvn": re.compile(r".*\b(?:test|verify|checkstyle:check)\b.*"),
    "dotnet": re.compile(r"test\b.*"),
    "terraform": re.compile(r"validate\b.*"),
    "prettier": re.compile(r".*", re.DOTALL),
    "black": re.compile(r".*", re.DOTALL),
    "make": re.compile(r"(?:test|check|lint|verify)\b.*"),
}
_DISMISSED = re.compile(r"[^\n;&]{0,200}?\|\|\s*(?:true|:|exit 0|echo\b)")
_NOT_MEANT = re.compile(
    r"fix|format|report|summary|upload|bench|optional|experimental|allow|non-?blocking|best effort|informational|"
    r"advisory|warn|coverage|flaky|diagnos",
    re.IGNORECASE,
)
"""What a step is called that does not mean to stop anything."""

_LISTS = frozenset({"--version", "--help", "-h", "-V", "-list", "--list", "--collect-only"})
_CHECKS = frozenset({"--check", "-c", "--list-different", "-l", "--diff"})
_KEPT = re.compile(
    r"(?<![0-9&])>{1,2}(?!\s*(?:&|/dev/))|\btee\b|&>(?!\s*/dev/)|GITHUB_|"
    r"(?:^|\s)-{1,2}(?:o|out|output|report|junit|sarif|json|xml|result|log|logger|reporter|format|f|template)[\w-]*"
    r"(?:[ =]|$)",
    re.IGNORECASE,
)
"""What is kept of what a command prints: something else may judge by that."""


def gates(execution: Execution) -> Iterator[Gate]:
    """Judges of a step whose failure does not fail it. Steps that promise something are told of as a whole."""
    found = tuple(_judges(execution))
    if not found or _NOT_MEANT.search(execution.title):
        return
    goes_on = execution.step.continue_on_error
    if goes_on is not None and passes_anyway(execution.job, execution.step):
        ran, command = found[0]
        if not _is_kept(execution, ran, command):
            why = f"`{words(command)}` cannot fail its step, whose `continue-on-error` nothing makes up for"
            yield _dead(execution, ran, command, why, location(execution.workflow.path, goes_on))
        return
    if never_runs(execution.step):
        return
    dismissed = tuple(unheeded_judges(execution))
    for ran, command in dismissed:
        place = ran.location(command.offset) if ran.called is None else execution.location
        yield _dead(execution, ran, command, f"nothing heeds the failure of `{words(command)}`", place)
    heeded = next((one for one in found if _is_heeded(*one)), None)
    if not dismissed and heeded is not None:
        ran, command = heeded
        yield Gate(
            family="judge",
            subject=f"{execution.subject}:{words(command)}",
            state=State.ALIVE,
            why=f"where `{words(command)}` fails, the step does",
            location=ran.location(command.offset),
        )


def unheeded_judges(execution: Execution) -> Iterator[tuple[Ran, Command]]:
    """Every command that judges, and whose failure comes to nothing."""
    for ran, command in _judges(execution):
        if not _is_heeded(ran, command) and not _is_kept(execution, ran, command):
            yield ran, command


def _is_heeded(ran: Ran, command: Command) -> bool:
    """Whether something can still fail because of it."""
    if ran.exits is None:
        return False
    if command.ends == "no" and _DISMISSED.match(ran.source[command.end :]):
        return False
    if command.branch >= 0:  # a loop or a function: what comes before may come after as well
        return bool(ran.exits.judging)
    return ran.exits.judges_after(command.offset)


def _is_kept(execution: Execution, ran: Ran, command: Command) -> bool:
    """Whether its result is noted for another step, or what it prints goes into a file or a variable."""
    if any(WRITES.search(one.source) for one in execution.ran):
        return True
    line = ran.source[command.offset :].replace("\\\n", " ").partition("\n")[0]
    return _KEPT.search(line) is not None or (ran.exits is not None and ran.exits.captures(command.offset))


def judges(program: Program) -> bool:
    """Whether a program is one that says by its status whether something is as it should be."""
    if _LISTS.intersection(program.texts()):
        return False
    if program.name in _ALWAYS:
        return True
    wanted = _WITH_WORDS.get(program.name)
    if wanted is None:
        return False
    if program.name in {"prettier", "black"}:
        return not _CHECKS.isdisjoint(program.texts())
    return wanted.fullmatch(" ".join(word for word in program.texts() if word and not word.startswith("-"))) is not None


def words(command: Command) -> str:
    """A command as it is quoted."""
    shown = " ".join(" ".join(word.shown for word in command.words).split())
    return shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004 - as long as fits in a sentence


def _judges(execution: Execution) -> Iterator[tuple[Ran, Command]]:
    for ran in execution.ran:
        if ran.exits is None or ran.exits.untold or ran.script is None:
            continue
        for command in ran.script.commands:
            if ran.exits.comes_by(command.offset) and judges(program_of(command)):
                yield ran, command


def _dead(execution: Execution, ran: Ran, command: Command, why: str, place: Location) -> Gate:
    return Gate(
        family="judge",
        subject=f"{execution.subject}:{words(command)}",
        state=State.DEAD,
        why=why,
        location=place,
        evidence=(Evidence(text=f"{ran.called.shown} runs it", location=ran.location(command.offset)),)
        if ran.called is not None
        else (),
        fix=Fix(text="let its status be the step's, or take the step out"),
    )
