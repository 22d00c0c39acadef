"""An environment is protected as this policy says, and the jobs that deploy to it name it.

```yaml
kind: environment-protection
id: production-is-approved
why: A person looks before production changes.
environment: production
reviewers: {superset_of: [user:octocat]}
self_review: forbidden
wait: {min: 10m}
branches: [main]
admin_bypass: forbidden
```

**Live.** Only what is given is judged. An environment that does not exist protects nothing: a job that names it creates
it when it runs, without any protection. A rule that is missing is no protection. An environment that is limited to
protected branches lets every branch deploy while no branch is protected. GitHub asks for the approval of one of the
reviewers, however many there are: more of them make an approval easier to get, not harder.

In a private repository GitHub enforces reviewers, waits and custom rules under GitHub Enterprise only, and which
branches may deploy under GitHub Pro, Team and Enterprise, whatever the settings still show. Where the owner's plan is
known not to have them, that is a failure which says so. A person has no such plan. An organisation tells its plan to
its owners and to tokens with `organization_plan:read`: where it is not told, what would hold by the settings is
unknown. GitHub sends `can_admins_bypass` without documenting it; where it is missing, `admin_bypass` is unknown.

**Workflows.** Names are compared without regard to case, as GitHub does. They are followed through matrices, reusable
workflows of this repository, the options of a dispatch, and conditions with two outcomes; any other expression is one
that only a run can tell. An environment that is named here by its full name has to be named by some job (`used`): what
no job names guards nothing. Jobs that deploy without naming any environment are `gate-liveness`' business, in its
family `bypass`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from govcheck import globs
from govcheck.actions.environment_words import dynamic, evidence, maybe_used, unused
from govcheck.actions.environments import Use, uses
from govcheck.actions.unseen import unreadable
from govcheck.actions.values import Unknown, fits
from govcheck.constraints import NumberConstraint, SetBound, mapped
from govcheck.constraints import problems as bound_problems
from govcheck.facts import Request
from govcheck.facts.live_answers import LiveAnswers, LiveAnswersRequest
from govcheck.facts.workflows import Workflows
from govcheck.findings import Finding, Fix, Judged, Location
from govcheck.globs import compile_globs
from govcheck.policy import MODEL_CONFIGURATION, Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings.endpoints import (
    ENVIRONMENT_BRANCHES,
    ENVIRONMENT_RULES,
    ENVIRONMENTS,
    PLAN,
    PROTECTED_BRANCHES,
    RULESETS,
)
from govcheck.settings.environment_judging import (
    ALL,
    Wanted,
    absent,
    held_to,
    list_problems,
    minutes,
    unwanted,
    wait_problem,
)
from govcheck.settings.environments import Environments, environments, settings_page
from govcheck.settings.registered import name_of
from govcheck.settings.registry import Setting, of_kind

_KIND = "environment-protection"

Problem = tuple[tuple[str | int, ...], str]


@frozen(kw_only=True)
class WaitConstraint:
    """Bounds of a wait, both inclusive. At least one key is given."""

    __pydantic_config__: ClassVar[dict[str, Any]] = MODEL_CONFIGURATION

    min: str | None = None
    """The wait is this long or longer: `10m`, `1h30m`, `2d`."""

    max: str | None = None
    """The wait is this long or shorter."""


@frozen(kw_only=True)
class EnvironmentProtection(Policy):
    """What protects an environment."""

    kind: Literal["environment-protection"] = "environment-protection"

    environment: str | tuple[str, ...]
    """The environment, or several: names, or globs of names."""

    exists: bool | None = None
    """Whether it exists. An environment of which anything else is asserted has to exist."""

    used: bool = True
    """Whether some job has to name an environment that is given by its full name. `false` where something outside of
    GitHub Actions deploys to it."""

    reviewers: SetBound | None = None
    """Who may approve: `user:LOGIN`, `team:ORGANISATION/SLUG`."""

    min_reviewers: int | None = None
    """How many people and teams may approve, at least. One approval is enough, whatever this says."""

    self_review: Literal["forbidden", "allowed"] | None = None
    """Whether whoever started a deployment may approve it."""

    wait: str | WaitConstraint | None = None
    """How long a deployment waits: `10m` exactly, or `{min: 10m}`."""

    branches: Literal["protected"] | SetBound | None = None
    """Which branches and tags may deploy: `protected`, or patterns as GitHub has them, a tag's as `tag:v*`."""

    admin_bypass: Literal["forbidden", "allowed"] | None = None
    """Whether administrators may deploy without waiting for any rule."""

    custom_rules: SetBound | None = None
    """Custom protection rules that are enabled, by the slugs of their apps."""

    def problems(self) -> Iterator[Problem]:
        """Globs, actors, durations and bounds that are none, and a policy that asserts nothing."""
        if not asserted(self) and self.exists is None and not self.used:
            yield (), "asserts nothing: give at least one of exists, " + ", ".join(one.key for one in of_kind(_KIND))
        if self.exists is False and asserted(self):
            yield ("exists",), "an environment that must not exist has nothing to protect: leave the other keys out"
        for index, pattern in enumerate(_patterns(self)):
            problem = "give a name" if not pattern.strip() else globs.problems(pattern) if _is_glob(pattern) else None
            if problem:
                yield ("environment",) if isinstance(self.environment, str) else ("environment", index), problem
        if not _patterns(self):
            yield ("environment",), "give at least one name"
        lists = {"reviewers": self.reviewers, "branches": self.branches, "custom_rules": self.custom_rules}
        yield from list_problems(lists)
        if self.min_reviewers is not None and self.min_reviewers < 1:
            yield ("min_reviewers",), "write 1 or more: GitHub takes up to six"
        yield from _wait_problems(self.wait)


