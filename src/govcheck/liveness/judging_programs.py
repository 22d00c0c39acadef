"""Which programs say by their status whether something is as it should be: tests, linters, scanners.

What stands in front is taken off first: runners, containers, package managers. Then the program judges by itself, or
by what it is told to do; what runs tasks by name judges where the task's name says so.
"""

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from govcheck.actions.programs import Program, options_with_values, program_of
from govcheck.actions.shell import Command, Script, Word, read
from govcheck.records import replace

_ALWAYS = frozenset(
    {"eslint", "tsc", "jest", "vitest", "mocha", "ava", "pytest", "tox", "nox", "mypy", "pyright", "flake8", "pylint"}
    | {"golangci-lint", "staticcheck", "govulncheck", "gosec", "semgrep", "trivy", "bandit", "safety"}
    | {"pip-audit", "hadolint", "shellcheck", "actionlint", "zizmor", "checkov", "tfsec", "tflint", "rspec", "phpunit"}
    | {"phpstan", "psalm", "rubocop", "brakeman", "commitlint", "cspell", "markdownlint", "stylelint", "ctest"}
    | {"yamllint", "ansible-lint", "conftest", "ktlint", "detekt", "swiftlint", "htmlhint", "depcheck", "knip"}
    | {"typos", "vale", "osv-scanner", "unittest", "gotestsum"}
    | {"oxlint", "basedpyright", "vue-tsc", "svelte-check", "codespell", "kubeconform", "kubeval", "cargo-nextest"}
)
_TASK = r"(?:test|tests|lint|check|typecheck|type-check|verify|validate|audit|scan)\b.*"
"""How the task of a task runner is called where it judges."""

_GRADLE = r"(?:\S*:)?(?:test|check|verify|lint|detekt|\w*(?:Test|Check|Lint)|lint[A-Z]\w*)"
_WITH_WORDS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.DOTALL)
    for name, pattern in {
        "npm": rf"test|t|audit|(?:run|run-script) {_TASK}",
        **dict.fromkeys(("yarn", "pnpm"), rf"(?:run )?{_TASK}|npm audit\b.*"),
        "bun": rf"(?:run )?{_TASK}",
        "cargo": r"(?:\+\S+ )?(?:test|clippy|audit|deny|nextest|check|insta test|hack (?:test|check|clippy))\b.*",
        "go": r"(?:test|vet)\b.*",
        "ruff": r"check\b.*",
        "playwright": r"test\b.*",
        "cypress": r"run\b.*",
        **dict.fromkeys(("mvn", "mvnw"), r"(?:.*\s)?(?:test|verify|checkstyle:check)(?:\s.*)?"),
        **dict.fromkeys(("gradle", "gradlew"), rf"(?:.*\s)?{_GRADLE}(?:\s.*)?"),
        "dotnet": r"test\b.*",
        "terraform": r"validate\b.*",
        **dict.fromkeys(("prettier", "black"), r".*"),
        **dict.fromkeys(("make", "gmake", "just", "task", "rake", "poe", "invoke", "inv"), _TASK),
        **dict.fromkeys(("turbo", "lage", "lerna"), rf"(?:run )?{_TASK}"),
        "nx": rf"(?:affected(?::| )|run-many |run \S+:)?{_TASK}",
        **dict.fromkeys(("bazel", "bazelisk"), r"test\b.*"),
        "deno": r"(?:test|lint|check)\b.*|task (?:test|lint|check)\b.*",
        "biome": r"(?:ci|check|lint)\b.*",
        "helm": r"(?:lint|unittest)\b.*",
        **dict.fromkeys(("python", "python3", "django-admin"), r"(?:\S*manage\.py )?(?:test|check)\b.*"),
        "mix": r"(?:test|credo|dialyzer)\b.*",
        "swift": r"test\b.*",
        "composer": r"(?:run |run-script )?(?:test|lint|phpstan|audit|validate)\b.*",
        "buf": r"(?:lint|breaking)\b.*",
        **dict.fromkeys(("sqlfluff", "reuse"), r"lint\b.*"),
        **dict.fromkeys(("opa", "ember"), r"test\b.*"),
        **dict.fromkeys(("flutter", "dart"), r"(?:test|analyze)\b.*"),
        "ng": r"(?:test|lint)\b.*",
        **dict.fromkeys(("sbt", "xcodebuild"), r"(?:.*\s)?test(?:\s.*)?"),
        "gh": r"attestation verify\b.*",
        "snyk": r"(?:code |container |iac )?test\b.*",
        "twine": r"check\b.*",
        "ct": r"lint(?:-and-install)?\b.*",
        "mage": _TASK,
        "mise": rf"(?:run|r) {_TASK}",
    }.items()
}
"""Program to what it is told, without its options, where it judges."""

_TASK_OPTIONS = {"nx": frozenset({"-t", "--target", "--targets"})}
"""Options whose value is a task."""

