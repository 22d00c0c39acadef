"""Runs the zizmor that is installed, offline, over nothing but the workflow files of the state that is judged.

The files are written to a temporary folder, so that it is the index or a commit that is audited where that is judged,
and no configuration is found. Comments that ask zizmor to ignore something are not honoured: they are told instead.

Source: https://docs.zizmor.sh/usage/
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from govcheck.actions.workflow import FOLDER
from govcheck.facts import Missing
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.workflows import Workflows
from govcheck.facts.zizmor import Weight, Zizmor, ZizmorFinding
from govcheck.findings import Json, Reason
from govcheck.paths import display

PROGRAM = "zizmor"
LONGEST = 60.0
"""Seconds. 1,329 files take it less than three."""

_ARGUMENTS = (
    *("--format", "json-v1", "--offline", "--no-config", "--no-ignores", "--no-progress", "--color", "never"),
    *("--collect=all", "."),
)
_FINDINGS = {11, 12, 13, 14}
"""Exit codes that tell the highest severity found: https://docs.zizmor.sh/usage/#exit-codes"""

_PLAIN = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]{0,120}")
_VERSION = re.compile(r"zizmor v([0-9][0-9A-Za-z.+-]*)")
_COMPLETED = re.compile(r"completed \./(\S+)")
_IGNORE = re.compile(r"zizmor:\s*ignore\[([^\]]*)\]")
_WEIGHTS: dict[str, Weight] = {
    "unknown": "informational",
    "informational": "informational",
    "low": "low",
    "medium": "medium",
    "high": "high",
}


def gather(workflows: Workflows) -> Zizmor | Missing:
    """What zizmor says of the workflow files; those that govcheck itself cannot read are told by their own findings."""
    texts = {file.path: file.text for file in workflows.files if isinstance(file.document, MappingNode)}
    if not texts:
        return Zizmor(version="", findings=(), unaudited=(), odd=0)
    program = shutil.which(PROGRAM, path=_path())
    if program is None:
        return _missing(
            "zizmor is not installed, or not on the PATH: install it (`pipx install zizmor`), "
            "or take `zizmor` out of the policy"
        )
    with tempfile.TemporaryDirectory(prefix="govcheck-") as folder:
        paths = dict(_written(Path(folder), texts))
        try:
            done = subprocess.run(
                [program, *_ARGUMENTS],
                cwd=Path(folder) / "files",
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=LONGEST,
                check=False,
            )
        except OSError as error:
            return _missing(f"zizmor cannot be started: {error.strerror}")
        except subprocess.TimeoutExpired:
            return _missing(f"zizmor did not end within {LONGEST:.0f} seconds")
    return parse(done.returncode, done.stdout, done.stderr, paths, texts)


def parse(
    code: int, output: bytes, errors: bytes, paths: Mapping[str, str], texts: Mapping[str, str]
) -> Zizmor | Missing:
    """What a run of zizmor said.

    Args:
        code: Its exit code.
        output: Its JSON report.
        errors: Its messages, which name each file that was read to the end.
        paths: The names that zizmor saw to the paths that they stand for.
        texts: Path to the file's text.
    """
    said = errors.decode("utf-8", "replace")
    if code != 0 and code not in _FINDINGS:
        return _missing(f"zizmor failed with exit code {code}: {_last_words(said)}")
    try:
        report: Json = json.loads(output)
    except (ValueError, RecursionError):
        return _missing("zizmor's report is not JSON")
    if not isinstance(report, list):
        return _missing("zizmor's report is not a list of findings, as version 1 of its format is")
    found = [_finding(entry, paths, texts) for entry in report]
    completed = set(_COMPLETED.findall(said))
    version = _VERSION.search(said)
    return Zizmor(
        version=version[1] if version else "",
        findings=tuple(finding for finding in found if finding is not None),
        unaudited=tuple(path for name, path in paths.items() if name not in completed),
        odd=sum(finding is None for finding in found),
    )


