"""Document structure: documents in, what is wrong with their form out, with its line."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.documents.changelogs import newer_entry
from govcheck.documents.markdown import lines
from govcheck.documents.placeholders import eaten, in_angles
from govcheck.errors import PolicyError
from govcheck.facts import Missing
from govcheck.facts.change import AddedLines, Change, ChangedPath, ChangeType, RemovedLines
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, ChangedFiles
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.document_structure import DocumentStructure, Field, LastItem, bumped, form
from govcheck.sources.data_files import read_data_files
from govcheck.sources.policy_files import PolicySource, load_policies

NOON = Now(datetime(2026, 3, 10, 12, tzinfo=UTC))
TEMPLATE = """# <Agent> Direction

- **Owner:** manager
- **Version:** <x.y>

## Objective

Why <b>this</b>, see <https://example.com>.

## Tasks (5 at most)

1. <Task 1>

## <Notes>

any
"""
GOOD = """# Devops Direction

> Location: `docs/d.md`
> **Owner:** Manager
- Version: 1.1

## Objective

Ship.

## Tasks

1. Ship it.
2. Write feedback.

## Field notes

none

## Change log

- 2026-01-01: Version 1.1
- 2025-12-31: Version 1.0
"""


def said(text, path="docs/d.md", others=(), **keys):
    contents = {path: text.encode() if isinstance(text, str) else text, **{k: v.encode() for k, v in others}}
    policy = DocumentStructure(id="p", files=("docs/**",), **keys)
    found = form.judge(policy, Blobs(contents), read_data_files(contents), NOON)
    return [one for one in found if not isinstance(one, Judged)]


def told(text, **keys):
    return [(one.control, one.subject.partition(": ")[2], one.location.line) for one in said(text, **keys)]


def by_template(text):
    return told(text, template="docs/t.md", others=[("docs/t.md", TEMPLATE)])


def test_a_document_as_its_template_has_it():
    assert by_template(GOOD) == []


def test_headings_that_are_gone_empty_or_elsewhere():
    text = GOOD.replace("## Objective\n\nShip.\n\n", "").replace("none\n", "").replace("## Field", "### Field")
    assert by_template(text + "\n## Objective\n\n<Task 1>") == [
        ("order", "Objective", 20),
        ("section", "<Notes>", 12),
        ("placeholder", "<Task 1> in <Task 1>", 22),
    ]
    assert by_template(GOOD.replace("## Tasks", "Tasks")) == [("heading", "Tasks (5 at most)", None)]


def test_other_headings():
    keys = {"headings": ("Objective", "Tasks", "Field notes"), "other_headings": False}
    assert told(GOOD, **keys) == [("other-heading", "Change log", 20)]
    assert told(GOOD.replace("## Change", "### Change"), **keys) == []


@pytest.mark.parametrize(
    ("key", "field", "line"),
    [
        ("owner", Field(one_of=("manager", "ceo")), None),
        ("Owner", Field(one_of=("ceo",)), 4),
        ("location", Field(one_of=("{path}",)), None),
        ("location", Field(one_of=("docs/{name}.txt",)), 3),
        ("version", Field(pattern="[0-9]"), 5),
        ("version", Field(pattern="[0-9.]+", max_age="1d"), 5),
        ("effective", Field(optional=True), None),
    ],
)
def test_fields_in_lines(key, field, line):
    assert told(GOOD, fields={key: field}) == ([("field", key, line)] if line else [])


def test_fields_in_front_matter_come_first():
    text = "---\r\nowner: ceo\r\nlast_review: 2026-03-01\r\ntags: [a]\r\n---\r\n# Title\r\nOwner: manager\r\n"
    fields = {"owner": Field(one_of=("manager",)), "Last review": Field(max_age="8d"), "date": Field(), "tags": Field()}
    assert told(text, fields=fields) == [
        ("field", "owner", 2),
        ("field", "Last review", 3),
        ("field", "date", None),
        ("field", "tags", 4),
    ]
    assert told(text, fields={"last-review": Field(max_age="9d")}) == []


def test_what_stands_below_is_no_header():
    assert told("# A\n\n## B\n\nowner: me\n", fields={"owner": Field()}) == [("field", "owner", None)]


@pytest.mark.parametrize(
    ("text", "kind", "control"),
    [
        ("---\na: 1\na: 2\n---\n", Finding, "front-matter"),
        ("---\na: [\n---\n", Finding, "front-matter"),
        (b" " * 3_000_000, Undecided, "document"),
        (Missing(reason=Reason.UNPARSEABLE, message="100 MB"), Undecided, "document"),
    ],
)
def test_what_cannot_be_read_is_never_in_order(text, kind, control):
    assert [(type(one), one.control) for one in said(text, fields={"a": Field()})] == [(kind, control)]


def test_neither_template_nor_documents():
    (found,) = said("", template="docs/t.md")
    assert (found.control, found.subject) == ("template", "docs/t.md")
    (found,) = said("", path="other.txt")
    assert found.control == "document"


@pytest.mark.parametrize(
    ("entries", "version", "told"),
    [
        (["2026-01-02: 1.1", "2026-01-01: 1.0"], "1.1", None),
        (["1.0 (2026-01-01)", "1.1 (2026-01-02)"], "1.1", None),
        (["v1.10", "v1.9"], "1.10", None),
        (["v1.10", "v1.9"], "1.9", "v1.10"),
        (["2026-01-02: typo", "2026-01-01: 1.1"], "1.1", "2026-01-02: typo"),
        (["1.1.1"], "1.1", "no entry of it has 1.1"),
        (["Version 2"], "2", None),
        (["for everybody"], "1.0", "no entry of it has 1.0"),
    ],
)
def test_the_newest_change_is_of_the_version(entries, version, told):
    found = newer_entry(lines("".join(f"- {entry}\n" for entry in entries)), version)
    assert (found if isinstance(found, str | None) else found.plain) == told
    assert [one[0] for one in by_changes(entries, version)] == ([] if told is None else ["changelog"])


def by_changes(entries, version):
    text = f"Version: {version}\n\nChanges:\n\n" + "".join(f"- {entry}\n" for entry in entries)
    return told(text, changelog="changes", fields={"version": Field()})


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, unique=True), st.data())
def test_one_version_of_a_list_is_the_newest(versions, data):
    shown = [f"{major}.{minor}" for major, minor in data.draw(st.permutations(versions))]
    entries = lines("".join(f"- Version {one}\n" for one in shown))
    assert [one for one in shown if newer_entry(entries, one) is None] == ["{}.{}".format(*max(versions))]


def test_how_a_list_ends():
    assert told(GOOD, last_item=(LastItem(below="Tasks", pattern="^Write"),)) == []
    assert told(GOOD, last_item=(LastItem(below="Tasks", pattern="^Ship"),)) == [("last-item", "Tasks", 14)]
    assert told(GOOD, last_item=(LastItem(below="Nothing", pattern=""),)) == [("last-item", "Nothing", None)]


def test_what_was_left_to_fill_in():
    text = "TODO: a TODOS\n\n`TODO`\n\n```\nTODO\n```\n\nby <date>\n"
    assert told(text, placeholders=("TODO", "<date>")) == [
        ("placeholder", "TODO in TODO: a TODOS", 1),
        ("placeholder", "<date> in by <date>", 9),
    ]


def test_placeholders_are_no_html():
    text = "<br> <details> <a href='x'> Array<string> <me@example.com> a < b > c <!-- <x> --> `<Low/High>` <Task 1>"
    assert list(in_angles(lines(text))) == ["<Low/High>", "<Task 1>"]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Use exactly: \\ for today", "\\"),
        ("two \\* stars\\\nand a break", None),
        ("see [it]() now", "[it]()"),
        ("in `feedback//.md`", "feedback//.md"),
        ("in `feedback/qa/.md`", "feedback/qa/.md"),
        ("`https://a.b/c` and `.github/x.yml` and `//server/share` and `a \\ b`", None),
        ("```\nUse \\ for\n```", None),
    ],
)
def test_what_a_shell_took_out(text, gone):
    assert [found for _, found in eaten(lines(text))] == ([gone] if gone else [])


@pytest.mark.parametrize(
    ("rows", "removed", "kinds"),
    [((5, 9), 1, []), ((9,), 0, ["version-bump"]), ((), 1, ["version-bump"]), ((), 0, [])],
)
def test_whoever_changes_the_text_changes_the_version(rows, removed, kinds):
    found = by_change(AddedLines({"docs/d.md": tuple((row, b"x") for row in rows)}), removed)
    assert [(one.control, one.location.line) for one in found] == [(kind, 5) for kind in kinds]


def test_lines_that_nobody_could_read():
    (found,) = by_change(AddedLines({"docs/d.md": Missing(reason=Reason.MISSING_OBJECT, message="gone")}), 1)
    assert isinstance(found, Undecided)


def by_change(added, removed, text=GOOD):
    left = ChangedFiles(
        {"docs/d.md": text if isinstance(text, Missing) else text.encode(), "docs/new.md": b"version: 1"}
    )
    entries = [
        ChangedPath(type=type_, path=path, mode="100644", previous_mode="100644")
        for path, type_ in (("docs/d.md", ChangeType.MODIFY), ("docs/new.md", ChangeType.ADD))
    ]
    policy = DocumentStructure(id="p", files=("docs/**",), version_bump=True)
    counts = RemovedLines({"docs/d.md": removed})
    found = bumped.judge(policy, Change(tuple(entries)), left, added, counts)
    return [one for one in found if not isinstance(one, Judged)]


def test_the_version_of_front_matter_is_raised():
    text = "---\ntitle: 'A'\nversion: '1'\n---\nVersion: 2\n"
    told = "docs/d.md is changed, and is still of version 1"
    for row, expected in [(5, [(3, told)]), (3, [])]:
        found = by_change(AddedLines({"docs/d.md": ((row, b"x"),)}), 0, text)
        assert [(one.location.line, one.message) for one in found] == expected


def test_a_text_that_nobody_could_read():
    large = Missing(reason=Reason.UNPARSEABLE, message="100 MB")
    (found,) = by_change(AddedLines({"docs/d.md": ((3, b"x"),)}), 0, large)
    assert isinstance(found, Undecided)


@pytest.mark.parametrize(
    "keys",
    [
        "files: []",
        "files: ['[']",
        "files: [a], template: '*.md'",
        "files: [a], template: a, headings: [b]",
        "files: [a], other_headings: false",
        "files: [a], headings: [' ']",
        "files: [a], fields: {a: {max_age: soon}}",
        "files: [a], fields: {a: {pattern: '('}}",
        "files: [a], last_item: [{below: a, pattern: '('}]",
    ],
)
def test_policies_that_mean_nothing(keys):
    with pytest.raises(PolicyError):
        load_policies([PolicySource("p.yaml", f"{{kind: document-structure, id: p, {keys}}}".encode())])
