"""The message of a custom policy: text with `{names}` of a node's values, and nothing that is evaluated."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from govcheck.nodes.shapes import SHAPES, types_of
from govcheck.paths import display

LONGEST = 500
"""Characters of a message as it is written."""

_LONGEST_VALUE = 200
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def problems(template: str, each: str) -> Iterator[str]:
    """What is wrong with a message for the nodes of that name."""
    legal = types_of(SHAPES[each])
    if not template.strip():
        yield "an empty message says nothing: leave the key out"
    if len(template) > LONGEST:
        yield f"it has {len(template):,} characters, more than {LONGEST}"
    if not template.isprintable():
        yield "it has a character that cannot be shown, such as a line break: write one line of text"
    for part in _PART.finditer(template):
        name = part[1]
        if name is None and len(part[0]) == 1:
            yield f"`{part[0]}` stands alone: write `{part[0] * 2}` for the character itself"
        elif name is not None and name not in legal:
            yield f"a {each} has no `{name[:40]}`: it has {', '.join(legal)}"


def rendered(template: str, node: Mapping[str, Any]) -> str:
    """The message of one node: its values without credentials, on one line, cut."""
    return _PART.sub(lambda part: shown(node.get(part[1])) if part[1] is not None else part[0][0], template)


def named(template: str) -> frozenset[str]:
    """The values that a message names."""
    return frozenset(part[1] for part in _PART.finditer(template) if part[1] is not None)


def shown(value: Any) -> str:  # noqa: ANN401 - JSON of any form
    """A value without credentials, on one line, cut."""
    from govcheck.snapshot.redact import redacted  # noqa: PLC0415 - most runs of the hook find nothing

    clean = redacted(_masked(value))
    return on_one_line(clean if isinstance(clean, str) else json.dumps(clean, ensure_ascii=False))


def on_one_line(text: str, longest: int = _LONGEST_VALUE) -> str:
    """Text that can be shown: what cannot be seen as an escape, and only its beginning where it is long."""
    line = _mask(text[: longest * 8])  # what is cut within a credential would no longer be seen to be one
    line = line if line.isprintable() else "".join(map(_visible, line))
    return line if len(line) <= longest and len(text) <= longest * 8 else f"{line[:longest]}…"


def _masked(value: Any) -> Any:  # noqa: ANN401 - JSON of any form
    """As recordings mask it, so that a replay comes to the same message."""
    if isinstance(value, str):
        return _mask(value)
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return {_masked(key): _masked(item) for key, item in value.items()} if isinstance(value, dict) else value


def _mask(text: str) -> str:
    from govcheck.recording.masks import mask  # noqa: PLC0415 - as above

    return mask()(text)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    shown_byte = display(character)
    return shown_byte if shown_byte != character else character.encode("unicode_escape").decode()
