"""Files that must never be committed are not there, and git is told to ignore them.

```yaml
kind: forbidden-files
id: no-secret-files
why: What is committed once is known for ever.
files: ["**/.env", "**/.env.*", "**/*.pem", "vault/**"]
except: ["**/.env.example"]
ignored: true
```

At pre-commit and in CI what the change adds, modifies or renames is judged; to delete such a file is never wrong. Over
a whole tree and in a sweep everything tracked is. Symbolic links and submodules count as the paths they are. Case
counts as well: `**/.env` does not mean `.ENV`.

With `ignored: true` git has to ignore what is forbidden, so that nobody adds it by mistake. Each glob of `files` is
tried with paths made of it, at the root and below, against every tracked `.gitignore`; a glob that some of them are not
ignored for is a finding. What is in somebody's own `.git/info/exclude` does not count: others do not have it.
"""

import shlex
from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck import globs
from govcheck.facts import Request
from govcheck.facts.change import Change, ChangeType
from govcheck.facts.tree import Blobs, BlobsRequest, Tree
from govcheck.findings import Finding, Fix, Judged, Location, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check

_NAME = "govcheck-example"
"""What stands for anything in a path that is made of a glob."""


@frozen(kw_only=True)
class ForbiddenFiles(Policy):
    """Which files must not be there."""

    kind: Literal["forbidden-files"] = "forbidden-files"

    files: tuple[str, ...]
    """Globs of paths that must not be there, from the repository's root."""

    except_: tuple[str, ...] = ()
    """Globs of those among them that may."""

    ignored: bool = False
    """Whether git has to ignore them as well."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.files:
            yield ("files",), "an empty list forbids nothing: write at least one glob"
        for key, patterns in (("files", self.files), ("except", self.except_)):
            for number, pattern in enumerate(patterns):
                if problem := globs.problems(pattern):
                    yield (key, number), f"`{pattern}`: {problem}"


def _ignoring(policy: ForbiddenFiles) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, ("**/.gitignore",)),)] if policy.ignored else []


@check()
def changed_files(policy: ForbiddenFiles, change: Change) -> Iterator[Said]:
    """The change, at pre-commit and in CI."""
    arriving = [entry.path for entry in change.paths if entry.type is not ChangeType.DELETE]
    yield Judged(len(arriving))
    yield from _present(policy, arriving, "is in the change")


@check()
def tracked_files(policy: ForbiddenFiles, tree: Tree) -> Iterator[Said]:
    """Everything tracked, over a whole tree and in a sweep."""
    yield Judged(len(tree.modes))
    yield from _present(policy, tree.modes, "is tracked")


@check(wants=_ignoring)
def ignored_files(policy: ForbiddenFiles, ignoring: Blobs) -> Iterator[Said]:
    """Whether git ignores what is forbidden."""
    from govcheck.liveness.repository_files import Files  # noqa: PLC0415 - most commits leave .gitignore alone

    yield Judged(len(policy.files))
    texts = {}
    for path, content in ignoring.contents.items():
        if not isinstance(content, bytes):
            message = f"`{display(path)}` is not read: {content.message}"
            yield Undecided(control="ignored", subject=display(path), reason=content.reason, message=message)
            return
        texts[path] = content.decode("utf-8", "replace")
    files = Files(tracked={}, ignored=texts)
    allowed = compile_globs(policy.except_)
    for pattern in policy.files:
        meant = compile_globs((pattern,))
        probes = [path for path in _probes(pattern) if meant.matches(path) and not allowed.matches(path)]
        missed = next((path for path in probes if files.why_ignored(path) is None), None)
        if missed is not None:
            yield _seen(policy, pattern, missed)


def _present(policy: ForbiddenFiles, paths: Iterable[str], how: str) -> Iterator[Finding]:
    forbidden, allowed = compile_globs(policy.files), compile_globs(policy.except_)
    for path in forbidden.accepted(paths):
        if not allowed.matches(path):
            yield Finding(
                control="file",
                subject=display(path),
                message=f"`{display(path)}` {how}, and `{forbidden.which(path)}` must not be committed",
                plane="repo",
                location=Location(path=path),
                expected="absent",
                actual="present",
                fix=Fix(
                    text="Take it out, and rotate every secret in it if it was pushed",
                    command=f"git rm --cached -- {shlex.quote(path)}" if path.isprintable() else None,
                ),
            )


def _seen(policy: ForbiddenFiles, pattern: str, path: str) -> Finding:
    return Finding(
        control="ignored",
        subject=pattern,
        message=f"git does not ignore `{path}`, which `{pattern}` forbids",
        plane="repo",
        location=Location(path=".gitignore"),
        expected="ignored",
        fix=Fix(text=f"Add a line to .gitignore: `{pattern.removeprefix('**/')}`; policy {policy.id}"),
    )


def _probes(pattern: str) -> Iterator[str]:
    """Paths that a glob of govcheck's own dialect may match: at the root, below a folder, and below that."""
    below = pattern + _NAME if pattern.endswith("/") else pattern
    for depth in ("", f"{_NAME}/", f"{_NAME}/{_NAME}/"):
        path = below.replace("**/", depth).replace("**", f"{depth}{_NAME}")
        yield path.replace("*", _NAME).replace("?", "x").replace("\\", "")
