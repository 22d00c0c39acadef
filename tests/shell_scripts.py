"""Scripts made up from a grammar, and what the real bash makes of them."""

import contextlib
import itertools
import os
import random
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KNOWN = {"CI": "true", "EMPTY": "", "WORD": "abc", "NUMBER": "3"}
_HIDDEN = {"HIDDEN": "yes", "PATH": "/usr/bin:/bin"}
"""Variables that every run has, and that nobody tells the reader of."""

_TRAPPED = 0.1
_LONGEST = 5
"""Seconds."""

MODES = {
    "plain": (),
    "errexit": ("-e",),
    "strict": ("-e", "-o", "pipefail"),
    "unset": ("-u",),
}

_NAMES = ("a", "b", "c", "CI", "WORD")
_VALUES = (
    *("0", "1", "3", "abc", "''", '"x y"', "true", "$a", '"$b"', "$NUMBER", '"$WORD"x', "${c:-1}", "${a-0}", "'*'"),
    *("$c", "~", "$'x\\ty'", "$?", '"$?"'),
)
_FUNCTIONS = ("f", "g")
_OPTIONS = ("-e", "+e", "-o pipefail", "+o pipefail", "-u", "+u", "-Eeu", "-eo pipefail", "-- 1 2", "-x +e")
_WORDS = (
    *('"$a"', '"$b"', '"$WORD"', '"$EMPTY"', '"$CI"', '"$HIDDEN"', "$a", "$c", "abc", '""', "3", '"${a:-z}"'),
    *('"${EMPTY-z}"', '"${WORD:+z}"', "$EMPTY"),
)
_NUMBERS = ("1", "3", "$?", '"$NUMBER"', '"$a"', "$c", "0", "010")
_PATTERNS = ("a*", "$a", '"$a"*', "?")
_STATUSES = ("0", "1", "3", "256", "$a", '"$b"', "$?", "", "1 2")
_INPUTS = ("abc", '""', '"$a"')
_LISTS = ("", "1 2", "abc", "$a", '"x y" 3')
_CASES = ("abc", "a*", "'1'|3", '"$a"')
_LEAVES = (
    ": ${MISSING:?}",
    ': "${a:?none}"',
    ': "${EMPTY?}"',
    ": ${c:=1}",
    'echo "$MISSING" >/dev/null',
    "eval 'exit 3'",
    'eval "$a"',
    "$a",
    '"$WORD"',
    "command exit 2",
    "builtin false",
    '"$@"',
    "exec false",
    "exec 2>&1",
)
_BUILTINS = (
    "printf '%s' x >/dev/null",
    "printf '%d' $WORD >/dev/null",
    "shift",
    "wait",
    "let c=0",
    "let a=1",
    "cd .",
    "unset a",
    "unset -f f",
    "readonly b=1",
    "declare c",
    "a+=1",
    "shopt -s nullglob",
    "x=$((1/c))",
    "echo x > missing/x",
    "cat < missing",
)
_TRAPS = (
    "trap 'exit 0' EXIT",
    "trap 'exit 4' EXIT",
    "trap 'false' ERR",
    "trap - EXIT",
    "trap 'a=1' EXIT",
    "trap g EXIT",
)
ACCIDENTS = re.compile(r"-\w*u|trap g|-Eeu|printf|shift|read|missing|1/c|unset|cd |declare|\$\{\w+\?")
"""What fails by accident."""


