"""Variables that the runner itself gives to every step.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables
"""

_PREFIXES = ("GITHUB_", "RUNNER_")
_NOT_GIVEN = frozenset({"GITHUB_TOKEN"})
"""A step has to ask for it by name."""

_FILLED = frozenset(
    {"HOME", "PATH", "CI", "GITHUB_ACTION", "GITHUB_ACTIONS", "GITHUB_ACTOR", "GITHUB_ACTOR_ID", "GITHUB_API_URL"}
    | {"GITHUB_ENV", "GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "GITHUB_GRAPHQL_URL", "GITHUB_JOB", "GITHUB_OUTPUT"}
    | {"GITHUB_PATH", "GITHUB_REF", "GITHUB_REPOSITORY", "GITHUB_REPOSITORY_ID", "GITHUB_REPOSITORY_OWNER"}
    | {
        "GITHUB_REPOSITORY_OWNER_ID",
        "GITHUB_RETENTION_DAYS",
        "GITHUB_RUN_ATTEMPT",
        "GITHUB_RUN_ID",
        "GITHUB_RUN_NUMBER",
    }
    | {"GITHUB_SERVER_URL", "GITHUB_SHA", "GITHUB_STATE", "GITHUB_STEP_SUMMARY", "GITHUB_WORKFLOW"}
    | {"GITHUB_WORKFLOW_REF", "GITHUB_WORKFLOW_SHA", "GITHUB_WORKSPACE"}
    | {"RUNNER_ARCH", "RUNNER_ENVIRONMENT", "RUNNER_NAME", "RUNNER_OS", "RUNNER_TEMP", "RUNNER_TOOL_CACHE"}
)
"""Those that are never empty: `GITHUB_HEAD_REF` is, where no pull request started the run."""


def is_set_by_runner(name: str) -> bool:
    """Whether a variable is set in every step, be it empty."""
    return name.startswith(_PREFIXES) and name not in _NOT_GIVEN


def is_filled_by_runner(name: str) -> bool:
    """Whether a variable has a value in every step."""
    return name in _FILLED
