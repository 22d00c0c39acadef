"""Reads `overrides.yaml`: every entry a valid override, or a problem at its own place."""

from collections.abc import Iterable, Iterator

from govcheck.errors import PolicyError, Problem
from govcheck.override import LoadedOverride, Override, instant
from govcheck.sources.document_validation import validate
from govcheck.sources.listed_entries import entries

_WHAT = "an override is a mapping with `environment`, `reason`, `approved_by`, `created` and `expires`"


def load_overrides(files: Iterable[tuple[str, bytes]]) -> tuple[LoadedOverride, ...]:
    """The overrides in some files, each given by its name for messages and its bytes.

    Raises:
        PolicyError: one of them is not valid.
    """
    loaded: list[LoadedOverride] = []
    problems: list[Problem] = []
    for path, data in files:
        for node in entries(path, data, problems, _WHAT):
            override, found = validate(Override, path, node)
            problems += found
            if override is not None and not found:
                loaded += _loaded(override, path, node.line)
    if problems:
        raise PolicyError(tuple(problems))
    return tuple(loaded)


def _loaded(override: Override, path: str, line: int) -> Iterator[LoadedOverride]:
    created, expires = instant(override.created), instant(override.expires)
    if created is not None and expires is not None:
        yield LoadedOverride(override=override, path=path, line=line, created=created, expires=expires)
