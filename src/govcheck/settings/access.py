"""What all lists of who and what can reach a repository have in common: whose they are, where they stand."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from govcheck.constraints import SetBound, demanded_members
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Finding, Held, Location, Undecided
from govcheck.records import replace
from govcheck.settings.answers import State, hidden, incomplete, unparseable, verdict
from govcheck.settings.bodies import Body, UnexpectedShapeError, objects_of
from govcheck.settings.endpoints import ENDPOINTS
from govcheck.settings.members import SUBJECT, Asked, judge
from govcheck.settings.owners import is_owned_by_user, owner_name
from govcheck.settings.reading import Reading, answer_of, read
from govcheck.settings.registry import Setting

ORGANISATION = "orgs/{org}"
MEMBERS = "orgs/{org}/members?filter=2fa_disabled"
_ONLY_FOR_OWNERS = "two_factor_requirement_enabled"
_PAGES = {"webhooks": "hooks", "deploy_keys": "keys", "apps": "installations", "autolinks": "key_links"}
"""Where the page of a list has another name than `access`, below the repository's settings."""

_Read = TypeVar("_Read")


def location(setting: Setting, live: LiveAnswers) -> Location:
    """The setting's name, and the page on which a person sees it."""
    body = live.repository.body
    page = body.get("html_url") if isinstance(body, dict) else None
    known = isinstance(page, str) and page.startswith("https://")
    return Location(setting=setting.name, url=f"{page}/settings/{_PAGES.get(setting.key, 'access')}" if known else None)


def is_out_of_place(setting: Setting, live: LiveAnswers) -> bool:
    """Whether only an organisation has it, and a user owns the repository."""
    return ENDPOINTS[setting.endpoint].organisation and is_owned_by_user(live.repository)


def out_of_place(setting: Setting, live: LiveAnswers) -> Held:
    """Says that a setting is nothing that this repository can have."""
    return Held(
        control=setting.key,
        subject=SUBJECT,
        message=f"not applicable: {owner_name(live.repository)} is a user, and only organisations have {setting.title}",
        location=location(setting, live),
    )


def judge_list(
    setting: Setting, wanted: SetBound, live: LiveAnswers, *, folded: bool
) -> Iterator[Finding | Undecided | Held]:
    """One list, member by member."""
    asked = Asked(setting=setting, wanted=wanted, location=location(setting, live), folded=folded)
    if not is_out_of_place(setting, live):
        yield from judge(asked, _proven(setting, live))
    elif demanded_members(wanted):
        yield from judge(asked, Reading([]))
    else:
        yield out_of_place(setting, live)


def _proven(setting: Setting, live: LiveAnswers) -> Reading:
    """What a list has; where GitHub may answer with a part of it, an owner has to have been asked."""
    found = read(setting, live)
    if setting.endpoint != MEMBERS or found.trouble is not None:
        return found
    organisation = answer_of(ORGANISATION, live)
    body = organisation.body
    if isinstance(body, dict) and body.get(_ONLY_FOR_OWNERS) is not None:
        return found
    what = f"nothing shows that the token is an owner's (`{_ONLY_FOR_OWNERS}` is kept back), and others get a part"
    return replace(found, trouble=hidden(organisation, what, setting.permission or None))


def entries(
    setting: Setting, live: LiveAnswers, reader: Callable[[Body], _Read]
) -> tuple[list[_Read], list[Undecided]]:
    """What a list of documents has in it; and what of it, or that all of it, could not be read."""
    answer = answer_of(setting.endpoint, live)
    judged, place = verdict(answer), location(setting, live)
    if judged.trouble is not None:
        message = f"the {setting.title} could not be told: {judged.trouble.message}"
        return [], [judged.trouble.undecided(setting.key, SUBJECT, message, place)]
    if judged.state is not State.ON:
        return [], []
    found, untold = [], []
    try:
        documents = objects_of(answer.body, setting.key)
    except UnexpectedShapeError as error:
        trouble = unparseable(answer, str(error))
        return [], [trouble.undecided(setting.key, SUBJECT, trouble.message, place)]
    for number, document in enumerate(documents, 1):
        try:
            found.append(reader(document))
        except UnexpectedShapeError as error:
            trouble = unparseable(answer, f"number {number} of the {setting.title}: {error}")
            untold.append(trouble.undecided(setting.key, f"number {number}", trouble.message, place))
    if not answer.complete:
        trouble = incomplete(answer)
        untold.append(trouble.undecided(setting.key, SUBJECT, trouble.message, place))
    return found, untold
