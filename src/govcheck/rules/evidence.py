"""What proves that something was done is there, and fresh: a file of each role, a heartbeat, a tested restore.

```yaml
kind: evidence
id: feedback-is-written
why: Who wrote nothing today cannot be helped today.
file: feedback/{role}/{date}.md
roles_from: {file: docs/OPERATING_MODEL.md, list_below: Agents}
max_age: today
timezone: America/Los_Angeles
---
kind: evidence
id: tools-are-proved
file: artifacts/**/*.jsonl
when: ["app/**", "scripts/**"]
records: [tool, request_id, timestamp]
```

`file` is a glob, in which `{date}` is `2026-01-31`, `{day}` is `20260131`, `{timestamp}` is `20260131T093000Z`, and
`{role}` is each of `roles`, or of what stands at `roles_from` (a place as `agreement` has it). For each role the newest
file counts. How old it is, tells the time in its name; else, with `time_at`, the newest time at that path in JSON, JSON
lines, YAML, TOML or front matter (ISO 8601, or seconds since 1970); else the newest commit that touched it. The file's
time on the disk tells nothing, and a shallow clone has no commits: then it is unknown. What lies in the future does not
count.

`max_age` is a length of time (a day in a name counts to its end), or `today`. `days` are the days of the week on which
it is due, with `while` only as long as that place says something. Days begin and end in `timezone`.

The newest file has to have what `contains` lists, whatever marks and blanks are between the words; and each record of
JSON a text under every key of `records`.

With `when` a change is held: where it touches a path that `when` matches, it has to bring such a file, and all that is
demanded has to be in the lines that it adds. So a file that was there before proves nothing.

`max_age` is judged over a whole tree and in sweeps; with `phases` in sweeps of these phases only: at shutdown the day's
last entry is there, at startup it cannot be.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from govcheck import globs
from govcheck.actions.calendar import zone_of
from govcheck.actions.calendar_text import parse_days, timezone_problem
from govcheck.documents import dated_names
from govcheck.documents.markdown import plain_words
from govcheck.documents.places import Place, values
from govcheck.documents.records import Wanting, wanting, wanting_added
from govcheck.documents.texts import Unsaid, text_of
from govcheck.documents.unread import unreadable
from govcheck.facts import Missing, Request
from govcheck.facts.change import AddedLines, Change, ChangeType
from govcheck.facts.data_files import DataFiles
from govcheck.facts.last_commits import LastCommits
from govcheck.facts.now import Now
from govcheck.facts.tree import Blobs, BlobsRequest, Tree
from govcheck.facts.work_tree import AdhocSweep, ShutdownSweep, StartupSweep
from govcheck.facts.workflows import Unreadable
from govcheck.findings import Finding, Fix, Held, Judged, Location, Reason, Undecided
from govcheck.globs import compile_globs
from govcheck.paths import display
from govcheck.policy import Policy
from govcheck.records import frozen
from govcheck.registry import Said, check
from govcheck.settings import durations
from govcheck.text.evidence_times import TODAY, Dating, times_of, too_old
from govcheck.text.sides import sides

_PhaseName = Literal["startup", "shutdown", "adhoc"]
_EVERY_CHANGE = ("add", "modify", "delete", "rename")
_SKEW = timedelta(hours=1)
"""How far the clock of whoever writes may be ahead."""

_SHOWN = 5


@frozen(kw_only=True)
class EvidencePolicy(Policy):
    """What has to be there, and how fresh."""

    kind: Literal["evidence"] = "evidence"

    file: str
    """The file, as a glob with `{role}`, `{date}`, `{day}` and `{timestamp}`."""

    roles: tuple[str, ...] = ()
    """The roles that each have such a file."""

    roles_from: Place | None = None
    """Where the roles are listed."""

    max_age: str | None = None
    """How old the newest one may be: `today`, `15m`, `92d`."""

    time_at: str = ""
    """Where in a data file its time stands."""

    timezone: str = "UTC"
    """Where days begin and end: an IANA name."""

    days: str = ""
    """Days of the week on which it is due: `mon-fri`. Default: every day."""

    while_: Place | None = None
    """A place that says something as long as it is due."""

    phases: tuple[_PhaseName, ...] = ()
    """In which sweeps it is due. Default: in all of them, and whenever a whole tree is judged."""

    contains: tuple[str, ...] = ()
    """Words that it has."""

    records: tuple[str, ...] = ()
    """Keys that each of its records has a text under."""

    when: tuple[str, ...] = ()
    """Globs: a change that touches one of these paths brings such a file."""

    def problems(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What the types cannot say: the place in the document, and what is wrong there."""
        if problem := dated_names.problem(self.file):
            yield ("file",), problem
        if self.max_age is None and not self.when:
            yield (), "demands nothing: give `max_age`, or `when` for what a change brings"
        if dated_names.has_role(self.file) != bool(self.roles or self.roles_from) or (self.roles and self.roles_from):
            yield ("file",), "`{role}` in it goes with one of `roles` and `roles_from`, and these with it"
        if self.when and self.records and not self.file.endswith((".jsonl", ".ndjson")):
            yield ("records",), "of a change only JSON lines are read: `.jsonl` or `.ndjson`"
        yield from self._wrong_times()
        for key, place in (("roles_from", self.roles_from), ("while", self.while_)):
            yield from (((key, *where), said) for where, said in place.problems()) if place is not None else ()
        yield from ((("when", number), said) for number, said in globs.problems_of(self.when))
        for key, words in (("contains", self.contains), ("records", self.records), ("roles", self.roles)):
            if not all(plain_words(word) for word in words):
                yield (key,), "an empty word is everywhere"

    def _wrong_times(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.max_age not in {None, TODAY} and durations.parse(str(self.max_age)) is None:
            yield ("max_age",), f"`{self.max_age}` is no length of time: write `today`, `15m` or `92d`"
        if zone := timezone_problem(self.timezone):
            yield ("timezone",), zone
        if self.time_at and dated_names.has_time(self.file):
            yield ("time_at",), "the name has a time: leave one of the two out"
        if self.days:
            try:
                parse_days(self.days)
            except ValueError as error:
                yield ("days",), str(error)


def _read(policy: EvidencePolicy) -> tuple[Request, ...]:
    places = [place for place in (policy.roles_from, policy.while_) if place is not None]
    own = tuple(dated_names.glob_of(policy.file, role) for role in policy.roles or (None,))
    texts = [place.file for place in places if not place.at]
    data = [place.file for place in places if place.at]
    by_commit = not policy.time_at and not dated_names.has_time(policy.file)
    return (
        BlobsRequest(Blobs, (*map(globs.literal, texts), *(own if policy.contains else ()))),
        BlobsRequest(DataFiles, (*map(globs.literal, data), *(own if policy.time_at or policy.records else ()))),
        BlobsRequest(LastCommits, own if by_commit else ()),
    )


def _at(phase: _PhaseName | None) -> Callable[[EvidencePolicy], Iterable[tuple[Request, ...]]]:
    def calls(policy: EvidencePolicy) -> Iterable[tuple[Request, ...]]:
        is_due = phase in policy.phases if phase is not None else not policy.phases
        return [_read(policy)] if is_due and policy.max_age is not None else []

    return calls


@frozen
class _World:
    tree: Tree
    blobs: Blobs
    data: DataFiles
    commits: LastCommits
    clock: Now

    @property
    def now(self) -> datetime:
        return self.clock.instant


# ruff: noqa: PLR0917 - each parameter of a check is a fact
@check(wants=_at(None))
def fresh(
    policy: EvidencePolicy, tree: Tree, blobs: Blobs, data: DataFiles, commits: LastCommits, now: Now
) -> Iterator[Said]:
    """Over a whole tree and in every sweep."""
    yield from _judged(policy, _World(tree, blobs, data, commits, now))


@check(wants=_at("startup"))
def at_startup(
    policy: EvidencePolicy, _: StartupSweep, tree: Tree, blobs: Blobs, data: DataFiles, commits: LastCommits, now: Now
) -> Iterator[Said]:
    """In a startup sweep."""
    yield from _judged(policy, _World(tree, blobs, data, commits, now))


@check(wants=_at("shutdown"))
def at_shutdown(
    policy: EvidencePolicy, _: ShutdownSweep, tree: Tree, blobs: Blobs, data: DataFiles, commits: LastCommits, now: Now
) -> Iterator[Said]:
    """In a shutdown sweep."""
    yield from _judged(policy, _World(tree, blobs, data, commits, now))


@check(wants=_at("adhoc"))
def adhoc(
    policy: EvidencePolicy, _: AdhocSweep, tree: Tree, blobs: Blobs, data: DataFiles, commits: LastCommits, now: Now
) -> Iterator[Said]:
    """In any other sweep."""
    yield from _judged(policy, _World(tree, blobs, data, commits, now))


def _judged(policy: EvidencePolicy, world: _World) -> Iterator[Said]:
    due = _due(policy, world)
    if due is not None:
        yield Judged(1)
        yield due
        return
    roles = _roles(policy, world.blobs, world.data)
    yield Judged(len(roles) if isinstance(roles, tuple) else 1)
    if not isinstance(roles, tuple):
        yield roles
        return
    for role in roles:
        yield from _of_role(policy, role, world)


def _due(policy: EvidencePolicy, world: _World) -> Held | Undecided | None:
    """None where it is due; else why it is not."""
    subject = policy.file
    local = world.now.astimezone(zone_of(policy.timezone))
    if policy.days and local.weekday() not in parse_days(policy.days):
        return Held(control="evidence", subject=subject, message=f"{local:%Y-%m-%d} is none of its days: {policy.days}")
    said = values(policy.while_, world.blobs, world.data) if policy.while_ is not None else ()
    if isinstance(said, Unsaid) and policy.while_ is not None:
        if said.reason is None:
            message = f"it is not due: {policy.while_.name} says nothing ({said.why})"
            return Held(control="evidence", subject=subject, message=message)
        message = f"whether it is due cannot be told: {said.why}"
        place = Location(path=policy.while_.file)
        return Undecided(control="evidence", subject=subject, reason=said.reason, message=message, location=place)
    return None


def _roles(policy: EvidencePolicy, blobs: Blobs, data: DataFiles) -> tuple[str, ...] | Finding | Undecided:
    if policy.roles_from is None:
        return policy.roles or ("",)
    said = values(policy.roles_from, blobs, data)
    if not isinstance(said, Unsaid):
        return tuple(dict.fromkeys(value.text for value in said))
    message = f"which roles there are cannot be told from `{policy.roles_from.name}`: {said.why}"
    place = Location(path=policy.roles_from.file, line=said.line)
    if said.reason is not None:
        subject = policy.roles_from.name
        return Undecided(control="roles", subject=subject, reason=said.reason, message=message, location=place)
    return _finding("roles", policy.roles_from.name, message, "Correct `roles_from`, or write the list there", place)


def _of_role(policy: EvidencePolicy, role: str, world: _World) -> Iterator[Said]:
    name = dated_names.for_role(policy.file, role)
    if role and globs.problems(dated_names.glob_of(policy.file, role)):
        yield _finding("roles", role, f"`{role}` cannot be part of a path", "Correct the list of roles", Location())
        return
    dating = Dating(name=policy.file, time_at=policy.time_at, timezone=policy.timezone)
    candidates = tuple(compile_globs((dated_names.glob_of(policy.file, role or None),)).accepted(world.tree.modes))
    newest: tuple[datetime, datetime, str] | None = None
    is_whole = True  # else what cannot be dated may be newer than all that can
    for path in candidates:
        times = times_of(dating, path, world.data, world.commits)
        if not isinstance(times, tuple):
            is_whole = is_whole and not isinstance(times, Undecided)
            yield times
        elif times[0] <= world.now + _SKEW and (newest is None or (*times, path) > newest):
            newest = (*times, path)
    if newest is None:
        message = f"there is no {name}" + (" that counts" if candidates else "")
        if is_whole:
            yield _finding("evidence", name, message, "Write it", Location())
        return
    begun, ended, path = newest
    if old := too_old(policy.max_age or "", policy.timezone, begun, ended, world.now):
        message = f"the newest {name}, {display(path)}, {old}" if name != path else f"{display(path)} {old}"
        if is_whole:
            yield _finding("evidence", name, message, "Write the new one, or bring it up to date", Location(path=path))
    else:
        yield from _whole(policy, path, world)


def _whole(policy: EvidencePolicy, path: str, world: _World) -> Iterator[Said]:
    text = text_of(path, world.blobs) if policy.contains else ""
    if isinstance(text, Unsaid):
        yield _unread(path, text.why, text.reason or Reason.MISSING_OBJECT)
    else:
        yield from _lacking(policy, path, text, "")
    if policy.records:
        yield from _records(policy, path, world.data)


def _lacking(policy: EvidencePolicy, path: str, text: str, where: str) -> Iterator[Finding]:
    said = plain_words(text).casefold()
    for words in policy.contains:
        if plain_words(words).casefold() not in said:
            message = f"`{words}` does not stand in {where}{display(path)}"
            subject = f"{display(path)}: {words}"
            yield _finding("content", subject, message, f"Write `{words}`, and what belongs there", Location(path=path))


def _records(policy: EvidencePolicy, path: str, data: DataFiles) -> Iterator[Said]:
    file = data.files.get(path)
    if file is None:
        yield _unread(path, "it was not read", Reason.MISSING_OBJECT)
    elif isinstance(file.document, Unreadable):
        yield unreadable("record", file, file.document, "the records")
    else:
        for found in wanting(file.document, policy.records):
            yield _record(path, found)


def _record(path: str, found: Wanting) -> Finding:
    message = f"{display(path)} has no record" if found.line is None else f"a record of {display(path)} {found.message}"
    subject = f"{display(path)}: {found.number}"
    return _finding("record", subject, message, "Write every key of it", Location(path=path, line=found.line))


@check(wants=lambda policy: [()] if policy.when else [])
def in_change(policy: EvidencePolicy, change: Change, added: AddedLines) -> Iterator[Said]:
    """In a change: it brings its evidence along."""
    touched = list(compile_globs(policy.when).accepted(sides(change, _EVERY_CHANGE)))
    yield Judged(len(touched))
    if not touched:
        return
    own = compile_globs((dated_names.glob_of(policy.file, None),))
    entries = [one for one in change.paths if one.type is not ChangeType.DELETE and own.matches(one.path)]
    brought = [one.path for one in entries if added.lines.get(one.path)]
    if not brought:
        shown = ", ".join(f"`{display(path)}`" for path in touched[:_SHOWN])
        more = f" and {len(touched) - _SHOWN} more" if len(touched) > _SHOWN else ""
        message = f"the change touches {shown}{more}, and adds nothing to {policy.file}"
        yield _finding("in-change", policy.file, message, "Add what proves it", Location())
    for path in brought:
        lines = added.lines[path]
        if isinstance(lines, Missing):
            yield _unread(path, lines.message, lines.reason)
            continue
        text = b"\n".join(line for _, line in lines).decode("utf-8", "replace")
        yield from _lacking(policy, path, text, "what the change adds to ")
        for found in wanting_added(lines, policy.records) if policy.records else ():
            yield _record(path, found)


def _unread(path: str, why: str, reason: Reason) -> Undecided:
    message = f"what {display(path)} has cannot be told: {why}"
    return Undecided(
        control="content", subject=display(path), reason=reason, message=message, location=Location(path=path)
    )


def _finding(control: str, subject: str, message: str, mend: str, place: Location) -> Finding:
    return Finding(control=control, subject=subject, message=message, plane="repo", location=place, fix=Fix(text=mend))
