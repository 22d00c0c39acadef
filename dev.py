#!/usr/bin/env python3
"""Sets govcheck up in `.venv` as far as a task needs it, and does the task. Needs Python 3.11 or newer, and git.

python3 dev.py run [ARGUMENT ...]    govcheck, from this checkout: `python3 dev.py run -C ../other check`
python3 dev.py test [ARGUMENT ...]   the tests; arguments go to pytest
python3 dev.py lint                  formatting, lint, types, layers, dependencies, generated files
python3 dev.py generate              writes schemas and docs anew from the rules
python3 dev.py docs                  builds the site of docs/ in .site/html; a broken link is an error
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
USAGE_EXIT = 2
GROUPS = {"developer": "dev", "docs": "docs"}
"""What needs more than the program itself, and its group in pyproject.toml."""

PAGES = ROOT / ".site" / "pages"
"""The site's sources: zensical.toml names this folder."""

_LINK = re.compile(r"\[([^\[\]]*)\]\(((?:\.\./)+[^()#\s]*)(#[^()\s]*)?\)")

LINT = (
    ["ruff", "format", "--check", "."],
    ["ruff", "check", "."],
    ["mypy"],
    ["lint-imports", "--no-logo"],
    ["deptry", "src"],
    ["govcheck", "generate", "--check"],
)


def main(arguments: list[str]) -> int:
    """Does one task and returns its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one line that an older Python gets to read
        print(f"govcheck needs Python 3.11 or newer; this is {sys.version.split()[0]}", file=sys.stderr)
        return USAGE_EXIT
    task, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    tasks: dict[str, tuple[str, Callable[[], int]]] = {
        "run": ("user", lambda: _call(["govcheck", *rest], Path.cwd())),
        "test": ("developer", lambda: _call(["pytest", "-n", "auto", *rest], ROOT)),
        "lint": ("developer", lambda: max(_call(command, ROOT) for command in LINT)),
        "generate": ("user", lambda: _call(["govcheck", "generate"], ROOT)),
        "docs": ("docs", _site),
    }
    if task in tasks:
        who, do = tasks[task]
        return _set_up(who) or do()
    print((__doc__ or "").strip(), file=sys.stderr)
    return 0 if task in {"-h", "--help", "help"} else USAGE_EXIT


def _set_up(who: str) -> int:
    """Makes or completes the virtual environment; does nothing where it fits `pyproject.toml` already."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    enough = {who, *GROUPS} if who == "user" else {who}
    stamps = [ENVIRONMENT / f"govcheck-{one}" for one in enough]
    if any(stamp.is_file() and stamp.read_text() == wanted for stamp in stamps):
        return 0
    print("Setting govcheck up in .venv (once, less than a minute) ...", file=sys.stderr)
    if not (SCRIPTS / "python").exists():
        try:
            venv.create(ENVIRONMENT, with_pip=True, symlinks=os.name != "nt")
        except (subprocess.CalledProcessError, OSError) as error:
            print(
                f"Could not make {ENVIRONMENT}: {error}\nOn Debian and Ubuntu: apt install python3-venv",
                file=sys.stderr,
            )
            return USAGE_EXIT
    pip = ["python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    group = ["--group", GROUPS[who]] if who in GROUPS else []
    code = _call([*pip, "--upgrade", "pip>=25.1"], ROOT) or _call([*pip, "--editable", ".", *group], ROOT)
    if code == 0:
        (ENVIRONMENT / f"govcheck-{who}").write_text(wanted)
    return code


def _site() -> int:
    """Builds the site. A link that leads out of docs/, to a file of the repository, becomes its text there."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(ROOT / "docs", PAGES)
    for page in PAGES.rglob("*.md"):
        folder = ROOT / "docs" / page.relative_to(PAGES).parent

        def inside(link: re.Match[str], folder: Path = folder) -> str:
            target = (folder / link[2]).resolve()
            return link[1] if target.exists() and not target.is_relative_to(ROOT / "docs") else link[0]

        page.write_text(_LINK.sub(inside, page.read_text("utf-8")), "utf-8")
    return _call(["zensical", "build", "--clean", "--strict"], ROOT)


def _call(command: list[str], directory: Path) -> int:
    # Python's own switch against compiled modules nearly doubles the start of every process that is tested or run.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PATH"] = os.pathsep.join([str(SCRIPTS), environment.get("PATH", os.defpath)])
    program = SCRIPTS / command[0]
    return subprocess.run([program, *command[1:]], cwd=directory, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
