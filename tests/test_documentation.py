"""Every command and every example of the documentation, run as it stands there."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from documentation import PAGES, ROOT, blocks, links
from fake_github import FakeGitHub
from govcheck.sources.policy_files import PolicySource, load_policies
from govcheck.sources.yaml_document import WORKFLOW, load
from program import program
from repositories import Repository
from tokens_guide import CLASSIC, NAME, POLICIES, checkout, state

OTHERS = {"export", "git", "pip", "pipx", "pre-commit", "uv"}
"""What sets a machine up, for good or with secrets: not run here."""

_TOLD = {"docs/guides/ten-minutes.md", "docs/guides/sharing.md"}
"""Guides whose commands are run by what writes them: `ten_minutes.py`, `sharing_guide.py`."""

_FEW = (
    "main-checks.yaml",
    "main-protected.yaml",
    "docs-allow-list.yaml",
    "business-hours.yaml",
    "gates.yaml",
    "one-inbox.yaml",
)
"""The policies that commands are run with: enough to have something of each plane, and quickly judged."""

_TEST = """
test: a page that belongs nowhere
policy: docs-allow-list
given: {change: {docs/stray/page.md: ""}}
expect: {outcome: fail}
"""
_FINGERPRINT = re.compile(r"\bwhy [0-9a-f]{16}\b")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A clone as README has it in mind: policies, workflows, a base, and a change on top of it."""
    made = checkout(tmp_path / "shop")
    for name in _FEW:
        made.write(f"policies/{name}", (POLICIES / name).read_text("utf-8"))
        made.stage(f"policies/{name}")
    made.write("policies/tests/docs.yaml", _TEST)
    made.stage("policies/tests/docs.yaml")
    made.commit()
    made.run("update-ref", "refs/remotes/origin/main", "HEAD")
    made.write("docs/rogue.md", "rogue")
    made.stage("docs/rogue.md")
    made.commit()
    return made


@pytest.mark.parametrize("page", [page for page in PAGES if page not in _TOLD and list(blocks(page, "console"))])
def test_every_command_runs(page: str, repository: Repository):
    with FakeGitHub(state()) as github:
        for block in blocks(page, "console"):
            for command in block.commands if block.marker is None else ():
                if "--output" in command or first_page(command) == page:
                    run(command, repository, github, f"{page}:{block.line}")


def first_page(command: str) -> str:
    """The page whose test runs it: what several pages show is run once, but for what later commands read."""
    return _first_pages()[_words(command)]


def _words(command: str) -> tuple[str, ...]:
    return tuple(shlex.split(command, comments=True))


@cache
def _first_pages() -> dict[tuple[str, ...], str]:
    """By the words of a command: what is said of it in a comment makes no other one."""
    found: dict[tuple[str, ...], str] = {}
    for page in PAGES:
        for block in blocks(page, "console"):
            for command in block.commands if block.marker is None else ():
                found.setdefault(_words(command), page)
    return found


def run(command: str, repository: Repository, github: FakeGitHub, where: str) -> None:
    words = shlex.split(command, comments=True)
    variables = {"GH_TOKEN": CLASSIC, "GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": NAME}
    while words and re.fullmatch(r"_?[A-Z_]+=.*", words[0]):
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    if words[:2] == ["python3", "dev.py"]:
        known = subprocess.run([sys.executable, ROOT / "dev.py"], capture_output=True, text=True, check=False).stderr
        assert f"python3 dev.py {words[2]} " in known, where
        words = ["govcheck", *words[3:]] if words[2] == "run" else []
    if not words or words[0] in OTHERS:
        return
    assert words[0] == "govcheck", f"{where}: {command}"
    arguments = words[1 : words.index(">") if ">" in words else None]
    if "-C" in arguments:
        arguments[arguments.index("-C") + 1] = str(repository.path)
    govcheck = program(repository.path)
    if "init" in arguments:  # for a repository that has no policies yet
        shutil.copytree(
            repository.path, new := repository.path.with_name("new"), ignore=shutil.ignore_patterns("policies")
        )
        govcheck = program(new)
        arguments = [str(new) if one == str(repository.path) else one for one in arguments]
    if _FINGERPRINT.search(command):
        found = json.loads(govcheck("check", "--format", "json", **variables).out)["findings"]
        arguments[arguments.index("why") + 1] = found[0]["fingerprint"]
    ran = govcheck(*arguments, **variables)
    assert ran.code in {0, 1, 3}, f"{where}: {command}\n{ran.err}"
    assert "GOVCHECK_DEBUG" not in ran.err, f"{where}: {command}\n{ran.err}"


@pytest.mark.parametrize("page", [page for page in PAGES if list(blocks(page, "yaml", "json"))])
def test_every_example_is_valid(page: str):
    for block in blocks(page, "yaml", "json"):
        if block.language == "json":
            json.loads(block.text)
        elif re.search(r"^kind:", block.text, re.MULTILINE) and block.marker is None and page not in _TOLD:
            assert load_policies([PolicySource(f"{page}:{block.line}", block.text.encode())])
        else:
            load(block.text, WORKFLOW)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str):
    for link in links(page):
        path, _, anchor = link.partition("#")
        if re.match(r"https?://|mailto:", link):
            continue
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{page}: {link}"


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_an_error_is_as_the_guide_shows_it(tmp_path: Path):
    [block] = [one for one in blocks("docs/guides/pre-commit.md", "console") if one.marker == "error"]
    made = Repository(tmp_path / "shop")
    made.write("policies/docs.yaml", '# Documents.\nkind: allowed-paths\nid: docs-only\nalow: ["docs/**"]\n')
    made.stage("policies/docs.yaml")
    ran = program(made.path)(*shlex.split(block.commands[0])[1:])
    assert (ran.code, f"$ {block.commands[0]}\n{ran.err}") == (2, block.text)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_its_completion(shell: str, repository: Repository):
    govcheck = program(repository.path)
    script = govcheck(_GOVCHECK_COMPLETE=f"{shell}_source")
    assert (script.code, "_GOVCHECK_COMPLETE" in script.out) == (0, True)
    words = {"COMP_WORDS": "govcheck check --format s", "COMP_CWORD": "s" if shell == "fish" else "3"}
    completed = govcheck(_GOVCHECK_COMPLETE=f"{shell}_complete", **words)
    assert "sarif" in completed.out.split("\n") or "plain,sarif" in completed.out
