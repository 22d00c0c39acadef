"""What is asked by GraphQL: what GitHub's REST API leaves out of classic protection.

Source: https://docs.github.com/en/graphql/reference/objects#branchprotectionrule
"""

from collections.abc import Mapping

from govcheck.findings import Json

PERMISSION = "administration:read"
"""Whoever has less is shown an empty list, or refused."""

_ACTOR = "__typename ... on User { login } ... on Team { slug combinedSlug } ... on App { slug }"
_ALLOWANCES = f"(first: 100) {{ totalCount nodes {{ actor {{ {_ACTOR} }} }} }}"
_BEYOND_REST = f"requiresDeployments requiredDeploymentEnvironments bypassForcePushAllowances{_ALLOWANCES}"

BRANCH = f"""
query BeyondRest($owner: String!, $name: String!, $ref: String!, $branch: String!) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
    viewerCanAdminister
    ref(qualifiedName: $ref) {{ branchProtectionRule {{ pattern {_BEYOND_REST} }} }}
    mergeQueue(branch: $branch) {{ id }}
  }}
}}
"""
"""The rule that governs one branch."""

RULES = f"""
query ProtectionRules($owner: String!, $name: String!) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
    viewerCanAdminister
    branchProtectionRules(first: 100) {{
      totalCount
      nodes {{
        databaseId pattern {_BEYOND_REST}
        isAdminEnforced allowsDeletions allowsForcePushes blocksCreations lockBranch lockAllowsFetchAndMerge
        requiresApprovingReviews requiredApprovingReviewCount requiresCodeOwnerReviews dismissesStaleReviews
        requireLastPushApproval requiresConversationResolution requiresLinearHistory requiresCommitSignatures
        requiresStatusChecks requiresStrictStatusChecks requiredStatusChecks {{ context app {{ databaseId }} }}
        restrictsReviewDismissals reviewDismissalAllowances{_ALLOWANCES}
        restrictsPushes pushAllowances{_ALLOWANCES}
        bypassPullRequestAllowances{_ALLOWANCES}
      }}
    }}
  }}
}}
"""
"""Every rule, with the pattern of branches that it is for."""


def variables(root: str, branch: str | None = None) -> Mapping[str, Json]:
    """The variables of either query, below `repos/OWNER/NAME`."""
    _, owner, name = root.split("/")
    found: dict[str, Json] = {"owner": owner, "name": name}
    return found if branch is None else {**found, "ref": f"refs/heads/{branch}", "branch": branch}
