import fnmatch
import itertools
import re
import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from govcheck.globs import GlobError, bare_brackets, compile_globs, has_brackets, literal, problems

# --- an oracle that is slow and plain: one segment at a time, one character at a time -----------------------------


def segment_matches(pattern: str, name: str) -> bool:
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(segment_matches(pattern[1:], name[skipped:]) for skipped in range(len(name) + 1))
    if not name:
        return False
    if pattern[0] == "\\":
        return pattern[1] == name[0] and segment_matches(pattern[2:], name[1:])
    if pattern[0] == "[":
        inner, _, rest = pattern[1:].partition("]")
        within = name[0] in inner.removeprefix("!")
        return within != inner.startswith("!") and segment_matches(rest, name[1:])
    return pattern[0] in {"?", name[0]} and segment_matches(pattern[1:], name[1:])


def segments_match(patterns: list[str], names: list[str]) -> bool:
    if not patterns:
        return not names
    if patterns == ["**"]:
        return bool(names)
    if patterns[0] == "**":
        return any(segments_match(patterns[1:], names[skipped:]) for skipped in range(len(names) + 1))
    return bool(names) and segment_matches(patterns[0], names[0]) and segments_match(patterns[1:], names[1:])


def oracle(pattern: str, path: str) -> bool:
    parts = pattern.removeprefix("/").split("/")
    if parts[-1] == "":
        parts[-1] = "**"
    return segments_match(parts, path.split("/"))


NAMES = st.text(alphabet="ab.\n\\[\udc80é*-", min_size=1, max_size=5).filter(lambda name: name not in {".", ".."})
PATHS = st.lists(NAMES, min_size=1, max_size=5).map("/".join)
PIECES = st.sampled_from(
    ["a", "b", ".", "\n", "\udc80", "é", "-", "*", "?", "[ab]", "[!a]", "[!.é]", "\\[", "\\\\", "\\*"]
)
SEGMENTS = st.one_of(st.just("**"), st.lists(PIECES, min_size=1, max_size=5).map("".join))
PATTERNS = st.builds(
    lambda start, parts, end: start + "/".join(parts) + end,
    st.sampled_from(["", "/"]),
    st.lists(SEGMENTS, min_size=1, max_size=5),
    st.sampled_from(["", "", "/"]),
).filter(lambda pattern: problems(pattern) is None)


@given(PATTERNS, PATHS)
def test_agrees_with_the_oracle(pattern, path):
    assert compile_globs([pattern]).matches(path) == oracle(pattern, path)


@given(st.lists(SEGMENTS, min_size=1, max_size=6), st.lists(st.sampled_from("ab"), min_size=1, max_size=7))
def test_agrees_with_the_oracle_on_deep_paths(parts, names):
    pattern, path = "/".join(parts), "/".join(names)
    assume(problems(pattern) is None)
    assert compile_globs([pattern]).matches(path) == oracle(pattern, path)


@given(st.lists(PATTERNS, max_size=5), PATHS, st.randoms())
def test_a_list_is_a_union_whatever_its_order(patterns, path, random):
    shuffled = random.sample(patterns, len(patterns))
    expected = any(oracle(pattern, path) for pattern in patterns)
    assert compile_globs(patterns).matches(path) == compile_globs(shuffled).matches(path) == expected
    assert (compile_globs(patterns).which(path) is None) != expected


@given(st.lists(PATTERNS, max_size=5), st.lists(PATHS, max_size=8))
def test_many_paths_are_judged_as_one_is(patterns, paths):
    globs = compile_globs(patterns)
    assert list(globs.accepted(paths)) == [path for path in paths if globs.matches(path)]
    assert list(globs.rejected(paths)) == [path for path in paths if not globs.matches(path)]
    unused = [pattern for pattern in patterns if not any(oracle(pattern, path) for path in paths)]
    assert list(globs.unused(paths)) == unused


@given(PATTERNS, PATHS)
def test_a_leading_slash_changes_nothing(pattern, path):
    bare = pattern.removeprefix("/")
    assume(problems(bare) is None)
    assert compile_globs([bare]).matches(path) == compile_globs([f"/{bare}"]).matches(path)


