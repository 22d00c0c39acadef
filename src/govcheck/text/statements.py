"""What the text of a pull request states under a name: `Wide change: the generated client`.

As a line, or as a heading with something below it. What stands in a quotation, a comment or code states nothing.
"""

import re
from collections.abc import Sequence

from govcheck.documents.markdown import Line

_NOTHING = frozenset({"", "n/a", "na", "no", "none", "nil", "nothing", "reason", "tbd", "todo", "why", "yes"})
"""Words that give no reason, in small letters and without marks around them."""


def statement(lines: Sequence[Line], name: str) -> str | None:
    """What is stated under the name; None where nothing is, or nothing that gives a reason."""
    start = re.compile(rf"{re.escape(name)}\s*:\s*(.*)", re.IGNORECASE)
    for place, line in enumerate(lines):
        if line.quoted or line.kind == "code" or line.ticked is False:
            continue
        said = line.text.partition(":")[2].strip()
        if start.fullmatch(line.words) and _gives(said):
            return said
        if line.kind == "heading" and line.text.rstrip(" :").casefold() == name.casefold():
            said = _below(lines[place + 1 :])
            if _gives(said):
                return said
    return None


def _below(lines: Sequence[Line]) -> str:
    said: list[str] = []
    for line in lines:
        if line.kind == "heading":
            break
        if line.kind == "text" and not line.quoted and line.ticked is not False:
            said.append(line.text)
    return " ".join(said)


def _gives(text: str) -> bool:
    return text.strip(" .:;!?*_-<>()[]`").lower() not in _NOTHING and any(character.isalnum() for character in text)
