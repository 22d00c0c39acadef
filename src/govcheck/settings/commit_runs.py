"""Which workflows ran on a commit.

Source: https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository
"""

from govcheck.facts.head_runs import PullRequestRuns
from govcheck.settings.answers import Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import UnexpectedShapeError, objects, text


def ran_on(fact: PullRequestRuns) -> frozenset[str] | Trouble:
    """The files of the workflows that have a run of the commit, whatever it came to; or why that is not known."""
    trouble = verdict(fact.runs).trouble or (None if fact.runs.complete else incomplete(fact.runs))
    if trouble is not None:
        return trouble
    body = fact.runs.body if isinstance(fact.runs.body, dict) else {}
    try:
        found = [(text(one, "path"), text(one, "head_sha")) for one in objects(body, "workflow_runs") or ()]
    except UnexpectedShapeError as error:
        return unparseable(fact.runs, str(error))
    # A path has the ref that it was read at behind it where a run is of another branch's file.
    return frozenset(path.partition("@")[0] for path, commit in found if path and commit == fact.commit)
