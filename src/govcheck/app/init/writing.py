"""A policy as YAML text, with comments: what is written here is read back by the one YAML loader.

Texts are plain where every reader of YAML takes that for the same text, else in double quotes as JSON has them.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from govcheck.app.init.proposal import Settled, Stricter
from govcheck.findings import Json

WIDTH = 100
MOST_OF_ONE_KEY = 5
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+()-]+)*|[1-9][0-9]*[smhd]", re.ASCII)
_SENTENCE = re.compile(r"[A-Za-z][A-Za-z0-9_./@+()',-]*(?: [A-Za-z0-9_./@+()',-]+)* ?", re.ASCII)
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"})
_UNPRINTABLE = re.compile("[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML does not print, and what ends a line for some readers only."""


def document(settled: Settled) -> str:
    """One policy; as comments only where nothing of it holds today."""
    proposal = settled.proposal
    lines = [line for text in proposal.explained for line in comment(text)]
    body = [f"kind: {proposal.kind}", f"id: {proposal.id}", *_why(proposal.why)]
    if settled.keys:
        given = {key: found for key, found in settled.keys.items() if key not in {"kind", "id", "why"}}
        lines += [*body, *_given(given, settled.comments)]
        lines += [f"# {line}" for one in shown(settled.stricter) for line in _stricter(one, "tighten: ")]
    else:
        lines += comment("Not true today. Take one `# ` away from each of these lines once it is:")
        body += [line for key, found in proposal.fixed.items() for line in _entry(key, found)]
        keys = {one.key: one for one in reversed(settled.stricter)}
        body += [line for one in reversed(keys.values()) for line in _stricter(one, "# ")]
        lines += [f"# {line}" for line in body]
    lines += [line for text in proposal.tighten for line in comment(f"tighten: {text}")]
    return "\n".join(lines) + "\n"


def shown(stricter: tuple[Stricter, ...]) -> list[Stricter]:
    """What is worth a comment: of one key a few, and nothing that says what another one has said."""
    found: list[Stricter] = []
    for one in stricter:
        alike = [other for other in found if other.key == one.key]
        if len(alike) < MOST_OF_ONE_KEY and not any(other.told == one.told for other in found):
            found.append(one)
    return found


def file(schema: str, documents: Iterable[str]) -> str:
    """A file of policies: its schema line for editors first."""
    return f"# yaml-language-server: $schema={schema}\n" + "---\n".join(documents)


def comment(text: str) -> list[str]:
    """A text as comment lines. What somebody else wrote cannot end the comment."""
    clean = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return [f"# {line}" for line in textwrap.wrap(clean, WIDTH - 2, break_long_words=False, break_on_hyphens=False)]


def value(found: Json) -> str:
    """A value on one line."""
    if isinstance(found, str):
        return scalar(found)
    if isinstance(found, list):
        return f"[{', '.join(map(value, found))}]"
    if isinstance(found, dict):
        return "{" + ", ".join(f"{_key(key)}: {value(inner)}" for key, inner in found.items()) + "}"
    return json.dumps(found)


def scalar(text: str) -> str:
    """A text, in quotes where it would otherwise be something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    return _UNPRINTABLE.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - four hexadecimal digits


def _key(key: str) -> str:
    return key if _KEY.fullmatch(key) and key.lower() not in _WORDS else _quoted(key)


def _why(text: str) -> list[str]:
    if not text:
        return []
    line = f"why: {text if _SENTENCE.fullmatch(text) and text.lower() not in _WORDS else scalar(text)}"
    if len(line) <= WIDTH:
        return [line]
    return ["why: >-", *textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")]


def _given(given: Mapping[str, Json], comments: Mapping[str, str]) -> Iterator[str]:
    for key, found in given.items():
        said = comments.get(key)
        yield from comment(said) if said else ()
        yield from _entry(key, found)


def _entry(key: str, found: Json) -> list[str]:
    line = f"{_key(key)}: {value(found)}"
    if len(line) <= WIDTH or not found or not isinstance(found, list | dict):
        return [line]
    if isinstance(found, list):
        return [f"{_key(key)}:", *(f"  - {value(item)}" for item in found)]
    return [f"{_key(key)}:", *(f"  {line}" for inner, item in found.items() for line in _entry(inner, item))]


def _stricter(one: Stricter, opening: str) -> Iterator[str]:
    """The reason, and the key as it would be written."""
    start = "not told today: " if one.untold else opening.removeprefix("# ")
    lines = comment(start + one.told)
    yield from lines if opening == "# " else (line.removeprefix("# ") for line in lines)
    yield from _entry(one.key, one.value)