def asserted(policy: EnvironmentProtection) -> dict[Setting, Wanted]:
    """The settings that the policy gives, with what it wants of each; a wait in minutes."""
    given: dict[str, Wanted | None] = {
        "reviewers": None if policy.reviewers is None else mapped(policy.reviewers, str.lower),
        "min_reviewers": None if policy.min_reviewers is None else NumberConstraint(min=policy.min_reviewers),
        "self_review": policy.self_review,
        "wait": _wait(policy.wait),
        "branches": policy.branches,
        "admin_bypass": policy.admin_bypass,
        "custom_rules": None if policy.custom_rules is None else mapped(policy.custom_rules, str.lower),
    }
    return {setting: wanted for setting in of_kind(_KIND) if (wanted := given[setting.key]) is not None}


def _endpoints(policy: EnvironmentProtection) -> Iterable[tuple[Request, ...]]:
    asked = [ENVIRONMENTS]
    if asserted(policy):
        asked += [RULESETS, PLAN]  # what the owner's plan enforces
    if policy.branches is not None:
        asked += [ENVIRONMENT_BRANCHES, PROTECTED_BRANCHES]
    if policy.custom_rules is not None:
        asked.append(ENVIRONMENT_RULES)
    return [(LiveAnswersRequest(LiveAnswers, tuple(asked)),)]


@check(wants=_endpoints)
def protection(policy: EnvironmentProtection, workflows: Workflows, live: LiveAnswers) -> Iterator[Said]:
    """Live: every environment that the policy names, and every one of those that a job names."""
    wanted = asserted(policy)
    found = environments(live)
    governed = [one for one in found.listed if _governs(policy, one.name)]
    names = tuple(name_of(setting, one.name) for one in governed for setting in wanted)
    yield Judged(max(1, len(governed)) * max(1, len(wanted)), names)
    if policy.exists is not False:
        for environment in governed:
            for setting, asked in wanted.items():
                yield from held_to(environment, setting, asked, live)
    else:
        yield from (unwanted(one, live) for one in governed)
    yield from _missing(policy, found, uses(workflows), live)
    yield from _untold(policy, workflows)


@check(wants=lambda policy: [()] if policy.used and policy.exists is not False else [])
def used(policy: EnvironmentProtection, workflows: Workflows) -> Iterator[Said]:
    """Some job names every environment that the policy names in full."""
    names = [pattern for pattern in _patterns(policy) if not _is_glob(pattern)]
    named = uses(workflows)
    yield Judged(len(names))
    blind = list(unreadable(workflows, "used"))
    idle = [name for name in names if not any(_is(use.name, name) for use in named)]
    if idle:
        yield from blind
    for name in idle:
        doubtful = [use for use in named if isinstance(use.name, Unknown) and _fits(use.name, name)]
        if doubtful:
            yield maybe_used(name, doubtful)
        elif not blind:
            yield unused(name, named)


