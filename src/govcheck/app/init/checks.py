"""The checks that the default branch can require: those that are reported on every pull request to it."""

from collections.abc import Iterator

from govcheck.actions.contexts import derive
from govcheck.actions.verdicts import PASSING, judge
from govcheck.app.init.proposal import Members, Proposal
from govcheck.facts.live import DEFAULT_BRANCH
from govcheck.facts.workflows import Workflows

_MOST = 60
_FAR = frozenset({"wrong-trigger", "missing"})
"""What has nothing to do with pull requests: no candidate."""


def propose(workflows: Workflows, branch: str | None = None) -> Iterator[Proposal]:
    """Every context that a workflow reports, as a candidate.

    Args:
        workflows: All workflow files.
        branch: The default branch; None where nothing tells its name.
    """
    contexts = derive(workflows, branch, "pull-request")
    names = dict.fromkeys(one.name for one in contexts.reported if isinstance(one.name, str))
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
