"""Every place in a script that gives a variable a value, or may."""

import re
from collections.abc import Callable, Iterator, Mapping

from tree_sitter import Node

from govcheck.actions.shell_words import Words
from govcheck.records import field, frozen

Values = frozenset[str] | None
"""Everything that a word may come to; None is anything."""

_ASSIGNING = frozenset({"read", "mapfile", "readarray", "getopts", "let", "unset"})
_ASSIGNING_BY_OPTION = {"printf": "-v", "wait": "-p"}
_DECLARING = frozenset({"export", "readonly", "local", "declare", "typeset"})
_EVERYTHING = frozenset({"eval", "source", ".", "enable"})
_BY_NAME = frozenset({"builtin", "command", "time"})
_ODD_OPTIONS = re.compile(r"[-+][a-zA-Z]*[aAiIlucn][a-zA-Z]*")
"""Options of `declare` with which a value is not kept as it is written."""

_NAME = re.compile(r"[A-Za-z_]\w*")
_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*|-\w*|\+\w*")
_ARITHMETIC = frozenset({"arithmetic_expansion", "c_style_for_statement", "subscript"})
_WORDS = frozenset({"command_name", "string", "concatenation", "simple_expansion"})
_COMPUTED = re.compile(r"[({`\[]")
_CHANGES = re.compile(r"\+\+|--|(?<![=!<>])=(?![=~])|<<=|>>=")


@frozen(kw_only=True)
class Surroundings:
    """What is known of the place where a script runs."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables with a value that every run has: `CI` is `true`. Others may be set as well."""

    given: frozenset[str] = frozenset()
    """Names of variables that are set in every run, whatever they hold."""

    output: Callable[[list[str]], str | None] = lambda _: None
    """What a command prints, by its words; None where that is not known."""


@frozen
class Assignment:
    """One value that a variable is given."""

    offset: int
    """Where it is done."""

    value: Node | None = None
    """None: a value that cannot be told, unless it is `empty`."""

    sure: bool = False
    """Whether the script comes by it whatever happens."""

    empty: bool = False
    splits: bool = False
    """Whether the value is one of a loop's words, which are split."""

    within: tuple[int, int] | None = None
    """Where the subshell stands that it is lost with; None where it is not."""

    def holds_at(self, offset: int) -> bool:
        """Whether it can be seen from a place."""
        return self.within is None or self.within[0] <= offset < self.within[1]


