"""Apps on Fly.io are configured as they should be, and live they are well, released in hours, and their secrets fresh.

```yaml
kind: fly-app
id: fly-apps-are-sound
why: An app that nobody checks is down before anybody knows.
regions: [ord, iad]
most: {memory: 2gb, cpus: 2}
private: [shop-prometheus]
apps: [shop-staging, shop-production]
released: {timezone: America/Los_Angeles, allow: [{days: mon-fri, from: "09:00", to: "17:00"}], by: [ops@example.com]}
secrets: {names: [DATABASE_URL], rotated_within: 90d}
tokens_end_within: 90d
```

**In the tree** each `fly.toml` is read. `checks`: every service that speaks HTTP has an HTTP check, every other one
any check. `env_without_secrets`: nothing in `[env]` and `[build.args]` looks like a secret, by the form of its value or
by its name. `pinned_image`: an image that is named (`[build] image`) is named by its digest. `configured`: every app
that a workflow deploys to has a `fly.toml` in the tree; one that is deployed with `--app` by the file of another app
runs with that one's settings. `private`: the app has a `fly.toml`, and no service of it is open to the outside.

**Live**, for `apps`, with a token in GOVCHECK_FLY_TOKEN or FLY_API_TOKEN (better one that can only read: `fly tokens
create readonly`): the app exists. `healthy`: a machine is started, or stopped by Fly.io itself for want of requests,
and every check of every started machine passes. `released`: releases of the last 30 days were made within the hours and
by the people that the policy allows. `secrets`: they exist, and were set no longer ago than `rotated_within`. Their
values are never read. `tokens_end_within`: no token of the app lives longer than that from now. An app in `private` has
no public address. Without a token of Fly.io's these are not on offer; what Fly.io refuses is unknown.

`fly.json` and `fly.yaml` are not read.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions.calendar import Window
from govcheck.actions.calendar_entries import Problem, hours_of, hours_problems
from govcheck.actions.calendar_text import timezone_problem
from govcheck.facts import Missing, Request
from govcheck.facts.now import Now
from govcheck.facts.services import FlyApps, FlyAppsRequest
from govcheck.facts.tree import Blobs, BlobsRequest
from govcheck.facts.workflows import Workflows
from govcheck.findings import Judged, Location, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.services import fly_files, fly_live
from govcheck.services.fly_deploys import fly_sites, unconfigured
from govcheck.services.fly_toml import FlyToml, UnreadableError, megabytes, read
from govcheck.settings import durations


@frozen(kw_only=True)
class FlySize:
    """How large each machine may be."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    memory: str | None = None
    """As Fly.io writes it: `2gb`, `512mb`."""

    cpus: int | None = None
    """How many of them."""


@frozen(kw_only=True)
class ReleaseHours:
    """Hours in which a release may be made."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    days: str | tuple[str, ...] | None = None
    """Days of the week: `mon-fri`, `mon,wed`, or a list. Default: every day, unless there are `dates`."""

    dates: tuple[str, ...] = ()
    """Single days, as `2026-12-24`."""

    from_: str = "00:00"
    """The time of day they begin, `HH:MM`."""

    to: str = "24:00"
    """The time of day they end, `HH:MM`; where it is not after `from`, on the next day."""


@frozen(kw_only=True)
class Released:
    """When and by whom releases are made."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    timezone: str = "UTC"
    """The IANA name of a place, `America/Los_Angeles`, or `UTC`."""

    allow: tuple[ReleaseHours, ...] = ()
    """The hours. Default: any."""

    by: tuple[str, ...] = ()
    """Addresses of the accounts that may release, as Fly.io has them. Default: anybody's."""


