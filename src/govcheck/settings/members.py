"""Holding a live list to what a policy wants of it, member by member: each has a finding of its own.

A member may say more than its name: `team:octo/core=write`. A policy that names it without the rest means it whatever
the rest is.
"""

from collections.abc import Iterable, Iterator, Mapping

from govcheck.constraints import SetBound, allowed_members, demanded_members, mapped, members, words
from govcheck.findings import Direction, Evidence, Finding, Fix, Location, Undecided
from govcheck.records import frozen
from govcheck.settings.answers import Trouble
from govcheck.settings.judging import as_json
from govcheck.settings.reading import Reading
from govcheck.settings.registry import Setting
from govcheck.settings.strength import Strength

SUBJECT = "repository"
"""What a list is of, where no member of it is meant."""


@frozen(kw_only=True)
class Asked:
    """One list, with what a policy wants of it."""

    setting: Setting
    wanted: SetBound
    location: Location
    folded: bool = True
    """Whether names do not tell cases apart, as with logins and slugs."""

    evidence: Mapping[str, Evidence] | None = None
    """What there is to say of single members."""


def judge(asked: Asked, found: Reading) -> Iterator[Finding | Undecided]:
    """Every member that should not be there or is missing; and what could not be told."""
    listed = [str(member) for member in found.value] if isinstance(found.value, list) else []
    wanted = mapped(asked.wanted, str.lower) if asked.folded else asked.wanted
    live = named_as(listed, members(wanted), folded=asked.folded)
    allowed, demanded = allowed_members(wanted), demanded_members(wanted)
    for name in () if allowed is None else sorted(live.keys() - allowed):
        yield _finding(asked, wanted, name, live[name])
    missing = sorted(demanded - live.keys())
    if found.trouble is not None and (allowed is not None or missing):
        yield _undecided(asked, wanted, found.trouble)
    elif found.trouble is None:
        yield from (_finding(asked, wanted, name, None) for name in missing)


def named_as(listed: Iterable[str], names: Iterable[str], *, folded: bool) -> dict[str, str]:
    """The live members by the name that a policy has for them, or else by their whole text."""
    known = set(names)
    found: dict[str, str] = {}
    for member in listed:
        whole = member.lower() if folded else member
        # `PREFIX=https://...?a=b`: a name, and then what it says; the name itself may have the sign in it.
        cuts = [whole[:place] for place, sign in enumerate(whole) if sign == "="]
        name = whole if whole in known else next((cut for cut in cuts if cut in known), whole)
        found[name] = member
    return found


def _finding(asked: Asked, wanted: SetBound, name: str, live: str | None) -> Finding:
    setting, there = asked.setting, live is not None
    told = words(wanted)
    what = f"{live} is" if there else f"{name} is not"
    do = f"Take {name} away" if there else f"Add {name}"
    known = (asked.evidence or {}).get(live or name)
    return Finding(
        control=setting.key,
        subject=name,
        message=f"{what} among the {setting.title}, where the policy wants {told}",
        plane="live",
        location=asked.location,
        expected=as_json(asked.wanted),
        actual=live,
        direction=_direction(setting, there=there),
        fix=Fix(text=f"{do}, or change the policy"),
        evidence=(known,) if known else (),
    )


def _direction(setting: Setting, *, there: bool) -> Direction:
    if setting.strength is Strength.CHOICE:
        return "weakened" if there else "strengthened"
    return "changed"


def _undecided(asked: Asked, wanted: SetBound, trouble: Trouble) -> Undecided:
    message = f"the {asked.setting.title} could not be told, where the policy wants {words(wanted)}: {trouble.message}"
    return trouble.undecided(asked.setting.key, SUBJECT, message, asked.location)
