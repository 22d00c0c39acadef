"""What the status of a program tells: nothing, an accident, or a judgement.

Only what is certain counts as `NEVER`: a program that is not known judges.
"""

import re
from collections.abc import Callable
from enum import IntEnum

from govcheck.actions.programs import Program
from govcheck.liveness.green_options import always_green
from govcheck.liveness.rewriters import rewrites


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
    {"echo", "true", ":", "alias", "break", "continue", "umask", "sync", "set", "times", "disown", "jobs"}
)
_ACCIDENT = frozenset(
    {"cd", "pushd", "popd", "mkdir", "rmdir", "cp", "mv", "rm", "ln", "touch", "chmod", "chown", "cat", "tee", "ls"}
    | {"tr", "cut", "uniq", "head", "tail", "wc", "basename", "dirname", "shift", "export", "readonly", "local"}
    | {"mktemp", "zip", "gunzip", "seq", "hostname", "uname", "unset", "ulimit", "declare", "typeset"}
    | {"whoami", "pwd", "column", "paste", "xxd", "env", "df", "du", "free", "nproc", "tput", "exec", "printenv"}
    | {"apt", "apt-get", "apk", "yum", "choco", "read", "mapfile", "readarray", "xcpretty", "xcbeautify"}
    | {"journalctl", "dmesg"}
)
_TIMED = frozenset({"timeout", "gtimeout"})

_SAFE_FORMAT = re.compile(r"(?:[^%]|%%|%-?\d*(?:\.\d+)?[sbq])*")
_KNOWN_TO_SHOPT = frozenset(
    {"nullglob", "globstar", "dotglob", "extglob", "inherit_errexit", "nocasematch", "nocaseglob"}
)
_HERE = frozenset({".", "./"})
_PLAIN_SLEEP = re.compile(r"(?:\d+(?:\.\d+)?[smhd]?|infinity)")
_EXIT_STATUS = re.compile(r"-[a-zA-Z]*e[a-zA-Z]*|--exit-status")
_JQ_JUDGES = re.compile(r"\b(?:error|halt_error|halt)\b|^\s*(?:\.|type|keys|length|empty)?\s*$")
_SED_ENDS = re.compile(r"[qQ]\s*\d")
_INSTALL_WORDS = frozenset({"install", "ci", "i", "add", "get", "download", "sync", "restore", "config"})
_STRICT = frozenset(
    {"--frozen-lockfile", "--immutable", "--immutable-cache", "--locked", "--frozen", "--check", "--dry-run", "-n"}
    | {"--require-hashes", "--offline", "--no-build", "--check-cache"}
)
"""Options with which an installation fails because of what it finds."""

_HEEDS_CONTAINERS = ("--exit-code-from", "--abort-on-container", "--wait")
_GIT_ACCIDENTS = frozenset(
    {"fetch", "clone", "pull", "checkout", "switch", "add", "commit", "push", "config", "log", "show", "status", "lfs"}
    | {"branch", "tag", "diff", "rev-parse", "remote", "submodule", "init", "stash", "reset", "clean", "rev-list"}
    | {"ls-files", "ls-tree", "worktree", "rm", "mv", "restore", "gc", "prune", "shortlog", "blame", "merge-base"}
    | {"name-rev", "version", "help", "archive", "sparse-checkout", "notes", "diff-tree", "diff-index", "diff-files"}
    | {"ls-remote", "for-each-ref", "describe"}
)
_GIT_QUIET_ABOUT_IT = frozenset(
    {"commit", "log", "status", "fetch", "checkout", "switch", "branch", "init", "reset", "clean", "pull", "push"}
    | {"clone", "remote", "submodule"}
)
_GIT_GLOBAL = frozenset({"-C", "-c", "--git-dir", "--work-tree"})
_GIT_JUDGES = re.compile(
    r"--exit-code|--quiet|-q|--check|--is-ancestor|--verify|-v|--error-unmatch|--exact-match|--dry-run|-n|-e|--get|"
    r"--get-\w+|--ff-only|fsck|[^-].*:.+"
)
"""Words of git's with which one of those programs judges after all."""

_GH_ACCIDENTS = frozenset(
    {"comment", "create", "edit", "upload", "close", "reopen", "delete", "list", "run", "set", "add", "ready", "lock"}
    | {"label", "setup-git", "login", "logout", "download", "rerun", "cancel", "enable", "disable", "clone", "sync"}
)
_GH_WRITES = re.compile(r"-X|--method|-f|-F|--field|--raw-field|--input")


