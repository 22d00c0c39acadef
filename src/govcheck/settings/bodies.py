"""Reading the documents that GitHub sends: what is not of the documented shape is said, never guessed."""

from collections.abc import Mapping
from datetime import datetime

from govcheck.findings import Json

Body = Mapping[str, Json]
"""A JSON object."""


class UnexpectedShapeError(Exception):
    """A part of a document is not what GitHub documents; the message names the part."""


def part(body: Body, path: str) -> Json:
    """What stands under a dotted path; None where a key on the way is absent or null.

    Raises:
        UnexpectedShapeError: where something on the way is not an object.
    """
    found: Json = dict(body)
    for key in path.split("."):
        if found is None:
            return None
        if not isinstance(found, dict):
            raise UnexpectedShapeError(f"{path}: expected an object above {key!r}")
        found = found.get(key)
    return found


def flag(body: Body, path: str) -> bool | None:
    """A boolean; None where it is absent."""
    found = part(body, path)
    if found is None or isinstance(found, bool):
        return found
    raise UnexpectedShapeError(f"{path}: expected true or false")


def number(body: Body, path: str) -> int | None:
    """A whole number; None where it is absent."""
    found = part(body, path)
    if found is None or (isinstance(found, int) and not isinstance(found, bool)):
        return found
    raise UnexpectedShapeError(f"{path}: expected a whole number")


def text(body: Body, path: str) -> str | None:
    """A text; None where it is absent."""
    found = part(body, path)
    if found is None or isinstance(found, str):
        return found
    raise UnexpectedShapeError(f"{path}: expected text")


def required_text(body: Body, path: str) -> str:
    """A text that has to be there, and to be more than nothing."""
    found = text(body, path)
    if not found:
        raise UnexpectedShapeError(f"{path}: expected text, and it is not there")
    return found


def texts(body: Body, path: str) -> frozenset[str] | None:
    """A list of texts, as a set; None where it is absent."""
    found = part(body, path)
    if found is None:
        return None
    if not isinstance(found, list):
        raise UnexpectedShapeError(f"{path}: expected a list")
    strings = [entry for entry in found if isinstance(entry, str)]
    if len(strings) < len(found):
        raise UnexpectedShapeError(f"{path}: expected a list of texts")
    return frozenset(strings)


def objects(body: Body, path: str) -> tuple[Body, ...] | None:
    """A list of objects; None where it is absent."""
    found = part(body, path)
    return None if found is None else objects_of(found, path)


def objects_of(found: Json, what: str) -> tuple[Body, ...]:
    """A list of objects."""
    if not isinstance(found, list):
        raise UnexpectedShapeError(f"{what}: expected a list")
    listed = [entry for entry in found if isinstance(entry, dict)]
    if len(listed) < len(found):
        raise UnexpectedShapeError(f"{what}: expected a list of objects")
    return tuple(listed)


def instant(written: str | None) -> datetime:
    """The instant that a text of GitHub's means.

    Raises:
        UnexpectedShapeError: it means none.
    """
    try:
        found = datetime.fromisoformat(written or "")
    except ValueError as error:
        raise UnexpectedShapeError(f"the time {written!r}, which is none") from error
    if found.tzinfo is None:
        raise UnexpectedShapeError("a time without its zone")
    return found
