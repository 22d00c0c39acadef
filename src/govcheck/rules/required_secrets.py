"""The secrets that are needed exist, where they belong, and the workflows read them.

```yaml
kind: required-secrets
id: deploy-secrets
why: A deployment that finds out at its last step that a token is missing is an outage.
secrets:
  - FLY_API_TOKEN
  - {name: "SUPABASE_*", at_least: [SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY]}
only_in: environment
max_age: 90d
```

Three things are held together, by name and without regard to case: what this policy demands, what the workflow files
read, and what is there. Values are never asked for: GitHub does not tell them.

**Workflows.** What is read is every `secrets.NAME` of an expression; in a workflow that is only called it is a secret
of this repository where the caller writes `secrets: inherit`. Where all secrets are handed on at once
(`toJSON(secrets)`, `secrets: inherit` to another repository), only a run can tell which are read. What Fly.io or
another host keeps is not asked for: where a secret is demanded for its sake, say `unreferenced: allowed`. With
`only_in: environment`, a job that reads a demanded secret and names no environment is a finding: what it gets can only
be a secret of the repository or the organisation, which a workflow on any branch can use.

**Code.** `code` names files whose programs read secrets of their environment by name: `process.env.NAME`,
`os.environ["NAME"]` and the like. What they read counts as read. A name that they read with nothing in its place, that
a glob of this policy matches, and that it does not demand, is a finding of the control `code`: `SUPABASE_SERVICE_KEY`
in a program where `SUPABASE_SERVICE_ROLE_KEY` is demanded is one of both misspelled. It weighs as `unlisted` says.

**Live.** `store` says where a secret belongs: `repository`, `organisation`, `environment:NAME`, `dependabot` (which
only the runs that Dependabot starts see), or `any` of those that other runs see. What a workflow reads has to exist as
well, and where the job sees it, unless it has something in its place (`secrets.X || 'y'`) or asks first (`secrets.X !=
''`). `max_age` is held against the last write as GitHub tells it. That is the age of what GitHub keeps, not of the
credential: one that was written again unchanged looks young. Each store takes a permission of its own; where one
cannot be read, only that is unknown which it would have decided. The organisation's own store for Dependabot is not
read, and neither is `dependabot.yml`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions import environments, secret_words
from govcheck.actions.secret_references import Reference, References, references
from govcheck.actions.unseen import unreadable
from govcheck.actions.values import Unknown
from govcheck.facts import Request
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, BlobsRequest
from govcheck.facts.workflows import Workflows
from govcheck.findings import Judged, Severity
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import code_words, durations, secret_demands
from govcheck.settings.code_reads import reads
from govcheck.settings.secret_demands import ANY, Demand, Stores
from govcheck.settings.secret_stores import (
    ACTIONS_ENDPOINTS,
    DEPENDABOT,
    DEPENDABOT_ENDPOINTS,
    IN_ENVIRONMENT,
    ORGANISATION,
    REPOSITORY,
    actions_stores,
    dependabot_stores,
)

Problem = tuple[tuple[str | int, ...], str]
Weight = Literal["forbidden", "noted", "allowed"]


@frozen(kw_only=True)
class DemandedSecret:
    """Secrets by a glob, of which these at least have to be there."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    name: str
    """The secret, or a glob: `SUPABASE_*`."""

    at_least: tuple[str, ...] = ()
    """Those that the glob has to find. Default: any one."""


@frozen(kw_only=True)
class RequiredSecrets(Policy):
    """Which secrets are needed, and where they belong."""

    kind: Literal["required-secrets"] = "required-secrets"

    secrets: tuple[str | DemandedSecret, ...]
    """The secrets that are needed: names, or globs with those that they have to find."""

    store: str = ANY
    """Where they belong: `repository`, `organisation`, `environment:NAME`, `dependabot`, or `any`."""

    only_in: Literal["environment"] | None = None
    """`environment`: no secret of the repository or the organisation may have one of these names."""

    max_age: str | None = None
    """How long ago the last write may be: `90d`."""

    unreferenced: Weight = "forbidden"
    """What it means that no workflow reads a demanded secret: a failure, a remark, or nothing."""

    unlisted: Weight = "noted"
    """What it means that a workflow reads a secret which this policy does not list."""

    code: tuple[str, ...] = ()
    """Globs of files whose programs read secrets: `app/**/*.ts`."""

    unused: Literal["forbidden", "allowed"] = "allowed"
    """Whether there may be secrets that no workflow reads and this policy does not list. Not of an organisation's."""

    def problems(self) -> Iterator[Problem]:
        """Names, stores and durations that are none, and demands that contradict one another."""
        if not self.secrets:
            yield ("secrets",), "name at least one secret"
        for index, one in enumerate(self.secrets):
            yield from _name_problems(("secrets", index), one)
        for index, pattern in enumerate(self.code):
            if problem := globs.problems(pattern):
                yield ("code", index), f"`{pattern}`: {problem}"
        if self.store not in _STORES and not self.store.removeprefix(IN_ENVIRONMENT).strip():
            yield ("store",), "write the environment's name: `environment:production`"
        elif self.store not in _STORES and not self.store.startswith(IN_ENVIRONMENT):
            yield ("store",), f"`{self.store}` is no store: write {', '.join(_STORES)} or environment:NAME"
        if self.only_in and self.store in {REPOSITORY, ORGANISATION, DEPENDABOT}:
            yield ("only_in",), f"what belongs into `{self.store}` cannot be in environments only"
        if self.max_age is not None and durations.parse(self.max_age) is None:
            yield ("max_age",), f"`{self.max_age}` is not a duration: write days, hours, minutes, such as 90d"


