"""What is looked for in scripts is found, or not, in time that grows with the script: each line counts once."""

import pytest

from govcheck.liveness import comparisons, fresh_checkout, greens, outputs, promises, scanner_commands

PIECES = 40_000
"""Of which a search that begins anew at each and goes on to the end would not come to its own end today."""


@pytest.mark.parametrize(
    ("pattern", "piece"),
    [
        (comparisons._INDEX, "-git "),
        (comparisons._FETCHES, "-git "),
        (promises._COMMITS, "-git "),
        (outputs._COMPUTED_NAME, "-echo "),
        (greens._GOES_ELSEWHERE, "\n"),
        (fresh_checkout._MOVES, "-git "),
        (fresh_checkout._MOVES, "git -a=b -a=b -a=b -a=b -a=b -a=b -a=b -a=b -a=b -a=b "),
        (fresh_checkout._STAGES, "git -c a=b -c a=b -c a=b -c a=b -c a=b "),
    ],
)
def test_a_script_of_one_word_over_and_over(pattern, piece):
    assert pattern.search(f" {piece * PIECES}") is None


def test_a_scanners_image_with_tags_without_end():
    assert scanner_commands._IMAGE.fullmatch(f"gitleaks{':a' * PIECES}!") is None
    assert scanner_commands._IMAGE.fullmatch("ghcr.io/gitleaks/gitleaks:v8@sha256:0123")


def test_the_name_of_an_action_that_goes_on_and_on():
    assert fresh_checkout._HARMLESS.match(f"a/{'cache' * PIECES}") is None
    assert fresh_checkout._HARMLESS.match("astral-sh/setup-uv@v6")


@pytest.mark.parametrize("script", ["x\n  git -C . diff a", "a git log; git diff", "git fetch && git merge-base a b"])
def test_comparisons_are_found_wherever_they_stand_in_a_line(script):
    assert comparisons._may_compare(script)


@pytest.mark.parametrize("script", ["git\ndiff", "diff; git status", "git rediff", "git " * PIECES])
def test_what_is_no_comparison(script):
    assert not comparisons._may_compare(script)