class Assignments:
    """The assignments of one script."""

    def __init__(self, root: Node, words: Words) -> None:
        self._words = words
        self._by_name: dict[str, list[Assignment]] = {}
        self._passing: set[str] = set()
        self.all_changed = False
        """Whether any variable may have been changed."""

        self.fixed: set[str] = set()
        """Variables that the script makes read-only."""

        self.unsets = False
        """Whether any variable loses its value."""

        self.loops: dict[str, list[tuple[int, int]]] = {}
        """Where the bodies of the loops stand that give a variable each of their words."""

        self.definitions: dict[str, list[Node]] = {}
        """The bodies of the script's functions, wherever they are defined."""

        self._keeps = b"lastpipe" in (root.text or b"")
        """Whether the last part of a pipe may be the shell itself."""

        unnamed = False
        named: set[str] = set()
        for node in self._walk(root):
            kind = node.type
            self._note(node, kind)
            if kind == "command":
                texts = [self._text(child) for child in node.named_children]
                named.update(texts[1:])
                unnamed = unnamed or not texts or not _plain(texts[0])
        if unnamed and not named.isdisjoint(_ASSIGNING | _DECLARING | _EVERYTHING):
            self.all_changed = True  # `"$@"` may run what another place hands to it

    def to(self, name: str) -> list[Assignment]:
        """Everything that a variable is given."""
        return self._by_name.get(name, [])

    def touches(self, name: str) -> bool:
        """Whether a variable is given anything, be it for one command only."""
        return name in self._by_name or name in self._passing

    @property
    def splits_oddly(self) -> bool:
        """Whether words may be split at something else than blanks."""
        return self.all_changed or "IFS" in self._by_name

    def _walk(self, root: Node) -> Iterator[Node]:
        """Every node that may assign: a word does so only by what is computed in it."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in node.named_children if child.child_count and self._may_assign(child)]

    def _may_assign(self, node: Node) -> bool:
        return node.type not in _WORDS or _COMPUTED.search(self._text(node)) is not None

    def _note(self, node: Node, kind: str) -> None:
        match kind:
            case "variable_assignment":
                self._note_assignment(node)
            case "for_statement":
                self._note_loop(node)
            case "command":
                self._note_command(node)
            case "declaration_command":
                self._note_declaration(node)
            case "unset_command":
                self.unsets = True
                self._note_names(node)
            case "expansion" if node.named_children and any(child.type in {"=", ":="} for child in node.children):
                self._unknown(node, self._text(node.named_children[0]).partition("[")[0])
            case "function_definition":
                self._note_function(node)
            case _ if kind in _ARITHMETIC or (kind == "compound_statement" and _is_arithmetic(node)):
                self._note_arithmetic(node)

    def _note_assignment(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None:
            return
        parent = node.parent
        if parent is not None and parent.type == "command":
            self._passing.add(self._text(name))
            if self._text(name) != "IFS":
                self._unknown(node, self._text(name))  # a function sees it
            return
        adds = any(child.type == "+=" for child in node.children)
        if adds or name.type != "variable_name":
            self._unknown(node, self._text(name).partition("[")[0])
            return
        self._add(
            self._text(name),
            Assignment(
                node.end_byte,
                value,
                sure=_is_sure(node),
                empty=value is None,
                within=None if self._keeps else _lost(node),
            ),
        )

    def _note_loop(self, node: Node) -> None:
        variable = node.child_by_field_name("variable")
        if variable is None:
            return
        body = node.child_by_field_name("body")
        if body is not None:
            self.loops.setdefault(self._text(variable), []).append((body.start_byte, body.end_byte))
        values = [child for child in node.children_by_field_name("value") if child.is_named]
        for value in values:
            self._add(self._text(variable), Assignment(node.start_byte, value, splits=True))
        if not values or any(child.type == "select" for child in node.children):
            self._unknown(node, self._text(variable))

    def _note_command(self, node: Node) -> None:
        words = [child for child in node.named_children if child.type != "variable_assignment"]
        texts = [self._text(word) for word in words]
        while texts and texts[0] in _BY_NAME:
            texts, words = texts[1:], words[1:]
        name = texts[0].lstrip("\\") if texts else ""
        if name in _EVERYTHING or name in _DECLARING:
            self.all_changed = True
        elif name in _ASSIGNING or _ASSIGNING_BY_OPTION.get(name) in texts:
            for word in words[1:]:
                self._note_named(node, word)
        elif name == "env":
            self._passing.update(text.partition("=")[0] for text in texts[1:])

    def _note_named(self, node: Node, word: Node) -> None:
        """A word that names a variable, or holds `x = 1`."""
        if word.type in {"file_redirect", "herestring_redirect", "heredoc_redirect"}:
            return
        if any(child.type not in {"string_content", '"'} for child in word.children):
            self.all_changed = True
            return
        for name in _NAME.findall(self._text(word)):
            self._unknown(node, name)

    def _note_declaration(self, node: Node) -> None:
        words = [child for child in node.named_children if child.type not in {"file_redirect", "comment"}]
        kind = node.children[0].type
        options = [self._text(word) for word in words if self._text(word)[:1] in {"-", "+"}]
        odd = kind != "export" and any(map(_ODD_OPTIONS.fullmatch, options))
        if odd and any("n" in option for option in options):
            self.all_changed = True
        fixed = kind == "readonly" or any("r" in option for option in options)
        for word in words:
            if word.type == "variable_assignment":
                named = word.child_by_field_name("name")
                name = self._text(named).partition("[")[0] if named is not None else ""
            elif word.type == "variable_name":
                name = self._text(word)
                self._passing.add(name)
                if kind not in {"export", "readonly"}:
                    self._unknown(node, name)  # a function's own, which is not set
            elif _PLAIN_NAME.fullmatch(self._text(word)):
                continue
            else:
                self.all_changed = True
                continue
            if odd or (kind == "local" and not in_function(node)):  # `local` anywhere else fails, and sets nothing
                self._unknown(node, name)
            if fixed:
                self.fixed.add(name)

    def _note_names(self, node: Node) -> None:
        for child in node.named_children:
            if child.type == "variable_name" or _PLAIN_NAME.fullmatch(self._text(child)):
                self._unknown(node, self._text(child))
            else:
                self.all_changed = True

    def _note_function(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            self.definitions.setdefault(self._text(name), []).append(body)

    def _note_arithmetic(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        source = self._words.text(node.start_byte, node.end_byte if body is None else body.start_byte)
        if _CHANGES.search(source):
            for name in _NAME.findall(source):
                self._unknown(node, name)

    def _unknown(self, node: Node, name: str) -> None:
        self._add(name, Assignment(node.start_byte))

    def _add(self, name: str, assignment: Assignment) -> None:
        self._by_name.setdefault(name, []).append(assignment)

    def _text(self, node: Node) -> str:
        return self._words.text(node.start_byte, node.end_byte)


def _is_sure(node: Node) -> bool:
    """Whether an assignment stands at the top of the script, on its own."""
    parent = node.parent
    if parent is not None and parent.type in {"variable_assignments", "declaration_command"}:
        node, parent = parent, parent.parent
    after = node.next_sibling
    return parent is not None and parent.type == "program" and (after is None or after.type != "&")


def _lost(node: Node) -> tuple[int, int] | None:
    """The outermost subshell around a node: `(...)`, `$(...)`, a part of a pipe; functions may be called anywhere."""
    found: tuple[int, int] | None = None
    below = node
    while (above := below.parent) is not None:
        if above.type == "function_definition":
            return None
        if above.type in {"subshell", "command_substitution"}:
            found = (above.start_byte, above.end_byte)
        elif above.type == "heredoc_redirect":  # the parser hangs into it whatever follows on its line
            return None
        elif above.type == "pipeline" and below.type != "list":
            found = (below.start_byte, below.end_byte)
        below = above
    return found


def _is_arithmetic(node: Node) -> bool:
    return bool(node.children) and node.children[0].type == "(("


def _plain(text: str) -> bool:
    return "$" not in text and "`" not in text


def in_function(node: Node) -> bool:
    """Whether it stands in a function's body."""
    above = node.parent
    while above is not None and above.type != "function_definition":
        above = above.parent
    return above is not None
