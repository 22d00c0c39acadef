"""Where a job gets its scanner from: a version or whatever is newest, checked or not."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from govcheck.actions.programs import Program, programs, script_of, shell_of
from govcheck.actions.shell import Script
from govcheck.actions.workflow import Job, Step, Workflow, text
from govcheck.findings import Location
from govcheck.liveness.scanner_commands import ACTIONS, MENTIONED, scanner_of_image
from govcheck.liveness.scanner_steps import Scan
from govcheck.records import frozen

Way = Literal["download", "action", "image", "package"]

_FIXES: Mapping[Way, str] = {
    "download": "Name one version, and compare what came with its checksum before it is unpacked: "
    '`echo "$SHA256  gitleaks.tgz" | sha256sum --check`.',
    "action": "Name a commit: `uses: OWNER/NAME@<40 hexadecimal digits> # v2.3.9`.",
    "image": "Name the image by its digest: `IMAGE@sha256:...`.",
    "package": "Name a version in place of what is newest.",
}
_LOOSE: Mapping[Way, str] = {
    "download": "is not one version that is compared with a checksum",
    "action": "is not a commit",
    "image": "is not a digest",
    "package": "is not one version",
}
_FETCHERS = {"curl", "wget", "aria2c"}
_CHECKERS = {"sha256sum", "sha512sum", "shasum", "cosign", "gpg", "minisign", "openssl", "slsa-verifier"}
_MOVING = re.compile(r"\blatest\b|/(?:main|master|HEAD)/")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_BRANCH = re.compile(r"main|master|latest|HEAD|develop|dev")
_INSTALLERS = re.compile(r"\b(?:apt|apt-get|brew|apk|dnf|yum|go|pip|pipx|uv|npm|npx|mise|asdf|choco|nix|cargo)\b")


@frozen(kw_only=True)
class Source:
    """One place that a scanner comes from."""

    way: Way
    shown: str
    """The address, the action, the image or the package."""

    place: Location
    step: Step
    moving: bool
    """Whether it is whatever is newest: a branch, `latest`."""

    fixed: bool
    """Whether nobody can change what it is: a commit, a digest, a checksum that is compared."""

    @property
    def loose(self) -> str:
        """Why it can change unseen: a clause whose subject is `shown`. Empty where it cannot."""
        return _LOOSE[self.way] if self.moving or not self.fixed else ""

    @property
    def fix(self) -> str:
        """What to write instead."""
        return _FIXES[self.way]


def sources(scan: Scan) -> Iterator[Source]:
    """Everywhere that the job of a scan gets its scanner from, as far as its own steps say."""
    for step in (*scan.earlier, scan.step):
        yield from _of_uses(scan.workflow, step)
        yield from _of_script(scan.workflow, scan.job, step, scan.invocation.scanner)


def installed(scan: Scan) -> bool:
    """Whether anything in the job looks as if it brought the scanner."""
    wanted = scan.invocation.scanner.replace("-", "[-_]?")
    if scan.invocation.scanner == "git-secrets" or scan.step.uses is not None or any(sources(scan)):
        return True
    for step in (*scan.earlier, scan.step):
        if step.uses is not None and (MENTIONED.search(text(step.uses)) or text(step.uses).startswith(("./", "$/"))):
            return True
        if step.run is not None and re.search(
            rf"{_INSTALLERS.pattern}[^\n]*{wanted}|\binstall\b|setup", text(step.run)
        ):
            return True
    return "container" in scan.job.node.entries


def _of_uses(workflow: Workflow, step: Step) -> Iterator[Source]:
    written = text(step.uses).strip() if step.uses is not None else ""
    name, _, version = written.partition("@")
    place = Location(path=workflow.path, line=(step.uses or step.node).line, column=(step.uses or step.node).column)
    if name.rstrip("/").lower() in ACTIONS:
        yield Source(
            way="action",
            shown=written,
            place=place,
            step=step,
            moving=not version or _BRANCH.fullmatch(version) is not None,
            fixed=_COMMIT.fullmatch(version) is not None,
        )
    elif written.startswith("docker://") and scanner_of_image(written) is not None:
        yield _image(written, place, step)


def _of_script(workflow: Workflow, job: Job, step: Step, scanner: str) -> Iterator[Source]:
    if step.run is None or not MENTIONED.search(text(step.run)):
        return
    script = script_of(step, shell_of(workflow, job, step))
    found = list(programs(script)) if isinstance(script, Script) else []
    checked = any(program.name in _CHECKERS for program in found) or "attestation verify" in text(step.run)
    for program in found:
        line, column = step.run.place(program.command.offset)
        place = Location(path=workflow.path, line=line, column=column)
        if program.name in _FETCHERS:
            yield from _download(program, place, step, checked=checked)
        elif program.name in {"docker", "podman"}:
            words = (word for word in program.texts() if scanner_of_image(word) is not None)
            yield from (_image(word, place, step) for word in words)
        elif program.name == "go":
            packages = [word for word in program.texts() if scanner in word and "@" in word]
            for word in packages:
                moving = word.endswith(("@latest", "@main", "@master"))
                yield Source(way="package", shown=word, place=place, step=step, moving=moving, fixed=not moving)


def _download(program: Program, place: Location, step: Step, *, checked: bool) -> Iterator[Source]:
    for word in program.arguments:
        shown = word.shown
        if (
            "://" in shown
            and MENTIONED.search(shown)
            and not shown.endswith((".toml", ".json"))
            and "checksum" not in shown
        ):
            moving = _MOVING.search(shown) is not None
            yield Source(way="download", shown=shown, place=place, step=step, moving=moving, fixed=checked)


def _image(written: str, place: Location, step: Step) -> Source:
    name, _, digest = written.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    moving = not digest and tag in {"", "latest"}
    return Source(way="image", shown=written, place=place, step=step, moving=moving, fixed=bool(digest))
