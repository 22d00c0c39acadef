"""Agreement: documents in, differences out, with their lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.documents.markdown import introduced, lines, plain_words
from govcheck.documents.places import Place
from govcheck.errors import PolicyError
from govcheck.facts import Missing
from govcheck.facts.tree import Blobs
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.agreement import Agreement, Quote, places
from govcheck.sources.data_files import read_data_files
from govcheck.sources.policy_files import PolicySource, load_policies

RULES = """# Rules

## Checks

Before you merge, the **required checks**:

- [ ] **Danger**
  - `docs`
- ✅ Gitleaks
- [Docs Policy](docs.md)

## Paths

```
a/**
b.md  # two words
```
"""
CHECKS = Place(file="RULES.md", list_below="required checks")
POLICY = (
    b"kind: x\nid: a\n---\nkind: required-checks\nid: main\nchecks:\n  - {context: Danger}\n  - {context: Gitleaks}\n"
)


def said(*compared, files, quotes=(), **keys):
    contents = {path: text if isinstance(text, bytes | Missing) else text.encode() for path, text in files.items()}
    policy = Agreement(id="p", places=compared, quotes=quotes, **keys)
    return [
        one for one in places.judge(policy, Blobs(contents), read_data_files(contents)) if not isinstance(one, Judged)
    ]


def lists(*items):
    return "Checks:\n\n" + "".join(f"- {item}\n" for item in items)


def two(first, second, **keys):
    compared = (Place(file="a.md", list_below="checks"), Place(file="b.md", list_below="checks"))
    return said(*compared, files={"a.md": lists(*first), "b.md": lists(*second)}, **keys)


def test_the_items_of_a_list_without_those_within_it():
    found = introduced(lines(RULES), "required checks", "item")
    assert [(one.plain, one.number) for one in found] == [("Danger", 7), ("Gitleaks", 9), ("Docs Policy", 10)]
    assert [one.raw for one in introduced(lines(RULES), "paths", "code")] == ["a/**", "b.md  # two words"]
    assert introduced(lines(RULES), "paths", "item") == ()


def test_a_list_within_an_item_is_introduced_by_it():
    text = "1) Settings\n   - Rule\n     Required checks:\n       - build\n       - lint\n   - Linear history\n"
    assert [one.plain for one in introduced(lines(text), "Required checks:", "item")] == ["build", "lint"]


def test_a_policy_against_a_document():
    policy = Place(file="policies/p.yaml", at="[id=main].checks.*.context")
    (found,) = said(policy, CHECKS, files={"RULES.md": RULES, "policies/p.yaml": POLICY})
    assert (found.control, found.subject) == ("agreement", "RULES.md:required checks: Docs Policy")
    assert (found.location.line, "`Docs Policy`" in found.message) == (10, True)
    assert "RULES.md has `Docs Policy`, and policies/p.yaml has not" in found.message


@given(st.lists(st.sampled_from("abcd"), min_size=1), st.lists(st.sampled_from("abcd"), min_size=1))
def test_the_same_is_told_item_by_item(first, second):
    found = {one.subject.rpartition(": ")[2] for one in two(first, second)}
    assert found == set(first) ^ set(second)
    assert {one.subject.rpartition(": ")[2] for one in two(first, second, relation="subset")} == set(second) - set(
        first
    )


@given(st.permutations(["Danger", "**Gitleaks**", "`docs`"]))
def test_order_and_marks_make_no_difference(items):
    assert two(items, ["Danger", "Gitleaks", "docs"]) == []


def test_case_counts_unless_it_is_said_not_to():
    assert len(two(["Danger"], ["danger"])) == 2
    assert two(["Danger"], ["danger"], ignore_case=True) == []


def test_one_value_in_many_places():
    days = {"a.md": "older than 2 days, and\r\nolder than 7 days", "b.mjs": "TTL = 2", "c.json": '{"ttl": 2}'}
    compared = (
        Place(file="b.mjs", capture=r"TTL = (\d+)"),
        Place(file="a.md", capture=r"older than (\d+)"),
        Place(file="c.json", at="ttl"),
    )
    (found,) = said(*compared, files=days, relation="equal")
    assert found.message == "a.md says `7`, and b.mjs:1 says `2`"
    assert found.location.line == 2
    assert said(compared[1], files=days, relation="equal")[0].message == "a.md says `7`, and a.md:1 says `2`"


def test_one_line_with_several_values():
    place = Place(file="a.md", capture="required: (.+)", split=",", item=r"^\s*([\w ]+?)\s*(?:\(.*)?$")
    assert (
        said(place, CHECKS, files={"a.md": "required: Danger, Gitleaks (secrets), Docs Policy", "RULES.md": RULES})
        == []
    )


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        (None, Finding, "no such file"),
        ("# nothing", Finding, "nothing stands there"),
        (Missing(reason=Reason.UNPARSEABLE, message="100 MB"), Undecided, "100 MB"),
        (b" " * 3_000_000, Undecided, "more than are read"),
    ],
)
def test_a_place_that_says_nothing_is_never_agreement(text, kind, why):
    files = {"RULES.md": RULES} | ({} if text is None else {"a.md": text})
    for compared in [(CHECKS, Place(file="a.md", list_below="x")), (Place(file="a.md", list_below="x"), CHECKS)]:
        (found,) = said(*compared, files=files)
        assert type(found) is kind
        assert (found.control, found.subject) == ("place", "a.md:x")
        assert why in found.message


def test_a_mapping_is_no_value():
    (found,) = said(CHECKS, Place(file="a.yaml", at="x"), files={"RULES.md": RULES, "a.yaml": "x: {y: 1}"})
    assert "lead on to its values" in found.message


def test_a_quote_stands_or_is_gone():
    files = {"a.md": "We keep **logs** for\n90 days, and re\u2011run \u201call\u201d."}
    assert said(files=files, quotes=(Quote(file="a.md", quote="keep logs for 90 days"),)) == []
    assert said(files=files, quotes=(Quote(file="a.md", quote='re-run "all"'),)) == []
    gone, nowhere = said(
        files=files, quotes=(Quote(file="a.md", quote="for 30 days"), Quote(file="b.md", quote="for 30 days"))
    )
    assert "does not say so any more" in gone.message
    assert "no such file" in nowhere.message


def test_a_credential_is_not_shown():
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    assert token not in str(two(["x"], [token]))


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("", "compares nothing"),
        ("places: [{file: a.md, list_below: x}]", "agrees with itself"),
        ("places: [{file: a.md}, {file: b.md}]", "give one of"),
        ("places: [{file: a.txt, at: x}, {file: b.txt, at: x}]", "have paths"),
        ("places: [{file: '*.md', list_below: x}, {file: b.md, list_below: x}]", "no glob"),
        ("places: [{file: a.md, capture: '(?=x)'}, {file: b.md, capture: x}]", "RE2"),
        ("places: [{file: a.md, capture: x}, {file: b.md, capture: (x)}]", "no group"),
        ("quotes: [{file: a.md, quote: ' '}]", "says nothing"),
    ],
)
def test_a_policy_that_is_none(keys, why):
    with pytest.raises(PolicyError) as raised:
        load_policies([PolicySource("p.yaml", f"kind: agreement\nid: p\n{keys}\n".encode())])
    assert why in str(raised.value)


@given(st.text())
def test_any_text_can_be_read(text):
    for entry in lines(text):
        assert plain_words(entry.words) == plain_words(plain_words(entry.words))
