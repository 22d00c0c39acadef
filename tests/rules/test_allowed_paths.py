import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck import registry
from govcheck.facts.change import Change, ChangedPath, ChangeType
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.tree import Tree
from govcheck.findings import Finding, Judged, Location
from govcheck.rules.allowed_paths import AllowedPaths, changed_paths, declared_paths, tracked_paths

FILE = "100644"


def policy(**keys):
    return AllowedPaths(id="app-only", **keys)


def tree(*paths, mode=FILE):
    return Tree(dict.fromkeys(paths, mode))


def change(*entries):
    """Each entry: a letter and its path, or `R` with the old and the new path."""
    return Change(tuple(itertools.starmap(changed, entries)))


def changed(letter, path, new=None):
    if letter == "R":
        return ChangedPath(type=ChangeType.RENAME, path=new, previous_path=path, mode=FILE, previous_mode=FILE)
    kind = {"A": ChangeType.ADD, "M": ChangeType.MODIFY, "D": ChangeType.DELETE}[letter]
    gone, fresh = letter == "D", letter == "A"
    return ChangedPath(type=kind, path=path, mode=None if gone else FILE, previous_mode=None if fresh else FILE)


def pull_request(body):
    return PullRequest(
        number=12,
        title="A change",
        body=body,
        author="octocat",
        draft=False,
        base_branch="main",
        base_commit="a" * 40,
        head_branch="topic",
        head_commit="b" * 40,
        from_fork=False,
        labels=(),
    )


def said(check, *facts):
    judged, *findings = check.judge(*facts)
    assert isinstance(judged, Judged)
    assert all(isinstance(finding, Finding) for finding in findings)
    assert len({(finding.control, finding.subject) for finding in findings}) == len(findings)
    return judged.subjects, findings


def subjects(check, *facts):
    return [finding.subject for finding in said(check, *facts)[1]]


# --- the change -----------------------------------------------------------------------------------------------------


def test_a_change_inside_is_fine():
    assert said(changed_paths, policy(allow=("app/**",)), change(("A", "app/x"), ("D", "app/y"))) == (2, [])


def test_an_empty_change_judges_nothing():
    assert said(changed_paths, policy(allow=()), change()) == (0, [])


def test_a_path_outside_is_told_with_what_to_do():
    (finding,) = said(changed_paths, policy(allow=("app/**",)), change(("A", "docs/[x].md")))[1]
    assert finding.control == "path"
    assert finding.subject == "docs/[x].md"
    assert finding.message == "`docs/[x].md` is added outside the allowed paths"
    assert finding.location == Location(path="docs/[x].md")
    assert (finding.plane, finding.severity, finding.expected, finding.actual) == ("repo", None, ["app/**"], "add")
    assert finding.fix.text == (
        "Move it to where it may be (`app/**`), or add `docs/\\[x\\].md` to `allow` of the policy `app-only`"
    )


@pytest.mark.parametrize(
    ("entry", "message", "actual"),
    [
        (("M", "x"), "`x` is modified outside the allowed paths", "modify"),
        (("D", "x"), "`x` is deleted outside the allowed paths", "delete"),
        (("R", "x", "app/x"), "`x` is renamed to `app/x`, outside the allowed paths", "rename"),
        (("R", "app/x", "x"), "`x` is renamed from `app/x`, outside the allowed paths", "rename"),
    ],
)
def test_every_change_is_judged(entry, message, actual):
    judged, (finding,) = said(changed_paths, policy(allow=("app/**",)), change(entry))
    assert (judged, finding.message, finding.actual) == (1 + (actual == "rename"), message, actual)


def test_deny_wins_and_is_named():
    given_policy = policy(allow=("app/**",), deny=("app/secret/**",))
    (finding,) = said(changed_paths, given_policy, change(("M", "app/a"), ("M", "app/secret/b")))[1]
    assert finding.message == "`app/secret/b` is modified although `deny` has `app/secret/**`"
    assert finding.expected == ["not app/secret/**"]


def test_deny_alone_beside_a_declaration():
    given_policy = policy(deny=("infra/**",), declared_in="pull-request")
    assert subjects(changed_paths, given_policy, change(("M", "infra/a"), ("M", "x"))) == ["infra/a"]


def test_what_the_policy_does_not_govern_is_not_judged():
    given_policy = policy(applies_to=("**/*.md",), allow=("docs/**",))
    assert said(changed_paths, given_policy, change(("A", "x.ts"), ("R", "docs/a.md", "a.txt"))) == (1, [])
    assert subjects(changed_paths, given_policy, change(("R", "a.txt", "a.md"))) == ["a.md"]


