"""`backups`: what dumps, how often, and what Supabase says."""

from datetime import UTC, datetime

import pytest

from govcheck.facts.live import Answer
from govcheck.facts.now import Now
from govcheck.facts.services import SupabaseBackups
from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.backups import Backups, SupabaseProject, dumped, live
from written_workflows import workflows

NOW = Now(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))
PROJECT = "abcdefghijklmnopqrst"
WEEKLY = '{schedule: [{cron: "0 6 * * 0"}]}'


def said(check, policy, *facts):
    found = list(check.judge(policy, *facts))
    assert sum(isinstance(one, Judged) for one in found) == 1
    return [one for one in found if not isinstance(one, Judged)]


def dumping(run, on=WEEKLY, name="w.yml", every="8d"):
    text = f"on: {on}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          {run}\n"
    return said(dumped, Backups(id="p", dumped_every=every), workflows({name: text}), NOW)


@pytest.mark.parametrize(
    "run",
    [
        "pg_dump $URL > dump.sql",
        "npx supabase db dump --db-url $URL",
        "set -e; mysqldump shop | gzip > x",
        "restic backup /",
    ],
)
def test_a_scheduled_dump_is_one(run):
    assert dumping(run) == []


@pytest.mark.parametrize("run", ["supabase db push", "echo pg_dump", "restic snapshots"])
def test_what_dumps_nothing_is_none(run):
    (finding,) = dumping(run)
    assert isinstance(finding, Finding)
    assert "no scheduled workflow dumps anything" in finding.message


def test_a_dump_that_nobody_starts_is_none():
    assert "no scheduled workflow" in dumping("pg_dump x", on="workflow_dispatch")[0].message


def test_a_dump_that_runs_too_seldom():
    (finding,) = dumping("pg_dump x", on='{schedule: [{cron: "0 6 1 * *"}]}')
    assert finding.message == "`pg_dump` runs every 31 days at most, and the policy wants a dump every 8d"


def test_what_calls_itself_a_backup_may_be_one():
    (undecided,) = dumping("./scripts/backup.sh", name="weekly-backup.yml")
    assert (undecided.reason, undecided.subject) == (Reason.DYNAMIC, ".github/workflows/weekly-backup.yml")


def test_a_file_that_cannot_be_read_may_dump():
    broken = Workflows((WorkflowFile("w.yml", Unreadable("odd", 1, 1, Reason.UNPARSEABLE), ""),))
    (undecided,) = said(dumped, Backups(id="p", dumped_every="8d"), broken, NOW)
    assert undecided.reason is Reason.UNPARSEABLE


def answer(body=None, status=200, **keys):
    return Answer(endpoint="v1/projects", status=status, message=keys.pop("message", ""), body=body, **keys)


def backups(*listed, pitr=False, **physical):
    return answer({"region": "us-east-1", "walg_enabled": True, "pitr_enabled": pitr, "backups": [*listed],
                   "physical_backup_data": physical})  # fmt: skip


def backup(at, status="COMPLETED"):
    return {"is_physical_backup": True, "status": status, "inserted_at": at}


def asked(answered, schedule=None, **wanted):
    policy = Backups(id="p", supabase=SupabaseProject(project=PROJECT, **wanted))
    fact = SupabaseBackups(backups=answered, schedule=schedule or answer({"schedule_for": "02:00:00"}))
    return said(live, policy, fact, NOW)


@pytest.mark.parametrize(
    "answered",
    [
        backups(backup("2026-11-26T02:00:00Z")),
        backups(backup("2026-11-26T02:00:00.123+00:00"), backup("2026-11-27T02:00:00Z", "FAILED")),
        backups(pitr=True, latest_physical_backup_date_unix=1795752000),
    ],
)
def test_a_fresh_backup(answered):
    assert asked(answered, scheduled=True) == []


@pytest.mark.parametrize(
    ("answered", "message"),
    [
        (backups(), "has no completed backup"),
        (backups(backup("2026-11-26T02:00:00Z", "FAILED")), "has no completed backup"),
        (backups(backup("2026-11-01T02:00:00Z")), "was last backed up 26 days ago"),
    ],
)
def test_an_old_backup(answered, message):
    (finding,) = asked(answered)
    assert message in finding.message


def test_recovery_and_schedule():
    found = asked(backups(backup("2026-11-26T02:00:00Z")), answer({}), point_in_time=True, scheduled=True)
    assert [one.control for one in found] == ["point_in_time", "scheduled"]


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (answer(status=403, message="no"), Reason.PERMISSION),
        (answer(status=404), Reason.MISSING_OBJECT),
        (answer(status=429), Reason.RATE_LIMITED),
        (answer(status=None, failure="timeout"), Reason.API_ERROR),
        (answer([]), Reason.UNPARSEABLE),
        (answer({"backups": ["odd"]}), Reason.UNPARSEABLE),
        (backups(backup("yesterday")), Reason.UNPARSEABLE),
        (backups(backup("2036-11-26T02:00:00Z")), Reason.UNPARSEABLE),
    ],
)
def test_what_supabase_does_not_tell_is_unknown(answered, reason):
    (undecided,) = asked(answered)
    assert isinstance(undecided, Undecided)
    assert undecided.reason is reason


@pytest.mark.parametrize(
    "policy",
    [
        Backups(id="p"),
        Backups(id="p", dumped_every="weekly"),
        Backups(id="p", supabase=SupabaseProject(project="../x")),
        Backups(id="p", supabase=SupabaseProject(project="x", newest_within="soon")),
    ],
)
def test_policies_that_are_none(policy):
    assert len(list(policy.problems())) == 1
