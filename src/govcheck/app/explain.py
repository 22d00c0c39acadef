"""`explain`: what a policy or a check's name comes to; a path: see `explain_path`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from govcheck import registry
from govcheck.actions.contexts import derive
from govcheck.actions.explaining import explain
from govcheck.actions.verdicts import judge
from govcheck.app import services
from govcheck.app.configured import configured
from govcheck.app.offers import CHANGE, LIVE, OF_PHASE, STAGED, SWEEP, WHOLE_TREE
from govcheck.app.options import Setting
from govcheck.app.policies import load
from govcheck.app.state import Reading
from govcheck.app.world import workflows_of
from govcheck.errors import UsageError
from govcheck.facts.commits import CommitMessage
from govcheck.facts.in_words import read
from govcheck.facts.pull_request import PullRequest
from govcheck.findings import Location
from govcheck.paths import display
from govcheck.policy import LoadedPolicy, yaml_key
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk
from govcheck.sources.validation_messages import nearest

_OTHERS = ("gates", "path", "context")
"""What else `explain` tells of."""

STAGES = {
    "check --staged": STAGED,
    "check --message": frozenset({CommitMessage}),
    "check --base": CHANGE | {PullRequest},
    "check": WHOLE_TREE,
    "check --live": WHOLE_TREE | LIVE | services.ALL,
    "sweep": SWEEP | {*OF_PHASE.values()} | services.ALL,
}
"""Command to the facts that it offers."""


def explain_policy(setting: Setting, name: str) -> str:
    """What a policy asserts, when it is judged, and what that reads; of a kind, its docs page.

    Raises:
        UsageError: where there is neither a policy nor a kind of that name.
    """
    kind = registry.kind(name)
    if kind is not None:
        return kind.text
    policies = _policies(setting)
    found = next((loaded for loaded in policies if loaded.policy.id == name), None)
    if found is None:
        ids = [loaded.policy.id for loaded in policies]
        raise UsageError(f"there is no policy and no kind {name!r}", _meant(name, ids))
    return "\n".join(_policy(found))


def explain_context(setting: Setting, name: str, branch: str) -> tuple[int, str]:
    """Whether the context is reported on every pull request to the branch, and by which job: 0 if it is, else 1."""
    contexts = derive(workflows_of(_reading(setting)), branch, "pull-request")
    verdict = judge(name, contexts)
    said = explain(name, verdict, contexts, f"pull requests to {branch}")
    lines = [f"{verdict.word}: {said.message}{_at(said.location)}"]
    lines += [f"  {evidence.text}{_at(evidence.location or Location())}" for evidence in said.evidence]
    if said.fix:
        lines.append(f"fix: {said.fix}")
    return (0 if verdict.word == "exact" else 1), "\n".join(lines)


def _policies(setting: Setting) -> tuple[LoadedPolicy, ...]:
    reading = _reading(setting)
    return load(configured(setting, reading), reading).policies


def _reading(setting: Setting) -> Reading:
    return Reading(open_repository(setting.directory), OnDisk())


def _meant(name: str, ids: list[str]) -> str:
    """The nearest of what can be explained, or else all of it."""
    near = nearest(name, [*_OTHERS, *ids, *registry.kinds()])
    if near is not None:
        return f"did you mean `govcheck explain {near}`?"
    return f"policies: {', '.join(ids)}; kinds: {', '.join(registry.kinds())}"


def _policy(loaded: LoadedPolicy) -> Iterator[str]:
    policy = loaded.policy
    yield f"{policy.id} ({policy.kind}), {loaded.path}:{loaded.line}"
    if policy.why:
        yield f"why: {policy.why}"
    for field in fields(policy):
        value = getattr(policy, field.name)
        if value not in (None, "", ()) and field.name not in {"id", "kind", "why"}:
            shown = value if isinstance(value, str) else json.dumps(_as_written(value), ensure_ascii=False)
            yield f"  {yaml_key(field.name)}: {shown}"
    kind = registry.kind(policy.kind)
    for check in kind.checks if kind else ():
        stages = [name for name, offer in STAGES.items() if offer.issuperset(check.facts)]
        reads = read(fact.__name__ for fact in check.facts)
        applies = "" if check.calls(policy) else " (nothing to judge in this policy)"
        yield f"check {check.name.replace('_', '-')}: reads {reads}; judged by {'; '.join(stages)}{applies}"


def _as_written(value: object) -> object:
    """A value as a policy has it: without the keys that it leaves out."""
    if isinstance(value, tuple):
        return [_as_written(member) for member in value]
    if isinstance(value, Mapping):
        return {key: _as_written(member) for key, member in value.items()}
    if not is_dataclass(value):
        return value
    given = ((field, getattr(value, field.name)) for field in fields(value))
    told = ((field, member) for field, member in given if member or member != field.default)
    return {yaml_key(field.name): _as_written(member) for field, member in told}


def _at(place: Location) -> str:
    if place.path is None:
        return ""
    return f" ({display(place.path)}:{place.line}:{place.column})" if place.line else f" ({display(place.path)})"
