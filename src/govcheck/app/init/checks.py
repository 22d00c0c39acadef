"""The checks that the default branch can require: those that are reported on every pull request to it."""

from collections.abc import Iterator

from govcheck.actions.contexts import Contexts, Reported, derive
from govcheck.actions.reach import Level
from govcheck.actions.verdicts import PASSING, judge
from govcheck.app.init.proposal import Members, Proposal
from govcheck.facts.live import DEFAULT_BRANCH
from govcheck.facts.workflows import Workflows
from govcheck.report import PolicyResult

_MOST = 60
_FAR = frozenset({"wrong-trigger", "missing"})
"""What has nothing to do with pull requests: no candidate."""


def propose(workflows: Workflows, branch: str | None, gates: PolicyResult) -> Iterator[Proposal]:
    """Every context that a workflow reports and that can say no, as a candidate.

    Args:
        workflows: All workflow files.
        branch: The default branch; None where nothing tells its name.
        gates: What every gate of the repository came to.
    """
    contexts = derive(workflows, branch, "pull-request")
    names = _guarding(contexts, gates)
    # What is sure comes first, so that what is not cannot push it out.
    words = {name: judge(name, contexts).word for name in names}
    known = sorted((name for name in names if words[name] not in _FAR), key=lambda name: words[name] not in PASSING)[
        :_MOST
    ]
    if known:
        yield Proposal(
            kind="required-checks",
            id="default-branch-checks",
            file="default-branch.yaml",
            why="A required check that nothing reports blocks every pull request, or guards nothing.",
            fixed={"branch": branch or DEFAULT_BRANCH},
            tried=(Members(key="checks", members=tuple(known)),),
            explained=(
                "Every check that is reported on each pull request to the default branch, whatever it changes.",
                "Take those away that need not be required. With --live, they have to be required on GitHub too.",
            ),
        )


def _guarding(contexts: Contexts, gates: PolicyResult) -> list[str]:
    """Names of jobs that look at the change and are able to stop it."""
    dead = {_job(found.finding.subject) for found in gates.findings if found.severity != "note"}
    dead -= {_job(held.subject) for held in gates.held}
    useless = {one.name for one in contexts.reported if not _guards(one, dead)}
    names = dict.fromkeys(one.name for one in contexts.reported if isinstance(one.name, str))
    return [name for name in names if name not in useless]


def _guards(one: Reported, dead: set[str]) -> bool:
    """Whether a job can be worth a requirement.

    `pull_request_target` runs on the base, where nothing of the change is; a job that is skipped always counts as a
    success; and a gate that cannot go red stops nobody.
    """
    if one.reach.level >= Level.NEVER:
        return True  # some other event's, which has no say here
    if one.event == "pull_request_target" or one.runs is False:
        return False
    return f"{one.path}:{one.job.id}" not in dead


def _job(subject: str) -> str:
    """`.github/workflows/ci.yml:lint` of a gate's subject."""
    return ":".join(subject.split(":")[:2])
