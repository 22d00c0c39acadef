r"""Patterns of refs as GitHub matches them: Ruby's `File.fnmatch` with `FNM_PATHNAME`.

`*` and `?` stay within a segment, `**/` at the beginning of one is any number of whole segments, `**` anywhere else is
`*`, `[...]` is a class with `!` or `^` before it for anything else, `\\` takes the next character as it is. Sources:
https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
and https://docs.ruby-lang.org/en/master/File.html#method-c-fnmatch. A segment of a ref never begins with a dot, so what
Ruby does about those does not matter.
"""

from collections.abc import Iterator
from typing import NamedTuple

from govcheck.records import frozen


class _Token(NamedTuple):
    """One element of a pattern."""

    kind: str
    """`char`, `star`, `folders` or `never`."""

    ranges: tuple[tuple[str, str], ...] = ()
    """The characters of a `char`, as ranges."""

    negated: bool = False

    def takes(self, character: str) -> bool:
        """Whether a `char` matches this one; a slash is only ever matched by itself."""
        if character == "/":
            return not self.negated and self.ranges == (("/", "/"),)
        return any(low <= character <= high for low, high in self.ranges) is not self.negated


State = frozenset[int]
"""Where in a pattern one may be: twice the token's number, and one more within a folder of `**/`."""


@frozen
class RefPattern:
    """A pattern, taken apart. It matches a character at a time."""

    text: str
    tokens: tuple[_Token, ...]

    @classmethod
    def of(cls, text: str) -> "RefPattern":
        """The pattern of a text."""
        return cls(text, tuple(_tokens(text)))

    @property
    def start(self) -> State:
        """Before the first character."""
        return self._closed({0})

    def step(self, state: State, character: str) -> State:
        """After one character more."""
        after: set[int] = set()
        for place in state:
            number, inside = divmod(place, 2)
            token = self.tokens[number] if number < len(self.tokens) else None
            if token is None:
                continue
            if token.kind == "folders":
                if character != "/":
                    after.add(2 * number + 1)
                elif inside:
                    after.add(2 * number)
            elif token.kind == "star" and character != "/":
                after.add(place)
            elif token.kind == "char" and token.takes(character):
                after.add(2 * (number + 1))
        return self._closed(after)

    def accepts(self, state: State) -> bool:
        """Whether what was read so far matches."""
        return 2 * len(self.tokens) in state

    def matches(self, ref: str) -> bool:
        """Whether the pattern matches a whole ref."""
        state = self.start
        for character in ref:
            state = self.step(state, character)
        return self.accepts(state)

    def edges(self) -> Iterator[str]:
        """The characters at which one that is told apart from the one before it begins."""
        for token in self.tokens:
            for low, high in token.ranges:
                yield low
                yield chr(ord(high) + 1)

    def _closed(self, places: set[int]) -> State:
        """With everything that is reached without a character."""
        waiting = list(places)
        while waiting:
            number, inside = divmod(waiting.pop(), 2)
            skips = not inside and number < len(self.tokens) and self.tokens[number].kind in {"star", "folders"}
            if skips and 2 * (number + 1) not in places:
                places.add(2 * (number + 1))
                waiting.append(2 * (number + 1))
        return frozenset(places)


def is_pattern(text: str) -> bool:
    """Whether a name is a pattern: no ref has one of these characters in its name."""
    return any(character in text for character in "*?[")


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        at_beginning = place == 0 or text[place - 1] == "/"
        if at_beginning and text.startswith("**/", place):
            yield _Token("folders")
            place += len("**/")
        elif text[place] == "*":
            yield _Token("star")
            while text[place : place + 1] == "*":
                place += 1
        elif text[place] == "?":
            yield _Token("char", negated=True)
            place += 1
        elif text[place] == "[":
            token, place = _bracket(text, place + 1)
            yield token
        else:
            place += text[place] == "\\" and place + 1 < len(text)
            yield _Token("char", ((text[place], text[place]),))
            place += 1


def _bracket(text: str, place: int) -> tuple[_Token, int]:
    """A class, and where it ends; one that does not end matches nothing."""
    negated = text[place : place + 1] in {"!", "^"}
    place += negated
    ranges: list[tuple[str, str]] = []
    while place < len(text) and text[place] != "]":
        low, place = _member(text, place)
        high = low
        if text[place : place + 1] == "-" and text[place + 1 : place + 2] not in {"", "]"}:
            high, place = _member(text, place + 1)
        # Ruby takes both ends of a range, even of one that is the wrong way round.
        ranges += [(low, high)] if low <= high else [(low, low), (high, high)]
    if place >= len(text):
        return _Token("never"), place
    return _Token("char", tuple(one for one in ranges if one != ("/", "/")), negated), place + 1


def _member(text: str, place: int) -> tuple[str, int]:
    place += text[place] == "\\" and place + 1 < len(text)
    return text[place], place + 1
