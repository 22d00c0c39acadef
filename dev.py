#!/usr/bin/env python3
"""Sets govcheck up in `.venv` as far as a task needs it, and does the task. Needs Python 3.11 or newer, and git.

python3 dev.py run [ARGUMENT ...]    govcheck, from this checkout: `python3 dev.py run -C ../other check`
python3 dev.py test [ARGUMENT ...]   the tests; arguments go to pytest
python3 dev.py lint                  formatting, lint, types, layers, dependencies, generated files
python3 dev.py generate              writes schemas and docs anew from the rules
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
USAGE_EXIT = 2

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
    if task == "run":
        return _set_up(developer=False) or _call(["govcheck", *rest], Path.cwd())
    if task == "test":
        return _set_up(developer=True) or _call(["pytest", "-n", "auto", *rest], ROOT)
    if task == "lint":
        return _set_up(developer=True) or max(_call(command, ROOT) for command in LINT)
    if task == "generate":
        return _set_up(developer=False) or _call(["govcheck", "generate"], ROOT)
    print((__doc__ or "").strip(), file=sys.stderr)
    return 0 if task in {"-h", "--help", "help"} else USAGE_EXIT


def _set_up(*, developer: bool) -> int:
    """Makes or completes the virtual environment; does nothing where it fits `pyproject.toml` already."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamps = [ENVIRONMENT / "govcheck-developer", ENVIRONMENT / "govcheck-user"]
    if any(stamp.is_file() and stamp.read_text() == wanted for stamp in stamps[: 1 if developer else 2]):
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
    group = ["--group", "dev"] if developer else []
    code = _call([*pip, "--upgrade", "pip>=25.1"], ROOT) or _call([*pip, "--editable", ".", *group], ROOT)
    if code == 0:
        stamps[0 if developer else 1].write_text(wanted)
    return code


def _call(command: list[str], directory: Path) -> int:
    # Python's own switch against compiled modules nearly doubles the start of every process that is tested or run.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PATH"] = os.pathsep.join([str(SCRIPTS), environment.get("PATH", os.defpath)])
    program = SCRIPTS / command[0]
    return subprocess.run([program, *command[1:]], cwd=directory, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