def effect(program: Program) -> Effect:
    """What it means where this program ends as failed."""
    if program.name in _NEVER:
        return Effect.NEVER
    if always_green(program):
        return Effect.ACCIDENT
    if rewrites(program):
        return Effect.REWRITES
    judged = _BY_ARGUMENTS.get(program.name)
    if judged is not None:
        return judged(program.texts())
    return Effect.ACCIDENT if program.name in _ACCIDENT else Effect.JUDGEMENT


def in_front(program: Program) -> Effect:
    """What may go wrong because of what stands in front of a program: `sudo`, `timeout 5m`."""
    words = program.command.words
    before = words[: max(len(words) - len(program.arguments) - 1, 0)]
    names = {(word.literal or "").rpartition("/")[2] for word in before} - {"builtin", "command", "time"}
    if not names:
        return Effect.NEVER
    return Effect.ACCIDENT if names.isdisjoint(_TIMED) else Effect.JUDGEMENT


def _words(texts: list[str]) -> list[str]:
    return [word for word in texts if word and not word.startswith("-")]


def _if(judges: Callable[[list[str]], bool], otherwise: Effect = Effect.ACCIDENT) -> Callable[[list[str]], Effect]:
    return lambda texts: Effect.JUDGEMENT if judges(texts) else otherwise


def _options(pattern: str) -> Callable[[list[str]], Effect]:
    """Judges where one of its words matches."""
    compiled = re.compile(pattern)
    return _if(lambda texts: any(map(compiled.fullmatch, texts)))


def _operands(most: int) -> Callable[[list[str]], Effect]:
    """Judges where it has more words than these that are no options: it asks whether they exist."""
    return _if(lambda texts: sum(1 for text in texts if not text.startswith("-") and text not in _HERE) > most)


def _git(texts: list[str]) -> bool:
    while texts and texts[0].startswith("-"):
        texts = texts[2 if texts[0] in _GIT_GLOBAL else 1 :]
    if not texts:
        return False
    verb, *rest = texts
    if verb not in _GIT_ACCIDENTS:
        return True
    if verb in _GIT_QUIET_ABOUT_IT:
        return not {"--dry-run", "--ff-only"}.isdisjoint(rest)
    if verb in {"rev-parse", "show"} and any(not text.startswith(("-", "HEAD", "@")) for text in rest):
        return True
    return any(map(_GIT_JUDGES.fullmatch, rest))


def _gh(texts: list[str]) -> bool:
    words = _words(texts)
    if words[:1] == ["api"]:
        return not any(map(_GH_WRITES.match, texts)) or "GET" in texts
    return len(words) < 2 or words[1] not in _GH_ACCIDENTS  # noqa: PLR2004 - a thing and what to do with it


def _jq(texts: list[str]) -> bool:
    if any(map(_EXIT_STATUS.fullmatch, texts)) or {"-n", "--null-input", "-f", "--from-file"}.intersection(texts):
        return True
    programs = [text for text in texts if not text.startswith("-")]
    return len(programs) != 1 or _JQ_JUDGES.search(programs[0]) is not None


def _awk(texts: list[str]) -> bool:
    return any(text == "" or "exit" in text or text.startswith(("-f", "--file")) for text in texts)


def _find(texts: list[str]) -> bool:
    runs = [index for index, text in enumerate(texts) if text.startswith(("-exec", "-ok"))]
    if runs:
        return any(_ends_with(texts[index:]) != ";" for index in runs)
    roots: list[str] = []
    for text in texts:
        if text.startswith("-") or text in {"(", "!"}:
            break
        roots.append(text)
    return any(root not in _HERE for root in roots)


def _ends_with(texts: list[str]) -> str:
    """What ends an `-exec`: with `+`, find fails where the command does, with `;` it does not; empty where untold."""
    return next((text for text in texts if text in {";", "+", ""}), "")


def _containers(texts: list[str]) -> bool:
    """`docker compose up` ends well however its containers do, unless it is told to heed one: https://docs.docker.com."""
    return "up" not in texts or "" in texts or any(text.startswith(_HEEDS_CONTAINERS) for text in texts)


def _installs(texts: list[str]) -> bool:
    words = _words(texts)
    return not words or words[0] not in _INSTALL_WORDS or not _STRICT.isdisjoint(texts)


