"""The repository is set as this policy says.

```yaml
kind: repository-settings
id: merging
why: One commit for one change.
squash_merge: true
merge_commit: false
delete_branch_on_merge: true
visibility: private
topics: { superset_of: [storefront] }
```

Only what is given is judged. A setting that GitHub does not show to the token at hand is unknown, never off: whether
and how pull requests are merged is shown by REST to those who may write (`contents:write`), and is then asked of
GraphQL, which shows it to every reader.

What GitHub has no setting for in this repository is said so: `pages_https` of a repository without a Pages site holds,
and `pages_branch` fails.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from govcheck.constraints import NumberBound, SetBound
from govcheck.facts import Request
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import assertions

_KIND = "repository-settings"


@frozen(kw_only=True)
class RepositorySettings(Policy):
    """How the repository is set."""

    kind: Literal["repository-settings"] = "repository-settings"

    squash_merge: bool | None = None
    """Whether pull requests may be merged by squashing them."""

    merge_commit: bool | None = None
    """Whether pull requests may be merged by a merge commit."""

    rebase_merge: bool | None = None
    """Whether pull requests may be merged by rebasing them."""

    auto_merge: bool | None = None
    """Whether a pull request may be set to merge itself as soon as it can."""

    delete_branch_on_merge: bool | None = None
    """Whether a merged pull request's branch is deleted."""

    update_branch: bool | None = None
    """Whether pull requests that are behind offer a button that updates them."""

    squash_title: Literal["PR_TITLE", "COMMIT_OR_PR_TITLE"] | None = None
    """Where the title of a squash merge comes from, as GitHub's API names it."""

    squash_message: Literal["PR_BODY", "COMMIT_MESSAGES", "BLANK"] | None = None
    """Where the message of a squash merge comes from."""

    merge_title: Literal["PR_TITLE", "MERGE_MESSAGE"] | None = None
    """Where the title of a merge commit comes from."""

    merge_message: Literal["PR_BODY", "PR_TITLE", "BLANK"] | None = None
    """Where the message of a merge commit comes from."""

    visibility: Literal["public", "internal", "private"] | None = None
    """Who sees the repository."""

    owned_by: Literal["user", "organization"] | None = None
    """What sort of account owns the repository."""

    archived: bool | None = None
    """Whether the repository is archived: nothing in it can be changed."""

    template: bool | None = None
    """Whether others can make repositories from it as a template."""

    default_branch: str | None = None
    """The name of the default branch."""

    topics: SetBound | None = None
    """The topics."""

    properties: Mapping[str, str | bool | tuple[str, ...]] | None = None
    """Custom properties by name, each with its value: text, a list (exactly these, in any order), `true` or `false`.
    A property that is not named is not judged."""

    has_description: bool | None = None
    """Whether there is a description."""

    description: str | None = None
    """The description, word for word."""

    has_homepage: bool | None = None
    """Whether there is a homepage."""

    homepage: str | None = None
    """The homepage's address, as it is written."""

    license: str | None = None
    """The licence that GitHub recognises, by its SPDX name: `MIT`. `NOASSERTION` is one that it does not."""

    issues: bool | None = None
    """Whether there are issues."""

    projects: bool | None = None
    """Whether there are projects."""

    wiki: bool | None = None
    """Whether there is a wiki."""

    discussions: bool | None = None
    """Whether there are discussions."""

    downloads: bool | None = None
    """Whether there are downloads."""

    pull_requests: bool | None = None
    """Whether there are pull requests at all."""

    pull_request_creators: Literal["all", "collaborators_only"] | None = None
    """Who may open pull requests."""

    open_pull_requests_per_user: NumberBound | None = None
    """How many pull requests one user may have open at a time. Without a cap there is no limit: more than any `max`.
    GitHub shows the cap to those only who may change it (`administration:write`)."""

    interaction_limit: Literal["none", "existing_users", "contributors_only", "collaborators_only"] | None = None
    """Who alone may comment and open issues and pull requests for a while."""

    forking: bool | None = None
    """Whether an organisation's private repository may be forked."""

    web_commit_signoff: bool | None = None
    """Whether commits made on the web have to be signed off."""

    immutable_releases: bool | None = None
    """Whether a release cannot be changed once it is published."""

    immutable_releases_by_owner: bool | None = None
    """Whether it is the owner of the repository who orders that."""

    pages: bool | None = None
    """Whether there is a GitHub Pages site."""

    pages_https: bool | None = None
    """Whether the Pages site, where there is one, is served by HTTPS only."""

    pages_public: bool | None = None
    """Whether everybody can see the Pages site."""

    pages_branch: str | None = None
    """The branch that the Pages site is built from."""

    pages_build: Literal["branch", "workflow"] | None = None
    """What builds the Pages site."""

    pages_domain: str | None = None
    """The Pages site's own domain."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: a policy that asserts nothing, or a bound that nothing can meet."""
        yield from assertions.problems(_KIND, self)


def _endpoints(policy: RepositorySettings) -> Iterable[tuple[Request, ...]]:
    return [(LiveAnswersRequest(LiveAnswers, assertions.endpoints(assertions.asserted(_KIND, policy))),)]


@check(wants=_endpoints)
def settings(policy: RepositorySettings, live: LiveAnswers) -> Iterator[Said]:
    """Live: every setting that the policy gives."""
    yield from assertions.judge(assertions.asserted(_KIND, policy), live, "repository")
