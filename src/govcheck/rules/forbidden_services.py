"""Services that may not be used are not: their packages, imports, actions and hosts.

```yaml
kind: forbidden-services
id: own-telemetry
why: Logs and metrics stay on machines of our own.
services:
  - name: sentry
    packages: ["@sentry/*", sentry-sdk]
    imports: [sentry_sdk]
    actions: [getsentry/*]
    hosts: [ingest.sentry.io]
  - {name: datadog, packages: [dd-trace, "@datadog/*", ddtrace], hosts: [datadoghq.com]}
except: ["docs/_archive/**"]
```

A maintained list of services that take logs, metrics and errors is the set `govcheck:third-party-services`.

- `packages` are looked for in the manifests and lock files that `dependencies` reads (`direct_only` leaves lock files
  out), and in what code imports: `@sentry/*` is found in `import "@sentry/node/init"`, `sentry-sdk` in
  `import sentry_sdk`. `imports` has names that only code has.
- `actions` are looked for in `uses` of workflows, as `workflow-security` has them: `getsentry/*`.
- `hosts` stand for themselves and everything below them, in the files of `paths`: code, configuration and workflows. A
  mail address, and a page that people read (`docs.`, `www.`), is no use. What only prose names is none either: Markdown
  is looked into where `paths` has it.

Imports and hosts are looked for in the lines that a change adds, and over a whole tree and in a sweep in every line. An
import in a comment counts. A service that may be used after all is named in `allow`; one that you host yourself has
another host, and its packages are an exception of `allow` or of `except`. What cannot be read is unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions import uses
from govcheck.actions.workflow import read
from govcheck.documents import hosts
from govcheck.documents.code_files import CODE_FILES
from govcheck.documents.hosts import named_hosts
from govcheck.documents.imports import imported
from govcheck.documents.packages import DATA_FILES, LOCKS, TEXT_FILES, named
from govcheck.documents.texts import Unsaid
from govcheck.facts import Missing, Request
from govcheck.facts.change import AddedLines
from govcheck.facts.data_files import DataFiles
from govcheck.facts.tree import Blobs, BlobsRequest, Tree
from govcheck.facts.workflows import Unreadable, Workflows
from govcheck.findings import Evidence, Finding, Fix, Judged, Location, Reason, Undecided
from govcheck.globs import Globs, compile_globs
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check

Used = tuple[str, str, int]
"""The service's name, what betrays it in words, the line."""

_SHOWN = 20


@frozen(kw_only=True)
class Service:
    """One service, and what betrays its use."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    name: str
    """How findings name it, and `allow`: `datadog`."""

    packages: tuple[str, ...] = ()
    """Patterns of its packages, of npm, Python and Go: `@sentry/*`. Cases count the same."""

    imports: tuple[str, ...] = ()
    """Patterns of what code imports, beside the packages."""

    actions: tuple[str, ...] = ()
    """Its actions: `owner/repository`, `owner/*`, `docker://image`."""

    hosts: tuple[str, ...] = ()
    """Its hosts, each with everything below it."""


@frozen(kw_only=True)
class ForbiddenServices(Policy):
    """Which services may not be used."""

    kind: Literal["forbidden-services"] = "forbidden-services"

    services: tuple[Service, ...]
    """The services."""

    allow: tuple[str, ...] = ()
    """Names of services among them that may be used."""

    paths: tuple[str, ...] = CODE_FILES
    """Globs of the files in which imports and hosts are looked for; left out: code, configuration and workflows."""

    except_: tuple[str, ...] = ("**/node_modules/**",)
    """Globs of files that are not looked into, manifests and workflows included."""

    direct_only: bool = False
    """Whether lock files, which also have what others bring along, are left out."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if not self.services:
            yield ("services",), "an empty list forbids nothing: write at least one service"
        names = [service.name for service in self.services]
        for number, service in enumerate(self.services):
            if names.index(service.name) != number:
                yield ("services", number, "name"), f"`{service.name}` is the name of another service"
            yield from ((("services", number, *place), said) for place, said in _wrong(service))
        for number, name in enumerate(self.allow):
            if name not in names:
                yield ("allow", number), f"`{name}` is none of `services`: {', '.join(f'`{one}`' for one in names)}"
        for key, patterns in (("paths", self.paths), ("except", self.except_)):
            yield from (((key, number), said) for number, said in _glob_problems(patterns))


def _wrong(service: Service) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if not (service.packages or service.imports or service.actions or service.hosts):
        yield (), "nothing betrays it: give `packages`, `imports`, `actions` or `hosts`"
    for key, patterns in (("packages", service.packages), ("imports", service.imports)):
        yield from (((key, number), said) for number, said in _glob_problems(patterns))
    for number, action in enumerate(service.actions):
        if said := uses.pattern_problem(action):
            yield ("actions", number), said
    for number, host in enumerate(service.hosts):
        if said := hosts.problem(host):
            yield ("hosts", number), f"`{host}` is {said}"


def _glob_problems(patterns: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    for number, pattern in enumerate(patterns):
        if said := globs.problems(pattern):
            yield number, f"`{pattern}`: {said}"


def _manifests(_: ForbiddenServices) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(DataFiles, DATA_FILES), BlobsRequest(Blobs, TEXT_FILES))]


def _files(policy: ForbiddenServices) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, policy.paths),)]


