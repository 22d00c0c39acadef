"""Files with policy tests: all that is wrong, each at its place."""

import pytest

from govcheck.errors import PolicyError
from govcheck.sources.policy_test_files import WrittenTests, load_tests

IDS = ("main-protected", "layout")
GOOD = """
test: one
policy: layout
given: {change: {a.txt: ""}}
expect: {outcome: fail}
"""


def loaded(text, ids=IDS):
    return load_tests([WrittenTests("t.yaml", text.encode())], ids)


def problems(text, ids=IDS):
    with pytest.raises(PolicyError) as caught:
        loaded(text, ids)
    return [(one.line, one.column, one.message) for one in caught.value.problems]


def test_one_file_holds_several():
    assert [(one.test.test, one.line) for one in loaded(f"{GOOD}---\n---\n{GOOD.replace('one', 'two')}")] == [
        ("one", 2),
        ("two", 9),
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{files: {../a: x}}", "`given.files.../a`: no path of a repository: `..` leads out of it"),
        ("{files: {a/../../b: x}}", "`..` leads out of it"),
        ("{files: {/etc/passwd: x}}", "without a `/`"),
        ("{files: {.git/config: x}}", "git keeps `.git` for itself"),
        ("{files: {a/.GIT/hooks/x: y}}", "git keeps `.git` for itself"),
        ("{files: {a//b: x}}", "empty or `.`"),
        ('{files: {"a\\u0001b": x}}', "control characters"),
        ("{files: {a: x, a/b: y}}", "cannot be a file and a folder"),
        ("{files: {a: x}, change: {a/b: y}}", "cannot be a file and a folder"),
        ("{files: {a/b: x}, change: {a: y}}", "cannot be a file and a folder"),
        ("{files: {a: x}, change: {b: null}}", "no such file to delete"),
        ("{stage: tree, change: {a: b}}", "judges a whole tree"),
        ("{stage: sweep, files: {}, pull_request: {}}", "knows no pull request"),
        ("{phase: startup, change: {a: b}}", "judges a whole tree"),
        ("{stage: ci, phase: startup, change: {a: b}}", "is no sweep"),
        ("{stage: pre-commit, change: {a: b}, live: {x: {}}}", "never asks GitHub"),
        ("{}", "nothing is given"),
        ("{now: 2026-11-23, files: {a: b}}", "not an instant with a zone"),
        ("{live: {/: {}}}", "an endpoint has a path"),
        ("{live: {x: {status: 9}}}", "is not an HTTP status"),
        ("{repository: x, live: {y: {}}}", "is not OWNER/NAME"),
        ("{recording: x.json, files: {a: b}}", "does not go with `recording`"),
    ],
)
def test_what_cannot_be_given_is_told_at_its_place(given, message):
    found = problems(f"test: one\npolicy: layout\n\ngiven: {given}\nexpect: {{outcome: fail}}\n")
    assert [line for line, _, _ in found] == [4]
    assert found[0][1] >= len("given: {")
    assert message in found[0][2]


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("{}", "this test expects nothing"),
        ("{outcome: {}}", "this test expects nothing"),
        ("{outcome: {main-protectd: pass}}", "there is no policy `main-protectd` here: did you mean `main-protected`?"),
        ("{outcome: {layout: pass}}", "there is no policy `layout` here"),
        ("{outcome: passed}", "did you mean `pass`?"),
        ("{findings: [{control: a, subject: b, policy: layout}]}", "there is no policy `layout` here"),
        ("{findings: [{control: a}]}", "the key `subject` is missing"),
        ("{findings: [], findings_include: [{control: a, subject: b}]}", "give one of the two"),
        ("{unknowns: [{control: a, subject: b, reason: why}]}", "must be one of `permission`"),
    ],
)
def test_what_cannot_be_expected_is_told_at_its_place(expect, message):
    found = problems(f"test: one\npolicy: main-protected\ngiven: {{otherwise: nothing-set}}\nexpect: {expect}\n")
    assert [line for line, _, _ in found] == [4]
    assert message in found[0][2]


def test_a_test_of_several_policies_says_whose_each_thing_is():
    found = problems(
        "test: one\ngiven: {files: {a: b}}\nexpect: {outcome: pass, findings: [{control: a, subject: b}]}\n"
    )
    assert [message.partition(": ")[2] for _, _, message in found] == [
        "give the outcome of each by its id, as `{main-protected: pass}`",
        "say by `policy` whose this is",
    ]


def test_every_problem_of_every_document_is_told_at_once():
    text = f"{GOOD}---\n{GOOD}---\n[]\n---\nkind: allowed-paths\nid: x\n---\ntest: two\npolcy: layout\n"
    assert [message.partition(":")[0] for _, _, message in problems(text)] == [
        "a test of line 2 has this name already",
        "a test is a mapping with `test`, `given` and `expect`",
        "this is a policy",
        "the key `given` is missing",
        "the key `expect` is missing",
        "unknown key `polcy`",
    ]


def test_what_is_not_yaml_is_told():
    assert problems("test: [") == [(1, 8, problems("test: [")[0][2])]


def test_contents_of_ten_megabytes_are_taken():
    big = "x" * 10_000_000
    (test,) = loaded(f"test: one\npolicy: layout\ngiven: {{change: {{big.txt: {big}}}}}\nexpect: {{outcome: fail}}\n")
    assert test.test.given.change["big.txt"] == big