@given(PATTERNS.map(lambda pattern: pattern.rstrip("/")), PATHS)
def test_a_closing_slash_is_everything_below(folder, path):
    assume(problems(f"{folder}/") is None)
    assert compile_globs([f"{folder}/"]).matches(path) == compile_globs([f"{folder}/**"]).matches(path)


ANY_NAME = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=8).filter(
    lambda n: n not in {".", ".."}
)


@given(st.lists(ANY_NAME, min_size=1, max_size=3).map("/".join), PATHS)
def test_a_literal_pattern_matches_its_path_and_no_other(path, other):
    assume(path.strip())
    globs = compile_globs([literal(path)])
    assert globs.matches(path)
    assert globs.matches(other) == (other == path)


@given(st.text(max_size=12), st.sampled_from(["govcheck", "gitignore", "codeowners", "actions", "fnmatch"]), PATHS)
def test_any_text_is_a_pattern_or_a_problem(text, dialect, path):
    if problem := problems(text, dialect):
        assert problem.strip()
        with pytest.raises(GlobError):
            compile_globs([text], dialect)
    else:
        assert compile_globs([text], dialect).matches(path) in {True, False}


# --- the dialect, as its users read it -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("README.md", ["README.md"], ["docs/README.md", "readme.md", "README.md\n", "README.md/x", "aREADME.md"]),
        ("docs/*", ["docs/a.md", "docs/.hidden", "docs/a\nb"], ["docs/a/b.md", "docs", "x/docs/a.md"]),
        ("*", ["a", ".gitignore"], ["a/b"]),
        ("**", ["a", "a/b/.c", "a\nb/c"], []),
        ("**/*.md", ["a.md", "x/y/a.md", ".md", "x\ny/a.md"], ["a.md/b", "a.mdx", "a.md\n"]),
        ("docs/", ["docs/a", "docs/a/b"], ["docs", "docsx/a", "x/docs/a"]),
        ("docs/**", ["docs/a", "docs/a/b"], ["docs", "docsx/a"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "ab", "a/b/c", "x/a/b"]),
        ("a/**/b/**/c", ["a/b/c", "a/b/b/c/c", "a/x/b/y/c"], ["a/c", "a/b", "b/c"]),
        ("**/docs/**", ["docs/a", "x/docs/a/b"], ["docs", "x/docs", "xdocs/a"]),
        ("a?c", ["abc", "a.c", "a\nc"], ["ac", "a/c", "abbc"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "-x", "x"]),
        ("[!a]x", ["bx", "!x"], ["ax", "/x", "x"]),
        ("a[+-9]b", ["a.b", "a5b"], ["a/b"]),
        ("[!-]", ["a"], ["-"]),
        ("[a-]", ["a", "-"], ["b"]),
        ("[\\]]", ["]"], ["\\", "\\]"]),
        ("app/\\[id].tsx", ["app/[id].tsx"], ["app/i.tsx"]),
        ("a*b*c", ["abc", "axbxc", "abcbc"], ["acb", "ab/c"]),
        ("*ab", ["ab", "aab", "abab"], ["aba"]),
        ("a*a", ["aa", "aba"], ["a"]),
        ("{{cookiecutter.name}}/**", ["{{cookiecutter.name}}/a"], ["x/a"]),
        ("\\!x", ["!x"], ["x"]),
    ],
)
def test_what_a_pattern_matches(pattern, inside, outside):
    globs = compile_globs([pattern])
    assert [path for path in inside + outside if globs.matches(path)] == inside


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("", "an empty pattern"),
        (" ", "an empty pattern"),
        ("/", "write `**`"),
        ("//a", "one `/`"),
        ("a//b", "one `/`"),
        ("./a", "repository's root"),
        ("a/../b", "repository's root"),
        ("a**", "`**` stands for whole segments"),
        ("**.md", "write `**/` before it"),
        ("***", "`**` stands for whole segments"),
        ("**/", "write `**`"),
        ("a/**/", "two ways"),
        ("!a", "takes nothing back"),
        ("*.{ts,tsx}", "`{ts,tsx}` is not expanded"),
        ("a\\", "backslash at the end"),
        ("a\\/b", "backslash at the end"),
        ("docs\\readme.md", "write `/` between folders"),
        ("[a", "bracket is not closed"),
        ("[a/b]", "bracket is not closed"),
        ("[]", "empty class"),
        ("[^a]", "write `[!...]`"),
        ("[z-a]", "write `a-z`"),
        ("[[:alpha:]]", "names a class"),
        ("a\0", "NUL"),
        ("a" * 5000, "5000 characters"),
    ],
)
def test_what_is_refused_and_what_to_write(pattern, hint):
    assert hint in problems(pattern)


