"""Every test that the guide names as holding something is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z_]+)`")


def test_each_line_of_the_guide_is_held_by_a_test_that_is_there():
    guide = (ROOT / "docs/guides/history.md").read_text("utf-8")
    section = guide.partition("## When something")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert rows
    for row in rows:
        named = NAMED.findall(row)
        assert named, row
        for file, name in named:
            assert f"def {name}(" in (ROOT / file).read_text("utf-8"), (file, name)