@dataclass
class _Writer:
    """Writes statements. Each `echo` says a number of its own, so that bash tells by where it came."""

    random: random.Random
    numbers: Iterator[int]
    callable: tuple[str, ...] = _FUNCTIONS
    """Which functions may be called: none that would lead back to where the writer is."""

    def choose(self, *options: str) -> str:
        return self.random.choice(options)

    def mark(self) -> str:
        return f"echo @{next(self.numbers)} >&2"

    def block(self, depth: int, most: int = 3) -> str:
        """Statements, each on a line of its own."""
        return "".join(f"{self.statement(depth)}\n" for _ in range(self.random.randint(1, most)))

    def test(self) -> str:
        text = f"{self.choose(*_WORDS)} {self.choose('=', '!=', '==')} {self.choose(*_WORDS)}"
        number = f"{self.choose(*_NUMBERS)} {self.choose('-eq', '-ne', '-lt', '-ge')} {self.choose(*_NUMBERS)}"
        unary = f"{self.choose('-n', '-z', '!', '! -z', '')} {self.choose(*_WORDS)}"
        one = self.choose(text, number, unary)
        return self.choose(
            f"[ {one} ]",
            f"test {one}",
            f"[[ {one} ]]",
            f"[[ {one} {self.choose('&&', '||')} {self.choose(text, unary)} ]]",
            f"[[ {self.choose(*_WORDS)} == {self.choose(*_PATTERNS)} ]]",
            f"[ ! {text} ]",
            f"[ {text} -a {number} ]",
            f"(( {self.choose('0', '1', 'a', 'NUMBER > 1', 'c == 0', 'c = 2')} ))",
        )

    def simple(self) -> str:
        """A command without others in it."""
        value, name = self.choose(*_VALUES), self.choose(*_NAMES)
        common = (self.mark(), self.mark(), "true", "false", "false", f"exit {self.choose(*_STATUSES)}")
        assigned = (f"{name}={value}", f"{name}={value}", f"export {name}={value}", f"local {name}={value}")
        function = self.choose(*self.callable, "true")
        called = (f"{self.choose('', 'time ')}{function} {value}", f"CI=x {function}")
        flow = (f"return {self.choose('0', '1', '$c', '')}", self.choose("break", "continue", "break 2"))
        rare = (self.choose(*_LEAVES), self.choose(*_BUILTINS), self.choose(*_BUILTINS))
        option, given = f"set {self.choose(*_OPTIONS)}", f"read -r {name} <<< {self.choose(*_INPUTS)}"
        return self.choose(*common, *assigned, *called, *flow, *rare, option, given, self.test(), self.test())

    def command(self, depth: int) -> str:
        return self.simple() if depth <= 0 or self.random.random() < 0.5 else self.compound(depth - 1)

    def compound(self, depth: int) -> str:
        """A statement with others in it."""
        kinds = (self._if, self._if, self._group, self._loop, self._case, self._function, self._value, self._document)
        return self.random.choice(kinds)(depth)

    def _if(self, depth: int) -> str:
        end = self.random.randint(0, 2)
        other = f"else\n{self.block(depth)}" if end else ""
        if end == 2:
            other = f"elif {self.command(depth)}\nthen\n{self.block(depth)}{other}"
        return f"if {self.command(depth)}\nthen\n{self.block(depth)}{other}fi"

    def _group(self, depth: int) -> str:
        block = self.block(depth)
        flags = self.choose("-c", "-ec", "-e -c", "-eo pipefail -c", "-uc", "-Eeuc")
        inner = block.replace("'", '"')
        return self.choose(f"( {block})", f"{{ {block}}}", f"{{ {block}}} &", f"bash {flags} '{inner}'")

    def _loop(self, depth: int) -> str:
        loop, count = self.choose("while", "until"), f"n{next(self.numbers)}"
        sign = "-lt" if loop == "while" else "-ge"
        block, name = self.block(depth), self.choose("a", "line")
        return self.choose(
            f"for {name} in {self.choose(*_LISTS)}; do\n{block}done",
            f"{count}=0\n{loop} [ ${count} {sign} 2 ]; do\n{count}=$(({count}+1))\n{block}done",
            f"while read -r {name}; do\n{block}done <<< {self.choose(*_INPUTS)}",
            f"for ((i=0; i<2; i++)); do\n{block}done",
        )

    def _case(self, depth: int) -> str:
        ends = self.choose(";;", ";;", ";&", ";;&")
        last = self.choose("", f"*)\n{self.block(depth)};;\n")
        first = f"{self.choose(*_CASES)})\n{self.block(depth)}{ends}\n0)\n{self.block(depth)};;\n"
        return f"case {self.choose(*_WORDS)} in\n{first}{last}esac"

    def _function(self, depth: int) -> str:
        if not self.callable:
            return self._group(depth)
        opening, closing = self.choose("{}", "()")
        before, name = self.callable, self.choose(*self.callable)
        self.callable = before[: before.index(name)]
        block = self.block(depth)
        self.callable = before
        return f"{name}() {opening}\n{block}{closing}"

    def _value(self, depth: int) -> str:
        block, quote = self.block(depth), self.choose("", '"')
        name = self.choose("a", "b", "export a", "local b", "c")
        return self.choose(
            f"{name}={quote}$({block}){quote}",
            f"c=${{{self.choose('a', 'MISSING')}:-$({block})}}",
            f"x=`{self.choose('true', 'false', 'exit 3', 'echo $a')}`",
            f"echo $({block}) >/dev/null",
        )

    def _document(self, _: int) -> str:
        tail = self.choose("", "| ", "|| ", "&& ")
        return f"cat <<END >/dev/null {tail}{self.simple() if tail else ''}\ntext\nEND"

    def statement(self, depth: int) -> str:
        """A statement, alone or in a chain."""
        first, second = self.command(depth), self.simple()
        if first.endswith(("END", "&")) or "() " in first.partition("\n")[0]:
            return first
        chains = [first, first, f"{first} || true", f"{first} || {second}", f"{first} && {second}", f"{first} | cat"]
        chains += [f"{first} | {second}", f"{first} && {second} || {self.simple()}", f"! {second} | {self.simple()}"]
        if "\n" not in first and not first.startswith("!"):
            chains.append(f"! {first}")
        return self.choose(*chains)


def script_of(seed: int) -> str:
    """A script that ends by itself: nothing calls itself, and only the script itself sets a trap, once."""
    writer = _Writer(random.Random(seed), itertools.count(1))  # noqa: S311 - no secret is made of it
    first = f"{writer.choose(*_TRAPS)}\n" if writer.random.random() < _TRAPPED else ""
    return writer.block(2, most=6) + first + writer.block(2, most=4)


@dataclass(frozen=True)
class Ran:
    """What bash did."""

    status: int
    marks: frozenset[str]


def run(script: str, options: tuple[str, ...], folder: Path) -> Ran:
    """Runs a script in an empty folder, with a short list of variables; whatever it has started ends with it."""
    (folder / "script").write_text(script)
    (folder / "empty").mkdir(exist_ok=True)
    process = subprocess.Popen(
        ["bash", *options, str(folder / "script")],
        env={**KNOWN, **_HIDDEN},
        cwd=folder / "empty",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=_LONGEST)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    lines = said.decode("utf-8", "replace").split("\n")
    return Ran(process.returncode, frozenset(line for line in lines if re.fullmatch(r"@\d+", line)))
