"""The workflow runs of one commit.

Source: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository
"""

from govcheck.facts.head_runs import PullRequestRuns
from govcheck.sources.github.client import Client
from govcheck.sources.github.exchange import path


def gather_head_runs(client: Client, repository: str, commit: str) -> PullRequestRuns:
    """Every run of a commit of `OWNER/NAME`."""
    endpoint = f"{path('repos', *repository.split('/', 1))}/actions/runs"
    answer = client.get_list(endpoint, key="workflow_runs", parameters={"head_sha": commit})
    return PullRequestRuns(commit=commit, runs=answer)
