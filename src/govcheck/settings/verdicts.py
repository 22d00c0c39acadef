"""Findings and unknowns about a branch's protection: what is wanted of a control against what all layers add up to."""

import shlex
from collections.abc import Iterator, Mapping
from functools import partial

from govcheck.constraints import (
    NumberConstraint,
    SetBound,
    allowed_members,
    demanded_members,
    holds_for_every_stronger,
    lowest,
)
from govcheck.constraints import words as bound_words
from govcheck.facts.live import LiveBranch
from govcheck.findings import Evidence, Finding, Fix, Json, Location, Reason, Undecided
from govcheck.records import frozen
from govcheck.settings import remedies
from govcheck.settings.answers import Trouble
from govcheck.settings.bypass import Bypass, admins_included, bypass, remaining
from govcheck.settings.control_evidence import of_bypass, of_control
from govcheck.settings.controls import ADMINS_INCLUDED, BYPASS
from govcheck.settings.evidence import answered
from govcheck.settings.judging import Wanted, as_json, bypass_holds, direction, enough, holds, wanted_json, wanted_words
from govcheck.settings.layers import Given, Passers, Unread
from govcheck.settings.places import page, setting
from govcheck.settings.protection import EffectiveControl, EffectiveProtection, effective_protection, main_trouble
from govcheck.settings.ref_views import RefView
from govcheck.settings.strength import Value
from govcheck.settings.subjects import Subject

Said = Finding | Undecided
_TOGETHER = "GitHub does not tell here whether one person is several of these"
_NUMBERED = "GitHub gives these by number only; where they are the ones that the policy names, write the number"
_OVERLAP = Trouble(
    reason=Reason.REDACTED,
    message="several layers limit it to different actors, and GitHub does not tell here who is in all of them",
    grantable=False,
)


