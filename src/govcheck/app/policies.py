"""Which policies judge, and where they come from: the state that is judged, or at `ci` the base."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from govcheck import __version__
from govcheck.app.cache import place, replace_file
from govcheck.app.options import DEFAULT_FOLDER, STARTER, Setting
from govcheck.app.state import Reading
from govcheck.errors import SourceError, UsageError
from govcheck.facts import Missing
from govcheck.plan import Outline
from govcheck.policy import LoadedPolicy
from govcheck.sources.git.states import OnDisk
from govcheck.sources.policy_plan import Plan, decode, encode

_YAML = (".yaml", ".yml")
_WAIVERS = frozenset({"waivers.yaml", "waivers.yml"})
_OVERRIDES = frozenset({"overrides.yaml", "overrides.yml"})


def is_policy(path: str) -> bool:
    """Whether a file in a folder of policies is one of policies."""
    return path.endswith(_YAML) and not is_waivers(path) and not is_overrides(path)


def is_waivers(path: str) -> bool:
    """Whether it is one of waivers."""
    return path.rpartition("/")[2] in _WAIVERS


def is_overrides(path: str) -> bool:
    """Whether it is one of overrides of `gate deploy`."""
    return path.rpartition("/")[2] in _OVERRIDES


class PolicySet(NamedTuple):
    """The policies of a run."""

    policies: tuple[LoadedPolicy, ...]
    origin: str
    """Where they came from, in words, for the report."""

    notes: tuple[str, ...] = ()
    outlines: Mapping[str, Outline] = MappingProxyType({})
    """Kind to what its checks read; only for kinds whose policies came bare."""


class Written(NamedTuple):
    """One policy file."""

    path: str
    """As the report names it."""

    data: bytes


Needless = Callable[[Outline], bool]


def _never(_: Outline) -> bool:
    return False


def load(setting: Setting, reading: Reading, needless: Needless = _never) -> PolicySet:
    """The policies of one state of the repository, and of folders outside of it.

    Args:
        setting: Which folders.
        reading: Of which state.
        needless: Of which kinds a bare `Policy` is enough: those that this run can judge nothing of.

    Raises:
        PolicyError: where a policy is not valid.
        UsageError: where there is no policy at all.
    """
    if setting.record is not None:
        needless = _never  # a recording has every policy whole
    folders = [_folder(setting, reading, name) for name in setting.policies or (DEFAULT_FOLDER,)]
    key = _key(reading, folders)
    path = place(reading.repository.git_dir, "plan", key)
    plan = _remembered(path, key, needless)
    if plan is None:
        written = [file for folder in folders for file in _files(reading, folder)]
        if not written:
            raise _nothing_found(reading, folders)
        policies = _validated(written)
        _remember(path, encode(policies, key))
        return PolicySet(policies, _origin(reading, folders))
    return PolicySet(plan.policies, _origin(reading, folders), outlines=plan.outlines)


def read_waivers(setting: Setting, reading: Reading) -> tuple[Written, ...]:
    """The files of waivers in the folders of the policies, in order."""
    folders = [_folder(setting, reading, name) for name in setting.policies or (DEFAULT_FOLDER,)]
    return tuple(file for folder in folders for file in _files(reading, folder, is_waivers))


def read_overrides(setting: Setting, reading: Reading) -> tuple[Written, ...]:
    """The files of overrides in the folders of the policies, in order."""
    folders = [_folder(setting, reading, name) for name in setting.policies or (DEFAULT_FOLDER,)]
    return tuple(file for folder in folders for file in _files(reading, folder, is_overrides))


def read_files(setting: Setting, reading: Reading) -> tuple[Written, ...]:
    """The policy files themselves, in order."""
    folders = [_folder(setting, reading, name) for name in setting.policies or (DEFAULT_FOLDER,)]
    return tuple(file for folder in folders for file in _files(reading, folder))


class _Folder(NamedTuple):
    name: str
    """As typed."""

    inside: str | None
    """From the repository's root, where it lies in the repository; empty for the root itself."""

    disk: str
    """Absolute, without symbolic links."""


