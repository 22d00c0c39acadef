"""What the text of a pull request states under a name."""

import pytest

from govcheck.documents.markdown import lines
from govcheck.text.statements import statement


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Wide change: a generated client", "a generated client"),
        ("- **Wide change:** a client", "a client"),
        ("- [x] wide change: a client", "a client"),
        ("## Wide change\n\na client\nand more\n## Next\nx", "a client and more"),
        ("Wide change: n/a", None),
        ("Wide change: <!-- why -->", None),
        ("- [ ] Wide change: a client", None),
        ("> Wide change: a client", None),
        ("`Wide change: a client`x", None),
        ("```\nWide change: a client\n```", None),
        ("Worldwide change: x", None),
        ("## Wide change\n## Next\nx", None),
        ("Wide change: ...", None),
    ],
)
def test_what_a_text_states(text: str, said: str | None):
    assert statement(lines(text), "Wide change") == said
