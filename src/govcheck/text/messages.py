"""What a commit's message says: subject, trailers, and the parts of a conventional one."""

import re
from collections.abc import Iterator

from govcheck.records import frozen

CONVENTIONAL = re.compile(
    r"(?P<type>[A-Za-z][A-Za-z0-9_-]*)(?:\((?P<scope>[^()\r\n]+)\))?(?P<breaking>!)?: +(?P<text>\S.*)"
)
"""The first line of https://www.conventionalcommits.org/en/v1.0.0/#specification (1 to 5, 13 and 15)."""

_TRAILER = re.compile(r"(?P<key>[A-Za-z0-9-]+)[ \t]*:(?P<value>.*)")
_GENERATED = ("Signed-off-by: ", "(cherry picked from commit ")
_SHARE = 4
"""Of a last paragraph with a line that git itself writes, one in so many lines has to be a trailer."""

_PERSON = re.compile(r"(?P<name>.*?)\s*<(?P<email>[^<>]*)>\s*")
_REVERT = 'Revert "'
_FIXUPS = ("fixup! ", "squash! ", "amend! ")


@frozen
class Trailer:
    """One `Key: value` of a message's last paragraph, with the lines that go on with it."""

    key: str
    value: str

    def names(self, key: str) -> bool:
        """Whether it has this key; case does not count."""
        return self.key.lower() == key.lower()


def subject(message: str) -> str:
    """The first paragraph in one line, as git shows it."""
    return " ".join(" ".join(message.strip("\n").partition("\n\n")[0].split("\n")).split())


def is_revert(message: str) -> bool:
    """Whether `git revert` made it."""
    return message.startswith(_REVERT)


def is_fixup(message: str) -> bool:
    """Whether `git commit --fixup` or `--squash` made it, to be folded into another one."""
    return message.startswith(_FIXUPS)


def trailers(message: str) -> tuple[Trailer, ...]:
    """The trailers of a message without comments, as `git interpret-trailers --parse --no-divider` finds them.

    Source: https://git-scm.com/docs/git-interpret-trailers
    """
    paragraphs = [part for part in re.split(r"\n[ \t]*(?:\n[ \t]*)*\n", message.strip()) if part]
    if len(paragraphs) < 2:  # noqa: PLR2004 - the first one is the subject
        return ()
    lines = paragraphs[-1].split("\n")
    return tuple(_joined(lines)) if _is_block(lines) else ()


def person(value: str) -> tuple[str, str] | None:
    """Name and address of `Ada <ada@example.com>`; None where it is not like that."""
    found = _PERSON.fullmatch(value.strip())
    return (found["name"].strip(), found["email"].strip()) if found else None


def _is_block(lines: list[str]) -> bool:
    known = others = 0
    generated = goes_on = False
    for line in lines:
        if line[:1] in " \t":
            others += not goes_on
            continue
        is_own = line.startswith(_GENERATED)
        generated |= is_own
        goes_on = is_own or _TRAILER.fullmatch(line) is not None
        known += goes_on
        others += not goes_on
    return known > 0 and (not others or (generated and known * (_SHARE - 1) >= others))


def _joined(lines: list[str]) -> Iterator[Trailer]:
    key, value = "", ""
    for line in lines:
        found = _TRAILER.fullmatch(line)
        if key and line[:1] in " \t":
            value = f"{value} {line.strip()}"
            continue
        if key:
            yield Trailer(key, value.strip())
        key, value = (found["key"], found["value"]) if found else ("", "")
    if key:
        yield Trailer(key, value.strip())
