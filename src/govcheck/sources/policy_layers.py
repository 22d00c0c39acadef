"""Policies in layers: sets that are extended, then the repository's own. A later layer changes an earlier one's policy.

A policy of the same `id` is changed key by key; everything that the later document does not say stays as it was. Each
key remembers the file and line that it comes from.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from govcheck.errors import PolicyError, Problem
from govcheck.facts.document import Mapping as MappingNode
from govcheck.facts.document import Node, Scalar, plain
from govcheck.facts.document import Sequence as ListNode
from govcheck.policy import LoadedPolicy
from govcheck.records import frozen, replace
from govcheck.sources.policy_files import Document, PolicySource, read_documents, validated
from govcheck.sources.set_files import UNDESCRIBED, SetFile
from govcheck.sources.validation_messages import nearest
from govcheck.sources.yaml_errors import shown

_SPAN = 10_000_000
"""More lines than a file can have: a document's number times this, plus the line, tells both."""

_IDENTITY = frozenset({"id", "kind"})


class Layer(NamedTuple):
    """One set, or the repository's own policies."""

    name: str
    """As somebody writes it in `extends`; empty for the repository's own."""

    sources: tuple[PolicySource, ...]
    described: SetFile = UNDESCRIBED

    @property
    def in_words(self) -> str:
        """For messages."""
        return self.name or "the repository's own policies"


@frozen
class Part:
    """Where one key of a policy comes from."""

    set: str
    """The layer's name."""

    path: str
    line: int

    def __str__(self) -> str:
        """`file:line`."""
        return f"{self.path}:{self.line}"


@frozen(kw_only=True)
class Key:
    """One key of a merged policy."""

    value: object
    """As JSON has it."""

    parts: tuple[Part, ...]
    """Every layer that says something of it; the last one has the say."""


@frozen(kw_only=True)
class Merged:
    """One policy, as all layers together have it."""

    loaded: LoadedPolicy
    keys: Mapping[str, Key]


class _Growing:
    """A policy while layers are put on it."""

    def __init__(self, number: int, layer: Layer, document: Document) -> None:
        self.first = Part(layer.name, document.path, document.node.line)
        self.layers: list[Layer] = []
        self.entries: dict[str, tuple[Scalar, Node]] = {}
        self.parts: dict[str, list[Part]] = {}
        self.put(number, layer, document)

    def put(self, number: int, layer: Layer, document: Document) -> None:
        """Lets a document have the say, key by key."""
        self.number, self.document = number, document
        self.layers.append(layer)
        if not isinstance(document.node, MappingNode):
            return
        for name, (key, value) in document.node.entries.items():
            self.entries[name] = (_moved_scalar(key, number), _moved(value, number))
            self.parts.setdefault(name, []).append(Part(layer.name, document.path, key.line))

    @property
    def kind(self) -> object:
        """As written."""
        node = self.entries.get("kind")
        return plain(node[1]) if node else None

    def whole(self) -> Document:
        """The document that all of them come to; its lines tell which document each is of."""
        node = self.document.node
        if isinstance(node, MappingNode):
            node = MappingNode(self.entries, node.line + self.number * _SPAN, node.column)
        return Document(self.document.path, node)


@frozen
class Disabled:
    """What the repository leaves out of the sets."""

    ids: tuple[str, ...] = ()
    path: str = ""
    """The file that says so."""

    places: tuple[tuple[int, int], ...] = ()
    """Line and column of each id; empty where nobody knows any more."""


_NOTHING = Disabled()


def merge(layers: Sequence[Layer], disabled: Disabled = _NOTHING) -> tuple[Merged, ...]:
    """Every policy that holds, in the order of layers, files and documents.

    Args:
        layers: The sets in order, the repository's own policies last.
        disabled: What the repository leaves out.

    Raises:
        PolicyError: with every problem of every layer.
    """
    return _Merging().merged(layers, disabled)


