"""Where policy files lie: folders of the state that is judged, of the disk, of the package, of another repository."""

import os
from collections.abc import Callable
from typing import NamedTuple

from govcheck.app.state import Reading
from govcheck.errors import SourceError, UsageError
from govcheck.facts import Missing
from govcheck.packaged_sets import CONTROLS, DESCRIPTION, PACKAGED
from govcheck.sources.git.states import OnDisk

_YAML = (".yaml", ".yml")
_WAIVERS = frozenset({"waivers.yaml", "waivers.yml"})
_OVERRIDES = frozenset({"overrides.yaml", "overrides.yml"})
_NOT_POLICIES = _WAIVERS | _OVERRIDES | {DESCRIPTION, CONTROLS}
_PREFIX = "govcheck:"
_PACKAGE = os.path.dirname(os.path.dirname(__file__))
_STARTER = "starter"


class Written(NamedTuple):
    """One file that somebody wrote for govcheck."""

    path: str
    """As the report names it."""

    data: bytes
    set: str = ""
    """The set that it is of; empty where it is the repository's own."""


class Folder(NamedTuple):
    """One folder of policies."""

    name: str
    """As typed."""

    inside: str | None
    """From the repository's root, where it lies in the repository; empty for the root itself."""

    disk: str
    """Absolute, without symbolic links; empty where the folder is of another repository."""

    reading: Reading
    """The state that it is read in, where it lies in a repository."""

    set: str = ""
    """The set's name, where it is extended."""

    pinned: bool = False
    """That its name says all: it has the commit of another repository."""

    @property
    def is_on_disk(self) -> bool:
        """Whether the files are read from the disk, and not from git's objects."""
        return self.inside is None or (isinstance(self.reading.state, OnDisk) and not self.pinned)


def packaged(name: str, reading: Reading, of: str = "") -> Folder:
    """A set that comes with govcheck.

    Raises:
        UsageError: where there is none of that name.
    """
    known = name.removeprefix(_PREFIX)
    if known not in PACKAGED:
        sets = ", ".join(f"{_PREFIX}{one}" for one in PACKAGED)
        raise UsageError(f"--policies {name}: govcheck comes with no such policies", f"the packaged sets are {sets}")
    place = (_PACKAGE, known) if known == _STARTER else (_PACKAGE, "sets", known)
    return Folder(name, None, os.path.join(*place), reading, of)


def parts(folder: Folder) -> list[str]:
    """What tells exactly these policies. Where git names the blobs, none is read."""
    found = [folder.name, str(folder.inside), folder.set]
    if folder.pinned:
        return found
    if folder.is_on_disk:
        for path in (*on_disk(folder.disk), os.path.join(folder.disk, DESCRIPTION)):
            if os.path.isfile(path):
                found += [path, read(path).decode("latin-1")]
    else:
        for path, blob in folder.reading.listing(folder.inside or "").blobs.items():
            found += [path, blob]
    return found


_MOST_UNREAD = 3
TESTS = "tests"
"""The folder of tests below a folder of policies."""


def is_policy(below: str) -> bool:
    """Whether a file is one of policies, by its path below their folder."""
    is_yaml = below.endswith(_YAML) and below.rpartition("/")[2] not in _NOT_POLICIES
    return is_yaml and not below.startswith(f"{TESTS}/")


def unread_files(folder: Folder) -> list[str]:
    """Files of a folder on the disk that look like policies and are not read: `policies/a.yaml.txt`, in part."""
    if not folder.disk or not os.path.isdir(folder.disk):
        return []
    names = sorted(os.listdir(folder.disk))
    meant = [name for name in names if not is_policy(name) and ".y" in name.lower() and not name.startswith(".")]
    return [f"{folder.name}/{name}" for name in meant if os.path.isfile(os.path.join(folder.disk, name))][:_MOST_UNREAD]


def is_waivers(path: str) -> bool:
    """Whether it is one of waivers."""
    return path.rpartition("/")[2] in _WAIVERS


def is_overrides(path: str) -> bool:
    """Whether it is one of overrides of `gate deploy`."""
    return path.rpartition("/")[2] in _OVERRIDES


def files(folder: Folder, wanted: Callable[[str], bool] = is_policy) -> list[Written]:
    """The files of policies in a folder, or of waivers; of a set also what it says of itself."""
    if folder.is_on_disk:
        written = [Written(shown(folder, path), read(path), folder.set) for path in on_disk(folder.disk, wanted)]
    else:
        inside = folder.inside or ""
        above = len(inside) + 1 if inside else 0
        paths = [path for path in folder.reading.listing(inside).modes if wanted(path[above:])]
        read_here = sorted(folder.reading.blobs(paths, inside).items())
        written = [Written(shown(folder, path), _bytes(path, data), folder.set) for path, data in read_here]
    described = description(folder) if folder.set else None
    return [*([described] if described else []), *written]


def description(folder: Folder) -> Written | None:
    """The file in which a set describes itself; None where it has none."""
    if folder.is_on_disk:
        path = os.path.join(folder.disk, DESCRIPTION)
        there = os.path.isfile(path) and not os.path.islink(path)
        return Written(shown(folder, path), read(path), folder.set) if there else None
    inside = folder.inside or ""
    path = f"{inside}/{DESCRIPTION}" if inside else DESCRIPTION
    if path not in folder.reading.listing(inside).modes:
        return None
    data = folder.reading.blobs([path], inside).get(path)
    return None if data is None else Written(shown(folder, path), _bytes(path, data), folder.set)


def shown(folder: Folder, path: str) -> str:
    """A file's path, as reports name it."""
    if folder.pinned:
        below = path[len(folder.inside) + 1 :] if folder.inside else path
        return f"{folder.set}/{below}"
    if folder.inside is not None:
        return os.path.relpath(path, folder.reading.repository.root) if folder.is_on_disk else path
    return f"{folder.name.rstrip('/')}/{os.path.relpath(path, folder.disk)}"


def on_disk(folder: str, wanted: Callable[[str], bool] = is_policy) -> list[str]:
    """The policy files below a folder of the disk, sorted; no symbolic link is followed."""
    found = (os.path.join(here, name) for here, _, names in os.walk(folder) for name in names)
    above = len(folder) + 1
    return sorted(path for path in found if wanted(path[above:]) and not os.path.islink(path))


def read(path: str) -> bytes:
    """The bytes of a file of the disk.

    Raises:
        SourceError: where it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise SourceError(f"the policy {path} could not be read: {error.strerror}") from error


def _bytes(path: str, data: bytes | Missing) -> bytes:
    if isinstance(data, Missing):
        raise SourceError(f"the policy {path} could not be read: {data.message}")
    return data