def _pip(texts: list[str]) -> bool:
    return next(iter(_words(texts)), "") not in {"install", "uninstall", "cache", "config", "list"} or not (
        _STRICT.isdisjoint(texts)
    )


def _printf(texts: list[str]) -> Effect:
    if texts[:1] == ["--"]:
        texts = texts[1:]
    safe = bool(texts) and bool(texts[0]) and not texts[0].startswith("-") and _SAFE_FORMAT.fullmatch(texts[0])
    return Effect.NEVER if safe else Effect.ACCIDENT


def _date(texts: list[str]) -> Effect:
    if any(re.fullmatch(r"-[a-zA-Z]*[dfsrjv].*|--(?:date|file|set|reference).*", text) for text in texts):
        return Effect.JUDGEMENT if "" in texts else Effect.ACCIDENT
    plain = all(text in {"-u", "--utc", "-R", "-Is", "-Iseconds"} or text.startswith("+") for text in texts)
    return Effect.NEVER if plain else Effect.ACCIDENT


def _shopt(texts: list[str]) -> Effect:
    if texts[:1] in (["-s"], ["-u"]) and _KNOWN_TO_SHOPT.issuperset(texts[1:]):
        return Effect.NEVER
    setting = any(re.fullmatch(r"-[a-z]*[su][a-z]*", text) for text in texts)
    return (
        Effect.ACCIDENT if setting and not any("q" in text for text in texts if text[:1] == "-") else Effect.JUDGEMENT
    )


def _trap(texts: list[str]) -> Effect:
    return Effect.NEVER if all(re.fullmatch(r"[A-Z0-9]+|-", text) for text in texts[1:]) else Effect.ACCIDENT


_BY_ARGUMENTS: dict[str, Callable[[list[str]], Effect]] = {
    "git": _if(_git),
    "gh": _if(_gh),
    "jq": _if(_jq),
    "yq": _if(_jq),
    **dict.fromkeys(("awk", "gawk", "mawk"), _if(_awk)),
    **dict.fromkeys(("pip", "pip3"), _if(_pip)),
    **dict.fromkeys(("npm", "pnpm", "yarn", "bun", "gem", "bundle", "cargo", "go", "uv", "poetry"), _if(_installs)),
    **dict.fromkeys(("docker", "docker-compose"), _if(_containers)),
    "pipx": _if(lambda texts: _words(texts)[:1] != ["install"]),
    "brew": _if(lambda texts: next(iter(_words(texts)), "") not in {"install", "update", "upgrade", "tap", "link"}),
    "dnf": _if(lambda texts: next(iter(_words(texts)), "") not in {"install", "update", "upgrade"}),
    "find": _if(_find),
    "sed": _if(lambda texts: any(not text or _SED_ENDS.search(text) for text in texts)),
    "sort": _options(r"-[a-zA-Z]*[cC][a-zA-Z]*|--check.*"),
    "tar": _options(r"-?[a-zA-Z]*[td][a-zA-Z]*|--(?:list|compare|diff|verify|test-label)"),
    "unzip": _options(r"-[a-zA-Z]*[tlvZ][a-zA-Z]*"),
    "gzip": _options(r"-[a-zA-Z]*[tl][a-zA-Z]*|--test|--list"),
    "base64": _options(r"-[a-zA-Z]*[dD][a-zA-Z]*|--decode"),
    "stat": _operands(0),
    "readlink": _operands(0),
    "realpath": _operands(0),
    "id": _operands(0),
    "printenv": _operands(0),
    "ls": _operands(0),
    "gofmt": _options(r"-[de]|"),  # https://pkg.go.dev/cmd/gofmt: `-l` ends well whatever it lists
    **dict.fromkeys(("goimports", "gofumpt"), _options(r"-e|")),
    "clang-format": _options(r"-?-Werror|"),  # https://clang.llvm.org/docs/ClangFormat.html
    "cppcheck": _options(r"--error-exitcode=.*|"),  # https://cppcheck.sourceforge.io/manual.html
    "wait": lambda texts: Effect.JUDGEMENT if texts else Effect.NEVER,
    "sleep": lambda texts: Effect.NEVER if texts and all(map(_PLAIN_SLEEP.fullmatch, texts)) else Effect.ACCIDENT,
    "printf": _printf,
    "date": _date,
    "shopt": _shopt,
    "trap": _trap,
}
"""Programs of which the arguments decide; a word that is computed is the empty text."""