_STORES = (REPOSITORY, ORGANISATION, DEPENDABOT, ANY)


def _read_offline(policy: RequiredSecrets) -> Iterable[tuple[Request, ...]]:
    """What Dependabot's runs read stands in `dependabot.yml` too, so that workflows alone tell nothing about it."""
    return [] if policy.store == DEPENDABOT else [(BlobsRequest(Blobs, policy.code),)]


def _endpoints(policy: RequiredSecrets) -> Iterable[tuple[Request, ...]]:
    asked = DEPENDABOT_ENDPOINTS if policy.store == DEPENDABOT else ACTIONS_ENDPOINTS
    return [(LiveAnswersRequest(LiveAnswers, asked),)]


@check(wants=_read_offline)
def read_by_workflows(policy: RequiredSecrets, workflows: Workflows, blobs: Blobs) -> Iterator[Said]:
    """What the workflow files and the code read, against what is demanded."""
    found, demands = references(workflows), _demands(policy)
    yield Judged(len(demands))
    # Of several places one counts that has nothing in its place.
    read_by_code = {one.name.upper(): one for one in sorted(reads(blobs.contents), key=lambda one: one.needed)}
    blind = [*unreadable(workflows, "referenced"), *code_words.unread(blobs.contents)]
    yield from blind
    if policy.unlisted != "allowed":
        yield from code_words.undemanded(demands, _globs(policy), read_by_code, _severity(policy.unlisted))
    for demand in demands if policy.unreferenced != "allowed" else ():
        if demand.met_by((*found.names(), *read_by_code)):
            continue
        if found.handed:
            yield secret_words.everything(
                "referenced", demand.name, found.handed[0], f"whether {demand.name} is read there"
            )
        elif not blind:
            yield secret_words.unreferenced(demand.name, _severity(policy.unreferenced), found.names())
    for name, places in _own(found).items():
        if policy.unlisted != "allowed" and not _is_listed(policy, name):
            yield secret_words.unlisted(name, _severity(policy.unlisted), places)
        if policy.only_in and _is_listed(policy, name):
            yield from secret_words.without_environment(places, _environment_of(policy))


@check(wants=_endpoints)
def stored(policy: RequiredSecrets, workflows: Workflows, live: LiveAnswers, now: Now) -> Iterator[Said]:
    """Live: what is there, against what is demanded and read."""
    dependabot = policy.store == DEPENDABOT
    stores = Stores(dependabot_stores(live) if dependabot else actions_stores(live), live)
    found, demands = references(workflows), _demands(policy)
    yield Judged(len(demands))
    longest = durations.parse(policy.max_age) if policy.max_age is not None else None
    for demand in demands:
        places = [one for one in found.named if demand.matches(one.secret)]
        yield from secret_demands.missing(stores, demand, policy.store, secret_words.read_at(places))
        if policy.only_in:
            yield from secret_demands.exposed(stores, demand)
        if longest is not None:
            yield from secret_demands.old(stores, demand, policy.store, longest, now.instant)
    if not dependabot:
        yield from _read_but_absent(policy, workflows, found, stores)
        yield from _unused(policy, workflows, found, stores)
    yield from stores.unknowns()


def _read_but_absent(
    policy: RequiredSecrets, workflows: Workflows, found: References, stores: Stores
) -> Iterator[Said]:
    """What the workflows read and is not there, or not where a job sees it."""
    for name, places in _own(found).items():
        needed = [one for one in places if one.needed]
        listed = _is_listed(policy, name)
        if not needed or (policy.unlisted == "allowed" and not listed):
            continue
        demand = Demand(name)
        if not stores.holders(demand):
            if not any(one.name == name for one in _demands(policy)):
                lesser: Severity | None = None if listed or policy.severity == "note" else "warning"
                yield from secret_demands.missing(stores, demand, ANY, secret_words.read_at(needed), lesser)
        elif not any(store.environment is None for store in stores.holders(demand)):
            told = policy.only_in is not None and listed  # that a job names no environment, by `read_by_workflows`
            left = [one for one in needed if not told or (one.job is not None and one.job.environment is not None)]
            yield from _out_of_sight(workflows, left, stores)


