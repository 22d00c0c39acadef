"""What `gate deploy` asks of GitHub: whether checks are green on a commit, and whether a run was approved.

Sources: https://docs.github.com/en/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run and
https://docs.github.com/en/rest/deployments/environments#get-an-environment
"""

from collections.abc import Iterator
from typing import Literal

from govcheck.facts.live import Answer, HeadChecks
from govcheck.records import frozen
from govcheck.settings.answers import State, Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, objects, objects_of, text
from govcheck.settings.head_runs import HeadRuns, Run, head_runs

_GREEN = frozenset({"success", "neutral"})
"""A check that was skipped looked at nothing."""


@frozen
class Condition:
    """One thing that has to be so before a deploy, and whether it is."""

    state: Literal["met", "unmet", "unknown"]
    text: str
    """What was found, or why nothing was."""


def checks(head: HeadChecks, contexts: tuple[str, ...]) -> Iterator[Condition]:
    """Whether each context is green on the commit."""
    found = head_runs(head)
    commit = (head.commit or "")[:12]
    for context in contexts:
        yield _check(found, context, commit)


def _check(found: HeadRuns, context: str, commit: str) -> Condition:
    apps = dict.fromkeys(run.app for run in found.runs if run.context == context)
    newest = [run for app in apps if (run := _newest(found, context, app)) is not None]
    bad = next((run for run in newest if run.conclusion not in _GREEN), None)
    if bad is not None:
        said = f"ended as {bad.conclusion}" if bad.conclusion is not None else "has not ended"
        by = f" (by {bad.app})" if bad.app is not None and len(newest) > 1 else ""
        return Condition("unmet", f"the check {context} {said} on {commit}{by}")
    if found.trouble is not None:
        return Condition("unknown", f"whether the check {context} is green on {commit}: {found.trouble.message}")
    if not newest:
        return Condition("unmet", f"the check {context} did not report on {commit}")
    return Condition("met", f"the check {context} is green on {commit}")


def _newest(found: HeadRuns, context: str, app: str | None) -> Run | None:
    own = [run for run in found.runs if run.context == context and run.app == app]
    return max(own, key=lambda run: run.order, default=None)


def approval(environment: str, described: Answer, approvals: Answer) -> Condition:
    """Whether one of the environment's reviewers approved the run.

    Args:
        environment: Its name.
        described: `repos/{owner}/{repo}/environments/{environment_name}`.
        approvals: `repos/{owner}/{repo}/actions/runs/{run_id}/approvals`.
    """
    trouble = _trouble(described) or _trouble(approvals)
    if trouble is None:
        try:
            return _approval(environment, described, approvals)
        except UnexpectedShapeError as error:
            trouble = unparseable(approvals, str(error))
    return Condition("unknown", f"whether {environment} was approved: {trouble.message}")


def _approval(environment: str, described: Answer, approvals: Answer) -> Condition:
    body = described.body if isinstance(described.body, dict) else {}
    rules = objects(body, "protection_rules") or ()
    reviewers = [one for rule in rules if text(rule, "type") == "required_reviewers" for one in _reviewers(rule)]
    if not reviewers:
        return Condition("unmet", f"nobody has to approve deploys to {environment}: it has no reviewers")
    approvers = [*_approvers(environment, approvals)]
    if not approvers:
        return Condition("unmet", f"nobody approved this run for {environment}")
    people = {login.lower() for one in reviewers if (login := text(one, "reviewer.login")) is not None}
    known = [login for login in approvers if login.lower() in people]
    if known:
        return Condition("met", f"{', '.join(known)} approved this run for {environment}")
    who = ", ".join(approvers)
    if not any(text(one, "type") == "Team" for one in reviewers):
        return Condition("unmet", f"{who} approved this run for {environment}, and is none of its reviewers")
    if flag(body, "can_admins_bypass") is False:
        return Condition("met", f"{who} approved this run for {environment}, by a team that reviews it")
    why = f"{who} approved this run for {environment}, as a member of a reviewing team or as an administrator"
    return Condition("unknown", f"{why}: nobody can tell while administrators may bypass it")


def _reviewers(rule: Body) -> tuple[Body, ...]:
    return objects(rule, "reviewers") or ()


def _approvers(environment: str, approvals: Answer) -> Iterator[str]:
    for one in objects_of(approvals.body, "the approvals"):
        names = [(text(place, "name") or "").lower() for place in objects(one, "environments") or ()]
        login = text(one, "user.login")
        if environment.lower() in names and text(one, "state") == "approved" and login:
            yield login


def _trouble(answer: Answer) -> Trouble | None:
    judged = verdict(answer)
    if judged.trouble is not None:
        return judged.trouble
    if judged.state is not State.ON:
        return unparseable(answer, f"it answered {answer.status}: {answer.message}")
    return None if answer.complete else incomplete(answer)
