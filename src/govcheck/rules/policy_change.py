"""Policies and waivers change only with the review of somebody who answers for them.

```yaml
kind: policy-change
id: policies-have-owners
why: Whoever changes a policy changes what everybody else is held to.
reviewers: [user:octocat, team:octo/governance]
approvals: 1
weakening: forbidden
```

**Owned**, by the files alone: CODEOWNERS gives an owner to every file that `paths` match, and to itself, since whoever
may change it decides who owns the rest. Where `reviewers` are given, each owner has to be one of them: GitHub asks for
the review of any one owner. Owners are compared by name (`@user` is `user:user`, `@org/team` is `team:org/team`); an
address of mail does not tell whose it is.

**Demanded**, live: the default branch demands the review of a code owner, by whatever mechanism, and where `approvals`
is above 1 so many approvals. What could not be read is unknown.

**Reviewed**, in CI with `--live`, on a pull request that touches one of the paths: where the branch does not demand it,
so many of the `reviewers` have approved. Of each reviewer the latest word counts; a dismissed approval does not, and
the author's own does not. An approval of an older commit counts where the branch does not dismiss stale reviews, and
the report says so. Members of teams are read with `members:read`; without it the approval of somebody who is not named
as `user:` is unknown. Let the workflow run on `pull_request_review` too, so that an approval is seen. A branch that the
pull request does not lead to is not asked: a change of another branch than the default one needs the approvals.

**Weakening: forbidden** means that a change which removes a policy, or lets one demand less, fails whoever approved it:
then it takes two changes, the first of which changes this policy and no other one, with its review. A change of which
nobody can tell the direction is unknown. Waivers have conditions of their own, and are told by `govcheck` itself.

In CI the policies of the base judge, so that a pull request which removes this policy is still held to it.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from govcheck import globs
from govcheck.codeowners.owners import Owner
from govcheck.codeowners.parsing import LOCATIONS, Rule
from govcheck.constraints import NumberConstraint
from govcheck.facts import Request
from govcheck.facts.change import Change
from govcheck.facts.live import DEFAULT_BRANCH, LiveBranch, LiveBranchRequest
from govcheck.facts.policy_changes import PolicyChanges
from govcheck.facts.pull_request import PullRequest
from govcheck.facts.reviews import PullRequestReviews, TeamMembers, TeamMembersRequest
from govcheck.facts.tree import Blobs, BlobsRequest, TrackedFiles
from govcheck.findings import Evidence, Finding, Fix, Held, Judged, Location, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.liveness.gate import Gate, State
from govcheck.liveness.ownership_reading import Ownership, line_of, ownership
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import actors
from govcheck.settings.answers import Trouble
from govcheck.settings.evidence import answered
from govcheck.settings.judging import holds
from govcheck.settings.reviews import Approvals, approvals
from govcheck.settings.verdicts import Judge

_TEAM, _USER = "team:", "user:"
_REVIEWS, _STALE = "code_owner_reviews", "dismiss_stale_reviews"


@frozen(kw_only=True)
class PolicyChangePolicy(Policy):
    """Who has to look at a change of the policies."""

    kind: Literal["policy-change"] = "policy-change"

    paths: tuple[str, ...] = ("policies/**", ".govcheck.yaml")
    """Globs of what is guarded: the folder of the policies, with waivers and overrides, and the configuration. The
    workflow that runs govcheck may be added; the CODEOWNERS file that counts is always guarded."""

    reviewers: tuple[str, ...] = ()
    """Whose approval counts, as actors: `user:login`, `team:organisation/slug`. Default: whoever CODEOWNERS names, and
    then the branch has to demand their review."""

    approvals: int = 1
    """How many of them have to approve."""

    weakening: Literal["review", "forbidden"] = "review"
    """Whether a change that lets a policy demand less is allowed with their review, or not at all."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Globs and actors that are none, and a number of approvals that asks for nothing."""
        if not self.paths:
            yield ("paths",), "guards nothing: leave it out, or name at least one path"
        for index, pattern in enumerate(self.paths):
            if problem := globs.problems(pattern):
                yield ("paths", index), problem
        for index, actor in enumerate(self.reviewers):
            if problem := actors.problem(actor):
                yield ("reviewers", index), problem
            elif not actor.startswith((_TEAM, _USER)) or ":id-" in actor:
                yield ("reviewers", index), f"{actor} cannot be asked for a review: write user:LOGIN, or team:ORG/SLUG"
        if self.approvals < 1:
            yield ("approvals",), "must be 1 or more"

    def guards(self, path: str) -> bool:
        """Whether a path is one of those that are guarded."""
        return path in LOCATIONS or compile_globs(self.paths).matches(path)


def _codeowners(_: PolicyChangePolicy) -> Iterable[tuple[Request, ...]]:
    return [(BlobsRequest(Blobs, LOCATIONS),)]


