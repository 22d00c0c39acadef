"""Where the keys and values of a TOML text stand. The text is known to be valid: nothing is refused here."""

import re
import tomllib

from govcheck.sources.document_errors import Places

Steps = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, both from 1."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')[ \t]*""")
_STRING = re.compile(r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*\'''', re.DOTALL)
_PLAIN = re.compile(r"[^,\]}#\n]+")


def scan(text: str) -> dict[Steps, tuple[Place, Place]]:
    """For everything that has a key or a number: where its key stands, and where its value."""
    scanner = _Scanner(text)
    scanner.run()
    return scanner.found


class _Scanner:
    def __init__(self, text: str) -> None:
        self.found: dict[Steps, tuple[Place, Place]] = {}
        self._text = text
        self._at = 0
        self._places = Places(text)
        self._tables: dict[Steps, int] = {}
        """Arrays of tables, each with the number of its last one."""

    def run(self) -> None:
        table: Steps = ()
        self._skip()
        while self._at < len(self._text):
            before = self._at
            table = self._header() if self._text[self._at] == "[" else self._pair(table)
            self._skip()
            if self._at == before:
                return

    def _skip(self) -> None:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _keys(self) -> list[str]:
        keys = []
        while part := _KEY_PART.match(self._text, self._at):
            self._at = part.end()
            keys.append(_read(part[1]))
            if self._text[self._at : self._at + 1] != ".":
                break
            self._at += 1
        return keys

    def _header(self) -> Steps:
        place = self._places.of(self._at)
        many = self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        keys = self._keys()
        self._at += 2 if many else 1
        steps: Steps = ()
        for number, key in enumerate(keys):
            steps = (*steps, key)
            self.found.setdefault(steps, (place, place))
            last = number == len(keys) - 1
            if last and many:
                self._tables[steps] = self._tables.get(steps, -1) + 1
            if steps in self._tables:
                steps = (*steps, self._tables[steps])
                self.found.setdefault(steps, (place, place))
        return steps

    def _pair(self, table: Steps) -> Steps:
        self._key_and_value(table)
        return table

    def _key_and_value(self, table: Steps) -> None:
        place = self._places.of(self._at)
        keys = self._keys()
        steps = table
        for key in keys:
            steps = (*steps, key)
            self.found.setdefault(steps, (place, place))
        self._at += 1
        self._skip()
        self.found[steps] = (place, self._places.of(self._at))
        self._value(steps)

    def _value(self, steps: Steps) -> None:
        character = self._text[self._at : self._at + 1]
        if character == "[":
            self._array(steps)
        elif character == "{":
            self._inline(steps)
        else:
            found = _STRING.match(self._text, self._at) or _PLAIN.match(self._text, self._at)
            self._at = found.end() if found else self._at + 1

    def _array(self, steps: Steps) -> None:
        self._at += 1
        number = 0
        self._skip()
        while self._at < len(self._text) and self._text[self._at] != "]":
            place = self._places.of(self._at)
            self.found[(*steps, number)] = (place, place)
            self._value((*steps, number))
            number += 1
            self._past_comma()
        self._at += 1

    def _inline(self, steps: Steps) -> None:
        self._at += 1
        self._skip()
        while self._at < len(self._text) and self._text[self._at] != "}":
            self._key_and_value(steps)
            self._past_comma()
        self._at += 1

    def _past_comma(self) -> None:
        self._skip()
        if self._text[self._at : self._at + 1] == ",":
            self._at += 1
        self._skip()


def _read(part: str) -> str:
    return next(iter(tomllib.loads(f"{part} = 0"))) if part[:1] in {'"', "'"} else part
