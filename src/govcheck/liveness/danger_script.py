"""What a Dangerfile in JavaScript judges by, and what its words come to.

Source: https://danger.systems/js/reference.html: `fail` fails the run, `warn`, `message` and `markdown` only speak.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from govcheck.liveness.script_tree import (
    Tree,
    ancestors,
    arguments,
    below,
    called,
    method,
    names,
    place,
    source,
    string,
    stripped,
    variables,
)
from govcheck.records import frozen

if TYPE_CHECKING:
    from tree_sitter import Node

_CHANGED = frozenset({"modified_files", "created_files"})
_DELETED = frozenset({"deleted_files", "deleted", "fileMatch", "diffForFile", "structuredDiffForFile", "compare"})
"""What a script has that looks at deletions, or at something that has them."""

_TEXT = re.compile(r"\b(?:pr|pull_request|thisPR)\??\.(?:body|title)\b|\{[^{}]*\b(?:body|title)\b[^{}]*\}\s*=.*\bpr\b")
_OWN = re.compile(r"danger|node:.*|fs|path|os|url|util|process|child_process")
_STOPS = re.compile(r"\bprocess\.exit(?:Code)?\b|\bthrow\b|\bfail\b|\bschedule\b|\bperil\b")
_LONGEST = 60
_LONGEST_EXCERPT = 300


@frozen
class Spot:
    """One place in a script."""

    line: int
    column: int
    text: str = ""


@frozen(kw_only=True)
class DangerScript:
    """What was recognised."""

    fails: tuple[Spot, ...]
    """Every call of `fail`."""

    may_stop: bool
    """Whether there is anything at all by which a run may fail, in it or in what it imports."""

    reads_text: Spot | None
    """Where it reads the pull request's title or body."""

    changed: Spot | None
    """Where it takes the list of changed files by which a `fail` is decided."""

    without_deletions: Spot | None
    """The same, where it looks at modified and created files only and lists what is not allowed."""

    left_out: tuple[Spot, ...]
    """What it takes out of the list of changed files: `.md`."""

    only_warns: tuple[Spot, ...]
    """Where the other branch fails, and this one, for what is missing, only warns: with the warning."""


def recognised(tree: Tree) -> DangerScript:
    """Reads a Dangerfile."""
    calls = list(below(tree.root, "call_expression"))
    fails = [call for call in calls if _speaks(call, "fail")]
    tainted = _derived(tree, _CHANGED)
    judging = [call for call in fails if _listed(call, tainted)]
    first = _first_changed(tree)
    used = names(tree.root)
    blind = first is not None and used.isdisjoint(_DELETED) and bool(judging)
    return DangerScript(
        fails=tuple(_spot(call, _said(call)) for call in fails),
        may_stop=bool(_STOPS.search(source(tree.root))) or any(_imports_more(tree)),
        reads_text=next(_texts(tree), None),
        changed=first if any(_decided(call, tainted) for call in fails) else None,
        without_deletions=first if blind else None,
        left_out=tuple(_left_out(calls, tainted)),
        only_warns=tuple(_only_warns(tree)),
    )


def _speaks(call: "Node", word: str) -> bool:
    if called(call) == word:
        return True
    found = method(call)
    return found is not None and found[1] == word and source(found[0]) in {"danger", "results"}


def _said(call: "Node") -> str:
    """The first text of a call, as a name for it."""
    texts = (string(one) for one in below(call, "string", "template_string"))
    said = next((text for text in texts if text), "")
    return " ".join(said.split())[:_LONGEST]


def _spot(node: "Node", text: str = "") -> Spot:
    return Spot(*place(node), text)


def _derived(tree: Tree, roots: frozenset[str]) -> frozenset[str]:
    """These names, and every variable that is made of them, however far."""
    made_of: dict[str, set[str]] = {}
    for node in below(tree.root, "variable_declarator"):
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None:
            made = variables(name) | _patterns(name)
            for used in names(value):
                made_of.setdefault(used, set()).update(made)
    known, waiting = set(roots), list(roots)
    while waiting:
        fresh = made_of.get(waiting.pop(), set()) - known
        known |= fresh
        waiting += fresh
    return frozenset(known)


