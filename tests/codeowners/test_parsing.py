"""A CODEOWNERS file, line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.codeowners.explaining import explain
from govcheck.codeowners.owners import problem, read_owner
from govcheck.codeowners.parsing import LOCATIONS, SIZE_LIMIT, parse


def test_where_github_looks_and_in_which_order():
    assert LOCATIONS == (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("* @a", [("*", 1, 1, ["@a"])]),
        ("  docs/\t@a   @o/t  me@example.com \n", [("docs/", 1, 3, ["@a", "@o/t", "me@example.com"])]),
        ("# all\n\n   # indented\n* @a # was @b\n", [("*", 4, 1, ["@a"])]),
        ("*.js @a #inline\n", [("*.js", 1, 1, ["@a"])]),
        ("*.js # nobody\n", [("*.js", 1, 1, [])]),
        ("*.js\n", [("*.js", 1, 1, [])]),
        ("a#b @a\n", [("a#b", 1, 1, ["@a"])]),
        ("my\\ file @a\n", [("my\\ file", 1, 1, ["@a"])]),
        ("* @a\r\ndocs/ @b\r\n", [("*", 1, 1, ["@a"]), ("docs/", 2, 1, ["@b"])]),
        ("", []),
        ("\r\n \t\r\n", []),
        ("@o/team\n", [("@o/team", 1, 1, [])]),
    ],
)
def test_lines_that_count(text, rules):
    read = parse(text.encode())
    found = [(rule.pattern, rule.line, rule.column, [owner.text for owner in rule.owners]) for rule in read.rules]
    assert found == rules
    assert read.skipped == ()


def test_each_owner_knows_its_column_and_its_kind():
    (rule,) = parse(b"docs/  @a @O/t me@example.com\n").rules
    assert [(one.column, one.kind, one.organization) for one in rule.owners] == [
        (8, "user", None),
        (11, "team", "o"),
        (16, "email", None),
    ]
    assert rule.words == "docs/ @a @O/t me@example.com"


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("* @a\n***/*.rb @b\n", 2, 1, "write `**`"),
        ("*.txt docs@\n", 1, 7, "`docs@` is no owner"),
        ("* user\n", 1, 3, "write `@user`"),
        ("* @\n", 1, 3, "letters, digits and hyphens"),
        ("* @o/\n", 1, 3, "a team is written"),
        ("* @o/t/u\n", 1, 3, "a team is written"),
        ("* @" + "a" * 40 + "\n", 1, 3, "39 at most"),
        ("* @@developer\n", 1, 3, "a role on GitLab"),
        ("* @a @b;\n", 1, 6, "`@b;` is no owner"),
        ("!docs/ @a\n", 1, 1, "begins with `!`"),
        ("\\#a @a\n", 1, 1, "write `?` in its place"),
        ("/ @a\n", 1, 1, "`*` for everything"),
        ("*.[ch] @a\n", 1, 1, "write `\\[` and `\\]`"),
        ("./docs/ @a\n", 1, 1, "no `.` and no `..`"),
        ("[Docs] @a\n", 1, 1, "opens a section on GitLab"),
        ("^[Docs][2]\n", 1, 1, "opens a section on GitLab"),
        ("[My docs] @a\n", 1, 1, "opens a section on GitLab"),
        ("a\\\n", 1, 1, "a backslash at the end"),
    ],
)
def test_lines_that_github_skips(text, line, column, said):
    read = parse(text.encode())
    (skipped,) = read.skipped
    assert (skipped.line, skipped.column, skipped.certain) == (line, column, True)
    assert said in skipped.message
    assert all(rule.line != line for rule in read.rules)


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"* @a\ncaf\xe9/ @b\n", 2, "not UTF-8"),
        (b"\xef\xbb\xbf* @a\n", 1, "byte order mark"),
    ],
)
def test_lines_whose_reading_is_not_known_are_said_to_be_so(content, line, said):
    read = parse(content)
    (skipped,) = read.skipped
    assert (skipped.line, skipped.certain, said in skipped.message) == (line, False, True)
    assert line in {rule.line for rule in read.rules}


def test_a_mark_before_a_comment_matters_to_nobody():
    assert parse(b"\xef\xbb\xbf# owners\n* @a\n").skipped == ()


@pytest.mark.parametrize(
    ("content", "certain", "said"),
    [
        (b"#" * SIZE_LIMIT, True, "3,145,728 bytes"),
        (b"#" * 3_000_000, False, "3 MB"),
        ("* @a\n".encode("utf-16"), False, "not UTF-8 text"),
        (b"* @a\0\n", False, "not UTF-8 text"),
    ],
    ids=["too-large", "nearly", "utf-16", "nul"],
)
def test_files_that_are_not_read(content, certain, said):
    read = parse(content)
    assert (read.rules, read.certain, said in read.unloaded) == ((), certain, True)


def test_the_largest_file_that_is_read():
    assert parse(b"#" * 2_999_999).unloaded is None


@given(st.binary(max_size=80))
def test_any_bytes_can_be_read(content):
    read = parse(content)
    lines = content.count(b"\n") + 1
    assert all(1 <= one.line <= lines and one.column >= 1 for one in (*read.rules, *read.skipped))


@given(st.lists(st.sampled_from(["* @a", "docs/ @o/t", "# x", "", "a b@", "***", "caf\u00e9"]), max_size=8))
def test_line_endings_make_no_difference(lines):
    assert parse("\n".join(lines).encode()) == parse("\r\n".join(lines).encode())


@pytest.mark.parametrize("text", ["@a", "@A-b_c", "@o/t", "@o/T.x_y-1", "@o/ent:team", "a@b.c", "a+b@x.example.com"])
def test_owners_that_can_exist(text):
    assert problem(text) is None
    assert read_owner(text, 1).text == text


@pytest.mark.parametrize(
    ("text", "team"),
    [("@docs-team", True), ("@team-docs", True), ("@leads", True), ("@steamer", False), ("@o/docs-team", False)],
)
def test_which_users_sound_like_a_team(text, team):
    assert read_owner(text, 1).sounds_like_a_team == team


HIDING = {".github/CODEOWNERS": b"* @a\ndocs/ @b\ndocs/x\nbad b@\n", "CODEOWNERS": b"* @c\n"}


@pytest.mark.parametrize(
    ("path", "contents", "said"),
    [
        ("docs/a", HIDING, [".github/CODEOWNERS:2 (`docs/`) decides: docs/a is owned by @b"]),
        ("docs/a", HIDING, ["it overrides .github/CODEOWNERS:1 (`*`), `* @a`", "CODEOWNERS is hidden by"]),
        ("docs/a", HIDING, ["GitHub skips .github/CODEOWNERS:4, `bad b@`"]),
        ("docs/x", HIDING, [".github/CODEOWNERS:3 (`docs/x`) has no owners: nobody owns docs/x"]),
        ("x", {"CODEOWNERS": b"docs/ @a\n"}, ["CODEOWNERS: no line matches x: nobody owns it"]),
        ("x", {}, ["there is no CODEOWNERS file"]),
        ("x", {"CODEOWNERS": "it is a symbolic link"}, ["CODEOWNERS: cannot tell: it is a symbolic link"]),
        ("x", {"CODEOWNERS": b"#" * SIZE_LIMIT}, ["GitHub does not load it"]),
        ("x", {"CODEOWNERS": b"\0"}, ["cannot tell: it is not UTF-8 text"]),
    ],
)
def test_a_path_is_explained(path, contents, said):
    text = "\n".join(explain(path, contents))
    assert [one for one in said if one not in text] == []