class _Merging:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._growing: dict[str, _Growing] = {}
        self._nameless: list[_Growing] = []
        self._documents: list[Document] = []
        self._left_out: dict[str, str] = {}

    def merged(self, layers: Sequence[Layer], disabled: Disabled) -> tuple[Merged, ...]:
        for layer in layers:
            self._leave_out(_disabled(layer.described) if layer.name else disabled)
            self._add(layer)
        found = [self._whole(growing) for growing in (*self._growing.values(), *self._nameless)]
        if self.problems:
            order = {source.path: number for number, source in enumerate(_sources(layers))}
            places = {one: (order.get(one.path, -1), one.line, one.column) for one in self.problems}
            raise PolicyError(tuple(sorted(places, key=places.__getitem__)))
        return tuple(one for one in found if one is not None)

    def _add(self, layer: Layer) -> None:
        documents = list(read_documents(layer.sources, self.problems))
        first: dict[str, str] = {}
        for document in documents:
            number = len(self._documents)
            self._documents.append(document)
            written = document.node.get("id") if isinstance(document.node, MappingNode) else None
            if not isinstance(written, Scalar) or not isinstance(written.value, str):
                self._nameless.append(_Growing(number, layer, document))
                continue
            name = written.value
            if name in first:
                message = f"the id `{shown(name)}` is taken by {first[name]}: ids are unique within a set"
                self.problems.append(Problem(document.path, written.line, written.column, message))
                continue
            first[name] = f"{document.path}:{written.line}:{written.column}"
            self._put(name, number, layer, document)
        for name in layer.described.said.final or {}:
            if name in self._growing and layer not in self._growing[name].layers:
                self._growing[name].layers.append(layer)  # it has the last word on what it builds on

    def _put(self, name: str, number: int, layer: Layer, document: Document) -> None:
        before = self._growing.get(name)
        if before is None:
            if name in self._left_out:
                node = document.node
                message = f"`{shown(name)}` is written here, and left out by `disable` of {self._left_out[name]}"
                self.problems.append(Problem(document.path, node.line, node.column, message))
            self._growing[name] = _Growing(number, layer, document)
            return
        self.problems += _refused(before, name, document)
        before.put(number, layer, document)

    def _leave_out(self, disabled: Disabled) -> None:
        unknown: tuple[tuple[int, int], ...] = ((0, 0),) * len(disabled.ids)
        for name, place in zip(disabled.ids, disabled.places or unknown, strict=True):
            found = self._growing.get(name)
            if found is None:
                near = nearest(name, list(self._growing))
                meant = f"did you mean `{near}`? " if near else ""
                known = ", ".join(f"`{one}`" for one in sorted(self._growing)) or "none"
                message = f"`disable`: no set has a policy `{shown(name)}`: {meant}There are {known}"
                self.problems.append(Problem(disabled.path, *place, message))
                continue
            bar = next((one for one in found.layers if not one.described.said.may_be_left_out(name)), None)
            if bar is not None:
                message = f"`disable`: `{name}` ({found.first}) is final: {bar.described.place(name)} says so"
                self.problems.append(Problem(disabled.path, *place, message))
                continue
            del self._growing[name]
            self._left_out[name] = disabled.path

    def _whole(self, growing: _Growing) -> Merged | None:
        found: list[Problem] = []
        loaded = validated(growing.whole(), found)
        self.problems += (self._placed(problem) for problem in found)
        if loaded is None:
            return None
        keys = {
            name: Key(value=plain(value), parts=tuple(growing.parts[name]))
            for name, (_, value) in growing.entries.items()
        }
        line = growing.document.node.line
        return Merged(loaded=replace(loaded, path=growing.document.path, line=line), keys=keys)

    def _placed(self, problem: Problem) -> Problem:
        number, line = divmod(problem.line, _SPAN)
        return replace(problem, path=self._documents[number].path, line=line)


def _disabled(described: SetFile) -> Disabled:
    ids = described.said.disable
    return Disabled(ids, described.path, ((described.lines.get("disable", 0), 1),) * len(ids))


def _sources(layers: Sequence[Layer]) -> Iterator[PolicySource]:
    return (source for layer in layers for source in layer.sources)


def _refused(before: _Growing, name: str, document: Document) -> Iterator[Problem]:
    """What a later layer may not do to a policy."""
    if not isinstance(document.node, MappingNode):
        return
    kind = document.node.get("kind")
    if kind is not None and plain(kind) != before.kind:
        message = (
            f"`{shown(name)}` of {before.layers[0].in_words} is of kind `{shown(str(before.kind))}` ({before.first}): "
            "what changes it has the same kind"
        )
        yield Problem(document.path, kind.line, kind.column, message)
    for key, (written, value) in document.node.entries.items():
        if key in _IDENTITY:
            continue
        bar = next((layer for layer in before.layers if layer.described.said.is_final(name, key)), None)
        had = before.entries.get(key)
        if bar is None or (had is not None and plain(had[1]) == plain(value)):
            continue
        where = before.parts[key][-1] if key in before.parts else before.first
        said = f"{bar.described.place(name)} says that it is final"
        message = f"`{shown(key)}` of `{shown(name)}` ({where}) cannot be changed: {said}"
        yield Problem(document.path, written.line, written.column, message)


def _moved(node: Node, number: int) -> Node:
    if isinstance(node, Scalar):
        return _moved_scalar(node, number)
    line = node.line + number * _SPAN
    if isinstance(node, ListNode):
        return ListNode(tuple(_moved(item, number) for item in node.items), line, node.column)
    entries = {name: (_moved_scalar(key, number), _moved(value, number)) for name, (key, value) in node.entries.items()}
    return MappingNode(entries, line, node.column)


def _moved_scalar(node: Scalar, number: int) -> Scalar:
    return Scalar(node.value, node.text, node.style, node.line + number * _SPAN, node.column, node.indent)
