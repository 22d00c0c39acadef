"""What the documentation shows: its blocks of code, each with the place where it stands."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGES = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for pattern in ("*.md", "docs/*.md", "docs/guides/*.md")
        for path in ROOT.glob(pattern)
    )
)

_BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\[\]]*\]\(([^()\s]+)\)")
_MARKER = re.compile(r"<!-- ([a-z-]+): [^\n]* -->\s*$")


class Block(NamedTuple):
    """One block of code."""

    page: str
    line: int
    language: str
    text: str
    marker: str | None
    """The first word of the comment right before it: such a block is made, or held, by a test of its own."""

    @property
    def commands(self) -> list[str]:
        return [line[2:] for line in self.text.splitlines() if line.startswith("$ ")]


def blocks(page: str, *languages: str) -> Iterator[Block]:
    text = (ROOT / page).read_text("utf-8")
    for found in _BLOCK.finditer(text):
        before = _MARKER.search(text[: found.start()])
        if found[2] in languages:
            body = re.sub(f"^{found[1]}", "", found[3], flags=re.MULTILINE)
            line = text.count("\n", 0, found.start()) + 1
            yield Block(page, line, found[2], body, before[1] if before else None)


def links(page: str) -> Iterator[str]:
    text = _BLOCK.sub("", (ROOT / page).read_text("utf-8"))
    yield from (found[1] for found in _LINK.finditer(text))
