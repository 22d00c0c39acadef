"""Programs that a job runs, and that are set up nowhere."""

import re

from govcheck.actions.programs import Program
from govcheck.actions.shell import Command
from govcheck.actions.workflow import Job, text
from govcheck.facts.document import Mapping, Scalar
from govcheck.liveness.executions import Execution, Ran

_NOT_INSTALLED = frozenset(
    {"gitleaks", "betterleaks", "trufflehog", "flyctl", "supabase", "vercel", "netlify", "railway", "doctl", "wrangler"}
    | {
        "semgrep",
        "snyk",
        "actionlint",
        "zizmor",
        "danger",
        "govcheck",
        "detect-secrets",
        "terragrunt",
        "argocd",
        "sops",
    }
    | {"cosign", "goreleaser", "golangci-lint", "tfsec", "checkov", "just", "task"}
)
"""Programs that GitHub's own runners do not have: https://github.com/actions/runner-images."""

_HINTS = {
    "flyctl": ("flyctl", "fly.io/install", "superfly"),
    "golangci-lint": ("golangci",),
    "gitleaks": ("gitleaks/releases", "gitleaks-", "gitleaks_", "install gitleaks", "gitleaks@", "nogoo9"),
}
"""How the installation of a program is recognised, where its name alone does not tell."""

_GITHUB_RUNNER = re.compile(r"(?:ubuntu|windows|macos)-(?:latest|[\d.]+)(?:-(?:arm|xlarge|large|intel))?")
_INSTALLS = re.compile(
    r"install|setup|curl|wget|brew|apt|npm i\b|npm add|pipx?\b|uv tool|go get|cargo|download|mise|asdf|nix",
    re.IGNORECASE,
)
_MAY_INSTALL = re.compile(
    r"pip3?\s+install\s[^\n]*(?:-r|-e|\.\[|\.\s*$|-c)|"
    r"\b(?:poetry|pdm|hatch|conda|mamba|pixi|devbox|nix|mise|asdf|aqua|hermit)\b|"
    r"\b(?:brew bundle|bundle install|uv sync|uv pip|go install|cargo install|cargo binstall|apt-get|apk|dnf)\b|"
    r"\b(?:make|just|task)\b|"
    r"(?:^|[\s;&])(?:\.{1,2}/|[\w-]+/)[\w./-]*(?:install|setup|bootstrap|prepare|deps|tools)[\w./-]*",
    re.IGNORECASE | re.MULTILINE,
)
"""What may install anything, without naming it."""

_PATH = re.compile(r"\bPATH=|\bGITHUB_PATH\b")


def missing_tool(execution: Execution, ran: Ran, program: Program, command: Command) -> str | None:
    """Why a program certainly is not there; None where it is, or may be."""
    literal = command.words[0].literal or "" if command.words else ""
    if program.name not in _NOT_INSTALLED or literal != program.name:
        return None
    if ran.called is not None and ran.called.script:
        return None  # npm's scripts find what npm has installed
    if not _on_github(execution.job) or _may_be_installed(execution, program.name):
        return None
    return f"`{program.name}` is set up nowhere in job {execution.job.id}, and GitHub's runners do not have it"


def _may_be_installed(execution: Execution, name: str) -> bool:
    """Whether anything before says that it installs the program, or may."""
    hints = _HINTS.get(name, (name,))
    for step in execution.job.steps[: execution.step.index + 1]:
        if step.uses is not None and (_is_foreign(text(step.uses)) or _names(step.with_, hints)):
            return True
        if step.run is not None and step.index != execution.step.index and _may_install(text(step.run), hints):
            return True
    return any(_may_install(ran.source, hints) for ran in execution.ran)


def _is_foreign(uses: str) -> bool:
    """Whether an action is not one of GitHub's own, which install nothing but what they are named after."""
    return not uses.startswith("actions/")


def _names(inputs: Mapping | None, hints: tuple[str, ...]) -> bool:
    values = (value for _, value in inputs.items()) if inputs is not None else ()
    return any(hint in value.text for value in values if isinstance(value, Scalar) for hint in hints)


def _may_install(source: str, hints: tuple[str, ...]) -> bool:
    return bool(_PATH.search(source) or _MAY_INSTALL.search(source)) or _says_install(source, hints)


def _says_install(source: str, hints: tuple[str, ...]) -> bool:
    return any(_INSTALLS.search(line) for line in source.split("\n") if any(hint in line for hint in hints))


def _on_github(job: Job) -> bool:
    """Whether the job runs on an image of GitHub's own, and in no container."""
    label = job.runs_on
    if job.node.get("container") is not None or not isinstance(label, Scalar):
        return False
    return _GITHUB_RUNNER.fullmatch(text(label)) is not None
