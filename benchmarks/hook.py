"""The hook: `check --staged`, ten policies, twenty staged files and the policies, beside `python -c pass`.

    .venv/bin/python benchmarks/hook.py REPOSITORY

REPOSITORY is cloned to a temporary folder first; docs/performance.md was measured on the user's own (2,169 files).
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import environment, paired, peak_memory

POLICIES = Path(__file__).parent / "policies"
SCRIPTS = Path(sys.executable).parent


def main(source: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "repository"
        prepare(source, repository)
        command = [str(SCRIPTS / "govcheck"), "check", "--staged"]
        floor = [str(SCRIPTS / "python"), "-c", "pass"]
        first = subprocess.run(command, cwd=repository, env=environment(), capture_output=True, text=True, check=False)
        print(first.stdout, first.stderr, f"exit {first.returncode}", sep="")
        memory = peak_memory(command, directory=repository)
        warm = paired(command, floor, directory=repository, runs=25)
        print(f"warm  {warm.median * 1000:6.1f} ms  {warm.ratio:5.1f} x python -c pass  {memory:.0f} MB")
        cold = paired(
            ["sh", "-c", f"rm -rf .git/govcheck; exec {' '.join(command)}"], floor, directory=repository, runs=15
        )
        print(f"cold  {cold.median * 1000:6.1f} ms  {cold.ratio:5.1f} x python -c pass")


def prepare(source: str, repository: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(repository), *arguments], check=True, capture_output=True)

    subprocess.run(["git", "clone", "-q", "--no-checkout", source, str(repository)], check=True)
    git("reset", "-q")
    subprocess.run(["git", "-C", str(repository), "checkout-index", "-a", "-f"], capture_output=True, check=False)
    (repository / "policies").mkdir()
    shutil.copy(POLICIES / "ten.yaml", repository / "policies")
    git("add", "policies")
    for number in range(20):
        path = repository / "app" / f"staged_{number}.ts"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"export const number = {number}\n")
    git("add", "app")


if __name__ == "__main__":
    main(sys.argv[1])
