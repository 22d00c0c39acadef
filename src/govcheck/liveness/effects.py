"""What the status of a program tells: nothing, an accident, or a judgement.

Only what is certain counts as `NEVER`: a program that is not known judges.
"""

import re
from collections.abc import Callable
from enum import IntEnum

from govcheck.actions.programs import Program


class Effect(IntEnum):
    """What it means where a program ends as failed."""

    NEVER = 0
    """It never does."""

    REWRITES = 1
    """It mends what it finds, instead of failing because of it."""

    ACCIDENT = 2
    """Something went wrong that has nothing to do with what is judged: a full disk, no network."""

    JUDGEMENT = 3
    """Something was looked at, and was not as it should be; or it may have been."""


_NEVER = frozenset(
    {"echo", "printf", "true", ":", "sleep", "export", "readonly", "local", "declare", "typeset", "shopt", "alias"}
    | {"unset", "trap", "date", "sync", "umask", "ulimit", "break", "continue", "shift", "wait", "set"}
)
_ONLY_ASKS = frozenset({"--version", "--help", "-V"})
_ACCIDENT = frozenset(
    {"cd", "pushd", "popd", "mkdir", "rmdir", "cp", "mv", "rm", "ln", "touch", "chmod", "chown", "cat", "tee", "ls"}
    | {"sed", "awk", "gawk", "tr", "cut", "sort", "uniq", "head", "tail", "wc", "basename", "dirname", "realpath"}
    | {"readlink", "mktemp", "tar", "unzip", "zip", "gzip", "gunzip", "seq", "hostname", "uname", "id"}
    | {"whoami", "pwd", "column", "paste", "xxd", "base64", "env", "printenv", "df", "du", "free", "nproc", "tput"}
    | {"apt", "apt-get", "brew", "apk", "yum", "dnf", "choco", "pip", "pip3", "pipx", "stat", "find"}
)
_INSTALL_WORDS = frozenset({"install", "ci", "i", "add", "get", "download", "sync", "restore", "config"})

_ASKS_EXIT_STATUS = re.compile(r"-[a-zA-Z]*e[a-zA-Z]*|--exit-status")
_GIT_JUDGES: dict[str, frozenset[str]] = {
    "diff": frozenset({"--exit-code", "--quiet", "--check"}),
    "diff-index": frozenset({"--exit-code", "--quiet"}),
    "diff-files": frozenset({"--exit-code", "--quiet"}),
    "merge-base": frozenset({"--is-ancestor"}),
    "show-ref": frozenset({"--verify", "--quiet", "-q"}),
    "ls-files": frozenset({"--error-unmatch"}),
    "ls-remote": frozenset({"--exit-code"}),
    "cat-file": frozenset({"-e"}),
    "apply": frozenset({"--check"}),
    "rev-parse": frozenset({"--verify"}),
    "interpret-trailers": frozenset(),
}
_GIT_ALWAYS_JUDGES = frozenset({"verify-commit", "verify-tag", "fsck", "grep", "check-ignore", "secrets", "bisect"})
_GH_JUDGES = (("pr", "checks"), ("attestation", "verify"), ("release", "verify"), ("run", "watch"))

_REWRITERS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    ("prettier", re.compile(r"--write|-w"), re.compile(r"--check|-c|--list-different|-l")),
    ("black", re.compile(r".*"), re.compile(r"--check|--diff")),
    ("isort", re.compile(r".*"), re.compile(r"--check(-only)?|-c|--diff")),
    ("gofmt", re.compile(r".*"), re.compile(r"(?!)")),
    ("goimports", re.compile(r".*"), re.compile(r"(?!)")),
    ("shfmt", re.compile(r"--write|-w"), re.compile(r"--diff|-d")),
    ("clang-format", re.compile(r"-i"), re.compile(r"--dry-run|-n|--Werror")),
    ("rustfmt", re.compile(r".*"), re.compile(r"--check")),
)
"""Program, an option (or any word) with which it rewrites, and one with which it judges after all."""

_REWRITING_WORDS: dict[tuple[str, str], frozenset[str]] = {
    ("ruff", "format"): frozenset({"--check", "--diff"}),
    ("cargo", "fmt"): frozenset({"--check"}),
    ("go", "fmt"): frozenset(),
    ("terraform", "fmt"): frozenset({"-check", "--check", "-check=true"}),
    ("tofu", "fmt"): frozenset({"-check", "--check", "-check=true"}),
    ("deno", "fmt"): frozenset({"--check"}),
    ("biome", "format"): frozenset({"--check"}),
}
"""Program and first word to the options with which it judges after all."""


def effect(program: Program) -> Effect:
    """What it means where this program ends as failed."""
    if program.name in _NEVER or _ONLY_ASKS.intersection(program.texts()[:1]):
        return Effect.NEVER
    if rewrites(program):
        return Effect.REWRITES
    judges = _JUDGES.get(program.name)
    if judges is not None:
        return Effect.JUDGEMENT if judges(program.texts()) else Effect.ACCIDENT
    return Effect.ACCIDENT if program.name in _ACCIDENT else Effect.JUDGEMENT


def rewrites(program: Program) -> bool:
    """Whether a formatter mends what it finds in place, so that it never fails because of it."""
    texts = program.texts()
    if _ONLY_ASKS.intersection(texts):
        return False
    words = _words(texts)
    judging = _REWRITING_WORDS.get((program.name, words[0])) if words else None
    if judging is not None:
        return judging.isdisjoint(texts)
    for name, rewriting, checking in _REWRITERS:
        if program.name == name:
            options = texts or [""]
            return any(map(rewriting.fullmatch, options)) and not any(map(checking.fullmatch, options))
    return False


def _git(texts: list[str]) -> bool:
    words = _words(texts)
    verb = words[0] if words else ""
    return verb in _GIT_ALWAYS_JUDGES or not _GIT_JUDGES.get(verb, frozenset()).isdisjoint(texts)


def _gh(texts: list[str]) -> bool:
    return tuple(_words(texts)[:2]) in _GH_JUDGES


def _exit_status(texts: list[str]) -> bool:
    return any(map(_ASKS_EXIT_STATUS.fullmatch, texts))


def _installs(texts: list[str]) -> bool:
    return next(iter(_words(texts)), "") not in _INSTALL_WORDS


def _words(texts: list[str]) -> list[str]:
    return [word for word in texts if word and not word.startswith("-")]


_JUDGES: dict[str, Callable[[list[str]], bool]] = {
    "git": _git,
    "gh": _gh,
    "jq": _exit_status,
    "yq": _exit_status,
    **dict.fromkeys(("npm", "pnpm", "yarn", "bun", "gem", "bundle", "cargo", "go", "uv", "poetry"), _installs),
}
"""Programs of which the arguments decide whether they judge."""
