import json
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from govcheck.errors import PolicyError, Problem, SourceError, UsageError
from govcheck.errors_document import schema
from govcheck.reporters import problems, problems_text
from reports import hostile
from sarif_form import mistakes

TOKEN = "ghp_" + "a1B2" * 9
ERROR = PolicyError(
    (
        Problem("policies/a.yaml", 3, 1, "unknown key `alow`"),
        Problem("policies/b.yaml", 0, 0, "the file is larger than 1 byte"),
    ),
    "mend it",
    sources={"policies/a.yaml": f"kind: x\n# {TOKEN}\nalow: {TOKEN}\n"},
)

errors = st.builds(
    PolicyError,
    st.lists(st.builds(Problem, hostile, st.integers(0, 9), st.integers(0, 9), hostile), min_size=1).map(tuple),
    hostile,
    sources=st.dictionaries(hostile, hostile, max_size=2),
) | st.builds(UsageError, hostile, hostile)


def test_a_problem_has_its_line_and_a_caret():
    assert problems_text.render(ERROR) == (
        "error: policies/a.yaml:3:1: unknown key `alow`\n"
        "  |\n"
        f"3 | alow: xxx_{'x' * 36}\n"
        "  | ^\n"
        "error: policies/b.yaml: the file is larger than 1 byte\n"
        "hint: mend it"
    )


def test_no_format_quotes_a_credential():
    error = PolicyError((Problem("a.yaml", 1, 1, f"`severity` must be one of `error`, not `{TOKEN}`"),))
    shown = [
        problems_text.render(error),
        *(problems.render(error, form) for form in ("json", "sarif", "junit", "github")),
    ]
    assert all(TOKEN not in text for text in shown)


def test_as_json():
    assert json.loads(problems.render(ERROR, "json")) == {
        "schema": "urn:govcheck:errors:1",
        "govcheck": "0.1.0",
        "kind": "policy",
        "errors": [
            {"path": "policies/a.yaml", "line": 3, "column": 1, "message": "unknown key `alow`"},
            {"path": "policies/b.yaml", "line": None, "column": None, "message": "the file is larger than 1 byte"},
        ],
        "hint": "mend it",
        "exit_code": 2,
    }
    source = json.loads(problems.render(SourceError("git failed"), "json"))
    assert (source["kind"], source["errors"][0]["path"], source["exit_code"]) == ("source", None, 3)


def test_as_annotations():
    assert problems.render(ERROR, "github") == (
        "::error file=policies/a.yaml,line=3,col=1,title=govcheck judged nothing::unknown key `alow`\n"
        "::error file=policies/b.yaml,title=govcheck judged nothing::the file is larger than 1 byte\n"
        "2 errors, and nothing was evaluated — exit 2\n"
    )


def test_as_sarif():
    [run] = json.loads(problems.render(ERROR, "sarif"))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert [one["locations"][0]["physicalLocation"]["region"] for one in run["results"]] == [
        {"startLine": 3, "startColumn": 1},
        {"startLine": 1},
    ]


@settings(deadline=None)
@given(errors)
def test_whatever_is_wrong_every_format_holds(error):
    document = json.loads(problems.render(error, "json"))
    assert list(Draft202012Validator(schema()).iter_errors(document)) == []
    assert mistakes(json.loads(problems.render(error, "sarif"))) == []
    suite = ET.fromstring(problems.render(error, "junit").encode())[0]  # noqa: S314 - our own text
    assert suite.get("errors") == suite.get("tests") == str(len(document["errors"]))
    lines = problems.render(error, "github").split("\n")
    assert all(line.startswith("::error ") for line in lines[: min(len(document["errors"]), 10)])
    assert not any("##[" in line for line in lines)
