"""The wheel that `pip install`, `pipx` and pre-commit build."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]


def test_the_wheel_has_every_module_and_every_packaged_set_once(tmp_path: Path):
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        names = Counter(archive.namelist())
    assert [name for name, count in names.items() if count > 1] == []
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "src/govcheck"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    modules = {path.removeprefix("src/") for path in tracked if path.endswith((".py", ".typed", ".json"))}
    assert modules <= set(names)
    for folder in (ROOT / "src" / "govcheck" / "sets").iterdir():
        assert any(name.startswith(f"govcheck/sets/{folder.name}/") for name in names), folder.name
