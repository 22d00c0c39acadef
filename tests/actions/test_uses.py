"""What a `uses` names, and how it is pinned."""

import pytest

from govcheck.actions.uses import matches, most_specific, pattern_problem, used
from written_workflows import with_step, workflow

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def one(uses: str):
    return list(used(with_step(f"- uses: {uses}")))


@pytest.mark.parametrize(
    ("uses", "name", "pin"),
    [
        ("actions/checkout@v4", "actions/checkout", "tag"),
        ("actions/checkout@v4.1.2", "actions/checkout", "tag"),
        ("actions/checkout@refs/tags/v4", "actions/checkout", "tag"),
        (f"actions/checkout@{COMMIT}", "actions/checkout", "sha"),
        ("actions/checkout@main", "actions/checkout", "moving"),
        ("actions/checkout", "actions/checkout", "moving"),
        ("pypa/gh-action-pypi-publish@release/v1", "pypa/gh-action-pypi-publish", "moving"),
        ("github/codeql-action/init@codeql-bundle-v2.1", "github/codeql-action/init", "tag"),
        ("superfly/flyctl-actions/setup-flyctl@master", "superfly/flyctl-actions/setup-flyctl", "moving"),
        ("docker://alpine:3.20", "docker://alpine", "tag"),
        ("docker://alpine", "docker://alpine", "moving"),
        ("docker://ghcr.io:5000/o/i:latest", "docker://ghcr.io:5000/o/i", "moving"),
        (f"docker://alpine@sha256:{'a' * 64}", "docker://alpine", "sha"),
        ("docker://alpine@sha256:beef", "docker://alpine", "moving"),
        ("'${{ vars.A }}'", "", "unclear"),
        (f"a/b@{'v1.' * 200}", "a/b", "moving"),
    ],
)
def test_it_is_named_and_pinned(uses, name, pin):
    (found,) = one(uses)
    assert (found.name, found.pin) == (name, pin)


@pytest.mark.parametrize("uses", ["./.github/actions/x", "$/.github/actions/x"])
def test_what_is_of_this_repository_needs_no_pin(uses):
    assert one(uses) == []


def test_a_called_workflow_of_another_repository_counts():
    text = (
        "on: push\njobs:\n  a:\n    uses: o/r/.github/workflows/x.yml@main\n  b:\n    uses: ./.github/workflows/y.yml\n"
    )
    (found,) = used(workflow(text))
    assert (found.name, found.repository, found.pin) == ("o/r/.github/workflows/x.yml", "o/r", "moving")


@pytest.mark.parametrize(
    ("pattern", "name", "does"),
    [
        ("*", "a/b/c", True),
        ("actions/*", "actions/cache/restore", True),
        ("actions/*", "actions-x/cache", False),
        ("Actions/*", "actions/checkout", True),
        ("superfly/flyctl-actions/*", "superfly/flyctl-actions/setup-flyctl", True),
        ("superfly/flyctl-actions", "superfly/flyctl-actions/setup-flyctl", True),
        ("superfly/flyctl-actions", "superfly/flyctl-actions-2", False),
        ("o/setup-*", "o/setup-x/y", True),
        ("docker://alpine", "docker://alpine", True),
        ("docker://ghcr.io/o/*", "docker://ghcr.io/o/i", True),
        ("docker://ghcr.io/o/*", "ghcr.io/o", False),
    ],
)
def test_a_pattern_takes_in(pattern, name, does):
    assert matches(pattern, name) is does


def test_the_most_specific_pattern_counts():
    assert most_specific(iter(["*", "actions/*", "actions/cache"]), "actions/cache/save") == "actions/cache"
    assert most_specific(iter(["actions/*"]), "o/r") is None


@pytest.mark.parametrize("pattern", ["", "actions", "actions/checkout@v4", "./x", " a/b", "a/[b"])
def test_a_pattern_that_is_none(pattern):
    assert pattern_problem(pattern)


@pytest.mark.parametrize("pattern", ["*", "actions/*", "o/r", "o/r/folder", "docker://*", "docker://alpine"])
def test_a_pattern_that_is_one(pattern):
    assert pattern_problem(pattern) is None
