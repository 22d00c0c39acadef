"""Files, changes, commits and pull requests, as custom policies see them. See `shapes`."""

from govcheck.nodes.values import Texts
from govcheck.records import frozen


@frozen(kw_only=True)
class File:
    """A tracked file. At pre-commit and in CI: those that the change adds, modifies or renames, as it leaves them."""

    path: str = ""
    """From the repository's root: `docs/guides/a.md`."""

    folder: str = ""
    """The path without its last part: `docs/guides`; empty at the root."""

    name: str = ""
    """The last part of the path: `a.md`."""

    extension: str = ""
    """What follows the name's last dot, in lower case: `md`; empty where there is none."""

    mode: str = "file"
    """`file`, `executable`, `symlink` or `submodule`."""

    size: int = 0
    """In bytes; 0 for symbolic links and submodules."""

    lines: int = 0
    """How many lines the text has."""

    text: str = ""
    """The content as UTF-8, each wrong byte as U+FFFD; empty for symbolic links and submodules."""

    binary: bool = False
    """Whether one of the first 8,000 bytes is zero, as git tells."""


@frozen(kw_only=True)
class Change:
    """A path that the change touches, at pre-commit and in CI."""

    path: str = ""
    """The path after the change; of a deletion the one that is gone."""

    previous_path: str = ""
    """Where a rename came from; else empty."""

    folder: str = ""
    """The path without its last part; empty at the root."""

    name: str = ""
    """The last part of the path."""

    extension: str = ""
    """What follows the name's last dot, in lower case; empty where there is none."""

    change: str = "modify"
    """`add`, `modify`, `delete` or `rename`."""

    mode: str = "file"
    """After the change: `file`, `executable`, `symlink` or `submodule`; empty for a deletion."""

    previous_mode: str = ""
    """Before the change; empty for an addition."""

    added_lines: Texts = ()
    """The lines that it adds, without their ends, as UTF-8."""

    added: int = 0
    """How many these are."""


@frozen(kw_only=True)
class Commit:
    """A commit that the branch adds, in CI."""

    sha: str = ""
    """Its whole id."""

    subject: str = ""
    """The first line of its message."""

    message: str = ""
    """The whole message."""

    author_name: str = ""
    """Who wrote it."""

    author_email: str = ""
    """The author's address."""

    committer_name: str = ""
    """Who made the commit; GitHub for what was merged on the web."""

    committer_email: str = ""
    """The committer's address."""

    parents: int = 1
    """How many parents it has: more than one is a merge."""


@frozen(kw_only=True)
class PullRequest:
    """The pull request, in CI where there is one."""

    number: int = 0
    """Its number."""

    title: str = ""
    """Its title."""

    body: str = ""
    """Its text; empty where it has none."""

    author: str = ""
    """Who opened it, by login."""

    draft: bool = False
    """Whether it is a draft."""

    base: str = ""
    """The branch that it goes to."""

    head: str = ""
    """The branch that it comes from."""

    from_fork: bool = False
    """Whether that is in another repository."""

    labels: Texts = ()
    """Its labels."""
