"""What a `uses` names: an action, a reusable workflow, an image; and how it is pinned.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses and
https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from govcheck.actions.composite import own_steps
from govcheck.actions.workflow import Workflow, text
from govcheck.facts.document import Mapping, Scalar
from govcheck.facts.workflows import ActionFile
from govcheck.globs import compile_globs, problems
from govcheck.records import frozen

Pin = Literal["sha", "tag", "moving", "unclear"]
"""A commit or digest; a version; a branch or anything else that moves; an expression."""

DOCKER = "docker://"
_LOCAL = ("./", "$/", "../")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_VERSION = re.compile(r"(?:[A-Za-z][\w.-]*[-/@])?v?[0-9]+(?:\.[0-9]+)*(?:[-+.]?[A-Za-z][\w.+-]*)?")
_LONGEST_VERSION = 255
"""As long as git lets a ref's name be; anything longer is none."""

_BRANCH_FOLDERS = ("release/", "releases/", "refs/heads/", "feature/", "branch/")


@frozen(kw_only=True, eq=False)
class Used:
    """One `uses` of something that is not of this repository."""

    node: Scalar
    name: str
    """`owner/repository`, with the folder below it; `docker://image` for an image. Empty where nobody can tell."""

    version: str
    """What is behind the `@`, or an image's digest or tag; empty where there is nothing."""

    pin: Pin

    @property
    def shown(self) -> str:
        """Name and version, as a `uses` has them."""
        return text(self.node).strip()

    @property
    def repository(self) -> str:
        """`owner/repository`; empty for an image."""
        return "" if self.name.startswith(DOCKER) else "/".join(self.name.split("/")[:2])


def used(workflow: Workflow) -> Iterator[Used]:
    """Every `uses` of a workflow that names another repository or an image."""
    for job in workflow.jobs:
        yield from _foreign(job.uses, *(step.uses for step in job.own_steps))


def used_by(action: ActionFile) -> Iterator[Used]:
    """The same of an action of the repository's own: of the steps of a composite one, and the image of another."""
    runs = action.document.get("runs") if isinstance(action.document, Mapping) else None
    image = runs.get("image") if isinstance(runs, Mapping) else None
    yield from _foreign(*(step.uses for step in own_steps(action)))
    if isinstance(image, Scalar) and text(image).strip().startswith(DOCKER):
        yield _used(image)


def _foreign(*nodes: Scalar | None) -> Iterator[Used]:
    return (_used(node) for node in nodes if node is not None and not text(node).strip().startswith(_LOCAL))


def _used(node: Scalar) -> Used:
    written = text(node).strip()
    if "${{" in written:
        return Used(node=node, name="", version="", pin="unclear")
    if written.startswith(DOCKER):
        return _image(node, written)
    name, _, version = written.partition("@")
    return Used(node=node, name=name.rstrip("/"), version=version, pin=_pin(version))


def _image(node: Scalar, written: str) -> Used:
    name, at, digest = written.partition("@")
    if at:
        pin: Pin = "sha" if _DIGEST.fullmatch(digest) else "moving"
        return Used(node=node, name=name, version=digest, pin=pin)
    folder, slash, last = name.removeprefix(DOCKER).rpartition("/")
    image, _, tag = last.partition(":")
    return Used(node=node, name=f"{DOCKER}{folder}{slash}{image}", version=tag, pin=_tag(tag))


def _pin(version: str) -> Pin:
    if _COMMIT.fullmatch(version):
        return "sha"
    tag = version.removeprefix("refs/tags/")
    return "moving" if tag.startswith(_BRANCH_FOLDERS) else _tag(tag)


def _tag(name: str) -> Pin:
    return "tag" if len(name) <= _LONGEST_VERSION and _VERSION.fullmatch(name) else "moving"


def pattern_problem(pattern: str) -> str | None:
    """What is wrong with a pattern of `matches`, and what to write instead; None where it is valid."""
    if "@" in pattern:
        return f"{pattern!r} has a version: write {pattern.partition('@')[0]!r}, and say by `pinned` how it is pinned"
    if not pattern or pattern != pattern.strip() or pattern.startswith(_LOCAL):
        return f"{pattern!r} is not an action: write owner/repository, owner/*, docker://image or *"
    if pattern != "*" and not pattern.startswith(DOCKER) and "/" not in pattern:
        return f"{pattern!r} is an owner: write {pattern + '/*'!r} for all of its actions"
    return problems(_globs(pattern)[-1])


@lru_cache(maxsize=1024)
def matches(pattern: str, name: str) -> bool:
    """Whether a pattern takes an action in. Cases count the same, as they do for GitHub.

    `owner/repository` is that repository with everything in it, `owner/*` all of an owner's, `*` everything.
    """
    return compile_globs(_globs(pattern)).matches(_flat(name))


def most_specific(patterns: Iterator[str], name: str) -> str | None:
    """Of the patterns that take an action in, the one that says most; None where none does."""
    found = [pattern for pattern in patterns if matches(pattern, name)]
    return max(found, key=lambda pattern: len(pattern.replace("*", "")), default=None)


def _flat(name: str) -> str:
    return name.replace(DOCKER, "docker:/").casefold()


def _globs(pattern: str) -> tuple[str, ...]:
    flat = _flat(pattern)
    below = flat.removesuffix("*").rstrip("/")
    if flat == "*":
        return ("**",)
    return (below, f"{below}/**") if flat.endswith("/*") else (flat, f"{flat}/**")
