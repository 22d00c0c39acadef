"""`check` of a whole tree, warm, beside zizmor offline on the same workflow files.

    .venv/bin/python benchmarks/check.py REPOSITORY ZIZMOR

REPOSITORY is cloned to a temporary folder first and gets the policies of `hook.py`; ZIZMOR is its program.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from hook import SCRIPTS, prepare
from measure import environment, paired, peak_memory


def main(source: str, zizmor: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "repository"
        prepare(source, repository)
        command = [str(SCRIPTS / "govcheck"), "check"]
        peer = [zizmor, "--offline", "--no-progress", ".github/workflows"]
        first = subprocess.run(command, cwd=repository, env=environment(), capture_output=True, text=True, check=False)
        print(*first.stdout.splitlines()[-2:], f"exit {first.returncode}", sep="\n")
        memory, peers = peak_memory(command, directory=repository), peak_memory(peer, directory=repository)
        timing = paired(command, peer, directory=repository, runs=25)
        print(
            f"check  {timing.median * 1000:6.1f} ms  {timing.ratio:5.2f} x zizmor  {memory:.0f} MB and {peers:.0f} MB"
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
