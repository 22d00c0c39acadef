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

**Patterns.** `branch: release/*` asserts it of every branch that fits, there or not yet, by GitHub's own patterns: `*`
stays within a segment, `**/` is any number of them. Where some of them are protected otherwise, a finding names one.

**What could not be read** can only make a branch stronger. So a lower bound that the readable layers satisfy passes,
and one that they do not satisfy is unknown, with the permission that is missing; an exact value, an upper bound and a
bypass list are unknown unless every layer was read. Who may force-push in spite of classic protection, and the
deployments and the merge queue that it requires, only GraphQL tells, and only an administrator: it is asked where a
policy wants to know. A branch without any protection fails, and so does one whose account's plan cannot enforce
protection.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck.constraints import NumberConstraint, SetConstraint
from govcheck.facts import Request
from govcheck.facts.live import DEFAULT_BRANCH, LiveBranch, LiveBranchRequest
from govcheck.findings import Judged
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import asserting
from govcheck.settings.controls import ADMINS_INCLUDED, BYPASS, controls_of
from govcheck.settings.policy_verdicts import judged, judged_views
from govcheck.settings.ref_patterns import is_pattern
from govcheck.settings.ref_views import ref_views
from govcheck.settings.subjects import Subject
from govcheck.settings.verdicts import Judge

CONTROLS = controls_of("branch")
_BEYOND_REST = frozenset({"deployments", "merge_queue", ADMINS_INCLUDED})
"""What classic protection gives and GitHub's REST API does not tell."""


@frozen(kw_only=True)
class BranchProtection(Policy):
    """How a branch is protected."""

    kind: Literal["branch-protection"] = "branch-protection"

    branch: str
    """The branch's name, or `~DEFAULT_BRANCH`; or a pattern of names, for every branch that fits it, there or not yet:
    `release/*`."""

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

    required_reviewers: tuple[str, ...] | SetConstraint | None = None
    """Teams that must approve changes of some files, as a number, a team and patterns: `2 of team:org/slug on *.js`; a
    ruleset that wants two counts for one as well."""

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

    code_scanning_alerts: tuple[str, ...] | SetConstraint | None = None
    """Which alerts stop a merge, as tool and level: `CodeQL errors`, `errors_and_warnings`, `all`; each level has those
    before it as well."""

    code_scanning_security_alerts: tuple[str, ...] | SetConstraint | None = None
    """The same for security alerts: `CodeQL critical`, `high_or_higher`, `medium_or_higher`, `all`."""

    workflows: tuple[str, ...] | SetConstraint | None = None
    """The workflows that must pass, as repository number and path: `1296269:.github/workflows/ci.yml`."""

    workflow_refs: tuple[str, ...] | SetConstraint | None = None
    """At which ref or commit workflows that must pass are taken: `1296269:.github/workflows/ci.yml@refs/heads/main`."""

    merge_queue: bool | None = None
    """Whether merges go through a merge queue."""

    merge_queue_methods: tuple[str, ...] | SetConstraint | None = None
    """Which of `merge`, `squash` and `rebase` the merge queue uses."""

    merge_queue_all_green: bool | None = None
    """Whether every entry of a merge group must pass, not only the last one."""

    merge_queue_check_timeout: int | NumberConstraint | None = None
    """After how many minutes a check that has not reported fails an entry of the merge queue."""

    merge_queue_max_entries_to_build: int | NumberConstraint | None = None
    """The most entries of the merge queue that are built at once."""

    merge_queue_max_entries_to_merge: int | NumberConstraint | None = None
    """The most entries of the merge queue that are merged at once."""

    merge_queue_min_entries_to_merge: int | NumberConstraint | None = None
    """The fewest entries of the merge queue that are merged at once."""

    merge_queue_min_entries_wait: int | NumberConstraint | None = None
    """For how many minutes the merge queue waits for the fewest entries."""

    copilot_reviews: bool | None = None
    """Whether Copilot is asked to review pull requests."""

    copilot_reviews_on_push: bool | None = None
    """Whether Copilot reviews every new push."""

    copilot_reviews_of_drafts: bool | None = None
    """Whether Copilot reviews drafts."""

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

    fork_syncing: Literal["forbidden", "allowed"] | None = None
    """Whether a locked branch of a fork may pull in what its upstream has."""

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
        yield from asserting.problems(self, CONTROLS)


def _protection_of(policy: BranchProtection) -> Iterable[tuple[Request, ...]]:
    given = asserting.asserted(policy, CONTROLS)
    around_pushes = "force_pushes" in given and policy.bypass is not None
    beyond_rest = around_pushes or any(getattr(policy, key) is not None for key in _BEYOND_REST)
    pushes = not given.keys().isdisjoint(controls_of("push"))
    if policy.branch != DEFAULT_BRANCH and is_pattern(policy.branch):
        return [(LiveBranchRequest(LiveBranch, policy.branch, pattern=True),)]
    return [(LiveBranchRequest(LiveBranch, policy.branch, beyond_rest, pushes),)]


@check(wants=_protection_of)
def controls(policy: BranchProtection, branch: LiveBranch) -> Iterator[Said]:
    """Every control that the policy gives, over all layers."""
    judge = Judge.of(branch)
    given = asserting.asserted(policy, CONTROLS)
    keys = [*given, *(key for key in (ADMINS_INCLUDED, BYPASS) if getattr(policy, key) is not None)]
    if branch.every is not None:
        yield Judged(len(keys))
        views = ref_views(branch.every, "branch", policy.branch)
        subject = Subject.of_pattern("branch", policy.branch)
        yield from judged_views(views, subject, given, policy.bypass, admins=policy.admins_included)
        return
    yield Judged(len(keys), tuple(asserting.settings(judge.subject.place, keys, given)))
    if missing := judge.missing():
        yield missing
        return
    yield from judged(judge, given, policy.bypass, admins=policy.admins_included)
