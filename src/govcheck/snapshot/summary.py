"""What an index says of a snapshot without reading it again. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from govcheck.findings import Json
from govcheck.records import frozen
from govcheck.snapshot.forms import form_of, migrated

_ENDPOINT = "repos/"
_LARGEST_ID = 2**63 - 1


@frozen(kw_only=True)
class Summary:
    """One sweep in a history."""

    hash: str
    repository: str
    """Lower case, because GitHub ignores case; empty where it is not known."""

    repository_id: int | None
    """GitHub's number of it, which stays when it is renamed or transferred; None where it was not told."""

    phase: str
    commit: str | None
    started_at: str
    """UTC, to the millisecond, as text: it sorts as time does. The same for `finished_at`."""

    finished_at: str
    previous: str | None
    form: int
    exit_code: int
    outcomes: Mapping[str, int]
    """How many policies came to each outcome, in words."""

    findings: int
    """Those that no waiver excuses."""

    unknowns: int
    drift: int | None


@frozen(kw_only=True)
class Sighting:
    """A finding or an unknown of one sweep."""

    fingerprint: str
    policy: str
    control: str
    subject: str
    state: str
    """`error`, `warning`, `note`, `unknown` or `waived`."""


def summary(document: Mapping[str, Any]) -> Summary:
    """The summary of a document of any form, that its hash has been held against.

    Raises:
        ValueError: where it is no snapshot after all.
    """
    try:
        return _summary(migrated(document), form_of(document) or 0)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it has not what a snapshot has: {error}") from error


def sightings(document: Mapping[str, Any]) -> Iterator[Sighting]:
    """Every finding and every unknown, once by its fingerprint.

    Raises:
        ValueError: where it is no snapshot after all.
    """
    seen = set[str]()
    try:
        for entry in (*document["findings"], *document["unknowns"]):
            name = str(entry["fingerprint"])
            if name not in seen:
                seen.add(name)
                yield Sighting(
                    fingerprint=name,
                    policy=str(entry["policy"]),
                    control=str(entry["control"]),
                    subject=str(entry["subject"]),
                    state="waived" if entry.get("waiver") else str(entry.get("severity", "unknown")),
                )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it has not what a snapshot has: {error}") from error


def key_of(repository: str | None) -> str:
    """How a repository is called in an index."""
    return (repository or "").lower()


def _summary(document: Mapping[str, Any], form: int) -> Summary:
    return Summary(
        hash=str(document["hash"]),
        repository=key_of(document["repository"]),
        repository_id=_number(document),
        phase=str(document["phase"]),
        commit=document["commit"],
        started_at=str(document["started_at"]),
        finished_at=str(document["finished_at"]),
        previous=document["previous"],
        form=form,
        exit_code=int(document["exit_code"]),
        outcomes=dict(Counter(str(policy["outcome"]) for policy in document["policies"])),
        findings=_open(document["findings"]),
        unknowns=_open(document["unknowns"]),
        drift=document["drift"],
    )


def _open(entries: list[dict[str, Json]]) -> int:
    return sum(not entry["waiver"] for entry in entries)


def _number(document: Mapping[str, Any]) -> int | None:
    """The repository's own answer: `repos/OWNER/NAME`, which is the shortest such endpoint."""
    own = f"{_ENDPOINT}{document['repository']}".lower()
    answers = (answer for answer in document["answers"] if str(answer["endpoint"]).lower() == own)
    body = next((answer["body"] for answer in answers), None)
    return number_in(body if isinstance(body, dict) else {})


def number_in(body: Mapping[str, Any]) -> int | None:
    """GitHub's number of a repository, in its own answer."""
    number = body.get("id")
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 < number <= _LARGEST_ID else None
