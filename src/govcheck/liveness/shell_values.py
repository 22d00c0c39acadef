"""What a script's variables may hold, as far as reading tells.

The order in which a script assigns is not followed: a variable may hold every value that the script ever gives it. So
a test that comes out one way only for all of them comes out that way in every run.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Sequence

from tree_sitter import Node

from govcheck.actions.shell import Part, Word
from govcheck.actions.shell_words import Words
from govcheck.liveness.runner_variables import is_set_by_runner
from govcheck.liveness.shell_assignments import Assignment, Assignments, Surroundings, Values
from govcheck.liveness.shell_printed import printed

_MOST_VALUES = 16
_LONGEST = 5000
"""Characters of a value; a longer one is not known."""

_DEEPEST = 20
_MOST_ASKED = 5000

_DEFAULTED = re.compile(r"\$\{(\w+)(:?[-+])([^${}`\"'\\~]*)\}")
_OF_THE_SHELL = frozenset(
    {"_", "RANDOM", "SRANDOM", "SECONDS", "LINENO", "PWD", "OLDPWD", "REPLY", "OPTARG", "OPTIND", "PIPESTATUS", "PPID"}
    | {"EPOCHSECONDS", "EPOCHREALTIME", "UID", "EUID", "FUNCNAME", "SHLVL", "SHELLOPTS", "BASHOPTS", "HISTCMD"}
    | {"BASHPID", "BASH_SUBSHELL", "BASH_COMMAND", "COLUMNS", "LINES", "MAPFILE", "GROUPS", "DIRSTACK", "COPROC"}
)
"""Variables that the shell changes by itself."""

_ZERO = frozenset({"0"})
_STATUS = frozenset({b"$?", b'"$?"', b"${?}"})
_PATTERN = frozenset("*?[")
_BREAKS = re.compile(r"[\s*?\[\\]")
"""What a value is split at, or taken for a pattern because of, where it is not quoted."""


class Variables:
    """The variables of one script."""

    def __init__(self, root: Node, words: Words, surroundings: Surroundings) -> None:
        self._words = words
        self._surroundings = surroundings
        self.assignments = Assignments(root, words)
        self._open: set[str] = set()
        self._known: dict[tuple[str, bool, int], Values] = {}
        self._asked = 0
        self._inherited: Surroundings | None = None
        self.succeeded: Callable[[], bool] = lambda: False
        """Whether the statement before certainly ended as a success, where the walk is now."""

        self._zeros: set[int] = set()

    def note(self, end: int) -> None:
        """Notes that an assignment is walked by that ends at this place: `status=$?` keeps what is known then."""
        if self.succeeded():
            self._zeros.add(end)

    def of(self, name: str, offset: int) -> Values:
        """What a variable may hold at a place in the script."""
        if name == "?":
            return _ZERO if not self._open and self.succeeded() else None
        self._asked += 1
        if self.assignments.all_changed or name in _OF_THE_SHELL or self._asked > _MOST_ASKED:
            return None
        if name in self._open or len(self._open) > _DEEPEST:
            return None
        everything = self.assignments.to(name)
        assigned = [one for one in everything if one.holds_at(offset)]
        sure = any(one.sure and one.offset < offset for one in assigned) or self._is_loops(name, offset)
        key = (name, sure, len(assigned) if len(assigned) == len(everything) else -offset)
        if key in self._known:
            return self._known[key]
        outside = self._surroundings.environment.get(name)
        values = None if outside is None and not sure else self._assigned(name, assigned, None if sure else outside)
        if not self._open:
            self._known[key] = values
        return values

    def is_set(self, name: str, offset: int) -> bool:
        """Whether a variable has a value, be it empty, whatever happens."""
        if not name.isidentifier():
            return not name.isdigit() or name == "0" or name in self._surroundings.given
        if name in _OF_THE_SHELL or name in self._surroundings.given or is_set_by_runner(name):
            return True
        if self.assignments.unsets and self.assignments.touches(name):
            return False
        if self._is_loops(name, offset):
            return True
        return any(one.sure and one.offset < offset for one in self.assignments.to(name))

    def _is_loops(self, name: str, offset: int) -> bool:
        """Whether a place is in a loop that gives the variable each of its words."""
        return any(start <= offset < end for start, end in self.assignments.loops.get(name, ()))

    def inherited(self) -> Surroundings:
        """What a program that the script runs finds: nothing that the script may have changed."""
        if self._inherited is None:
            self._inherited = self._kept()
        return self._inherited

    def _kept(self) -> Surroundings:
        if self.assignments.all_changed:
            return Surroundings(output=self._surroundings.output)
        environment = self._surroundings.environment
        kept = {name: value for name, value in environment.items() if not self.assignments.touches(name)}
        given = frozenset(name for name in self._surroundings.given if not name.isdigit())
        if self.assignments.unsets:
            given = frozenset(name for name in given if not self.assignments.touches(name))
        return Surroundings(environment=kept, given=given, output=self._surroundings.output)

    def node(self, node: Node, *, splits: bool) -> Values:
        """What a word of the script may come to.

        Args:
            node: Of the parser's tree.
            splits: Whether a value that is not quoted is split and taken for a pattern, as in a command's arguments.
        """
        if splits and self.assignments.splits_oddly:
            return None if _has_bare(node) else self._faithful(node, splits=True)
        return self._faithful(node, splits=splits)

    def _faithful(self, node: Node, *, splits: bool) -> Values:
        values = self._word(self._words.word(node)) if not _turns_into_more(node, splits=splits) else None
        if values is None or not splits:
            return values
        if node.type == "concatenation":
            bare = any(self._breaks(child) for child in node.children)
        else:
            bare = self._breaks(node)
        return None if bare else values

    def _breaks(self, node: Node) -> bool:
        if node.type not in _BARE:
            return False
        values = self._word(self._words.word(node))
        return values is None or any(not value or _BREAKS.search(value) for value in values)

    def _assigned(self, name: str, assigned: Iterable[Assignment], outside: str | None) -> Values:
        values = set() if outside is None else {outside}
        self._open.add(name)
        try:
            for one in assigned:
                found = self._given(one)
                if found is None:
                    return None
                values |= found
        finally:
            self._open.discard(name)
        return frozenset(values) if len(values) <= _MOST_VALUES else None

    def _given(self, one: Assignment) -> Values:
        if one.empty:
            return frozenset({""})
        if one.sure and one.offset in self._zeros and one.value is not None and one.value.text in _STATUS:
            return _ZERO
        return self.node(one.value, splits=one.splits) if one.value is not None else None

    def _word(self, word: Word) -> Values:
        pieces: list[list[str]] = []
        for part in word.parts:
            values = self._part(part)
            if values is None:
                return None
            pieces.append(sorted(values))
        if sum(max(map(len, piece)) for piece in pieces) > _LONGEST:
            return None
        values = frozenset("".join(parts) for parts in itertools.islice(itertools.product(*pieces), _MOST_VALUES + 1))
        return values if len(values) <= _MOST_VALUES else None

    def _part(self, part: Part) -> Values:
        if part.kind == "text":
            return frozenset({part.text})
        if part.kind == "variable":
            return self.of(part.text, part.offset)
        return self._computed(part) if part.kind == "dynamic" else None

    def _computed(self, part: Part) -> Values:
        match = _DEFAULTED.fullmatch(part.text)
        if match:
            values = self.of(match[1], part.offset)
            return None if values is None else frozenset(_defaulted(value, match[2], match[3]) for value in values)
        if part.text.startswith("$(") and not part.text.startswith("$(("):
            return printed(part.text[2:-1], lambda words: self._output(words, part.offset))
        return None

    def _output(self, words: Sequence[Word], offset: int) -> str | None:
        known = [self._single(word, offset) for word in words]
        told = [word for word in known if word is not None]
        return self._surroundings.output(told) if len(told) == len(known) else None

    def _single(self, word: Word, offset: int) -> str | None:
        parts = tuple(Part(part.kind, part.text, offset, part.literal) for part in word.parts)
        values = self._word(Word(parts, offset))
        return next(iter(values)) if values is not None and len(values) == 1 else None


_BARE = frozenset({"simple_expansion", "expansion", "command_substitution"})


def _defaulted(value: str, sign: str, default: str) -> str:
    """`${x-d}`, `${x:-d}`, `${x+d}` and `${x:+d}` of a variable that is set."""
    if sign.endswith("-"):
        return default if sign == ":-" and not value else value
    return "" if sign == ":+" and not value else default


def _has_bare(node: Node) -> bool:
    return node.type in _BARE or (node.type == "concatenation" and any(child.type in _BARE for child in node.children))


def _turns_into_more(node: Node, *, splits: bool) -> bool:
    """Whether the shell makes more of a word than its characters and variables: a home folder, paths, a list."""
    for one in node.children if node.type == "concatenation" else (node,):
        text = (one.text or b"").decode("ascii", "replace")
        if one.type == "ansi_c_string":
            if "\\" in text:
                return True
        elif one.type in {"word", "number", "extglob_pattern"}:
            if "~" in text or "{" in text or (splits and _PATTERN.intersection(text)):
                return True
        elif one.type in {"brace_expression", "array"}:
            return True
    return False
