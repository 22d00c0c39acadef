"""Lists cut to what is judged.

What is left out here is never in a fact, and so in no finding, snapshot or recording.
"""

from collections.abc import Iterable

from govcheck.findings import Json


def only_members(document: Json, members: tuple[str, ...]) -> Json:
    """A list's entries with these members and nothing else; where none are named, the document as it is.

    Args:
        document: What was answered; what is no list is no list of entries, and stays.
        members: Keys, joined by dots. What stands there and is no plain value becomes null.
    """
    if not members or not isinstance(document, list):
        return document
    return [_members(entry, members) if isinstance(entry, dict) else None for entry in document]


def _members(entry: dict[str, Json], members: Iterable[str]) -> Json:
    below: dict[str, list[str]] = {}
    for member in members:
        key, _, rest = member.partition(".")
        below.setdefault(key, []).extend([rest] if rest else [])
    return {key: _cut(entry[key], inner) for key, inner in below.items() if key in entry}


def _cut(found: Json, members: list[str]) -> Json:
    if members:
        return _members(found, members) if isinstance(found, dict) else None
    return None if isinstance(found, dict | list) else found
