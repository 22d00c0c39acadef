"""What a control is: its name, where each mechanism keeps it, and how its values compare.

The two mechanisms say one thing in two vocabularies (`dismiss_stale_reviews` and `dismiss_stale_reviews_on_push`,
`allow_force_pushes` and `non_fast_forward`); the tables of controls are where they meet. Sources: GitHub's REST
reference, https://docs.github.com/en/rest/branches/branch-protection and https://docs.github.com/en/rest/repos/rules.
"""

from collections.abc import Callable
from typing import Literal

from govcheck.records import frozen
from govcheck.settings import readers
from govcheck.settings.readers import Reader
from govcheck.settings.strength import Strength

Target = Literal["branch", "tag", "push"]
"""What a ruleset is for."""


@frozen
class RuleReading:
    """Where a ruleset keeps a control."""

    type: str
    """The rule's type: `pull_request`."""

    read: Reader
    """From the rule's `parameters` to the control's value."""

    parameters: tuple[str, ...] = ()
    """The parameters that the reader looks at, down to the members of lists: `code_scanning_tools[].tool`. The others
    are kept as they are."""


@frozen(kw_only=True)
class Control:
    """One thing that the protection of a branch, of tags or of pushes can do."""

    key: str
    """Its name in policies, findings and snapshots."""

    title: str
    """What it is, in words that fit into a sentence."""

    strength: Strength
    classic: Reader | None = None
    """From classic protection's document to the value; None where classic protection has no such thing."""

    rules: tuple[RuleReading, ...] = ()
    repository: Reader | None = None
    """From the repository's document to the value, where its settings bear on every branch."""

    reviews: bool = False
    """Part of classic protection's pull request requirement, which `bypass_pull_request_allowances` lifts."""

    on_pull_requests: bool = True
    """Whether an actor with bypass mode `pull_request` goes around it: not where no pull request is involved."""

    targets: frozenset[Target] = frozenset({"branch"})
    """What kinds of rulesets can give it."""

    neutral: bool = False
    """Whether no value is any better than another one, however layers add up: a change of it is just a change."""


def rule(kind: str, read: Callable[[str], Reader], parameter: str) -> tuple[RuleReading, ...]:
    """A control that is one parameter of a rule."""
    return (RuleReading(kind, read(parameter), (parameter,)),)


def presence(*kinds: str) -> tuple[RuleReading, ...]:
    """A control that is a rule's being there."""
    return tuple(RuleReading(kind, readers.always) for kind in kinds)
