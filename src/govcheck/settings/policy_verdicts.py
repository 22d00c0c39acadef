"""Everything that there is to say about what a policy asserts, of one branch or of all refs that a pattern means."""

from collections.abc import Iterator, Mapping

from govcheck.constraints import SetBound, mapped
from govcheck.findings import Finding, Reason, Undecided
from govcheck.settings.controls import ADMINS_INCLUDED, BYPASS
from govcheck.settings.judging import Wanted
from govcheck.settings.ref_views import RefView
from govcheck.settings.subjects import Subject
from govcheck.settings.verdicts import Judge, Said


def judged(
    judge: Judge, asserted: Mapping[str, Wanted], bound: SetBound | None, *, admins: bool | None
) -> Iterator[Said]:
    """Everything that there is to say about what a policy asserts."""
    for key, wanted in asserted.items():
        if said := judge.control(key, wanted):
            yield said
    if admins is not None and (said := judge.admins(wanted=admins)):
        yield said
    if bound is not None:
        yield from judge.bypass(asserted, mapped(bound, str.lower))


def judged_views(
    views: tuple[RefView, ...] | None,
    subject: Subject,
    asserted: Mapping[str, Wanted],
    bound: SetBound | None,
    *,
    admins: bool | None = None,
) -> Iterator[Said]:
    """The same over all views: of each control the first finding, or else the first thing that cannot be told."""
    if views is None:
        message = f"the patterns of rulesets cut {subject.label} into too many parts to tell them apart"
        keys = [*asserted, *([ADMINS_INCLUDED] if admins is not None else []), *([BYPASS] if bound is not None else [])]
        for key in keys:
            yield Undecided(control=key, subject=subject.name, reason=Reason.DYNAMIC, message=message, grantable=False)
        return
    first: dict[str, Said] = {}
    for view in views:
        for said in judged(Judge.of_view(view, subject), asserted, bound, admins=admins):
            before = first.get(said.control)
            if before is None or (isinstance(before, Undecided) and isinstance(said, Finding)):
                first[said.control] = said
    yield from first.values()