@check(wants=_codeowners)
def owned(policy: PolicyChangePolicy, tracked: TrackedFiles, blobs: Blobs) -> Iterator[Said]:
    """Every guarded file has an owner, who is one of the reviewers."""
    found = ownership(tracked, blobs)
    itself = found.path if isinstance(found, Ownership) else None
    matching = compile_globs(policy.paths).accepted(tracked.modes)
    paths = list(dict.fromkeys((*matching, *([itself] if itself else ()))))
    yield Judged(len(paths))
    if isinstance(found, Ownership):
        for path in paths:
            yield from _owned(policy, path, found)
    else:
        yield from _nobody(paths, found)


def _nobody(paths: list[str], found: Gate | None) -> Iterator[Said]:
    """There is no CODEOWNERS file, or it counts for nothing, or what it says cannot be told."""
    for path in paths:
        if found is not None and found.state is State.UNTOLD:
            yield Undecided(
                control="owned", subject=path, reason=found.reason, message=found.why, location=found.location
            )
            continue
        why = found.why if found is not None else "there is no CODEOWNERS file"
        yield Finding(
            control="owned",
            subject=path,
            message=f"{display(path)} has no owner: {why}",
            plane="repo",
            location=Location(path=path, line=1),
            fix=Fix(text=f"Write {LOCATIONS[0]}, with a line for it: `/{display(path)} OWNER`"),
        )


def _owned(policy: PolicyChangePolicy, path: str, found: Ownership) -> Iterator[Said]:
    rule = found.owners.decides(path)
    doubt = next((one for one in found.file.skipped if rule is not None and one.line == rule.line), None)
    if doubt is not None:
        why = f"whether {display(path)} has an owner cannot be told: line {doubt.line} of {found.path}: {doubt.message}"
        place = line_of(found.path, doubt)
        yield Undecided(control="owned", subject=path, reason=Reason.UNPARSEABLE, message=why, location=place)
    elif rule is None or not rule.owners:
        yield _unowned(path, rule, found)
    elif policy.reviewers:
        yield from _strangers(policy, path, rule, found)


def _unowned(path: str, rule: Rule | None, found: Ownership) -> Finding:
    how = f"line {rule.line} of it (`{display(rule.pattern)}`) takes its owners off" if rule else "no line matches it"
    return Finding(
        control="owned",
        subject=path,
        message=f"{display(path)} has no owner in {found.path}: {how}",
        plane="repo",
        location=line_of(found.path, rule) if rule else Location(path=path, line=1),
        fix=Fix(text=f"Add `/{display(path)} OWNER` as the last line of {found.path}"),
    )


def _strangers(policy: PolicyChangePolicy, path: str, rule: Rule, found: Ownership) -> Iterator[Said]:
    """Owners whose review GitHub would take, and the policy would not."""
    wanted = {actor.lower() for actor in policy.reviewers}
    strange = [owner for owner in rule.owners if owner.kind != "email" and _actor(owner) not in wanted]
    place = line_of(found.path, rule)
    if strange:
        names = ", ".join(owner.text for owner in strange)
        yield Finding(
            control="owned",
            subject=path,
            message=f"{display(path)} is owned by {names} (line {rule.line} of {found.path}), "
            f"and the policy's reviewers are {', '.join(policy.reviewers)}",
            plane="repo",
            location=place,
            fix=Fix(text="Name the reviewers in that line and nobody else, or add the owner to `reviewers`"),
        )
    elif any(owner.kind == "email" for owner in rule.owners):
        why = f"{display(path)} is owned by an address of mail, which does not tell whether it is a reviewer's"
        yield Undecided(control="owned", subject=path, reason=Reason.DYNAMIC, message=why, location=place)


def _actor(owner: Owner) -> str:
    return f"{_TEAM if owner.kind == 'team' else _USER}{owner.text[1:]}".lower()


def _default_branch(_: PolicyChangePolicy) -> Iterable[tuple[Request, ...]]:
    return [(LiveBranchRequest(LiveBranch, DEFAULT_BRANCH),)]


@check(wants=_default_branch)
def demanded(policy: PolicyChangePolicy, branch: LiveBranch) -> Iterator[Said]:
    """The default branch demands the review of a code owner."""
    judge = Judge.of(branch)
    wanted = _demands(policy)
    yield Judged(len(wanted), tuple(judge.subject.setting(key) for key in wanted))
    if missing := judge.missing():
        yield missing
        return
    for key, bound in wanted.items():
        if said := judge.control(key, bound):
            yield said


def _demands(policy: PolicyChangePolicy) -> dict[str, bool | NumberConstraint]:
    more = {"approvals": NumberConstraint(min=policy.approvals)} if policy.approvals > 1 else {}
    return {_REVIEWS: True, **more}


def _reviews(policy: PolicyChangePolicy) -> Iterable[tuple[Request, ...]]:
    teams = tuple(actor.removeprefix(_TEAM) for actor in policy.reviewers if actor.startswith(_TEAM))
    return [(TeamMembersRequest(TeamMembers, teams), LiveBranchRequest(LiveBranch, DEFAULT_BRANCH))]


