"""Options with which a program that judges ends as a success whatever it finds.

What is left then is an accident: a wrong option, a file that is not there. Sources, all of them the programs' own
documentation: https://docs.astral.sh/ruff/linter/#exit-codes, https://flake8.pycqa.org/en/latest/user/options.html,
https://pylint.readthedocs.io/en/stable/user_guide/usage/run.html, https://bandit.readthedocs.io/en/latest/man/bandit.html,
https://trivy.dev/latest/docs/configuration/others/#exit-code, https://docs.npmjs.com/cli/commands/npm-audit,
https://golangci-lint.run/docs/configuration/cli/, https://github.com/securego/gosec, https://github.com/hadolint/hadolint,
https://github.com/terraform-linters/tflint/blob/master/docs/user-guide/config.md, https://www.checkov.io,
https://github.com/aquasecurity/tfsec, https://docs.zizmor.sh/usage/#exit-codes, https://github.com/gitleaks/gitleaks,
https://pkg.go.dev/golang.org/x/vuln/cmd/govulncheck#hdr-Exit_codes, https://semgrep.dev/docs/cli-reference,
https://www.conftest.dev/options/, https://maven.apache.org/ref/current/maven-embedder/cli.html,
https://www.gnu.org/software/make/manual/html_node/Options-Summary.html, https://knip.dev/reference/cli,
https://brakemanscanner.org/docs/options/, https://rspec.info/features/3-13/rspec-core/command-line/exit-status/
"""

import re
from collections.abc import Callable, Mapping, Sequence

from govcheck.actions.programs import Program
from govcheck.actions.shell import Word

_OPTIONS = re.compile(r"arg|opt|flag|extra|param|^[@*]$", re.IGNORECASE)

_FLAGS: Mapping[str, frozenset[str]] = {
    "ruff": frozenset({"--exit-zero", "-e", "--fix-only"}),
    "flake8": frozenset({"--exit-zero"}),
    "pylint": frozenset({"--exit-zero"}),
    "bandit": frozenset({"--exit-zero"}),
    "gosec": frozenset({"-no-fail", "--no-fail"}),
    "hadolint": frozenset({"--no-fail"}),
    "tflint": frozenset({"--force"}),
    "zizmor": frozenset({"--no-exit-codes"}),
    "tfsec": frozenset({"--soft-fail", "-s"}),
    "checkov": frozenset({"--soft-fail", "-s"}),
    "knip": frozenset({"--no-exit-code"}),
    "brakeman": frozenset({"--no-exit-on-warn"}),
    "conftest": frozenset({"--no-fail"}),
    "govulncheck": frozenset({"-json", "--json"}),
    **dict.fromkeys(("mvn", "mvnw"), frozenset({"-fn", "--fail-never", "-Dmaven.test.failure.ignore=true"})),
    **dict.fromkeys(
        ("make", "gmake"), frozenset({"-i", "--ignore-errors", "-ik", "-ki", "-n", "--dry-run", "--just-print"})
    ),
}
"""Program to its options that take no value."""

_OVERRULED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "checkov": dict.fromkeys(("--soft-fail", "-s"), ("--hard-fail-on",)),
    "ruff": {"--fix-only": ("--exit-non-zero-on-fix", "--diff")},
}
"""Program to its options, each with those beside which it fails after all."""

_VALUES: Mapping[str, tuple[str, frozenset[str]]] = {
    "trivy": ("--exit-code", frozenset({"0"})),
    "npm": ("--audit-level", frozenset({"none"})),
    "golangci-lint": ("--issues-exit-code", frozenset({"0"})),
    "gitleaks": ("--exit-code", frozenset({"0"})),
    "betterleaks": ("--exit-code", frozenset({"0"})),
    "hadolint": ("--failure-threshold", frozenset({"none"})),
    "rspec": ("--failure-exit-code", frozenset({"0"})),
    "zizmor": ("--format", frozenset({"sarif"})),
    "govulncheck": ("-format", frozenset({"json", "sarif", "openvex"})),
}
"""Program to an option and the values with which it never fails."""

