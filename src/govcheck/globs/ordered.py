"""Lists in which `!` takes back what was matched, and the last pattern wins: gitignore's and the Actions filters'.

Git itself never looks into an excluded folder, so that a `!` cannot take anything in it back. A list of a policy has
no folders to look into: `docs/` followed by `!docs/private/` means what it says.
"""

from collections.abc import Callable

from govcheck.globs.filters import Filter
from govcheck.globs.foreign import gitignore as translate_gitignore
from govcheck.globs.segments import union

Decide = Callable[[str], str | None]
"""From a path to the pattern that decided, its `!` included."""

_Test = Callable[[str], object]


def filters(patterns: tuple[str, ...]) -> Decide:
    """The last pattern of a `branches:` or `paths:` filter that matches."""
    return _last([(pattern, Filter(pattern.removeprefix("!")).matches) for pattern in patterns])


def gitignore(patterns: tuple[str, ...]) -> Decide:
    """The last of gitignore's patterns that matches the path or a folder above it."""
    return _last([(pattern, union([translate_gitignore(pattern.removeprefix("!"))]).fullmatch) for pattern in patterns])


def _last(tests: list[tuple[str, _Test]]) -> Decide:
    backwards = tests[::-1]

    def decide(path: str) -> str | None:
        return next((pattern for pattern, matches in backwards if matches(path)), None)

    return decide
