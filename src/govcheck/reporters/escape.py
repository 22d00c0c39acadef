"""Text that came from outside, made fit to be shown: on a terminal, in a log of GitHub Actions, on a page."""

import re

from govcheck import paths

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

_MARKDOWN = re.compile(r"[^\w\s,./-]|_|www\.", re.IGNORECASE | re.ASCII)


def visible(text: str) -> str:
    r"""One line in which every character can be seen: controls, bidi marks, odd spaces as `\n`, `\x1b`, `\u202e`."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def path(value: str) -> str:
    """A path as `paths.decode` gives it, fit to be shown."""
    return visible(paths.display(value))


def log_line(line: str) -> str:
    r"""A line that a GitHub Actions runner takes for text, whatever it holds: `::` in front becomes `\x3a:`.

    The runner looks for `::` behind any leading space, and for `##[` anywhere in the line:
    https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
    """
    text = line.lstrip()
    if text.startswith("::"):
        line = f"{line[: len(line) - len(text)]}\\x3a{text[1:]}"
    return without_prefix(line)


def without_prefix(line: str) -> str:
    """A line without `##[`, which opens a command of the runner's older form wherever it stands."""
    return line.replace("##[", "#\\x23[")


def cut(text: str, longest: int) -> str:
    """The text itself, or its beginning and how much more there is; never more than `longest` characters."""
    if len(text) <= longest:
        return text
    room = longest - len(f"… ({len(text)} more characters)")
    return f"{text[: max(room, 0)]}… ({len(text) - max(room, 0)} more characters)"


def markdown(text: str) -> str:
    """Text that neither Markdown nor HTML gives a meaning to: all such characters as numeric references.

    A reference cannot stand in for structure: https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references
    """
    return _MARKDOWN.sub(_references, visible(text))


def _escaped(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    shown = paths.display(character)
    if shown != character:
        return shown
    if code <= 0xFF:  # noqa: PLR2004 - what two hexadecimal digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - what four of them hold


def _references(found: re.Match[str]) -> str:
    return "".join(character if character.isalnum() else f"&#{ord(character)};" for character in found.group())
