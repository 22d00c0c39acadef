"""What a `fly.toml` comes to against what a policy wants of it."""

from collections.abc import Iterator, Sequence

from govcheck.findings import Finding, Fix, Location
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.services.credentials import looks_secret
from govcheck.services.fly_toml import FlyToml

_CHECK = """
  interval = "30s"
  timeout = "5s"
  method = "GET"
  path = "/health\""""


def unchecked(file: FlyToml) -> Iterator[Finding]:
    """Services that nobody asks whether they are well."""
    for service in file.services():
        wanted = "http" if service.http else ""
        if wanted in service.checks or (not wanted and service.checks):
            continue
        instead = f"only a {service.checks[0]} check" if service.checks else "no health check"
        table = service.name.partition("[")[0]
        key = "http_service.checks" if table == "http_service" else "services.http_checks"
        yield Finding(
            control="checks",
            subject=f"{display(file.path)}:{service.name}",
            message=f"{service.name} of {_app(file)} has {instead}, so that Fly.io sends requests to a broken machine",
            plane="repo",
            location=Location(path=file.path, line=service.line),
            fix=Fix(text=f"add below it:\n[[{key}]]{_CHECK}"),
        )


def secret_variables(file: FlyToml) -> Iterator[Finding]:
    """Variables that stand in the open and look like a secret."""
    for table, name, value in file.variables():
        why = looks_secret(name, value)
        if why:
            line = file.line(table, name) or file.line(table)
            yield Finding(
                control="env_without_secrets",
                subject=f"{display(file.path)}:{table}.{name}",
                message=f"{name} in [{table}] of {_app(file)} looks like a secret: {why}",
                plane="repo",
                location=Location(path=file.path, line=line),
                fix=Fix(
                    text="make a new one, because this one is in the history; then set it as a secret and take it out",
                    command=f"fly secrets set {name}=... --app {file.app}" if file.app else None,
                ),
            )


def unpinned(file: FlyToml) -> Iterator[Finding]:
    """An image that tomorrow may be another one."""
    if file.image and not file.pinned:
        yield Finding(
            control="pinned_image",
            subject=display(file.path),
            message=f"{_app(file)} runs the image {file.image}, which is another one when its tag is moved",
            plane="repo",
            location=Location(path=file.path, line=file.line("build", "image")),
            actual=file.image,
            fix=Fix(text=f'name it by its digest: image = "{file.image.partition("@")[0]}@sha256:..."'),
        )


def elsewhere(file: FlyToml, regions: Sequence[str]) -> Iterator[Finding]:
    """A primary region that is not one of these."""
    if regions and file.region not in regions:
        said = f"has the primary region {file.region}" if file.region else "names no primary region"
        yield Finding(
            control="regions",
            subject=display(file.path),
            message=f"{_app(file)} {said}, and the policy allows {', '.join(regions)}",
            plane="repo",
            location=Location(path=file.path, line=file.line("", "primary_region")),
            expected=[*regions],
            actual=file.region or None,
            fix=Fix(text=f'write primary_region = "{regions[0]}"'),
        )


def oversized(file: FlyToml, memory: int | None, cpus: int | None) -> Iterator[Finding]:
    """Machines that are larger than allowed; `memory` in megabytes."""
    for number, size in enumerate(file.sizes()):
        over = []
        if memory is not None and (size.memory is None or size.memory > memory):
            over.append(f"{size.memory} MB of memory, more than {memory}" if size.memory else "memory that is no size")
        if cpus is not None and size.cpus > cpus:
            over.append(f"{size.cpus} CPUs, more than {cpus}")
        if over:
            yield Finding(
                control="most",
                subject=f"{display(file.path)}:vm[{number}]",
                message=f"each machine of {_app(file)} has {' and '.join(over)}",
                plane="repo",
                location=Location(path=file.path, line=size.line),
                expected={"memory": memory, "cpus": cpus},
                actual={"memory": size.memory, "cpus": size.cpus},
            )


def not_private(files: Sequence[FlyToml], pattern: str) -> Iterator[Finding]:
    """Whether the apps that a name or glob means exist in the tree, and are reachable from inside only."""
    found = [file for file in files if compile_globs((pattern,)).matches(file.app)]
    if not found:
        yield Finding(
            control="private",
            subject=pattern,
            message=f"no fly.toml in the tree is of an app named {pattern}",
            plane="repo",
            fix=Fix(text="commit the app's configuration, without [http_service] and without ports of [[services]]"),
        )
    for file in found:
        for service in file.services():
            if service.public:
                yield Finding(
                    control="private",
                    subject=file.app,
                    message=f"{file.app} is to be private, and {service.name} is open to the outside",
                    plane="repo",
                    location=Location(path=file.path, line=service.line),
                    fix=Fix(text="take it out: other apps reach it by its .internal name, people by `fly proxy`"),
                )


def _app(file: FlyToml) -> str:
    return file.app or display(file.path)
