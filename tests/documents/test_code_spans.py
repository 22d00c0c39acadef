"""Spans of code, as the parser of CommonMark finds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from govcheck.documents.code_spans import code_spans, without_code


@given(st.text(st.sampled_from("``` ab"), max_size=40))
def test_they_are_those_of_the_parser(text: str):
    (token,) = MarkdownIt("commonmark").parseInline(f"x{text}x")
    wanted = [child.content.strip() for child in token.children if child.type == "code_inline"]
    assert [one.text.strip() for one in code_spans(f"x{text}x")] == wanted


def test_what_is_left_without_them():
    assert without_code("a `b` ``c`d`` `e") == "a   `e"
    assert [(one.start, one.end, one.text) for one in code_spans("a ``c`d``")] == [(2, 9, "c`d")]


@pytest.mark.parametrize("text", ["`" * 65_000, "` `` " * 16_000, " ".join("`" * (1 + n % 250) for n in range(500))])
def test_hostile_lines_come_to_an_end(text: str):
    assert len(without_code(text)) <= len(text)