def test_an_empty_list_matches_nothing():
    assert not compile_globs([]).matches("")
    assert not compile_globs([]).matches("a")


def test_lists_are_compiled_once():
    assert compile_globs(["a", "b"]) is compile_globs(("a", "b"))


@pytest.mark.parametrize(
    ("pattern", "dialect", "bare"),
    [
        ("app/[id].tsx", "govcheck", "app/\\[id].tsx"),
        ("app/\\[id].tsx", "govcheck", "app/\\[id].tsx"),
        ("\\\\[ab]", "govcheck", "\\\\\\[ab]"),
        ("a]b", "govcheck", "a]b"),
        ("[id].tsx", "gitignore", "\\[id].tsx"),
        ("[id].tsx", "fnmatch", "[[]id].tsx"),
        ("[id].tsx", "codeowners", "\\[id\\].tsx"),
        ("\\[id\\].tsx", "codeowners", "\\[id\\].tsx"),
    ],
)
def test_brackets_that_are_meant_literally(pattern, dialect, bare):
    assert bare_brackets(pattern, dialect) == bare
    assert has_brackets(pattern, dialect) == (bare != pattern)


def test_bare_brackets_match_the_name():
    for dialect in ("govcheck", "gitignore", "fnmatch", "actions", "codeowners"):
        bare = bare_brackets("[id].tsx", dialect)
        assert compile_globs([bare], dialect).matches("[id].tsx"), dialect


HOSTILE = """
import sys
from govcheck.globs import compile_globs, problems
for dialect in ("govcheck", "gitignore", "codeowners", "fnmatch", "actions"):
    stars = "a*" * 20 + "b"
    for pattern, path in [
        (stars, "a" * 4000),
        ("**/" + stars, "a" * 4000),
        ("**/" + stars, "a/" * 2000 + "a"),
        ("**/" * 1 + "**/".join(["a/"] * 20) + "b", "a/" * 2000 + "a"),
        ("**/" + "**/".join(["*a*/"] * 20) + "b", "a/" * 2000 + "a"),
        ("**/" + "/".join(["*a*"] * 20) + "/b", "a/" * 2000 + "a"),
        ("**/" + "/".join(["*a*"] * 20) + "/b/**", "aaa/" * 1000 + "a"),
        ("*" + "?" * 20 + "b", "a" * 4000),
    ]:
        assert problems(pattern, dialect) or not compile_globs((pattern,), dialect).matches(path), (dialect, pattern)
assert not compile_globs(("a?" * 40 + "a+" * 40 + "[a-z]+" * 20 + "b",), "actions").matches("a" * 4000)
print("done")
"""


def test_no_pattern_runs_away_on_a_hostile_path():
    run = subprocess.run([sys.executable, "-c", HOSTILE], capture_output=True, text=True, timeout=120, check=False)
    assert (run.stdout, run.stderr) == ("done\n", "")