@check(wants=_manifests)
def packages(policy: ForbiddenServices, data: DataFiles, blobs: Blobs) -> Iterator[Said]:
    """Every package of every manifest."""
    left_out = compile_globs(policy.except_)
    paths = [path for path in (*data.files, *blobs.contents) if not left_out.matches(path)]
    read_here = [path for path in paths if not (policy.direct_only and path.endswith(LOCKS))]
    yield Judged(len(read_here))
    for path in read_here:
        found = named(path, data, blobs)
        if isinstance(found, Unsaid):
            reason = found.reason or Reason.UNPARSEABLE
            yield _unread("packages", path, reason, f"which packages it names cannot be told: {found.why}", found.line)
        else:
            yield from _told(
                path,
                (
                    (service, f"the package `{one.name}`", one.line)
                    for one in found
                    for service in _of_package(policy, one.name)
                ),
            )


@check()
def actions(policy: ForbiddenServices, workflows: Workflows) -> Iterator[Said]:
    """Every `uses` of every workflow."""
    left_out = compile_globs(policy.except_)
    files = [file for file in workflows.files if not left_out.matches(file.path)]
    yield Judged(len(files))
    for file in files:
        if isinstance(file.document, Unreadable):
            if file.document.reason is not None:
                why = f"which actions it uses cannot be told: {file.document.message}"
                yield _unread("actions", file.path, file.document.reason, why, file.document.line or None)
            continue
        yield from _told(
            file.path,
            (
                (service.name, f"the action `{one.name}`", one.node.line)
                for one in uses.used(read(file))
                for service in _forbidden(policy)
                if one.name and any(uses.matches(pattern, one.name) for pattern in service.actions)
            ),
        )


@check()
def added_lines(policy: ForbiddenServices, added: AddedLines) -> Iterator[Said]:
    """Imports and hosts in the lines that the change adds."""
    wanted, looked_for = compile_globs(policy.paths), _wanted(policy)
    left_out = compile_globs(policy.except_)
    left = {path: one for path, one in added.lines.items() if wanted.matches(path) and not left_out.matches(path)}
    yield Judged(len(left))
    for path, lines in left.items():
        if isinstance(lines, Missing):
            yield _unread("lines", path, lines.reason, f"it is not looked into: {lines.message}")
            continue
        numbers = [number for number, _ in lines]
        found = _in_text(looked_for, path, b"\n".join(line for _, line in lines))
        yield from _told(path, ((service, what, numbers[line - 1]) for service, what, line in found))


@check(wants=_files)
def tracked_lines(policy: ForbiddenServices, tree: Tree, blobs: Blobs) -> Iterator[Said]:
    """Imports and hosts in every line, over a whole tree and in a sweep."""
    looked_for = _wanted(policy)
    left_out = compile_globs(policy.except_)
    left = [path for path in blobs.contents if path in tree.modes and not left_out.matches(path)]
    yield Judged(len(left))
    for path in left:
        content = blobs.contents[path]
        if isinstance(content, Missing):
            yield _unread("lines", path, content.reason, f"it is not looked into: {content.message}")
        else:
            yield from _told(path, _in_text(looked_for, path, content))


@frozen
class _Wanted:
    """What is looked for in texts."""

    hosts: tuple[str, ...]
    of_host: Mapping[str, list[str]]
    modules: tuple[tuple[str, Globs], ...]


def _wanted(policy: ForbiddenServices) -> _Wanted:
    of_host: dict[str, list[str]] = {}
    modules: list[tuple[str, Globs]] = []
    for service in _forbidden(policy):
        for host in service.hosts:
            of_host.setdefault(host, []).append(service.name)
        if names := (*service.packages, *service.imports):
            modules.append((service.name, compile_globs(_folded(names))))
    return _Wanted(tuple(of_host), of_host, tuple(modules))


def _forbidden(policy: ForbiddenServices) -> Iterator[Service]:
    return (service for service in policy.services if service.name not in policy.allow)


def _of_package(policy: ForbiddenServices, name: str) -> Iterator[str]:
    folded = name.casefold()
    for service in _forbidden(policy):
        if service.packages and compile_globs(_folded(service.packages)).matches(folded):
            yield service.name


def _folded(patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(pattern.casefold() for pattern in patterns)


def _in_text(wanted: _Wanted, path: str, content: bytes) -> Iterator[Used]:
    text = content.replace(b"\0", b"").decode("utf-8", "replace")
    for one in named_hosts(text, wanted.hosts):
        for name in wanted.of_host[one.listed]:
            yield name, f"the host `{one.host}`", one.line
    for module in imported(path, text) if wanted.modules else ():
        names = [spelling for name in module.names for spelling in (name, name.replace("_", "-"))]
        for service, patterns in wanted.modules:
            if any(map(patterns.matches, names)):
                yield service, f"the import of `{module.module}`", module.line


def _told(path: str, found: Iterable[Used]) -> Iterator[Finding]:
    """One finding for each thing of a file that betrays a service, at its first line."""
    places: dict[tuple[str, str], list[int]] = {}
    for service, what, line in found:
        places.setdefault((service, what), []).append(line)
    for (service, what), lines in places.items():
        yield Finding(
            control=service,
            subject=f"{display(path)}: {what.rpartition(' ')[2].strip('`')}",
            message=f"`{display(path)}` uses {service}, which may not be used: {what}",
            plane="repo",
            location=Location(path=path, line=lines[0]),
            fix=Fix(text=f"Take it out, and what goes with it; where it may be used, add `{service}` to `allow`"),
            evidence=tuple(
                Evidence(text=f"{what} again", location=Location(path=path, line=line))
                for line in dict.fromkeys(lines[1 : _SHOWN + 1])
            ),
        )


def _unread(control: str, path: str, reason: Reason, why: str, line: int | None = None) -> Undecided:
    return Undecided(
        control=control,
        subject=display(path),
        reason=reason,
        message=f"`{display(path)}`: {why}",
        location=Location(path=path, line=line),
    )
