"""The CODEOWNERS file that GitHub reads, held against the tracked files."""

from collections.abc import Iterable, Mapping

from govcheck.codeowners.candidates import PathIndex
from govcheck.codeowners.matching import Owners
from govcheck.codeowners.parsing import LOCATIONS, Codeowners, Rule, Skipped, parse
from govcheck.facts import Missing
from govcheck.facts.tree import Blobs, Mode, TrackedFiles
from govcheck.findings import Evidence, Fix, Location, Reason, Severity
from govcheck.liveness.gate import Gate, State
from govcheck.paths import display
from govcheck.records import frozen

_SHOWN = 3
_SYMLINK = "it is a symbolic link, and GitHub does not say what it makes of one"


@frozen(kw_only=True)
class Ownership:
    """The CODEOWNERS file that counts, held against the tracked files."""

    path: str
    file: Codeowners
    owners: Owners
    index: PathIndex
    deciding: Mapping[str, Rule]
    """For each path the line that decides; none for a path that no line matches."""

    def owned(self, path: str) -> bool:
        """Whether somebody owns a path."""
        return (rule := self.deciding.get(path)) is not None and bool(rule.owners)


def location_of(tracked: TrackedFiles) -> str | None:
    """The CODEOWNERS file that GitHub reads."""
    return next((path for path in LOCATIONS if is_file(tracked, path)), None)


def ownership(tracked: TrackedFiles, blobs: Blobs) -> Ownership | Gate | None:
    """The file that counts; why it counts for nothing, or cannot be read; None where there is none."""
    path = location_of(tracked)
    if path is None:
        return None
    content = blobs.contents.get(path)
    if content is None:
        return _untold(path, _SYMLINK, Reason.UNPARSEABLE)
    if isinstance(content, Missing):
        return _untold(path, content.message, content.reason)
    file = parse(content)
    if file.unloaded is not None:
        return _unloaded(path, file.unloaded) if file.certain else _untold(path, file.unloaded, Reason.UNPARSEABLE)
    owners, index = Owners(file.rules), PathIndex(tracked.modes)
    return Ownership(path=path, file=file, owners=owners, index=index, deciding=owners.deciding(index))


def line_of(path: str, rule: Rule | Skipped) -> Location:
    """Where a line stands."""
    return Location(path=path, line=rule.line, column=rule.column)


def named(rules: Iterable[Rule]) -> str:
    """Lines in a sentence: their numbers and patterns, not too many."""
    listed = list(rules)
    shown = [f"line {rule.line} (`{display(rule.pattern)}`)" for rule in listed[:_SHOWN]]
    rest = len(listed) - _SHOWN
    return f"{', '.join(shown)} and {rest} more" if rest > 0 else " and ".join(shown)


def counted(number: int, noun: str = "file") -> str:
    """`1 file`, `2,169 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def alive(subject: str, why: str, location: Location) -> Gate:
    """What guards something, with how that was shown."""
    return Gate(family="codeowners", subject=subject, state=State.ALIVE, why=why, location=location, plane="repo")


def dead(
    subject: str,
    why: str,
    location: Location,
    *,
    fix: Fix,
    evidence: Iterable[Evidence] = (),
    severity: Severity | None = None,
) -> Gate:
    """What guards nothing, with what to do about it."""
    return Gate(
        family="codeowners",
        subject=subject,
        state=State.DEAD,
        why=why,
        location=location,
        plane="repo",
        fix=fix,
        evidence=tuple(evidence),
        severity=severity,
    )


def untold(subject: str, why: str, location: Location, reason: Reason) -> Gate:
    """What cannot be told, with what stands in the way."""
    return Gate(
        family="codeowners",
        subject=subject,
        state=State.UNTOLD,
        why=why,
        location=location,
        plane="repo",
        reason=reason,
    )


def is_file(tracked: TrackedFiles, path: str) -> bool:
    """Whether there is a file, or a symbolic link, of that path."""
    return tracked.modes.get(path, Mode.SUBMODULE) != Mode.SUBMODULE


def _unloaded(path: str, why: str) -> Gate:
    fix = Fix(text="Join lines by wildcards until it is smaller")
    return dead(path, f"GitHub does not load {path}: {why}", Location(path=path), fix=fix)


def _untold(path: str, why: str, reason: Reason) -> Gate:
    return untold(path, f"what {path} says cannot be told: {why}", Location(path=path), reason)
