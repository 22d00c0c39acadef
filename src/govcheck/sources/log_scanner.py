"""Looks through the texts of logs: by patterns, and by the scanner of secrets that is installed.

The scanner runs as `scanner_canaries` lets it run: outside of the repository, by its built-in rules, in an environment
of its own and without a way to the network. Beside the logs it gets secrets that were made up for it; where it does not
find those, it is not believed. The texts lie in a folder that only this user can read, for as long as it runs.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence

from govcheck.facts import Missing
from govcheck.facts.run_logs import LogHit, LogPattern
from govcheck.findings import Reason
from govcheck.patterns import compile_python
from govcheck.records import frozen
from govcheck.sources.packed_logs import LogText
from govcheck.sources.scanner_canaries import made_up, run_scanner
from govcheck.sources.scanner_programs import outside

_TOOLS = ("gitleaks", "betterleaks")
_FORMS = ("dir", "fs")
_FOUND = 42
_MOST_MATCHES = 10_000
_LARGEST_REPORT = 32 * 1024 * 1024
_LONGEST_NAME = 100


@frozen
class Scanner:
    """A scanner of secrets, as it is installed."""

    program: str
    path: str
    """Where it may look for programs, as `PATH` has it."""


def installed(path: str, root: str) -> Scanner | Missing:
    """The scanner that is installed outside of the repository.

    Args:
        path: Where programs are looked for, as `PATH` has it.
        root: Of the repository: no program that lies in it is run.
    """
    kept = os.pathsep.join(outside(path, root))
    program = next((found for name in _TOOLS if (found := shutil.which(name, path=kept)) is not None), None)
    if program is None:
        return Missing(reason=Reason.TOOL_MISSING, message="neither gitleaks nor betterleaks is installed here")
    return Scanner(program, kept)


def by_patterns(texts: Sequence[LogText], patterns: Sequence[LogPattern]) -> Iterator[LogHit]:
    """What the patterns find, once for each step."""
    for text in texts:
        decoded = text.data.decode("utf-8", "replace")
        for pattern in patterns:
            allowed = [compile_python(one) for one in pattern.allowed]
            lines = [
                match.start
                for match, _ in zip(compile_python(pattern.regex).matches(decoded), range(_MOST_MATCHES), strict=False)
                if not any(one.found(match.groups[0]) for one in allowed)
            ]
            if lines:
                line = decoded.count("\n", 0, lines[0]) + 1
                yield _hit(text, pattern.name, line, len(lines), is_secret=False)


def by_scanner(texts: Sequence[LogText], scanner: Scanner) -> tuple[LogHit, ...] | Missing:
    """What the scanner finds, once for each step and rule."""
    try:
        with tempfile.TemporaryDirectory(prefix="govcheck-logs-") as folder:
            return _scanned(texts, scanner, folder)
    except OSError as error:
        why = f"no temporary folder could be filled: {error.strerror}"
        return Missing(reason=Reason.TOOL_MISSING, message=why)


def _scanned(texts: Sequence[LogText], scanner: Scanner, folder: str) -> tuple[LogHit, ...] | Missing:
    tree = os.path.join(folder, "tree")
    os.mkdir(tree)
    for number, text in enumerate(texts):
        _write(os.path.join(tree, f"{number}.txt"), text.data)
    _write(os.path.join(tree, "canary.txt"), "".join(made_up()).encode())
    for form in _FORMS:
        report = os.path.join(folder, f"{form}.json")
        told = ("--report-format", "json", "--report-path", report)
        quiet = ("--no-banner", "--redact", "--exit-code", str(_FOUND))
        run_scanner([scanner.program, form, *quiet, *told, "."], tree, folder, scanner.path)
        found = _report(report)
        if any(name == "canary.txt" for name, _, _ in found):
            return tuple(_grouped(texts, found))
    name = os.path.basename(scanner.program)
    why = f"{name}, as installed here, does not tell the made-up secrets by its built-in rules"
    return Missing(reason=Reason.TOOL_MISSING, message=why)


def _write(path: str, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)


def _report(path: str) -> list[tuple[str, str, int]]:
    """File, rule and line of each finding; values are not looked at."""
    try:
        with open(path, "rb") as stream:
            document = json.loads(stream.read(_LARGEST_REPORT))
    except (OSError, ValueError, RecursionError):
        return []
    entries = [one for one in document if isinstance(one, dict)] if isinstance(document, list) else []
    told = ((one.get("File"), one.get("RuleID"), one.get("StartLine")) for one in entries)
    return [
        (os.path.basename(file), rule, line)
        for file, rule, line in told
        if isinstance(file, str) and isinstance(rule, str) and type(line) is int
    ]


def _grouped(texts: Sequence[LogText], found: list[tuple[str, str, int]]) -> Iterator[LogHit]:
    lines: dict[tuple[str, str], list[int]] = {}
    for name, rule, line in found:
        lines.setdefault((name, rule), []).append(line)
    for number, text in enumerate(texts):
        for (name, rule), places in lines.items():
            if name == f"{number}.txt":
                yield _hit(text, rule[:_LONGEST_NAME], max(1, min(places)), len(places), is_secret=True)


def _hit(text: LogText, what: str, line: int, count: int, *, is_secret: bool) -> LogHit:
    job, step = text.job[:_LONGEST_NAME], text.step[:_LONGEST_NAME]
    return LogHit(what=what, is_secret=is_secret, job=job, step=step, line=line, count=count)
