r"""Hand-written conversions of globs to regular expressions: `.replace(/\*\*/g, '.*').replace(/\*/g, '[^/]*')`.

Each is carried out on two globs that everybody writes, and what comes out is tried on paths.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from govcheck.liveness.script_tree import Tree, ancestors, arguments, below, called, method, place, source, string
from govcheck.patterns import PatternError, compile_javascript
from govcheck.records import frozen

if TYPE_CHECKING:
    from tree_sitter import Node

_REPLACING = frozenset({"replace", "replaceAll"})
_FUNCTIONS = frozenset({"arrow_function", "function_declaration", "function_expression", "method_definition"})
_SPECIAL = re.compile(r"\$(\$|&|`|'|\d{1,2})")
_LONGEST = 10_000
_MOST = 20
"""How many conversions of one script are carried out."""

_TRIED = (
    ("app/**", ("app/x.ts", "app/routes/x.tsx"), ("lib/app/x.ts",)),
    ("docs/*.md", ("docs/a.md",), ("lib/docs/a.md", "docs/a.md.exe")),
)
"""A glob, paths that it has to match, and paths that it must not match, whichever dialect is meant."""


@frozen
class Judged:
    """What one conversion makes of globs."""

    line: int
    column: int
    wrong: tuple[str, ...] = ()
    """Where it goes wrong, in clauses, each with both paths."""

    shown: str = ""
    """What came out of the first glob."""

    unknown: str = ""
    """Why it could not be carried out."""


@frozen
class _Step:
    pattern: str
    flags: str
    replacement: str
    literal: bool


def judged(tree: Tree) -> Iterator[Judged]:
    """Every conversion in a script, and every pattern that is built of something else."""
    built = [node for node in below(tree.root, "new_expression", "call_expression") if called(node) == "RegExp"]
    dynamic = [node for node in built if arguments(node) and string(arguments(node)[0]) is None]
    chains = [chain for node in below(tree.root, "call_expression") if (chain := _outermost(node)) is not None]
    globs = [chain for chain in chains if _converts_globs(chain)][:_MOST]
    for chain in globs:
        yield _judge(chain, _made_of(chain, dynamic))
    if not globs:
        for node in dynamic[:_MOST]:
            line, column = place(node)
            yield Judged(line, column, unknown=f"it builds a pattern of what is not known here, `{_short(node)}`")


def _outermost(node: "Node") -> "Node | None":
    """The call that ends a chain of replacements, where this node is it."""
    found = method(node)
    if found is None or found[1] not in _REPLACING:
        return None
    member = node.parent
    above = member.parent if member is not None and member.type == "member_expression" else None
    continued = method(above) if above is not None and above.type == "call_expression" else None
    return None if continued is not None and continued[1] in _REPLACING and continued[0] == node else node


def _converts_globs(chain: "Node") -> bool:
    calls = list(_calls(chain))
    return any(arguments(call) and "*" in source(arguments(call)[0]) for call in calls) and any(
        len(arguments(call)) > 1 and "*" in source(arguments(call)[1]) for call in calls
    )


def _calls(chain: "Node") -> Iterator["Node"]:
    """The replacements of a chain, the last first."""
    node: Node | None = chain
    while node is not None and (found := method(node)) is not None and found[1] in _REPLACING:
        yield node
        node = found[0]


def _judge(chain: "Node", frame: tuple[str, str] | None) -> Judged:
    line, column = place(_first_call(chain))
    steps = [_step(call) for call in reversed(list(_calls(chain)))]
    if frame is None or any(step is None for step in steps):
        return Judged(line, column, unknown="its conversion of globs could not be followed")
    known = [step for step in steps if step is not None]
    wrong: list[str] = []
    shown = ""
    try:
        for glob, inside, outside in _TRIED:
            came_out = f"{frame[0]}{_apply(glob, known)}{frame[1]}"
            shown = shown or came_out
            wrong += _tried(glob, came_out, inside, outside)
    except PatternError as error:
        return Judged(line, column, unknown=f"its conversion of globs could not be carried out: {error}")
    return Judged(line, column, tuple(wrong), shown)


def _first_call(chain: "Node") -> "Node":
    """Where the chain's first `.replace` is written."""
    first = list(_calls(chain))[-1]
    function = first.child_by_field_name("function")
    name = function.child_by_field_name("property") if function is not None else None
    return name or first


