"""Tasks of `just` and `tox`, where it is certain that they cannot fail.

Sources: https://just.systems/man/en/sigils.html (a line that begins with `-` is not heeded) and
https://tox.wiki/en/latest/config.html#ignore_outcome and `#commands` (the same).
"""

import configparser
import posixpath
import re
from collections.abc import Mapping

from govcheck.actions.own_programs import TASK_FILES
from govcheck.actions.programs import Program
from govcheck.liveness.makefiles import never_fails

_PLAIN = re.compile(r"[A-Za-z][\w.-]*")
_RECIPE = re.compile(r"@?([A-Za-z][\w-]*)\s*:(?!=)\s*([\w -]*?)\s*(?:#.*)?")
_NOT_READ = re.compile(r"^\s*(?:import|mod|!include|set\s+(?:windows-)?shell)\b|^\s+#!|^\[", re.MULTILINE)
"""What may change how a recipe is run."""


def ignored_task(program: Program, folder: str, contents: Mapping[str, object]) -> str:
    """Why the tasks that a program is told never fail: a clause; empty where they may, or nobody can tell."""
    path = next(
        (one for name in TASK_FILES.get(program.name, ()) if (one := posixpath.join(folder, name)) in contents), ""
    )
    content = contents.get(path)
    if not isinstance(content, bytes):
        return ""
    source = content.decode("utf-8", "replace")
    return _of_just(program, path, source) if program.name == "just" else _of_tox(program, path, source)


def _of_just(program: Program, path: str, source: str) -> str:
    texts = program.texts()
    if not texts or not all(map(_PLAIN.fullmatch, texts)) or _NOT_READ.search(source):
        return ""
    known = _as_make(source)
    found = [never_fails(known, target) for target in texts]
    if not all(found):
        return ""
    line = found[0][0]
    where = f"`{line.text}` in line {line.line} of {path}"
    return f"{where} ends as a success whatever it finds" if line.by_itself else f"just ignores how {where} ends"


def _as_make(source: str) -> str:
    """A justfile in the words of a Makefile, line by line."""
    lines: list[str] = []
    for line in source.split("\n"):
        match = _RECIPE.fullmatch(line)
        if match is not None:
            lines.append(f"{match[1]}: {match[2]}")
        elif line.startswith((" ", "\t")):
            lines.append(f"\t{line.strip().replace('{{', '$(')}")
        else:
            lines.append("" if line.startswith("#") or not line.strip() else "# of just")
    return "\n".join(lines)


def _of_tox(program: Program, path: str, source: str) -> str:
    """`tox`, `tox -e lint`: every environment that it may run has to be one that never fails."""
    reader = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        reader.read_string(source)
    except configparser.Error:
        return ""
    texts = program.texts()
    if texts[:1] in (["-e"], ["run"]) and texts[1:2] == ["-e"]:
        texts = texts[1:]
    if texts and (texts[0] != "-e" or len(texts) != 2 or _PLAIN.fullmatch(texts[1]) is None):  # noqa: PLR2004 - an option and its value
        return ""
    own = [name for name in reader.sections() if name == "testenv" or name.startswith("testenv:")]
    if texts:
        own = [f"testenv:{texts[1]}" if f"testenv:{texts[1]}" in own else "testenv"]
    reasons = [_never(reader, name) for name in own]
    return f"{reasons[0]} in {path}" if reasons and all(reasons) else ""


def _never(reader: configparser.ConfigParser, name: str) -> str:
    """Why an environment of tox never fails."""
    if _value(reader, name, "ignore_outcome").casefold() in {"true", "1", "yes"}:
        return f"`ignore_outcome` of [{name}]"
    commands = [
        line.strip() for line in _value(reader, name, "commands").replace("\\\n", " ").split("\n") if line.strip()
    ]
    return f"`{commands[0]}` of [{name}]" if commands and all(line.startswith("-") for line in commands) else ""


def _value(reader: configparser.ConfigParser, name: str, key: str) -> str:
    """A value of an environment, or of the one that all take theirs from."""
    if reader.has_option(name, key):
        return reader.get(name, key) or ""
    return (reader.get("testenv", key) or "") if reader.has_option("testenv", key) else ""
