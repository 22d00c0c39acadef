"""Which policies judge, and where they come from: the state that is judged, or at `ci` the base."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from govcheck import __version__
from govcheck.app.cache import place, replace_file
from govcheck.app.options import DEFAULT_FILE, DEFAULT_FOLDER, STARTER, Setting
from govcheck.app.policy_folders import (
    Folder,
    Written,
    files,
    is_overrides,
    is_waivers,
    on_disk,
    packaged,
    parts,
    unread_files,
)
from govcheck.app.state import Reading
from govcheck.errors import UsageError
from govcheck.plan import Outline
from govcheck.policy import LoadedPolicy
from govcheck.sources.git.states import OnDisk
from govcheck.sources.policy_plan import Plan, decode, encode

if TYPE_CHECKING:  # the hook remembers nothing
    from govcheck.app.memory import Memory


class PolicySet(NamedTuple):
    """The policies of a run."""

    policies: tuple[LoadedPolicy, ...]
    origin: str
    """Where they came from, in words, for the report."""

    notes: tuple[str, ...] = ()
    outlines: Mapping[str, Outline] = MappingProxyType({})
    """Kind to what its checks read; only for kinds whose policies came bare."""

    disabled: tuple[str, ...] = ()
    """Ids of policies of sets that are left out."""


Needless = Callable[[Outline], bool]

_in_memory: dict[str, tuple[LoadedPolicy, ...]] = {}
"""What this process validated last, by the key of the plan: each test of a policy is a run by the same policies."""


def _never(_: Outline) -> bool:
    return False


def load(setting: Setting, reading: Reading, needless: Needless = _never, memory: "Memory | None" = None) -> PolicySet:
    """The policies of one state of the repository, of the sets that it extends, and of folders outside of it.

    Args:
        setting: Which folders and sets.
        reading: Of which state.
        needless: Of which kinds a bare `Policy` is enough: those that this run can judge nothing of.
        memory: Of which policies it is enough as well: those that it knows.

    Raises:
        PolicyError: where a policy or a set is not valid.
        UsageError: where there is no policy at all, or a set is not here.
    """
    if setting.record is not None:
        needless = _never  # a recording has every policy whole
    folders = _folders(setting, reading)
    sets, notes = _sets(setting, reading, folders)
    every = (*sets, *folders)
    key = json.dumps([__version__, list(setting.disabled), [parts(folder) for folder in every]])
    if memory is None and key in _in_memory:
        return PolicySet(
            _chosen(_in_memory[key], setting), _origin(reading, sets, folders), notes, disabled=setting.disabled
        )
    path = place(reading.repository.git_dir, "plan", key)
    plan = _remembered(path, key, needless, memory)
    if plan is None:
        written = [file for folder in every for file in files(folder)]
        if not written:
            raise _nothing_found(reading, folders)
        policies = validated(written, setting.disabled, setting.configuration or DEFAULT_FILE, setting.disabled_at)
        made = encode(policies, key)
        _remember(path, made)
        _in_memory.clear()
        _in_memory[key] = policies
        plan = _decoded(made, key, needless, memory) if memory is not None else None
        kept = _chosen(plan.policies if plan else policies, setting)
        outlines = plan.outlines if plan else {}
        return PolicySet(kept, _origin(reading, sets, folders), notes, outlines, setting.disabled)
    kept = _chosen(plan.policies, setting)
    return PolicySet(kept, _origin(reading, sets, folders), notes, plan.outlines, setting.disabled)


def folders_on_disk(setting: Setting, reading: Reading) -> tuple[str, ...]:
    """Where the policies lie: absolute folders."""
    return tuple(folder.disk for folder in _folders(setting, reading))


def _chosen(policies: tuple[LoadedPolicy, ...], setting: Setting) -> tuple[LoadedPolicy, ...]:
    only = setting.only
    return policies if only is None else tuple(loaded for loaded in policies if loaded.policy.id in only)


def read_waivers(setting: Setting, reading: Reading) -> tuple[Written, ...]:
    """The files of waivers in the folders of the policies, in order."""
    return tuple(file for folder in _folders(setting, reading) for file in files(folder, is_waivers))


def read_overrides(setting: Setting, reading: Reading) -> tuple[Written, ...]:
    """The files of overrides in the folders of the policies, in order."""
    return tuple(file for folder in _folders(setting, reading) for file in files(folder, is_overrides))


def read_files(setting: Setting, reading: Reading) -> tuple[Written, ...]:
    """The policy files themselves, in order: those of sets first."""
    folders = _folders(setting, reading)
    sets, _ = _sets(setting, reading, folders)
    return tuple(file for folder in (*sets, *folders) for file in files(folder))


def own_folders(setting: Setting, reading: Reading) -> list[Folder]:
    """The folders of the repository's own policies."""
    return _folders(setting, reading)


