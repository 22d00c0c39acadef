"""The repository is set as this policy says.

```yaml
kind: repository-settings
id: merging
why: One commit for one change.
squash_merge: true
visibility: private
```

Only what is given is judged. A setting that GitHub does not show to the token at hand is unknown, never off.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

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

    visibility: Literal["public", "internal", "private"] | None = None
    """Who sees the repository."""

    web_commit_signoff: bool | None = None
    """Whether commits made on the web have to be signed off."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: a policy that asserts nothing."""
        if not assertions.asserted(_KIND, self):
            yield (), "asserts nothing: give at least one setting"


def _endpoints(policy: RepositorySettings) -> Iterable[tuple[Request, ...]]:
    return [(LiveAnswersRequest(LiveAnswers, assertions.endpoints(assertions.asserted(_KIND, policy))),)]


@check(wants=_endpoints)
def settings(policy: RepositorySettings, live: LiveAnswers) -> Iterator[Said]:
    """Live: every setting that the policy gives."""
    yield from assertions.judge(assertions.asserted(_KIND, policy), live, "repository")
