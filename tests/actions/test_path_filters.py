"""Which workflows a change of one path starts, as far as filters of paths go."""

import pytest

from govcheck.actions.path_filters import filtered
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Reason
from written_workflows import workflows

JOBS = "jobs: {a: {runs-on: x, steps: [{run: make}]}}\n"


def judged(on, path):
    return [(one.event, one.starts, one.why) for one in filtered(workflows({"w.yml": f"on: {on}\n{JOBS}"}), path)]


@pytest.mark.parametrize(
    ("on", "path", "expected"),
    [
        ("push", "a", [("push", True, "it has no filter of paths")]),
        ("{push: {paths: [docs/**]}}", "docs/a/b", [("push", True, "`docs/**` of `paths` lets it in")]),
        ("{push: {paths: [docs/*]}}", "docs/a/b", [("push", False, "no pattern of `paths` matches it")]),
        ("{push: {paths: ['*.md']}}", "docs/a.md", [("push", False, "no pattern of `paths` matches it")]),
        ("{push: {paths: ['**', '!docs/**']}}", "docs/a", [("push", False, "`!docs/**` of `paths` takes it out")]),
        (
            "{push: {paths: ['!docs/**', 'docs/keep']}}",
            "docs/keep",
            [("push", True, "`docs/keep` of `paths` lets it in")],
        ),
        (
            "{pull_request: {paths-ignore: ['**.md']}}",
            "docs/a.md",
            [("pull_request", False, "`**.md` of `paths-ignore` leaves it out, unless another path changes as well")],
        ),
        (
            "{pull_request_target: {paths-ignore: ['**.md']}}",
            "a.ts",
            [("pull_request_target", True, "no pattern of `paths-ignore` matches it")],
        ),
        ("{schedule: [{cron: '0 0 * * *'}], workflow_dispatch: }", "a", []),
    ],
)
def test_what_a_filter_lets_in(on, path, expected):
    assert judged(on, path) == expected


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("{push: {paths: ['[']}}", "cannot be read"),
        ("{push: {paths: [a], paths-ignore: [b]}}", "both `paths` and `paths-ignore`"),
    ],
)
def test_what_cannot_be_told(on, said):
    ((_, starts, why),) = judged(on, "a")
    assert starts is not True
    assert said in why or "paths-ignore" in why


def test_a_file_that_cannot_be_read_is_said_to_be_so():
    rejected = workflows({"broken.yml": "on: [\n"}).files[0]
    unread = WorkflowFile(".github/workflows/b.yml", Unreadable("too deep", 0, 0, Reason.UNPARSEABLE), "")
    found = list(filtered(Workflows((rejected, unread)), "a"))
    assert [(one.starts, one.event) for one in found] == [(False, ""), (None, "")]
    assert found[0].why.startswith("GitHub rejects the file: ")
    assert (found[1].why, found[1].location.line) == ("too deep", None)
