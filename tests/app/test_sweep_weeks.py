"""Random weeks at the fake GitHub against a simple oracle: nothing invented, nothing missed, nothing told twice.

The oracle knows one number, which the ruleset gives, one setting of the repository, one stray file, and what the last
sweep could see of them. It knows nothing of snapshots.
"""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import week
from fake_github import FakeGitHub
from govcheck.report import Phase, Report
from repositories import isolate

APPROVALS, WIKI = "branches/main/approvals", "repository-settings/wiki"
POLICIES = """
kind: branch-protection
id: main-protected
branch: main
approvals: {min: 2}
---
kind: repository-settings
id: wiki-stays
wiki: true
---
kind: allowed-paths
id: only-policies
allow: ["policies/**"]
"""
HIDDEN = "hidden"
CHANGES = [
    "approve 0",
    "approve 1",
    "approve 2",
    "approve 3",
    "wiki_is_switched",
    "stray_file_comes_or_goes",
    "other_token",
    "network_fails_or_comes_back",
    "ruleset_is_renamed",
]


class Weeks(RuleBasedStateMachine):
    """Changes, reverts, outages, weaker tokens and other names, and a sweep now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="govcheck-weeks-"))
        self.state = week.state()
        self.github = FakeGitHub(self.state).start()
        self.week = week.Week(self.folder / "shop", self.state, self.github.url)
        self.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
        self.approvals, self.wiki, self.stray = 2, True, False
        self.token, self.outage = week.TOKEN, False
        self.known: dict[str, object] = {}
        """What the last sweep saw, or `HIDDEN`."""

    def teardown(self) -> None:
        self.github.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        self.week.files.commit_file("policies/all.yaml", POLICIES)

    def approve(self, number: int) -> None:
        self.approvals = number
        self.week.rule(self.now + timedelta(minutes=1), required_approving_review_count=number)

    def wiki_is_switched(self) -> None:
        self.wiki = not self.wiki
        self.state.repository(week.NAME).set(has_wiki=self.wiki)

    def stray_file_comes_or_goes(self) -> None:
        self.stray = not self.stray
        if self.stray:
            self.week.files.commit_file("stray.txt", "x")
        else:
            self.week.files.remove("stray.txt")
            self.week.files.commit("Gone")

    def other_token(self) -> None:
        self.token = week.READER if self.token == week.TOKEN else week.TOKEN

    def network_fails_or_comes_back(self) -> None:
        self.outage = not self.outage
        self.state.document["faults"][:] = [{"path": "repos/", "kind": "status", "status": 502}] * self.outage

    def ruleset_is_renamed(self) -> None:
        ruleset = self.week.live["rulesets"][0]
        ruleset["name"] = "trunk" if ruleset["name"] == "main" else "main"

    @rule(
        changes=st.lists(st.sampled_from(CHANGES), max_size=2),
        phase=st.sampled_from([Phase.STARTUP, Phase.SHUTDOWN]),
    )
    def half_a_day(self, changes: list[str], phase: Phase) -> None:
        for change in changes:
            name, _, number = change.partition(" ")
            getattr(self, name)(*([int(number)] if number else []))
        self._sweep(phase)

    def _sweep(self, phase: Phase) -> None:
        self.now += timedelta(hours=8)
        report = self.week.sweep(self.now, phase, self.token)
        seen = self._visible()
        if self.known:
            self._compare(report, seen)
        self.known = seen

    def _visible(self) -> dict[str, object]:
        found: dict[str, object] = {APPROVALS: self.approvals, WIKI: self.wiki, "stray": self.stray}
        return found | ({APPROVALS: HIDDEN, WIKI: HIDDEN} if self.outage else {})

    def _compare(self, report: Report, seen: dict[str, object]) -> None:
        assert report.drift is not None
        news = [entry for entry in report.drift.entries if not entry.told]
        names = [(entry.plane, entry.name) for entry in news]
        assert len(names) == len(set(names))
        told = {entry.name: entry.change for entry in news if entry.name in {APPROVALS, WIKI}}
        for name in (APPROVALS, WIKI):
            before, after = self.known[name], seen[name]
            if HIDDEN in {before, after}:
                # What is hidden whole may be told as one scope; it is never told as gone, fixed or changed.
                assert told.get(name) in {None, "became-unknown", "became-known"}
                assert before == after or told.get(name) is not None or report.drift.suspect or name == APPROVALS
            else:
                assert told.get(name) == (None if before == after else "changed")
        self._findings(report, seen)

    def _findings(self, report: Report, seen: dict[str, object]) -> None:
        """Findings are told as come where they are there now and were not, and as fixed the other way round."""
        assert report.drift is not None
        wrong = {"main-protected": APPROVALS, "wiki-stays": WIKI, "only-policies": "stray"}
        bad = {APPROVALS: lambda value: value < 2, WIKI: lambda value: not value, "stray": bool}
        changes = {
            entry.title.partition(" ")[0]: entry.change
            for entry in report.drift.entries
            if entry.plane == "finding" and not entry.told
        }
        for policy, name in wrong.items():
            before, after = self.known[name], seen[name]
            if HIDDEN in {before, after}:
                assert changes.get(policy) in {None, "became-unknown", "became-known", "changed"}
                continue
            was, is_ = bad[name](before), bad[name](after)
            if was is is_:
                moved = was and before != after
                assert changes.get(policy) == ("changed" if moved else None)
            else:
                assert changes.get(policy) in ({"introduced", "returned"} if is_ else {"fixed"})


Weeks.TestCase.settings = settings(
    max_examples=6, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


TestWeeks = Weeks.TestCase
