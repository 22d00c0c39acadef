"""What GitHub rejects, and what it does not."""

import pytest

from govcheck.facts.workflows import Unreadable
from workflow_texts import workflows

FINE = "jobs: {b: {runs-on: x}}"


def document(text):
    (file,) = workflows(ci=text).files
    return file.document


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "the file is not a mapping"),
        ("", "the file is not a mapping"),
        (FINE, "the file has no `on`"),
        (f"on:\n{FINE}", "`on` names no event"),
        (f"on: []\n{FINE}", "`on` names no event"),
        ("on: push", "the file has no `jobs`"),
        ("on: push\njobs: {}", "`jobs` holds no job"),
        ("on: push\njobs: [a]", "`jobs` holds no job"),
        ("on: push\njobs: {a: x}", "job a is not a mapping"),
        ("on: push\njobs: {a: {steps: []}}", "job a has neither `runs-on` nor `uses`"),
        ("on: push\njobs: {a: {runs-on: }}", "`runs-on` of job a is empty"),
        ("on: push\njobs: {'a b': {runs-on: x}}", "job id 'a b'"),
        ("on: push\njobs: {1a: {runs-on: x}}", "job id '1a'"),
        ("on: push\njobs: {__a: {runs-on: x}}", "job id '__a'"),
        (f"on: push\njobs: {{{'a' * 100}: {{runs-on: x}}}}", "job id 'aaa"),
        ("on: push\njobs: {a: {runs-on: x, needs: b}, c: {runs-on: x}}", "job a needs 'b', which is no job"),
        ("on: push\njobs: {a: {runs-on: x, needs: b}, b: {runs-on: x, needs: a}}", "job a needs itself"),
        ("on: push\njobs: {a: {runs-on: x, needs: a}}", "job a needs itself"),
        (f"on: {{push: {{paths: [a], paths-ignore: [b]}}}}\n{FINE}", "`push` has both `paths` and `paths-ignore`"),
        (f"on: {{pull_request: {{branches: a, branches-ignore: b}}}}\n{FINE}", "has both `branches` and"),
        ("on: push\njobs: {a: {runs-on: x}, a: {runs-on: x}}", "the key `a` stands"),
        ("on: push\njobs: [", ""),
    ],
)
def test_github_rejects(text, message):
    found = document(text)
    assert isinstance(found, Unreadable)
    assert found.reason is None
    assert message in found.message


@pytest.mark.parametrize(
    "text",
    [
        f"on: push\n{FINE}",
        f"on: [push, workflow_call]\n{FINE}",
        f"on: {{push: {{branches: main, tags: '*'}}}}\n{FINE}",
        f"on: {{someday: {{new: [x]}}}}\nnew-key: 1\n{FINE}",
        f"on: {{workflow_call: {{secrets: {{a: }}}}}}\n{FINE}",
        f"on: {{push: {{paths: [a]}}, pull_request: {{paths-ignore: [a]}}}}\n{FINE}",
        "on: push\njobs: {a: {runs-on: x, strategy: {fail-fast: false}, needs: []}}",
        "on: push\njobs: {a: {runs-on: x, needs: }}",
        "on: push\njobs: {a: {runs-on: x, needs: B}, b: {runs-on: x}}",
        "on: push\njobs: {a: {uses: o/r/.github/workflows/x.yml@main, secrets: }}",
        "on: push\njobs: {_a: {runs-on: '${{ matrix.os }}', steps: [{run: true}]}}",
        "on: push\njobs: {a: {runs-on: {group: g}}}",
        "on: push\nx: &a {runs-on: x}\njobs: {a: *a, b: *a}",
    ],
)
def test_github_takes(text):
    assert not isinstance(document(text), Unreadable)


def test_the_place_is_that_of_the_mistake():
    found = document("on: push\njobs:\n  a: {runs-on: x}\n  b: {runs-on: x, needs: [a, c]}\n")
    assert (found.line, found.column) == (4, 30)