def _patterns(name: "Node") -> frozenset[str]:
    return frozenset(source(one) for one in below(name, "shorthand_property_identifier_pattern"))


def _conditions(call: "Node") -> Iterator["Node"]:
    """The conditions of the `if`s around a call, and what a loop or callback around it goes over."""
    below_ = call
    for node in ancestors(call):
        if node.type == "if_statement":
            condition = node.child_by_field_name("condition")
            if condition is not None and condition != below_:
                yield stripped(condition)
        elif node.type == "for_in_statement" and (over := node.child_by_field_name("right")) is not None:
            yield over
        elif node.type == "call_expression" and (found := method(node)) is not None and found[1] in {"forEach", "map"}:
            yield found[0]
        below_ = node


def _decided(call: "Node", tainted: frozenset[str]) -> bool:
    return any(not names(one).isdisjoint(tainted) for one in (*_conditions(call), *arguments(call)))


def _listed(call: "Node", tainted: frozenset[str]) -> bool:
    """Whether a `fail` is for changed files that should not be there, as against files that are missing."""
    if any(not names(one).isdisjoint(tainted) for one in arguments(call)):
        return True
    for condition in _conditions(call):
        if names(condition).isdisjoint(tainted) or any(_negates(one) for one in below(condition, "unary_expression")):
            continue
        text = source(condition).replace(" ", "")
        if re.fullmatch(r"[\w.]+\.length(?:>0|>=1|!==?0)?", text) or re.match(r"[\w.]+\.some\(", text):
            return True
    return False


def _negates(node: "Node") -> bool:
    return source(node).startswith("!")


def _first_changed(tree: Tree) -> Spot | None:
    kinds = ("property_identifier", "shorthand_property_identifier_pattern")
    return next((_spot(node) for node in below(tree.root, *kinds) if source(node) in _CHANGED), None)


def _texts(tree: Tree) -> Iterator[Spot]:
    for node in below(tree.root, "member_expression", "variable_declarator"):
        if _TEXT.search(source(node)[:_LONGEST_EXCERPT]):
            yield _spot(node)


def _left_out(calls: list["Node"], tainted: frozenset[str]) -> Iterator[Spot]:
    """`changed.filter(f => !f.endsWith('.md'))`."""
    for call in calls:
        found, given = method(call), arguments(call)
        if found is None or found[1] != "filter" or len(given) != 1 or names(found[0]).isdisjoint(tainted):
            continue
        match = re.fullmatch(
            r"\(?(\w+)\)?\s*=>\s*!\s*\1\.(?:endsWith|startsWith)\((['\"])([^'\"]+)\2\)", source(given[0])
        )
        if match:
            yield _spot(call, match[3])


def _only_warns(tree: Tree) -> Iterator[Spot]:
    """`if (found) { ... fail } else { warn }`, and `try { ... fail } catch { warn }`."""
    about_text = _derived(tree, frozenset({"body", "title"}))
    for node in below(tree.root, "if_statement", "try_statement"):
        if node.type == "try_statement":
            first, second = node.child_by_field_name("body"), node.child_by_field_name("handler")
        else:
            first, second = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
            condition = node.child_by_field_name("condition")
            if condition is None or names(condition).isdisjoint(about_text):
                continue
            if stripped(condition).type == "unary_expression":
                first, second = second, first
        if first is None or second is None or not _has(first, "fail") or _has(second, "fail"):
            continue
        warning = next((call for call in below(second, "call_expression") if _speaks(call, "warn")), None)
        if warning is not None and not any(below(second, "throw_statement")):
            yield _spot(warning, _said(warning))


def _has(node: "Node", word: str) -> bool:
    return any(_speaks(call, word) for call in below(node, "call_expression"))


def _imports_more(tree: Tree) -> Iterator[bool]:
    """Whether a script brings in something that may fail for it: a plugin, a file of its own."""
    for node in below(tree.root, "import_statement", "call_expression"):
        if node.type == "import_statement":
            from_ = node.child_by_field_name("source")
            module = string(from_) if from_ is not None else None
        elif source(node).startswith(("require(", "import(")):
            given = arguments(node)
            module = string(given[0]) if given else None
        else:
            continue
        if module is None or not _OWN.fullmatch(module):
            yield True