def _written(folder: Path, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Writes the files; a name that is not plain is replaced, so that nothing depends on how it is shown."""
    below = folder / "files" / FOLDER
    below.mkdir(parents=True)
    for index, (path, text) in enumerate(texts.items()):
        name = path.removeprefix(FOLDER)
        plain = name if _PLAIN.fullmatch(name) else f"govcheck-{index}.yml"
        (below / plain).write_bytes(text.encode("utf-8", "surrogatepass"))
        yield FOLDER + plain, path


def _environment(folder: str) -> dict[str, str]:
    """Nothing of the user's: no token, no configuration, no cache."""
    return {
        "PATH": _path(),
        "HOME": folder,
        "XDG_CACHE_HOME": folder,
        "XDG_CONFIG_HOME": folder,
        "ZIZMOR_OFFLINE": "true",
    }


def _path() -> str:
    """Where programs are looked for: never in a folder that depends on where govcheck was started."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if os.path.isabs(folder))


def _finding(entry: Json, paths: Mapping[str, str], texts: Mapping[str, str]) -> ZizmorFinding | None:
    """One entry of the report; None where its shape is not known."""
    audit = _at(entry, "ident")
    weight = _WEIGHTS.get(str(_at(entry, "determinations", "severity")).lower())
    place = _primary(entry)
    name = str(_at(place, "symbolic", "key", "Local", "verbatim_path")).removeprefix("./")
    start, end = (_at(place, "concrete", "location", point) for point in ("start_point", "end_point"))
    row, column, last = _at(start, "row"), _at(start, "column"), _at(end, "row")
    if not isinstance(audit, str) or weight is None or name not in paths:
        return None
    if not (isinstance(row, int) and isinstance(column, int) and isinstance(last, int)):
        return None
    lines = texts[paths[name]].split("\n")
    return ZizmorFinding(
        audit=audit,
        description=_text(_at(entry, "desc")),
        url=_text(_at(entry, "url")),
        weight=weight,
        confidence=_text(_at(entry, "determinations", "confidence")),
        path=paths[name],
        line=row + 1,
        column=_characters(lines[row] if 0 <= row < len(lines) else "", column) + 1,
        end_line=last + 1,
        annotation=_text(_at(place, "symbolic", "annotation")),
        job=_job(_at(place, "symbolic", "route", "route")),
        ignored=any(audit in ids for ids in _ignores(entry)),
    )


def _primary(entry: Json) -> Json:
    """The location that a finding is about, or else its first."""
    locations = _at(entry, "locations")
    if not isinstance(locations, list) or not locations:
        return None
    return next((one for one in locations if _at(one, "symbolic", "kind") == "Primary"), locations[0])


def _ignores(entry: Json) -> Iterator[set[str]]:
    """The audits that the comments beside a finding ask zizmor to ignore."""
    locations = _at(entry, "locations")
    for one in locations if isinstance(locations, list) else ():
        comments = _at(one, "concrete", "comments")
        for comment in comments if isinstance(comments, list) else ():
            for listed in _IGNORE.findall(comment if isinstance(comment, str) else ""):
                yield {audit.strip() for audit in listed.split(",")}


def _job(route: Json) -> str:
    keys = [_at(step, "Key") for step in route] if isinstance(route, list) else []
    return _text(keys[1]) if len(keys) > 1 and keys[0] == "jobs" else ""


def _at(value: Json, *keys: str) -> Json:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: Json) -> str:
    return " ".join(value.split())[:300] if isinstance(value, str) else ""


def _characters(line: str, column: int) -> int:
    """From bytes, in which zizmor counts, to characters."""
    return column if line.isascii() else len(line.encode("utf-8", "replace")[:column].decode("utf-8", "ignore"))


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.startswith(("fatal:", "error:"))]
    return display(" / ".join(lines[:2])[:300]) or "it does not say why"


def _missing(message: str) -> Missing:
    return Missing(reason=Reason.TOOL_MISSING, message=message)
