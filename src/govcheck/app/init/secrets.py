"""The secrets that workflows read: they have to exist, and what nobody lists is noted."""

from collections.abc import Iterator

from govcheck.actions.secret_references import references
from govcheck.app.init.proposal import Members, Proposal
from govcheck.facts.workflows import Workflows


def propose(workflows: Workflows) -> Iterator[Proposal]:
    """Every secret that a workflow reads by its name."""
    names = sorted(references(workflows).names())
    if names:
        yield Proposal(
            kind="required-secrets",
            id="secrets-exist",
            file="secrets.yaml",
            why="A deployment that finds out at its last step that a secret is missing is an outage.",
            tried=(Members(key="secrets", members=tuple(names)),),
            explained=("The secrets that the workflows read, by name. With --live, they have to exist as well.",),
            tighten=("`max_age: 90d`, and `only_in: environment` for what deploys.",),
        )
