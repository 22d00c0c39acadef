"""Who owns a path: GitHub's documented behaviour as a table, laws, and a second matcher as oracle."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import codeowners as other_reader
import literal_codeowners as literal
from govcheck.codeowners.candidates import PathIndex
from govcheck.codeowners.covering import hiding, samples
from govcheck.codeowners.matching import Owners, State
from govcheck.codeowners.parsing import parse
from govcheck.globs import compile_globs, problems

TABLE = [
    # pattern, then what it matches, then what it does not
    ("*", ["README.md", ".env", "a/b", "a/b/.c", "docs/x y.md"], []),
    ("**", ["README.md", "a/b/c"], []),
    ("/*", ["README.md", ".gitignore"], ["docs/a.md", "a/b/c"]),
    ("/**", ["README.md", "a/b/c"], []),
    ("*.md", ["README.md", "docs/a.md", ".md", "x.md/inside"], ["README.mdx", "md", "README.MD"]),
    ("*.tar.*", ["a.tar.gz", "x/b.tar.xz"], ["a.tar", "tar.gz"]),
    ("/*.md", ["README.md"], ["docs/a.md"]),
    ("Makefile", ["Makefile", "lib/Makefile", "Makefile/x"], ["makefile", "Makefile.am", "aMakefile"]),
    ("/Makefile", ["Makefile"], ["lib/Makefile"]),
    ("docs", ["docs", "docs/a.md", "x/docs/b/c"], ["docsx/a", "xdocs"]),
    ("docs/", ["docs/a.md", "x/docs/a.md", "docs/b/c"], ["docs", "x/docs"]),
    ("/docs", ["docs", "docs/a.md", "docs/b/c"], ["x/docs/a.md"]),
    ("/docs/", ["docs/a.md", "docs/b/c"], ["docs", "x/docs/a.md"]),
    ("docs/*", ["docs/a.md", "docs/.hidden"], ["docs/b/c.md", "x/docs/a.md", "docs"]),
    ("/docs/*", ["docs/a.md"], ["docs/b/c.md", "x/docs/a.md"]),
    ("docs/**", ["docs/a.md", "docs/b/c.md"], ["docs", "x/docs/a.md", "docsx/a"]),
    ("docs/**/*", ["docs/a.md", "docs/b/c.md"], ["docs", "x/docs/a"]),
    ("docs/**/x.md", ["docs/x.md", "docs/a/b/x.md"], ["docs/ax.md", "x/docs/x.md"]),
    ("docs/*.md", ["docs/a.md", "docs/a.md/inside"], ["docs/b/a.md", "docs/a.txt"]),
    ("docs/*/x.md", ["docs/a/x.md", "docs/a/x.md/y"], ["docs/x.md", "docs/a/b/x.md"]),
    ("**/logs", ["logs", "build/logs/x", "a/b/logs/c"], ["xlogs", "logs.txt"]),
    ("**/logs/", ["logs/x", "build/logs/x"], ["logs", "a/logs"]),
    ("**/*.js", ["a.js", "x/y/a.js"], ["a.jsx"]),
    ("**/a/b", ["a/b", "x/a/b", "x/y/a/b/c"], ["a/x/b", "xa/b"]),
    ("a/**/b/**/c", ["a/b/c", "a/x/b/y/z/c/d"], ["a/c", "x/a/b/c"]),
    ("/a/b", ["a/b", "a/b/c"], ["a/bc", "x/a/b"]),
    ("a/b", ["a/b", "a/b/c"], ["x/a/b"]),
    ("a/b/", ["a/b/c"], ["a/b", "x/a/b/c"]),
    ("src/a?.ts", ["src/ab.ts", "src/a..ts"], ["src/a.ts", "src/abc.ts", "src/a/.ts"]),
    ("a?c", ["abc", "x/abc/y"], ["ac", "a/c"]),
    ("build*", ["build", "builds/x", "x/build.log"], ["rebuild"]),
    ("*build", ["build", "rebuild/x"], ["builds"]),
    ("*build*", ["xbuildx/y", "a/rebuilds"], ["buil/d"]),
    (".github/", [".github/CODEOWNERS", "x/.github/y"], ["github/x"]),
    ("/.github/workflows/**", [".github/workflows/ci.yml"], [".github/dependabot.yml"]),
    ("my\\ file.md", ["my file.md", "docs/my file.md"], ["my", "file.md", "my\\ file.md"]),
    ("/docs/a\\ b/", ["docs/a b/c"], ["docs/a/b/c"]),
    ("\\*.md", ["*.md"], ["a.md"]),
    ("\\[id\\].tsx", ["[id].tsx", "app/[id].tsx"], ["i.tsx"]),
    ("app/\\[id\\]/**", ["app/[id]/page.tsx"], ["app/i/page.tsx", "app/id/page.tsx"]),
    ("@scope/", ["@scope/x", "packages/@scope/y"], ["scope/x"]),
    ("a+b", ["a+b", "x/a+b/c"], ["aab", "ab"]),
    ("(group)/", ["app/(group)/page.tsx"], ["app/group/page.tsx"]),
    ("{a,b}.js", ["{a,b}.js"], ["a.js", "b.js"]),
    ("$x.y", ["$x.y"], ["x.y", "$xzy"]),
    ("caf\u00e9/", ["caf\u00e9/menu"], ["cafe/menu"]),
    ("**/x/**/y", ["x/y", "a/x/b/y/c"], ["x/ay", "y/x"]),
    ("foo/**/", ["foo/a", "foo/a/b"], ["foo", "x/foo/a"]),
]  # fmt: skip
CASES = [(row[0], path, True) for row in TABLE for path in row[1]] + [
    (row[0], path, False) for row in TABLE for path in row[2]
]

FILES = [
    # the file, a path, the line that decides (None: none), the state
    ("* @all\n*.js @js\n", "a.js", 2, State.OWNED),
    ("* @all\n*.js @js\n", "a.ts", 1, State.OWNED),
    ("*.js @js\n* @all\n", "a.js", 2, State.OWNED),
    ("/apps/ @cat\n/apps/github\n", "apps/github/x", 2, State.UNOWNED),
    ("/apps/ @cat\n/apps/github\n", "apps/gitlab/x", 1, State.OWNED),
    ("/apps/ @cat\n/apps/github # nobody\n", "apps/github", 2, State.UNOWNED),
    ("/apps/github\n/apps/ @cat\n", "apps/github/x", 2, State.OWNED),
    ("docs/ @docs\n", "src/a", None, State.UNMATCHED),
    ("", "a", None, State.UNMATCHED),
    ("# * @all\n", "a", None, State.UNMATCHED),
    ("a @one\na @two\n", "a", 2, State.OWNED),
    ("* @all\n*.[ch] @c\n", "x.c", 1, State.OWNED),
    ("* @all\n!a @b\n", "a", 1, State.OWNED),
    ("* @all\na b@\n", "a", 1, State.OWNED),
    ("docs/* @flat\ndocs/deep/** @deep\n", "docs/deep/a", 2, State.OWNED),
    ("/app/** @a\n*   @b\n", "app/x", 2, State.OWNED),
]


def test_the_tables_are_large_enough():
    assert len(CASES) + len(FILES) > 150


@pytest.mark.parametrize(("pattern", "path", "expected"), CASES)
def test_what_a_pattern_matches(pattern, path, expected):
    (rule,) = parse(f"{pattern} @o\n".encode()).rules
    assert (Owners([rule]).of(path).rule is rule) == expected
    assert literal.matches(pattern, path) == expected
    assert (path in Owners([rule]).deciding(PathIndex([path, "elsewhere/entirely"]))) == expected


@pytest.mark.parametrize(("text", "path", "line", "state"), FILES)
def test_which_line_decides(text, path, line, state):
    ownership = Owners(parse(text.encode()).rules).of(path)
    assert (ownership.rule.line if ownership.rule else None, ownership.state) == (line, state)


def test_the_lines_that_are_overridden_are_named_nearest_first():
    rules = parse(b"* @a\ndocs/ @b\nsrc/ @c\n*.md @d\n").rules
    assert [rule.line for rule in Owners(rules).of("docs/x.md").overridden] == [2, 1]


# --- laws ----------------------------------------------------------------------------------------------------------

NAMES = st.text(alphabet="ab.x", min_size=1, max_size=4).filter(lambda name: name not in {".", ".."})
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
SEGMENTS = st.one_of(
    st.just("**"),
    st.lists(st.sampled_from(["a", "b", ".x", "*", "?", "\\*", "\\a"]), min_size=1, max_size=3).map("".join),
)
PATTERNS = st.builds(
    lambda start, parts, end: start + "/".join(parts) + end,
    st.sampled_from(["", "", "/"]),
    st.lists(SEGMENTS, min_size=1, max_size=4),
    st.sampled_from(["", "", "/"]),
).filter(
    lambda pattern: (
        problems(pattern, "codeowners") is None and "**" not in pattern.replace("/**", "").removeprefix("**")
    )
)
LINES = st.tuples(PATTERNS, st.sampled_from(["", " @a", " @b @o/c"])).map("".join)


def rules_of(lines):
    return parse("\n".join(lines).encode()).rules


@given(st.lists(LINES, max_size=6), st.lists(PATHS, max_size=8))
def test_agrees_with_the_literal_matcher(lines, paths):
    rules = rules_of(lines)
    owners = Owners(rules)
    many = owners.deciding(PathIndex(paths))
    for path in paths:
        expected = literal.decides(rules, path)
        assert owners.of(path).rule is expected
        assert owners.decides(path) is expected
        assert many.get(path) is expected
    for rule in rules:
        matched = {path for path in paths if literal.matches(rule.pattern, path)}
        assert set(owners.matched(rule, PathIndex(paths))) == matched


@given(st.lists(LINES, max_size=5), LINES, PATHS)
def test_a_line_that_is_added_changes_only_what_it_matches(lines, added, path):
    before, after = Owners(rules_of(lines)).of(path).rule, Owners(rules_of([*lines, added])).of(path).rule
    if literal.matches(added.split(" ")[0], path):
        assert after.words == added.strip()
    else:
        assert (before and before.line) == (after and after.line)


@given(st.lists(LINES, min_size=2, max_size=6), st.data())
def test_removing_a_hidden_line_changes_nothing(lines, data):
    rules = rules_of(lines)
    owners = Owners(rules)
    for rule in rules:
        if hiding(rule, owners):
            less = Owners([one for one in rules if one is not rule])
            path = data.draw(PATHS)
            assert less.of(path).rule is owners.of(path).rule


@given(st.lists(LINES, min_size=1, max_size=5), PATHS)
def test_a_line_that_decides_something_is_never_called_hidden(lines, path):
    owners = Owners(rules_of(lines))
    rule = owners.of(path).rule
    if rule is not None:
        assert hiding(rule, owners) == ()


@given(st.lists(LINES, max_size=5), PATHS)
def test_a_catch_all_at_the_end_owns_everything_and_hides_the_rest(lines, path):
    rules = rules_of([*lines, "* @last"])
    owners = Owners(rules)
    assert owners.of(path).rule is rules[-1]
    assert all(hiding(rule, owners) == (rules[-1],) for rule in rules[:-1])


@given(PATTERNS)
def test_samples_are_paths_that_the_pattern_matches(pattern):
    made = list(samples(pattern, [pattern, "a/*/**/b"]))
    assert made
    assert all(literal.matches(pattern, path) for path in made)
    assert all("" not in path.split("/") for path in made)


@given(st.lists(PATHS, max_size=12), PATTERNS)
def test_candidates_leave_nothing_out(paths, pattern):
    globs = compile_globs([pattern], "codeowners")
    assert set(filter(globs.matches, paths)) <= set(PathIndex(paths).candidates(pattern))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("/app/** @a\n* @b\n", {1: [2]}),
        ("* @a\n/app/** @b\n", {}),
        ("docs/x/** @a\ndocs/** @b\n", {1: [2]}),
        ("docs/** @a\ndocs/* @b\n", {}),
        ("docs/* @a\ndocs/** @b\n", {1: [2]}),
        ("*.md @a\n*.md @b\n", {1: [2]}),
        ("docs @a\n/docs/ @b\n", {}),
        ("/docs/ @a\ndocs @b\n", {1: [2]}),
        ("a.md @a\n*.md @b\n", {1: [2]}),
        ("a? @a\na* @b\n", {1: [2]}),
        ("a* @a\na? @b\n", {}),
        ("x/** @a\nx/a/** @b\nx/b/** @c\n", {}),
        ("/x @a\n/x/** @b\n", {}),
        ("/x/** @a\n/x @b\n", {1: [2]}),
        ("*.md @a\n*.txt @b\n* @c\n*.md\n", {1: [4], 2: [3]}),
        ("*.md @a\n/*.md @b\n**/x/*.md @c\n", {}),
        ("** @a\n? @b\n", {}),
        ("x/\ue000 @a\n* @b\n", {}),
    ],
)
def test_which_lines_are_hidden_and_by_which(text, hidden):
    rules = parse(text.encode()).rules
    owners = Owners(rules)
    found = {rule.line: [later.line for later in hiding(rule, owners)] for rule in rules}
    assert {line: later for line, later in found.items() if later} == hidden


def test_a_pattern_of_very_many_wildcards_is_not_called_hidden():
    rules = parse(f"{'*a' * 100} @a\n* @b\n".encode()).rules
    assert hiding(rules[0], Owners(rules)) == ()


@given(st.text(alphabet="a/*?\\ #@[]!", max_size=12), PATHS)
def test_any_line_can_be_read(line, path):
    assume("\n" not in line)
    Owners(parse(line.encode()).rules).of(path)


DIFFERENT = {
    # Another reader anchors a pattern that has a blank in it, and lets `/**/` match no folder behind its own name
    ("my\\ file.md", "docs/my file.md"),
    ("foo/**/", "foo/a"),
    # GitHub skips lines with `[` and with what is no owner; the other reader takes them
    ("* @all\n*.[ch] @c\n", "x.c"),
    ("* @all\na b@\n", "a"),
}
"""Where `codeowners` of PyPI (https://github.com/sbdchd/codeowners) reads a file otherwise than GitHub says it does."""


@pytest.mark.parametrize(("pattern", "path", "expected"), CASES)
def test_another_implementation_agrees_on_patterns(pattern, path, expected):
    found = bool(other_reader.CodeOwners(f"{pattern} @o\n").of(path))
    assert (found != expected) == ((pattern, path) in DIFFERENT)


@pytest.mark.parametrize(("text", "path", "line"), [case[:3] for case in FILES])
def test_another_implementation_agrees_on_which_line_decides(text, path, line):
    found = other_reader.CodeOwners(text).matching_line(path)[1]
    assert (found != line) == ((text, path) in DIFFERENT)
