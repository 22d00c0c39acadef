"""What GitHub says today, as proposals: each setting at least as strong as it is."""

import json
from collections.abc import Iterator

from govcheck.app.init.importing import ruleset
from govcheck.app.init.importing.controls import bound
from govcheck.app.init.importing.told import Source
from govcheck.app.init.proposal import Ladder, Proposal
from govcheck.app.init.trying import Trial
from govcheck.facts.document import Mapping
from govcheck.facts.live import (
    DEFAULT_BRANCH,
    LiveBranch,
    LiveBranchRequest,
    LiveRulesets,
    LiveRulesetsRequest,
)
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.findings import Json
from govcheck.records import replace
from govcheck.settings import registered
from govcheck.settings.bypass import bypass
from govcheck.settings.controls import controls_of
from govcheck.settings.endpoints import ENVIRONMENTS
from govcheck.settings.environments import environments
from govcheck.settings.protection import EffectiveProtection, effective_protection
from govcheck.settings.registry import Setting, of_kind
from govcheck.settings.strength import Strength
from govcheck.sources.yaml_document import load_one

_GOOD: dict[str, Json] = {
    "pull_requests": True,
    "approvals": {"min": 1},
    "dismiss_stale_reviews": True,
    "conversation_resolution": True,
    "force_pushes": "forbidden",
    "deletions": "forbidden",
}
"""What is worth a comment where a branch does not have it."""

_ALL_METHODS = frozenset({"merge", "squash", "rebase"})
_MERGING = ("squash_merge", "merge_commit", "rebase_merge", "delete_branch_on_merge", "visibility", "default_branch")
_KINDS = {
    "repository-settings": (
        "repository-is-set-up",
        "How changes come in, and who sees them, is decided and not clicked.",
    ),
    "actions-settings": ("actions-are-limited", "A workflow gets what it asks for, and no more."),
    "code-security": ("code-is-watched", "What watches the code is never switched off unseen."),
}
_STRONGEST: dict[Strength | None, Json] = {Strength.TOGGLE: True, Strength.BAN: "forbidden"}
_BOUNDS = {
    Strength.AT_LEAST: "min",
    Strength.AT_MOST: "max",
    Strength.DEMANDED: "superset_of",
    Strength.CHOICE: "subset_of",
    Strength.ACTORS: "subset_of",
}
_ACCESS = ("admins", "maintainers", "outside_collaborators", "teams", "apps")


def propose(trial: Trial) -> Iterator[Proposal]:
    """Everything that the token at hand may see."""
    branch = trial.fact(LiveBranchRequest(LiveBranch, DEFAULT_BRANCH))
    if isinstance(branch, LiveBranch):
        yield from _branch(effective_protection(branch))
    rulesets = trial.fact(LiveRulesetsRequest(LiveRulesets, ("tag", "push")))
    if isinstance(rulesets, LiveRulesets):
        yield from _refs(rulesets)
    answers = trial.fact(LiveAnswersRequest(LiveAnswers, registered.endpoints()))
    if isinstance(answers, LiveAnswers):
        yield from _registered(answers)
        yield from _access(answers)
        yield from _environments(answers)


def _branch(protection: EffectiveProtection) -> Iterator[Proposal]:
    ladders: list[Ladder] = []
    passers: set[str] = set()
    legal = controls_of("branch")
    for key, effective in protection.controls.items():
        if key not in legal or (key == "merge_methods" and effective.value == _ALL_METHODS):
            continue
        now = bound(effective.control, effective.value) if len(effective.floors) == 1 else None
        rungs = [one for one in (_GOOD.get(key) if now is None else None, now) if one is not None]
        if rungs:
            ladders.append(Ladder(key=key, rungs=tuple(rungs)))
        if now is not None:
            passers |= bypass(effective).possible
    if ladders:
        yield Proposal(
            kind="branch-protection",
            id="default-branch-protected",
            file="default-branch.yaml",
            why="Nobody should change the branch that everything starts from alone.",
            fixed={"branch": DEFAULT_BRANCH},
            tried=(*ladders, Ladder(key="bypass", rungs=({"subset_of": []}, {"subset_of": [*sorted(passers)]}))),
            explained=("What guards the default branch today, over classic protection and all rulesets.",),
        )


