"""Apps that report checks, by the number that GitHub knows them by."""

from types import MappingProxyType

GITHUB_ACTIONS = "github-actions"

APP_IDS = MappingProxyType(
    {
        GITHUB_ACTIONS: 15368,
        "codecov": 254,
        "dependabot": 29110,
        "github-advanced-security": 57789,
        "renovate": 2740,
    }
)
"""Numbers of `GET /apps/{slug}` on github.com. An Enterprise Server has numbers of its own for all but its own apps."""


def app_slug(number: int) -> str | None:
    """The slug of a well-known app, or None."""
    return next((slug for slug, known in APP_IDS.items() if known == number), None)
