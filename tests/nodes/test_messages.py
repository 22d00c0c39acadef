"""Messages of custom policies: values of the node, and nothing that is evaluated, hidden or secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.nodes.messages import problems, rendered

TOKEN = "ghp_" + "Secret0" * 5


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{nosuch}", "a file has no `nosuch`"),
        ("{path.__class__}", "a file has no `path.__class__`"),
        ("{path!r:>9}", "a file has no `path!r:>9`"),
        ("{}", "a file has no ``"),
        ("{", "`{` stands alone"),
        ("a } b", "`}` stands alone"),
        ("a\x1b[31mb", "cannot be shown"),
        ("a\nb", "cannot be shown"),
        ("a\u202eb", "cannot be shown"),
        (" ", "says nothing"),
        ("a" * 501, "501 characters"),
    ],
)
def test_what_is_no_message_is_told(template, said):
    assert any(said in problem for problem in problems(template, "file"))


@pytest.mark.parametrize(
    ("template", "node", "said"),
    [
        ("{path} has {size} bytes", {"path": "a", "size": 5}, "a has 5 bytes"),
        ("{{path}} {path}", {"path": "{size}"}, "{path} {size}"),
        ("{text}", {"text": "a\x1b[31m\n\u202eb\udcff"}, "a\\x1b[31m\\n\\u202eb\\xff"),
        ("{text}", {"text": f"x {TOKEN} y"}, f"x xxx_{'xxxxxxx' * 5} y"),
        (
            "{raw}",
            {"raw": {"env": {"token": "hunter2"}, "a": [1, None]}},
            '{"env": {"token": "[redacted]"}, "a": [1, null]}',
        ),
        ("{text}", {"text": "a" * 5000}, "a" * 200 + "…"),
        ("{path}", {"path": None}, "null"),
    ],
)
def test_what_a_message_says(template, node, said):
    assert rendered(template, node) == said


@given(st.text(st.characters()), st.integers(0, 3000))
def test_values_are_on_one_line_short_and_without_credentials(text, before):
    said = rendered("{text}", {"text": "b" * before + TOKEN + text})
    assert said.isprintable()
    assert "ghp_" not in said
    assert len(said) <= 201
