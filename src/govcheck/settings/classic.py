"""Classic branch protection as a layer; and the little of it that the branch itself tells every token."""

from collections.abc import Iterator, Mapping

from govcheck.facts.live import LiveBranch
from govcheck.settings.actors import ADMIN, Names, Passer, listed_actors, listed_names, listed_teams
from govcheck.settings.answers import State, Trouble, unparseable, verdict
from govcheck.settings.apps import APP_IDS
from govcheck.settings.bodies import Body, UnexpectedShapeError, flag, objects_of, part, text
from govcheck.settings.classic_rules import beyond_rest
from govcheck.settings.control import Control
from govcheck.settings.controls import CONTROLS
from govcheck.settings.layers import Document, Given, Passers, Said, Source, Unread, not_told, say
from govcheck.settings.places import owner_of, page
from govcheck.settings.readers import NotToldError, Surroundings, classic_contexts
from govcheck.settings.readers import beyond_rest as told_beyond_rest

CLASSIC = "classic protection"
_OK = 200

READ_KEYS: Mapping[str, frozenset[str]] = {
    "required_status_checks": frozenset({"checks", "contexts", "strict"}),
    "enforce_admins": frozenset(),
    "required_pull_request_reviews": frozenset(
        {
            "required_approving_review_count",
            "dismiss_stale_reviews",
            "require_code_owner_reviews",
            "require_last_push_approval",
            "dismissal_restrictions",
            "bypass_pull_request_allowances",
        }
    ),
    "restrictions": frozenset({"users", "teams", "apps", "users_url", "teams_url", "apps_url"}),
    "required_linear_history": frozenset(),
    "allow_force_pushes": frozenset(),
    "allow_deletions": frozenset(),
    "block_creations": frozenset(),
    "required_conversation_resolution": frozenset(),
    "required_signatures": frozenset(),
    "lock_branch": frozenset(),
    "allow_fork_syncing": frozenset(),
}
"""The parts of the document that controls read, each with the keys in it that they read."""

_ALLOWANCES = "required_pull_request_reviews.bypass_pull_request_allowances"
_NAMED_LISTS = ("restrictions", "required_pull_request_reviews.dismissal_restrictions", _ALLOWANCES)
_CONTROLS = {key: control for key, control in CONTROLS.items() if control.classic}


def said(branch: LiveBranch) -> Iterator[Said]:
    """What classic protection says about a branch."""
    body, trouble = document(branch)
    source = Source(CLASSIC, page(branch, "settings/branches"))
    if body is not None:
        owner = owner_of(branch)
        beyond = beyond_rest(branch, owner, queue_by_ruleset=_has_queue(branch))
        around = Surroundings(owner, names(branch), beyond)
        whole = Document(body, branch.protection, around, source)
        for control in _CONTROLS.values():
            if control.classic:
                yield from say(control, control.classic, whole, _passers(branch, body, control, around))
    if trouble is not None:
        yield from _without_document(branch, source, trouble)


def document(branch: LiveBranch) -> tuple[Body | None, Trouble | None]:
    """Classic protection's document: (document, None), (None, why not), or (None, None) where there is none."""
    judged = verdict(branch.protection)
    if judged.trouble is not None:
        return None, None if _summary_says_off(branch) else judged.trouble
    if judged.state is not State.ON:
        return None, None
    if not isinstance(branch.protection.body, dict):
        return None, unparseable(branch.protection, "expected an object")
    return branch.protection.body, None


def unprotected(branch: LiveBranch) -> bool:
    """Whether the branch says that neither mechanism protects it: a "no" that any token may trust."""
    return _summary_flag(branch, "protected") is False


def names(branch: LiveBranch) -> Names:
    """Names of actors that rulesets have by number only: teams, those of classic protection, well-known apps."""
    body, _ = document(branch)
    known: dict[tuple[str, int], str] = {}
    if (page(branch, "") or "").startswith("https://github.com/"):
        known = {("app", app): f"app:{slug}" for slug, app in APP_IDS.items()}
    if branch.teams is not None and branch.teams.status == _OK:
        known |= listed_teams(branch.teams.body, owner_of(branch))
    return known | ({} if body is None else dict(listed_names(body, _NAMED_LISTS, owner_of(branch))))


def summary_checks(branch: LiveBranch) -> Body | None:
    """Classic protection's status checks, as the branch tells them to tokens that cannot read the protection itself.

    Returns:
        An object with `required_status_checks` in it, or None where the branch does not tell.
    """
    body = branch.summary.body
    if not branch.summary.good or not isinstance(body, dict):
        return None
    try:
        found = part(body, "protection")
        if not isinstance(found, dict) or text(found, "required_status_checks.enforcement_level") is None:
            return None
        classic_contexts(found, Surroundings("", {}))
    except UnexpectedShapeError:  # then classic protection stays unread, as its own answer says
        return None
    return found


def _without_document(branch: LiveBranch, source: Source, trouble: Trouble) -> Iterator[Said]:
    unread = frozenset(_CONTROLS)
    checks = summary_checks(branch)
    if checks is not None:
        unread -= {"status_checks"}
        contexts = classic_contexts(checks, Surroundings("", {}))
        level = text(checks, "required_status_checks.enforcement_level")
        admins = frozenset[Passer]() if level == "everyone" else frozenset({Passer(ADMIN)})
        if contexts and level != "off":
            yield Given(control="status_checks", value=contexts, source=source, passers=Passers(admins))
    yield Unread(source=source, controls=unread, trouble=trouble)


def _has_queue(branch: LiveBranch) -> bool:
    try:
        return any(rule.get("type") == "merge_queue" for rule in objects_of(branch.rules.body, "rules"))
    except UnexpectedShapeError:  # then nobody knows
        return True


def _passers(branch: LiveBranch, body: Body, control: Control, around: Surroundings) -> Passers:
    known = frozenset[Passer]()
    try:
        if not flag(body, "enforce_admins.enabled"):
            known |= {Passer(ADMIN)}
        if control.reviews:
            known |= {Passer(actor) for actor in listed_actors(body, _ALLOWANCES, owner_of(branch)) or ()}
    except UnexpectedShapeError as error:
        return Passers(known, unparseable(branch.protection, str(error)), admins_told=False)
    if control.key == "force_pushes":
        try:
            told = told_beyond_rest(around, "who may force-push in spite of classic protection")
        except NotToldError as error:
            return Passers(known, not_told(branch.protection, error))
        known |= {Passer(actor) for actor in told.force_pushers}
    return Passers(known)


def _summary_says_off(branch: LiveBranch) -> bool:
    return unprotected(branch) or _summary_flag(branch, "protection.enabled") is False


def _summary_flag(branch: LiveBranch, path: str) -> bool | None:
    if not branch.summary.good or not isinstance(branch.summary.body, dict):
        return None
    try:
        return flag(branch.summary.body, path)
    except UnexpectedShapeError:  # no flag is no news: the other answers decide
        return None
