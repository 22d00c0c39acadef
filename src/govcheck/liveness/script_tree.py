"""JavaScript as a tree: strings, regular expressions, names, and what stands around them.

The parser is tree-sitter's (https://github.com/tree-sitter/tree-sitter-javascript); it is imported where a script is
first read. TypeScript is read as far as it looks like JavaScript: `damaged` says where it does not.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from govcheck.records import frozen

if TYPE_CHECKING:  # the parser is dear to load
    from tree_sitter import Node, Parser

MAX_LENGTH = 256 * 1024
"""Bytes of a script that are read."""

_DEEPEST = 200
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)


@frozen(eq=False)
class Tree:
    """A script that was read."""

    root: "Node"
    damaged: bool
    """Whether there are parts that the parser could not make sense of."""


@lru_cache(maxsize=64)
def read(content: bytes) -> Tree | None:
    """The tree of a script; None where it is too large or too deep to be read."""
    if len(content) > MAX_LENGTH:
        return None
    root = _parser().parse(content).root_node
    deepest = max((depth for _, depth in _walk(root)), default=0)
    return Tree(root, root.has_error) if deepest <= _DEEPEST else None


def below(node: "Node", *kinds: str) -> Iterator["Node"]:
    """Every node of these kinds at or below a node, in the order of the script; of any kind where none is named."""
    return (one for one, _ in _walk(node) if not kinds or one.type in kinds)


def names(node: "Node") -> frozenset[str]:
    """Every name that is used at or below a node, properties included."""
    return frozenset(
        source(one)
        for one in below(
            node,
            "identifier",
            "property_identifier",
            "shorthand_property_identifier",
            "shorthand_property_identifier_pattern",
        )
    )


def variables(node: "Node") -> frozenset[str]:
    """Every variable that is used at or below a node."""
    return frozenset(source(one) for one in below(node, "identifier", "shorthand_property_identifier"))


def ancestors(node: "Node") -> Iterator["Node"]:
    """The nodes around a node, the innermost first."""
    one = node.parent
    while one is not None:
        yield one
        one = one.parent


def source(node: "Node") -> str:
    """The characters of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def place(node: "Node") -> tuple[int, int]:
    """Line and column, from 1; the column in bytes, which are characters in a script without others."""
    return node.start_point[0] + 1, node.start_point[1] + 1


def method(call: "Node") -> tuple["Node", str] | None:
    """Of `object.name(...)` the object and the name; None for another call."""
    function = call.child_by_field_name("function")
    if call.type != "call_expression" or function is None or function.type != "member_expression":
        return None
    object_, name = function.child_by_field_name("object"), function.child_by_field_name("property")
    return (object_, source(name)) if object_ is not None and name is not None else None


def called(call: "Node") -> str:
    """The name of the function that a call calls; empty where it is a method or computed."""
    function = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    return source(function) if function is not None and function.type == "identifier" else ""


def arguments(call: "Node") -> list["Node"]:
    """The arguments of a call."""
    listed = call.child_by_field_name("arguments")
    return [one for one in listed.named_children if one.type != "comment"] if listed is not None else []


def string(node: "Node") -> str | None:
    """The value of a text without computed parts; None for anything else."""
    if node.type == "template_string" and any(child.type == "template_substitution" for child in node.named_children):
        return None
    if node.type not in {"string", "template_string"}:
        return None
    return _ESCAPE.sub(_resolved, source(node)[1:-1])


def stripped(node: "Node") -> "Node":
    """The node without the parentheses around it."""
    while node.type == "parenthesized_expression" and node.named_children:
        node = node.named_children[0]
    return node


def _resolved(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code is None:
        return _ESCAPES.get(match[4], match[4])
    return chr(int(code, 16)) if int(code, 16) <= sys.maxunicode else "\ufffd"


def _walk(node: "Node") -> Iterator[tuple["Node", int]]:
    waiting = [(node, 0)]
    while waiting:
        one, depth = waiting.pop()
        yield one, depth
        waiting.extend((child, depth + 1) for child in reversed(one.named_children))


@cache
def _parser() -> "Parser":
    import tree_sitter_javascript  # noqa: PLC0415 - the parser is loaded where a script is read
    from tree_sitter import Language, Parser  # noqa: PLC0415 - the same

    return Parser(Language(tree_sitter_javascript.language()))
