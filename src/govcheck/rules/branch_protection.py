"""A branch is protected as this policy says, by whatever mechanism.

Classic protection, the repository's rulesets and those of its organisation add up, and the strictest wins. Each key is
a control of both mechanisms; only the keys that are given are checked.

```yaml
kind: branch-protection
id: main-protected
why: Nothing reaches production that a second person has not seen.
branch: main                       # or ~DEFAULT_BRANCH
approvals: {min: 2}
dismiss_stale_reviews: true
conversation_resolution: true
linear_history: true
force_pushes: forbidden
bypass: {subset_of: []}            # nobody goes around any of these
```

A number or a list is either exact (`approvals: 2`, `status_checks: [build, lint]`) or a bound: `{min:}`, `{max:}`,
`{superset_of:}`, `{subset_of:}`, `{equals:}`. Rulesets that only evaluate, are disabled, or include nothing do not
count.

**Who may go around it.** `bypass` is judged control by control: somebody goes around a control who can bypass every
layer that still does what the policy asks. Actors are written `role:admin`, `team:org/slug`, `app:slug`, `user:login`,
`organization-admin`, `enterprise-owner`, `deploy-key`. Where `enforce_admins` is off, `role:admin` goes around
everything that classic protection gives. An actor that may bypass only on pull requests does not go around
`pull_requests`, `force_pushes`, `deletions` and `creations`.

**What could not be read** can only make a branch stronger. So a lower bound that the readable layers satisfy passes,
and one that they do not satisfy is unknown, with the permission that is missing; an exact value, an upper bound and a
bypass list are unknown unless every layer was read. GitHub's REST API shows neither who may force-push in spite of
classic protection, nor the deployments and the merge queue that it requires: those are unknown unless a ruleset
decides. A branch without any protection fails, and so does one whose account's plan cannot enforce protection.
"""

import difflib
from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck import constraints
from govcheck.constraints import Bound, NumberConstraint, SetBound, SetConstraint
from govcheck.facts import Request
from govcheck.facts.live import LiveBranch, LiveBranchRequest
from govcheck.findings import Finding, Judged, Undecided
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import check
from govcheck.settings import actors
from govcheck.settings.controls import ADMINS_INCLUDED, BYPASS, CONTROLS
from govcheck.settings.judging import Wanted
from govcheck.settings.places import setting
from govcheck.settings.strength import Strength
from govcheck.settings.verdicts import Judge

_LEGAL = {"merge_methods": ("merge", "squash", "rebase")}
"""The only members that some lists can have."""