def _folder(setting: Setting, reading: Reading, name: str) -> _Folder:
    if name == STARTER:
        return _Folder(name, None, os.path.join(os.path.dirname(os.path.dirname(__file__)), "starter"))
    if name.startswith("govcheck:"):
        raise UsageError(f"--policies {name}: govcheck comes with no such policies", f"the packaged set is {STARTER}")
    root = reading.repository.root
    start = os.path.join(os.getcwd(), setting.directory or "") if setting.policies else root
    disk = os.path.realpath(os.path.join(start, name))
    inside = "" if disk == root else disk[len(root) + 1 :] if disk.startswith(f"{root}/") else None
    if setting.policies and not os.path.isdir(disk) and (inside is None or isinstance(reading.state, OnDisk)):
        raise UsageError(f"--policies {name}: there is no folder {disk}", "a relative name counts from -C, if given")
    return _Folder(name, inside, disk)


def _key(reading: Reading, folders: Sequence[_Folder]) -> str:
    """What tells exactly these policies, judged by exactly this govcheck. Where git names the blobs, none is read."""
    parts = [__version__]
    for folder in folders:
        parts += [folder.name, str(folder.inside)]
        if folder.inside is None or isinstance(reading.state, OnDisk):
            for path in _on_disk(folder.disk):
                parts += [path, _read(path).decode("latin-1")]
        else:
            for path, blob in reading.listing(folder.inside).blobs.items():
                parts += [path, blob]
    return json.dumps(parts)


def _files(reading: Reading, folder: _Folder, wanted: Callable[[str], bool] = is_policy) -> list[Written]:
    if folder.inside is None or isinstance(reading.state, OnDisk):
        return [Written(_shown(reading, folder, path), _read(path)) for path in _on_disk(folder.disk, wanted)]
    paths = [path for path in reading.listing(folder.inside).modes if wanted(path)]
    return [Written(path, _bytes(path, data)) for path, data in sorted(reading.blobs(paths, folder.inside).items())]


def _bytes(path: str, data: bytes | Missing) -> bytes:
    if isinstance(data, Missing):
        raise SourceError(f"the policy {path} could not be read: {data.message}")
    return data


def _on_disk(folder: str, wanted: Callable[[str], bool] = is_policy) -> list[str]:
    found = (os.path.join(here, name) for here, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if wanted(path) and not os.path.islink(path))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise SourceError(f"the policy {path} could not be read: {error.strerror}") from error


def _shown(reading: Reading, folder: _Folder, path: str) -> str:
    if folder.inside is not None:
        return os.path.relpath(path, reading.repository.root)
    return f"{folder.name.rstrip('/')}/{os.path.relpath(path, folder.disk)}"


def _remembered(path: str, key: str, needless: Needless) -> Plan | None:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return None
    return decode(data, key, needless=needless)


def _remember(path: str, data: bytes) -> None:
    """Keeps the validated policies for the next run. A cache that cannot be written costs time, nothing else."""
    replace_file(path, data)


def _validated(written: Sequence[Written]) -> tuple[LoadedPolicy, ...]:
    from govcheck.sources.policy_files import PolicySource, load_policies  # noqa: PLC0415 - YAML and pydantic

    return load_policies([PolicySource(file.path, file.data) for file in written])


def _nothing_found(reading: Reading, folders: Sequence[_Folder]) -> UsageError:
    names = ", ".join(folder.name for folder in folders)
    lying = [folder.name for folder in folders if _on_disk(folder.disk)]
    if lying:
        return UsageError(
            f"no policies found in {names} of {reading.in_words}, though there are some on disk",
            f"git add {' '.join(lying)}, and commit it where a commit is judged",
        )
    return UsageError(
        f"no policies found in {names}",
        f"write one (see docs/rules/), or begin with --policies {STARTER}: what is true of any well-kept repository",
    )


def _origin(reading: Reading, folders: Sequence[_Folder]) -> str:
    parts = []
    for folder in folders:
        if folder.name == STARTER:
            parts.append(f"{STARTER}, which comes with govcheck")
        elif folder.inside is None:
            parts.append(f"{folder.name}, outside of the repository, from disk")
        else:
            parts.append(f"{folder.inside or '.'} of {reading.in_words}")
    return "; ".join(parts)
