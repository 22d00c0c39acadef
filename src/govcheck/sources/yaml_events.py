"""From YAML events to nodes, without recursion: hostile depth is an error, never a crash."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from govcheck.facts.document import Mapping, Node, Scalar, ScalarValue, Sequence, Style
from govcheck.records import frozen, mutable
from govcheck.sources.yaml_errors import LINE_END, YamlError, shown
from govcheck.sources.yaml_scalars import MAYBE_SPECIAL, check_collection_tag, resolve, resolve_tagged


class PythonParser(Reader, Scanner, Parser):
    """What PyYAML has where it was built without its C part; forty times slower."""

    def __init__(self, stream: bytes) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)


try:
    from yaml._yaml import CParser as _FastestParser
except ImportError:
    _FastestParser = PythonParser  # type: ignore[assignment,misc]

_Event = Any
"""An event of PyYAML: its C part makes them without types."""

_Mark = Any
"""A place as PyYAML has it: line and column from 0."""

_Entries = dict[str, tuple[Scalar, Node]]

_STYLES: dict[str | None, Style] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}
_BLOCK_STYLES = frozenset("|>")
_CONTENT = re.compile(r"[^ \n]")
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:[ \t]+|[ \t]*(?:#.*)?\n[ \t]*)+)*")
"""The anchor and tag before a scalar, with the space, comments and line ends after them."""

_NOT_A_KEY = "a key must be a text, not a list or a mapping: a text that begins with `{` or `[` needs quotes"


@frozen(kw_only=True)
class Limits:
    """What a text may cost."""

    size: int
    """Bytes."""

    depth: int
    """Lists and mappings within each other, aliases filled in."""

    nodes: int
    """Scalars, lists and mappings of a text with aliases, once these are filled in."""

    merge_keys: bool
    """Whether `<<` is a key like any other. False: an error."""


@mutable
class _Anchored:
    """What an alias stands for, and what it costs."""

    node: Node
    nodes: int
    depth: int


class Loader:
    """One pass over the events of one text."""

    def __init__(
        self,
        text: str,
        data: bytes,
        limits: Limits,
        *,
        single: bool = False,
        repeated: list[YamlError] | None = None,
    ) -> None:
        """Takes one text; keys that stand twice are an error, or are collected in `repeated` where that is given."""
        self._text = text
        self._limits = limits
        self._single = single
        self._data = data
        self._anchors: dict[str, Any] = {}  # `_Anchored`, or the event of a collection that is still open
        self._lines: list[str] = []
        self._repeated = repeated
        self._first: dict[tuple[int, str], int] = {}
        self._nodes = 0

    def documents(self) -> Iterator[Node]:
        """Every document, in turn.

        Raises:
            YamlError: where the text breaks a rule of ours.
            yaml.MarkedYAMLError, yaml.reader.ReaderError: where it is not YAML.
        """
        get_event = _FastestParser(self._data).get_event
        count = 0
        while type(event := get_event()) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                if self._single and count:
                    _refuse(event.start_mark, "a second document begins here: this file can have only one", github=True)
                count += 1
                self._anchors.clear()
                yield self._document(get_event)

    def _document(self, get_event: Callable[[], _Event]) -> Node:  # noqa: C901, PLR0912, PLR0915 - the hot loop: a call for every event would cost too much
        maybe_special, styles, resolved = MAYBE_SPECIAL, _STYLES, self._resolve
        stack: list[tuple[_Event, int, _Entries | None, list[Node], Scalar | None, int]] = []
        start: _Event = None  # what began the collection that is being read
        before = 0  # how many nodes came before it
        entries: _Entries | None = None  # its entries, where it is a mapping
        items: list[Node] = []  # its items, where it is a list
        key: Scalar | None = None  # the key whose value comes next
        below = 0  # how deep its deepest member is
        nodes = self._nodes
        node: Node
        while True:
            event = get_event()
            kind = type(event)
            nodes += 1
            if kind is ScalarEvent:
                if event.style or event.anchor or event.tag:
                    node = self._odd_scalar(event, styles[event.style])
                else:
                    value = text = event.value
                    mark = event.start_mark
                    line = mark.line
                    if not text or text[0] in maybe_special:
                        value = resolved(text, mark)
                    node = Scalar(
                        value, text, "plain", line + 1, mark.column + 1, 0 if event.end_mark.line == line else -1
                    )
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                mark = start.start_mark
                if entries is None:
                    node = Sequence(tuple(items), mark.line + 1, mark.column + 1)
                else:
                    node = Mapping(entries, mark.line + 1, mark.column + 1)
                nodes -= 1
                depth = below + 1
                if start.anchor and self._anchors[start.anchor] is start:
                    self._anchors[start.anchor] = _Anchored(node, nodes - before, depth)
                start, before, entries, items, key, below = stack.pop()
                below = max(below, depth)
            elif kind is AliasEvent:
                anchored = self._alias(event, len(stack), nodes)
                node = anchored.node
                nodes += anchored.nodes - 1
                below = max(below, anchored.depth)
            else:
                if entries is not None and key is None:
                    _refuse(event.start_mark, _NOT_A_KEY)
                self._check_start(event, len(stack))
                stack.append((start, before, entries, items, key, below))
                start, before, items, key, below = event, nodes - 1, [], None, 0
                entries = {} if kind is MappingStartEvent else None
                continue
            if not stack:
                self._nodes = nodes
                return node
            if entries is None:
                items.append(node)
            elif key is None:
                key = node if type(node) is Scalar else _refuse(event.start_mark, _NOT_A_KEY)
                if key.text in entries or not key.text or key.text == "<<":
                    self._check_key(key, entries)
            else:
                entries[key.text] = (key, node)
                key = None

    def _resolve(self, text: str, mark: _Mark) -> ScalarValue:
        try:
            return resolve(text)
        except ValueError as error:
            _refuse(mark, str(error))

    def _odd_scalar(self, event: _Event, style: Style) -> Scalar:
        """A scalar that is quoted, a block, or has an anchor or a tag."""
        text, mark, end = event.value, event.start_mark, event.end_mark
        line, column, value = mark.line, mark.column, text
        if event.anchor or event.tag:
            line, column = self._after_properties(event, style)
            value = self._tagged(event, style)
        if style == "literal":
            indent = self._indentation(text, line)
        else:
            quotes = 0 if style == "plain" else 2
            indent = 0 if end.line == line and end.column - column - quotes == len(text) else -1
        node = Scalar(value, text, style, line + 1, column + 1, indent)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(node, 1, 0)
        return node

    def _tagged(self, event: _Event, style: Style) -> ScalarValue:
        if not event.tag:
            return self._resolve(event.value, event.start_mark) if style == "plain" else event.value
        try:
            return resolve_tagged(event.value, event.tag, plain=style == "plain")
        except ValueError as error:
            _refuse(event.start_mark, str(error), github=True)

    def _after_properties(self, event: _Event, style: Style) -> tuple[int, int]:
        """Where a scalar itself begins, both from 0; its event begins at its anchor or tag."""
        line, column = event.start_mark.line, event.start_mark.column
        if style == "plain" and not event.value:
            return line, column
        source = [self._source_line(number) for number in range(line, event.end_mark.line + 1)]
        source[0] = source[0][column:]
        match = _PROPERTIES.match("\n".join(source))
        skipped = match.group() if match else ""
        breaks = skipped.count("\n")
        return line + breaks, (0 if breaks else column) + len(skipped) - (skipped.rfind("\n") + 1)

    def _indentation(self, text: str, line: int) -> int:
        """How many columns a literal block is indented by: what its first line with content has more in the source."""
        first = _CONTENT.search(text)
        if first is None:
            return 0
        source = self._source_line(line + 1 + text.count("\n", 0, first.start()))
        inside = first.start() - (text.rfind("\n", 0, first.start()) + 1)
        return len(source) - len(source.lstrip(" ")) - inside

    def _source_line(self, number: int) -> str:
        """One line of the text, from 0, without its end."""
        if not self._lines:
            self._lines = LINE_END.split(self._text) if "\r" in self._text else self._text.split("\n")
        return self._lines[number] if number < len(self._lines) else ""

    def _alias(self, event: _Event, depth: int, nodes: int) -> _Anchored:
        name = event.anchor
        anchored = self._anchors.get(name)
        if anchored is None:
            message = f"no `&{shown(name)}` stands before this: a text that begins with `*` needs quotes"
            _refuse(event.start_mark, message, github=True)
        if not isinstance(anchored, _Anchored):
            _refuse(event.start_mark, f"`*{shown(name)}` stands inside of what it repeats", github=True)
        if nodes + anchored.nodes > self._limits.nodes:
            message = f"with its aliases filled in, this file has more than {self._limits.nodes} values"
            _refuse(event.start_mark, message, github=True)
        if depth + anchored.depth > self._limits.depth:
            _refuse(event.start_mark, self._too_deep(), github=True)
        return anchored

    def _check_start(self, event: _Event, depth: int) -> None:
        if depth >= self._limits.depth:
            _refuse(event.start_mark, self._too_deep(), github=True)
        if event.tag:
            try:
                check_collection_tag(event.tag, mapping=type(event) is MappingStartEvent)
            except ValueError as error:
                _refuse(event.start_mark, str(error), github=True)
        if event.anchor:
            self._anchors[event.anchor] = event

    def _too_deep(self) -> str:
        return f"lists and mappings are nested more than {self._limits.depth} deep"

    def _check_key(self, key: Scalar, entries: _Entries) -> None:
        if key.text in entries:
            first = self._first.setdefault((id(entries), key.text), entries[key.text][0].line)
            where = "twice in this line" if first == key.line else f"here and in line {first}"
            message = f"the key `{shown(key.text)}` stands {where}"
            error = YamlError(key.line, key.column, message, github_rejects=True)
            if self._repeated is None:
                raise error
            self._repeated.append(error)
            return
        if key.style != "plain":
            return
        if not key.text:
            raise YamlError(key.line, key.column, "a key is missing before `:`")
        if not self._limits.merge_keys:
            raise YamlError(key.line, key.column, "merge keys (`<<`) are not supported: write the keys out")


def _refuse(mark: _Mark, message: str, *, github: bool = False) -> NoReturn:
    raise YamlError(mark.line + 1, mark.column + 1, message, github_rejects=github)
