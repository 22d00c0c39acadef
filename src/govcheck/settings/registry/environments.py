"""What an environment makes a deployment wait for, and which branches may deploy to it.

Source: https://docs.github.com/en/rest/deployments/environments. A path with `[type]` means the rule of that type in a
list of rules; `settings.environments` reads them.
"""

from govcheck.settings.endpoints import ENVIRONMENT_BRANCHES, ENVIRONMENT_RULES, ENVIRONMENTS
from govcheck.settings.registry import Absent, Setting
from govcheck.settings.strength import Strength

_KIND = "environment-protection"
_DOCS = "https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments"
_BAN = ("allowed", "forbidden")

SETTINGS = (
    Setting(
        kind=_KIND,
        key="reviewers",
        title="required reviewers",
        endpoint=ENVIRONMENTS,
        path="environments[].protection_rules[required_reviewers].reviewers",
        strength=Strength.ACTORS,
        default=[],
        empty_is_weakest=True,
        graphql="DeploymentProtectionRule.reviewers",
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="min_reviewers",
        title="the number of required reviewers",
        endpoint=ENVIRONMENTS,
        path="environments[].protection_rules[required_reviewers].reviewers",
        strength=Strength.AT_LEAST,
        default=0,
        graphql="DeploymentProtectionRule.reviewers",
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="self_review",
        title="self-review of deployments",
        endpoint=ENVIRONMENTS,
        path="environments[].protection_rules[required_reviewers].prevent_self_review",
        strength=None,
        default="allowed",
        order=_BAN,
        graphql="DeploymentProtectionRule.preventSelfReview",
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="wait",
        title="the wait timer",
        endpoint=ENVIRONMENTS,
        path="environments[].protection_rules[wait_timer].wait_timer",
        strength=Strength.AT_LEAST,
        default=0,
        graphql="DeploymentProtectionRule.timeout",
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="branches",
        title="the branches and tags that may deploy",
        endpoint=ENVIRONMENT_BRANCHES,
        path="branch_policies[].name",
        strength=Strength.CHOICE,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="admin_bypass",
        title="administrators' bypass of the rules",
        endpoint=ENVIRONMENTS,
        path="environments[].can_admins_bypass",
        strength=None,
        default="allowed",
        absent=Absent.UNKNOWN,
        order=_BAN,
        security=True,
        docs=_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="custom_rules",
        title="custom protection rules",
        endpoint=ENVIRONMENT_RULES,
        path="custom_deployment_protection_rules[].app.slug",
        strength=Strength.DEMANDED,
        default=[],
        docs=_DOCS,
    ),
)
