import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.reporters.excerpt import Excerpts, columns


def lines(text, line, column, width=80):
    return list(Excerpts({"f": text}).lines("f", line, column, width))


def test_a_caret_stands_below_its_character():
    assert lines("one\n  two three\n", 2, 7) == [
        "  |",
        "2 |   two three",
        "  |       ^",
    ]


@pytest.mark.parametrize(
    ("text", "column", "shown", "caret"),
    [
        ("\tx", 2, "    x", 4),
        ("\x1b[0mx", 5, "\\x1b[0mx", 7),
        ("漢字x", 3, "漢字x", 4),
        ("e\u0301x", 3, "e\u0301x", 1),
        ("abc\r", 9, "abc", 3),
        ("", 1, "", 0),
    ],
)
def test_columns_are_those_of_the_terminal(text, column, shown, caret):
    _, source, below = lines(text, 1, column)
    assert source == f"1 | {shown}".rstrip()
    assert below == f"  | {' ' * caret}^"


@pytest.mark.parametrize("line", [0, -1, 3, 99])
def test_no_such_line_no_excerpt(line):
    assert lines("a\nb", line, 1) == []


def test_no_such_file_no_excerpt():
    assert list(Excerpts({}).lines("f", 1, 1, 80)) == []


def test_a_line_without_a_column_has_no_caret():
    assert lines("abc", 1, None) == ["  |", "1 | abc"]


@given(st.text("ab漢 \t", min_size=0, max_size=400), st.integers(1, 450), st.integers(60, 120))
def test_a_long_line_is_cut_around_the_caret(text, column, width):
    _, source, below = lines(text, 1, column, width)
    assert columns(source) <= width
    at = min(column - 1, len(text))
    if at < len(text) and text[at] in "ab漢":
        offset = below.index("^") - len("  | ")
        seen = 0
        for character in source.removeprefix("1 | "):
            if seen == offset:
                assert character == text[at]
                break
            seen += columns(character)
        else:
            pytest.fail("the caret points at nothing")


def test_a_credential_is_not_shown_and_nothing_moves():
    secret = "ghp_" + "A1b2" * 9
    (_, shown, caret) = lines(f"run: curl -H 'token {secret}' x", 1, 6)
    assert "A1b2" not in shown
    assert shown == f"1 | run: curl -H 'token xxx_{'x' * 36}' x"
    assert caret == "  |      ^"


def test_the_middle_of_a_private_key_is_not_shown():
    edge = "-----{} RSA PRIVATE KEY-----"
    text = "\n".join([edge.format("BEGIN"), "MIIEpAIBAAKCAQEA", "q7Xz", edge.format("END")])
    assert lines(text, 3, 1)[1] == "3 | xxxx"
