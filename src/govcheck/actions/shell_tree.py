"""From the parser's tree to a `Script`: every command, and what its failure comes to."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from govcheck.actions.embedded import embedded, masked
from govcheck.actions.shell import Command, Ends, Script, Word
from govcheck.actions.shell_words import Words
from govcheck.records import field, frozen, mutable, replace

_MASK = "_"
_NOT_PLAIN = re.compile(r"[^\t\n\r -~]")
_CONDITIONAL = {
    "while_statement",
    "for_statement",
    "c_style_for_statement",
    "case_item",
    "function_definition",
}
_WRITING = {">", ">>", ">|", "&>", "&>>"}
_COMPUTED = {"command_substitution", "process_substitution"}
_COMPUTING = re.compile(r"[(`]")
"""Without any of these there is no command within a word, nor a list of words."""

_ASSIGNING = {"variable_assignment", "variable_assignments"}
_ARGUMENT_EXTRAS = {"variable_assignment", "file_redirect", "herestring_redirect", "heredoc_redirect", "comment"}


@frozen
class _Frame:
    """What is known of a place in the tree."""

    always: bool = True
    errexit: bool = True
    """Whether a failure here ends the script under `set -e`."""

    hard: bool = False
    """Whether a failure here ends the script in any shell."""

    piped: bool = False
    last: bool = True
    """Whether nothing comes after it, so that its status is the script's."""

    after: tuple[int, ...] = ()
    branch: int = -1
    into: tuple[Word, ...] = ()
    fed: tuple[int, int] | None = None

    def maybe(self, branch: int | None = None) -> "_Frame":
        """The same for a part that may be skipped."""
        return replace(self, always=False, hard=False, last=False, branch=self.branch if branch is None else branch)

    def not_last(self) -> "_Frame":
        """The same for a statement that another one comes after."""
        return replace(self, last=False) if self.last else self

    def captured(self) -> "_Frame":
        """The same for a part whose output goes into a word, and whose failure is not noticed."""
        return replace(self.maybe().unheeded(), into=(), fed=None)

    def unheeded(self) -> "_Frame":
        """The same for a part whose failure is not noticed."""
        return replace(self, errexit=False, hard=False, last=False)


@mutable
class _Reading:
    words: Words
    damaged: bool
    """Whether a command may stand anywhere, because the parser has lost its way."""

    commands: list[Command] = field(default_factory=list)
    assignments: dict[str, list[Word]] = field(default_factory=dict)


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_bash.language()))


@lru_cache(maxsize=64)
def parsed(script: str) -> tuple[Node, Words]:
    """The parser's tree of a script whose size is bounded, and what makes words of its nodes.

    The parser counts bytes: each character that is not plain ASCII is overwritten, so that bytes are characters.
    """
    expressions = embedded(script)
    plain = _NOT_PLAIN.sub(_MASK, masked(script, expressions, _MASK))
    return _parser().parse(plain.encode("ascii")).root_node, Words(script, expressions)


def script_of(script: str) -> Script:
    """Reads a script whose size is bounded."""
    root, words = parsed(script)
    reading = _Reading(words, root.has_error)
    waiting = [(root, _Frame())]
    while waiting:
        node, frame = waiting.pop()
        if node.child_count:
            waiting.extend(_visit(node, frame, reading))
    reading.commands.sort(key=lambda command: command.offset)
    return Script(
        commands=tuple(reading.commands),
        assignments={
            name: tuple(sorted(words, key=lambda word: word.offset)) for name, words in reading.assignments.items()
        },
        damaged=root.has_error,
    )


