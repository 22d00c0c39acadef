"""Where a text says something: the values that stand there, each with its line."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from govcheck import globs
from govcheck.documents.data_paths import DataPathError, select, steps_of
from govcheck.documents.markdown import introduced, lines, plain_words
from govcheck.documents.texts import Unsaid, text_of
from govcheck.facts.data_files import SUFFIXES, DataFiles
from govcheck.facts.document import Scalar
from govcheck.facts.tree import Blobs
from govcheck.facts.workflows import Unreadable
from govcheck.patterns import PatternError, compile_python
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.records import frozen


@frozen(kw_only=True)
class Place:
    """One place that says something."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    file: str
    """The file, from the repository's root."""

    at: str = ""
    """In JSON, YAML, TOML and front matter: the path of the values, as `structured-file` has it: `checks.*.context`."""

    list_below: str = ""
    """In Markdown: words of the heading or line that a list stands below; its items are the values."""

    code_below: str = ""
    """In Markdown: words of the heading or line that a block of code stands below; its lines are the values."""

    capture: str = ""
    """A regular expression (RE2), whose first group is a value, wherever it matches in the file."""

    item: str = ""
    """A regular expression (RE2), whose first group is what is kept of each value; what does not match is no value."""

    split: str = ""
    """What separates several values within one: `,`."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say."""
        given = [key for key in ("at", "list_below", "code_below", "capture") if getattr(self, key)]
        if len(given) != 1:
            yield (), "give one of `at`, `list_below`, `code_below` and `capture`"
        if globs.literal(self.file) != self.file:
            yield ("file",), "a file, from the repository's root: no glob"
        elif problem := globs.problems(self.file):
            yield ("file",), problem
        if self.at and not self.file.lower().endswith(SUFFIXES):
            yield ("at",), f"only files that end with {', '.join(SUFFIXES)} have paths"
        try:
            steps_of(self.at)
        except DataPathError as error:
            yield ("at",), str(error)
        for key, pattern in (("capture", self.capture), ("item", self.item)):
            yield from (((key,), said) for said in _pattern_problems(pattern))

    @property
    def name(self) -> str:
        """What it goes by in findings."""
        return f"{self.file}:{self.at or self.list_below or self.code_below or self.capture}"


def _pattern_problems(pattern: str) -> Iterator[str]:
    if not pattern:
        return
    try:
        compile_python(pattern)
    except PatternError as error:
        yield f"cannot be matched by RE2: {error}"
    else:
        if "(" not in pattern.replace("\\(", "").replace("(?:", ""):
            yield "has no group: put what is meant in parentheses"


@frozen(kw_only=True)
class Value:
    """One value of a place."""

    text: str
    line: int
    column: int | None = None


def values(place: Place, blobs: Blobs, data: DataFiles) -> tuple[Value, ...] | Unsaid:
    """The values of a place, in order; or why there are none."""
    if place.at:
        raw = _data_values(place, data)
    else:
        text = text_of(place.file, blobs)
        raw = text if isinstance(text, Unsaid) else tuple(_text_values(place, text))
    if isinstance(raw, Unsaid):
        return raw
    found = tuple(_kept(place, raw))
    return found or Unsaid(why="nothing stands there")


def _data_values(place: Place, data: DataFiles) -> tuple[Value, ...] | Unsaid:
    file = data.files.get(place.file)
    if file is None:
        return Unsaid(why="there is no such file")
    if isinstance(file.document, Unreadable):
        return Unsaid(why=file.document.message, reason=file.document.reason, line=file.document.line or None)
    found = [one.node for one in select(file.document, place.at)]
    if any(not isinstance(node, Scalar) for node in found):
        return Unsaid(why="a list or a mapping stands there: lead on to its values, by `*`")
    scalars = [node for node in found if isinstance(node, Scalar)]
    return tuple(Value(text=node.text, line=node.line, column=node.column) for node in scalars)


def _text_values(place: Place, text: str) -> Iterator[Value]:
    if place.capture:
        for match in compile_python(place.capture).matches(text):
            yield Value(text=match.groups[1], line=text.count("\n", 0, match.start) + 1)
    else:
        words, kind = (place.list_below, "item") if place.list_below else (place.code_below, "code")
        for line in introduced(lines(text), words, "item" if kind == "item" else "code"):
            yield Value(text=line.raw, line=line.number)


def _kept(place: Place, raw: Iterable[Value]) -> Iterator[Value]:
    pattern = compile_python(place.item) if place.item else None
    for value in raw:
        for part in value.text.split(place.split) if place.split else (value.text,):
            matches = [match.groups[1] for match in pattern.matches(part)] if pattern else [part]
            for text in matches:
                if words := plain_words(text):
                    yield Value(text=words, line=value.line, column=value.column)