RENAME_OUT_AND_IN = (("R", "in/a", "out/a"), ("R", "out/b", "in/b"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (("add", "modify", "delete", "rename"), ["out/a", "out/b"]),
        (("add", "modify", "rename"), ["out/a"]),
        (("add",), ["out/a"]),
        (("rename",), ["out/a"]),
        (("delete",), ["out/b"]),
        (("modify",), []),
    ],
)
def test_the_two_sides_of_a_rename(changes, expected):
    given_policy = policy(allow=("in/**",), changes=changes)
    assert sorted(subjects(changed_paths, given_policy, change(*RENAME_OUT_AND_IN))) == expected


@pytest.mark.parametrize("listed", ["add", "modify", "delete"])
def test_only_the_listed_changes_are_judged(listed):
    everything = change(("A", "add"), ("M", "modify"), ("D", "delete"))
    assert subjects(changed_paths, policy(allow=(), changes=(listed,)), everything) == [listed]


def test_a_name_that_leaves_and_arrives_is_told_once():
    swapped = change(("R", "a", "b"), ("A", "a"))
    findings = said(changed_paths, policy(allow=()), swapped)[1]
    assert sorted((finding.subject, finding.actual) for finding in findings) == [("a", "add"), ("b", "rename")]


@given(
    st.lists(
        st.tuples(st.sampled_from(["in/a", "in/b", "out/a", "out/b"]), st.sampled_from(["in/c", "out/c"])),
        max_size=4,
        unique_by=lambda pair: pair[0],
    ).map(lambda pairs: [(old, f"{new}{number}") for number, (old, new) in enumerate(pairs)]),
    st.sets(st.sampled_from(["add", "modify", "delete"]), min_size=1).map(tuple),
)
def test_a_rename_is_judged_as_a_deletion_and_an_addition_are(pairs, changes):
    given_policy = policy(allow=("in/**",), changes=changes)
    seen = change(*(("R", old, new) for old, new in pairs))
    unseen = change(*(entry for old, new in pairs for entry in (("D", old), ("A", new))))
    assert sorted(subjects(changed_paths, given_policy, seen)) == sorted(subjects(changed_paths, given_policy, unseen))


@pytest.mark.parametrize(
    ("path", "subject"),
    [("do\udcffcs/x", "do\\xffcs/x"), ("a\nb", "a\nb"), ("a\\b", "a\\\\b"), ("app/x\n", "app/x\n"), ("app/é", "app/é")],
)
def test_odd_names_are_judged_and_shown(path, subject):
    (finding,) = said(changed_paths, policy(allow=("app/x",)), change(("A", path)))[1]
    assert (finding.subject, finding.location.path) == (subject, path)


def test_a_name_that_cannot_be_typed_is_not_offered_as_a_pattern():
    (finding,) = said(changed_paths, policy(allow=("app/*",)), change(("M", "x\udcff")))[1]
    assert finding.fix.text == "Leave this path as it was, or add it to `allow` of the policy `app-only`"


def test_long_lists_are_cut_in_sentences():
    allowed = tuple(f"d{number}/**" for number in range(8))
    (finding,) = said(changed_paths, policy(allow=allowed), change(("A", "x")))[1]
    assert "(`d0/**`, `d1/**`, `d2/**`, `d3/**`, `d4/**` and 3 more)" in finding.fix.text
    assert finding.expected == list(allowed)


def test_another_dialect_for_all_three_lists():
    given_policy = policy(applies_to=("*.md",), allow=("docs", "!docs/old"), deny=("private",), dialect="gitignore")
    paths = ["x.ts", "docs/a/b.md", "docs/old/a.md", "docs/private/a.md", "a.md"]
    assert subjects(changed_paths, given_policy, change(*(("A", path) for path in paths))) == [
        "docs/private/a.md",
        "docs/old/a.md",
        "a.md",
    ]


# --- a whole tree ---------------------------------------------------------------------------------------------------


def test_everything_tracked_is_judged_whatever_the_changes():
    judged, (finding,) = said(tracked_paths, policy(allow=("app/**",), changes=("delete",)), tree("app/a", "x"))
    assert (judged, finding.message, finding.actual) == (2, "`x` is tracked outside the allowed paths", "tracked")


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_links_and_submodules_are_paths(mode):
    assert subjects(tracked_paths, policy(allow=("app/**",)), tree("app/link", "vendor", mode=mode)) == ["vendor"]


def test_only_governed_paths_count_as_judged():
    given_policy = policy(applies_to=("**/*.md",), allow=("docs/**",))
    assert said(tracked_paths, given_policy, tree("docs/a.md", "x.ts", "y.ts")) == (1, [])


