"""Sets of policies that are shared: how one is named, what it says of itself, and what may be changed of it. Pure."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from govcheck.packaged_sets import PACKAGED
from govcheck.policy import MODEL_CONFIGURATION
from govcheck.records import frozen

WHOLE = "*"
"""In the place of a policy's id: every policy. In the place of a key: every key."""

_PACKAGED_PREFIX, _REPOSITORY_PREFIX = "govcheck:", "github:"
_REPOSITORY = re.compile(
    r"(?P<owner>[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))/(?P<name>[A-Za-z0-9._-]{1,100})@(?P<revision>[^@:\s]+)(?::(?P<path>[^:\s]+))?"
)
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ABBREVIATED = re.compile(r"[0-9a-fA-F]{7,64}")
_REF = re.compile(r"(?!.*(?:\.\.|//|\.lock(?:/|$)))[A-Za-z0-9_][A-Za-z0-9._/+-]{0,200}(?<![/.])")
"""Names of branches and tags, as far as anybody uses them: https://git-scm.com/docs/git-check-ref-format."""


@frozen
class Extended:
    """A set that is extended, where there is more to say than its name."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    set: str
    """The set, as it is named elsewhere."""

    moving: bool = False
    """That the set is a branch or a tag, and may change from one day to the next."""


Entry = str | Extended
"""One entry of `extends`."""


@frozen(kw_only=True)
class SetDescription:
    """What a set says of itself, in `_set.yaml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    name: str = ""
    """The set in words, for people."""

    version: str = ""
    """The version of the set, for people: what decides is the commit."""

    requires: str = ""
    """The versions of govcheck that know everything in the set: `>=0.2`, or several conditions with commas."""

    extends: tuple[Entry, ...] = ()
    """The sets that this one builds on."""

    disable: tuple[str, ...] = ()
    """Ids of policies of those sets that this one leaves out."""

    final: Mapping[str, bool | tuple[str, ...]] | None = None
    """What nobody who extends the set may change: a policy's id (`*`: every policy) to `true`, or to a list of keys."""

    overridable: Mapping[str, tuple[str, ...]] | None = None
    """All that may be changed: a policy's id (`*`: every policy) to a list of keys. Left out: all but `final`."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say."""
        yield from extends_problems(self.extends)

    def is_final(self, policy: str, key: str) -> bool:
        """Whether a key of a policy may not be changed by those who extend the set."""
        for name in (policy, WHOLE):
            said = (self.final or {}).get(name)
            if said is True or (isinstance(said, tuple) and not {key, WHOLE}.isdisjoint(said)):
                return True
        if self.overridable is None:
            return False
        allowed = {*self.overridable.get(policy, ()), *self.overridable.get(WHOLE, ())}
        return {key, WHOLE}.isdisjoint(allowed)

    def may_be_left_out(self, policy: str) -> bool:
        """Whether those who extend the set may do without the policy: where nothing of it is final."""
        if any(self.final.get(name) not in {None, False, ()} for name in (policy, WHOLE)) if self.final else False:
            return False
        if self.overridable is None:
            return True
        return any(WHOLE in self.overridable.get(name, ()) for name in (policy, WHOLE))


@frozen
class Packaged:
    """A set that comes with govcheck."""

    name: str

    def __str__(self) -> str:
        """As somebody writes it."""
        return f"{_PACKAGED_PREFIX}{self.name}"


@frozen
class Folder:
    """A folder of the repository that the entry is written in."""

    path: str
    """As written, without `./`; it may lead up by `..`."""

    def __str__(self) -> str:
        """As somebody writes it."""
        return self.path


@frozen(kw_only=True)
class Remote:
    """A folder of another repository at one commit, or at a branch or tag that is allowed to move."""

    owner: str
    name: str
    revision: str
    path: str = ""
    """The folder, from that repository's root; empty for the root."""

    moving: bool = False

    @property
    def repository(self) -> str:
        """OWNER/NAME, as GitHub compares it."""
        return f"{self.owner}/{self.name}".lower()

    def __str__(self) -> str:
        """As somebody writes it."""
        below = f":{self.path}" if self.path else ""
        return f"{_REPOSITORY_PREFIX}{self.repository}@{self.revision}{below}"


Reference = Packaged | Folder | Remote


class NotASetError(ValueError):
    """An entry of `extends` that names no set; its text says why."""


def reference(entry: Entry) -> Reference:
    """The set that an entry names.

    Raises:
        NotASetError: with what is legal.
    """
    written, moving = (entry.set, entry.moving) if isinstance(entry, Extended) else (entry, False)
    if written.startswith(_REPOSITORY_PREFIX):
        return _remote(written, moving=moving)
    if moving:
        raise NotASetError(f"`moving` goes with `github:OWNER/NAME@BRANCH`, not with `{written}`")
    if written.startswith(_PACKAGED_PREFIX):
        name = written.removeprefix(_PACKAGED_PREFIX)
        if name not in PACKAGED:
            sets = ", ".join(f"`{_PACKAGED_PREFIX}{known}`" for known in PACKAGED)
            raise NotASetError(f"govcheck comes with no set `{name}`: there are {sets}")
        return Packaged(name)
    if not written.strip() or written.startswith("/") or ":" in written:
        raise NotASetError(
            f"`{written}` names no set: write a folder such as `./shared/policies`, `govcheck:NAME`, or "
            "`github:OWNER/NAME@COMMIT:FOLDER`"
        )
    return Folder(posixpath.normpath(written))


def extends_problems(entries: tuple[Entry, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with a list `extends`, entry by entry."""
    for number, entry in enumerate(entries):
        try:
            reference(entry)
        except NotASetError as error:
            yield ("extends", number), str(error)


def below(folder: str, path: str) -> str | None:
    """A path that is written in a folder, from the root; None where it leads out of the repository."""
    joined = posixpath.normpath(posixpath.join(folder, path))
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined


def _remote(written: str, *, moving: bool) -> Remote:
    found = _REPOSITORY.fullmatch(written.removeprefix(_REPOSITORY_PREFIX))
    if found is None:
        raise NotASetError(f"`{written}` names no set of a repository: write `github:OWNER/NAME@COMMIT:FOLDER`")
    revision, path = found["revision"], found["path"] or ""
    folder = below("", path)
    if folder is None or path.startswith("/"):
        raise NotASetError(f"`{path}` is no folder of {found['owner']}/{found['name']}")
    is_commit = _COMMIT.fullmatch(revision) is not None
    if is_commit and moving:
        raise NotASetError(f"`{revision}` is a commit, which never moves: leave `moving` out")
    if not is_commit and not moving:
        if _ABBREVIATED.fullmatch(revision):
            raise NotASetError(f"`{revision}` is not a whole commit id: write all of its 40 digits, in lower case")
        raise NotASetError(
            f"`{revision}` is a branch or a tag, which can move: pin a commit of 40 digits, or write "
            f'`{{set: "{written}", moving: true}}`'
        )
    if not is_commit and not _REF.fullmatch(revision):
        raise NotASetError(f"`{revision}` is not the name of a branch or a tag")
    return Remote(owner=found["owner"], name=found["name"], revision=revision, path=folder, moving=moving)