@check(wants=_reviews)
def reviewed(  # noqa: PLR0917 - the engine gives facts by position
    policy: PolicyChangePolicy,
    change: Change,
    pull_request: PullRequest,
    reviews: PullRequestReviews,
    members: TeamMembers,
    branch: LiveBranch,
) -> Iterator[Said]:
    """A pull request that touches the policies is approved, or cannot be merged before it is."""
    sides = {path for one in change.paths for path in (one.path, one.previous_path) if path is not None}
    touched = sorted(path for path in sides if policy.guards(path))
    if not touched:
        return
    yield Judged(1)
    subject = f"pull/{pull_request.number}"
    controls = Judge.of(branch).protection.controls
    leads_there = pull_request.base_branch == branch.branch
    if leads_there and all(holds(controls[key], wanted) for key, wanted in _demands(policy).items()):
        why = f"{branch.branch} demands the review of a code owner before this is merged"
        yield Held(control="reviewed", subject=subject, message=why, location=Location(path=touched[0]))
        return
    about = _About(policy, subject, touched, reviews)
    found = approvals(reviews, members, policy.reviewers, pull_request.head_commit)
    if not policy.reviewers:
        why = "no branch demands the review of a code owner, and the policy names no `reviewers`"
        yield about.finding(why)
    elif isinstance(found, Trouble):
        yield about.undecided(found)
    else:
        yield _approved(about, found, holds(controls[_STALE], wanted=True) if leads_there else None)


@frozen
class _About:
    policy: PolicyChangePolicy
    subject: str
    touched: list[str]
    reviews: PullRequestReviews

    @property
    def what(self) -> str:
        more = f" and {len(self.touched) - 1} more" if len(self.touched) > 1 else ""
        return f"{self.subject} changes {display(self.touched[0])}{more}"

    def finding(self, why: str) -> Finding:
        who = f"let {self.policy.approvals} of {', '.join(self.policy.reviewers)} approve its newest commit"
        return Finding(
            control="reviewed",
            subject=self.subject,
            message=f"{self.what}, and {why}",
            plane="live",
            location=Location(path=self.touched[0]),
            fix=Fix(text=who if self.policy.reviewers else "demand it on the default branch, or name `reviewers`"),
            evidence=(
                *(Evidence(text=f"changed: {display(path)}") for path in self.touched[1:5]),
                answered(self.reviews.answer),
            ),
        )

    def undecided(self, trouble: Trouble) -> Undecided:
        message = f"whether {self.subject} is approved cannot be told: {trouble.message}"
        return trouble.undecided("reviewed", self.subject, message, Location(path=self.touched[0]))

    def held(self, why: str) -> Held:
        place = Location(path=self.touched[0])
        return Held(control="reviewed", subject=self.subject, message=f"{self.what}, {why}", location=place)


def _approved(about: _About, found: Approvals, stale_dismissed: bool | None) -> Said:  # noqa: FBT001 - three-valued
    wanted = about.policy.approvals
    older = f"of an older commit: {', '.join(found.stale)}" if found.stale else ""
    known = len(found.fresh) + (len(found.stale) if stale_dismissed is False else 0)
    possible = len(found.fresh) + len(found.stale) * (stale_dismissed is not True) + len(found.doubtful)
    if known >= wanted:
        counted = len(found.fresh) < wanted
        late = f" ({older}, which counts as the branch does not dismiss stale reviews)" if counted else ""
        return about.held(f"approved by {', '.join((*found.fresh, *found.stale * counted))}{late}")
    if possible >= wanted and found.trouble is not None and found.doubtful:
        return about.undecided(found.trouble)
    if possible >= wanted:
        why = f"an approval is {older}, and whether the branch dismisses stale reviews could not be read"
        return about.undecided(Trouble(reason=Reason.PERMISSION, message=why, permission="administration:read"))
    has = f"{known} of the {wanted} approvals that it needs of {', '.join(about.policy.reviewers)}"
    late = f" ({older}, which does not count as the branch dismisses stale reviews)" if older else ""
    return about.finding(f"has {has}{late}")


def _where_forbidden(policy: PolicyChangePolicy) -> Iterable[tuple[Request, ...]]:
    return [()] if policy.weakening == "forbidden" else []


@check(wants=_where_forbidden)
def weakening(policy: PolicyChangePolicy, changes: PolicyChanges) -> Iterator[Said]:
    """No policy demands less than before."""
    yield Judged(len(changes.changes))
    if [one.policy for one in changes.changes] == [policy.id]:
        return  # who wants to weaken another one begins here, and nothing goes along unseen
    for one in changes.changes:
        place = Location(path=one.path, line=one.line)
        keys = f" ({', '.join(one.keys)})" if one.keys else ""
        if one.effect in {"removes", "weakens"}:
            yield Finding(
                control="weakening",
                subject=one.policy,
                message=f"this change {one.effect} the policy {one.policy}{keys}, and {policy.id} forbids it",
                plane="repo",
                location=place,
                direction="weakened",
                fix=Fix(text=f"Leave it as strong as it is, or change `weakening` of {policy.id} first, on its own"),
            )
        elif one.effect == "changes":
            why = f"whether this change weakens the policy {one.policy} cannot be told{keys}"
            yield Undecided(control="weakening", subject=one.policy, reason=Reason.DYNAMIC, message=why, location=place)
