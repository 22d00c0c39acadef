"""What is wrong with a YAML text, in plain English and at its place."""

import re

from yaml import MarkedYAMLError
from yaml.error import Mark

LINE_END = re.compile("\r\n|\r|\n")
"""Where a line ends: https://yaml.org/spec/1.2.2/#54-line-break-characters."""

_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What no YAML file may contain: https://yaml.org/spec/1.2.2/#51-character-set. The set of what it may takes `re` ten
times as long to compile."""


class YamlError(Exception):
    """One thing that makes a text unreadable as YAML."""

    def __init__(self, line: int, column: int, message: str, *, github_rejects: bool = False) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.line = line
        """The first line is 1."""
        self.column = column
        """In characters, the first is 1."""
        self.message = message
        """One sentence without a full stop at its end."""
        self.github_rejects = github_rejects
        """True where GitHub rejects a workflow file for the same reason; False where perhaps only we cannot read it."""


_MESSAGES: tuple[tuple[str, str, bool], ...] = (
    (
        "mapping values are not allowed",
        "`:` cannot stand here: a text that contains `: ` needs quotes, and the keys of one mapping share one column",
        True,
    ),
    (
        "parsing a flow sequence",
        "the list that `[` opens at line {line} is not closed: `,` or `]` is missing before this",
        True,
    ),
    (
        "parsing a flow mapping",
        "the mapping that `{{` opens at line {line} is not closed: `,` or `}}` is missing before this",
        True,
    ),
    (
        "parsing a block mapping",
        "this does not continue the mapping of line {line}: its keys begin in column {column}, or quotes end early",
        True,
    ),
    (
        "parsing a block collection",
        "this does not continue the list of line {line}, whose items begin with `- ` in column {column}",
        True,
    ),
    ("sequence entries are not allowed", "`- ` cannot stand here: items of a list begin on lines of their own", True),
    ("keys are not allowed", "`?` cannot stand here: a text that begins with `? ` needs quotes", True),
    ("unexpected end of stream", "the quote that opens here is never closed", True),
    ("unexpected document", "the quote that opens here is not closed before `---` or `...`", True),
    (
        "unknown escape",
        "`{found}` is no escape of a text in double quotes: double the backslash, or quote singly",
        True,
    ),
    ("invalid unicode character escape", "this escape names no Unicode character", False),
    ("hexdecimal", "an escape needs hexadecimal digits here", True),
    ("hexadecimal", "an escape needs hexadecimal digits here", True),
    ("could not find expected ':'", "`:` is missing after the key that begins at line {line}", True),
    ("node content", "a value is missing before this", True),
    ("document start", "nothing but a new document (`---`) can follow what stands before this", True),
    ("an alias", "a text that begins with `*` needs quotes", True),
    ("an anchor", "a text that begins with `&` needs quotes", True),
    ("tag", "a text that begins with `!` needs quotes", True),
    ("equal to 0", "the indentation of a block is a digit from 1 to 9", True),
    ("but found 0", "the indentation of a block is a digit from 1 to 9", True),
    ("violate", "a tab cannot stand here: indent with spaces", True),
    ("tab character", "a tab stands where the indentation needs spaces", False),
    ("a block scalar", "after `{opening}` only a digit, `+`, `-` or a comment can stand on this line", True),
    ("incompatible yaml", "only YAML 1.1 and 1.2 can be read", False),
    ("nesting depth", "lists and mappings are nested more than {depth} deep", True),
    ("directive", "a line that begins with `%` is a directive, and this one is not known", False),
)
"""A part of what PyYAML says (its C and its Python parser alike), what we say, and whether GitHub's reader agrees.

GitHub reads with a port of the same parser; it differs where the last member is False.
"""


def syntax_error(error: MarkedYAMLError, text: str, depth: int) -> YamlError:
    """A message of PyYAML's in our words; newer ones refuse deep nesting before `depth` is looked at."""
    problem, context = error.problem or "", error.context or ""
    line, column, found = _at(error.problem_mark or error.context_mark, text)
    if "cannot start any token" in problem:
        return YamlError(line, column, _no_token(found[:1]), github_rejects=True)
    start_line, start_column, opening = _at(error.context_mark or error.problem_mark, text)
    said = f"{problem} {context}".lower()
    for part, message, github_rejects in _MESSAGES:
        if part in said:
            filled = message.format(
                found=found[:2], line=start_line, column=start_column, opening=opening[:1], depth=depth
            )
            if part.startswith("unexpected"):
                line, column = start_line, start_column
            return YamlError(line, column, filled, github_rejects=github_rejects)
    return YamlError(line, column, f"not valid YAML: {problem}")


def not_printable(text: str) -> YamlError | None:
    """The first character that no YAML file may contain."""
    match = _NOT_PRINTABLE.search(text)
    if not match:
        return None
    line, column = position(text, match.start())
    code = ord(match.group())
    if code == 0 and text.count("\0") * 3 > len(text):
        return YamlError(line, column, "this looks like UTF-16: save the file as UTF-8")
    what = "a lone surrogate" if 0xD800 <= code <= 0xDFFF else "a control character"  # noqa: PLR2004 - Unicode's own range
    return YamlError(
        line, column, f"{what} (U+{code:04X}) cannot stand in YAML: write it as an escape in double quotes"
    )


def not_utf8(data: bytes, error: UnicodeDecodeError) -> YamlError:
    """Bytes that are not UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return YamlError(1, 1, "this file is UTF-16: save it as UTF-8")
    line, column = position(data[: error.start].decode(), error.start)
    return YamlError(line, column, f"byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8")


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column of a character, both from 1. Lines end as YAML 1.2 has it: CR LF, LF or CR."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _no_token(found: str) -> str:
    if found == "\t":
        return "a tab cannot stand here: indent with spaces"
    return f"a text that begins with `{found}` needs quotes"


def _at(mark: Mark | None, text: str) -> tuple[int, int, str]:
    """Line and column, both from 1, and the rest of the line there; empty at a line's end."""
    if mark is None:
        return 1, 1, ""
    lines = LINE_END.split(text)
    if mark.line >= len(lines):  # the parser's own line end after a last line that has none
        return len(lines), len(lines[-1]) + 1, ""
    return mark.line + 1, mark.column + 1, lines[mark.line][mark.column :]


def shown(text: str, longest: int = 60) -> str:
    """A name from a file as a message can carry it: one line, no control characters, not endless."""
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in cut)
