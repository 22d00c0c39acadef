"""Lets the scanner that is installed scan secrets that were made up for it, by the repository's own configurations.

It runs in a temporary folder outside of the repository, which has the configurations and the made-up secrets and
nothing else, in an environment of its own, with a time bound, and without a way to the network. What it finds is
nobody's: the secrets are made at random each time, and no file of govcheck has one.
"""

import contextlib
import os
import re
import secrets
import signal
import string
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence

from govcheck.facts.scanners import Canary, CanaryOutcome, ScannerCanaries, ScannerFiles
from govcheck.facts.tree import OwnPrograms
from govcheck.facts.workflows import Workflows
from govcheck.liveness.scanner_choices import extensions
from govcheck.liveness.scanner_configurations import Used, used
from govcheck.liveness.scanner_steps import scans
from govcheck.records import field, frozen
from govcheck.sources.scanner_programs import installed, outside

_FORMS = ("dir", "fs")
"""Subcommands that scan a folder: of gitleaks and older betterleaks, and of betterleaks 2."""

_FOUND = 42
_SECONDS = 20
_MOST = 20
"""How many configurations are tried."""

_LONGEST = 300
_HEARD = 1 << 16
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_CLOCK = re.compile(r"^[0-9:]+ ?[AP]M +")
_FILES = ("settings.py", "deploy.yaml", "notes.txt")
NOT_INSTALLED = "neither gitleaks nor betterleaks is installed here"
_NOWHERE = "http://127.0.0.1:9"
"""The discard port: where a proxy is looked for, there is none."""


@frozen
class _Tool:
    name: str
    program: str
    form: str
    version: str


@frozen
class _Ran:
    code: int
    """-1 where it did not end in time, or could not be started."""

    said: str


def read_scanner_canaries(
    workflows: Workflows, programs: OwnPrograms, files: ScannerFiles, path: str, root: str
) -> ScannerCanaries:
    """A canary for every configuration that scans read.

    Args:
        workflows: Of the state that is judged.
        programs: What they run.
        files: The configurations.
        path: Where programs are looked for, as `PATH` has it.
        root: Of the repository: no program that lies in it is run.
    """
    wanted = used(tuple(scans(workflows, programs)), files)[:_MOST]
    if not wanted:
        return ScannerCanaries(canaries={})
    found = installed(path, root)
    if not found:
        return ScannerCanaries(canaries={}, trouble=NOT_INSTALLED)
    try:
        with tempfile.TemporaryDirectory(prefix="govcheck-canary-") as folder:
            return _Cage(folder, os.pathsep.join(outside(path, root))).tried(wanted, files, found)
    except OSError as error:
        return ScannerCanaries(canaries={}, trouble=f"no temporary folder could be filled: {error.strerror}")


