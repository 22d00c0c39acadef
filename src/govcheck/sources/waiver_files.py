"""Reads `waivers.yaml`: every entry a valid waiver, or a problem at its own place. One bad entry spoils no other."""

from collections.abc import Iterable, Iterator

from govcheck.errors import Problem
from govcheck.sources.document_validation import validate
from govcheck.sources.listed_entries import entries
from govcheck.waiver import LoadedWaiver, Waiver
from govcheck.waivers import Waivers

_WHAT = "a waiver is a mapping with `reason`, `owner`, `created`, `expires` and what it excuses"


def load_waivers(files: Iterable[tuple[str, bytes]]) -> Waivers:
    """The waivers in some files, each given by its name for messages and its bytes."""
    loaded: list[LoadedWaiver] = []
    problems: list[Problem] = []
    count = 0
    for path, data in files:
        count += 1
        for node in entries(path, data, problems, _WHAT):
            waiver, found = validate(Waiver, path, node)
            problems += found
            if waiver is not None and not found:
                loaded.append(LoadedWaiver(waiver, path, node.line))
    twice = dict(_twice(loaded))
    problems += twice.values()
    kept = tuple(one for number, one in enumerate(loaded) if number not in twice)
    return Waivers(waivers=kept, problems=tuple(problems), files=count)


def _twice(loaded: Iterable[LoadedWaiver]) -> Iterator[tuple[int, Problem]]:
    """Waivers of what another one is of already, by their number: the first one holds."""
    first: dict[tuple[str, str, str, str], LoadedWaiver] = {}
    for number, one in enumerate(loaded):
        waiver = one.waiver
        key = (waiver.fingerprint, waiver.policy, waiver.control, waiver.subject)
        known = first.setdefault(key, one)
        if known is not one:
            message = f"{waiver.name} is waived by {known.path}:{known.line} already: one waiver for one thing"
            yield number, Problem(one.path, one.line, 1, message)
