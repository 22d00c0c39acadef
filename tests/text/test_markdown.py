"""What a reader of rendered Markdown sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.text.markdown import lines
from govcheck.text.statements import statement

TEXT = """# Title `code`
One **bold**
two <!-- gone --> three

<!-- gone
## gone
-->
<details><summary>Shown</summary>

- [ ] open `x`
- [x] ~~done~~
  - [X] deep
- plain [ ] not

> quoted
> - [ ] quoted

```md
fixes #1
```

    indented

| a | b |
| - | - |
| c | `d` |

Setext
---
"""


def test_every_line_that_is_shown_with_its_place():
    assert [(one.kind, one.number, one.text, one.ticked) for one in lines(TEXT)] == [
        ("heading", 1, "Title code", None),
        ("text", 2, "One bold", None),
        ("text", 3, "two three", None),
        ("text", 8, "Shown", None),
        ("text", 10, "open x", False),
        ("text", 11, "done", True),
        ("text", 12, "deep", True),
        ("text", 13, "plain [ ] not", None),
        ("text", 15, "quoted", None),
        ("text", 16, "quoted", False),
        ("code", 19, "fixes #1", None),
        ("code", 22, "indented", None),
        ("text", 24, "a", None),
        ("text", 24, "b", None),
        ("text", 26, "c", None),
        ("text", 26, "d", None),
        ("heading", 28, "Setext", None),
    ]
    assert [one.number for one in lines(TEXT) if one.quoted] == [15, 16]
    assert lines("a `b` c")[0].words == "a ` c"


def test_a_comment_that_never_ends_hides_the_rest():
    assert [one.text for one in lines("a\n\n<!-- b\n\nc")] == ["a"]


@given(st.text(st.sampled_from("-#>`[]x*|~<!& \n1ab."), max_size=200))
def test_no_text_is_too_odd_and_every_line_is_one_of_the_text(text: str):
    found = lines(text)
    assert all(1 <= one.number <= text.count("\n") + 1 for one in found)


@pytest.mark.parametrize("text", ["> " * 5000 + "x", "[" * 65_536, "- " * 20_000, "`" * 65_000, "~~~\n" * 16_000])
def test_hostile_texts_come_to_an_end(text: str):
    assert len(lines(text)) <= 16_000


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
