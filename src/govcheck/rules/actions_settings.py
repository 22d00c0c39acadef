"""GitHub Actions is set as this policy says: what may run, with which token, what forks may do, what is kept.

```yaml
kind: actions-settings
id: least-privilege
why: A workflow gets what it asks for, and no more.
default_token: read
approving_pull_requests: forbidden
sha_pinning: true
retention_days: { min: 90 }
disabled_workflows: { subset_of: [] }
```

Only what is given is judged, and nearly all of it takes `administration:read`, which a workflow's own token can never
have: there it is not on offer.

**The organisation caps the repository.** Of allowed actions and their patterns, pinning, the default token, approval by
workflows, approval of forks' workflows and retention, the stricter of both counts, and a finding shows both. The
organisation's is asked where the token may (`organization_administration:read`); elsewhere what the repository's own
endpoint says counts, which GitHub keeps within the organisation's choice: it refuses to set a repository to more.

Some settings GitHub has only in some repositories. Where every action may run, `allowed_patterns` is `*`, and where
only local ones may, it is empty. In a public repository workflows of forks always run, without secrets and with a token
that reads. What there is no such setting for fails, and the finding says why.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck.constraints import NumberBound, SetBound
from govcheck.facts import Request
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import assertions

_KIND = "actions-settings"


@frozen(kw_only=True)
class ActionsSettings(Policy):
    """How GitHub Actions is set."""

    kind: Literal["actions-settings"] = "actions-settings"

    enabled: bool | None = None
    """Whether GitHub Actions is on."""

    allowed_actions: Literal["all", "selected", "local_only"] | None = None
    """Which actions and reusable workflows may run: all, the selected ones, or those of the same owner only."""

    github_owned_actions: Literal["forbidden", "allowed"] | None = None
    """Whether actions that GitHub owns may run."""

    verified_creators: Literal["forbidden", "allowed"] | None = None
    """Whether actions of Marketplace's verified creators may run."""

    allowed_patterns: SetBound | None = None
    """The patterns of selected actions, as they are written: `docker/*`. Where all may run, that is `*`."""

    sha_pinning: bool | None = None
    """Whether actions have to be pinned to full commits."""

    default_token: Literal["read", "write"] | None = None
    """What a workflow's token may do where the workflow does not say `permissions`."""

    approving_pull_requests: Literal["forbidden", "allowed"] | None = None
    """Whether workflows may create pull requests and approve them."""

    fork_approval: (
        Literal["first_time_contributors_new_to_github", "first_time_contributors", "all_external_contributors"] | None
    ) = None
    """Whose workflows wait for approval in a public repository."""

    fork_workflows: Literal["forbidden", "allowed"] | None = None
    """Whether workflows from pull requests of forks run. A public repository always allows it."""

    fork_write_tokens: Literal["forbidden", "allowed"] | None = None
    """Whether those get a token that may write. A public repository never allows it."""

    fork_secrets: Literal["forbidden", "allowed"] | None = None
    """Whether those get secrets and variables. A public repository never allows it."""

    fork_workflows_need_approval: bool | None = None
    """Whether those wait for approval, in a repository that is not public."""

    access: Literal["none", "user", "organization", "enterprise"] | None = None
    """Whose repositories may use the actions and reusable workflows of this one, where it is not public."""

    retention_days: NumberBound | None = None
    """For how many days artifacts and logs are kept. A workflow's `retention-days` can only be less."""

    longest_retention_days: NumberBound | None = None
    """The most that `retention_days` may be set to; the organisation or the plan says so."""

    cache_retention_days: NumberBound | None = None
    """For how many days caches are kept."""

    cache_limit_gb: NumberBound | None = None
    """How much all caches together may hold, in GB."""

    cache_usage_mb: NumberBound | None = None
    """How much all caches together do hold, in MB of a million bytes, rounded up."""

    default_subject: bool | None = None
    """Whether OIDC tokens carry GitHub's default subject."""

    subject_claims: SetBound | None = None
    """The claims that an own template makes the OIDC subject of; none where the default one is in use."""

    immutable_subject: bool | None = None
    """Whether the OIDC subject names the repository by its id, which a rename or a new owner of its name do not get."""

    disabled_workflows: SetBound | None = None
    """The workflows that are off, by hand or by GitHub after 60 days without activity, by file name. `{subset_of: []}`:
    none is."""

    self_hosted_runners: SetBound | None = None
    """The repository's own self-hosted runners, by name. Those of its organisation are not among them."""

    runner_labels: SetBound | None = None
    """All labels of those runners."""

    offline_runners: SetBound | None = None
    """Those of these runners that are not online, by name."""

    organization_repositories: Literal["all", "selected", "none"] | None = None
    """Which of the organisation's repositories may use Actions. Like all that follows, it caps what a repository says,
    and takes `organization_administration:read`."""

    organization_allowed_actions: Literal["all", "selected", "local_only"] | None = None
    """Which actions and reusable workflows the organisation lets its repositories run."""

    organization_allowed_patterns: SetBound | None = None
    """The organisation's patterns of selected actions. Where all may run, that is `*`."""

    organization_sha_pinning: bool | None = None
    """Whether the organisation demands that actions are pinned to full commits."""

    organization_default_token: Literal["read", "write"] | None = None
    """What the organisation lets a workflow's token do by default."""

    organization_approving_pull_requests: Literal["forbidden", "allowed"] | None = None
    """Whether the organisation lets workflows approve pull requests."""

    organization_fork_approval: (
        Literal["first_time_contributors_new_to_github", "first_time_contributors", "all_external_contributors"] | None
    ) = None
    """Whose workflows the organisation makes wait for approval."""

    organization_runners: Literal["all", "selected", "none"] | None = None
    """Which of the organisation's repositories may have self-hosted runners of their own."""

    organization_retention_days: NumberBound | None = None
    """For how many days the organisation keeps artifacts and logs."""

    organization_cache_limit_gb: NumberBound | None = None
    """How much the organisation lets a repository's caches hold, in GB."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: a policy that asserts nothing, or a bound that nothing can meet."""
        yield from assertions.problems(_KIND, self)


def _endpoints(policy: ActionsSettings) -> Iterable[tuple[Request, ...]]:
    wanted = assertions.asserted(_KIND, policy)
    return [(LiveAnswersRequest(LiveAnswers, assertions.endpoints(wanted), assertions.beside(wanted)),)]


@check(wants=_endpoints)
def settings(policy: ActionsSettings, live: LiveAnswers) -> Iterator[Said]:
    """Live: every setting that the policy gives."""
    yield from assertions.judge(assertions.asserted(_KIND, policy), live, "repository")
