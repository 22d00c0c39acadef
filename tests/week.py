"""A week of a repository at the fake GitHub, swept in the morning and in the evening, for `docs/guides/daily-sweep.md`.

`python tests/week.py` writes the reports of the guide anew; a test says when they are stale.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from fake_github import FakeGitHub, State
from fake_github.saving import save
from govcheck.app.options import Setting, SweepOptions
from govcheck.app.sweep import run_sweep
from govcheck.report import Phase, Report
from govcheck.reporters import text
from repositories import ENVIRONMENT, Repository

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "guides" / "daily-sweep.md"
NAME, TOKEN, READER = "octo/shop", "ghp_" + "AdminOfTheRepository01", "ghs_" + "ReaderOfTheRepository1"
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
_SECTION = re.compile(r"(<!-- sweep: ([a-z-]+) -->\n).*?(<!-- /sweep -->)", re.DOTALL)

POLICIES = """\
kind: branch-protection
id: main-protected
why: What nobody has read is not merged.
branch: main
approvals: {min: 2}
force_pushes: forbidden
bypass: {subset_of: []}
---
kind: repository-settings
id: how-we-merge
delete_branch_on_merge: true
---
kind: allowed-paths
id: docs-only-where-listed
allow: ["policies/**", "src/**", README.md]
---
kind: clean-tree
id: nothing-left-behind
---
kind: sweep-freshness
id: swept-twice-a-day
startup: 26h
shutdown: 26h
"""


class Week:
    """One clone, one server, and a clock that the story sets."""

    def __init__(self, path: Path, state: State, url: str) -> None:
        self.state, self.url = state, url
        self.files = Repository(path)
        self.name = NAME
        self.live = state.document["repositories"][NAME]

    def sweep(self, at: datetime, phase: Phase, token: str = TOKEN) -> Report:
        """A sweep at that instant."""
        environment = {"GITHUB_API_URL": self.url, "GH_TOKEN": token}
        setting = Setting(directory=str(self.files.path), repository=self.name, environment=environment, at=at)
        clock = patch("govcheck.app.reporting.instant", lambda _: at), patch("govcheck.app.sweep.instant", lambda _: at)
        with clock[0], clock[1]:
            return run_sweep(SweepOptions(setting=setting, phase=phase, max_wait=0))

    def push(self) -> None:
        """What is committed is on the remote."""
        self.files.run("update-ref", "refs/remotes/origin/main", "HEAD")

    def rule(self, at: datetime, **parameters: object) -> None:
        """Mona changes the ruleset's pull request rule, or what she is given of it."""
        ruleset = self.live["rulesets"][0]
        ruleset["rules"][0]["parameters"].update(parameters)
        self.touched(at)

    def switch(self, at: datetime, enforcement: str) -> None:
        """Mona switches the ruleset off, or on again."""
        self.live["rulesets"][0]["enforcement"] = enforcement
        self.touched(at)

    def touched(self, at: datetime) -> None:
        """Mona saves the ruleset."""
        save(self.state.repository(self.name), self.live["rulesets"][0], at.strftime("%Y-%m-%dT%H:%M:%SZ"))


def state() -> State:
    """A repository as the policies want it."""
    made = State()
    made.token(TOKEN, "classic", role="admin")
    made.token(READER, "app", permissions={"contents": "read"})
    live = made.repository(NAME)
    live.merging(delete_branch_on_merge=True)
    parameters = {"required_approving_review_count": 2}
    live.ruleset("main", [{"type": "pull_request", "parameters": parameters}, {"type": "non_fast_forward"}])
    for path in ("rulesets/rule-suites", "activity?activity_type=force_push", "activity?activity_type=branch_deletion"):
        live.answer(path, [], permission="contents")
    return made


def morning(day: int) -> datetime:
    """09:00 of a day; Monday is 0."""
    return MONDAY + timedelta(days=day, hours=9)


def evening(day: int) -> datetime:
    """17:30 of a day."""
    return MONDAY + timedelta(days=day, hours=17, minutes=30)


def told(week: Week) -> Iterator[tuple[str, Report]]:
    """The week, sweep by sweep, each by its name in the guide."""
    files = week.files
    files.write("policies/shop.yaml", POLICIES)
    files.write("src/shop.py", "open = True\n")
    files.commit_file("README.md", "# Shop\n")
    files.stage()
    files.commit()
    week.push()
    yield "monday-morning", week.sweep(morning(0), Phase.STARTUP)

    week.rule(morning(0) + timedelta(hours=2), required_approving_review_count=1)
    files.write("src/orders.py", "half = 'done'\n")
    yield "monday-evening", week.sweep(evening(0), Phase.SHUTDOWN)

    files.commit_file("src/orders.py", "done = True\n")
    files.commit_file("NOTES.md", "what I did\n")
    week.push()
    yield "tuesday-morning", week.sweep(morning(1), Phase.STARTUP)

    week.rule(morning(1) + timedelta(hours=1), required_approving_review_count=2)
    yield "tuesday-evening", week.sweep(evening(1), Phase.SHUTDOWN)

    yield "wednesday-morning", week.sweep(morning(2), Phase.STARTUP, READER)
    yield "wednesday-evening", week.sweep(evening(2), Phase.SHUTDOWN)

    noon = morning(3) + timedelta(hours=3)
    yield "thursday-morning", week.sweep(morning(3), Phase.STARTUP)
    week.switch(noon, "disabled")
    week.switch(noon + timedelta(minutes=40), "active")
    files.remove("NOTES.md")
    files.commit("No notes")
    week.push()
    yield "thursday-evening", week.sweep(evening(3), Phase.SHUTDOWN)

    yield "friday-morning", week.sweep(morning(4), Phase.STARTUP)
    week.rule(morning(4) + timedelta(hours=4), required_approving_review_count=1)
    yield "friday-evening", week.sweep(evening(4), Phase.SHUTDOWN)

    yield "tuesday-after", week.sweep(morning(8), Phase.STARTUP)


def reports(folder: Path) -> dict[str, str]:
    """Every report of the week, as a terminal of 100 columns shows it."""
    with patch.dict(os.environ, ENVIRONMENT):
        made = state()
        with FakeGitHub(made) as github:
            week = Week(folder / "shop", made, github.url)
            return {name: text.render(report, width=100) for name, report in told(week)}


def written(guide: str, shown: dict[str, str]) -> str:
    """The guide with its reports as they are now."""
    return _SECTION.sub(lambda found: f"{found[1]}\n{_block(found[2], shown)}\n{found[3]}", guide)


def _block(name: str, shown: dict[str, str]) -> str:
    phase = "shutdown" if name.endswith("evening") else "startup"
    return (
        f"<!-- week: as tests/week.py prints it -->\n```console\n$ govcheck sweep --phase {phase}\n{shown[name]}```\n"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        outputs = reports(Path(temporary))
        if "--show" in sys.argv:
            for title, output in outputs.items():
                print(f"== {title}\n{output}")  # noqa: T201 - that is what it is for
        else:
            GUIDE.write_text(written(GUIDE.read_text(), outputs))
