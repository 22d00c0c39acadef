"""What is said of the variables that programs read, against the secrets that a policy demands. Pure."""

import difflib
from collections.abc import Iterator, Mapping, Sequence

from govcheck.facts import Missing
from govcheck.findings import Finding, Fix, Location, Severity, Undecided
from govcheck.paths import display
from govcheck.settings.code_reads import Read
from govcheck.settings.secret_demands import Demand

_ALIKE = 0.75
"""How alike two names are of which one may be the other misspelled."""


def unread(contents: Mapping[str, bytes | Missing]) -> Iterator[Undecided]:
    """Files whose reads nobody can tell."""
    for path, content in sorted(contents.items()):
        if isinstance(content, Missing):
            yield Undecided(
                control="referenced",
                subject=display(path),
                reason=content.reason,
                message=f"what {display(path)} reads cannot be told: {content.message}",
                location=Location(path=path),
            )


def undemanded(
    demands: Sequence[Demand], patterns: Sequence[Demand], read: Mapping[str, Read], severity: Severity | None
) -> Iterator[Finding]:
    """Names that programs read, that a glob matches, and that nobody demands."""
    exact = {one.name for one in demands if not one.is_glob}
    open_globs = {one.name for one in demands if one.is_glob}
    for name, place in sorted(read.items()):
        # A glob that is demanded by itself says nothing about which of its names there have to be.
        glob = next((one for one in patterns if one.matches(name) and one.name not in open_globs), None)
        if glob is None or name in exact or not place.needed:
            continue
        near = difflib.get_close_matches(name, [one for one in exact if glob.matches(one)], n=1, cutoff=_ALIKE)
        instead = f"; demanded is {near[0]}" if near else ""
        yield Finding(
            control="code",
            subject=name,
            message=f"the code reads {place.name}, which is one of {glob.name} and not demanded{instead}",
            plane="repo",
            location=Location(path=place.path, line=place.line),
            severity=severity,
            fix=Fix(text=f"demand {name}, or read what is demanded"),
        )
