"""From the waivers of a state to results that they were applied to."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from govcheck import __version__
from govcheck.app.cache import place, replace_file
from govcheck.app.policy_folders import Written
from govcheck.errors import Problem
from govcheck.findings import Finding, Location
from govcheck.records import names
from govcheck.report import PolicyResult, Stage
from govcheck.waiver import LoadedWaiver, Waiver
from govcheck.waivers import Waivers, apply, would_waive

_VERSION = 1
"""Of the form in which waivers are kept."""

_KEYS = names(Waiver)


def waived(
    results: tuple[PolicyResult, ...], files: Sequence[Written], git_dir: str | None, moment: datetime, stage: Stage
) -> tuple[PolicyResult, ...]:
    """What the engine said, with waivers applied.

    Args:
        results: What the engine said.
        files: Of waivers, from the state that the policies come from: at `ci` the base.
        git_dir: Below which is kept what they come to; None where nothing is kept.
        moment: The instant to judge by.
        stage: At which moment the run judges.
    """
    return apply(results, load_files(files, git_dir), moment=moment, stage=stage)


def changed_waivers(
    results: tuple[PolicyResult, ...],
    before: Sequence[Written],
    after: Sequence[Written],
    moment: datetime,
    git_dir: str | None,
) -> Iterator[Finding]:
    """What a change does to the waivers, and what would be waived after its merge; an error where it breaks one.

    Args:
        results: What the engine said of the change.
        before: The files of waivers that count.
        after: Those of the change's head.
        moment: The instant to judge by.
        git_dir: As for `waived`.
    """
    old, new = load_files(before, git_dir), load_files(after, git_dir)
    known = {one.waiver.name: one for one in old.waivers}
    now = {one.waiver.name: one for one in new.waivers}
    would = would_waive(apply(results, old, moment=moment, stage=Stage.CI), new, moment)
    for name in sorted(known.keys() | now.keys()):
        before_, after_ = known.get(name), now.get(name)
        if before_ is None or after_ is None or before_.waiver != after_.waiver:
            yield _changed(name, before_, after_, would.get(name, 0))
    broken = {problem.message for problem in old.problems}
    for problem in new.problems:
        if problem.message not in broken:
            yield Finding(
                control="waivers",
                subject=f"{problem.path}:{problem.line}",
                message=f"this change makes a waiver invalid: {problem.message}",
                plane="repo",
                location=Location(path=problem.path, line=problem.line or None, column=problem.column or None),
                severity="error",
            )


def _changed(name: str, before: LoadedWaiver | None, after: LoadedWaiver | None, would: int) -> Finding:
    word = "adds" if before is None else "removes" if after is None else "changes"
    terms = f", until {after.waiver.expires}: {after.waiver.reason}" if after is not None else ""
    merged = f"; after the merge it would excuse {would} of this run" if would else ""
    place = after or before
    return Finding(
        control="waivers",
        subject=name,
        message=f"this change {word} the waiver for {name}{terms}{merged}",
        plane="repo",
        location=Location(path=place.path, line=place.line) if place else Location(),
        severity="note",
    )


def load_files(written: Sequence[Written], git_dir: str | None) -> Waivers:
    """The waivers in some files; kept like the policies' plan, so that a warm hook needs no YAML and no pydantic."""
    key = json.dumps([_VERSION, __version__, *((file.path, file.data.decode("latin-1")) for file in written)])
    kept = place(git_dir, "waivers", key) if git_dir is not None else None
    known = _remembered(kept, key) if kept is not None else None
    if known is not None:
        return known
    from govcheck.sources.waiver_files import load_waivers  # noqa: PLC0415 - YAML and pydantic

    found = load_waivers([(file.path, file.data) for file in written])
    if kept is not None:
        replace_file(kept, json.dumps([key, *_encoded(found)]).encode())
    return found


def _encoded(found: Waivers) -> list[object]:
    waivers = [[{name: getattr(one.waiver, name) for name in _KEYS}, one.path, one.line] for one in found.waivers]
    problems = [[one.path, one.line, one.column, one.message] for one in found.problems]
    return [waivers, problems, found.files]


def _remembered(path: str, key: str) -> Waivers | None:
    try:
        with open(path, "rb") as file:
            known, waivers, problems, files = json.loads(file.read())
        if known != key:
            return None
        loaded = tuple(LoadedWaiver(Waiver(**keys), path, line) for keys, path, line in waivers)
        return Waivers(waivers=loaded, problems=tuple(Problem(*one) for one in problems), files=files)
    except (OSError, ValueError, TypeError):
        return None
