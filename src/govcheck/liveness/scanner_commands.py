"""Commands and actions that scan for secrets, and what their own options make of them.

What gitleaks, betterleaks and detect-secrets do was tried (8.30.1, 2.0.0-rc.4, 1.5.0). Sources for the others:
https://github.com/trufflesecurity/trufflehog#octocat-trufflehog-github-action,
https://docs.gitguardian.com/ggshield-docs/reference/secret/scan/overview
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from govcheck.actions.programs import Program
from govcheck.actions.shell import Part, Word
from govcheck.actions.steps import Step, text
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Scalar
from govcheck.records import frozen

Mode = Literal["history", "range", "files", "staged", "other"]
"""All commits; some commits; files as they lie there; what is staged; something else."""

SCANNERS = ("gitleaks", "betterleaks", "trufflehog", "detect-secrets", "ggshield", "git-secrets")
MENTIONED = re.compile(
    "gitleaks|betterleaks|trufflehog|detect-secrets|ggshield|git-?secrets|git secrets", re.IGNORECASE
)

ACTIONS: Mapping[str, tuple[str, Mode]] = {
    "gitleaks/gitleaks-action": ("gitleaks", "range"),
    "zricethezav/gitleaks-action": ("gitleaks", "range"),
    "dariuszporowski/github-action-gitleaks": ("gitleaks", "other"),
    "trufflesecurity/trufflehog": ("trufflehog", "range"),
    "trufflesecurity/trufflehog-actions-scan": ("trufflehog", "range"),
    "edplato/trufflehog-actions-scan": ("trufflehog", "history"),
    "gitguardian/ggshield-action": ("ggshield", "range"),
    "gitguardian/ggshield/actions/secret": ("ggshield", "range"),
}
"""Action, in lower case, to its scanner and what it scans."""

_IMAGE = re.compile(
    r"(?:docker://)?(?:[\w.:-]+/)*(gitleaks|trufflehog|ggshield|betterleaks|detect-secrets)(?:[:@][\w.:@-]+)?"
)
_LEAKS_VALUES = frozenset(
    {
        *("-b", "--baseline-path", "-c", "--config", "--confidence", "--diagnostics", "--diagnostics-dir"),
        *("--enable-rule", "--exit-code", "-f", "--report-format", "-i", "--gitleaks-ignore-path", "-j", "--jobs"),
        *("-l", "--log-level", "--log-opts", "--max-archive-depth", "--max-decode-depth", "--max-target-megabytes"),
        *("-o", "--output", "--platform", "-r", "--report-path", "--report-template", "-s", "--source", "--timeout"),
    }
)
"""Options of gitleaks and betterleaks whose next word is their value."""

_HISTORY = {"git", "detect", "github", "gitlab"}
_FILES = {"dir", "directory", "file", "files", "fs", "filesystem", "stdin", "auto"}
_HOG = {"git", "github", "gitlab", "filesystem", "docker", "s3", "gcs", "syslog", "circleci", "stdin", "huggingface"}
_SHIELD: Mapping[str, Mode] = {
    "repo": "history",
    "ci": "range",
    "commit-range": "range",
    "path": "files",
    "pre-commit": "staged",
}


@frozen(kw_only=True)
class Invocation:
    """One scan, as it is written."""

    scanner: str
    mode: Mode
    configuration: Word | None = None
    baseline: Word | None = None
    source: Word | None = None
    """What it scans, where it says so."""

    report: str = ""
    """The file that it writes, where that is plain text."""

    writes: bool = False
    """Whether it writes what it finds to its output, for something else to read."""

    never: str = ""
    """Why it never fails, by its own options: a clause. Empty where it can."""


def invocation(program: Program) -> Invocation | None:
    """The scan that a program of a script is; None where it is none."""
    name, arguments = _unpacked(program)
    asked = program.command.arguments[:1] if program.command.name == "command" else ()
    if any((word.literal or "").startswith("-") for word in asked):
        return None  # `command -v gitleaks` only asks whether there is one
    if name == "git" and arguments and arguments[0].literal == "secrets":
        name, arguments = "git-secrets", arguments[1:]
    reader = _READERS.get(name)
    texts = [word.literal or "" for word in arguments]
    if reader is None or {"--help", "-h", "--version", "-V", "version", "help"}.intersection(texts[:2]):
        return None
    return reader(name, arguments)


def of_action(step: Step) -> Invocation | None:
    """The scan that an action of a step is; None where it is none."""
    written = text(step.uses).strip() if step.uses is not None else ""
    image = _IMAGE.fullmatch(written) if written.startswith("docker://") else None
    if image is not None:
        given = _given(step, "args")
        return _of_image(image[1], given)
    known = ACTIONS.get(written.partition("@")[0].rstrip("/").lower())
    if known is None:
        return None
    scanner, mode = known
    return Invocation(scanner=scanner, mode=mode, configuration=_word(_given(step, "config")))


def scanner_of_image(word: str) -> str | None:
    """The scanner of a container image; None where it is not one's."""
    match = _IMAGE.fullmatch(word)
    return match[1] if match else None


def _of_image(name: str, given: str) -> Invocation | None:
    return _READERS[name](name, [Word((Part("text", word, 0),), 0) for word in given.split()])