_BY_DEFAULT: Mapping[str, tuple[str, frozenset[str]]] = {
    "trivy": (
        "--exit-code 1",
        frozenset({"image", "i", "fs", "filesystem", "repo", "repository", "config", "rootfs", "sbom"}),
    )
}
"""Program to what it takes to make it fail, and the first words with which it does not without that."""

_SEMGREP_FAILS = frozenset({"--error", "--validate", "--test", "--version"})
_SEMGREP_COMMANDS = frozenset({"ci", "validate", "test", "login", "logout", "publish", "show", "lsp", "mcp"})
"""Other commands of semgrep than `scan`, which is meant where none is named."""


def _anything() -> bool:
    return True


def always_green(program: Program, *, configured: Callable[[], bool] = _anything) -> str:
    """Why a program ends as a success whatever it finds: a clause; empty where it does not, or may not.

    Args:
        program: With its arguments; one that is computed may be anything.
        configured: Tells whether a file or a variable may give it other options than the command has. Asked only
            where that counts.
    """
    texts = program.texts()
    if _is_own(program):
        return ""
    flag = next((text for text in texts if text in _FLAGS.get(program.name, ()) and _counts(program, text)), None)
    if flag is not None:
        return _why(program.name, flag)
    if program.name == "semgrep":
        return _of_semgrep(program, texts)
    known = _VALUES.get(program.name)
    if (
        known is None
        or any(map(_may_hold_options, program.arguments))
        or (program.name == "npm" and texts[:1] != ["audit"])
    ):
        return ""
    option, never = known
    given = _given(texts, option)
    if given is None:
        return "" if configured() else _by_default(program.name, texts)
    return _why(program.name, f"{option} {given}") if given in never else ""


def _counts(program: Program, flag: str) -> bool:
    overruling = _OVERRULED.get(program.name, {}).get(flag)
    return overruling is None or not any(text.startswith(overruling) for text in program.texts())


def _of_semgrep(program: Program, texts: Sequence[str]) -> str:
    if texts[:1] and texts[0] in _SEMGREP_COMMANDS:
        return ""
    if not _SEMGREP_FAILS.isdisjoint(texts) or any(map(_may_hold_options, program.arguments)):
        return ""
    return "without `--error` semgrep ends as a success whatever it finds"


def _is_own(program: Program) -> bool:
    """Whether the program is tried out itself, as in `./dist/checkov`: a crash of it is what fails."""
    return any((word.literal or "").startswith("./") for word in program.command.words[:1])


def _may_hold_options(word: Word) -> bool:
    """Whether a computed word may be options: `$ARGS`, `${{ inputs.options }}`, `$(...)`; an `$IMAGE` is none."""
    return word.literal is None and any(
        part.kind == "dynamic" or (part.kind != "text" and _OPTIONS.search(part.text)) for part in word.parts
    )


def _why(name: str, option: str) -> str:
    return f"`{option}` makes {name} end as a success whatever it finds"


def _by_default(name: str, texts: Sequence[str]) -> str:
    needed, words = _BY_DEFAULT.get(name, ("", frozenset()))
    first = next((text for text in texts if not text.startswith("-")), "")
    own = any(text in {"-c", "--exit-on-eol"} or text.startswith(("--config", "--exit-on-eol")) for text in texts)
    return f"without `{needed}` {name} ends as a success whatever it finds" if first in words and not own else ""


def _given(texts: Sequence[str], option: str) -> str | None:
    """The last value of an option, with one dash or two; None where it is not given."""
    found = None
    for index, text in enumerate(texts):
        name, equals, value = text.partition("=")
        if not name.startswith("-") or name.lstrip("-") != option.lstrip("-"):
            continue
        if equals:
            found = value
        elif index + 1 < len(texts):
            found = texts[index + 1]
    return found
