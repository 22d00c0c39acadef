"""What a gitleaks configuration comes to."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.liveness.gitleaks_configuration import LONGEST, extended, matches_everything, read

DEFAULT = "[extend]\nuseDefault = true\n"
RULE = "[[rules]]\nid = 'x'\nregex = '''x[0-9]+'''\n"


def configuration(text, **more):
    contents = {"c.toml": text if isinstance(text, bytes | Missing) else text.encode()}
    contents |= {name.replace("_", ".", 1): other.encode() for name, other in more.items()}
    return read("c.toml", contents, {name: name for name in contents} | {"../out.toml": None, "gone.toml": "gone.toml"})


@pytest.mark.parametrize(
    "text",
    [
        DEFAULT,
        RULE,
        "[Extend]\nUSEDEFAULT = true",
        '[extend]\nuseDefault = "true"',
        "[rules]\nid = 'x'\nregex = 'x'",
        DEFAULT + "[allowlist]\npaths = ['^docs/']\nregexes = ['(?i)REDACTED']",
        DEFAULT + "[[allowlists]]\ntargetRules = ['x']\npaths = ['.*']",
        DEFAULT + "[[allowlists]]\ncondition = 'AND'\npaths = ['.*']\nregexes = ['example']",
        DEFAULT + "[allowlist]\ncommits = ['.*']\nstopwords = ['']",
        DEFAULT.replace("\n", "\r\n"),
    ],
)
def test_there_are_rules_and_something_to_find(text):
    assert configuration(text).problems == ()


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "has nothing but no `[[rules]]`", (1, 1)),
        ("title = 'x'\n[allowlist]\npaths = ['^docs/']", "has an allow-list but no `[[rules]]`", (2, 1)),
        ("rules = []\n[extend]\nuseDefault = false", "gitleaks scans with zero rules, and every scan says", (1, 1)),
        ("[extend]\nurl = 'https://example.com/c.toml'", "has nothing but no `[[rules]]`", (1, 1)),
        ('a = 1\nb = "\\."', "is not valid TOML, so that a scan with it stops before it looks at anything", (2, 8)),
        ("a = 'x", "is not valid TOML", (1, 7)),
        ("\ufeff" + DEFAULT, "is not valid TOML", (1, 1)),
        (b"a = 1\nb = '\xff'", "a byte that is not UTF-8 at line 2", (2, None)),
        (DEFAULT + "[allowlist]\npaths = [\n  '.*',\n]", "everything: `paths` of its allow-list has `.*`", (5, 4)),
        (DEFAULT + "[[allowlists]]\nregexes = ['^.+$']", "has `^.+$`, which matches every secret", (4, 13)),
        (DEFAULT + "[allowlist]\npaths = ''", "has `an empty text`, which matches every path", (4, 1)),
        ("[extend]\nuseDefault = true\npath = 'd.toml'", "sets both `path` and `useDefault`", (3, 1)),
        ("[extend]\npath = 'gone.toml'", "extends `gone.toml`, which is not tracked: gitleaks stops", (2, 9)),
        (DEFAULT + "[allowlist]\npaths=['a']\n[[allowlists]]\npaths=['a']", "has both `[allowlist]` and", (3, 1)),
    ],
)  # fmt: skip
def test_nothing_is_ever_found(text, message, place):
    (problem,) = configuration(text).problems
    assert message in problem.message
    assert problem.untold is None
    assert (problem.location.line, problem.location.column) == place


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (Missing(reason=Reason.MISSING_OBJECT, message="it is gone"), Reason.MISSING_OBJECT),
        ("#" * (LONGEST + 1), Reason.UNPARSEABLE),
        ("a = " + "[" * 5000, Reason.UNPARSEABLE),
        ("a = " + "1" * 5000, Reason.UNPARSEABLE),
        ("[extend]\npath = '../out.toml'", Reason.MISSING_OBJECT),
    ],
)
def test_what_cannot_be_read_is_never_called_dead(text, reason):
    problems = configuration(text).problems
    assert problems
    assert all(problem.untold is reason for problem in problems)


@pytest.mark.parametrize(
    ("second", "third", "rules", "built_in"),
    [
        (DEFAULT, "", 0, True),
        ("[extend]\npath = 'e.toml'", RULE, 1, False),
        ("[extend]\npath = 'e.toml'\n" + RULE, DEFAULT, 1, False),  # gitleaks follows two files, and not the third
    ],
)
def test_what_is_extended_counts(second, third, rules, built_in):
    found = configuration("[extend]\npath = 'd.toml'", d_toml=second, e_toml=third)
    assert (found.rules, found.built_in, found.problems) == (rules, built_in, ())


def test_betterleaks_knows_no_such_allow_list():
    contents = {"c.toml": b"[extend]\nuseDefault = true\n[allowlist]\npaths = ['.*']\n", "d.toml": b""}
    assert read("c.toml", contents, {}, "betterleaks").problems == ()
    assert "betterleaks scans with zero rules" in read("d.toml", contents, {}, "betterleaks").problems[0].message


def test_a_circle_ends():
    found = configuration("[extend]\npath = 'd.toml'", d_toml="[extend]\npath = 'c.toml'")
    assert found.rules == 0
    assert "extends `d.toml`, which brings none: gitleaks scans with zero rules" in found.problems[0].message


def test_rules_are_told_in_words():
    assert configuration(DEFAULT).in_words == "the built-in rules"
    assert configuration(DEFAULT + RULE).in_words == "1 rule of its own and the built-in ones"
    assert configuration(RULE + RULE.replace("'x'", "'y'")).in_words == "2 rules of its own"


def test_only_text_is_a_path():
    assert extended("c.toml", b"[extend]\npath = 1") is None
    assert extended("c.toml", b"extend = 1") is None
    assert extended("c.toml", b"[extend]\npath = 'a'") == "a"


@pytest.mark.parametrize(
    "pattern", ["", ".", ".*", "^", "$", "^.*$", "(?i).*", "(.*)", r"[\s\S]+", "(^|/).*", "^(.+)$"]
)
def test_a_pattern_that_matches_everything(pattern):
    assert matches_everything(pattern)


@pytest.mark.parametrize(
    "pattern", ["^$", "^.$", "^.?$", "docs/.*", ".*\\.md$", "a|.*b", "(a|b)", "\\$", "[a-z]*x", ".."]
)
def test_a_pattern_that_does_not(pattern):
    assert not matches_everything(pattern)


@given(
    pattern=st.text(alphabet="^$.*+?()|[]\\sSaA/i:", max_size=9),
    text=st.text(alphabet="ab/.x9 -", min_size=2, max_size=8),
)
def test_what_is_said_to_match_everything_does(pattern, text):
    if matches_everything(pattern):
        assert re.search(pattern, text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read(content):
    read("c.toml", {"c.toml": content}, {})