def _unpacked(program: Program) -> tuple[str, Sequence[Word]]:
    """Name and arguments of a program, out of its container or of `go run`; `$DIRECTORY/gitleaks` is `gitleaks`."""
    arguments = program.arguments
    if program.name in {"docker", "podman"} or (program.name == "go" and program.texts()[:1] == ["run"]):
        for index, word in enumerate(arguments):
            written = word.literal or ""
            image = _IMAGE.fullmatch(written) or re.search(
                r"/(gitleaks|betterleaks|trufflehog)(?:/v\d+)?(?:@|$)", written
            )
            if image is not None:
                return image[1], arguments[index + 1 :]
    if not program.name and program.command.words:
        first = program.command.words[0]
        last = first.parts[-1] if first.parts else None
        if last is not None and last.kind == "text" and last.text.startswith("/"):
            return last.text.rpartition("/")[2], program.command.arguments
    return program.name, arguments


def _leaks(name: str, arguments: Sequence[Word]) -> Invocation | None:
    options, rest = _options(arguments, _LEAKS_VALUES)
    command = (rest[0].literal or "") if rest else ""
    if not arguments or command in {"config", "completion", "fingerprint", "validate", "analyze", "revoke"}:
        return None
    exit_code = options.get("--exit-code")
    report = _first(options, "--report-path", "-r", "--output", "-o")
    never = "`--exit-code 0` makes it end well whatever it finds" if exit_code and exit_code.literal == "0" else ""
    return Invocation(
        scanner=name,
        mode=_leaks_mode(command, options),
        configuration=_first(options, "--config", "-c"),
        baseline=_first(options, "--baseline-path", "-b"),
        source=_first(options, "--source", "-s") or (rest[1] if len(rest) > 1 else None),
        report=(report.literal or "") if report is not None else "",
        never=never,
    )


def _leaks_mode(command: str, options: Mapping[str, Word | None]) -> Mode:
    if command == "protect" or {"--staged", "--pre-commit"}.intersection(options):
        return "staged"
    if command in _FILES or {"--no-git", "--pipe"}.intersection(options):
        return "files"
    if command not in _HISTORY:
        return "other"
    chosen = options.get("--log-opts")
    if chosen is None:
        return "history"
    return "range" if ".." in chosen.shown else "other"


def _trufflehog(name: str, arguments: Sequence[Word]) -> Invocation:
    texts = [word.literal or "" for word in arguments]
    command = next((word for word in texts if word in _HOG), "")
    fails = any(word == "--fail" or word.startswith("--fail=true") for word in texts)
    since = any(word.startswith(("--since-commit", "--branch")) for word in texts)
    history: Mode = "range" if since else "history"
    return Invocation(
        scanner=name,
        mode=history if command == "git" else "files" if command == "filesystem" else "other",
        writes=any(word.startswith(("--json", "-j")) for word in texts),
        never="" if fails or not command else "without `--fail` trufflehog ends well whatever it finds",
    )


def _detect_secrets(name: str, arguments: Sequence[Word]) -> Invocation | None:
    if not arguments or arguments[0].literal != "scan":
        return None
    why = "`detect-secrets scan` writes a baseline and ends well whatever it finds"
    return Invocation(scanner=name, mode="files", never=why, writes=True)


def _detect_secrets_hook(_: str, arguments: Sequence[Word]) -> Invocation:
    options, _rest = _options(arguments, {"--baseline"})
    return Invocation(scanner="detect-secrets", mode="files", baseline=options.get("--baseline"))


def _ggshield(name: str, arguments: Sequence[Word]) -> Invocation | None:
    texts = [word.literal or "" for word in arguments]
    if "scan" not in texts[:2]:
        return None
    never = "`--exit-zero` makes it end well whatever it finds" if "--exit-zero" in texts else ""
    mode: Mode = next((_SHIELD[word] for word in texts if word in _SHIELD), "other")
    return Invocation(scanner=name, mode=mode, never=never)


def _git_secrets(name: str, arguments: Sequence[Word]) -> Invocation | None:
    texts = [word.literal or "" for word in arguments]
    if not any(word.startswith("--scan") for word in texts):
        return None
    return Invocation(scanner=name, mode="history" if "--scan-history" in texts else "files")


_READERS: Mapping[str, Callable[[str, Sequence[Word]], Invocation | None]] = {
    "gitleaks": _leaks,
    "betterleaks": _leaks,
    "trufflehog": _trufflehog,
    "detect-secrets": _detect_secrets,
    "detect-secrets-hook": _detect_secrets_hook,
    "ggshield": _ggshield,
    "git-secrets": _git_secrets,
}


def _options(arguments: Iterable[Word], with_value: Iterable[str]) -> tuple[dict[str, Word | None], list[Word]]:
    """Options with their values, and the other words."""
    options: dict[str, Word | None] = {}
    rest: list[Word] = []
    waiting = ""
    for word in arguments:
        start = word.parts[0] if word.parts and word.parts[0].kind == "text" else None
        written = start.text if start is not None else ""
        if waiting:
            options[waiting], waiting = word, ""
        elif not written.startswith("-") or written == "-":
            rest.append(word)
        elif "=" in written and start is not None:
            name, _, value = written.partition("=")
            first = (Part("text", value, start.offset + len(name) + 1, start.literal),) if value else ()
            options[name] = Word((*first, *word.parts[1:]), word.offset)
        elif written in with_value:
            waiting = written
            options[written] = None
        else:
            options[written] = None
    return options, rest


def _first(options: Mapping[str, Word | None], *names: str) -> Word | None:
    return next((word for name in names if (word := options.get(name)) is not None), None)


def _given(step: Step, key: str) -> str:
    value = step.with_.get(key) if isinstance(step.with_, MappingNode) else None
    return text(value) if isinstance(value, Scalar) else ""


def _word(written: str) -> Word | None:
    if not written:
        return None
    kind: Literal["text", "dynamic"] = "dynamic" if "${{" in written else "text"
    return Word((Part(kind, written, 0),), 0)
