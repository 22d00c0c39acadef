import re
from pathlib import Path

import sharing_guide


def test_the_guide_shows_what_its_commands_print(tmp_path: Path):
    text = sharing_guide.GUIDE.read_text()
    assert sharing_guide.written(text, tmp_path) == text, "run `python tests/sharing_guide.py`"


def test_the_guide_links_to_what_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", sharing_guide.GUIDE.read_text()):
        assert (sharing_guide.GUIDE.parent / target).exists(), target
