"""Pushes bring nothing that this policy keeps out.

Rulesets for pushes guard every branch and tag of the repository, and all of its forks. Those of the repository, its
organisation and its enterprise add up, and the strictest wins; only the keys that are given are checked.

```yaml
kind: push-rules
id: no-large-files
why: What is pushed once is in every clone for good.
max_file_size: {max: 10}
restricted_file_extensions: {superset_of: ["*.exe"]}
bypass: {subset_of: []}
```

Rulesets that only evaluate or are disabled do not count. What could not be read can only keep more out: what the
readable rulesets do passes, anything else is unknown. Constraints and actors are written as in `branch-protection`.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.facts import Request
from govcheck.facts.live import LiveRulesets, LiveRulesetsRequest
from govcheck.findings import Judged
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import asserting
from govcheck.settings.controls import controls_of
from govcheck.settings.policy_verdicts import judged_views
from govcheck.settings.ref_views import push_view
from govcheck.settings.subjects import Subject

CONTROLS = controls_of("push")


@frozen(kw_only=True)
class PushRules(Policy):
    """What no push may bring."""

    kind: Literal["push-rules"] = "push-rules"

    restricted_file_paths: tuple[str, ...] | SetConstraint | None = None
    """Paths that no push may change."""

    restricted_file_extensions: tuple[str, ...] | SetConstraint | None = None
    """File extensions that no push may bring."""

    max_file_size: int | NumberConstraint | None = None
    """The largest file that a push may bring, in MB."""

    max_file_path_length: int | NumberConstraint | None = None
    """The longest path that a push may bring, in characters."""

    bypass: tuple[str, ...] | SetConstraint | None = None
    """Who may go around each of the controls that this policy gives, over every ruleset."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        yield from asserting.problems(self, CONTROLS)


def _rulesets(_: PushRules) -> Iterable[tuple[Request, ...]]:
    return [(LiveRulesetsRequest(LiveRulesets, ("push",)),)]


@check(wants=_rulesets)
def controls(policy: PushRules, rulesets: LiveRulesets) -> Iterator[Said]:
    """Every control that the policy gives."""
    given = asserting.asserted(policy, CONTROLS)
    yield Judged(len(given) + (policy.bypass is not None))
    yield from judged_views((push_view(rulesets),), Subject.of_pushes(), given, policy.bypass)
