"""Which secret scanners are installed. Nothing is started."""

import os
from collections.abc import Iterator, Mapping

TOOLS = ("gitleaks", "betterleaks")


def installed(path: str, root: str) -> Mapping[str, str]:
    """The name of each scanner that is installed, with its program.

    Args:
        path: Where programs are looked for, as `PATH` has it.
        root: Of the repository: no program that lies in it counts.
    """
    folders = tuple(outside(path, root))
    programs = ((tool, os.path.join(folder, tool)) for tool in TOOLS for folder in reversed(folders))
    return {tool: program for tool, program in programs if os.path.isfile(program) and os.access(program, os.X_OK)}


def outside(path: str, root: str) -> Iterator[str]:
    """The folders of a `PATH` that are not the repository's."""
    here = os.path.realpath(root)
    for folder in path.split(os.pathsep):
        real = os.path.realpath(folder)
        if os.path.isabs(folder) and real != here and not real.startswith(f"{here}{os.sep}"):
            yield folder
