"""Holding settings to what a policy wants of them: whatever the kind, whatever the setting."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from govcheck.constraints import Bound, NumberConstraint, SetConstraint, holds, words
from govcheck.constraints import problems as bound_problems
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Direction, Evidence, Finding, Fix, Json, Judged, Location, Reason, Undecided
from govcheck.records import replace
from govcheck.settings.answers import Trouble, unparseable
from govcheck.settings.commands import command
from govcheck.settings.endpoints import ACTIONS, GRAPHQL, REPOSITORY
from govcheck.settings.evidence import answered
from govcheck.settings.judging import as_json
from govcheck.settings.reading import Reading, answer_of, cap_of, read, ruled_out, said_value, with_deciding
from govcheck.settings.registry import Setting, of_kind
from govcheck.settings.strength import Strength

Wanted = bool | str | Bound | Mapping[str, str | bool | tuple[str, ...]]
"""What a policy wants of a setting; a mapping wants something of each member that it names."""

Said = Finding | Undecided | Judged
Reader = Callable[[Setting, LiveAnswers], Reading]

_PAGES = (
    (f"{ACTIONS}/workflows", "actions"),
    (f"{ACTIONS}/runners", "settings/actions/runners"),
    (f"{ACTIONS}/cache/usage", "actions/caches"),
    (ACTIONS, "settings/actions"),
    (f"{REPOSITORY}/pages", "settings/pages"),
    (f"{REPOSITORY}/interaction-limits", "settings/interaction_limits"),
)
"""Where people see and set what an endpoint tells, below the repository's page; the first that fits counts."""


def endpoints(settings: Iterable[Setting]) -> tuple[str, ...]:
    """What has to be asked to tell these settings."""
    wanted = list(settings)
    return (
        *with_deciding(setting.endpoint for setting in wanted),
        *([GRAPHQL] if any(setting.graphql_too for setting in wanted) else []),
    )


def beside(settings: Iterable[Setting]) -> tuple[str, ...]:
    """What the organisation says to these settings: worth a question, and nothing that they are unknown without."""
    return with_deciding(cap.endpoint for setting in settings if (cap := cap_of(setting)) is not None)


def asserted(kind: str, policy: object) -> dict[Setting, Wanted]:
    """The settings that a policy of that kind gives, with what it wants of each. Its keys are the registry's."""
    given = ((setting, getattr(policy, setting.key)) for setting in of_kind(kind))
    return {setting: wanted for setting, wanted in given if wanted is not None}