def test_a_pattern_that_matches_nothing_is_a_warning():
    given_policy = policy(applies_to=("app/**", "web/**"), allow=("app/**", "apps/**"))
    findings = said(tracked_paths, given_policy, tree("app/a"))[1]
    assert [(found.control, found.subject, found.severity) for found in findings] == [
        ("pattern", "apps/**", "warning"),
        ("pattern", "web/**", "warning"),
    ]
    assert findings[0].message == "`apps/**` in `allow` matches no tracked path"
    assert findings[1].message == "`web/**` in `applies_to` matches no tracked path"


def test_policies_that_are_not_tracked_yet_are_to_be_added():
    (finding,) = said(tracked_paths, policy(allow=("app/**", "policies/**")), tree("app/a"))[1]
    assert finding.fix is not None
    assert finding.fix.text == "`git add policies`, if the policies there are not tracked yet, in the policy `app-only`"


def test_where_nothing_is_tracked_no_pattern_is_blamed():
    (finding,) = said(tracked_paths, policy(allow=("app/**", "policies/**")), tree())[1]
    assert (finding.severity, finding.message) == (
        "note",
        "nothing is tracked yet, so that no pattern matches anything",
    )


def test_a_note_never_warns():
    (finding,) = said(tracked_paths, policy(allow=("a", "b"), severity="note"), tree("a"))[1]
    assert finding.severity == "note"


@pytest.mark.parametrize(("key", "other"), [("allow", {}), ("deny", {"allow": ("**",)})])
def test_brackets_that_a_path_has_in_its_name(key, other):
    given_policy = policy(**{key: ("app/[id].tsx",)}, **other)
    found = {one.control: one for one in said(tracked_paths, given_policy, tree("app/[id].tsx"))[1]}
    finding = found["pattern"]
    assert (finding.subject, finding.severity) == ("app/[id].tsx", "warning")
    assert (
        finding.message == "`app/[id].tsx` means one character of its brackets, and `app/[id].tsx` has them in its name"
    )
    assert finding.fix.text == "Write `app/\\[id].tsx`, if that file is meant, in the policy `app-only`"
    assert ("path" in found) == (key == "allow")


def test_escaped_brackets_are_understood():
    assert said(tracked_paths, policy(allow=("app/\\[id].tsx",)), tree("app/[id].tsx")) == (1, [])


def test_no_warning_about_patterns_for_a_change():
    assert said(changed_paths, policy(allow=("a", "b", "[c]")), change(("M", "a"))) == (1, [])


# --- what the pull request declares ----------------------------------------------------------------------------------


def declared(body, *entries, **keys):
    return said(declared_paths, policy(declared_in="pull-request", **keys), change(*entries), pull_request(body))


def test_a_change_inside_its_declaration_is_fine():
    assert declared("Allowed paths: app/** docs/*.md", ("M", "app/a/b"), ("A", "docs/x.md")) == (2, [])


def test_a_change_outside_its_declaration_is_told():
    judged, (finding,) = declared("Allowed paths: app/**", ("M", "app/a"), ("D", "lib/b"))
    assert judged == 2
    assert (finding.control, finding.subject) == ("path", "lib/b")
    assert finding.message == "`lib/b` is deleted outside the paths that the pull request declares"
    assert (finding.expected, finding.actual, finding.location.path) == (["app/**"], "delete", "lib/b")


@pytest.mark.parametrize(
    ("dialect", "body", "told"),
    [
        ("govcheck", "app/* docs/a.md", ["app/a/b"]),
        ("fnmatch", "app/* docs/a.md", []),
        ("fnmatch", "*/a/*, docs/**", []),
        ("fnmatch", "*", ["#12"]),
        ("fnmatch", "app/[ docs/**", ["#12"]),
    ],
)
def test_a_declaration_is_read_in_the_dialect_that_people_were_told_of(dialect, body, told):
    entries = ("M", "app/a/b"), ("M", "docs/a.md")
    found = declared(f"Allowed paths: {body}", *entries, declared_dialect=dialect)[1]
    assert [one.subject for one in found] == told


def test_both_sides_of_a_rename_are_declared():
    assert [one.subject for one in declared("Allowed paths: app/**", ("R", "lib/a", "app/a"))[1]] == ["lib/a"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "The pull request #12 declares no allowed paths"),
        ("<!-- Allowed paths: app/** -->", "The pull request #12 declares no allowed paths"),
        ("Allowed paths:", "The pull request #12 declares allowed paths and names none (line 1 of its text)"),
        ("Allowed paths: **", "The pull request #12 declares `**`, which names no path in particular"),
        ("Allowed paths: app/** /", "The pull request #12 declares `/`, which names no path in particular"),
    ],
)
def test_a_declaration_that_is_missing_or_says_nothing(body, message):
    judged, (finding,) = declared(body, ("M", "app/a"), ("A", "x y"), ("A", "README.md"))
    assert judged == 3
    assert (finding.control, finding.subject, finding.message) == ("declared", "#12", message)
    assert finding.fix.text.endswith("`Allowed paths: app/** README.md`")


