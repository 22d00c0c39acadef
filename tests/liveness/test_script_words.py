"""The quick look at a script's words finds every script in which the slow search finds something."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.liveness import greens, rewriters
from govcheck.liveness.script_words import words_of
from govcheck.liveness.tools import NOT_INSTALLED

_PIECES = sorted(
    {"git", "diff", "clang-format", "prettier", "npm", "gmake", "--frozen-lockfile", "./a.sh", "x.mjs", *NOT_INSTALLED}
    | {"merge-base", "ruff format", "cargo fmt", "github", "format_", "é", "_", "-", ".", "/", " ", "\n", "'", "=", "$"}
)
_TEXTS = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3)).map("".join)


@pytest.mark.parametrize(
    ("words", "pattern"),
    [
        (rewriters.FORMATTER_WORDS, rewriters.FORMATTERS),
        (greens._WORDS, greens._ANY),
    ],
    ids=["formatters", "greens"],
)
@given(text=_TEXTS)
def test_a_text_without_the_words_has_nothing_to_find(words: frozenset[str], pattern: re.Pattern[str], text: str):
    if pattern.search(text):
        assert not words.isdisjoint(words_of(text))
