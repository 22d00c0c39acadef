"""Instants as GitHub writes them: `2026-11-27T09:00:00Z`."""

from datetime import UTC, datetime

from govcheck.settings.bodies import Body, UnexpectedShapeError, text


def instant(body: Body, path: str) -> datetime:
    """An instant that has to be there.

    Raises:
        UnexpectedShapeError: it is absent, or not written like one.
    """
    found = parse(text(body, path) or "")
    if found is None:
        raise UnexpectedShapeError(f"{path}: expected a date and time")
    return found


def parse(written: str) -> datetime | None:
    """The instant; UTC where it names no zone; None where it is not written like one."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
