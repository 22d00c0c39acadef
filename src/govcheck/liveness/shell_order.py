"""Chains of `&&`, `||` and `|`, put into the order in which a shell runs them.

The parser hangs whatever follows a here-document on its line (`cat <<END | check || exit 1`) into the here-document,
and binds `!` closer than `|`; a shell does neither.
"""

from collections.abc import Iterator

from tree_sitter import Node

from govcheck.records import frozen, replace

_CHAINS = frozenset({"list", "pipeline", "negated_command"})
_DEEPEST = 40
_HEREDOC_PARTS = frozenset({"heredoc_start", "heredoc_body", "heredoc_end", "file_redirect", "comment"})


class TooDeepError(Exception):
    """A chain within a chain within a chain, and so on."""


@frozen
class Link:
    """One pipeline of a chain."""

    sign: str
    """`&&` or `||`; empty for the first of a chain."""

    parts: tuple[Node, ...]
    """The statements of the pipe: one where there is none."""

    negated: bool = False
    redirects: tuple[Node, ...] = ()
    """Redirections that the parser hung on the whole chain, and that are the last statement's."""


def is_chain(node: Node) -> bool:
    """Whether a statement is more than one, or negated."""
    while node.type == "redirected_statement":
        if any(map(_has_tail, node.named_children)):
            return True
        body = node.child_by_field_name("body")
        if body is None:
            return False
        node = body
    return node.type in _CHAINS


def links(node: Node, depth: int = _DEEPEST) -> list[Link]:
    """The pipelines of a chain, first to last.

    Raises:
        TooDeepError: They are nested deeper than anybody writes.
    """
    if not depth:
        raise TooDeepError
    lefts: list[Node] = []
    while node.type == "list" and node.named_children:
        lefts.append(node)
        node = node.named_children[0]
    found = _pipe(node, depth - 1)
    for one in reversed(lefts):
        sign = next((child.type for child in one.children if child.type in {"&&", "||"}), "||")
        first, *rest = links(_last(one), depth - 1)
        found += [replace(first, sign=sign), *rest]
    return found


def _last(node: Node) -> Node:
    return [child for child in node.named_children if child.type != "comment"][-1]


def _pipe(node: Node, depth: int) -> list[Link]:
    """A pipeline, or what stands in its place, and what a here-document in it has swallowed."""
    if node.type == "pipeline":
        return _piped(node, depth)
    if node.type == "negated_command" and node.named_children:
        first, *rest = links(_last(node), depth)
        return [replace(first, negated=not first.negated), *rest]
    if node.type == "redirected_statement":
        return _redirected(node, depth)
    return [Link("", (node,))]


def _piped(pipe: Node, depth: int) -> list[Link]:
    found = [Link("", ())]
    for node in pipe.named_children:
        if node.type == "comment":
            continue
        first, *rest = links(node, depth)
        found[-1] = Link(
            found[-1].sign,
            found[-1].parts + first.parts,
            found[-1].negated or first.negated,
            found[-1].redirects + first.redirects,
        )
        found += rest
    return found


def _redirected(node: Node, depth: int) -> list[Link]:
    body = node.child_by_field_name("body")
    if body is not None and is_chain(body):
        found = links(body, depth)
        redirects = tuple(child for child in node.named_children if child != body)
        found[-1] = replace(found[-1], redirects=found[-1].redirects + redirects)
    else:
        found = [Link("", (node,))]
    for redirect in node.named_children:
        if redirect.type == "heredoc_redirect":
            found = _with_tail(found, redirect, depth)
    return found


def _with_tail(found: list[Link], redirect: Node, depth: int) -> list[Link]:
    sign = ""
    for child in redirect.children:
        if child.type in {"&&", "||"}:
            sign = child.type
        elif child.type == "pipeline":
            first, *rest = _piped(child, depth)
            found = [*found[:-1], replace(found[-1], parts=found[-1].parts + first.parts), *rest]
        elif child.is_named and sign:
            first, *rest = links(child, depth)
            found = [*found, replace(first, sign=sign), *rest]
            sign = ""
    return found


def _has_tail(redirect: Node) -> bool:
    return redirect.type == "heredoc_redirect" and any(
        child.type not in _HEREDOC_PARTS for child in redirect.named_children
    )


def in_turn(nodes: list[Node]) -> Iterator[tuple[Node, bool]]:
    """Statements among nodes, and whether each is sent to the background."""
    for index, node in enumerate(nodes):
        if node.is_named and node.type != "comment":
            yield node, index + 1 < len(nodes) and nodes[index + 1].type == "&"


def branches(node: Node) -> Iterator[tuple[list[Node], list[Node]]]:
    """The questions of an `if`, each with what follows where it is so; `else` has no question."""
    clauses = [child for child in node.children if child.type in {"elif_clause", "else_clause"}]
    yield _split([child for child in node.children if child not in clauses])
    for clause in clauses:
        yield ([], clause.children[1:]) if clause.type == "else_clause" else _split(clause.children)


def _split(children: list[Node]) -> tuple[list[Node], list[Node]]:
    then = next((index for index, child in enumerate(children) if child.type == "then"), len(children))
    return children[1:then], children[then + 1 :]


def substitutions(node: Node) -> Iterator[tuple[Node, bool]]:
    """The substitutions of a value in order, and whether each is surely run."""
    waiting = [(node, True)]
    while waiting:
        one, sure = waiting.pop()
        if one.type in {"command_substitution", "process_substitution"}:
            yield one, sure
        else:
            sure = sure and one.type not in {"expansion", "arithmetic_expansion", "subscript"}
            waiting += [(child, sure) for child in reversed(one.named_children)]
