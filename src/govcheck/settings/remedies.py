"""How each control is changed: the clicks in GitHub's own words, and the command where one endpoint does just that.

There is no command for what only a PUT of the whole protection can change: what such a PUT leaves out is switched off.
Sources: https://docs.github.com/en/rest/branches/branch-protection, and the labels of the two settings pages.
"""

import shlex
from collections.abc import Mapping

from govcheck.facts.live import LiveBranch
from govcheck.findings import Fix
from govcheck.records import frozen
from govcheck.settings import classic
from govcheck.settings.actors import ADMIN, implied
from govcheck.settings.layers import Given, Source
from govcheck.settings.places import repository_of
from govcheck.settings.protection import EffectiveControl, EffectiveProtection
from govcheck.settings.subjects import Subject


@frozen
class Remedy:
    """The way to make one control stronger; `{wanted}` is what is wanted of it."""

    ruleset: str | None
    """What to do on a ruleset's page; None where rulesets have no such thing."""

    classic: str | None = None
    """What to do on the page of a classic protection rule."""

    command: str | None = None
    """Arguments of `gh api` under the branch's `protection/`; `{value}` is the plain value."""

    parent: str | None = None
    """The control without which the command's endpoint is not there."""


def _same(label: str, command: str | None = None, parent: str | None = None) -> Remedy:
    return Remedy(f"tick “{label}”", f"tick “{label}”", command, parent)


_REVIEWS = "-X PATCH {protection}/required_pull_request_reviews -F"
_PULL_REQUESTS = "pull_requests"
_ALLOWANCES = "Allow specified actors to bypass required pull requests"
_ADMINS_TOO = "tick “Do not allow bypassing the above settings” in Settings → Branches"

REMEDIES: Mapping[str, Remedy] = {
    "pull_requests": _same("Require a pull request before merging"),
    "approvals": Remedy(
        "set “Required approvals” to {wanted}",
        "set “Required number of approvals before merging” to {wanted}",
        f"{_REVIEWS} required_approving_review_count={{value}}",
        _PULL_REQUESTS,
    ),
    "dismiss_stale_reviews": _same(
        "Dismiss stale pull request approvals when new commits are pushed",
        f"{_REVIEWS} dismiss_stale_reviews=true",
        _PULL_REQUESTS,
    ),
    "code_owner_reviews": _same(
        "Require review from Code Owners", f"{_REVIEWS} require_code_owner_reviews=true", _PULL_REQUESTS
    ),
    "last_push_approval": _same(
        "Require approval of the most recent reviewable push",
        f"{_REVIEWS} require_last_push_approval=true",
        _PULL_REQUESTS,
    ),
    "review_dismissals": Remedy(
        "under “Require a pull request before merging”, restrict who can dismiss reviews to {wanted}",
        "under “Restrict who can dismiss pull request reviews”, list {wanted}",
    ),
    "required_reviewers": Remedy("under “Require review from specific teams”, list {wanted}"),
    "conversation_resolution": _same("Require conversation resolution before merging"),
    "merge_methods": Remedy("under “Allowed merge methods”, leave {wanted}"),
    "status_checks": Remedy(
        "under “Require status checks to pass”, list {wanted}",
        "under “Require status checks to pass before merging”, list {wanted}",
        "-X POST {protection}/required_status_checks/contexts {value}",
        "status_checks",
    ),
    "strict_status_checks": _same(
        "Require branches to be up to date before merging",
        "-X PATCH {protection}/required_status_checks -F strict=true",
        "status_checks",
    ),
    "deployments": Remedy(
        "under “Require deployments to succeed”, list {wanted}",
        "under “Require deployments to succeed before merging”, list {wanted}",
    ),
    "code_scanning": Remedy("under “Require code scanning results”, list {wanted}"),
    "code_scanning_alerts": Remedy("under “Require code scanning results”, set the alerts threshold: {wanted}"),
    "code_scanning_security_alerts": Remedy(
        "under “Require code scanning results”, set the security alerts threshold: {wanted}"
    ),
    "workflow_refs": Remedy("under “Require workflows to pass before merging”, take them at {wanted}"),
    "workflows": Remedy("under “Require workflows to pass before merging”, list {wanted}"),
    "merge_queue": _same("Require merge queue"),
    "merge_queue_methods": Remedy("under “Require merge queue”, set “Merge method” to {wanted}"),
    "merge_queue_all_green": Remedy(
        "under “Require merge queue”, tick “Require all queue entries to pass required checks”"
    ),
    "merge_queue_check_timeout": Remedy("under “Require merge queue”, set “Status check timeout” to {wanted}"),
    "merge_queue_max_entries_to_build": Remedy("under “Require merge queue”, set “Build concurrency” to {wanted}"),
    "merge_queue_max_entries_to_merge": Remedy("under “Require merge queue”, set “Maximum group size” to {wanted}"),
    "merge_queue_min_entries_to_merge": Remedy("under “Require merge queue”, set “Minimum group size” to {wanted}"),
    "merge_queue_min_entries_wait": Remedy(
        "under “Require merge queue”, set “Wait time to meet minimum group size” to {wanted}"
    ),
    "copilot_reviews": Remedy("tick “Automatically request Copilot code review”"),
    "copilot_reviews_on_push": Remedy("under “Automatically request Copilot code review”, tick “Review new pushes”"),
    "copilot_reviews_of_drafts": Remedy(
        "under “Automatically request Copilot code review”, tick “Review draft pull requests”"
    ),
    "license_compliance": Remedy("switch the license compliance rule on"),
    "signatures": _same("Require signed commits", "-X POST {protection}/required_signatures"),
    "linear_history": _same("Require linear history"),
    "force_pushes": Remedy("tick “Block force pushes”", "untick “Allow force pushes”"),
    "deletions": Remedy("tick “Restrict deletions”", "untick “Allow deletions”"),
    "creations": Remedy(
        "tick “Restrict creations”",
        "tick “Restrict who can push to matching branches” and “Restrict pushes that create matching branches”",
    ),
    "updates": Remedy("tick “Restrict updates”", "tick “Lock branch”"),
    "fork_syncing": Remedy("untick “Allow fork syncing”", "untick “Allow fork syncing”"),
    "push_restrictions": Remedy(
        "tick “Restrict updates”, and list {wanted} as bypass actors",
        "under “Restrict who can push to matching branches”, list {wanted}",
    ),
    "commit_message_patterns": Remedy("under “Restrict commit metadata”, require {wanted}"),
    "commit_author_email_patterns": Remedy("under “Restrict commit metadata”, require {wanted}"),
    "committer_email_patterns": Remedy("under “Restrict commit metadata”, require {wanted}"),
    "branch_name_patterns": Remedy("under “Restrict branch names”, require {wanted}"),
    "tag_name_patterns": Remedy("under “Restrict tag names”, require {wanted}"),
    "restricted_file_paths": Remedy("under “Restrict file paths”, list {wanted}"),
    "restricted_file_extensions": Remedy("under “Restrict file extensions”, list {wanted}"),
    "max_file_size": Remedy("set “Restrict file size” to {wanted}"),
    "max_file_path_length": Remedy("set “Restrict file path length” to {wanted}"),
}
"""By the control's key."""