def problems(kind: str, policy: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with a policy of that kind that its types cannot say: the place in the document, and what."""
    given = asserted(kind, policy)
    if not given:
        yield (), "asserts nothing: give at least one setting"
    for setting, wanted in given.items():
        if wanted == {}:
            yield (setting.key,), "names nothing: give a name and its value, or leave it out"
        if not isinstance(wanted, bool | str | Mapping):
            yield from (((setting.key,), problem) for problem in bound_problems(wanted))


def judge(wanted: Mapping[Setting, Wanted], live: LiveAnswers, subject: str, reader: Reader = read) -> Iterator[Said]:
    """Every setting that is not as wanted, or that could not be told.

    Args:
        wanted: What the policy wants.
        live: What was answered.
        subject: What the settings are of: `OWNER/NAME`, or an environment.
        reader: What a setting is, where the registry's row does not say it all.
    """
    yield Judged(len(wanted), tuple(setting.name for setting in wanted))
    for setting, asked in wanted.items():
        found = reader(setting, live)
        trouble = found.trouble or odd_value(setting, found.value, asked, live)
        if trouble is not None:
            why = "" if trouble.reason is Reason.PERMISSION else f": {trouble.message}"
            message = f"{setting.title} could not be told, where the policy wants {said_wanted(asked)}{why}"
            yield trouble.undecided(setting.key, subject, message, _place(setting, live))
        elif isinstance(asked, Mapping):
            yield from _members(setting, found, asked, _place(setting, live))
        elif _is_nothing(found) or not is_as_wanted(found.value, asked):
            told = finding(setting, found, asked, subject, _place(setting, live))
            if not found.inapplicable:  # else nothing was asked
                fix = Fix(text=told.fix.text if told.fix else "", command=command(setting, asked, live))
                told = replace(told, fix=fix, evidence=(*told.evidence, *evidence(setting, live)))
            yield told


def evidence(setting: Setting, live: LiveAnswers) -> Iterator[Evidence]:
    """What the endpoint says, and the organisation's that caps it, or how that one was refused."""
    yield answered(answer_of(setting.endpoint, live), setting.path)
    cap = cap_of(setting)
    if cap is not None and cap.endpoint in live.answers and ruled_out(cap.endpoint, live) is None:
        yield answered(live.answers[cap.endpoint], cap.path)


def _is_nothing(found: Reading) -> bool:
    """Whether there is no such setting here: then it is not enforced, and no number without limit either."""
    return found.value is None and bool(found.inapplicable or found.unavailable)


def _members(
    setting: Setting, found: Reading, wanted: Mapping[str, str | bool | tuple[str, ...]], place: Location
) -> Iterator[Finding]:
    """What there is to say of members that are not as wanted: each is a subject of its own."""
    has = found.value if isinstance(found.value, dict) else {}
    for name, asked in wanted.items():
        value = has.get(name)
        # GitHub writes true and false as text.
        as_text = str(asked).lower() if isinstance(asked, bool) else asked
        if not is_as_wanted(value, as_text):
            what = f"{setting.title}: {name} is {said_value(value)}, where the policy wants {said_wanted(as_text)}"
            yield Finding(
                control=setting.key,
                subject=name,
                message=what,
                plane="live",
                location=place,
                expected=list(as_text) if isinstance(as_text, tuple) else as_text,
                actual=value,
                direction="changed",
                fix=Fix(text=f"Set {name} to {said_wanted(as_text)}, or change the policy"),
            )


def finding(setting: Setting, found: Reading, wanted: Wanted, subject: str, place: Location) -> Finding:
    """What there is to say of a setting that is not as wanted."""
    why = "; this account's plan does not have it" if found.unavailable else ""
    why = f"; {found.because}" if found.because else why
    why += f"; {found.inapplicable}" if found.inapplicable else ""
    mend = f"Set {setting.title} to {said_wanted(wanted)}"
    if found.unavailable:
        mend = f"Get a plan that has {setting.title}"
    return Finding(
        control=setting.key,
        subject=subject,
        message=f"{setting.title}: {said_value(found.value)}, where the policy wants {said_wanted(wanted)}{why}",
        plane="live",
        location=place,
        expected=_json(wanted),
        actual=found.value,
        direction=direction_from(setting, wanted, found.value),
        fix=Fix(text=f"{mend}, or change the policy"),
    )


def odd_value(setting: Setting, value: Json, wanted: Wanted, live: LiveAnswers) -> Trouble | None:
    """Why a value cannot be held against what is wanted: it is of another type, so GitHub means something else."""
    if value is None or fits(value, wanted):
        return None
    return unparseable(
        answer_of(setting.endpoint, live), f"`{setting.path}` is {value!r:.100}, which is no such setting"
    )


def is_as_wanted(value: Json, wanted: Wanted) -> bool:
    """Whether a known value is as the policy wants it."""
    if isinstance(wanted, Mapping):
        has = value if isinstance(value, dict) else {}
        return all(is_as_wanted(has.get(name), asked) for name, asked in wanted.items())
    if isinstance(wanted, bool | str):
        return value == wanted and isinstance(value, bool) is isinstance(wanted, bool)
    if isinstance(wanted, int | NumberConstraint):
        return (value is None or (isinstance(value, int) and not isinstance(value, bool))) and holds(wanted, value)
    return isinstance(value, list) and holds(wanted, frozenset(map(str, value)))


def direction(setting: Setting, before: Json, after: Json) -> Direction | None:
    """Which way a setting went from one value to another; None where it did not move."""
    if before == after:
        return None
    if setting.order and isinstance(before, str) and isinstance(after, str):
        return _by_order(setting.order, before, after)
    if setting.strength is None:
        return "changed"
    if isinstance(before, str) or isinstance(after, str):  # a word in place of a list, such as `protected`
        return "strengthened" if before is None else "weakened" if after is None else "changed"
    return setting.strength.direction(_limit(setting, before), _limit(setting, after))


def _limit(setting: Setting, value: Json) -> Json:
    return None if setting.empty_is_weakest and value == [] else value


def direction_from(setting: Setting, wanted: Wanted, found: Json) -> Direction | None:
    """How a value is off from what is wanted: weaker, stronger, or neither."""
    if isinstance(wanted, bool | str):
        return direction(setting, wanted, found)
    if isinstance(wanted, Mapping):
        return "changed"
    if isinstance(wanted, NumberConstraint | int):
        low, high = _edges(wanted)
        edge = low if isinstance(found, int) and low is not None and found < low else high
        return direction(setting, edge, found) if edge is not None else "changed"
    return "changed" if setting.strength is None else _of_set(setting.strength, wanted, found)


def said_wanted(wanted: Wanted) -> str:
    """What is wanted, for people."""
    if isinstance(wanted, Mapping):
        return ", ".join(f"{name} {said_wanted(asked)}" for name, asked in wanted.items())
    return said_value(wanted) if isinstance(wanted, bool | str) else words(wanted)


def _json(wanted: Wanted) -> Json:
    if isinstance(wanted, Mapping):
        return {name: list(asked) if isinstance(asked, tuple) else asked for name, asked in wanted.items()}
    return wanted if isinstance(wanted, bool | str) else as_json(wanted)


def fits(value: Json, wanted: Wanted) -> bool:
    """Whether a value is of the type that something like this can be wanted of."""
    if isinstance(wanted, bool | str):
        return isinstance(value, type(wanted))
    if isinstance(wanted, int | NumberConstraint):
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(wanted, Mapping):
        return isinstance(value, dict)
    return isinstance(value, list) and all(isinstance(member, str) for member in value)


def _place(setting: Setting, live: LiveAnswers) -> Location:
    body = live.repository.body
    page = body.get("html_url") if isinstance(body, dict) else None
    of_endpoint = next((below for above, below in _PAGES if setting.endpoint.startswith(above)), "settings")
    below = setting.page or of_endpoint
    url = f"{page}/{below}" if isinstance(page, str) and page.startswith("https://") else None
    return Location(setting=setting.name, url=url)


def _by_order(order: tuple[str, ...], before: str, after: str) -> Direction:
    if before not in order or after not in order:
        return "changed"
    return "strengthened" if order.index(after) > order.index(before) else "weakened"


def _edges(wanted: NumberConstraint | int) -> tuple[int | None, int | None]:
    if isinstance(wanted, int):
        return wanted, wanted
    return (wanted.min if wanted.equals is None else wanted.equals), (
        wanted.max if wanted.equals is None else wanted.equals
    )


def _of_set(strength: Strength, wanted: tuple[str, ...] | SetConstraint, found: Json) -> Direction:
    named = wanted if isinstance(wanted, tuple) else wanted.equals or wanted.superset_of or wanted.subset_of or ()
    return strength.direction(list(named), found) or "changed"
