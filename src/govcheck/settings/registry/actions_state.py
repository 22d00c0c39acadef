"""What GitHub Actions has at work in the repository: caches, the OIDC subject, workflows, self-hosted runners.

Sources: https://docs.github.com/en/rest/actions/cache, .../oidc, .../workflows and .../self-hosted-runners.
"""

from collections.abc import Iterable, Mapping

from govcheck.findings import Json
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, number, objects, text, texts
from govcheck.settings.endpoints import ACTIONS
from govcheck.settings.registry import Absent, Setting
from govcheck.settings.strength import Strength

_KIND = "actions-settings"
_SUBJECT = f"{ACTIONS}/oidc/customization/sub"
_RUNNERS = f"{ACTIONS}/runners"

_CACHE_DOCS = "https://docs.github.com/en/rest/actions/cache"
_SUBJECT_DOCS = "https://docs.github.com/en/rest/actions/oidc"
_RUNNER_DOCS = "https://docs.github.com/en/rest/actions/self-hosted-runners"

_MEGABYTE = 1_000_000
_FOLDER = ".github/workflows/"
_DISABLED = frozenset({"disabled_manually", "disabled_inactivity", "disabled_fork"})


def _claims(document: Mapping[str, Json]) -> Json:
    """The claims of a template of one's own; with the default one, GitHub ignores those that stand there."""
    default = flag(document, "use_default")
    return None if default is None else _listed(() if default else texts(document, "include_claim_keys") or ())


def _megabytes(document: Mapping[str, Json]) -> Json:
    found = number(document, "active_caches_size_in_bytes")
    return None if found is None else -(-found // _MEGABYTE)


def _disabled_workflows(document: Mapping[str, Json]) -> Json:
    off = (one for one in _all(document, "workflows") if _text_of(one, "state") in _DISABLED)
    return _listed(_text_of(workflow, "path").removeprefix(_FOLDER) for workflow in off)


def _runners(document: Mapping[str, Json]) -> Json:
    return _listed(_text_of(runner, "name") for runner in _all(document, "runners"))


def _offline(document: Mapping[str, Json]) -> Json:
    gone = (runner for runner in _all(document, "runners") if _text_of(runner, "status") != "online")
    return _listed(_text_of(runner, "name") for runner in gone)


def _labels(document: Mapping[str, Json]) -> Json:
    labels = (label for runner in _all(document, "runners") for label in _all(runner, "labels"))
    return _listed(_text_of(label, "name") for label in labels)


def _all(document: Body, key: str) -> tuple[Body, ...]:
    found = objects(document, key)
    if found is None:
        raise UnexpectedShapeError(f"{key}: expected a list")
    return found


def _text_of(document: Body, key: str) -> str:
    found = text(document, key)
    if found is None:
        raise UnexpectedShapeError(f"{key}: expected text")
    return found


def _listed(names: Iterable[str]) -> Json:
    return [*sorted(set(names))]


SETTINGS = (
    Setting(
        kind=_KIND,
        key="cache_retention_days",
        title="the days that caches are kept",
        endpoint=f"{ACTIONS}/cache/retention-limit",
        path="max_cache_retention_days",
        strength=None,
        absent=Absent.UNKNOWN,
        docs=_CACHE_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="cache_limit_gb",
        title="the limit of all caches together, in GB",
        endpoint=f"{ACTIONS}/cache/storage-limit",
        path="max_cache_size_gb",
        strength=None,
        absent=Absent.UNKNOWN,
        docs=_CACHE_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="cache_usage_mb",
        title="the size of all caches together, in MB",
        endpoint=f"{ACTIONS}/cache/usage",
        path="active_caches_size_in_bytes",
        derived=_megabytes,
        strength=None,
        absent=Absent.UNKNOWN,
        measure=True,
        docs=_CACHE_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="default_subject",
        title="use of the default OIDC subject",
        endpoint=_SUBJECT,
        path="use_default",
        strength=None,
        absent=Absent.UNKNOWN,
        docs=_SUBJECT_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="subject_claims",
        title="the claims of the OIDC subject's own template",
        endpoint=_SUBJECT,
        path="include_claim_keys",
        derived=_claims,
        strength=None,
        absent=Absent.UNKNOWN,
        security=True,
        docs=_SUBJECT_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="immutable_subject",
        title="the immutable form of the OIDC subject",
        endpoint=_SUBJECT,
        path="use_immutable_subject",
        strength=Strength.TOGGLE,
        absent=Absent.UNKNOWN,
        docs=_SUBJECT_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="disabled_workflows",
        title="the list of disabled workflows",
        endpoint=f"{ACTIONS}/workflows",
        path="workflows[].state",
        derived=_disabled_workflows,
        strength=Strength.CHOICE,
        absent=Absent.UNKNOWN,
        graphql="Workflow.state",
        security=True,
        docs="https://docs.github.com/en/rest/actions/workflows",
    ),
    Setting(
        kind=_KIND,
        key="self_hosted_runners",
        title="the list of self-hosted runners",
        endpoint=_RUNNERS,
        path="runners[].name",
        derived=_runners,
        strength=Strength.CHOICE,
        security=True,
        docs=_RUNNER_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="runner_labels",
        title="the labels of self-hosted runners",
        endpoint=_RUNNERS,
        path="runners[].labels[].name",
        derived=_labels,
        strength=None,
        docs=_RUNNER_DOCS,
    ),
    Setting(
        kind=_KIND,
        key="offline_runners",
        title="the list of self-hosted runners that are offline",
        endpoint=_RUNNERS,
        path="runners[].status",
        derived=_offline,
        strength=None,
        measure=True,
        docs=_RUNNER_DOCS,
    ),
)
