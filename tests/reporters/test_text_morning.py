"""A sweep's report is one screen, whatever happened, and what has no room is counted."""

import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings

from govcheck.findings import Fix, Location, Reason
from govcheck.report import Attribution, Drift, DriftEntry, DriftEvent, Phase, Stage
from govcheck.reporters.text import render
from reports import EVENING, MORNING, found, hostile, policy, report, result, unknown

LONG = "a sentence that goes on for as long as anybody cares to read it, and then some more; " * 8
NOBODY = {"direction": None, "before": None, "after": None}


def drift(*entries, **keys):
    given = {"since": MORNING, "since_phase": Phase.STARTUP, "since_snapshot": "0" * 64, "unchanged_findings": 0}
    return Drift(entries=tuple(entries), **(given | keys))


def entry(name, change="introduced", plane="finding", **keys):
    return DriftEntry(**{"plane": plane, "name": name, "change": change, "title": name, **NOBODY, **keys})


def busy(number, text=LONG):
    """So many of everything."""
    new = [found(policy(f"new-{one}"), message=text, fix=Fix(text=text)) for one in range(number)]
    old = [found(policy(f"old-{one}"), message=text, subject=str(one)) for one in range(number)]
    blind = [
        unknown(policy(f"blind-{one}"), reason=Reason.API_ERROR, message=text, control=str(one))
        for one in range(number)
    ]
    told = drift(
        *(entry(one.fingerprint, after=text) for one in new),
        *(entry(f"branches/main/{one}", "changed", "setting", before=1, after=2) for one in range(number)),
        *(entry(f"gone-{one}", "fixed") for one in range(number)),
        *(entry(f"fine-{one}", "accepted") for one in range(number)),
        events=tuple(DriftEvent(kind="force-pushed", at=EVENING, actor=text, what=text) for _ in range(number)),
        open_since={one.fingerprint: MORNING - timedelta(days=9) for one in old},
        notes=(text,) * number,
        suspect=text[:200] if number else None,
    )
    return report(*(result(one) for one in (*new, *old, *blind)), stage=Stage.SWEEP, phase=Phase.SHUTDOWN, drift=told)


def test_the_busiest_morning_fits_on_a_screen():
    for number in (0, 1, 3, 40):
        lines = render(busy(number), width=100).splitlines()
        assert len(lines) <= 45, number


def test_what_has_no_room_is_counted():
    shown = render(busy(40, "short"), width=100)
    for title in ("Broke since then", "Still open", "Could not be checked"):
        section = shown.partition(title)[2].partition("\n\n")[0]
        listed = len(re.findall(r"^  (?:error|api-error)", section, re.MULTILINE))
        (more,) = re.findall(r"… and (\d+) more", section)
        assert listed + int(more) == 40, title


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(hostile)
def test_what_others_wrote_breaks_no_line(text):
    shown = render(busy(2, text), width=100)
    assert len(shown.splitlines()) <= 45
    assert not any(character < " " for line in shown.splitlines() for character in line)


def test_a_finding_and_the_setting_that_it_speaks_of_are_told_once():
    weak = found(
        policy("main-protected", "branch-protection"),
        control="approvals",
        subject="main",
        message="main asks for 1 approval",
        location=Location(setting="branches/main/approvals"),
        fix=Fix(text="ask for two", command="gh api x"),
    )
    moved = entry(
        "branches/main/approvals",
        "changed",
        "setting",
        before=2,
        after=1,
        by=Attribution(actor="mona", at=EVENING, note="ruleset 7"),
    )
    back = replace(entry(weak.fingerprint, "returned"), times=2)
    shown = render(report(result(weak), stage=Stage.SWEEP, phase=Phase.SHUTDOWN, drift=drift(moved, back)), width=200)
    assert (
        "error[main-protected] main asks for 1 approval (branches/main/approvals); 2 → 1; by mona, "
        "2026-11-23 17:02 UTC (ruleset 7) (back again; fixed 2 times before)\n    $ gh api x\n" in shown
    )
    assert "Settings that moved" not in shown