@frozen(kw_only=True)
class FlySecrets:
    """What has to be among an app's secrets."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    names: tuple[str, ...] = ()
    """Names that have to be there."""

    rotated_within: str | None = None
    """How long ago any secret may have been set, such as `90d`."""


@frozen(kw_only=True)
class FlyApp(Policy):
    """How apps on Fly.io are configured, and how they are."""

    kind: Literal["fly-app"] = "fly-app"

    configs: tuple[str, ...] = ("**/fly.toml", "**/fly.*.toml")
    """Globs of the configurations."""

    configured: bool = True
    """Whether every app that a workflow deploys to has to have one."""

    checks: bool = True
    """Whether every service needs a health check."""

    env_without_secrets: bool = True
    """Whether `[env]` may have nothing that looks like a secret."""

    pinned_image: bool = True
    """Whether an image that is named has to be named by its digest."""

    regions: tuple[str, ...] = ()
    """Primary regions that are allowed, such as `ord`. Default: all."""

    most: FlySize | None = None
    """How large each machine may be. Default: as large as anybody likes."""

    private: tuple[str, ...] = ()
    """Apps, by name or glob, that have to exist and to be reachable from inside only."""

    apps: tuple[str, ...] = ()
    """Names of the apps that Fly.io is asked about. Default: none."""

    healthy: bool = True
    """Live: whether each of these apps has to be well."""

    released: Released | None = None
    """Live: when and by whom they are released."""

    secrets: FlySecrets | None = None
    """Live: what has to be among their secrets, and how old those may be."""

    tokens_end_within: str | None = None
    """Live: how long from now a token of the app may live at most, such as `90d`."""

    def problems(self) -> Iterator[Problem]:
        """Globs, sizes, hours and durations that are none."""
        for key in ("configs", "private"):
            for index, pattern in enumerate(getattr(self, key)):
                if problem := globs.problems(pattern):
                    yield (key, index), problem
        for index, name in enumerate(self.apps):
            if not name or not name.replace("-", "a").isalnum() or not name.isascii():
                yield ("apps", index), f"{name!r} is no name of an app: letters, digits and hyphens"
        if self.most is not None and self.most.memory is not None and megabytes(self.most.memory) is None:
            yield ("most", "memory"), f"{self.most.memory!r} is no size: write it like 2gb or 512mb"
        if self.released is not None:
            yield from _release_problems(self.released)
        aged = self.secrets.rotated_within if self.secrets is not None else None
        yield from _duration_problem(("secrets", "rotated_within"), aged)
        yield from _duration_problem(("tokens_end_within",), self.tokens_end_within)
        live = [key for key in ("released", "secrets", "tokens_end_within") if getattr(self, key) is not None]
        if live and not self.apps:
            yield (live[0],), "is asked of Fly.io for `apps`, and there are none: name them"


def _files(policy: FlyApp) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, policy.configs),)]


@check(wants=_files)
def configurations(policy: FlyApp, blobs: Blobs) -> Iterator[Said]:
    """Every `fly.toml` of the tree."""
    files, unreadable = _read(blobs)
    yield Judged(len(blobs.contents) + len(policy.private))
    yield from unreadable
    memory = megabytes(policy.most.memory) if policy.most is not None and policy.most.memory else None
    cpus = policy.most.cpus if policy.most is not None else None
    for file in files:
        yield from fly_files.unchecked(file) if policy.checks else ()
        yield from fly_files.secret_variables(file) if policy.env_without_secrets else ()
        yield from fly_files.unpinned(file) if policy.pinned_image else ()
        yield from fly_files.elsewhere(file, policy.regions)
        yield from fly_files.oversized(file, memory, cpus)
    for pattern in policy.private if not unreadable else ():
        yield from fly_files.not_private(files, pattern)


def _deploys(policy: FlyApp) -> Iterable[tuple[Request, ...]]:
    return _files(policy) if policy.configured else []


@check(wants=_deploys)
def deployed(policy: FlyApp, workflows: Workflows, blobs: Blobs) -> Iterator[Said]:  # noqa: ARG001 - as every check
    """Every app that a workflow deploys to."""
    files, unreadable = _read(blobs)
    yield Judged(len({site.target.name for site in fly_sites(workflows)}))
    if not unreadable:
        yield from unconfigured(workflows, files)


def _asked(policy: FlyApp) -> Iterable[tuple[Request, ...]]:
    return [(FlyAppsRequest(FlyApps, policy.apps),)] if policy.apps else []


@check(wants=_asked)
def live(policy: FlyApp, fly: FlyApps, now: Now) -> Iterator[Said]:
    """Every app that Fly.io is asked about."""
    yield Judged(len(policy.apps))
    for name in policy.apps:
        app = fly.apps[name]
        there = fly_live.existing(name, app)
        if there is not None:
            yield there
            continue
        yield from fly_live.unwell(name, app) if policy.healthy else ()
        if any(compile_globs((pattern,)).matches(name) for pattern in policy.private):
            yield from fly_live.public(name, app)
        if policy.released is not None:
            window = _window(policy.released) if policy.released.allow else None
            yield from fly_live.releases(name, app, window, policy.released.by, now.instant)
        if policy.secrets is not None:
            yield from fly_live.secrets(name, app, policy.secrets.names, policy.secrets.rotated_within, now.instant)
        if policy.tokens_end_within is not None:
            yield from fly_live.tokens(name, app, policy.tokens_end_within, now.instant)


def _read(blobs: Blobs) -> tuple[list[FlyToml], list[Undecided]]:
    files: list[FlyToml] = []
    unreadable: list[Undecided] = []
    for path, content in blobs.contents.items():
        if isinstance(content, Missing):
            unreadable.append(_unreadable(path, content.reason, content.message))
            continue
        try:
            files.append(read(path, content))
        except UnreadableError as error:
            unreadable.append(_unreadable(path, Reason.UNPARSEABLE, f"it is no TOML: {error}"))
    return files, unreadable


def _unreadable(path: str, reason: Reason, message: str) -> Undecided:
    return Undecided(
        control="configs", subject=display(path), reason=reason, message=message, location=Location(path=path)
    )


def _window(released: Released) -> Window:
    return Window(timezone=released.timezone, allow=tuple(map(hours_of, released.allow)))


def _release_problems(released: Released) -> Iterator[Problem]:
    if zone := timezone_problem(released.timezone):
        yield ("released", "timezone"), zone
    for index, hours in enumerate(released.allow):
        yield from ((("released", "allow", index, *path), message) for path, message in hours_problems(hours))
    if not released.allow and not released.by:
        yield ("released",), "neither `allow` nor `by`: it asserts nothing"


def _duration_problem(path: tuple[str | int, ...], written: str | None) -> Iterator[Problem]:
    if written is not None and durations.parse(written) is None:
        yield path, f"`{written}` is not a duration: write days, hours, minutes, seconds, such as 90d or 1h30m"
