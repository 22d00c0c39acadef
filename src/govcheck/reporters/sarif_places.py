"""Places in SARIF: files as relative addresses, live settings as logical locations."""

import re
from pathlib import PurePosixPath
from urllib.parse import quote

from govcheck import paths
from govcheck.findings import Evidence, Json, Location
from govcheck.policy import LoadedPolicy
from govcheck.report_json import text
from govcheck.reporters.escape import cut, visible
from govcheck.reporters.standing import inside, standing

SOURCE_ROOT = "SRCROOT"
"""What relative addresses count from: the repository's root."""

MOST_RELATED = 100
"""Locations of one result that GitHub shows; it refuses a file with more than a thousand for one."""

LONGEST = 4000
"""Characters of one message; GitHub takes a file of ten megabytes, compressed."""

_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")
_PLACEHOLDER = re.compile(r"\{([0-9]+)\}")


def message(*lines: str) -> dict[str, Json]:
    """Somebody else's text as a message in which nothing is a link or a placeholder.

    The standard doubles every brace; GitHub shows messages as they are. So only what would be taken for a placeholder
    is doubled: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
    section 3.11.5.
    """
    told = cut("\n".join(visible(line) for line in lines), LONGEST)
    return {"text": _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub(r"\\[", told)) or "(no message)"}


def main_place(location: Location, policy: LoadedPolicy) -> dict[str, Json]:
    """Where a result stands: GitHub shows none that has no file, so at the very least that is its policy's."""
    place = standing(location, policy)
    if place.path is None:
        place = Location(path=_outside(policy.path), line=policy.line or None)
    written = physical(place.path or "", place.line, place.column)
    return {**written, **_logical(location)}


def related(number: int, evidence: Evidence) -> dict[str, Json]:
    """One observed fact that a result rests on."""
    location = evidence.location or Location()
    path = location.path or ""
    place = physical(path, location.line, location.column) if inside(path) else {}
    return {"id": number, **place, **_logical(location), "message": message(evidence.text)}


def physical(path: str, line: int | None, column: int | None) -> dict[str, Json]:
    """A place in a file. GitHub wants a region: a finding about a whole file stands at its first line."""
    region: dict[str, Json] = {"startLine": line or 1}
    if line is not None and column is not None:
        region["startColumn"] = column
    artifact: Json = {"uri": address(path), "uriBaseId": SOURCE_ROOT}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def address(path: str) -> str:
    """A path from the repository's root as a relative URI, whatever its bytes."""
    try:
        raw = paths.encode(path)
    except UnicodeEncodeError:  # half of a surrogate pair, which no path of git's decodes to
        raw = text(path).encode()
    return quote(raw, safe="/")


def _outside(path: str) -> str:
    """The name of a policy file that does not lie in the repository, without the way to it."""
    parts = [part for part in PurePosixPath(path).parts if part not in {"/", "//", ".."}]
    return "/".join(parts[-2:]) or "policies"


def _logical(location: Location) -> dict[str, Json]:
    if location.setting is None:
        return {}
    place: dict[str, Json] = {"fullyQualifiedName": text(location.setting), "kind": "property"}
    if location.url is not None:
        place["properties"] = {"url": text(location.url)}
    return {"logicalLocations": [place]}
