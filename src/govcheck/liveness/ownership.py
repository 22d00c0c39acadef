"""CODEOWNERS: the file that counts and those that it hides, its lines, its owners, and what it should guard.

A line is alive where it decides who owns some tracked file, or would decide it for a new one. Whether its owners exist
and may write, and whether anybody has to ask them, only GitHub knows: see `ownership_live`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from govcheck.codeowners.covering import hiding
from govcheck.codeowners.matching import Owners
from govcheck.codeowners.owners import Owner
from govcheck.codeowners.parsing import LOCATIONS, Codeowners, Rule, parse
from govcheck.facts.tree import Blobs, TrackedFiles
from govcheck.findings import Evidence, Fix, Location
from govcheck.liveness import ownership_lines, ownership_promises
from govcheck.liveness.gate import Gate
from govcheck.liveness.ownership_reading import (
    Ownership,
    alive,
    counted,
    dead,
    is_file,
    line_of,
    location_of,
    ownership,
)
from govcheck.paths import display

BLOBS = (*LOCATIONS, *ownership_promises.POLICIES)
"""Globs of the files whose bytes this reads."""

_SHOWN = 3


def gates(promised: tuple[str, ...], tracked: TrackedFiles, blobs: Blobs) -> Iterator[Gate]:
    """Every CODEOWNERS file, every line of the one that counts, and what has to have an owner.

    Args:
        promised: Globs, in govcheck's own dialect, of paths that a policy promises an owner.
        tracked: Every tracked file.
        blobs: Those of `BLOBS`.
    """
    found = ownership(tracked, blobs)
    if isinstance(found, Gate):
        yield found
    elif found is not None:
        yield _file(found, len(tracked.modes))
        yield from ownership_lines.gates(found)
        yield from _owners(found)
        yield from ownership_promises.gates(promised, found, blobs)
    elif promised:
        yield ownership_promises.no_file(promised)
    winner = location_of(tracked)
    for path in LOCATIONS:
        if winner is not None and path != winner and is_file(tracked, path):
            yield _hidden(path, winner, blobs)


def _file(found: Ownership, tracked: int) -> Gate:
    owning = [rule.line for rule in found.deciding.values() if rule.owners]
    place = Location(path=found.path)
    if owning:
        lines = counted(len(set(owning)), "line")
        why = f"GitHub reads {found.path}, which gives {len(owning):,} of {counted(tracked)} an owner by {lines}"
        return alive(found.path, why, place)
    why = f"{found.path} gives none of {counted(tracked)} an owner"
    taking = next((rule for rule in found.deciding.values() if not rule.owners), None)
    if taking is not None:
        place = Location(path=found.path, line=taking.line, column=taking.column)
        why = f"{why}: line {taking.line}, `{taking.pattern}`, names none, and so takes off those of the lines before"
        fix = Fix(text=f"Write an owner behind `{taking.pattern}` in line {taking.line}, or take the line out")
        return dead(found.path, why, place, fix=fix)
    return dead(
        found.path,
        f"{why}, and GitHub reads no other CODEOWNERS file",
        place,
        fix=Fix(text="Write a line for what somebody has to review: a pattern, then `@user` or `@organisation/team`"),
    )


def _owners(found: Ownership) -> Iterator[Gate]:
    """What the owners' names alone can tell."""
    users: dict[str, list[tuple[Rule, Owner]]] = {}
    teams: dict[str, Rule] = {}
    for rule in found.file.rules:
        for owner in rule.owners:
            if owner.sounds_like_a_team:
                users.setdefault(owner.text, []).append((rule, owner))
            if owner.organization is not None:
                teams.setdefault(owner.organization, rule)
    yield from (_no_team(found.path, name, places) for name, places in users.items())
    if len(teams) > 1:
        yield _strange_teams(found.path, teams)


def _no_team(path: str, name: str, places: list[tuple[Rule, Owner]]) -> Gate:
    lines = [(rule, Location(path=path, line=rule.line, column=owner.column)) for rule, owner in places]
    return dead(
        f"{path}:{name}",
        f"`{name}` names a user's account and cannot be a team: a team is written `@organisation/team`",
        lines[0][1],
        fix=Fix(text=f"Where a team is meant, write its organisation before it: `@ORGANISATION/{name[1:]}`"),
        evidence=[Evidence(text=display(rule.words), location=place) for rule, place in lines[:_SHOWN]],
        severity="note",
    )


def _strange_teams(path: str, teams: Mapping[str, Rule]) -> Gate:
    names = sorted(teams)
    return dead(
        f"{path}:organisations",
        f"teams of {counted(len(names), 'organisation')} are owners ({', '.join(names)}), "
        "and only teams of the one that the repository belongs to can be",
        line_of(path, teams[names[0]]),
        fix=Fix(text="Name teams of the repository's own organisation, or users"),
        evidence=[
            Evidence(
                text=f"the first team of {name}: {display(teams[name].words)}", location=line_of(path, teams[name])
            )
            for name in names[:_SHOWN]
        ],
    )


def _hidden(path: str, winner: str, blobs: Blobs) -> Gate:
    content = blobs.contents.get(path)
    file = parse(content) if isinstance(content, bytes) else Codeowners()
    verb = "guards" if len(file.rules) == 1 else "guard"
    lines = f": {counted(len(file.rules), 'line')} of it {verb} nothing" if file.rules else ""
    return dead(
        path,
        f"GitHub does not read {path}, as {winner} comes before it{lines}",
        Location(path=path),
        fix=Fix(text=f"Move into {winner} what is still meant, and remove this file", command=f"git rm -- {path}"),
        evidence=_hidden_within(path, file),
    )


def _hidden_within(path: str, file: Codeowners) -> Iterator[Evidence]:
    """Which of its lines would hide others, were the file read."""
    owners = Owners(file.rules)
    alone = [lines[0].line for rule in file.rules if len(lines := hiding(rule, owners)) == 1]
    by = Counter(alone)
    for rule in file.rules:
        if number := by[rule.line]:
            shown = f"line {rule.line} (`{display(rule.pattern)}`)"
            text = f"were it read, its {shown} would override {counted(number, 'line')} before it"
            yield Evidence(text=text, location=line_of(path, rule))
