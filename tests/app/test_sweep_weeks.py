"""Random weeks at the fake GitHub against a simple oracle: nothing invented, nothing missed, nothing told twice.

The oracle knows one number, which the ruleset gives, one setting of the repository, one stray file, what the last sweep
that could see each of them saw, and how often the rules were off since the last sweep. It knows nothing of snapshots.
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
from govcheck.report import DriftEntry, Phase, Report
from repositories import isolate

APPROVALS, WIKI, STRAY = "approvals", "repository-settings/wiki", "stray"
DEFAULT, RULESET = "repository-settings/default_branch", "rulesets/1000/name"
POLICIES = """
kind: branch-protection
id: main-protected
branch: "~DEFAULT_BRANCH"
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
WRONG = {"main-protected": APPROVALS, "wiki-stays": WIKI, "only-policies": STRAY}
IS_WRONG = {APPROVALS: lambda value: value < 2, WIKI: lambda value: not value, STRAY: bool}
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
    "rules_are_off_for_a_while",
    "branch_is_renamed",
    "repository_is_renamed",
]


class Weeks(RuleBasedStateMachine):
    """Changes, reverts, outages, weaker tokens, other names, rules that are off for a while; a sweep now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="govcheck-weeks-"))
        self.state = week.state()
        self.state.repository(week.NAME).set(id=7)
        self.github = FakeGitHub(self.state).start()
        self.week = week.Week(self.folder / "shop", self.state, self.github.url)
        self.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
        self.approvals, self.wiki, self.stray = 2, True, False
        self.token, self.outage = week.TOKEN, False
        self.branch, self.ruleset, self.off, self.moves = "main", "main", 0, False
        self.known: dict[str, object] = {}
        """What the last sweep saw, or `HIDDEN`."""
        self.last: dict[str, object] = {}
        """What the last sweep saw that could."""

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
        self.state.repository(self.week.name).set(has_wiki=self.wiki)

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
        self.ruleset = "trunk" if self.ruleset == "main" else "main"
        self.week.live["rulesets"][0]["name"] = self.ruleset
        self.week.touched(self.now + timedelta(minutes=1))

    def rules_are_off_for_a_while(self) -> None:
        self.off += 1
        self.week.switch(self.now + timedelta(minutes=1), "disabled")
        self.week.switch(self.now + timedelta(minutes=1), "active")

    def branch_is_renamed(self) -> None:
        new = "trunk" if self.branch == "main" else "main"
        live = self.week.live
        live["branches"][new] = live["branches"].pop(self.branch)
        live["default_branch"] = self.branch = new

    def repository_is_renamed(self) -> None:
        self.moves = not self.moves

    def _move(self) -> None:
        """A name that nobody could read is another repository's."""
        if not self.moves or self.outage or APPROVALS not in self.last:
            return
        self.moves, old = False, self.week.name
        self.week.name = "acme/store" if old == week.NAME else week.NAME
        self.state.document["repositories"][self.week.name] = self.state.document["repositories"].pop(old)

    @rule(
        changes=st.lists(st.sampled_from(CHANGES), max_size=3),
        phase=st.sampled_from([Phase.STARTUP, Phase.SHUTDOWN]),
    )
    def half_a_day(self, changes: list[str], phase: Phase) -> None:
        for change in changes:
            name, _, number = change.partition(" ")
            getattr(self, name)(*([int(number)] if number else []))
        self._sweep(phase)

    def _sweep(self, phase: Phase) -> None:
        self._move()
        self.now += timedelta(hours=8)
        report = self.week.sweep(self.now, phase, self.token)
        seen = self._visible()
        if self.known:
            self._compare(report, seen)
        self.known, self.off = seen, 0
        self.last |= {name: value for name, value in seen.items() if value != HIDDEN}

    def _visible(self) -> dict[str, object]:
        live = {APPROVALS: self.approvals, WIKI: self.wiki, DEFAULT: self.branch, RULESET: self.ruleset}
        return {STRAY: self.stray, **(dict.fromkeys(live, HIDDEN) if self.outage else live)}

    def _compare(self, report: Report, seen: dict[str, object]) -> None:
        assert report.drift is not None
        news = [entry for entry in report.drift.entries if not entry.told]
        names = [(entry.plane, entry.name) for entry in news]
        assert len(names) == len(set(names))
        told = {entry.name: entry for entry in news if entry.plane == "setting"}
        self._setting(told.get(f"branches/{self.branch}/approvals"), APPROVALS, seen, {"changed"})
        self._setting(told.get(WIKI), WIKI, seen, {"changed"})
        self._setting(told.get(DEFAULT), DEFAULT, seen, {"renamed", "changed"})
        self._setting(told.get(RULESET), RULESET, seen, {"renamed"})
        self._nothing_else(told)
        self._findings(news, seen)
        self._events(report, seen)

    def _setting(self, entry: DriftEntry | None, name: str, seen: dict[str, object], words: set[str]) -> None:
        before, after, last = self.known[name], seen[name], self.last.get(name, HIDDEN)
        if after == HIDDEN:
            # What is hidden whole may be told as one scope; it is never told as gone, fixed or changed.
            assert entry is None or entry.change == "became-unknown"
        elif HIDDEN not in {before, last} and before == after:
            assert entry is None
        elif last in {HIDDEN, after}:
            assert entry is None or entry.change == "became-known"
        else:
            assert entry is not None
            assert entry.change in words
            assert (entry.since is not None) is (before == HIDDEN)
            assert (entry.before, entry.after) == (last, after)

    def _nothing_else(self, told: dict[str, DriftEntry]) -> None:
        """Whatever else is told follows from the number, or from what cannot be seen."""
        of_number = ("approvals", "pull_requests", "bypass/approvals", "bypass/pull_requests", "admins_included")
        for name, entry in told.items():
            if entry.change not in {"became-known", "became-unknown"}:
                assert name in {WIKI, DEFAULT, RULESET} or name.endswith(of_number), entry

    def _findings(self, news: list[DriftEntry], seen: dict[str, object]) -> None:
        """Findings are told as come where they are there now and were not, and as fixed the other way round."""
        changes = {entry.title.partition(" ")[0]: entry.change for entry in news if entry.plane == "finding"}
        for policy, name in WRONG.items():
            before, after, last = self.known[name], seen[name], self.last.get(name, HIDDEN)
            change = changes.get(policy)
            if after == HIDDEN:
                assert change in {None, "became-unknown"}
            elif last == HIDDEN:
                assert change in {None, "became-known"}
            elif IS_WRONG[name](last) is not IS_WRONG[name](after):
                assert change in ({"introduced", "returned"} if IS_WRONG[name](after) else {"fixed"})
            elif IS_WRONG[name](after) and last != after:
                assert change == "changed"
            elif before == HIDDEN:
                assert change in {None, "became-known"}
            else:
                assert change is None

    def _events(self, report: Report, seen: dict[str, object]) -> None:
        """Rules that were off are told as often as they were, where GitHub shows its history, and never again."""
        assert report.drift is not None
        steps = [step for event in report.drift.events for step in event.changes or ()]
        off = sum(step.name.endswith("/enforcement") and step.direction == "weakened" for step in steps)
        if HIDDEN in {self.known[APPROVALS], seen[APPROVALS]} or self.token == week.READER:
            assert off in {0, self.off}
        else:
            assert off == self.off


Weeks.TestCase.settings = settings(
    max_examples=6, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


TestWeeks = Weeks.TestCase