def _visit(node: Node, frame: _Frame, reading: _Reading) -> Iterator[tuple[Node, _Frame]]:
    """Notes what a node says; yields the nodes below it that are to be visited, each with its frame."""
    kind = node.type
    if kind == "command":
        reading.commands.append(_command(node, frame, reading.words))
        yield from _computed(node, frame, reading)
    elif kind == "variable_assignment":
        _note_assignment(node, reading)
        yield from _computed(node, frame, reading)
    elif kind == "list":
        yield from _list(node, frame)
    elif kind == "pipeline":
        yield from _pipeline(node, frame)
    elif kind == "negated_command":
        yield from ((child, frame.unheeded()) for child in node.named_children)
    elif kind == "redirected_statement":
        body = node.child_by_field_name("body")
        inner = replace(frame, into=frame.into + tuple(_files(node, reading.words)))
        fed = (body.start_byte, body.end_byte) if body is not None else None
        after = replace(frame.captured(), fed=fed)  # `cat <<END | next`: the tree has what reads the pipe in here
        yield from ((child, inner if child == body else after) for child in node.named_children)
    elif kind == "if_statement":
        yield from _if(node, frame)
    elif kind in _CONDITIONAL:
        yield from ((child, frame.maybe(node.start_byte)) for child in node.named_children)
    elif kind in _COMPUTED:
        yield from ((child, frame.captured()) for child in node.named_children)
    else:
        yield from _in_turn(node, frame)


def _in_turn(node: Node, frame: _Frame) -> Iterator[tuple[Node, _Frame]]:
    """Statements one after the other; `a &` is not waited for."""
    following, inner, earlier = "", frame, frame.not_last()
    statements: list[tuple[Node, _Frame]] = []
    for child in reversed(node.children):
        kind = child.type
        if kind == "comment":
            continue
        if child.is_named:
            statements.append((child, inner.unheeded() if following == "&" else inner))
            inner = earlier
        following = kind
    return reversed(statements)


def _list(node: Node, frame: _Frame) -> Iterator[tuple[Node, _Frame]]:
    """`a && b` and `a || b`."""
    children = node.named_children
    left, right = children[0], children[-1]
    yield from ((one, frame.maybe()) for one in children[1:-1])  # what the parser could not make sense of
    if any(child.type == "&&" for child in node.children):
        yield left, replace(frame, errexit=False)
        yield right, replace(frame, always=False, after=frame.after + tuple(_succeeded(left)))
        return
    if _gives_up(right):
        yield left, replace(frame, hard=True)
    else:
        yield left, frame.unheeded()
    yield right, frame.maybe(right.start_byte)


def _pipeline(node: Node, frame: _Frame) -> Iterator[tuple[Node, _Frame]]:
    children = node.named_children
    fed = frame.fed
    for child in children[:-1]:
        yield child, replace(frame, piped=True, into=(), fed=fed)
        fed = (child.start_byte, child.end_byte)
    yield from ((child, replace(frame, fed=fed)) for child in children[-1:])


def _files(node: Node, words: Words) -> Iterator[Word]:
    """Where a statement's standard output goes to."""
    for redirect in node.named_children:
        if redirect.type == "heredoc_redirect":  # `cat <<END >file`: the tree has the file in here
            yield from _files(redirect, words)
        descriptor = redirect.child_by_field_name("descriptor")
        written = redirect.type == "file_redirect" and any(child.type in _WRITING for child in redirect.children)
        if written and (descriptor is None or descriptor.text == b"1"):
            yield from (words.word(child) for child in redirect.children_by_field_name("destination"))


def _if(node: Node, frame: _Frame) -> Iterator[tuple[Node, _Frame]]:
    conditions = [child for child in node.children_by_field_name("condition") if child.is_named]
    clauses = [child for child in node.named_children if child.type in {"elif_clause", "else_clause"}]
    body = [child for child in node.named_children if child not in conditions and child not in clauses]
    negated = bool(conditions) and conditions[-1].type == "negated_command"
    yield from _conditions(conditions, frame, gives_up=_gives_up_on_failure(body, clauses, negated=negated))
    needed = tuple(_succeeded(conditions[-1])) if conditions and not negated else ()
    inner = frame.maybe(body[0].start_byte if body else node.start_byte)
    yield from ((child, replace(inner, after=frame.after + needed)) for child in body)
    for clause in clauses:
        yield from ((child, frame.maybe(clause.start_byte)) for child in clause.named_children)