def strengthen(
    branch: LiveBranch,
    protection: EffectiveProtection,
    effective: EffectiveControl,
    wanted: str,
    value: str | None,
    *,
    subject: Subject,
) -> Fix:
    """How to bring a control up to what is wanted.

    Args:
        branch: What was read of the branch.
        protection: What it adds up to.
        effective: The control.
        wanted: What is wanted, in words.
        value: The plain value for a command, where there is one.
        subject: How what is guarded is named.
    """
    if protection.unavailable:
        return Fix(
            text="Move the account to a plan that protects this repository's branches and tags, or make it public"
        )
    remedy = REMEDIES[effective.control.key]
    place = _place(protection, effective, remedy)
    if place is None:
        return Fix(
            text=f"In Settings → Rules → Rulesets, make a {subject.target} ruleset{subject.of} and "
            f"{(remedy.ruleset or '').format(wanted=wanted)}"
        )
    if place.ruleset is not None:
        return Fix(text=f"In Settings → Rules → Rulesets, open {place.name} and {_filled(remedy.ruleset, wanted)}")
    text = f"In Settings → Branches, edit the rule{subject.of} and {_filled(remedy.classic, wanted)}"
    return Fix(text=text, command=_command(branch, protection, remedy, value) if subject.is_branch else None)


def relax(effective: EffectiveControl) -> Fix:
    """How to bring a control down to what is wanted, or the policy up to what is live."""
    sources = ", ".join(dict.fromkeys(one.source.name for one in effective.given))
    return Fix(text=f"Relax it in {sources}, or change the policy" if sources else "Change the policy")


def keep_out(actors: frozenset[str], given: list[Given], permitted: frozenset[str]) -> Fix:
    """How to stop actors from going around layers: by each list that lets them through, and by its own switch."""
    rights = frozenset[str]().union(*(implied(actor) for actor in actors)) - (permitted - actors)
    ways: dict[str, set[str]] = {}
    for one in given:
        for actor in {passer.actor for passer in one.passers.known} & rights:
            place = f"the bypass list of {one.source.name}"
            if one.source.name == classic.CLASSIC:
                place = "" if actor == ADMIN else f"“{_ALLOWANCES}” in Settings → Branches"
            ways.setdefault(place, set()).add(actor)
    switch = [_ADMINS_TOO] if ways.pop("", None) else []
    text = " and ".join([*switch, *(f"take {', '.join(sorted(who))} off {place}" for place, who in ways.items())])
    return Fix(text=text[:1].upper() + text[1:])


def include_admins(branch: LiveBranch, subject: Subject) -> Fix:
    """How to bind administrators by what is in force."""
    text = (
        f"{_ADMINS_TOO[:1].upper()}{_ADMINS_TOO[1:]}, and take administrators off the bypass list of every ruleset in "
        "Settings → Rules → Rulesets"
    )
    body, _ = classic.document(branch)
    has_endpoint = body is not None and subject.is_branch
    return Fix(text=text, command=f"gh api -X POST {_protection(branch)}/enforce_admins" if has_endpoint else None)


def _place(protection: EffectiveProtection, effective: EffectiveControl, remedy: Remedy) -> Source | None:
    """The layer to change: one that gives this control already, else one that gives another, else None."""
    everything = [one for control in protection.controls.values() for one in control.given]
    for given in (*effective.given, *everything):
        if given.source.ruleset is not None and remedy.ruleset:
            return given.source
        if given.source.name == classic.CLASSIC and remedy.classic:
            return given.source
    return None


def _command(branch: LiveBranch, protection: EffectiveProtection, remedy: Remedy, value: str | None) -> str | None:
    if remedy.command is None or ("{value}" in remedy.command and value is None):
        return None
    parent = protection.controls[remedy.parent] if remedy.parent else None
    if parent and not any(one.source.name == classic.CLASSIC for one in parent.given):
        return None
    return "gh api " + remedy.command.format(protection=_protection(branch), value=value)


def _protection(branch: LiveBranch) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - see `places.setting`

    return shlex.quote(f"repos/{repository_of(branch)}/branches/{quote(branch.branch, safe='')}/protection")


def _filled(phrase: str | None, wanted: str) -> str:
    return (phrase or "").format(wanted=wanted)