@frozen
class Judge:
    """A branch, or other refs that are guarded as one is, and what protects it."""

    branch: LiveBranch
    protection: EffectiveProtection
    subject: Subject

    @classmethod
    def of(cls, branch: LiveBranch) -> "Judge":
        """The judge of a branch."""
        return cls(branch, effective_protection(branch), Subject.of_branch(branch.branch))

    @classmethod
    def of_view(cls, view: RefView, subject: Subject) -> "Judge":
        """The judge of refs that a pattern means."""
        return cls(view.branch, effective_protection(view.branch, view.unread), subject.seen_at(view))

    def missing(self) -> Finding | None:
        """A finding where there is no such branch: nothing protects what is not there."""
        if not self.protection.missing_branch:
            return None
        return Finding(
            control="branch",
            subject=self.branch.branch,
            message=f"there is no branch {self.branch.branch}",
            plane="live",
            location=Location(setting=setting(self.branch.branch), url=page(self.branch, "branches")),
            expected=self.branch.branch,
            fix=Fix(text=f"Create {self.branch.branch}, or name the branch that is meant"),
            evidence=(answered(self.branch.summary),),
        )

    def control(self, key: str, wanted: Wanted) -> Said | None:
        """What there is to say about one control, or None where it is as wanted."""
        effective = self.protection.controls[key]
        told = holds(effective, wanted)
        if told is None:
            return self._undecided_control(effective, wanted)
        return None if told else self._finding(effective, wanted)

    def admins(self, *, wanted: bool) -> Said | None:
        """What there is to say about administrators, or None where they are bound (or not) as wanted."""
        told = admins_included(self.protection)
        if told is wanted:
            return None
        if told is None:
            message = f"whether administrators are bound{self.subject.on} could not be told"
            return self._undecided(ADMINS_INCLUDED, message, self._everything_unread())
        found = "bound by everything that" if told else "not bound by all that"
        return Finding(
            control=ADMINS_INCLUDED,
            subject=self.subject.name,
            message=f"administrators are {found} protects {self.subject.label}{self._plan()}",
            plane="live",
            location=self._location(ADMINS_INCLUDED),
            expected=wanted,
            actual=told,
            direction="weakened" if wanted else "strengthened",
            fix=remedies.include_admins(self.branch, self.subject) if wanted else Fix(text="Change the policy"),
            evidence=self._of_bypass([one for one in self.protection.controls.values() if one.given]),
        )

    def bypass(self, asserted: Mapping[str, Wanted], wanted: SetBound) -> Iterator[Said]:
        """Who can go around the controls that are asserted, as far as any layer gives them."""
        permitted = allowed_members(wanted) or frozenset()
        found = {
            key: bypass(effective, partial(enough, wanted=asked), permitted)
            for key, asked in asserted.items()
            if (effective := self.protection.controls[key]).given or effective.unread
        }
        told = {key: bypass_holds(one, wanted) for key, one in found.items()}
        wrong = [key for key, held in told.items() if held is False]
        if wrong:
            yield self._bypass_finding({key: found[key] for key in wrong}, wanted)
        open_ = [key for key, held in told.items() if held is None]
        if open_:
            yield self._bypass_unknown({key: found[key] for key in open_})

    def _finding(self, effective: EffectiveControl, wanted: Wanted) -> Finding:
        control, strength = effective.control, effective.control.strength
        off = direction(effective.value, wanted, strength)
        told = "changed" if control.neutral else off
        want = wanted_words(wanted, strength)
        return Finding(
            control=control.key,
            subject=self.subject.name,
            message=f"{self._observed(effective)}, where the policy wants {want}{self._plan()}",
            plane="live",
            location=self._location(control.key, effective),
            expected=wanted_json(wanted, strength),
            actual=effective.json,
            direction=told,
            fix=self._fix(effective, wanted, want) if off == "weakened" else remedies.relax(effective),
            evidence=(*self._evidence([effective]), *self._of_control(control.key)),
        )

    def _fix(self, effective: EffectiveControl, wanted: Wanted, want: str) -> Fix:
        value = _command_value(effective.value, wanted)
        return remedies.strengthen(self.branch, self.protection, effective, want, value, subject=self.subject)

    def _observed(self, effective: EffectiveControl) -> str:
        return f"{effective.control.title}{self.subject.on}: {effective.words}"

    def _undecided_control(self, effective: EffectiveControl, wanted: Wanted) -> Undecided:
        want = wanted_words(wanted, effective.control.strength)
        title = f"{effective.control.title}{self.subject.on}"
        known = f"{self._observed(effective)} as far as could be read"
        message = f"{known if effective.given else title + ' could not be told'}, where the policy wants {want}"
        return self._undecided(effective.control.key, message, effective.unread)

    def _bypass_finding(self, found: Mapping[str, Bypass], wanted: SetBound) -> Finding:
        actors = sorted(frozenset[str]().union(*(one.certain for one in found.values())))
        who = f"{', '.join(actors)} can" if actors else "nobody can"
        actual: dict[str, Json] = {key: [*sorted(one.certain)] for key, one in found.items()}
        extra = holds_for_every_stronger(wanted, frozenset(actors), "larger") is False
        names = ", ".join(found)
        wants = "lets nobody" if allowed_members(wanted) == frozenset() else f"wants {bound_words(wanted)}"
        return Finding(
            control=BYPASS,
            subject=self.subject.name,
            message=f"{who} go around {names}{self.subject.on}, where the policy {wants}",
            plane="live",
            location=self._location(BYPASS, self.protection.controls[next(iter(found))]),
            expected=as_json(wanted),
            actual=actual,
            direction="weakened" if extra else "strengthened",
            fix=self._bypass_fix(found, wanted),
            evidence=(
                *self._of_bypass([self.protection.controls[key] for key in found]),
                *(remains for key, one in found.items() for remains in self._remains(key, one)),
            ),
        )

    def _remains(self, key: str, found: Bypass) -> Iterator[Evidence]:
        """What is left of a control for those who can go around it."""
        effective = self.protection.controls[key]
        for actor in sorted(found.certain):
            left = dict.fromkeys(map(effective.control.strength.words, remaining(effective, actor)))
            text = f"for {actor} there remains of {effective.control.title}: {', and at once '.join(left)}"
            yield Evidence(text=text, location=Location(setting=self.subject.setting(key)))

    def _bypass_fix(self, found: Mapping[str, Bypass], wanted: SetBound) -> Fix:
        allowed = allowed_members(wanted)
        actors = frozenset[str]().union(*(one.certain for one in found.values()))
        extra = sorted(actors - allowed) if allowed is not None else []
        given = [one for key in found for one in self.protection.controls[key].given]
        if extra:
            return remedies.keep_out(frozenset(extra), given, allowed or frozenset())
        places = dict.fromkeys(one.source.name for one in given if one.passers.known)
        missing = sorted(demanded_members(wanted))
        return Fix(text=f"Add {', '.join(missing)} to the bypass list of {', '.join(places) or 'each layer'}")

    def _bypass_unknown(self, found: Mapping[str, Bypass]) -> Undecided:
        names = ", ".join(found)
        message = f"who can go around {names}{self.subject.on} could not be told"
        unread = tuple(dict.fromkeys(one for each in found.values() for one in each.unread))
        together = sorted({actor for one in found.values() for actor in one.together})
        numbered = sorted({actor for one in found.values() for actor in one.possible if ":id-" in actor})
        if unread or not (together or numbered):
            return self._undecided(BYPASS, message, unread)
        why = f"{_TOGETHER}: {', '.join(together)}" if together else f"{_NUMBERED}: {', '.join(numbered)}"
        trouble = Trouble(reason=Reason.REDACTED, message=why, grantable=False)
        return trouble.undecided(BYPASS, self.subject.name, f"{message}: {trouble.message}", self._location(BYPASS))

    def _undecided(self, control: str, message: str, unread: tuple[Unread, ...]) -> Undecided:
        trouble = main_trouble(unread) if unread else _OVERLAP
        why = "; ".join(dict.fromkeys(one.trouble.message for one in unread)) or trouble.message
        return trouble.undecided(control, self.subject.name, f"{message}: {why}", self._location(control))

    def _everything_unread(self) -> tuple[Unread, ...]:
        controls = self.protection.controls.values()
        every = (one for control in controls for one in (*control.unread, *bypass(control).unread))
        unread = dict.fromkeys(every)
        hiding = tuple(one for one in unread if one.passers is None or not one.passers.admins_told)
        return hiding or tuple(unread)

    def _location(self, key: str, effective: EffectiveControl | None = None) -> Location:
        urls = [one.source.url for one in effective.given if one.source.url] if effective else []
        url = urls[0] if urls else page(self.branch, self.subject.page)
        return Location(setting=self.subject.setting(key), url=url)

    def _plan(self) -> str:
        return f"; this plan cannot enforce it ({self.protection.unavailable})" if self.protection.unavailable else ""

    def _evidence(self, controls: list[EffectiveControl]) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(text=_layer_words(effective, given), location=self._layer_location(given))
            for effective in controls
            for given in effective.given
        ) + tuple(
            Evidence(text=f"{one.source.name} could not be read: {one.trouble.message}")
            for one in dict.fromkeys(one for effective in controls for one in effective.unread)
        )

    def _of_control(self, key: str) -> Iterator[Evidence]:
        """What GitHub answered; of a pattern it is not asked in this way."""
        return of_control(self.branch, key) if self.subject.is_branch else iter(())

    def _of_bypass(self, controls: list[EffectiveControl]) -> tuple[Evidence, ...]:
        numbers = (given.source.ruleset for effective in controls for given in effective.given)
        rulesets = frozenset(number for number in numbers if number is not None)
        answers = of_bypass(self.branch, rulesets) if self.subject.is_branch else ()
        return (*self._evidence(controls), *answers)

    def _layer_location(self, given: Given) -> Location:
        return Location(setting=self.subject.setting(given.control), url=given.source.url)


def _layer_words(effective: EffectiveControl, given: Given) -> str:
    value = effective.control.strength.words(given.value)
    return f"{given.source.name}: {effective.control.title}: {value}{_passers_words(given.passers)}"


def _passers_words(passers: Passers) -> str:
    if passers.known:
        return f"; {', '.join(_passer_words(one.actor, one.mode) for one in sorted(passers.known))} may bypass it"
    return "; who may bypass it is not known" if passers.trouble else ""


def _passer_words(actor: str, mode: str) -> str:
    notes = {"exempt": " (exempt: it leaves no audit entry)", "pull_request": " (on pull requests)"}
    return actor + notes.get(mode, "")


def _command_value(value: Value, wanted: Wanted) -> str | None:
    """What a command sets: the lowest number wanted, or the contexts that are missing."""
    if isinstance(wanted, bool):
        return None
    if isinstance(wanted, int | NumberConstraint):
        number = lowest(wanted)
        return None if number is None else str(number)
    missing = demanded_members(wanted) - (value if isinstance(value, frozenset) else frozenset())
    return " ".join(f"-f {shlex.quote(f'contexts[]={context}')}" for context in sorted(missing)) or None
