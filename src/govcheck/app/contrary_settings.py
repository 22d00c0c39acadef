"""Live settings that are contrary to what one policy wants of them, or just so, as GitHub writes them.

For `worst_world` and `good_world`.
"""

from collections.abc import Iterator, Mapping

from govcheck.facts.live import Answer
from govcheck.findings import Json
from govcheck.policy import Policy
from govcheck.settings import assertions, registry
from govcheck.settings.endpoints import ENDPOINTS, ORGANISATION, REPOSITORY
from govcheck.settings.reading import read_document
from govcheck.settings.registry import Setting

CANARY = "govcheck-canary"

WORST: Mapping[str, Json] = {
    "actions/cache/usage": {"active_caches_size_in_bytes": 10**15},
    "actions/oidc/customization/sub": {"use_default": False, "include_claim_keys": [CANARY]},
    "actions/permissions/artifact-and-log-retention": {"days": 1, "maximum_allowed_days": 1},
    "actions/runners": {
        "total_count": 1,
        "runners": [{"name": CANARY, "status": "offline", "labels": [{"name": CANARY}]}],
    },
    "actions/workflows": {
        "total_count": 1,
        "workflows": [{"path": f".github/workflows/{CANARY}.yml", "state": "disabled_manually"}],
    },
    "interaction-limits/pulls/creation-cap": {"enabled": True, "max_open_pull_requests": 10**6},
}
"""Answers that are no plain settings, below the repository."""

OWN: Mapping[str, Json] = {
    "archived": False,
    "owner": {"type": "Organization"},
    "custom_properties": {},
    "description": None,
}
"""The repository's own document."""

_GUESSES: tuple[Json, ...] = (False, True, 0, 1_000_000, [CANARY], [], CANARY)


def template(url: str, repository: str) -> str:
    """The template of the endpoint that was asked, but for an environment's name: `repos/{owner}/{repo}/pages`."""
    of_repository, found, below = url.partition(repository)
    if found:
        return f"{REPOSITORY}/{below.strip('/')}".rstrip("/")
    return of_repository.partition("://")[2].partition("/")[2].replace(repository.partition("/")[0], ORGANISATION)


def contrary(policy: Policy) -> dict[str, dict[str, Json]]:
    """Documents in which every setting that the policy gives is something else, by the template of their endpoint."""
    bodies: dict[str, dict[str, Json]] = {}
    asserted = assertions.asserted(policy.kind, policy)
    for setting, wanted in asserted.items():
        if not _is_a_place(setting):
            if not setting.path and setting.members is None and wanted is not True:
                bodies.setdefault(setting.endpoint, {})
        elif setting.derived is None:
            _write(bodies, setting, _other(setting, wanted))
        elif (written := _other_derived(setting, wanted)) is not None:
            _write(bodies, setting, written)
    for setting in asserted:
        for deciding, value in _where_it_applies(setting.endpoint):
            _write(bodies, deciding, value)
    return bodies


def as_wanted(policy: Policy) -> dict[str, dict[str, Json]]:
    """Documents in which every setting that the policy gives is as it wants it, as far as one can be found."""
    bodies: dict[str, dict[str, Json]] = {}
    asserted = assertions.asserted(policy.kind, policy)
    for setting, wanted in asserted.items():
        if _is_a_place(setting):
            found = _fitting(setting, wanted) if setting.derived is None else _fitting_derived(setting, wanted)
            if found is not None:
                _write(bodies, setting, found)
    for setting in asserted:
        for deciding, value in _where_it_applies(setting.endpoint):
            _write(bodies, deciding, value)
    return bodies


def _fitting(setting: Setting, wanted: assertions.Wanted) -> Json:
    """A value that is as wanted, as GitHub writes it; None where none is known."""
    if setting.values is not None:
        return next((key for key, value in setting.values.items() if assertions.is_as_wanted(value, wanted)), None)
    fitting = (one for one in (*_named(wanted), *setting.order, *_GUESSES) if assertions.fits(one, wanted))
    return next((one for one in fitting if assertions.is_as_wanted(one, wanted)), None)


def _fitting_derived(setting: Setting, wanted: assertions.Wanted) -> Json:
    """The same for a value that is derived: what to write so that it comes to what is wanted."""
    for guess in (*_named(wanted), *setting.order, *_GUESSES):
        found = read_document(setting, Answer(endpoint="", status=200, message="", body={setting.path: guess}))
        if found.trouble is None and assertions.is_as_wanted(found.value, wanted):
            return guess
    return None


def _named(wanted: assertions.Wanted) -> Iterator[Json]:
    """Values that a bound names itself."""
    if isinstance(wanted, bool | int | str):
        yield wanted
    elif isinstance(wanted, tuple):
        yield [*wanted]
    elif not isinstance(wanted, Mapping):
        edges = (getattr(wanted, key, None) for key in ("equals", "min", "max", "superset_of", "subset_of"))
        yield from ([*edge] if isinstance(edge, tuple) else edge for edge in edges if edge is not None)


def _is_a_place(setting: Setting) -> bool:
    """Whether one place in a document has it; lists of objects are left as they are where nothing is set: empty."""
    return bool(setting.path) and "[" not in setting.path and setting.entry is None and setting.members is None


def _write(bodies: dict[str, dict[str, Json]], setting: Setting, value: Json) -> None:
    below = bodies.setdefault(setting.endpoint, {})
    *above, last = setting.path.split(".")
    for key in above:
        inner = below.setdefault(key, {})
        below = inner if isinstance(inner, dict) else below
    below[last] = value


def _where_it_applies(endpoint: str) -> Iterator[tuple[Setting, Json]]:
    """What has to be so that an endpoint has anything to tell, as GitHub writes it."""
    condition = ENDPOINTS[endpoint].only_where if endpoint in ENDPOINTS else None
    deciding = registry.named(condition.setting) if condition else None
    if condition and deciding:
        wanted = condition.values[0]
        written = (key for key, value in (deciding.values or {}).items() if value == wanted)
        yield deciding, next(written, wanted)
        yield from _where_it_applies(deciding.endpoint)


def _other(setting: Setting, wanted: assertions.Wanted) -> Json:
    """A value that is not as wanted, as GitHub writes it."""
    if setting.values is not None:
        return next((key for key, value in setting.values.items() if not assertions.is_as_wanted(value, wanted)), None)
    fitting = (one for one in (*setting.order, *_GUESSES) if assertions.fits(one, wanted))
    return next((one for one in fitting if not assertions.is_as_wanted(one, wanted)), None)


def _other_derived(setting: Setting, wanted: assertions.Wanted) -> Json:
    """The same for a value that is derived: what to write so that it is not as wanted; None where it is not already."""
    worst = WORST.get(setting.endpoint.removeprefix(f"{REPOSITORY}/"), OWN)
    document = dict(worst) if isinstance(worst, dict) else {}
    for guess in (None, *setting.order, *_GUESSES):
        body = document if guess is None else {**document, setting.path: guess}
        found = read_document(setting, Answer(endpoint="", status=200, message="", body=body))
        if found.trouble is None and not assertions.is_as_wanted(found.value, wanted):
            return guess
    return None
