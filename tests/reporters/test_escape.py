import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.reporters.escape import cut, log_line, markdown, path, visible
from reports import hostile


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 漢", "plain é 漢"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b[31m\x00\x9b", "\\x1b[31m\\x00\\x9b"),
        ("a\u202eb\u2066", "a\\u202eb\\u2066"),
        ("\U000e0041", "\\U000e0041"),
        ("\udcff\ud800", "\\xff\\ud800"),
        ("\u2028\u200b\ufeff", "\\u2028\\u200b\\ufeff"),
        ("\xa0", "\\xa0"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text, shown):
    assert visible(text) == shown


@given(hostile)
def test_nothing_unseen_is_left(text):
    shown = visible(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert visible(shown) == shown
    shown.encode("utf-8")


def test_paths_double_their_backslash():
    assert path("a\\b\udcff\n") == "a\\\\b\\xff\\n"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("::stop-commands::x", "\\x3a:stop-commands::x"),
        ("    ::add-mask::x", "    \\x3a:add-mask::x"),
        ("a ::error::x", "a ::error::x"),
        ("a ##[add-path]x", "a #\\x23[add-path]x"),
        ("# heading", "# heading"),
    ],
)
def test_a_runner_takes_a_line_for_text(line, shown):
    assert log_line(line) == shown


@given(hostile)
def test_no_line_is_a_command(text):
    shown = log_line(visible(text))
    assert not shown.strip().startswith("::")
    assert "##[" not in shown


@given(st.text(max_size=200), st.integers(40, 100))
def test_cut_keeps_the_limit_and_says_how_much_is_gone(text, longest):
    shown = cut(text, longest)
    assert len(shown) <= longest
    if shown != text:
        kept, more = re.fullmatch(r"(.*)… \((\d+) more characters\)", shown, re.DOTALL).groups()
        assert text.startswith(kept)
        assert int(more) == len(text) - len(kept)


@given(hostile)
def test_markdown_says_the_text_and_nothing_else(text):
    shown = markdown(text)
    assert html.unescape(shown) == visible(text)
    bare = re.sub(r"&#\d+;", "", shown)
    assert not set(bare) & set("\\`*_{}[]()<>#+!|~:@&\"'=^$\n")


def test_markdown_leaves_paths_readable_and_makes_no_links():
    assert markdown("docs/a-b.md, x") == "docs/a-b.md, x"
    assert markdown("www.evil.example") == "www&#46;evil.example"
    assert markdown("https://x") == "https&#58;//x"
