"""Loops that go on until a program succeeds: where it never does, GitHub ends the job, which is no success.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes
"""

import re

from tree_sitter import Node

_LEAVES = re.compile(r"\b(?:break|exit|return|exec|source|eval)\b|(?:^|[\s;&|])\.\s")
_NO_WAITING = frozenset({"[", "[[", "test", "true", "false", ":", "read", "let", "command", "which", "type"})
"""What a loop asks that counts, or reads to an end."""

_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")


def waits(loop: Node, body: Node) -> bool:
    """Whether nothing ends a loop but a program that succeeds.

    Args:
        loop: A `while` or `until`.
        body: What it does in each round.
    """
    asked = _asked(loop, body)
    if asked is None or _LEAVES.search(_text(body)) is not None:
        return False
    return not any(_sets(name, _text(body)) for name in _VARIABLE.findall(_text(asked)))


def _asked(loop: Node, body: Node) -> Node | None:
    """What has to succeed: `until this`, `while ! this`."""
    heads = [child for child in loop.named_children if child != body and child.type != "comment"]
    if len(heads) != 1:
        return None
    asked = heads[0]
    if loop.children[0].type == "while":
        if asked.type != "negated_command" or not asked.named_children:
            return None
        asked = asked.named_children[0]
    if asked.type not in {"command", "pipeline"}:
        return None
    first = asked.named_children[0] if asked.type == "pipeline" and asked.named_children else asked
    return None if _text(first).split()[:1] in [[name] for name in _NO_WAITING] else asked


def _sets(name: str, body: str) -> bool:
    """Whether the body may give that variable another value."""
    return (
        re.search(rf"\b{name}\b(?:\s*[-+*/%]?=|\+\+|--)|(?:\+\+|--){name}\b|\b(?:read|let|shift)\b", body) is not None
    )


def _text(node: Node) -> str:
    return node.text.decode("utf-8", "replace") if node.text is not None else ""
