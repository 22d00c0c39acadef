"""Sets of policies of other repositories, kept under the git directory by commit. Reading them needs no network.

A set that is here was found on a branch or a tag of its own repository when it was fetched (`set_fetching`).
"""

import os
import re

from govcheck.policy_sets import Remote
from govcheck.sources.git import discovery
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.runner import Git

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class SetStore:
    """The sets of one clone; all of its work trees share them."""

    def __init__(self, common_dir: str) -> None:
        self.folder = os.path.join(common_dir, "govcheck", "sets")
        """Where everything is kept."""

        self.git_dir = os.path.join(self.folder, "objects.git")
        """A bare repository, of which only objects are read."""

    def commit(self, named: Remote) -> str | None:
        """The commit that a set stands at here; None where it was not fetched."""
        try:
            with open(self.marker(named), encoding="ascii") as file:
                found = file.read(80).strip()
        except (OSError, ValueError):
            return None
        if not _COMMIT.fullmatch(found) or (not named.moving and found != named.revision):
            return None
        return found

    def marker(self, named: Remote) -> str:
        """The file that says so."""
        owner, _, name = named.repository.partition("/")
        revision = f"moving+{named.revision.replace('/', '%2F')}" if named.moving else named.revision
        return os.path.join(self.folder, f"{owner}+{name}", revision)

    def repository(self) -> Repository:
        """The objects, for reading."""
        found = discovery.Found(self.git_dir, self.git_dir, self.git_dir)
        return Repository(found, Git(self.git_dir, self.environment()))

    def environment(self) -> dict[str, str]:
        """The process's, but for what belongs to the repository at hand."""
        kept = {name: value for name, value in os.environ.items() if name not in discovery.REPOSITORY_VARIABLES}
        return {**kept, "GIT_DIR": self.git_dir}
