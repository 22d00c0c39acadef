"""What a repository has of hooks: the configuration of hook managers, hook files of its own, and who installs them."""

from collections.abc import Mapping as MappingOf

from govcheck.facts import Fact, Missing
from govcheck.facts.document import Mapping
from govcheck.facts.workflows import Unreadable
from govcheck.records import frozen


@frozen(eq=False)
class HookFile:
    """One configuration file."""

    path: str
    """From the repository's root."""

    document: Mapping | Unreadable
    """`Unreadable.reason` is None where the hook manager cannot read the file either."""

    text: str
    """The file's text; empty where it could not be read."""


@frozen(eq=False)
class HookConfiguration(Fact):
    """Everything that says which hooks there are. Offered where `TrackedFiles` is."""

    files: tuple[HookFile, ...]
    """Configuration files of pre-commit and lefthook, by path, under every name that people give them."""

    contents: MappingOf[str, bytes | Missing]
    """Path to bytes, as in `Blobs`: hook files (`.husky/pre-commit`, ...), scripts that install hooks, what all these
    name and run, manifests, and the texts that tell people what to do after a clone."""
