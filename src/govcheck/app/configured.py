"""`.govcheck.yaml`: what the repository itself says, where the command line says nothing."""

import json
import os
from typing import Any

from govcheck import __version__
from govcheck.app.cache import place, replace_file
from govcheck.app.options import DEFAULT_FILE, ExtendedAt, Setting
from govcheck.app.state import Reading
from govcheck.errors import GovcheckError, OtherVersionError, PolicyError, SourceError, UsageError
from govcheck.facts import Missing
from govcheck.records import names, replace
from govcheck.sources.git.states import OnDisk

_KEYS = frozenset({"requires", "policies", "extends", "disable", "repository", "retention"})
"""Those of `Configuration`, without the import."""


def configured(setting: Setting, reading: Reading) -> Setting:
    """The setting, completed by the configuration of a state; at `ci` that is the base's.

    Raises:
        PolicyError: where the configuration is not valid, or asks for another govcheck.
        UsageError: where `--config` names no file.
    """
    path, data = configuration_file(setting, reading)
    if data is None:
        return setting
    try:
        keys = _validated(reading, path, data)
    except OtherVersionError:
        raise
    except PolicyError as error:
        raise _with_policies(error, setting, reading) from None
    root = reading.repository.root
    folders = tuple(os.path.join(root, folder) for folder in keys["policies"])
    # `--policies` says everything: then no set of the configuration counts either.
    extends = () if setting.policies else tuple(ExtendedAt(*entry) for entry in keys["extends"])
    return replace(
        setting,
        policies=setting.policies or folders,
        extends=extends,
        disabled=tuple(name for name, _ in keys["disable"]) if extends else (),
        disabled_at=tuple((line, column) for _, (line, column) in keys["disable"]) if extends else (),
        repository=setting.repository or keys["repository"] or None,
        retention=setting.retention or keys["retention"],
    )


def _with_policies(error: PolicyError, setting: Setting, reading: Reading) -> PolicyError:
    """The same error, with what is wrong with the policies as well: everything is told at once."""
    from govcheck.app.policies import load  # noqa: PLC0415 - only where the run ends here

    try:
        load(setting, reading)
    except PolicyError as more:
        sources = {**error.sources, **more.sources}
        return PolicyError((*error.problems, *more.problems), error.hint or more.hint, sources=sources)
    except GovcheckError:
        return error  # perhaps there are policies only where a valid configuration would say
    return error


def configuration_file(setting: Setting, reading: Reading) -> tuple[str, bytes | None]:
    """The configuration's name and bytes; None where there is none.

    Raises:
        UsageError: where `--config` names no file.
    """
    root = reading.repository.root
    if setting.configuration is None:
        return DEFAULT_FILE, _in_state(reading, DEFAULT_FILE)
    path = os.path.realpath(os.path.join(os.getcwd(), setting.directory or "", setting.configuration))
    inside = path[len(root) + 1 :] if path.startswith(f"{root}/") else None
    data = _on_disk(path) if inside is None else _in_state(reading, inside)
    if data is None:
        raise UsageError(f"--config {setting.configuration}: there is no such file in {reading.in_words}")
    return setting.configuration, data


def _in_state(reading: Reading, path: str) -> bytes | None:
    if isinstance(reading.state, OnDisk):
        return _on_disk(os.path.join(reading.repository.root, path))
    if path not in reading.listing(path).modes:
        return None
    data = reading.blobs([path], path).get(path)
    if isinstance(data, Missing):
        raise SourceError(f"the configuration {path} could not be read: {data.message}")
    return data


def _on_disk(path: str) -> bytes | None:
    if os.path.islink(path) or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def _validated(reading: Reading, path: str, data: bytes) -> dict[str, Any]:
    """The keys of the file. Kept like the policies' plan, so that the warm hook needs neither YAML nor pydantic."""
    key = json.dumps([__version__, path, data.decode("latin-1")])
    kept = place(reading.repository.git_dir, "configuration", key)
    known = _remembered(kept, key)
    if known is not None:
        return known
    from govcheck.sources.configuration import item_places, load_configuration  # noqa: PLC0415 - YAML and pydantic

    found = load_configuration(path, data)
    keys = {name: getattr(found, name) for name in names(type(found))}
    entries = [(one, False) if isinstance(one, str) else (one.set, one.moving) for one in found.extends]
    places = item_places(data, "extends") if entries else []
    keys["extends"] = [[*entry, *where] for entry, where in zip(entries, places, strict=True)]
    keys["disable"] = list(zip(found.disable, item_places(data, "disable") if found.disable else [], strict=True))
    replace_file(kept, json.dumps([key, keys]).encode())
    return keys


def _remembered(path: str, key: str) -> dict[str, Any] | None:
    try:
        with open(path, "rb") as file:
            known, keys = json.loads(file.read())
    except (OSError, ValueError, TypeError):
        return None
    good = known == key and isinstance(keys, dict) and keys.keys() == _KEYS
    return keys if good else None
