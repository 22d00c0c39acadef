"""Tags are protected as this policy says.

Every tag that fits the pattern is meant, there or not yet. Rulesets for tags of the repository, its organisation and
its enterprise add up, and the strictest wins; only the keys that are given are checked.

```yaml
kind: tag-protection
id: releases-stay
why: What was released under a name is never another thing later.
tag: "v*"                          # or ~ALL
updates: forbidden
deletions: forbidden
bypass: {subset_of: [role:admin]}  # nobody else goes around any of these
```

**Patterns** are GitHub's own: `*` stays within a segment, `**/` is any number of segments, `[0-9]` a class. A ruleset
that has no pattern protects nothing, and what it excludes it does not protect. Where some of the tags that are meant
are protected otherwise than the others, a finding names one of them. Rulesets that only evaluate or are disabled do not
count.

**What could not be read** can only protect more: what the readable rulesets do passes, anything else is unknown.
Constraints and actors are written as in `branch-protection`.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck.constraints import SetConstraint
from govcheck.facts import Request
from govcheck.facts.live import LiveRulesets, LiveRulesetsRequest
from govcheck.findings import Judged
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import asserting
from govcheck.settings.controls import controls_of
from govcheck.settings.policy_verdicts import judged_views
from govcheck.settings.ref_views import ref_views
from govcheck.settings.subjects import Subject

CONTROLS = controls_of("tag")


@frozen(kw_only=True)
class TagProtection(Policy):
    """How tags are protected."""

    kind: Literal["tag-protection"] = "tag-protection"

    tag: str
    """A tag's name, a pattern of names such as `v*`, or `~ALL`."""

    status_checks: tuple[str, ...] | SetConstraint | None = None
    """The contexts that must have passed on what a tag names."""

    deployments: tuple[str, ...] | SetConstraint | None = None
    """The environments that what a tag names must have been deployed to."""

    signatures: bool | None = None
    """Whether commits must be signed."""

    linear_history: bool | None = None
    """Whether merge commits are kept out."""

    force_pushes: Literal["forbidden", "allowed"] | None = None
    """Whether a tag may be moved to what does not follow from where it was."""

    deletions: Literal["forbidden", "allowed"] | None = None
    """Whether a tag may be deleted."""

    creations: Literal["forbidden", "allowed"] | None = None
    """Whether a tag of this name may be created."""

    updates: Literal["forbidden", "allowed"] | None = None
    """Whether a tag may be moved at all."""

    commit_message_patterns: tuple[str, ...] | SetConstraint | None = None
    """Patterns that commit messages must fit, as operator and pattern: `starts_with JIRA-`, `not regex ^wip`."""

    commit_author_email_patterns: tuple[str, ...] | SetConstraint | None = None
    """Patterns that authors' addresses must fit."""

    committer_email_patterns: tuple[str, ...] | SetConstraint | None = None
    """Patterns that committers' addresses must fit."""

    tag_name_patterns: tuple[str, ...] | SetConstraint | None = None
    """Patterns that tags' names must fit."""

    bypass: tuple[str, ...] | SetConstraint | None = None
    """Who may go around each of the controls that this policy gives, over every ruleset."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.tag:
            yield ("tag",), "an empty name: write a tag's name, a pattern of names, or ~ALL"
        if self.tag.startswith("refs/"):
            yield ("tag",), "a tag's name alone: write it without refs/tags/ before it"
        yield from asserting.problems(self, CONTROLS)


def _rulesets(_: TagProtection) -> Iterable[tuple[Request, ...]]:
    return [(LiveRulesetsRequest(LiveRulesets, ("tag",)),)]


@check(wants=_rulesets)
def controls(policy: TagProtection, rulesets: LiveRulesets) -> Iterator[Said]:
    """Every control that the policy gives, for every tag that it means."""
    given = asserting.asserted(policy, CONTROLS)
    yield Judged(len(given) + (policy.bypass is not None))
    views = ref_views(rulesets, "tag", policy.tag)
    yield from judged_views(views, Subject.of_pattern("tag", policy.tag), given, policy.bypass)
