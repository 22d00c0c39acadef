"""The guide to the daily sweep: its week is as printed, and its workflow sweeps once a day at nine."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import week
from documentation import ROOT, blocks
from govcheck.facts.document import plain
from govcheck.sources.yaml_document import WORKFLOW, load

PAGE = "docs/guides/daily-sweep.md"
ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return week.reports(tmp_path_factory.mktemp("week"))


def test_the_week_is_as_printed(shown: dict[str, str]):
    guide = (ROOT / PAGE).read_text("utf-8")
    assert week.written(guide, shown) == guide, "run `python tests/week.py`"


def test_every_report_fits_on_a_screen(shown: dict[str, str]):
    assert max(len(text.splitlines()) for text in shown.values()) <= 45
    assert max(len(line) for text in shown.values() for line in text.splitlines()) <= 100


def workflow():
    [block] = [one for one in blocks(PAGE, "yaml") if one.marker == "workflow"]
    [document] = load(block.text, WORKFLOW)
    return plain(document)


def at_nine(cron: str, day: datetime) -> datetime:
    minute, hour, *_ = map(int, re.findall(r"\d+", cron))
    return day.replace(hour=hour, minute=minute)


CHANGES = [datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)]
"""Days before the clock changes, and one of no change."""


@pytest.mark.parametrize("day", [first + timedelta(days=number) for first in CHANGES for number in range(3)])
def test_one_of_the_crons_sweeps_and_it_is_nine_o_clock(day: datetime, tmp_path: Path):
    found = workflow()
    guard = found["jobs"]["sweep"]["steps"][0]["run"]
    crons = [entry["cron"] for entry in found["on"]["schedule"]]
    swept = [cron for cron in crons if turn(guard, at_nine(cron, day), cron, tmp_path)]
    assert [at_nine(cron, day).astimezone(ZONE).strftime("%H:%M") for cron in swept] == ["09:00"]


def turn(guard: str, now: datetime, cron: str, folder: Path) -> bool:
    """Whether the guard lets a run go on; `date` tells the offset of that instant."""
    output = folder / f"output-{cron.split()[1]}"
    output.write_text("")
    offset = now.astimezone(ZONE).strftime("%z")
    script = f"date() {{ echo {offset}; }}\n{guard}"
    variables = {"PATH": "/usr/bin:/bin", "CRON": cron, "GITHUB_OUTPUT": str(output)}
    subprocess.run(["bash", "-e", "-c", script], env=variables, check=True)
    return output.read_text() == "now=true\n"


def test_a_run_by_hand_always_sweeps(tmp_path: Path):
    guard = workflow()["jobs"]["sweep"]["steps"][0]["run"]
    output = tmp_path / "output"
    variables = {"PATH": "/usr/bin:/bin", "CRON": "", "GITHUB_OUTPUT": str(output), "TZ": "America/Los_Angeles"}
    subprocess.run(["bash", "-e", "-c", guard], env=variables, check=True)
    assert output.read_text() == "now=true\n"
