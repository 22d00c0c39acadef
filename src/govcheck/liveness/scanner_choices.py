"""Which configuration a scan reads, and which ones lose to it.

For gitleaks, by its own help: `--config` before `GITLEAKS_CONFIG`, before `GITLEAKS_CONFIG_TOML`, before
`.gitleaks.toml` in the folder that is scanned. betterleaks reads `--config`, `BETTERLEAKS_CONFIG` or
`BETTERLEAKS_CONFIG_TOML`, and never a file that merely lies there. Both were tried.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from govcheck.facts import Missing
from govcheck.findings import Evidence
from govcheck.liveness import gitleaks_configuration
from govcheck.liveness.scanner_paths import Named, inside, named
from govcheck.liveness.scanner_steps import Scan
from govcheck.records import frozen

USUAL = ".gitleaks.toml"
WELL_KNOWN = re.compile(r"(?:\.github/|\.config/|config/|security/)?\.?(?:gitleaks|betterleaks)\.toml")
"""Where people put a configuration, whether or not a scan names it."""

_WITH_CONFIGURATION = {"gitleaks", "betterleaks"}
_INLINE = "_CONFIG_TOML"


@frozen
class Candidate:
    """One configuration that a scan is given, and by what."""

    by: str
    """`--config`, `GITLEAKS_CONFIG`, `GITLEAKS_CONFIG_TOML`, `.gitleaks.toml in the folder that is scanned`."""

    file: Named | None
    """None for one that is not in a file."""


@frozen
class Choice:
    """What a scan is given, the winner first; nothing where the built-in rules apply."""

    candidates: tuple[Candidate, ...]

    @property
    def path(self) -> str | None:
        """The file that wins, from the root; None where none does, or where nobody can tell."""
        first = self.candidates[0].file if self.candidates else None
        return first.path if first is not None else None


def choice(scan: Scan, tracked: Mapping[str, bytes | Missing]) -> Choice:
    """Which configuration a scan reads."""
    name = scan.invocation.scanner
    if name not in _WITH_CONFIGURATION:
        return Choice(())
    prefix = name.upper()
    found: list[Candidate] = []
    if scan.invocation.configuration is not None:
        found.append(Candidate("--config", _resolved(scan, f"{prefix}_CONFIG_FLAG")))
    if f"{prefix}_CONFIG" in scan.environment or f"{prefix}_CONFIG" in scan.assignments:
        found.append(Candidate(f"{prefix}_CONFIG", _resolved(scan, f"{prefix}_CONFIG")))
    if f"{prefix}{_INLINE}" in scan.environment or f"{prefix}{_INLINE}" in scan.assignments:
        found.append(Candidate(f"{prefix}{_INLINE}", None))
    usual = _usual(scan)
    if name == "gitleaks" and usual in tracked:
        found.append(Candidate(f"{USUAL} in the folder that is scanned", Named(usual, usual)))
    return Choice(tuple(found))


def extensions(path: str, contents: Mapping[str, bytes | Missing], folder: str) -> dict[str, str | None]:
    """What every `extend.path` means that is met from a configuration on, where gitleaks runs in that folder."""
    found: dict[str, str | None] = {}
    while path in contents:
        written = gitleaks_configuration.extended(path, contents[path])
        if written is None or written in found:
            break
        found[written] = inside(folder, written)
        path = found[written] or ""
    return found


def wanted_paths(scans: Iterable[Scan], tracked: Mapping[str, object]) -> Iterator[str]:
    """Every configuration and baseline that scans name, and those in well-known places, whether tracked or not."""
    for scan in scans:
        for candidate in choice(scan, {USUAL: b""}).candidates:
            if candidate.file is not None and candidate.file.path is not None:
                yield candidate.file.path
        usual, baseline = _usual(scan), baseline_of(scan)
        yield usual
        if baseline is not None and baseline.path is not None:
            yield baseline.path
    yield from (path for path in tracked if WELL_KNOWN.fullmatch(path))


def baseline_of(scan: Scan) -> Named | None:
    """The baseline that a scan is given."""
    word = scan.invocation.baseline
    return named(word, scan.assignments, scan.environment, scan.folder) if word is not None else None


def losers(choice_: Choice) -> Iterator[tuple[Candidate, Evidence]]:
    """What is given to a scan and not read, each with what wins."""
    for candidate in choice_.candidates[1:]:
        winner = choice_.candidates[0]
        shown = f" {winner.file.shown}" if winner.file is not None and not winner.by.startswith(".") else ""
        yield candidate, Evidence(text=f"`{winner.by}{shown}` wins over it")


def _resolved(scan: Scan, name: str) -> Named:
    word = scan.invocation.configuration
    if name.endswith("_FLAG") and word is not None:
        return named(word, scan.assignments, scan.environment, scan.folder)
    values = scan.assignments.get(name, ())
    if len(values) == 1:
        return named(values[0], scan.assignments, scan.environment, scan.folder)
    written = scan.environment.get(name, "")
    return Named(written or f"${name}", inside(scan.folder, written) if written and "${{" not in written else None)


def _usual(scan: Scan) -> str:
    """`.gitleaks.toml` in the folder that is scanned; the root's, where nobody can tell which."""
    source = scan.invocation.source
    folder: str | None = scan.folder
    if source is not None:
        found = named(source, scan.assignments, scan.environment, scan.folder)
        folder = found.path or ""
    return posixpath.join(folder or "", USUAL)
