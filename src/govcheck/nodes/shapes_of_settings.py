"""Environments, rulesets and settings, as custom policies see them. See `shapes`."""

from typing import Any

from govcheck.nodes.values import Object, Objects, Texts
from govcheck.records import field, frozen


@frozen(kw_only=True)
class Environment:
    """An environment of the repository, live."""

    name: str = ""
    """Its name."""

    reviewers: Texts = ()
    """Who may approve: `user:LOGIN`, `team:ORGANISATION/SLUG`, in lower case."""

    min_reviewers: int = 0
    """How many people and teams may approve; one approval is enough."""

    self_review: str = "allowed"
    """`allowed` or `forbidden`: whether whoever started a deployment may approve it."""

    wait: int = 0
    """How many minutes a deployment waits."""

    branches: Any = None
    """Which branches may deploy: `protected`, a list of patterns, or null for every branch."""

    admin_bypass: str = "allowed"
    """`allowed` or `forbidden`: whether administrators may deploy without waiting."""

    custom_rules: Texts = ()
    """The apps whose protection rules are enabled, by slug."""


@frozen(kw_only=True)
class Ruleset:
    """An active ruleset that reaches the repository, whoever set it, live."""

    name: str = ""
    """Its name."""

    target: str = "branch"
    """`branch`, `tag` or `push`."""

    source: str = ""
    """Whose it is: `OWNER/NAME`, or an organisation."""

    source_type: str = "Repository"
    """`Repository`, `Organization` or `Enterprise`."""

    include: Texts = ()
    """The refs that it is for: `~DEFAULT_BRANCH`, `refs/heads/main`."""

    exclude: Texts = ()
    """The refs that it is not for."""

    rules: Texts = ()
    """The types of its rules: `pull_request`, `required_signatures`."""

    parameters: Object = field(default_factory=dict)
    """By type of rule, the parameters of the first rule of that type, as GitHub has them."""

    bypass: Objects = ()
    """Who may go around it, as GitHub has it: `actor_type`, `actor_id`, `bypass_mode`."""


@frozen(kw_only=True)
class Setting:
    """A setting of the repository, live. Environments and rulesets are nodes of their own."""

    name: str = ""
    """Its name in reports: `repository-settings/squash_merge`."""

    kind: str = ""
    """The kind of policy that asserts it: `repository-settings`."""

    key: str = ""
    """Its key there: `squash_merge`."""

    title: str = ""
    """What it is, in words."""

    value: Any = None
    """Its value, as policies write it; null where nothing is set."""

    available: bool = True
    """False where the account's plan does not have it."""

    security: bool = False
    """Whether it bears on security."""
