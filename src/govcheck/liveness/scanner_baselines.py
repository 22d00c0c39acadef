"""What a change adds to the list of secrets that a scanner passes over: its baseline, or an ignore file.

Entries are told by `Fingerprint` in a gitleaks report (https://github.com/gitleaks/gitleaks#creating-a-baseline), by
`hashed_secret` in one of detect-secrets, and by lines in `.gitleaksignore`. None of them has an owner or a reason.
"""

import re
from collections.abc import Collection, Iterator

from govcheck.facts import Missing
from govcheck.facts.change import AddedLines
from govcheck.findings import Fix, Location
from govcheck.liveness.gate import Gate, State
from govcheck.paths import display

_ENTRY = re.compile(rb'"(?:Fingerprint|hashed_secret)"\s*:\s*"([^"]+)"')
_WELL_KNOWN = re.compile(r"(?:.*/)?(?:[\w.-]*(?:gitleaks|betterleaks)[\w.-]*baseline[\w.-]*\.json|\.secrets\.baseline)")
_IGNORE = re.compile(r"(?:.*/)?\.(?:gitleaks|betterleaks)ignore")


def grown(lines: AddedLines, named: Collection[str] = ()) -> Iterator[Gate]:
    """The lists among the changed files that have new entries.

    Args:
        lines: What the change adds.
        named: Paths that are baselines whatever their names; others are known by theirs.
    """
    for path, added in lines.lines.items():
        if path not in named and not _WELL_KNOWN.fullmatch(path) and not _IGNORE.fullmatch(path):
            continue
        if isinstance(added, Missing):
            why = f"whether {display(path)} grew cannot be told: {added.message}"
            yield _gate(path, State.UNTOLD, why, Location(path=path))
            continue
        entries = list(_entries(path, added))
        if entries:
            shown = "an entry" if len(entries) == 1 else f"{len(entries)} entries"
            why = f"this change adds {shown} to {display(path)}, and nobody signs for a secret that is passed over"
            yield _gate(path, State.WEAK, why, Location(path=path, line=entries[0]))


def _gate(path: str, state: State, why: str, location: Location) -> Gate:
    return Gate(
        family="secret-scan",
        subject=f"{display(path)}:entries",
        state=state,
        why=why,
        location=location,
        plane="repo",
        fix=Fix(
            text="Take the secret out and revoke it: an exception is for what is no secret, and says so beside it."
        ),
    )


def _entries(path: str, added: tuple[tuple[int, bytes], ...]) -> Iterator[int]:
    """The line of every entry."""
    for number, line in added:
        if _IGNORE.fullmatch(path):
            if line.strip() and not line.lstrip().startswith(b"#"):
                yield number
        else:
            yield from (number for _ in _ENTRY.finditer(line))
