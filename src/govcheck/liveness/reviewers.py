"""Whether as many people can approve as a branch demands: an author cannot approve what is their own.

Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/about-pull-request-reviews
"Pull request authors cannot approve their own pull requests"; of approvals those count whose givers may write.
"""

from collections.abc import Iterator

from govcheck.facts.live import LiveBranch
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness.gate import Gate, State
from govcheck.settings.answers import Trouble, incomplete, unparseable, verdict
from govcheck.settings.bodies import UnexpectedShapeError
from govcheck.settings.bypass import bypass
from govcheck.settings.endpoints import REPOSITORY
from govcheck.settings.people import Person, people
from govcheck.settings.places import page, setting
from govcheck.settings.protection import EffectiveControl, effective_protection, main_trouble
from govcheck.settings.reading import answer_of

COLLABORATORS = f"{REPOSITORY}/collaborators"
_APPROVALS = "approvals"
_MOST_NAMES = 5


def gates(branch: LiveBranch, live: LiveAnswers) -> Iterator[Gate]:
    """The approvals that a branch demands; nothing where it demands none."""
    effective = effective_protection(branch).controls[_APPROVALS]
    needed = effective.value if isinstance(effective.value, int) else 0
    able, trouble = _able(live)
    if not needed and not effective.unread:
        return
    if needed and trouble is None and len(able) <= needed:
        yield _dead(branch, effective, needed, able)
    elif effective.unread:
        yield _untold(branch, main_trouble(effective.unread))
    elif trouble is not None and len(able) <= needed:
        yield _untold(branch, trouble)
    else:
        why = f"{branch.branch} demands {_approvals(needed)}, and {_named(able)} can approve"
        yield _gate(branch, State.ALIVE, why)


def _able(live: LiveAnswers) -> tuple[tuple[Person, ...], Trouble | None]:
    """The people whose approvals count, as far as they could be read."""
    answer = answer_of(COLLABORATORS, live)
    judged = verdict(answer)
    if judged.trouble is not None:
        return (), judged.trouble
    try:
        found = tuple(person for person in people(answer.body) if person.may_write)
    except UnexpectedShapeError as error:
        return (), unparseable(answer, str(error))
    return found, None if answer.complete else incomplete(answer)


def _dead(branch: LiveBranch, effective: EffectiveControl, needed: int, able: tuple[Person, ...]) -> Gate:
    what = "no pull request at all" if len(able) < needed else "no pull request of somebody who can approve"
    around = sorted(bypass(effective).possible)
    way = f", other than by going around it ({', '.join(around)} can)" if around else ""
    why = (
        f"{branch.branch} demands {_approvals(needed)}, and {_named(able)} can approve, nobody their own: "
        f"{what} can be merged{way}"
    )
    sources = tuple(Evidence(text=f"{one.source.name} demands it") for one in effective.given)
    fix = f"Let more people write ({needed + 1} are needed), or demand {_approvals(max(0, len(able) - 1))} at most"
    return _gate(branch, State.DEAD, why, evidence=sources, fix=Fix(text=fix))


def _untold(branch: LiveBranch, trouble: Trouble) -> Gate:
    why = f"whether enough people can approve for {branch.branch} cannot be told: {trouble.message}"
    return _gate(branch, State.UNTOLD, why, trouble=trouble)


def _gate(
    branch: LiveBranch,
    state: State,
    why: str,
    *,
    evidence: tuple[Evidence, ...] = (),
    fix: Fix | None = None,
    trouble: Trouble | None = None,
) -> Gate:
    return Gate(
        family="cannot-go-green",
        subject=f"{branch.branch}:{_APPROVALS}",
        state=state,
        why=why,
        location=Location(setting=setting(branch.branch, _APPROVALS), url=page(branch, "settings/branches")),
        plane="live",
        evidence=evidence,
        fix=fix,
        trouble=trouble,
    )


def _approvals(number: int) -> str:
    return f"{number} approval{'s' * (number != 1)}"


def _named(able: tuple[Person, ...]) -> str:
    if not able:
        return "nobody"
    names = [person.actor for person in able[:_MOST_NAMES]]
    more = f" and {len(able) - len(names)} more" if len(able) > len(names) else ""
    return f"{len(able)} {'person' if len(able) == 1 else 'people'} ({', '.join(names)}{more})"
