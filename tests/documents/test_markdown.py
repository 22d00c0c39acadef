"""What a reader of rendered Markdown sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.documents.markdown import lines

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


def test_code_and_comments_over_several_rows_keep_the_places_of_what_follows():
    found = lines("a `b\nc d` e\nf <!-- g\nh --> i\nj")
    assert [(one.number, one.text, one.raw) for one in found] == [
        (1, "a b c d e", "a `b\nc d` e"),
        (3, "f i", "f  i"),
        (5, "j", "j"),
    ]


def test_items_and_blocks_of_code_are_told_apart():
    found = lines("- a\n  more\n  - b\n- c\n\n1. d\n\n```\ne\n\nf\n```\n\n    g\n")
    assert [(one.text, one.group, one.is_item) for one in found] == [
        ("a", 1, True),
        ("more", 0, False),
        ("b", 2, True),
        ("c", 1, True),
        ("d", 3, True),
        ("e", 4, False),
        ("", 4, False),
        ("f", 4, False),
        ("g", 5, False),
    ]


@given(st.lists(st.sampled_from(["a", "`b`", "`c d`", "*e*", "i<!-- f -->", "[g](h)", "\\`"]), max_size=8), st.data())
def test_wherever_a_paragraph_is_broken_each_row_is_told_once(words: list[str], data: st.DataObject):
    rows = "".join(word + data.draw(st.sampled_from([" ", "\n"])) for word in words).rstrip()
    found = lines(f"x {rows}")
    numbers = [number for one in found for number in range(one.number, one.number + one.raw.count("\n") + 1)]
    assert numbers == [*range(1, rows.count("\n") + 2)]