def _step(call: "Node") -> _Step | None:
    given = arguments(call)
    if len(given) != 2 or (replacement := string(given[1])) is None:  # noqa: PLR2004 - a pattern and a replacement
        return None
    every = "g" if (method(call) or (call, ""))[1] == "replaceAll" else ""
    if given[0].type == "regex":
        pattern, flags = given[0].child_by_field_name("pattern"), given[0].child_by_field_name("flags")
        if pattern is None:
            return None
        return _Step(source(pattern), source(flags) if flags is not None else "", replacement, literal=False)
    literal = string(given[0])
    return _Step(literal, every, replacement, literal=True) if literal is not None else None


def _apply(glob: str, steps: list[_Step]) -> str:
    """What a chain makes of a text, as JavaScript would."""
    text = glob
    for step in steps:
        pattern = re.escape(step.pattern) if step.literal else step.pattern
        kept: list[str] = []
        end = 0
        for match in compile_javascript(pattern, step.flags).matches(text):
            kept += [text[end : match.start], _expanded(step.replacement, match.groups)]
            end = match.end
            if "g" not in step.flags:
                break
        text = "".join(kept) + text[end:]
        if len(text) > _LONGEST:
            raise PatternError("it grows without end")
    return text


def _expanded(replacement: str, groups: tuple[str, ...]) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1] == "$":
            return "$"
        if match[1] == "&":
            return groups[0]
        if match[1].isdigit() and 0 < int(match[1]) < len(groups):
            return groups[int(match[1])]
        return match[0]

    return _SPECIAL.sub(one, replacement)


def _tried(glob: str, pattern: str, inside: tuple[str, ...], outside: tuple[str, ...]) -> Iterator[str]:
    compiled = compile_javascript(pattern)
    matched = [path for path in inside if compiled.found(path)]
    missed = [path for path in inside if path not in matched]
    if missed:
        but = f"matches `{matched[0]}` and not `{missed[0]}`" if matched else f"does not match `{missed[0]}`"
        yield f"`{glob}` becomes `{pattern}`, which {but}"
    elif strangers := [path for path in outside if compiled.found(path)]:
        yield f"`{glob}` becomes `{pattern}`, which matches `{strangers[0]}` as well"


def _made_of(chain: "Node", dynamic: list["Node"]) -> tuple[str, str] | None:
    """What a script puts before and after a converted glob to make a pattern of it; None where that cannot be told."""
    around = set(map(_identity, ancestors(chain)))
    own = [node for node in dynamic if _identity(node) in around]
    if not own:
        functions = [node for node in ancestors(chain) if node.type in _FUNCTIONS]
        inner = set(map(_identity, below(functions[0], "new_expression", "call_expression"))) if functions else set()
        own = [node for node in dynamic if _identity(node) in inner] or dynamic
    return _frame(arguments(own[0])[0]) if len(own) == 1 else None


def _frame(node: "Node") -> tuple[str, str] | None:
    """The texts around the one computed part of a concatenation or a template."""
    parts = list(_parts(node))
    holes = [index for index, part in enumerate(parts) if part is None]
    if len(holes) != 1:
        return None
    before, after = parts[: holes[0]], parts[holes[0] + 1 :]
    return "".join(part or "" for part in before), "".join(part or "" for part in after)


def _parts(node: "Node") -> Iterator[str | None]:
    if node.type == "parenthesized_expression" or (
        node.type == "binary_expression" and any(child.type == "+" for child in node.children)
    ):
        for child in node.named_children:
            yield from _parts(child)
    elif node.type == "template_string":
        for child in node.children[1:-1]:
            yield None if child.type == "template_substitution" else source(child)
    else:
        yield string(node)


def _identity(node: "Node") -> tuple[int, int, str]:
    return node.start_byte, node.end_byte, node.type


def _short(node: "Node") -> str:
    return " ".join(source(node).split())[:60]
