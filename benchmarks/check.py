"""`check` of a whole tree beside zizmor offline on the same workflow files, with a plan that is there already.

Two rows for each choice of policies: what is the same as in the run before is known, or everything is judged anew.

    .venv/bin/python benchmarks/check.py REPOSITORY ZIZMOR

REPOSITORY is cloned to a temporary folder first and gets the policies of `hook.py`; ZIZMOR is its program. The
packaged policies and examples/governed-delivery, with every kind that reads workflows, come after that.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from hook import SCRIPTS, prepare
from measure import environment, paired, peak_memory

EXAMPLES = Path(__file__).parents[1] / "examples" / "governed-delivery"


def main(source: str, zizmor: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "repository"
        prepare(source, repository)
        run(repository, zizmor, [])
        for policies in ("govcheck:starter", str(EXAMPLES)):
            run(repository, zizmor, ["--policies", policies])


def run(repository: Path, zizmor: str, options: list[str]) -> None:
    print(*options or ["the ten policies of hook.py"])
    command = [str(SCRIPTS / "govcheck"), *options, "check"]
    peer = [zizmor, "--offline", "--no-progress", ".github/workflows"]
    first = subprocess.run(command, cwd=repository, env=environment(), capture_output=True, text=True, check=False)
    print(*first.stdout.splitlines()[-2:], f"exit {first.returncode}", sep="\n")
    memory, peers = peak_memory(command, directory=repository), peak_memory(peer, directory=repository)
    for title, before in (("known", []), ("anew", ["env", "GOVCHECK_REMEMBER=no"])):
        timing = paired([*before, *command], peer, directory=repository, runs=25)
        print(f"{title}  {timing.median * 1000:6.1f} ms  {timing.ratio:5.2f} x zizmor")
    print(f"{memory:.0f} MB and {peers:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