def _folders(setting: Setting, reading: Reading) -> list[Folder]:
    return [_folder(setting, reading, name) for name in setting.policies or (DEFAULT_FOLDER,)]


def _sets(setting: Setting, reading: Reading, folders: Sequence[Folder]) -> tuple[tuple[Folder, ...], tuple[str, ...]]:
    """The sets that are extended, and what the report says of them."""
    if not setting.extends:
        return (), ()
    from govcheck.app.sets import extended  # noqa: PLC0415 - few repositories extend any

    found = extended(setting, reading, folders)
    left_out = (f"left out of the sets by `disable`: {', '.join(setting.disabled)}",) if setting.disabled else ()
    return found.folders, (*found.notes, *left_out)


def _folder(setting: Setting, reading: Reading, name: str) -> Folder:
    if name.startswith("govcheck:"):
        return packaged(name, reading)
    root = reading.repository.root
    start = os.path.join(os.getcwd(), setting.directory or "") if setting.policies else root
    disk = os.path.realpath(os.path.join(start, name))
    inside = "" if disk == root else disk[len(root) + 1 :] if disk.startswith(f"{root}/") else None
    if setting.policies and not os.path.isdir(disk) and (inside is None or isinstance(reading.state, OnDisk)):
        raise UsageError(f"--policies {name}: there is no folder {disk}", "a relative name counts from -C, if given")
    return Folder(name, inside, disk, reading)


def _remembered(path: str, key: str, needless: Needless, memory: "Memory | None") -> Plan | None:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return None
    return _decoded(data, key, needless, memory)


def _decoded(data: bytes, key: str, needless: Needless, memory: "Memory | None") -> Plan | None:
    if memory is None:
        return decode(data, key, needless=needless)
    return decode(data, key, needless=needless, known=memory.knows)


def _remember(path: str, data: bytes) -> None:
    """Keeps the validated policies for the next run. A cache that cannot be written costs time, nothing else."""
    replace_file(path, data)


def validated(
    written: Sequence[Written],
    disabled: tuple[str, ...],
    disabled_in: str,
    disabled_at: tuple[tuple[int, int], ...] = (),
) -> tuple[LoadedPolicy, ...]:
    """The policies of files, as all their sets together have them.

    Args:
        written: The files, those of sets first.
        disabled: Ids of policies of sets that are left out.
        disabled_in: The file that says so.
        disabled_at: Where in it each of them is, as far as that is known.

    Raises:
        PolicyError: with every problem of every file.
    """
    from govcheck.sources.policy_files import PolicySource, load_policies  # noqa: PLC0415 - YAML and pydantic

    if not any(file.set for file in written):
        return load_policies([PolicySource(file.path, file.data) for file in written])
    from govcheck.app.layers import merged  # noqa: PLC0415 - few repositories extend a set
    from govcheck.sources.policy_layers import Disabled  # noqa: PLC0415 - see above

    return tuple(one.loaded for one in merged(written, Disabled(disabled, disabled_in, disabled_at)))


def _nothing_found(reading: Reading, folders: Sequence[Folder]) -> UsageError:
    names = ", ".join(folder.name for folder in folders)
    lying = [folder.name for folder in folders if on_disk(folder.disk)]
    if lying:
        return UsageError(
            f"no policies found in {names} of {reading.in_words}, though there are some on disk",
            f"git add {' '.join(lying)}, and commit it where a commit is judged",
        )
    unread = [name for folder in folders for name in unread_files(folder)]
    passed_over = f"; passed over, because its name is not one of a policy file: {', '.join(unread)}" if unread else ""
    return UsageError(
        f"no policies found in {names}{passed_over}",
        "`govcheck init` writes a set that holds today, `govcheck explain policy allowed-paths` (or any other kind) "
        f"shows how to write one, and --policies {STARTER} is what is true of any well-kept repository",
    )


def _origin(reading: Reading, sets: Sequence[Folder], folders: Sequence[Folder]) -> str:
    said = []
    if sets:
        from govcheck.app.sets import origin  # noqa: PLC0415 - see `_sets`

        said = origin(sets)
    for folder in folders:
        if folder.name.startswith("govcheck:"):
            said.append(f"{folder.name}, which comes with govcheck")
        elif folder.inside is None:
            said.append(f"{folder.name}, outside of the repository, from disk")
        else:
            said.append(f"{folder.inside or '.'} of {reading.in_words}")
    return "; ".join(said)
