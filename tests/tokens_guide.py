"""The outputs in `docs/guides/tokens.md`: made by the program itself, against the fake server.

`python tests/tokens_guide.py` writes them anew; a test says when they are stale.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from fake_github import FakeGitHub
from program import Ran, program
from shop import CLASSIC, FINE_GRAINED, GOVERNING, NAME, POLICIES, ROOT, WORKFLOW, checkout, state

GUIDE = ROOT / "docs" / "guides" / "tokens.md"

_SECTION = re.compile(r"(<!-- doctor: ([a-z-]+) -->\n).*?(<!-- /doctor -->)", re.DOTALL)
_LEAST = re.compile(r"^The least that .*?\n(?=\n)", re.DOTALL | re.MULTILINE)

ENVIRONMENTS = {
    "classic": {"GH_TOKEN": CLASSIC},
    "fine-grained": {"GOVCHECK_TOKEN": FINE_GRAINED},
    "workflow": {"GITHUB_TOKEN": WORKFLOW, "GITHUB_ACTIONS": "true"},
    "together": {"GOVCHECK_TOKEN": GOVERNING, "GITHUB_TOKEN": WORKFLOW, "GITHUB_ACTIONS": "true"},
    "offline": {"GITHUB_TOKEN": WORKFLOW, "GITHUB_ACTIONS": "true"},
}
"""What the environment has, by the name of the section."""


def doctor(path: Path, github: FakeGitHub, section: str) -> Ran:
    """What doctor says with the tokens of a section."""
    offline = ["--offline"] if section == "offline" else []
    arguments = ["--policies", str(POLICIES), "doctor", "--repository", NAME, *offline]
    return program(path)(*arguments, GITHUB_API_URL=github.url, **ENVIRONMENTS[section])


def written(text: str, path: Path) -> str:
    """The guide with its outputs as they are now; `path` is for the repository."""
    checkout(path)
    with FakeGitHub(state()) as github:
        outputs = {name: _block(name, doctor(path, github, name), github.url) for name in _names(text)}
    return _SECTION.sub(lambda found: f"{found[1]}\n{outputs[found[2]]}\n{found[3]}", text)


def _names(text: str) -> Iterator[str]:
    return (found[2] for found in _SECTION.finditer(text))


def _block(name: str, ran: Ran, url: str) -> str:
    """What is the same each time is shown the first and the last time only."""
    told = ran.out.replace(url, "https://api.github.com")
    if name not in {"classic", "offline"}:
        told = _LEAST.sub("[...]\n", told)
    option = " --offline" if name == "offline" else ""
    return f"```console\n$ govcheck doctor{option}\n{told}```\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        GUIDE.write_text(written(GUIDE.read_text(), Path(folder) / "shop"))
