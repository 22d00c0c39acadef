"""Times commands as whole processes, in turn, and gives medians and ratios: absolute times drift, ratios less."""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Timing:
    median: float
    """Seconds."""

    ratio: float
    """The median of command / floor, pair by pair."""


def paired(command: Sequence[str], floor: Sequence[str], *, directory: Path, runs: int = 15) -> Timing:
    """Runs both in turn, after one round that is not counted."""
    pairs = [(_seconds(command, directory), _seconds(floor, directory)) for _ in range(runs + 1)][1:]
    return Timing(statistics.median(a for a, _ in pairs), statistics.median(a / b for a, b in pairs))


def peak_memory(command: Sequence[str], *, directory: Path) -> float:
    """The largest resident size of one run, in MB."""
    process = subprocess.Popen(
        command, cwd=directory, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, process.returncode, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss / 1024


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _seconds(command: Sequence[str], directory: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=directory, env=environment(), capture_output=True, check=False)
    return time.perf_counter() - start
