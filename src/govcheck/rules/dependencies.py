"""Only packages that may be used are depended on.

```yaml
kind: dependencies
id: the-stack
why: What the stack does not have, nobody here can keep up to date.
deny: ["@remix-run/*", "@google-cloud/*", mysql2]
```

Read are `package.json` (all four groups of dependencies), `package-lock.json`, `yarn.lock`, `pnpm-lock.yaml`,
`pyproject.toml`, `requirements*.txt` and `go.mod`, wherever they lie, but not below `node_modules` and `except`. In
lock files the packages that others bring along count as well; `direct_only: true` leaves lock files out.

`deny` has patterns of names, in which `*` is anything but a `/`, and `**` anything; `allow` those that may be used, and
then nothing else. `deny` wins. Names of Python are compared as PyPI does: `Zope_Interface` is `zope-interface`. A file
that cannot be parsed is unknown.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck import globs
from govcheck.documents.packages import DATA_FILES, LOCKS, TEXT_FILES, Package, named
from govcheck.documents.texts import Unsaid
from govcheck.facts import Request
from govcheck.facts.data_files import DataFiles
from govcheck.facts.tree import Blobs, BlobsRequest
from govcheck.findings import Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check


@frozen(kw_only=True)
class Dependencies(Policy):
    """Which packages may be used."""

    kind: Literal["dependencies"] = "dependencies"

    deny: tuple[str, ...] = ()
    """Patterns of names that may not be used."""

    allow: tuple[str, ...] = ()
    """Patterns of names that may be; left out: all that `deny` does not have."""

    except_: tuple[str, ...] = ("**/node_modules/**",)
    """Globs of manifests that are not read."""

    direct_only: bool = False
    """Whether only manifests are read, and no lock files."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.deny and not self.allow:
            yield (), "forbids nothing: give `deny`, `allow` or both"
        for key, patterns in (("deny", self.deny), ("allow", self.allow), ("except", self.except_)):
            for number, pattern in enumerate(patterns):
                if problem := globs.problems(pattern):
                    yield (key, number), f"`{pattern}`: {problem}"


def _files(_: Dependencies) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(DataFiles, DATA_FILES), BlobsRequest(Blobs, TEXT_FILES))]


@check(wants=_files)
def packages(policy: Dependencies, data: DataFiles, blobs: Blobs) -> Iterator[Said]:
    """Every package of every manifest."""
    left_out = compile_globs(policy.except_)
    paths = [path for path in (*data.files, *blobs.contents) if not left_out.matches(path)]
    read = [path for path in paths if not (policy.direct_only and path.endswith(LOCKS))]
    yield Judged(len(read))
    for path in read:
        found = named(path, data, blobs)
        if isinstance(found, Unsaid):
            yield _untold(path, found)
        else:
            yield from _judged(policy, path, found)


def _untold(path: str, found: Unsaid) -> Undecided:
    return Undecided(
        control="package",
        subject=display(path),
        reason=found.reason or Reason.UNPARSEABLE,
        message=f"which packages `{display(path)}` names cannot be told: {found.why}",
        location=Location(path=path, line=found.line),
    )


def _judged(policy: Dependencies, path: str, found: Iterable[Package]) -> Iterator[Finding]:
    deny, allow = compile_globs(policy.deny), compile_globs(policy.allow)
    told: set[str] = set()
    for package in found:
        name = package.name
        denied = deny.which(name) if policy.deny else None
        if name in told or (denied is None and (not policy.allow or allow.matches(name))):
            continue
        told.add(name)
        by = f"by `{denied}` in `deny`" if denied is not None else "as `allow` does not have it"
        yield Finding(
            control="package",
            subject=f"{display(path)}: {name}",
            message=f"`{name}` may not be used, {by}",
            plane="repo",
            location=Location(path=path, line=package.line, column=package.column),
            fix=Fix(text=f"Remove `{name}` and what imports it"),
        )