def test_the_own_dialect_imports_nothing_else():
    program = (
        "import sys; from govcheck.globs import compile_globs; assert compile_globs(('a/**',)).matches('a/b');"
        "print(sorted(name for name in sys.modules if name.startswith(('pathspec', 'govcheck.globs.'))))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['govcheck.globs.classes', 'govcheck.globs.native', 'govcheck.globs.segments']"


# --- the other dialects ---------------------------------------------------------------------------------------------

DIALECTS = ("gitignore", "codeowners", "actions", "fnmatch")

MEASURED = [
    # pattern, path, then whether it matches in each of DIALECTS
    ("docs", "docs/a.md", True, True, False, False),
    ("docs/", "x/docs/a.md", True, True, False, False),
    ("docs/*", "docs/b/c.md", True, False, False, True),
    ("*.md", "docs/a.md", True, True, False, True),
    ("**/*.md", "README.md", True, True, True, False),
    ("**.md", "docs/a.md", True, True, True, True),
    ("/app", "app/x.ts", True, True, False, False),
    ("app/routes/\\[id\\].tsx", "app/routes/[id].tsx", True, True, True, False),
    ("src/a?.ts", "src/ab.ts", True, True, False, True),
    ("v1+", "v111", False, False, True, False),
    ("docs/**/x.md", "docs/x.md", True, True, True, False),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), [(row[0], row[1], row[2:]) for row in MEASURED])
def test_the_same_pattern_in_four_dialects(pattern, path, expected):
    assert tuple(compile_globs([pattern], name).matches(path) for name in DIALECTS) == expected


@given(
    st.text(alphabet="ab/*?[]!-\n\\", min_size=1, max_size=8),
    st.text(alphabet="ab/-!\n\\]", max_size=8),
)
def test_fnmatch_agrees_with_the_standard_library(pattern, path):
    assume(problems(pattern, "fnmatch") is None)
    assert compile_globs([pattern], "fnmatch").matches(path) == fnmatch.fnmatchcase(path, pattern)


@pytest.mark.parametrize("pattern", ["[a", "[!a", "[b-a]", ""])
def test_fnmatch_refuses_what_matches_by_accident_or_never(pattern):
    assert problems(pattern, "fnmatch")