def _refs(rulesets: LiveRulesets) -> Iterator[Proposal]:
    """Rulesets for tags and pushes, as an import would have them."""
    for answer in rulesets.rulesets:
        node = load_one(json.dumps(answer.body)) if isinstance(answer.body, dict) else None
        if isinstance(node, Mapping):
            for one in ruleset.read(node, Source(name="GitHub", owner="")):
                if isinstance(one, Proposal):
                    tried = tuple(Ladder(key=key, rungs=(value,)) for key, value in one.fixed.items() if key != "tag")
                    fixed = {key: value for key, value in one.fixed.items() if key == "tag"}
                    explained = ("What a ruleset guards today.",)
                    yield replace(one, declared=False, fixed=fixed, tried=tried, explained=explained, why="")


def _registered(answers: LiveAnswers) -> Iterator[Proposal]:
    told = registered.settings_of(answers)
    idle = registered.without_a_setting(answers)
    for kind, (name, why) in _KINDS.items():
        ladders = [
            Ladder(key=setting.key, rungs=rungs, why=setting.title.capitalize() + ".")
            for setting in of_kind(kind)
            if setting.name in told and setting.name not in idle and told[setting.name].trouble is None
            if (rungs := _rungs(setting, told[setting.name].value))
        ]
        if ladders:
            yield Proposal(kind=kind, id=name, file="settings.yaml", why=why, tried=tuple(ladders))


def _rungs(setting: Setting, value: Json) -> tuple[Json, ...]:
    """What a setting could be, the strongest first, down to what it is; nothing where no value is any better."""
    if setting.key in _MERGING and isinstance(value, bool | str):
        return (value,)
    if setting.order and value in setting.order:
        return tuple(reversed(setting.order[setting.order.index(str(value)) :]))
    if setting.strength in _STRONGEST:
        return (_STRONGEST[setting.strength],)
    key = _BOUNDS.get(setting.strength) if setting.strength is not None and setting.security else None
    is_bounded = isinstance(value, int | list) and not isinstance(value, bool)
    return ({key: value},) if key is not None and is_bounded else ()


def _access(answers: LiveAnswers) -> Iterator[Proposal]:
    told = registered.settings_of(answers)
    ladders: list[Ladder] = []
    for setting in of_kind("access"):
        found = told.get(setting.name)
        if setting.key in _ACCESS and found is not None and found.trouble is None and isinstance(found.value, list):
            ladders.append(Ladder(key=setting.key, rungs=({"subset_of": found.value},)))
    ladders.append(Ladder(key="webhooks", rungs=({"secret": "required", "tls": "required"}, {"tls": "required"})))
    ladders.append(Ladder(key="deploy_keys", rungs=({"write": "forbidden"},)))
    yield Proposal(
        kind="access",
        id="who-has-access",
        file="access.yaml",
        why="Whoever can push can change everything.",
        tried=tuple(ladders),
        explained=("Who and what reaches the repository today. Take away who should not.",),
    )


def _environments(answers: LiveAnswers) -> Iterator[Proposal]:
    if ENVIRONMENTS not in answers.answers:
        return
    for number, environment in enumerate(environments(answers).listed, 1):
        yield Proposal(
            kind="environment-protection",
            id=f"environment-{number}",
            file="environments.yaml",
            why="Somebody looks before it changes.",
            fixed={"environment": environment.name, "exists": True},
            tried=(
                Ladder(key="used", rungs=(True, False), why="Whether some job of a workflow names it."),
                Ladder(key="min_reviewers", rungs=(1,), why="Somebody has to approve."),
                Ladder(key="self_review", rungs=("forbidden",)),
                Ladder(key="branches", rungs=("protected",)),
                Ladder(key="admin_bypass", rungs=("forbidden",)),
            ),
        )
