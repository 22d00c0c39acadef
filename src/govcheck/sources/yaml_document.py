"""The one YAML loader: every node with its place, and nothing of YAML that surprises.

Scalars mean what YAML 1.2's core schema says; duplicate keys, unknown tags and anything out of bounds are errors.
"""

from collections.abc import Iterator

from yaml import MarkedYAMLError
from yaml.reader import ReaderError

from govcheck.facts.document import Node, Scalar
from govcheck.sources import yaml_errors
from govcheck.sources.yaml_errors import YamlError
from govcheck.sources.yaml_events import Limits, Loader

__all__ = ["POLICY", "WORKFLOW", "Limits", "YamlError", "load", "load_as_far_as_possible", "load_one"]

WORKFLOW = Limits(size=1024 * 1024, depth=50, nodes=1_000_000, merge_keys=True)
"""GitHub's own limits (`PipelineTemplateEvaluator` of github.com/actions/runner). It knows anchors, but no merging."""

POLICY = Limits(size=1024 * 1024, depth=50, nodes=100_000, merge_keys=False)

_BOM = "\ufeff"
_BOM_BYTES = _BOM.encode()
_AMBIGUOUS_LINE_ENDS = ("\x85", "\u2028", "\u2029")


def load(source: bytes | str, limits: Limits = POLICY) -> tuple[Node, ...]:
    """Every document of a text; none of an empty one.

    Raises:
        YamlError: where it is not YAML, or more than the limits allow.
    """
    text, data = _decode(source, limits)
    return _all(Loader(text, data, limits).documents(), text, limits)


def load_one(source: bytes | str, limits: Limits = WORKFLOW) -> Node:
    """The only document of a text; null for an empty one.

    Raises:
        YamlError: where it is not YAML, more than the limits allow, or more than one document.
    """
    text, data = _decode(source, limits)
    documents = _all(Loader(text, data, limits, single=True).documents(), text, limits)
    return documents[0] if documents else Scalar(None, "", "plain", 1, 1)


def load_as_far_as_possible(source: bytes, limits: Limits = POLICY) -> tuple[tuple[Node, ...], tuple[YamlError, ...]]:
    """Every document up to the first that is not YAML, and every error up to there: for those who mend a file.

    Of a key that stands twice the last value is kept. Where there is an error, nothing may be judged by the documents.
    """
    repeated: list[YamlError] = []
    read: list[Node] = []
    try:
        text, data = _decode(source, limits)
        loader = Loader(text, data, limits, repeated=repeated)
        _all(_kept(loader.documents(), read), text, limits)
    except YamlError as error:
        repeated.append(error)
    return tuple(read), tuple(repeated)


def _kept(documents: Iterator[Node], read: list[Node]) -> Iterator[Node]:
    for document in documents:
        read.append(document)
        yield document


def _all(documents: Iterator[Node], text: str, limits: Limits) -> tuple[Node, ...]:
    try:
        return tuple(documents)
    except MarkedYAMLError as error:
        raise yaml_errors.syntax_error(error, text, limits.depth) from None
    except ReaderError as error:
        raise yaml_errors.not_printable(text) or YamlError(1, 1, f"not valid YAML: {error.reason}") from None


def _decode(source: bytes | str, limits: Limits) -> tuple[str, bytes]:
    """The text and its UTF-8 bytes, both without a byte order mark."""
    text, data = _from_text(source) if isinstance(source, str) else _from_bytes(source, limits)
    if len(data) > limits.size:
        raise _too_large(limits)
    if not text.isascii():
        _refuse_ambiguous_line_ends(text)
    return text, data


def _from_bytes(source: bytes, limits: Limits) -> tuple[str, bytes]:
    data = source.removeprefix(_BOM_BYTES)
    if len(data) > limits.size:
        raise _too_large(limits)
    try:
        return data.decode(), data
    except UnicodeDecodeError as error:
        raise yaml_errors.not_utf8(data, error) from None


def _from_text(source: str) -> tuple[str, bytes]:
    text = source.removeprefix(_BOM)
    try:
        return text, text.encode()
    except UnicodeEncodeError as error:
        raise yaml_errors.not_printable(text) or YamlError(1, 1, error.reason) from None


def _too_large(limits: Limits) -> YamlError:
    return YamlError(1, 1, f"the file is larger than {limits.size} bytes", github_rejects=True)


def _refuse_ambiguous_line_ends(text: str) -> None:
    """YAML 1.1 ends a line at these and 1.2 does not: two readers would see two documents."""
    for character in _AMBIGUOUS_LINE_ENDS:
        index = text.find(character)
        if index >= 0:
            name = f"U+{ord(character):04X}"
            message = f"{name} ends a line for some readers only: remove it, or write it as an escape in double quotes"
            raise YamlError(*yaml_errors.position(text, index), message)