def _missing(
    policy: EnvironmentProtection, found: Environments, named: tuple[Use, ...], live: LiveAnswers
) -> Iterator[Said]:
    """What the policy or a job names, and is not there."""
    there = {one.name.casefold() for one in found.listed}
    wanted = {pattern.casefold(): pattern for pattern in _patterns(policy) if not _is_glob(pattern)}
    for use in named:
        if isinstance(use.name, str) and _governs(policy, use.name):
            wanted.setdefault(use.name.casefold(), use.name)
    for key, name in wanted.items():
        if key in there:
            continue
        if found.trouble is not None:
            message = f"whether there is an environment {name}, and what protects it, could not be told"
            yield found.trouble.undecided("exists", name, message, Location(setting=ALL))
        elif policy.exists is not False:
            users = [use for use in named if _is(use.name, name)]
            yield absent(name, found, users[0].job.id if users else "", tuple(evidence(users)), live)
    for pattern in filter(_is_glob, _patterns(policy)):
        if found.trouble is not None:
            message = f"which environments {pattern} matches, and what protects them, could not be told"
            yield found.trouble.undecided("exists", pattern, message, Location(setting=ALL))
        elif policy.exists is not False and not any(_matches(pattern, name) for name in (*there, *wanted)):
            yield _matches_nothing(policy, pattern, live)


def _untold(policy: EnvironmentProtection, workflows: Workflows) -> Iterator[Said]:
    """Of globs: the jobs of which only a run can tell what they name, and the files that cannot be read."""
    open_names = [pattern for pattern in _patterns(policy) if _is_glob(pattern)]
    if not open_names or policy.exists is False:
        return
    yield from unreadable(workflows, "exists")
    for use in uses(workflows):
        if isinstance(use.name, Unknown):
            pattern = next((one for one in open_names if _may_match(one, use.name)), None)
            if pattern is not None:
                yield dynamic(use, pattern)


def _matches_nothing(policy: EnvironmentProtection, pattern: str, live: LiveAnswers) -> Finding:
    return Finding(
        control="exists",
        subject=pattern,
        message=f"no environment matches {pattern}, so that this policy governs nothing there",
        plane="live",
        severity="note" if policy.severity == "note" else "warning",
        location=Location(setting=ALL, url=settings_page(None, live)),
        fix=Fix(text="correct the glob, or take it out"),
    )


def _patterns(policy: EnvironmentProtection) -> tuple[str, ...]:
    return (policy.environment,) if isinstance(policy.environment, str) else policy.environment


def _is_glob(pattern: str) -> bool:
    return any(character in pattern for character in "*?[")


def _governs(policy: EnvironmentProtection, name: str) -> bool:
    return any(_matches(pattern, name) for pattern in _patterns(policy))


def _matches(pattern: str, name: str) -> bool:
    if not _is_glob(pattern):
        return pattern.casefold() == name.casefold()
    return compile_globs((pattern.casefold(),)).matches(name.casefold())


def _is(found: str | Unknown, name: str) -> bool:
    return isinstance(found, str) and found.casefold() == name.casefold()


def _may_match(pattern: str, found: Unknown) -> bool:
    """Whether what is known of a name's beginning agrees with that of a glob."""
    known, glob = (found.shape[0] or "").casefold(), re.split(r"[*?\[]", pattern.casefold(), maxsplit=1)[0]
    return known.startswith(glob) or glob.startswith(known)


def _fits(found: Unknown, name: str) -> bool:
    shape = tuple(piece.casefold() if piece is not None else None for piece in found.shape)
    return fits(shape, name.casefold())


def _wait(wait: str | WaitConstraint | None) -> NumberConstraint | None:
    if wait is None:
        return None
    return minutes(wait, None, None) if isinstance(wait, str) else minutes(None, wait.min, wait.max)


def _wait_problems(wait: str | WaitConstraint | None) -> Iterator[Problem]:
    given = {(): wait} if isinstance(wait, str) else {("min",): wait.min, ("max",): wait.max} if wait else {}
    found = {path: wait_problem(written) for path, written in given.items() if written is not None}
    yield from ((("wait", *path), problem) for path, problem in found.items() if problem)
    bound = _wait(wait)
    if bound == NumberConstraint():
        yield ("wait",), "gives no bound: write min or max"
    elif bound is not None and not any(found.values()) and any(bound_problems(bound)):
        yield ("wait",), "no wait is at least the one and at most the other"