def test_all_that_is_wrong_with_a_declaration_is_one_finding():
    (finding,) = declared("Allowed paths: app/** * a//b\n\nAllowed paths: docs/**", ("M", "lib/a"))[1]
    assert finding.message.endswith("declares its allowed paths 2 times, and differently (lines 1, 3 of its text)")
    assert [one.text for one in finding.evidence] == [
        "It declares `*`, which names no path in particular",
        "It declares `a//b`, which is not valid: a path has no empty segments: write one `/` where there are two",
    ]


def test_nothing_governed_needs_no_declaration():
    assert declared("", ("M", "a.md"), applies_to=("app/**",)) == (0, [])


def test_a_declaration_only_narrows():
    entries = (("M", "app/a"), ("M", "docs/a"), ("M", "lib/a"), ("M", "app/secret"))
    lists = {"allow": ("app/**", "docs/**"), "deny": ("app/secret",)}
    own = subjects(changed_paths, policy(declared_in="pull-request", **lists), change(*entries))
    added = declared("Allowed paths: app/** lib/**", *entries, **lists)[1]
    assert own == ["app/secret", "lib/a"]
    assert [finding.subject for finding in added] == ["docs/a"]


def test_a_declaration_is_read_in_the_own_dialect():
    assert declared("Allowed paths: docs/*", ("M", "docs/a/b"), dialect="gitignore", applies_to=("**",))[1]


@given(
    st.lists(st.sampled_from(["a/**", "a/b/*", "c", "**/d"]), unique=True),
    st.lists(st.sampled_from(["a/**", "a/b/*", "c", "**/d"]), min_size=1, unique=True),
    st.lists(st.sampled_from(["a/x", "a/b/y", "c", "d", "e/d", "f"]), unique=True),
)
def test_what_two_lists_let_through_each_lets_through(allow, named, paths):
    given_policy = policy(allow=tuple(allow), declared_in="pull-request")
    given_change = change(*(("M", path) for path in paths))
    own = set(subjects(changed_paths, given_policy, given_change))
    body = pull_request("Allowed paths: " + " ".join(named))
    only_declared = set(subjects(declared_paths, policy(declared_in="pull-request"), given_change, body))
    assert own | set(subjects(declared_paths, given_policy, given_change, body)) == own | only_declared
    assert not own & set(subjects(declared_paths, given_policy, given_change, body))


# --- the policy itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "places"),
    [
        ({"allow": ("app/**",)}, []),
        ({"allow": ()}, []),
        ({"declared_in": "pull-request"}, []),
        ({}, [()]),
        ({"deny": ("a",)}, [()]),
        ({"allow": ("a",), "applies_to": ()}, [("applies_to",)]),
        ({"allow": ("a",), "changes": ()}, [("changes",)]),
        ({"allow": ("a", "b**"), "deny": ("//",)}, [("allow", 1), ("deny", 0)]),
        ({"allow": ("a",), "applies_to": ("[",)}, [("applies_to", 0)]),
        ({"allow": ("!a", "b**"), "dialect": "gitignore"}, []),
        ({"allow": ("!a",), "dialect": "codeowners"}, [("allow", 0)]),
    ],
)
def test_what_the_types_cannot_say(keys, places):
    assert [place for place, _ in policy(**keys).problems()] == places


def test_a_problem_quotes_the_pattern_and_says_what_to_write():
    ((_, message),) = policy(allow=("src/**.ts",)).problems()
    assert (
        message == "`src/**.ts`: `**` stands for whole segments and `**.ts` has more: write `**/` before it, or one `*`"
    )


@pytest.mark.parametrize(
    ("keys", "applying"),
    [
        ({"allow": ("a",)}, ["changed_paths", "tracked_paths"]),
        ({"allow": ()}, ["changed_paths", "tracked_paths"]),
        ({"declared_in": "pull-request"}, ["declared_paths"]),
        ({"deny": ("a",), "declared_in": "pull-request"}, ["changed_paths", "tracked_paths", "declared_paths"]),
    ],
)
def test_which_checks_apply(keys, applying):
    checks = registry.kind("allowed-paths").checks
    assert [check.name for check in checks if check.calls(policy(**keys))] == applying
