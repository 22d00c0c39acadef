"""Targets of make, where it is certain that they cannot fail, or that there is no Makefile at all.

Source: https://www.gnu.org/software/make/manual/html_node/Errors.html: make ignores how a line of a recipe ends that
begins with `-`.
"""

import posixpath
import re
from collections.abc import Mapping

from govcheck.actions.own_programs import MAKEFILES
from govcheck.actions.programs import Program
from govcheck.liveness.judging_programs import NAMES
from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_exits import exits
from govcheck.records import frozen

_MAKES = frozenset({"make", "gmake"})
_RULE = re.compile(r"([\w./ -]+?)\s*:(?![:=])([^=#\n]*)(?:#.*)?$")
_NOT_READ = re.compile(
    r"^\s*-?(?:s?include|define|ifn?(?:eq|def)|endif|override|\.ONESHELL|\.RECIPEPREFIX)\b|::|\$\(eval",
    re.MULTILINE,
)
"""What may change any recipe."""

_PLAIN = re.compile(r"[\w.-]+")
_PREFIX = re.compile(r"[\s@+-]*")
_DEEPEST = 5


_VARIABLE = re.compile(r"^(?:export )?([A-Za-z_]\w*)\s*(?:\?|::?)?=\s*([^#\n$\\]*?)\s*$", re.MULTILINE)
_REFERENCE = re.compile(r"\$[({](\w+)[)}]")
_LOUD = frozenset({"-s", "--silent", "-k", "--keep-going", "-B", "--always-make", "--no-print-directory"})
"""Options that change nothing of how a recipe ends."""


@frozen
class Ignored:
    """A line of a recipe whose failure comes to nothing."""

    line: int
    text: str
    by_itself: bool = False
    """Whether the line ends well by itself, as `pytest || true` does; or else make ignores it, for its `-`."""


def target_of(program: Program) -> str | None:
    """The one target that `make` is told, in the folder where it runs; None where it is told anything else."""
    texts = program.texts()
    if program.name not in _MAKES or len(texts) != 1 or _PLAIN.fullmatch(texts[0]) is None:
        return None
    return None if texts[0].startswith("-") else texts[0]


def targets_of(program: Program, folder: str) -> tuple[str, tuple[str, ...]] | None:
    """The folder in which `make` runs and the targets that it is told; None where it is told anything else."""
    if program.name not in _MAKES:
        return None
    found: list[str] = []
    texts = iter(program.texts())
    for text in texts:
        if text in {"-C", "--directory"}:
            folder = posixpath.normpath(posixpath.join(folder, next(texts, "")))
        elif text in _LOUD or re.fullmatch(r"-j\d*", text):
            continue
        elif _PLAIN.fullmatch(text) is None or text.startswith("-"):
            return None
        else:
            found.append(text)
    if not found or folder.startswith(("..", "/")):
        return None
    return ("" if folder == "." else folder, tuple(found))


def makefile(folder: str, contents: Mapping[str, object]) -> tuple[str, str] | None:
    """Path and text of the Makefile of a folder; None where it was not read."""
    for name in MAKEFILES:
        path = posixpath.join(folder, name)
        content = contents.get(path)
        if content is not None:
            return (path, content.decode("utf-8", "replace")) if isinstance(content, bytes) else None
    return None


def never_fails(source: str, target: str, depth: int = _DEEPEST) -> tuple[Ignored, ...]:
    """The lines that make ignores of a target's recipe, where nothing else of it can fail; none where something may."""
    rules = _rules(source)
    if rules is None or target not in rules or not depth:
        return ()
    needed, recipe = rules[target]
    known = dict(_VARIABLE.findall(source))
    forgiven = _is_forgiven(rules, target)
    found: list[Ignored] = []
    for other in needed:
        below = never_fails(source, other, depth - 1)
        if not below:
            return ()
        found += below
    for number, line in recipe:
        prefix = _PREFIX.match(line)
        if forgiven or (prefix is not None and "-" in prefix[0]):
            found.append(Ignored(number, line.strip()))
        elif not _is_harmless(command := _expanded(line[prefix.end() if prefix is not None else 0 :], known)):
            return ()
        elif NAMES.search(command):
            found.append(Ignored(number, line.strip(), by_itself=True))
    return tuple(found)


def _is_forgiven(rules: Mapping[str, tuple[list[str], object]], target: str) -> bool:
    """Whether `.IGNORE` names the target, or nothing, which means every one."""
    needed = rules[".IGNORE"][0] if ".IGNORE" in rules else None
    return needed is not None and (not needed or target in needed)


def _expanded(line: str, known: Mapping[str, str]) -> str:
    """A line with the values of the file's own variables; those that it takes from elsewhere stay as they are."""
    return _REFERENCE.sub(lambda match: known.get(match[1], match[0]), line)


def _rules(source: str) -> dict[str, tuple[list[str], list[tuple[int, str]]]] | None:
    """Every target with what it needs and the numbered lines of its recipe; None where that cannot be told."""
    if _NOT_READ.search(source):
        return None
    rules: dict[str, tuple[list[str], list[tuple[int, str]]]] = {}
    current: list[str] = []
    lines = iter(enumerate(source.split("\n"), start=1))
    for number, line in lines:
        whole = line
        while whole.endswith("\\"):
            whole = whole[:-1] + next(lines, (0, ""))[1]
        match = _RULE.match(whole)
        if whole.startswith("\t"):
            for name in current if whole.strip() else ():
                rules[name][1].append((number, whole))
        elif match is not None:
            current = match[1].split()
            for name in current:
                if name in rules and not name.startswith("."):
                    return None
                rules[name] = (match[2].split(), [])
        elif whole.strip() and not whole.lstrip().startswith("#"):
            current = []
    return rules


def _is_harmless(line: str) -> bool:
    """Whether a line certainly ends well: `echo`, `pytest || true`."""
    if "$" in line:
        return False
    found = exits(line, errexit=False, pipefail=False, bash=False, surroundings=Surroundings())
    return not found.judging and not found.untold