@frozen
class _Cage:
    """The temporary folder: `tree` with the configurations, and the home of a scanner that keeps something."""

    folder: str
    path: str
    target: str = field(default_factory=lambda: secrets.token_hex(6))
    """The folder that is scanned: a name that no allow-list means."""

    def tried(self, wanted: Sequence[Used], files: ScannerFiles, found: Mapping[str, str]) -> ScannerCanaries:
        """Every configuration, by the scanner that it is for, or else by the other one."""
        self._fill(files, wanted)
        tools = [tool for name, program in found.items() if (tool := self._tool(name, program)) is not None]
        if not tools:
            names = " and ".join(found)
            why = f"{names}, as installed here, does not find the made-up secrets by its built-in rules"
            return ScannerCanaries(canaries={}, trouble=why)
        canaries = {one.path: self._canary(one, tools) for one in wanted if isinstance(files.contents[one.path], bytes)}
        return ScannerCanaries(canaries=canaries)

    def _fill(self, files: ScannerFiles, wanted: Sequence[Used]) -> None:
        """The configurations, each with what it extends, and the secrets; baselines are left out."""
        paths = {path for one in wanted for path in (one.path, *_extended(one, files))}
        for path in paths:
            content = files.contents.get(path)
            if isinstance(content, bytes):
                self._write(path, content)
        texts = made_up()
        for folder in {"", *(one.folder for one in wanted)}:
            for name, text in zip(_FILES, texts, strict=True):
                self._write(os.path.join(folder, self.target, name), text.encode())

    def _write(self, path: str, content: bytes) -> None:
        file = os.fsencode(os.path.join(self.folder, "tree", path))
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as stream:
            stream.write(content)

    def _tool(self, name: str, program: str) -> _Tool | None:
        """The scanner, where it finds the made-up secrets by its built-in rules."""
        for form in _FORMS:
            if self._run(program, form, "", ()).code == _FOUND:
                version = self._start([program, "version"], "").said.removeprefix("v") or "of an unknown version"
                # A package of betterleaks installs it under gitleaks' name as well; gitleaks has no `fs`.
                return _Tool("betterleaks" if form == _FORMS[1] else name, program, form, version)
        return None

    def _canary(self, one: Used, tools: Sequence[_Tool]) -> Canary:
        tool = next((tool for tool in tools if tool.name == one.scanner), tools[0])
        configuration = os.path.relpath(one.path, one.folder or ".")
        ran = self._run(tool.program, tool.form, one.folder, ("--config", configuration))
        outcome = {_FOUND: CanaryOutcome.FOUND, 0: CanaryOutcome.MISSED}.get(ran.code, CanaryOutcome.REFUSED)
        return Canary(tool=tool.name, version=tool.version, outcome=outcome, exit_code=ran.code, said=ran.said)

    def _run(self, program: str, form: str, folder: str, options: Sequence[str]) -> _Ran:
        fixed = ("--no-banner", "--redact", "--exit-code", str(_FOUND))
        return self._start([program, form, *fixed, *options, self.target], folder)

    def _start(self, arguments: Sequence[str], folder: str) -> _Ran:
        return run_scanner(arguments, os.path.join(self.folder, "tree", folder), self.folder, self.path)


def run_scanner(arguments: Sequence[str], folder: str, home: str, path: str) -> _Ran:
    """Runs a scanner in a folder, in an environment of its own, with a time bound and no way to the network.

    Args:
        arguments: The program and its arguments.
        folder: Where it runs.
        home: Where it may keep something.
        path: Where it may look for programs, as `PATH` has it.
    """
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), _NOWHERE)
    environment = {"PATH": path, "HOME": home, "TMPDIR": home, "NO_COLOR": "1", **proxies}
    with tempfile.TemporaryFile(dir=home) as heard:
        try:
            process = subprocess.Popen(
                [os.fsencode(argument) for argument in arguments],
                cwd=os.fsencode(folder),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=heard,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return _Ran(-1, error.strerror or "it could not be started")
        try:
            code = process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            _end(process)
            return _Ran(-1, f"it did not end within {_SECONDS} seconds")
        heard.seek(0)
        return _Ran(code, _last_words(heard.read(_HEARD)))


def made_up() -> tuple[str, ...]:
    """Three files, each with secrets in the shape of well-known ones: made anew, and of no use to anybody."""
    letters = string.ascii_letters + string.digits
    github, gitlab = ("".join(secrets.choice(letters) for _ in range(length)) for length in (36, 20))
    slack = "-".join("".join(secrets.choice(string.digits) for _ in range(12)) for _ in range(2))
    tokens = (f"{'gh'}p_{github}", f"{'gl'}pat-{gitlab}", f"{'xo'}xb-{slack}-{github[:24]}")
    return tuple(
        f'token = "{first}"\nother = "{second}"\n'
        for first, second in zip(tokens, tokens[1:] + tokens[:1], strict=True)
    )


def _extended(one: Used, files: ScannerFiles) -> Iterator[str]:
    return (path for path in extensions(one.path, files.contents, one.folder).values() if path is not None)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_words(said: bytes) -> str:
    plain = _COLOURS.sub("", said.decode("utf-8", "replace"))
    lines = [_CLOCK.sub("", line.strip()) for line in plain.splitlines() if line.strip()]
    return lines[-1][:_LONGEST] if lines else ""