def _conditions(conditions: list[Node], frame: _Frame, *, gives_up: bool) -> Iterator[tuple[Node, _Frame]]:
    for condition in conditions:
        if gives_up and condition == conditions[-1]:
            inner = condition.named_children[-1] if condition.type == "negated_command" else condition
            yield inner, replace(frame, hard=True, last=False)
        else:
            yield condition, frame.unheeded()


def _gives_up_on_failure(body: list[Node], clauses: list[Node], *, negated: bool) -> bool:
    """Whether an `if` ends the script where the command that it asks has failed."""
    if negated:
        return any(map(_gives_up, body))
    if len(clauses) != 1 or clauses[0].type != "else_clause":
        return False
    return any(map(_gives_up, clauses[0].named_children))


def _succeeded(node: Node) -> Iterator[int]:
    """Offsets of the commands that have succeeded once this node has."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type == "command":
            yield one.start_byte
        elif one.type == "list" and any(child.type == "&&" for child in one.children):
            waiting.extend(one.named_children)
        elif one.type == "pipeline":
            waiting.append(one.named_children[-1])
        elif one.type in {"redirected_statement", "compound_statement", "subshell"} and one.named_children:
            body = [child for child in one.named_children if not child.type.endswith("redirect")]
            waiting.extend(body[-1:])


def _gives_up(node: Node) -> bool:
    """Whether a statement surely ends the script as failed."""
    while node.type in {"compound_statement", "redirected_statement"} and node.named_children:
        if any(_is_failing_exit(child) for child in node.named_children):
            return True
        node = node.named_children[0]
    return _is_failing_exit(node)


def _is_failing_exit(node: Node) -> bool:
    words = (node.text or b"").split() if node.type == "command" else []
    if len(words) == 2 and words[0] in {b"exit", b"return"}:  # noqa: PLR2004 - the command and its status
        return words[1].isdigit() and int(words[1][:9]) % 256 != 0
    return words == [b"false"]


def _command(node: Node, frame: _Frame, words: Words) -> Command:
    named = [child for child in node.named_children if child.type not in _ARGUMENT_EXTRAS]
    redirected = node.parent if node.parent is not None and node.parent.type == "redirected_statement" else node
    return Command(
        words=tuple(words.word(child) for child in named),
        offset=node.start_byte,
        end=node.end_byte,
        input=tuple(_input(node, words)) + (tuple(_input(redirected, words)) if redirected is not node else ()),
        always=frame.always,
        ends=_ends(frame),
        after=frame.after,
        into=frame.into,
        fed=frame.fed,
        branch=frame.branch,
    )


def _ends(frame: _Frame) -> Ends:
    if not (frame.hard or frame.errexit or frame.last):
        return "no"
    if frame.piped:
        return "pipefail"
    return "script" if frame.hard or frame.last else "errexit"


def _input(node: Node, words: Words) -> Iterator[Word]:
    for redirect in node.named_children:
        if redirect.type == "herestring_redirect":
            yield from (words.word(child) for child in redirect.named_children[-1:])
        elif redirect.type == "heredoc_redirect":
            bodies = (child for child in redirect.named_children if child.type == "heredoc_body")
            yield from (words.word(body) for body in bodies)


def _computed(node: Node, frame: _Frame, reading: _Reading) -> Iterator[tuple[Node, _Frame]]:
    """The commands inside a command's words, and the variables that it alone is given."""
    computes = reading.damaged or _COMPUTING.search(reading.words.text(node.start_byte, node.end_byte))
    below = [child for child in node.named_children if child.child_count and (computes or child.type in _ASSIGNING)]
    if below:
        inner = frame.captured()
        yield from ((child, inner) for child in below)


def _note_assignment(node: Node, reading: _Reading) -> None:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or name.type != "variable_name":
        return
    word = reading.words.word(value) if value is not None else Word((), node.end_byte)
    reading.assignments.setdefault(reading.words.text(name.start_byte, name.end_byte), []).append(word)
