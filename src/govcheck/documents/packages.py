"""Which packages a manifest or a lock file names, of npm, Python and Go."""

import re
from collections.abc import Iterator

from govcheck.documents.data_paths import select
from govcheck.documents.texts import Unsaid, text_of
from govcheck.facts.data_files import DataFile, DataFiles
from govcheck.facts.document import Mapping, Scalar
from govcheck.facts.tree import Blobs
from govcheck.facts.workflows import Unreadable
from govcheck.records import frozen

DATA_FILES = ("**/package.json", "**/package-lock.json", "**/pyproject.toml")
TEXT_FILES = ("**/requirements*.txt", "**/requirements/*.txt", "**/go.mod", "**/yarn.lock", "**/pnpm-lock.yaml")
LOCKS = ("package-lock.json", "yarn.lock", "pnpm-lock.yaml")
"""Files that also have the packages that others bring along."""

_GROUPS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_GO = re.compile(r"^\s*(?:require\s+)?([a-z0-9.-]+\.[a-z]{2,}/[^\s]+)\s+v\d")
_YARN = re.compile(r'^"?((?:@[\w.-]+/)?[\w.-]+)@[^:]*:\s*$')
_PNPM = re.compile(r"^ {2}'?/?((?:@[\w.-]+/)?[\w.-]+)[@/]\d[^:]*:\s*$")


@frozen(kw_only=True)
class Package:
    """One package, where it is named."""

    name: str
    """As its ecosystem compares names: Python's in lower case with hyphens."""

    line: int
    column: int | None = None


def named(path: str, data: DataFiles, blobs: Blobs) -> tuple[Package, ...] | Unsaid:
    """The packages that a manifest or lock file names, or why they cannot be told."""
    file = data.files.get(path)
    if file is None:
        text = text_of(path, blobs)
        return text if isinstance(text, Unsaid) else tuple(from_text(path, text))
    if isinstance(file.document, Unreadable):
        return Unsaid(why=file.document.message, reason=file.document.reason, line=file.document.line or None)
    return tuple(from_data(file))


def from_data(file: DataFile) -> Iterator[Package]:
    """Of `package.json`, `package-lock.json` and `pyproject.toml`; nothing of a file that cannot be read."""
    if isinstance(file.document, Unreadable):
        return
    name = file.path.rpartition("/")[2]
    if name == "package.json":
        for group in _GROUPS:
            yield from _keys(file, group)
    elif name == "package-lock.json":
        yield from _keys(file, "dependencies")
        for key in _keys(file, "packages"):
            bare = key.name.rpartition("node_modules/")[2]
            if bare and bare != key.name:
                yield Package(name=bare, line=key.line, column=key.column)
    else:
        yield from _pyproject(file)


def _keys(file: DataFile, path: str) -> Iterator[Package]:
    for found in () if isinstance(file.document, Unreadable) else select(file.document, path):
        if isinstance(found.node, Mapping):
            for key, _ in found.node.entries.values():
                yield Package(name=key.text, line=key.line, column=key.column)


def _pyproject(file: DataFile) -> Iterator[Package]:
    if isinstance(file.document, Unreadable):
        return
    for path in ("project.dependencies.*", "project.optional-dependencies.*.*", "dependency-groups.*.*"):
        for found in select(file.document, path):
            if isinstance(found.node, Scalar) and (match := _REQUIREMENT.match(found.node.text)):
                yield Package(name=_python(match[1]), line=found.node.line, column=found.node.column)
    for path in ("tool.poetry.dependencies", "tool.poetry.group.*.dependencies"):
        for package in _keys(file, path):
            if package.name != "python":
                yield Package(name=_python(package.name), line=package.line, column=package.column)


def from_text(path: str, text: str) -> Iterator[Package]:
    """Of `requirements.txt`, `go.mod`, `yarn.lock` and `pnpm-lock.yaml`."""
    name = path.rpartition("/")[2]
    pattern = {"go.mod": _GO, "yarn.lock": _YARN, "pnpm-lock.yaml": _PNPM}.get(name, _REQUIREMENT)
    for number, line in enumerate(text.split("\n"), 1):
        if found := pattern.match(line):
            yield Package(name=_python(found[1]) if pattern is _REQUIREMENT else found[1], line=number)


def _python(name: str) -> str:
    """https://packaging.python.org/en/latest/specifications/name-normalization/."""
    return re.sub(r"[-_.]+", "-", name).lower()
