"""What Supabase's answers about a project's backups come to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from govcheck.facts.services import SupabaseBackups
from govcheck.findings import Evidence, Finding, Fix, Location, Undecided
from govcheck.records import frozen
from govcheck.services.answers import entries, member, undecided, word
from govcheck.settings import instants

SERVICE = "Supabase"
_COMPLETED = "COMPLETED"
_ADD_ONS = "https://supabase.com/dashboard/project/{}/database/backups/scheduled"

Said = Finding | Undecided


@frozen(kw_only=True)
class Wanted:
    """What is wanted of the backups of a project."""

    project: str
    within: str
    """As policies write it."""

    span: timedelta
    point_in_time: bool
    scheduled: bool
    now: datetime


def judged(wanted: Wanted, fact: SupabaseBackups) -> Iterator[Said]:
    """Everything that is not as it is wanted."""
    answer = fact.backups
    listed = entries(member(answer.body, "backups")) if answer.good else None
    if listed is None:
        what = f"{SERVICE}: the backups are no list" if answer.good else ""
        yield undecided(answer, SERVICE, "newest_within", wanted.project, what)
    else:
        yield from _newest(wanted, fact)
        if wanted.point_in_time:
            yield from _point_in_time(wanted, fact)
    if wanted.scheduled:
        yield from _scheduled(wanted, fact)


def _newest(wanted: Wanted, fact: SupabaseBackups) -> Iterator[Said]:
    answer = fact.backups
    listed = entries(member(answer.body, "backups")) or []
    completed = [one for one in listed if one.get("status") == _COMPLETED]
    found = [instants.parse(word(one.get("inserted_at"))) for one in completed]
    seconds = member(answer.body, "physical_backup_data", "latest_physical_backup_date_unix")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds < 1e11:  # noqa: PLR2004 - the year 5138
        found.append(datetime.fromtimestamp(seconds, UTC))
    known = [at for at in found if at is not None and at <= wanted.now + timedelta(hours=1)]
    newest = max(known, default=None)
    if newest is not None and wanted.now - newest <= wanted.span:
        return
    if len(known) < len(found):
        yield undecided(
            answer, SERVICE, "newest_within", wanted.project, "when a completed backup was made is not told"
        )
        return
    said = "has no completed backup"
    if newest is not None:
        said = f"was last backed up {(wanted.now - newest).days} days ago"
    others = [one for one in listed if one.get("status") != _COMPLETED]
    yield _finding(
        "newest_within",
        wanted,
        f"the project {wanted.project} {said}, and the policy wants one every {wanted.within}",
        "see why, and make one: a project of the free plan has no backups of Supabase's own",
        tuple(
            Evidence(text=f"a backup of {word(one.get('inserted_at')) or 'no date'}: {word(one.get('status'))}")
            for one in others[:5]
        ),
    )


def _point_in_time(wanted: Wanted, fact: SupabaseBackups) -> Iterator[Said]:
    enabled = member(fact.backups.body, "pitr_enabled")
    if not isinstance(enabled, bool):
        yield undecided(fact.backups, SERVICE, "point_in_time", wanted.project, "`pitr_enabled` is not told")
    elif not enabled:
        message = f"the project {wanted.project} cannot be restored to a point in time"
        yield _finding("point_in_time", wanted, message, "buy the add-on, or take `point_in_time` out")


def _scheduled(wanted: Wanted, fact: SupabaseBackups) -> Iterator[Said]:
    answer = fact.schedule
    if not answer.good or not isinstance(answer.body, dict):
        what = f"{SERVICE}: the schedule is no document" if answer.good else ""
        yield undecided(answer, SERVICE, "scheduled", wanted.project, what)
    elif not word(answer.body.get("schedule_for")):
        message = f"no time of day is set at which the project {wanted.project} is backed up"
        yield _finding("scheduled", wanted, message, "set one in the project's settings")


def _finding(control: str, wanted: Wanted, message: str, fix: str, evidence: tuple[Evidence, ...] = ()) -> Finding:
    return Finding(
        control=control,
        subject=wanted.project,
        message=message,
        plane="live",
        location=Location(setting=f"supabase/{wanted.project}/backups", url=_ADD_ONS.format(wanted.project)),
        fix=Fix(text=fix),
        evidence=evidence,
    )