_VALUES = {
    **dict.fromkeys(("gradle", "gradlew"), frozenset({"-x", "--exclude-task", "-p", "--project-dir", "-b", "--tests"})),
    **dict.fromkeys(("mvn", "mvnw"), frozenset({"-f", "--file", "-pl", "--projects", "-P", "-s", "-T"})),
    **dict.fromkeys(("make", "gmake"), frozenset({"-C", "--directory", "-f", "--file", "-j", "-o", "-W"})),
    "npm": frozenset({"--audit-level", "--omit", "--only", "--include", "--loglevel", "--registry"}),
    "turbo": frozenset({"--filter", "-F", "--concurrency", "--cwd"}),
    "nx": frozenset({"-p", "--projects", "--base", "--head", "-c", "--configuration", "--parallel"}),
    "go": frozenset({"-C"}),
    "cargo": frozenset({"--manifest-path", "-C", "-p", "--package"}),
}
"""Program to its options that take the next word."""

_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_SELECTS_WORKSPACE = frozenset({"workspace"})
_NOT_RUN = re.compile(r"-D(?:skipTests|skipITs|maven\.test\.skip)(?:=true)?$")
_LISTS = frozenset({"--version", "--help", "-h", "-V", "-list", "--list", "--collect-only", "--co", "--dry-run"})
_ONLY_LISTS = frozenset({"--collect-only", "--co", "--list", "-list"})
_UPDATES = frozenset({"--accept", "--update-snapshots", "--updateSnapshot", "--snapshot-update", "--update-snapshot"})
"""Options with which tests write down what they find, and judge nothing."""

_CHECKS = frozenset({"--check", "-c", "--list-different", "-l", "--diff"})
_WRITES = frozenset({"--write", "--fix", "--apply", "--apply-unsafe"})
_CONTAINERS = frozenset({"docker", "podman", "docker-compose"})
_CONTAINER_FLAGS = frozenset(
    {"--rm", "-i", "-t", "-it", "-ti", "-T", "-d", "--detach", "--init", "--privileged", "--no-deps", "--build"}
    | {"--tty", "--interactive", "--no-TTY", "--quiet", "-q", "--use-aliases", "--service-ports", "--quiet-pull"}
)
"""Options of `docker run` and `docker compose run` that take no value."""

_SHELLS = frozenset({"bash", "sh", "dash", "zsh"})
_XARGS_VALUES = frozenset({"-n", "-P", "-I", "-L", "-d", "-a", "-s", "-E", "--max-args", "--max-procs", "--replace"})
_OWN_TEST = re.compile(
    r"(?:run[-_.]?)?(?:all[-_.]?)?(?:unit[-_.]?|e2e[-_.]?|integration[-_.]?)?(?:tests?|lint|linter|typecheck)"
)
_OWN_SUFFIX = re.compile(r"(.+)\.(?:sh|bash)")
_TOLD = frozenset(
    {"analyze", "audit", "breaking", "check", "clippy", "credo", "deny", "detekt", "dialyzer", "lint"}
    | {"nextest", "phpstan", "scan", "test", "tests", "typecheck", "unittest", "validate", "verify", "vet"}
)
"""Every word that one of `_WITH_WORDS` waits for, but for `npm t` and those of gradle's that only end or begin so."""

_PARTS = ("Test", "Check", "Lint", "lint", "test.", "tests.", "typecheck.")
_NPM_T = re.compile(r"(?<!')\bt\b")


def _one_of(words: Collection[str]) -> str:
    """A pattern for any of these words. By their first letters: Python tries one alternative after the other."""
    first = {word[0]: [re.escape(one[1:]) for one in sorted(words) if one[0] == word[0]] for word in words}
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in sorted(first.items()))


_WORDS = re.compile(rf"\b(?:{_one_of(_ALWAYS | _TOLD | {'biome', 'black', 'cypress', 'prettier'})})\b")


NAMES = re.compile(rf"\b(?:{_one_of(_ALWAYS | _WITH_WORDS.keys())})\b|(?:test|lint|typecheck)\w*\.(?:sh|bash)\b")
"""What a line says that runs one of them, whatever it is told."""


def may_judge(source: str) -> bool:
    """Whether a script says anything that may be a program that judges: cheaper than to read it."""
    return (
        _WORDS.search(source) is not None
        or any(part in source for part in _PARTS)
        or ("npm" in source and _NPM_T.search(source) is not None)
    )


@lru_cache(maxsize=4096)
def judging(command: Command) -> Program | None:
    """The program that judges in a command, out of what stands in front of it; None where none does."""
    if command.name == "command" and command.arguments and (command.arguments[0].literal or "") in {"-v", "-V"}:
        return None  # it only asks whether there is such a program
    return next((program for program in _unwrapped(program_of(command)) if judges(program)), None)


def judges(program: Program) -> bool:
    """Whether a program is one that says by its status whether something is as it should be."""
    if (_LISTS | _UPDATES).intersection(program.texts()) or any(map(_NOT_RUN.match, program.texts())):
        return False
    if program.name in _ALWAYS or own_test(program) != "":
        return True
    wanted = _WITH_WORDS.get(program.name)
    if wanted is None:
        return _is_task_of_yarn(program)
    if program.name in {"prettier", "black"}:
        return not _CHECKS.isdisjoint(program.texts())
    if program.name == "biome" and not _WRITES.isdisjoint(program.texts()):
        return False
    return wanted.fullmatch(" ".join(told(program))) is not None


