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

from fake_github import FakeGitHub, State
from program import Ran, program
from repositories import Repository

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "guides" / "tokens.md"
POLICIES = ROOT / "examples" / "governed-delivery"
NAME = "octo/shop"

CLASSIC = "ghp_" + "AdministratorOfTheShop01"
FINE_GRAINED = "github_pat_" + "ReaderOfTheShop" * 2
GOVERNING = "github_pat_" + "GovernorOfTheShop" * 2
WORKFLOW = "ghs_" + "RunOfTheShop" * 3

_WORKFLOW = "on: {pull_request: }\njobs: {%s: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"
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


def state() -> State:
    """A private repository with two mechanisms of protection, and three tokens."""
    made = State()
    made.token(CLASSIC, "classic", role="admin", scopes="repo")
    reading = {"contents": "read", "actions": "read", "statuses": "read"}
    made.token(FINE_GRAINED, "fine-grained", permissions=reading, expires="2026-12-31 12:00:00 UTC")
    made.token(GOVERNING, "fine-grained", permissions={**reading, "administration": "read"})
    made.token(WORKFLOW, "app", permissions={**reading, "checks": "read"})
    repository = made.repository(NAME, private=True)
    repository.protect("main", approvals=2, conversation_resolution=True)
    parameters = {"required_approving_review_count": 2, "dismiss_stale_reviews_on_push": True}
    repository.ruleset("main", [{"type": "pull_request", "parameters": parameters}, {"type": "non_fast_forward"}])
    repository.codeowners()
    for name in ("ci.yml", "gitleaks.yml", "health-check.yml", "workflow-smoke.yml"):
        repository.workflow(name)
    return made


def checkout(path: Path) -> Repository:
    """The repository's files."""
    made = Repository(path)
    made.write("CODEOWNERS", "* @octo/shop\n")
    for name in ("ci", "gitleaks"):
        made.write(f".github/workflows/{name}.yml", _WORKFLOW % name)
    made.stage()
    made.commit()
    return made


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
