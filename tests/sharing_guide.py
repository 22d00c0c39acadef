"""The outputs in `docs/guides/sharing.md`: the files of the guide are written, and its commands run, in its order.

`python tests/sharing_guide.py` writes the outputs anew; a test says when they are stale.
"""

import os
import re
import shlex
import sys
import tempfile
from pathlib import Path

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from git_server import GitServer
from program import program
from repositories import Repository

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "guides" / "sharing.md"

_BLOCK = re.compile(
    r"^```(?:yaml\n# (?P<file>\S+)\n(?P<text>.*?)|console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?))^```$",
    re.DOTALL | re.MULTILINE,
)
_COMMIT = re.compile(r"\b[0-9a-f]{40}\b")


def written(guide: str, folder: Path) -> str:
    """The guide with the outputs that its commands have in an empty folder, and with the commit that is pinned."""
    with GitServer(folder / "served") as server:
        other = Repository(server.folder / "acme" / "policies")
        own = Repository(folder / "own")
        own.write("README.md", "# Shop\n")
        own.write("notes.txt", "later\n")
        os.makedirs(own.path / "policies")
        run = program(own.path)

        def anew(block: re.Match[str]) -> str:
            if block["file"]:
                return _file(block, own, other)
            command = shlex.split(block["command"])
            own.stage()
            ran = run(*command[1:], GITHUB_SERVER_URL=server.url)
            code = f"(exit code {ran.code})\n" if ran.code else ""
            return f"```console\n$ {block['command']}\n{ran.out}{ran.err}{code}```"

        return _BLOCK.sub(anew, guide)


def _file(block: re.Match[str], own: Repository, other: Repository) -> str:
    name, text = block["file"], block["text"]
    if name.startswith("acme/policies/"):
        other.write(name.removeprefix("acme/policies/"), text)
        other.stage()
        other.commit()
    elif "github:" in text:
        text = _COMMIT.sub(other.head(), text)
    if not name.startswith("acme/policies/"):
        own.write(name, text)
    return f"```yaml\n# {name}\n{text}```"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        GUIDE.write_text(written(GUIDE.read_text(), Path(temporary)))