def listing(command: Command) -> str:
    """The option with which tests are listed and not run; empty where there is none."""
    for program in _unwrapped(program_of(command)):
        option = next((text for text in program.texts() if text in _ONLY_LISTS), "")
        rest = replace(program, arguments=tuple(one for one in program.arguments if one.literal not in _ONLY_LISTS))
        if option and judges(rest):
            return option
    return ""


def told(program: Program) -> list[str]:
    """What a program is told to do: its words without its options and their values, up to `--`."""
    valued = options_with_values(program.name) | _VALUES.get(program.name, frozenset())
    tasks = _TASK_OPTIONS.get(program.name, frozenset())
    found: list[str] = []
    texts = iter(program.texts())
    for word in texts:
        name, _, value = word.partition("=")
        if word == "--":
            break
        if name in tasks:
            found.append(value.split(",")[0] or next(texts, ""))
        elif word in valued or (program.name == "yarn" and word in _SELECTS_WORKSPACE and not found):
            next(texts, None)
        elif word and not word.startswith("-"):
            found.append(word)
    return found


def _unwrapped(program: Program, deeper: int = 3) -> Iterator[Program]:
    """A program, and what it runs where it is a container, a shell, a package manager, `find` or `xargs`."""
    yield program
    if not deeper:
        return
    for inner in _within(program):
        yield from _unwrapped(inner, deeper - 1)


def _within(program: Program) -> Iterator[Program]:
    if program.name in _SHELLS:
        script = read(inline(program) or "")
        yield from map(program_of, script.commands if isinstance(script, Script) else ())
        return
    if program.name in _CONTAINERS:
        inner = _in_container(program)
    elif program.name in {"find", "xargs"}:
        inner = _each(program)
    else:
        inner = _installed(program)
    if inner:
        yield program_of(replace(program.command, words=tuple(inner)))


def inline(program: Program) -> str | None:
    """The script of `bash -c '...'`; None where there is none, or where it is computed."""
    if program.name not in _SHELLS:
        return None
    texts = program.texts()
    flag = next((index for index, word in enumerate(texts[:-1]) if re.fullmatch(r"-[a-z]*c", word)), None)
    return None if flag is None else program.arguments[flag + 1].literal


def shells(command: Command) -> Iterator[Program]:
    """Every `bash -c '...'` that a command comes to, and every container that it leaves in the background."""
    for program in _unwrapped(program_of(command)):
        if inline(program) is not None or is_detached(program):
            yield program


def is_detached(program: Program) -> bool:
    """`docker run -d`: whether nobody waits for what is run in the container."""
    options = [word.literal or "" for word in program.arguments[: len(program.arguments) - len(_in_container(program))]]
    return program.name in _CONTAINERS and not {"-d", "--detach"}.isdisjoint(options)


def _each(program: Program) -> Sequence[Word]:
    """What `find -exec` and `xargs` run."""
    words = list(program.arguments)
    if program.name == "find":
        at = next((index for index, word in enumerate(words) if (word.literal or "").startswith("-exec")), len(words))
        inner = words[at + 1 :]
        end = next((index for index, word in enumerate(inner) if word.literal in {";", "+"}), len(inner))
        return inner[:end]
    while words and (words[0].literal or "").startswith("-"):
        words = words[2 if words[0].literal in _XARGS_VALUES else 1 :]
    return words


def _in_container(program: Program) -> Sequence[Word]:
    """What a container is to run: `docker run IMAGE this`, `docker compose run SERVICE this`."""
    words = list(program.arguments)
    while words and (words[0].literal or "") not in {"run", "exec"}:
        words = words[1:]
    words = words[1:]
    while words and (words[0].literal or "").startswith("-"):
        literal = words[0].literal or ""
        words = words[1 if literal in _CONTAINER_FLAGS or "=" in literal else 2 :]
    return words[1:]


def _installed(program: Program) -> Sequence[Word]:
    """`pnpm turbo run test`, `yarn eslint .`: a program that is installed, by its name."""
    words = told(program)
    if program.name not in _MANAGERS or not words or not {words[0]} & (_ALWAYS | _WITH_WORDS.keys()):
        return ()
    index = next(at for at, word in enumerate(program.arguments) if word.literal == words[0])
    return program.arguments[index:]


def _is_task_of_yarn(program: Program) -> bool:
    """`yarn run lint`, which runs a script of `package.json` or a program of that name."""
    first = program.command.words[0].literal if program.command.words else None
    return first == "yarn" and re.fullmatch(_TASK, program.name) is not None


def own_test(program: Program) -> str:
    """The name of the script that it is, where that says that it tests: `./test.sh`, `bash lint.sh`; or else empty."""
    path = program.command.words[0].literal or "" if program.command.words else ""
    if program.name in {"bash", "sh"}:
        path = next((text for text in program.texts() if not text.startswith("-")), "")
    name = posixpath.basename(path)
    match = _OWN_SUFFIX.fullmatch(name)
    return name if match is not None and _OWN_TEST.fullmatch(match[1]) is not None else ""
