"""What a document may say of itself under one key."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from govcheck.documents.dates import dates, end_of
from govcheck.patterns import PatternError, compile_python
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.records import frozen
from govcheck.settings import durations

_SHOWN = 5


@frozen(kw_only=True)
class Field:
    """What a document says of itself under one key."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    one_of: tuple[str, ...] = ()
    """Values that it may have."""

    pattern: str = ""
    """A regular expression (RE2) for the whole value."""

    max_age: str | None = None
    """It is a date, and no older than this: `30d`."""

    optional: bool = False
    """Whether it may be left out."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say."""
        if self.max_age is not None and durations.parse(self.max_age) is None:
            yield ("max_age",), f"`{self.max_age}` is no length of time: write `30d`"
        yield from ((("pattern",), said) for said in pattern_problems(self.pattern))


def pattern_problems(pattern: str) -> Iterator[str]:
    """Why RE2 cannot match a pattern."""
    try:
        compile_python(pattern)
    except PatternError as error:
        yield f"cannot be matched by RE2: {error}"


def wrong(field: Field, value: str, path: str, now: datetime) -> Iterator[str]:
    """What is wrong with the value that the document of a path has, as clauses."""
    name = path.rpartition("/")[2].rpartition(".")[0]
    legal = [one.replace("{path}", path).replace("{name}", name) for one in field.one_of]
    if legal and value.casefold() not in map(str.casefold, legal):
        yield f"it has to be {' or '.join(f'`{one}`' for one in legal[:_SHOWN])}"
    if field.pattern and not compile_python(rf"^(?:{field.pattern})$").found(value):
        yield f"it has to match `{field.pattern}`"
    if field.max_age is not None:
        yield from _old(field.max_age, value, now)


def _old(max_age: str, value: str, now: datetime) -> Iterator[str]:
    day = next((one.day for one in dates(value)), None)
    if day is None:
        yield "it has to be a date, such as `2026-01-31`"
    elif now - end_of(day) > (durations.parse(max_age) or timedelta()):
        yield f"that is {(now.astimezone(UTC).date() - day).days} days ago, and may be {max_age}"
