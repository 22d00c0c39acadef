r"""A CODEOWNERS file, line by line, as GitHub reads it.

A line is a pattern and its owners, apart by blanks; a blank in a path is written `\ `. A `#` at the beginning of a
line, or after a blank, begins a comment. A line that has wrong syntax is skipped, and the others count. What GitLab
has beyond that (sections, roles, exclusions) is wrong syntax on GitHub.

Sources: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
and, for brackets, GitHub's own message "both `[` and `]` must be escaped", https://github.com/open-sauced/pizza-cli/issues/100
"""

import re
from collections.abc import Iterator

from govcheck import globs
from govcheck.codeowners.owners import Owner, problem, read_owner
from govcheck.paths import decode
from govcheck.records import frozen

LOCATIONS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, in this order; the first file that is there is the only one that counts."""

SIZE_LIMIT = 3 * 1024 * 1024
"""In bytes. GitHub loads files "under 3 MB"; it does not say of which kind its megabytes are."""

_SMALLEST_LIMIT = 3_000_000
_UTF_8_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORD = re.compile(r"(?:\\.|[^\\ \t]|\\$)+")
_GITLAB_SECTION = re.compile(r"\^?\[[^\]/]+\](?:\[\d+\])?(?=[ \t]|$)")


@frozen(kw_only=True)
class Rule:
    """One line that counts."""

    pattern: str
    """As it is written, escapes included."""

    line: int
    column: int
    owners: tuple[Owner, ...]
    """None at all: what the pattern matches has no owner, whatever the lines before say."""

    @property
    def words(self) -> str:
        """The line without its comment and its padding."""
        return " ".join((self.pattern, *(owner.text for owner in self.owners)))


@frozen(kw_only=True)
class Skipped:
    """One line that GitHub skips, or whose reading is not known."""

    line: int
    column: int
    """Where the trouble begins; the first column is 1."""

    source: str
    """The whole line."""

    pattern: str
    """Its first word."""

    message: str
    """A clause: what is wrong with it, and what to write instead."""

    certain: bool = True
    """False where GitHub does not say what it makes of such a line."""


@frozen(kw_only=True)
class Codeowners:
    """One file."""

    rules: tuple[Rule, ...] = ()
    """In the order of the file. A line whose reading is not certain is among them."""

    skipped: tuple[Skipped, ...] = ()
    unloaded: str | None = None
    """Why GitHub does not load the file at all, or may not: a clause."""

    certain: bool = True
    """False where it only may not load it."""


def parse(content: bytes) -> Codeowners:
    """The file, whatever it holds."""
    if len(content) >= _SMALLEST_LIMIT:
        why = f"it has {len(content):,} bytes, and GitHub loads none of 3 MB or more"
        return Codeowners(unloaded=why, certain=len(content) >= SIZE_LIMIT)
    if content.startswith(_UTF_16_MARKS) or b"\0" in content:
        return Codeowners(unloaded="it is not UTF-8 text, and GitHub does not say what it makes of it", certain=False)
    read = [*_lines(content)]
    return Codeowners(
        rules=tuple(one for one in read if isinstance(one, Rule)),
        skipped=tuple(one for one in read if isinstance(one, Skipped)),
    )


def _lines(content: bytes) -> Iterator[Rule | Skipped]:
    marked = content.startswith(_UTF_8_MARK)
    for number, raw in enumerate(content.removeprefix(_UTF_8_MARK).split(b"\n"), 1):
        source = decode(raw).rstrip(" \t\r")
        words = [*_words(source)]
        if not words:
            continue
        trouble = _trouble(source, words)
        if trouble is None or not trouble.certain:
            yield _rule(number, words)
        if trouble is None and marked and number == 1:
            trouble = _Trouble(1, "a byte order mark stands before it: save the file without one", certain=False)
        if trouble is not None:
            yield Skipped(
                line=number,
                column=trouble.column,
                source=source,
                pattern=words[0][1],
                message=trouble.message,
                certain=trouble.certain,
            )


_Word = tuple[int, str]
"""Column and text."""


def _words(source: str) -> Iterator[_Word]:
    """The line's words up to a comment."""
    for found in _WORD.finditer(source):
        if found[0].startswith("#"):
            return
        yield found.start() + 1, found[0]


@frozen
class _Trouble:
    column: int
    message: str
    certain: bool = True


def _trouble(source: str, words: list[_Word]) -> _Trouble | None:
    column, pattern = words[0]
    if _GITLAB_SECTION.match(source, column - 1):
        return _Trouble(column, "`[...]` opens a section on GitLab, and GitHub has none: write it as a comment")
    if wrong := globs.problems(pattern, "codeowners"):
        return _Trouble(column, wrong)
    for place, owner in words[1:]:
        if wrong := problem(owner):
            return _Trouble(place, f"`{owner}` is no owner: {wrong}")
    if not source.isascii() and any("\udc80" <= character <= "\udcff" for character in source):
        return _Trouble(column, "it is not UTF-8, and GitHub does not say what it makes of it", certain=False)
    return None


def _rule(line: int, words: list[_Word]) -> Rule:
    (column, pattern), *owners = words
    return Rule(
        pattern=pattern,
        line=line,
        column=column,
        owners=tuple(read_owner(text, place) for place, text in owners),
    )
