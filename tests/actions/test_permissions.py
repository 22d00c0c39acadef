"""Effective permissions: by the text of the files, and the laws of grants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcheck.actions.permissions import MOST_WAYS, NOTHING, READ_ALL, WRITE_ALL, Grant, Unclear, declared, effective
from govcheck.actions.workflow import read
from written_workflows import workflow, workflows

LEVELS = st.sampled_from(["none", "read", "write"])
SCOPES = st.sampled_from(["contents", "id-token", "packages", "brand-new-scope"])
GRANTS = st.builds(Grant, st.dictionaries(SCOPES, LEVELS), LEVELS)
PLAIN = st.builds(Grant, st.dictionaries(SCOPES, LEVELS))


def held(files: dict[str, str], name: str, job: str = "a"):
    facts = workflows(files)
    one = next(read(file) for file in facts.files if file.path.endswith(f"/{name}"))
    found = one.job(job)
    assert found is not None
    return list(effective(one, found, facts))


def job(permissions: str = "", workflow_permissions: str = "", on: str = "push") -> str:
    top = f"permissions: {workflow_permissions}\n" if workflow_permissions else ""
    own = f"    permissions: {permissions}\n" if permissions else ""
    return f"on: {on}\n{top}jobs:\n  a:\n    runs-on: x\n{own}    steps: []\n"


@pytest.mark.parametrize(
    ("own", "top", "most", "origin"),
    [
        ("", "{contents: read}", Grant({"contents": "read"}), "workflow"),
        ("{packages: write}", "{contents: read}", Grant({"packages": "write"}), "job"),
        ("{}", "write-all", NOTHING, "job"),
        ("read-all", "", READ_ALL, "job"),
        ("", "write-all", WRITE_ALL, "workflow"),
        ("{brand-new-scope: write}", "", Grant({"brand-new-scope": "write"}), "job"),
    ],
    ids=["inherited", "replaced-not-merged", "nothing", "read-all", "write-all", "a-new-scope-is-data"],
)
def test_the_job_replaces_the_workflow(own, top, most, origin):
    (found,) = held({"w.yml": job(own, top)}, "w.yml")
    assert (found.most, found.exact, found.origin) == (most, True, origin)


def test_where_nothing_is_said_the_repository_decides():
    (found,) = held({"w.yml": job()}, "w.yml")
    assert (found.most, found.exact, found.origin) == (WRITE_ALL, False, "default")


@pytest.mark.parametrize(
    "permissions", ["${{ vars.X }}", "[contents]", "all", "{contents: admin}", "{contents: [read]}", "'1'"]
)
def test_what_github_does_not_know_is_unclear(permissions):
    (found,) = held({"w.yml": job(permissions)}, "w.yml")
    assert (found.exact, found.origin) == (False, "unclear")
    assert found.unclear


CALLED = "on: workflow_call\njobs:\n  a:\n    runs-on: x\n{own}    steps: []\n"
CALLER = "on: push\njobs:\n  call:\n{own}    uses: {uses}\n"


@pytest.mark.parametrize("uses", ["./.github/workflows/called.yml", "$/.github/workflows/called.yml"])
def test_a_called_workflow_has_what_its_caller_has(uses):
    files = {
        "called.yml": CALLED.format(own=""),
        "caller.yml": CALLER.format(own="    permissions: {contents: write}\n", uses=uses),
    }
    (found,) = held(files, "called.yml")
    assert (found.most, found.exact, found.origin) == (Grant({"contents": "write"}), True, "caller")
    assert found.callers[0].job.id == "call"


def test_a_called_workflow_only_lowers():
    files = {
        "called.yml": CALLED.format(own="    permissions: {contents: write, packages: read}\n"),
        "caller.yml": CALLER.format(own="    permissions: read-all\n", uses="./.github/workflows/called.yml"),
    }
    (found,) = held(files, "called.yml")
    assert {scope: found.most.level(scope) for scope in ("contents", "packages", "issues")} == {
        "contents": "read",
        "packages": "read",
        "issues": "none",
    }


def test_a_workflow_that_only_others_call():
    (found,) = held({"called.yml": CALLED.format(own="")}, "called.yml")
    assert (found.exact, found.origin) == (False, "elsewhere")


def test_workflows_that_call_each_other_come_to_an_end():
    text = "on: [push, workflow_call]\njobs:\n  a:\n    uses: ./.github/workflows/{}.yml\n"
    assert held({"one.yml": text.format("two"), "two.yml": text.format("one")}, "one.yml")


def test_very_many_callers_come_to_an_end_that_says_so():
    calls = "".join(
        f"  c{number}:\n    permissions: {{s{number}: write}}\n    uses: ./.github/workflows/called.yml\n"
        for number in range(40)
    )
    found = held({"called.yml": CALLED.format(own=""), "caller.yml": f"on: push\njobs:\n{calls}"}, "called.yml")
    assert len(found) == MOST_WAYS + 1
    assert found[-1].unclear == "it is called in more ways than are followed"


def test_a_list_is_no_permissions():
    node = workflow(job("[read]")).jobs[0].permissions
    assert isinstance(declared(node), Unclear)
    assert declared(None) is None


@given(GRANTS, GRANTS)
def test_what_two_grants_share_is_beyond_neither(one, other):
    shared = one.lowered_to(other)
    assert shared.beyond(one) == shared.beyond(other) == {}


@given(GRANTS, GRANTS)
def test_sharing_does_not_depend_on_the_order(one, other):
    left, right = one.lowered_to(other), other.lowered_to(one)
    assert left == right


@given(GRANTS)
def test_a_grant_is_not_beyond_itself(one):
    assert one.beyond(one) == {}
    assert one.beyond(WRITE_ALL) == {}
    assert not one.lowered_to(NOTHING).beyond(NOTHING)


@given(PLAIN, PLAIN)
def test_beyond_is_told_scope_by_scope(one, other):
    rank = {"none": 0, "read": 1, "write": 2}
    scopes = one.levels.keys() | other.levels.keys()
    more = {scope for scope in scopes if rank[one.level(scope)] > rank[other.level(scope)]}
    assert set(one.beyond(other)) == more


@given(GRANTS)
def test_a_fork_writes_nothing(one):
    left = one.for_forks()
    assert "write" not in {left.rest, *left.levels.values()}
    assert left.beyond(one) == {}
    assert left.level("id-token") == "none"