TREE = sorted(
    {"/".join(names) for depth in (1, 2, 3) for names in itertools.product(["a", "ab", ".x", "a-b"], repeat=depth)}
    | {"a\n", "a\n/b", "[a]", "a/[a]", "a\\b", "!a", "#a"}
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ignored")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


GITIGNORE_PATTERNS = [
    "a", "/a", "a/", "/a/", "a/*", "a/**", "**/a", "**/a/", "a/**/a", "a/b", "a/ab", "*", "/*", "*/", "**", "**/",
    "a*", "?b", "a?b", "*b", "/*/ab", "*/ab", "**/ab", "**/a/**", "a/**/", "[a]", "\\[a]", "[!a]", "[^a]*", "[a-b]b",
    "[]a]", "a[-]b", "\\!a", "\\#a", "a**b", "a/**b", "*/*", "*/*/*", ".x", ".*", "a\\\\b", "ab/**/a/", "**/.x/**/a",
    "***", "/**/a", "/a/**/*", "a\\*",
]  # fmt: skip


@pytest.mark.parametrize("pattern", GITIGNORE_PATTERNS)
def test_gitignore_agrees_with_git(checkout, pattern):
    assert problems(pattern, "gitignore") is None
    (checkout / ".gitignore").write_text(f"{pattern}\n", "utf-8")
    run = subprocess.run(
        ["git", "-C", str(checkout), "-c", "core.ignoreCase=false", "check-ignore", "--no-index", "--stdin", "-z"],
        input="\0".join(TREE).encode(),
        capture_output=True,
        check=False,
    )
    assert run.returncode in {0, 1}, run.stderr
    ignored = [path for path in run.stdout.decode().split("\0") if path]
    assert list(compile_globs([pattern], "gitignore").accepted(TREE)) == ignored


@pytest.mark.parametrize("pattern", ["", "/", "#a", "a ", "a\nb", "a//b", "./a", "a/../b", "a\\", "[a", "[[:alpha:]]"])
def test_gitignore_refuses_what_matches_nothing(pattern):
    assert problems(pattern, "gitignore")


@pytest.mark.parametrize(
    ("patterns", "inside", "outside"),
    [
        (["**", "!*.md"], ["a", "a/b.ts"], ["a.md", "a/b.md"]),
        (["!*.md", "**"], ["a", "a.md"], []),
        (["docs/", "!docs/private/"], ["docs/a", "docs/a/b"], ["docs/private/x", "a"]),
        (["docs", "!docs/ok.md"], ["docs/z"], ["docs/ok.md"]),
        (["docs/*", "!docs/ok.md", "docs/ok*"], ["docs/ok.md", "docs/a/b"], ["ok.md"]),
        (["a/**", "!a/b"], ["a/x"], ["a/b", "a/b/c"]),
        (["!?", "a"], ["a/b/c"], ["b"]),
        (["\\!a"], ["!a"], ["a"]),
    ],
)
def test_gitignore_takes_back(patterns, inside, outside):
    globs = compile_globs(patterns, "gitignore")
    assert [path for path in inside + outside if globs.matches(path)] == inside


def test_gitignore_says_which_pattern_decided():
    globs = compile_globs(["docs/", "!docs/private/", "*.md"], "gitignore")
    assert globs.which("docs/a") == "docs/"
    assert globs.which("docs/private/a") == "!docs/private/"
    assert globs.which("docs/private/a.md") == "*.md"
    assert globs.which("x") is None
    assert globs.unused(["docs/a"]) == ("*.md",)


# GitHub's own examples: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
ACTIONS = [
    (["feature/*"], ["feature/my-branch", "feature/your-branch"], ["feature/beta-a/my-branch", "feature"]),
    (["feature/**"], ["feature/beta-a/my-branch", "feature/your-branch", "feature/mona/the/octocat"], ["feature"]),
    (["main"], ["main"], ["maintenance", "a/main", "Main"]),
    (["releases/mona-the-octocat"], ["releases/mona-the-octocat"], ["releases"]),
    (["*"], ["main", "releases"], ["all/the/branches"]),
    (["**"], ["all/the/branches", "every/tag", "main"], []),
    (["*feature"], ["mona-feature", "feature", "ver-10-feature"], ["feature-1", "a/feature"]),
    (["v2*"], ["v2", "v2.0", "v2.9"], ["v1", "v2/a"]),
    (["v[12].[0-9]+.[0-9]+"], ["v1.10.1", "v2.0.0"], ["v3.0.0", "v1.0", "v1..0"]),
    (["*.jsx?"], ["page.js", "page.jsx"], ["page.jsxx", "a/page.js"]),
    (["*.js"], ["app.js", "index.js"], ["js/index.js"]),
    (["**.js"], ["index.js", "js/index.js", "src/js/app.js"], ["index.jsx"]),
    (["docs/*"], ["docs/README.md", "docs/file.txt"], ["docs/mona/octocat.txt", "x/docs/a"]),
    (["docs/**"], ["docs/README.md", "docs/mona/octocat.txt"], ["docs"]),
    (["docs/**/*.md"], ["docs/README.md", "docs/mona/hello-world.md", "docs/a/markdown/file.md"], ["docs/a.txt"]),
    (["**/docs/**"], ["docs/hello.md", "dir/docs/my-file.txt", "space/docs/plan/space.doc"], ["adocs/hello.md"]),
    (["**/README.md"], ["README.md", "js/README.md"], ["aREADME.md"]),
    (["**/*src/**"], ["a/src/app.js", "my-src/code/js/app.js"], ["src-a/app.js"]),
    (["**/*-post.md"], ["my-post.md", "path/their-post.md"], ["post.md"]),
    (["**/migrate-*.sql"], ["migrate-10909.sql", "db/migrate-v1.0.sql", "db/sept/migrate-v1.sql"], ["migrate.sql"]),
    (["*.md", "!README.md"], ["hello.md"], ["README.md", "docs/hello.md"]),
    (["*.md", "!README.md", "README*"], ["hello.md", "README.md", "README.doc"], []),
    (["[CB]at"], ["Cat", "Bat"], ["Rat", "at"]),
    (["[1-2]00"], ["100", "200"], ["300"]),
    (["Octo*"], ["Octocat", "Octo"], ["octocat"]),
    (["a\\+b\\*"], ["a+b*"], ["aab"]),
    (["?a", "+b"], ["?a", "+b"], ["a", "b"]),
    (["a!b"], ["a!b"], ["ab"]),
    (["!a"], [], ["a", "b"]),
]


@pytest.mark.parametrize(("patterns", "inside", "outside"), ACTIONS)
def test_actions_filters_as_github_documents_them(patterns, inside, outside):
    globs = compile_globs(patterns, "actions")
    assert [name for name in inside + outside if globs.matches(name)] == inside


@pytest.mark.parametrize(
    "pattern", ["", "!", "a++", "a?+", "*+", "**/+", "[", "[]", "[a", "[b-a]", "[a-]", "[.]", "a\\"]
)
def test_actions_filters_that_cannot_be_read(pattern):
    assert problems(pattern, "actions")


ACTIONS_PIECES = {
    "a": "a", "/": "/", "*": "[^/]*", "**": ".*", "**/": "(?:.+/)?", "a?": "a?", "b+": "b+", "[ab]": "[ab]",
    "[a-b]+": "[a-b]+", "[ab]?": "[ab]?", "\\*": r"\*", ".": r"\.", "/?": "/?",
}  # fmt: skip


@given(st.lists(st.sampled_from(sorted(ACTIONS_PIECES)), min_size=1, max_size=6), st.text("ab/.*\n", max_size=8))
def test_actions_filters_agree_with_a_regular_expression(pieces, name):
    pattern = "".join(pieces)
    assume(not re.search(r"\*\*\*|\*\*/\?", pattern))
    # pieces that meet can read as another piece: `*` and `*/` make a `**/`
    read = re.findall(r"\*\*/|\*\*|(?:\\\*|\[ab\]|\[a-b\]|[ab/.])[?+]?|\*", pattern)
    expression = "".join(ACTIONS_PIECES.get(piece, piece) for piece in read)
    assert compile_globs([pattern], "actions").matches(name) == bool(re.fullmatch(expression, name, re.DOTALL))


# https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
CODEOWNERS = [
    ("*", ["a", "a/b/c"], []),
    ("*.js", ["a.js", "a/b.js"], ["a.jsx"]),
    ("/build/logs/", ["build/logs/a", "build/logs/a/b"], ["x/build/logs/a", "build/logs"]),
    ("docs/*", ["docs/getting-started.md"], ["docs/build-app/troubleshooting.md", "x/docs/a.md"]),
    ("apps/", ["apps/a", "x/apps/a/b"], ["apps"]),
    ("/docs/", ["docs/a", "docs/a/b"], ["x/docs/a"]),
    ("**/logs", ["build/logs", "scripts/logs/a", "deeply/nested/logs/a", "logs"], ["xlogs"]),
    ("/apps/github", ["apps/github", "apps/github/a"], ["apps/githubx", "x/apps/github"]),
    ("foo/**/bar", ["foo/bar", "foo/a/bar", "foo/a/b/bar/c"], ["x/foo/bar", "foobar"]),
    ("a/**", ["a/b", "a/b/c"], ["a", "x/a/b"]),
    ("a?", ["ab", "x/ab/c"], ["a", "a/"]),
    ("\\*a", ["*a"], ["xa"]),
]


@pytest.mark.parametrize(("pattern", "inside", "outside"), CODEOWNERS)
def test_codeowners_as_github_documents_it(pattern, inside, outside):
    globs = compile_globs([pattern], "codeowners")
    assert [path for path in inside + outside if globs.matches(path)] == inside


@pytest.mark.parametrize(
    "pattern", ["", "/", "!a", "#a", "\\#a", "a***", "a//b", "a\\", "[a]b", "a]", "*.[ch]", "\\[a]"]
)
def test_codeowners_that_github_refuses(pattern):
    assert problems(pattern, "codeowners")
