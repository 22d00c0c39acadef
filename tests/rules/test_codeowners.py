"""The kind on top of what `test_gate_liveness_ownership.py` holds line by line."""

from govcheck.facts.live import CodeownersErrors
from govcheck.facts.tree import Blobs, TrackedFiles
from govcheck.findings import Finding, Judged, Undecided
from govcheck.rules.codeowners import CodeOwners, lines, owners
from live_branches import answer, live, refused

HOME = ".github/CODEOWNERS"


def said(text, *paths, owned=(), at=HOME):
    tracked = TrackedFiles(dict.fromkeys((at, *paths), "100644"))
    judged, *found = lines.judge(CodeOwners(id="p", owned=owned), tracked, Blobs({at: text.encode()}))
    assert isinstance(judged, Judged)
    return {one.subject: one for one in found if isinstance(one, Finding | Undecided)}


def test_what_is_owned_says_nothing():
    assert said("* @lead\ndocs/ @writer\n", "docs/a.md", "b", owned=("docs/**", "**")) == {}


def test_what_is_promised_and_nobodys():
    found = said("docs/ @writer\n/.github/ @lead\n", "docs/a.md", "feedback/b.md", owned=("docs/**", "feedback/**"))
    assert list(found) == ["owned:feedback/**"]


def test_dead_and_overridden_lines_and_owners_that_cannot_exist():
    found = said("gone/ @a\ndocs/ @b\n* @c\nbad @@d\n", "docs/a.md")
    assert list(found) == [f"{HOME}:gone/", f"{HOME}:docs/", f"{HOME}:bad"]


def test_no_file_where_owners_are_promised():
    _, found = lines.judge(CodeOwners(id="p", owned=("docs/**",)), TrackedFiles({"docs/a": "100644"}), Blobs({}))
    assert "there is no CODEOWNERS file" in found.message


def test_no_file_where_none_are_promised_is_nothing_to_judge():
    assert list(lines.judge(CodeOwners(id="p"), TrackedFiles({"a": "100644"}), Blobs({}))) == [Judged(0)]


def test_errors_that_github_does_not_tell_are_unknown():
    tracked, blobs = TrackedFiles({HOME: "100644"}), Blobs({HOME: b"* @a\n"})
    errors = CodeownersErrors(refused("codeowners/errors", 403, "Resource not accessible by integration"))
    found = list(owners.judge(CodeOwners(id="p"), tracked, blobs, errors, live()))
    assert [one.subject for one in found if isinstance(one, Undecided)][:1] == ["codeowners/errors"]


def test_no_errors_hold():
    tracked, blobs = TrackedFiles({HOME: "100644"}), Blobs({HOME: b"* @a\n"})
    errors = CodeownersErrors(answer("codeowners/errors", {"errors": []}))
    found = list(owners.judge(CodeOwners(id="p"), tracked, blobs, errors, live()))
    assert [one.subject for one in found if isinstance(one, Finding) and one.severity != "note"] == []
