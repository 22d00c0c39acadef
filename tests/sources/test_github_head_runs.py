"""The runs of a pull request's newest commit."""

from fake_github import FakeGitHub, State
from govcheck.settings.commit_runs import ran_on
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather_head_runs import gather_head_runs

ADMIN = "ghp_" + "admin" * 7


def test_every_page_of_the_runs_of_a_commit_is_read():
    state = State()
    state.token(ADMIN)
    commit = "c" * 40
    entries = [{"path": f".github/workflows/{number}.yml", "head_sha": commit} for number in range(130)]
    state.repository("octo/app").answer("actions/runs", {"total_count": 130, "workflow_runs": entries})
    with FakeGitHub(state) as github:
        configuration = from_environment({"GITHUB_API_URL": github.url, "GH_TOKEN": ADMIN})
        with Client(configuration) as client:
            fact = gather_head_runs(client, "octo/app", commit)
    assert len(ran_on(fact)) == len(entries)
    assert all(f"head_sha={commit}" in request.path for request in github.requests)