def _out_of_sight(workflows: Workflows, places: list[Reference], stores: Stores) -> Iterator[Said]:
    """Jobs that read a secret which only environments have, and do not name one of those."""
    jobs = {(one.workflow.path, one.job.id): (one, one.job) for one in reversed(places) if one.job is not None}
    for one, job in reversed(jobs.values()):
        name = one.secret
        holders = [store.environment or "" for store in stores.holders(Demand(name))]
        known = {holder.casefold() for holder in holders}
        named = environments.of_job(one.workflow, job, workflows)
        lacking = [use.name for use in named if isinstance(use.name, str) and use.name.casefold() not in known]
        dynamic = next((use for use in named if isinstance(use.name, Unknown)), None)
        asked = {use.casefold() for use in lacking}
        if not lacking and dynamic is None and named:
            continue
        open_ = [store for store in stores.all if store.environment is None or store.environment.casefold() in asked]
        if stores.cannot_tell(open_, name):
            continue
        if lacking or not named:
            where = f"in {', '.join(lacking)}" if lacking else "in no environment"
            yield secret_words.out_of_sight(one, holders, where)
        elif dynamic is not None:
            yield secret_words.maybe_out_of_sight(one, dynamic)


def _unused(policy: RequiredSecrets, workflows: Workflows, found: References, stores: Stores) -> Iterator[Said]:
    if policy.unused == "allowed":
        return
    for store in stores.all:
        if store.trouble is not None and store.name != ORGANISATION:
            message = f"{store.title} could not be read, so that nobody can tell which of them are unused"
            yield store.trouble.undecided("unused", store.name, message, stores.place(store))
    left = list(secret_demands.unused(stores, found.names(), _demands(policy)))
    blind = list(unreadable(workflows, "unused"))
    if left and found.handed:
        names = ", ".join(sorted({one.subject.rpartition(":")[2] for one in left})[:8])
        yield secret_words.everything("unused", "all", found.handed[0], f"whether something reads {names}")
    else:
        yield from (blind if left and blind else left)


def _demands(policy: RequiredSecrets) -> tuple[Demand, ...]:
    """Every secret that has to be there, and every glob that has to find one."""
    names: list[str] = []
    for one in policy.secrets:
        names += [one] if isinstance(one, str) else one.at_least or (one.name,)
    return tuple(Demand(name) for name in dict.fromkeys(name.upper() for name in names))


def _globs(policy: RequiredSecrets) -> tuple[Demand, ...]:
    named = (one if isinstance(one, str) else one.name for one in policy.secrets)
    return tuple(demand for name in named if (demand := Demand(name.upper())).is_glob)


def _is_listed(policy: RequiredSecrets, name: str) -> bool:
    return any(Demand((one if isinstance(one, str) else one.name).upper()).matches(name) for one in policy.secrets)


def _own(found: References) -> dict[str, list[Reference]]:
    """What is looked up in the repository's own stores, by name."""
    names: dict[str, list[Reference]] = {}
    for one in found.named:
        if one.own:
            names.setdefault(one.secret, []).append(one)
    return names


def _environment_of(policy: RequiredSecrets) -> str:
    """The environment that a job should name where nothing else says which."""
    return policy.store.removeprefix(IN_ENVIRONMENT) if policy.store.startswith(IN_ENVIRONMENT) else "production"


def _severity(weight: Weight) -> Severity | None:
    return "note" if weight == "noted" else None


def _name_problems(path: tuple[str | int, ...], one: str | DemandedSecret) -> Iterator[Problem]:
    name = one if isinstance(one, str) else one.name
    own = path if isinstance(one, str) else (*path, "name")
    problem = _name_problem(name)
    if problem:
        yield own, problem
    for index, wanted in enumerate(one.at_least if isinstance(one, DemandedSecret) else ()):
        problem = _name_problem(wanted)
        if problem is None and not Demand(name.upper()).matches(wanted.upper()):
            problem = f"{wanted} is not among {name}"
        if problem:
            yield (*path, "at_least", index), problem


def _name_problem(name: str) -> str | None:
    plain = name.replace("*", "").replace("?", "")
    if not name or not (plain + "A").isascii() or (not plain.replace("_", "A").isalnum() and plain):
        return f"{name!r} is no name of a secret: letters, digits and `_`, or a glob with `*` and `?`"
    if name[0].isdigit() or name.upper().startswith("GITHUB_"):
        return f"no secret can be called {name}: none begins with a digit or with GITHUB_"
    return globs.problems(name)