@frozen(kw_only=True)
class BranchProtection(Policy):
    """How a branch is protected."""

    kind: Literal["branch-protection"] = "branch-protection"

    branch: str
    """The branch's name, or `~DEFAULT_BRANCH`."""

    pull_requests: bool | None = None
    """Whether changes reach the branch only by pull request."""

    approvals: int | NumberConstraint | None = None
    """How many approving reviews a pull request needs."""

    dismiss_stale_reviews: bool | None = None
    """Whether new commits dismiss the approvals that a pull request has."""

    code_owner_reviews: bool | None = None
    """Whether the owners of changed files must approve."""

    last_push_approval: bool | None = None
    """Whether somebody other than its author must approve the last push."""

    review_dismissals: tuple[str, ...] | SetConstraint | None = None
    """Who may dismiss reviews, as actors; a branch without such a restriction lets everybody who can write."""

    conversation_resolution: bool | None = None
    """Whether all conversations must be resolved before merging."""

    merge_methods: tuple[str, ...] | SetConstraint | None = None
    """Which of `merge`, `squash` and `rebase` are on offer."""

    status_checks: tuple[str, ...] | SetConstraint | None = None
    """The contexts that must pass before merging; the kind `required-checks` asserts more of each."""

    strict_status_checks: bool | None = None
    """Whether a branch must be up to date with this one before merging."""

    deployments: tuple[str, ...] | SetConstraint | None = None
    """The environments that must be deployed to before merging."""

    code_scanning: tuple[str, ...] | SetConstraint | None = None
    """The tools that must deliver code scanning results."""

    workflows: tuple[str, ...] | SetConstraint | None = None
    """The workflows that must pass, as repository number and path: `1296269:.github/workflows/ci.yml`."""

    merge_queue: bool | None = None
    """Whether merges go through a merge queue."""

    copilot_reviews: bool | None = None
    """Whether Copilot is asked to review pull requests."""

    license_compliance: bool | None = None
    """Whether license compliance scanning guards the branch."""

    signatures: bool | None = None
    """Whether commits must be signed."""

    linear_history: bool | None = None
    """Whether merge commits are kept out."""

    force_pushes: Literal["forbidden", "allowed"] | None = None
    """Whether history may be overwritten."""

    deletions: Literal["forbidden", "allowed"] | None = None
    """Whether the branch may be deleted."""

    creations: Literal["forbidden", "allowed"] | None = None
    """Whether a push may create a branch of this name."""

    updates: Literal["forbidden", "allowed"] | None = None
    """Whether the branch may change at all: `forbidden` where it is locked, or updates are restricted."""

    push_restrictions: tuple[str, ...] | SetConstraint | None = None
    """Who may push, as actors; a branch without such a restriction lets everybody who can write."""

    commit_message_patterns: tuple[str, ...] | SetConstraint | None = None
    """Patterns that commit messages must fit, as operator and pattern: `starts_with JIRA-`, `not regex ^wip`."""

    commit_author_email_patterns: tuple[str, ...] | SetConstraint | None = None
    """Patterns that authors' addresses must fit."""

    committer_email_patterns: tuple[str, ...] | SetConstraint | None = None
    """Patterns that committers' addresses must fit."""

    branch_name_patterns: tuple[str, ...] | SetConstraint | None = None
    """Patterns that the branch's name must fit."""

    restricted_file_paths: tuple[str, ...] | SetConstraint | None = None
    """Paths that no push may change."""

    restricted_file_extensions: tuple[str, ...] | SetConstraint | None = None
    """File extensions that no push may bring."""

    max_file_size: int | NumberConstraint | None = None
    """The largest file that a push may bring, in MB."""

    max_file_path_length: int | NumberConstraint | None = None
    """The longest path that a push may bring, in characters."""

    admins_included: bool | None = None
    """Whether everything that is in force binds administrators too."""

    bypass: tuple[str, ...] | SetConstraint | None = None
    """Who may go around each of the controls that this policy gives, over every layer."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.branch:
            yield ("branch",), "an empty name: write a branch's name, or ~DEFAULT_BRANCH"
        bounds = {key: getattr(self, key) for key in (*CONTROLS, ADMINS_INCLUDED, BYPASS)}
        given = {key: bound for key, bound in bounds.items() if bound is not None}
        if not given:
            yield (), f"asserts nothing: give at least one of {', '.join(CONTROLS)}, {ADMINS_INCLUDED}"
        elif given.keys() == {BYPASS}:
            yield ("bypass",), "says who may go around the controls that this policy gives, and it gives none"
        for key, bound in given.items():
            if not isinstance(bound, bool | str):
                yield from _bound_problems(key, bound)


def _protection_of(policy: BranchProtection) -> Iterable[tuple[Request, ...]]:
    return [(LiveBranchRequest(LiveBranch, policy.branch),)]


@check(wants=_protection_of)
def controls(policy: BranchProtection, branch: LiveBranch) -> Iterator[Finding | Undecided | Judged]:
    """Every control that the policy gives, over all layers."""
    judge = Judge.of(branch)
    asserted = _asserted(policy)
    keys = [*asserted, *(key for key in (ADMINS_INCLUDED, BYPASS) if getattr(policy, key) is not None)]
    yield Judged(len(keys), tuple(_settings(branch.branch, keys, asserted)))
    if missing := judge.missing():
        yield missing
        return
    for key, wanted in asserted.items():
        if said := judge.control(key, wanted):
            yield said
    if policy.admins_included is not None and (said := judge.admins(wanted=policy.admins_included)):
        yield said
    if policy.bypass is not None:
        yield from judge.bypass(asserted, constraints.mapped(policy.bypass, str.lower))


def _asserted(policy: BranchProtection) -> dict[str, Wanted]:
    """What the policy wants of each control that it gives, written as live values are."""
    given = ((control, getattr(policy, key)) for key, control in CONTROLS.items())
    return {control.key: _wanted(control.strength, value) for control, value in given if value is not None}


def _wanted(strength: Strength, value: Wanted | str) -> Wanted:
    if isinstance(value, str):
        return value == "forbidden"
    if strength is Strength.ACTORS and isinstance(value, tuple | SetConstraint):
        return constraints.mapped(value, str.lower)
    return value


def _settings(branch: str, keys: Iterable[str], asserted: Iterable[str]) -> Iterator[str]:
    """The live settings that are asserted, by their names in a snapshot."""
    for key in keys:
        if key == BYPASS:
            yield from (setting(branch, BYPASS, control) for control in asserted)
        else:
            yield setting(branch, key)


def _bound_problems(key: str, bound: Bound) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for problem in constraints.problems(bound):
        yield (key,), problem
    if isinstance(bound, int | NumberConstraint):
        return
    legal = _LEGAL.get(key)
    for place, member in _members(key, bound):
        if (key == BYPASS or CONTROLS[key].strength is Strength.ACTORS) and (wrong := actors.problem(member)):
            yield place, wrong
        if legal is not None and member not in legal:
            near = difflib.get_close_matches(member, legal, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield place, f"{member!r} is none of {', '.join(legal)}{hint}"


def _members(key: str, bound: SetBound) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(bound, tuple):
        yield from (((key, number), member) for number, member in enumerate(bound))
        return
    for inner in ("superset_of", "subset_of", "equals"):
        yield from (((key, inner, number), member) for number, member in enumerate(getattr(bound, inner) or ()))
